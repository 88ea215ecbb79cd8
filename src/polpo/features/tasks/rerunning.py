"""Doing once more what a task did, from its first step. A feature says here how its kinds of task are repeated."""

from __future__ import annotations

from collections.abc import Callable

from polpo.engine import Engine, TaskRecord
from polpo.features.tasks import adhoc
from polpo.kernel.errors import Conflict, Invalid
from polpo.rest.call import Call

#: Queues the same work in the call's transaction, checking permissions as for the first time; returns the task's id.
Repeat = Callable[[Call, TaskRecord], str]

_repeats: dict[str, Repeat] = {}


def repeatable(kind: str, repeat: Repeat) -> None:
    """Makes a kind of task available to `POST /api/tasks/rerun/{id}`."""
    _repeats[kind] = repeat


def can_rerun(record: TaskRecord) -> bool:
    is_known = record.kind in _repeats or adhoc.is_offered(record.kind)
    return record.state.is_completed and is_known


def rerun(call: Call, record: TaskRecord) -> str:
    if not record.state.is_completed:
        raise Conflict(f"{record.id} has not ended ({record.state.value}), so it cannot be run again yet.")
    task_id = _repeated(call, record)
    call.parts.get(Engine).note_rerun(call.session, task_id, record.id)
    return task_id


def _repeated(call: Call, record: TaskRecord) -> str:
    if repeat := _repeats.get(record.kind):
        return repeat(call, record)
    if adhoc.is_offered(record.kind):
        return adhoc.start_task(
            adhoc.in_space(call, record.space_id), record.kind, record.arguments, record.description
        )
    raise Invalid(f"Tasks of the kind '{record.kind}' cannot be run again.")
