"""Finding tasks, reading their logs, and what people do to them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import sqlalchemy as sa

from polpo.engine import Line, LogLine, TaskRecord, TaskState, nodes, read_log, server_task, sift_log
from polpo.engine.tasks import COMPLETED, record_columns
from polpo.features.interruptions.resource import INTERRUPTIONS
from polpo.features.runbookruns.resource import RUNBOOK_RUNS
from polpo.features.tasks.guarding import guard_task
from polpo.features.tasks.presenting import duration_text, is_shown, task_of
from polpo.features.tasks.resource import Task
from polpo.kernel.clock import iso
from polpo.kernel.errors import Invalid, NotFound
from polpo.rest.call import Call, Paging
from polpo.store.blobs import BlobStore
from polpo.store.database import Database
from polpo.store.session import Session

Where = sa.ColumnElement[bool]

#: Lines that `details` answers at most; what lies between is told by a line of its own.
DETAILS_LINES = 20_000
#: Lines that are looked at for one answer when only some are wanted.
SIFTED_LINES = 50_000
_CHUNK = 5_000
_t = server_task

#: What people see as one state may be two of the engine's.
_SHOWN: Mapping[str, tuple[TaskState, ...]] = {
    **{state.value.lower(): (state,) for state in TaskState if state is not TaskState.PAUSED},
    "executing": (TaskState.EXECUTING, TaskState.PAUSED),
}
_ACTIVE = [state for state in TaskState if state not in COMPLETED]


def find_visible_task(call: Call, task_id: str) -> TaskRecord:
    """By id; in a space, only tasks of that space and of the system. Refused where the route's permission ends."""
    statement = sa.select(*record_columns).where(_t.c.id == task_id)
    row = call.session.connection.execute(statement).first()
    record = TaskRecord.of(row) if row else None
    if record is None or (call.space_id is not None and record.space_id not in (None, call.space_id)):
        raise NotFound(f"There is no task with the id '{task_id}'{' in this space' if call.space_id else ''}.")
    guard_task(call, record)
    return record


def conditions(call: Call) -> list[Where]:
    """The query parameters of the task lists as conditions."""
    found: list[Where] = []
    if ids := call.texts("ids"):
        found.append(_t.c.id.in_(ids))
    if nodes := call.texts("node"):
        starts = [_t.c.node.startswith(f"{node}@", autoescape=True) for node in nodes]
        found.append(sa.or_(_t.c.node.in_(nodes), *starts))
    for parameter, column in _COLUMNS.items():
        if values := call.texts(parameter):
            found.append(column.in_(values))
    if spaces := call.texts("spaces"):
        system = _t.c.space_id.is_(None) if call.flag("includeSystem") else sa.false()
        found.append(sa.or_(_t.c.space_id.in_(spaces), system))
    if states := call.texts("states") or call.texts("state"):
        found.append(_t.c.state.in_(states_named(states)))
    if runbooks := call.texts("runbook"):
        runs = RUNBOOK_RUNS.table
        found.append(_t.c.subject_id.in_(sa.select(runs.c.id).where(runs.c.runbook_id.in_(runbooks))))
    for parameter, condition in _FLAGS.items():
        if call.flag(parameter):
            found.append(condition())
    if partial_name := call.text("partialName"):
        found.append(_t.c.description.icontains(partial_name, autoescape=True))
    return found


_COLUMNS: Mapping[str, sa.Column[Any]] = {
    "name": _t.c.kind,
    "project": _t.c.project_id,
    "environment": _t.c.environment_id,
    "tenant": _t.c.tenant_id,
    "regarding": _t.c.subject_id,
}
_FLAGS: Mapping[str, Callable[[], Where]] = {
    "active": lambda: _t.c.state.in_(_ACTIVE),
    "running": lambda: _t.c.state.in_([state for state in _ACTIVE if state is not TaskState.QUEUED]),
    "hasPendingInterruptions": lambda: _t.c.pending_interruptions,
    "hasWarningsOrErrors": lambda: sa.or_(_t.c.has_warnings, _t.c.state == TaskState.FAILED),
}
FILTERS = ("ids", "states", "partialName", "node", "runbook", "spaces", "includeSystem", *_COLUMNS, *_FLAGS)


def states_named(names: Sequence[str]) -> list[TaskState]:
    unknown = [name for name in names if name.lower() not in _SHOWN]
    if unknown:
        known = ", ".join(state.value for state in TaskState if state is not TaskState.PAUSED)
        sentence = f"'{unknown[0]}' is no state of a task; the states are {known}."
        raise Invalid(sentence, [sentence])
    return [state for name in names for state in _SHOWN[name.lower()]]


def list_tasks(
    session: Session, where: Sequence[Where], paging: Paging, total: int | None = None
) -> tuple[list[Task], int]:
    """Newest first; `total` where it is known how many there are."""
    if total is None:
        total = session.connection.execute(sa.select(sa.func.count()).select_from(_t).where(*where)).scalar_one()
    statement = sa.select(*record_columns).where(*where).order_by(_t.c.seq.desc())
    rows = session.connection.execute(statement.offset(paging.skip).limit(paging.take)).all() if paging.take else []
    return shown(session, [TaskRecord.of(row) for row in rows]), total


def shown(session: Session, records: Sequence[TaskRecord]) -> list[Task]:
    """As the API shows them, with what kinds of question people are asked."""
    now = session.clock.now()
    kinds = kinds_of_questions(session, [record.id for record in records if record.pending_interruptions])
    return [task_of(record, now, kinds.get(record.id, ())) for record in records]


