"""What a task is: its states, what is asked for, and the record that everybody reads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime, timedelta
from enum import StrEnum
from operator import attrgetter
from typing import Any

import msgspec
import sqlalchemy as sa

from polpo.engine.tables import server_task
from polpo.kernel.errors import NotFound
from polpo.store.session import Session

#: What writers of tasks are noted by in `Session.written`.
TASKS = "ServerTasks"

#: Smaller goes first; within one priority, first come is first served.
PRIORITY_TOP = 0
PRIORITY_HIGH = 50
PRIORITY_NORMAL = 100

#: How long after the time at which it could start a task waits to be started, unless its maker says otherwise.
QUEUE_EXPIRY = timedelta(days=1)


class TaskState(StrEnum):
    QUEUED = "Queued"  # waits for its turn; also a started task that is to go on
    EXECUTING = "Executing"
    PAUSED = "Paused"  # waits for a person or another task: no slot, but it keeps its concurrency tag
    CANCELLING = "Cancelling"  # being torn down: keeps slot and tag
    SUCCESS = "Success"
    FAILED = "Failed"
    CANCELED = "Canceled"
    TIMED_OUT = "TimedOut"  # expired in the queue

    @property
    def is_completed(self) -> bool:
        return self in COMPLETED


COMPLETED = frozenset({TaskState.SUCCESS, TaskState.FAILED, TaskState.CANCELED, TaskState.TIMED_OUT})
RUNNING = frozenset({TaskState.EXECUTING, TaskState.CANCELLING})


def node_name(node: str) -> str:
    """A node's name, without the mark of one start of it, which follows it where several nodes share a database."""
    return node.partition("@")[0]


@dataclass(frozen=True, kw_only=True)
class NewTask:
    """A wish for a task. Tasks of one `concurrency_tag` run one at a time; None shares with nobody.

    `origin` names what starts it, such as a step of another task, in words of which there is one task at most.
    `queue_expiry` is a day after the time at which it could start, when nobody says otherwise. `places` are the ids of
    the machines that it is about.
    """

    kind: str
    description: str
    space_id: str | None = None
    arguments: Mapping[str, Any] = field(default_factory=dict)
    concurrency_tag: str | None = None
    priority: int = PRIORITY_NORMAL
    not_before: datetime | None = None
    queue_expiry: datetime | None = None
    project_id: str | None = None
    environment_id: str | None = None
    tenant_id: str | None = None
    subject_id: str | None = None
    rerun_of: str | None = None
    origin: str | None = None
    places: Sequence[str] = ()


@dataclass(frozen=True, kw_only=True)
class TaskRecord:
    """A task as stored at one moment, without its plan."""

    id: str
    seq: int
    space_id: str | None
    kind: str
    description: str
    state: TaskState
    state_since: datetime
    concurrency_tag: str | None
    holds_tag: bool
    priority: int
    not_before: datetime | None
    queue_expiry: datetime | None
    created: datetime
    started: datetime | None
    completed: datetime | None
    last_updated: datetime
    error_message: str | None
    has_warnings: bool
    pending_interruptions: bool
    waiting_for: tuple[str, ...]
    node: str | None
    fence: int
    cancel_requested: bool
    cancelled_by: str | None
    cancel_reason: str | None
    has_been_picked_up: bool
    project_id: str | None
    environment_id: str | None
    tenant_id: str | None
    subject_id: str | None
    arguments: Mapping[str, Any]
    rerun_of: str | None
    origin: str | None
    log_lines: int
    nodes_version: int

    @property
    def cancel_sentence(self) -> str:
        """What a cancelled task tells of its end: who, and why if it is known."""
        return (
            f"The task was cancelled by {self.cancelled_by}{f': {self.cancel_reason}' if self.cancel_reason else '.'}"
        )

    @property
    def node_name(self) -> str | None:
        """What people call the node that runs the task, or ran it last."""
        return None if self.node is None else node_name(self.node)

    @classmethod
    def of(cls, row: sa.Row[Any]) -> TaskRecord:
        """From a row that has at least `record_columns`."""
        return cls.from_values([getattr(row, name) for name in _NAMES])

    @classmethod
    def from_values(cls, found: Sequence[Any]) -> TaskRecord:
        """From the values of `record_columns`, in their order."""
        values = dict(zip(_NAMES, found, strict=True))
        values["state"] = TaskState(values["state"])
        values["arguments"] = msgspec.json.decode(values["arguments"])
        values["waiting_for"] = tuple(msgspec.json.decode(values["waiting_for"] or "[]"))
        return cls(**values)


_NAMES = tuple(column.name for column in fields(TaskRecord))
_fields_of = attrgetter(*_NAMES)
record_columns = tuple(server_task.c[name] for name in _NAMES)
_by_id = sa.select(*record_columns).where(server_task.c.id == sa.bindparam("task_id"))


def find_task(session: Session, task_id: str) -> TaskRecord | None:
    row = session.connection.execute(_by_id, {"task_id": task_id}).first()
    return TaskRecord.of(row) if row else None


def find_task_of(session: Session, origin: str) -> TaskRecord | None:
    """The task that was started by this, so that a start that is repeated after a crash makes no second one."""
    row = session.connection.execute(sa.select(*record_columns).where(server_task.c.origin == origin)).first()
    return TaskRecord.of(row) if row else None


def get_task(session: Session, task_id: str) -> TaskRecord:
    record = find_task(session, task_id)
    if record is None:
        raise NotFound(f"There is no task with the id '{task_id}'.")
    return record


def change(session: Session, statement: sa.UpdateBase) -> sa.CursorResult[Any]:
    """Runs a statement that writes tasks and notes that it did, for answers that are kept until then."""
    session.written.add(TASKS)
    return session.connection.execute(statement)
