"""Why a task is not running: every reason, who holds what it waits for, and since when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import sqlalchemy as sa

from polpo.engine.questions import awaited
from polpo.engine.stopping import is_queue_stopped
from polpo.engine.tables import server_task
from polpo.engine.tasks import RUNNING, TaskRecord, TaskState, get_task, record_columns
from polpo.store.session import Session

ReasonKind = Literal["lock", "cap", "schedule", "person", "task", "queue", "stopped"]
_NAMED = 5
_t = server_task


@dataclass(frozen=True)
class Reason:
    """One thing a task waits for; `text` is a sentence for people, `task_ids` are the tasks it speaks of."""

    kind: ReasonKind
    text: str
    since: datetime
    task_ids: tuple[str, ...] = ()


def wait_reason(session: Session, task_id: str, cap: int) -> list[Reason]:
    """Empty for a task that has ended, is about to start, or goes on in all of its branches."""
    task = get_task(session, task_id)
    if task.state is TaskState.PAUSED:
        return [*_person(task), *_other_tasks(session, task)]
    if task.state is not TaskState.QUEUED:
        return _other_tasks(session, task)
    reasons = _stopped(session, task)
    if task.not_before is not None and task.not_before > session.clock.now():
        text = f"Is scheduled for {task.not_before:%Y-%m-%d %H:%M:%S} UTC."
        return [*reasons, Reason("schedule", text, task.state_since)]
    return [*reasons, *_lock(session, task), *_cap(session, task, cap)]


def _stopped(session: Session, task: TaskRecord) -> list[Reason]:
    if task.started is not None or not is_queue_stopped(session, task.space_id):
        return []
    text = "The queue of its space is stopped: nothing begins there until a space manager lets it go on."
    return [Reason("stopped", text, task.state_since)]


def _person(task: TaskRecord) -> list[Reason]:
    if not task.pending_interruptions:
        return []
    return [Reason("person", "Waits for a person to answer before it goes on.", task.state_since)]


def _other_tasks(session: Session, task: TaskRecord) -> list[Reason]:
    return [
        Reason("task", f"Waits for {_name(other)}, which {_doing(other)}.", task.state_since, (other.id,))
        for other in awaited(session, task.id)
    ]


def _lock(session: Session, task: TaskRecord) -> list[Reason]:
    if task.concurrency_tag is None or task.holds_tag:
        return []
    same = (_t.c.concurrency_tag == task.concurrency_tag, _t.c.id != task.id)
    holders = _tasks(session, *same, _t.c.holds_tag)
    if holders:
        holder = holders[0]
        text = f"Waits for {_name(holder)}, which {_doing(holder)} and works on the same place."
        return [Reason("lock", text, max(task.state_since, holder.started or holder.created), (holder.id,))]
    now = session.clock.now()
    ready = sa.or_(_t.c.not_before.is_(None), _t.c.not_before <= now)
    ahead = _tasks(session, *same, _t.c.state == TaskState.QUEUED, ready, _before(task))
    if not ahead:
        return []
    text = f"Waits behind {_name(ahead[-1])}, which is queued for the same place and goes first."
    return [Reason("queue", text, task.state_since, tuple(other.id for other in ahead))]


def _cap(session: Session, task: TaskRecord, cap: int) -> list[Reason]:
    if cap == 0:
        return [Reason("cap", "The server drains: it starts no task until it is told to go on.", task.state_since)]
    running = _tasks(session, _t.c.state.in_(RUNNING))
    if len(running) < cap:
        return []
    ahead_where = (_t.c.state == TaskState.QUEUED, _t.c.id != task.id, _before(task))
    ahead = session.connection.execute(sa.select(sa.func.count()).select_from(_t).where(*ahead_where)).scalar_one()
    line = f" {ahead} queued {'task goes' if ahead == 1 else 'tasks go'} first." if ahead else ""
    taken = f"All {cap} places for running tasks are" if cap != 1 else "The one place for a running task is"
    text = f"{taken} taken by {_names(running)}.{line}"
    newest = max(other.state_since for other in running)
    return [Reason("cap", text, max(task.state_since, newest), tuple(other.id for other in running))]


def _before(task: TaskRecord) -> sa.ColumnElement[bool]:
    return sa.tuple_(_t.c.priority, _t.c.seq) < (task.priority, task.seq)


def _tasks(session: Session, *where: sa.ColumnElement[bool]) -> list[TaskRecord]:
    statement = sa.select(*record_columns).where(*where).order_by(_t.c.priority, _t.c.seq).limit(100)
    return [TaskRecord.of(row) for row in session.connection.execute(statement)]


def _name(task: TaskRecord) -> str:
    return f"{task.id} ({task.description})"


def _names(tasks: Sequence[TaskRecord]) -> str:
    named = ", ".join(_name(task) for task in tasks[:_NAMED])
    return f"{named} and {len(tasks) - _NAMED} more" if len(tasks) > _NAMED else named


def _doing(task: TaskRecord) -> str:
    return {
        TaskState.PAUSED: "waits for a person" if task.pending_interruptions else "waits for another task",
        TaskState.CANCELLING: "is being cancelled",
        TaskState.QUEUED: "is about to go on" if task.started else "is queued",
    }.get(task.state, "is running")
