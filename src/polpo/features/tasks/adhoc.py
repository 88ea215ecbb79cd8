"""Tasks that people may start by themselves. A feature says here which of its kinds of task can be asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from polpo.kernel.errors import Invalid
from polpo.rest.call import Call
from polpo.store.kinds import kinds

#: Checks the arguments, queues the task in the call's transaction, and returns its id.
Start = Callable[[Call, Mapping[str, Any]], str]

_starters: dict[str, tuple[str, Start]] = {}
_described: set[str] = set()


#: The argument under which a person's description of the task comes to kinds that take one.
DESCRIPTION = "Description"

#: The argument that keeps what is secret of the others, sealed; nobody is shown it.
SEALED = "Sealed"


def offer(kind: str, title: str, start: Start, *, takes_description: bool = False) -> None:
    """Makes a kind of task available to `POST /api/tasks`."""
    _starters[kind.casefold()] = (kind, start)
    titles[kind] = title
    if takes_description:
        _described.add(kind.casefold())


def is_offered(kind: str) -> bool:
    return kind.casefold() in _starters


#: What kinds of task are called, for lists and filters.
titles: dict[str, str] = {"Deploy": "Deploy", "RunbookRun": "Run a runbook"}


def shown_arguments(arguments: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in arguments.items() if name != SEALED}


def in_space(call: Call, space_id: str | None) -> Call:
    """The call as if it had come below the space, where it came below none."""
    if call.space_id is not None or not space_id:
        return call
    if call.session.find(kinds["Spaces"], space_id) is None:
        sentence = f"SpaceId names the space '{space_id}', which does not exist."
        raise Invalid(sentence, [sentence])
    return replace(call, space_id=space_id)


def start_task(call: Call, kind: str, arguments: Mapping[str, Any], description: str = "") -> str:
    known = _starters.get(kind.strip().casefold())
    if known is None:
        offered = ", ".join(sorted(name for name, _ in _starters.values()))
        raise Invalid(f"Name: tasks of the kind '{kind}' cannot be started this way; possible are {offered}.")
    is_described = kind.strip().casefold() in _described
    return known[1](call, {**arguments, DESCRIPTION: description} if is_described else arguments)