def kinds_of_questions(session: Session, task_ids: Sequence[str]) -> Mapping[str, list[str]]:
    """Of what people are asked by these tasks now."""
    found: dict[str, list[str]] = {}
    if task_ids:
        table = INTERRUPTIONS.table
        for asked in session.all(INTERRUPTIONS, table.c.task_id.in_(task_ids), table.c.is_pending):
            kinds = found.setdefault(asked.task_id, [])
            if asked.type not in kinds:
                kinds.append(asked.type)
    return found


def count_interrupted(session: Session, where: Sequence[Where]) -> int:
    waiting = sa.select(sa.func.count()).select_from(_t).where(_t.c.pending_interruptions, _t.c.state.in_(_ACTIVE))
    return int(session.connection.execute(waiting.where(*where)).scalar_one())


def counts_shown(counts: Mapping[TaskState, int], interrupted: int) -> dict[str, int]:
    """How many tasks are in each state, by the contract's words."""
    shown = {state.value: counts[state] for state in TaskState if state is not TaskState.PAUSED}
    shown["Executing"] += counts[TaskState.PAUSED]
    return {**shown, "Interrupted": interrupted}


def log_part(
    session: Session, blobs: BlobStore, record: TaskRecord, after: int, take: int, *, verbose: bool
) -> tuple[list[LogLine], int]:
    """The lines to be shown, and the number of the last line that was looked at."""
    lines = read_log(session, blobs, record.id, after, take)
    last = lines[-1].number if lines else min(after, record.log_lines)
    return [line for line in lines if is_shown(line.category, verbose=verbose)], last


@dataclass(frozen=True)
class Sieve:
    """Which lines are wanted of a log: those of some levels, and those with some words in them, whatever their case."""

    levels: frozenset[str] = frozenset()
    words: str = ""

    def passes(self, line: Line) -> bool:
        if self.levels and line.category not in self.levels:
            return False
        return not self.words or self.words in line.text.lower()


def sifted_log(
    session: Session, blobs: BlobStore, record: TaskRecord, after: int, take: int, sieve: Sieve
) -> tuple[list[LogLine], int]:
    """The lines that pass, of so many that it takes no long time; and the number of the last that was looked at."""
    found, last = sift_log(session, blobs, record.id, after, SIFTED_LINES, sieve.passes, take)
    return found, max(last, min(after, record.log_lines))


def details_lines(
    session: Session, blobs: BlobStore, record: TaskRecord, *, verbose: bool, tail: int | None
) -> list[LogLine]:
    """All lines of a log of usual size; of a longer one its beginning and its end, with a line that says so."""
    read = partial(read_log, session, blobs, record.id)
    total = record.log_lines
    if total <= DETAILS_LINES:
        lines = read(0, total)
    else:
        half = DETAILS_LINES // 2
        head, rest = read(0, half), read(total - half, half)
        text = f"{total - 2 * half} lines are left out here; the raw log has them all."
        lines = [*head, LogLine(half + 1, 0, rest[0].occurred, "Gap", text, None), *rest]
    shown = [line for line in lines if is_shown(line.category, verbose=verbose)]
    return _tail_of_each(shown, tail) if tail else shown


def _tail_of_each(lines: list[LogLine], tail: int) -> list[LogLine]:
    left: dict[int, int] = {}
    kept = []
    for line in reversed(lines):
        left[line.node_id] = left.get(line.node_id, 0) + 1
        if left[line.node_id] <= tail:
            kept.append(line)
    return kept[::-1]


def raw_log(database: Database, blobs: BlobStore, record: TaskRecord) -> Iterator[bytes]:
    """The log as plain text, in the order of time, under a heading wherever another activity speaks."""
    with database.read() as session:
        names = {node.node_id: node for node in nodes(session, record.id)}
    yield _heading(record).encode()
    current = None
    for after in range(0, record.log_lines, _CHUNK):
        with database.read() as session:
            lines = read_log(session, blobs, record.id, after, min(_CHUNK, record.log_lines - after))
        parts = []
        for line in lines:
            if line.node_id != current:
                current = line.node_id
                parts.append(f"\n{'':21}| == {_path(names, current)} ==\n")
            parts.append(_plain(line))
        yield "".join(parts).encode("utf-8", "replace")


def _path(names: Mapping[int, Any], node_id: int) -> str:
    node = names[node_id]
    path = [node.name]
    while node.parent_id is not None and names[node.parent_id].parent_id is not None:
        node = names[node.parent_id]
        path.append(node.name)
    return f"{names[node_id].status}: {' > '.join(reversed(path))}"


def _plain(line: LogLine) -> str:
    start = f"{line.occurred:%H:%M:%S}   {line.category:<10}| "
    text = line.text if line.detail is None else f"{line.text}\n{line.detail}"
    return start + text.replace("\n", f"\n{'':21}| ") + "\n"


def _heading(record: TaskRecord) -> str:
    rows = [
        ("Task ID", record.id),
        ("Description", record.description),
        ("Task status", record.state.value),
        ("Task queued", iso(record.not_before or record.created)),
        ("Task started", iso(record.started) if record.started else ""),
        ("Task completed", iso(record.completed) if record.completed else ""),
        ("Task duration", _length(record)),
        ("Server node", record.node_name or ""),
        ("Error", record.error_message or ""),
    ]
    return "".join(f"{name + ':':<16}{value}\n" for name, value in rows if value)


def _length(record: TaskRecord) -> str:
    return duration_text(record.completed - record.started) if record.completed and record.started else ""
