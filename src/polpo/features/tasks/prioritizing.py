"""Who goes ahead in the queue: what is said for the one task, else what is usual where it works."""

from __future__ import annotations

from polpo.engine import PRIORITY_HIGH, PRIORITY_NORMAL
from polpo.kernel.errors import Invalid

_NAMED = {"on": PRIORITY_HIGH, "off": PRIORITY_NORMAL}
_USUAL = {"", "default", "lifecycledefault"}


def priority_of(named: str | None, usual: int = PRIORITY_NORMAL) -> int:
    """`named` is as clients write it; nothing and Default mean the usual one."""
    word = (named or "").strip().casefold()
    if word in _USUAL:
        return usual
    if word not in _NAMED:
        sentence = f"Priority is '{named}'; it must be Default, LifecycleDefault, On or Off."
        raise Invalid(sentence, [sentence])
    return _NAMED[word]
