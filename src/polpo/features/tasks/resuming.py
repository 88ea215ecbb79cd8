"""Going on where a task stood that did not succeed. A feature says here how its kinds of task do that."""

from __future__ import annotations

from collections.abc import Callable

from polpo.engine import Engine, TaskRecord, TaskState
from polpo.kernel.errors import Invalid
from polpo.rest.call import Call

#: Queues the rest of the work in the call's transaction, checking permissions as for new work; returns the task's id.
#: The flag says whether targets that had dropped out take part again.
Resume = Callable[[Call, TaskRecord, bool], str]

_resumes: dict[str, Resume] = {}
_STATES = {TaskState.FAILED, TaskState.CANCELED, TaskState.TIMED_OUT}


def resumable(kind: str, resume: Resume) -> None:
    """Makes a kind of task available to `POST /api/tasks/{id}/resume`."""
    _resumes[kind] = resume


def can_resume(record: TaskRecord) -> bool:
    return record.kind in _resumes and record.state in _STATES and record.started is not None


def resume(call: Call, record: TaskRecord, *, include_excluded: bool) -> str:
    """The id of the task that does the rest."""
    if refusal := _refusal(record):
        raise Invalid(refusal, [refusal])
    task_id = _resumes[record.kind](call, record, include_excluded)
    call.parts.get(Engine).note_rerun(call.session, task_id, record.id)
    return task_id


def _refusal(record: TaskRecord) -> str | None:
    if record.kind not in _resumes:
        return f"Tasks of the kind '{record.kind}' cannot be resumed; run it again."
    if not record.state.is_completed:
        return f"{record.id} has not ended ({record.state.value}), so there is nothing to resume yet."
    if record.state not in _STATES:
        return f"{record.id} has succeeded, so nothing of it is left to be done."
    if record.started is None:
        return f"{record.id} was never started, so there is nothing to go on with; start from the first step."
    return None
