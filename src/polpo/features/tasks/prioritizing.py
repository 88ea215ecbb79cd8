"""Who goes ahead in the queue: what is said for the one task, else what is usual where it works."""

from __future__ import annotations

from polpo.engine import PRIORITY_HIGH, PRIORITY_NORMAL
from polpo.kernel.errors import Invalid
from polpo.rest.call import Call
from polpo.rest.permissions import Permission

_NAMED = {"on": PRIORITY_HIGH, "off": PRIORITY_NORMAL}
_USUAL = {"", "default", "lifecycledefault"}


def require_prioritizing(call: Call, named: str | None, space_id: str) -> None:
    """To go ahead of others by a wish of one's own takes the right to; what a place gives to all is nobody's wish."""
    if priority_of(named) == PRIORITY_HIGH:
        call.require(Permission.TASK_PRIORITIZE, space_id=space_id)


def priority_of(named: str | None, usual: int = PRIORITY_NORMAL) -> int:
    """`named` is as clients write it; nothing and Default mean the usual one."""
    word = (named or "").strip().casefold()
    if word in _USUAL:
        return usual
    if word not in _NAMED:
        sentence = f"Priority is '{named}'; it must be Default, LifecycleDefault, On or Off."
        raise Invalid(sentence, [sentence])
    return _NAMED[word]
