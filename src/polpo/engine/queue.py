"""The state changes of a task, each one conditional statement inside the caller's transaction.

Queued -> Executing -> Success | Failed | TimedOut | Canceled
             |  ^ (by way of Queued, when the answer is there)
             v  |
           Paused            Executing -> Cancelling -> Canceled
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import msgspec
import sqlalchemy as sa

from polpo.engine.questions import answered, cancelled_message, put_answer, tell_ended, wait_for
from polpo.engine.stopping import may_begin
from polpo.engine.tables import server_task, task_node, task_place
from polpo.engine.tasks import (
    COMPLETED,
    PRIORITY_TOP,
    QUEUE_EXPIRY,
    RUNNING,
    TASKS,
    NewTask,
    TaskRecord,
    TaskState,
    get_task,
    record_columns,
)
from polpo.engine.tasks import change as _change
from polpo.kernel.errors import Conflict
from polpo.store.changes import Happening
from polpo.store.session import Session

ROOT_NODE = 0

#: What is announced when the queue, or what a task is to do, has changed; the item is the task.
WAKE = "wake"

_t = server_task
#: Of a wish, what is not a column of the task's row as it is.
_ELSEWHERE = frozenset({"arguments", "places"})
_running = _t.c.state.in_(RUNNING)
_ENDS = {
    TaskState.SUCCESS: "Succeeded",
    TaskState.FAILED: "Failed",
    TaskState.CANCELED: "Canceled",
    TaskState.TIMED_OUT: "TimedOut",
}


def enqueue(session: Session, wish: NewTask) -> str:
    task_id, seq = session.new_id("ServerTasks")
    now = session.clock.now()
    values = {name: getattr(wish, name) for name in wish.__dataclass_fields__ if name not in _ELSEWHERE}
    values |= {"id": task_id, "seq": seq, "state": TaskState.QUEUED, "state_since": now, "created": now}
    values["queue_expiry"] = wish.queue_expiry or (wish.not_before or now) + QUEUE_EXPIRY
    values |= {"last_updated": now, "arguments": msgspec.json.encode(wish.arguments).decode(), "nodes_version": 1}
    _change(session, sa.insert(_t).values(**values))
    root = {"task_id": task_id, "node_id": ROOT_NODE, "key": "", "name": wish.description, "status": "Pending"}
    session.connection.execute(sa.insert(task_node).values(**root))
    if wish.places:
        rows = [{"task_id": task_id, "place": place} for place in dict.fromkeys(wish.places)]
        session.connection.execute(sa.insert(task_place), rows)
    _tell(session, get_task(session, task_id), "Queued")
    return task_id


def note_place(session: Session, *, task_id: str, place: str) -> None:
    """One more machine that the task is about."""
    row = {"task_id": task_id, "place": place}
    known = sa.select(task_place.c.place).filter_by(**row)
    if session.connection.execute(known).first() is None:
        session.connection.execute(sa.insert(task_place).values(**row))


def _tell(session: Session, record: TaskRecord, turn: str) -> None:
    """Notes a turn of a task for the audit trail, first of what it is about, if it is about something."""
    words = {"TimedOut": "timed out"}.get(turn, turn.lower())
    message = f"{record.description}: {words}" + (f". {record.error_message}" if record.error_message else "")
    session.happened(Happening(f"Task{turn}", message, record.space_id, record.kind, _about(record)))


def _tell_change(session: Session, task_id: str, note: str) -> None:
    """Notes what a person did to a task that is no turn of its life."""
    record = get_task(session, task_id)
    message = f"{record.description}: {note}"
    session.happened(Happening("Modified", message, record.space_id, TASKS, _about(record)))


def _about(record: TaskRecord) -> tuple[str, ...]:
    about = (record.subject_id, record.id, record.project_id, record.environment_id, record.tenant_id)
    return tuple(one for one in about if one)


# -- admission


def due(session: Session, node: str, cap: int) -> bool:
    """Whether a claim or an expiry has anything to do; a read, so that an idle or full server does not write."""
    if live(session, node) < cap and _chosen(session, 1):
        return True
    return session.connection.execute(sa.select(_t.c.id).where(_expired(session)).limit(1)).first() is not None


def live(session: Session, node: str) -> int:
    statement = sa.select(sa.func.count()).select_from(_t).where(_running, _t.c.node == node)
    return int(session.connection.execute(statement).scalar_one())


def claim(session: Session, node: str, cap: int) -> list[TaskRecord]:
    """Starts as many queued tasks as the cap leaves room for, in order, one of each concurrency tag."""
    now = session.clock.now()
    room = cap - live(session, node)
    if room <= 0:
        return []
    chosen = _chosen(session, room)
    if not chosen:
        return []
    statement = (
        sa.update(_t)
        .where(_t.c.id.in_(chosen), _t.c.state == TaskState.QUEUED)
        .values(
            state=sa.case((_t.c.cancel_requested, TaskState.CANCELLING), else_=TaskState.EXECUTING),
            state_since=now,
            holds_tag=True,
            node=node,
            fence=_t.c.fence + 1,
            started=sa.func.coalesce(_t.c.started, sa.bindparam("at", now, type_=_t.c.started.type)),
            last_updated=now,
            has_been_picked_up=True,
        )
        .returning(*record_columns)
    )
    records = [TaskRecord.of(row) for row in _change(session, statement)]
    for record in records:
        _tell(session, record, "Started" if record.fence == 1 else "Resumed")
    order = {task_id: place for place, task_id in enumerate(chosen)}
    return sorted(records, key=lambda record: order[record.id])


def _chosen(session: Session, room: int) -> list[str]:
    """Whom to let in, at most `room`: those that have begun before, then new ones, each in the order of the queue."""
    now = session.clock.now()
    found: list[str] = []
    for candidates in (begun(now), new(now)):
        if len(found) < room:
            found += session.connection.execute(candidates.limit(room - len(found))).scalars()
    return found


def begun(now: datetime) -> sa.Select[Any]:
    """Tasks that wait to go on: they hold their tags."""
    return _waiting(now).where(_t.c.holds_tag)


def new(now: datetime) -> sa.Select[Any]:
    """Tasks that wait for their first turn and that no other one of their tag keeps from it.

    The zeros keep SQLite from looking for rivals by their place, among all that wait, and not by their tag: with
    thousands in the queue, that would be millions of rows a look.
    """
    holder, rival = _t.alias("holder"), _t.alias("rival")
    taken = sa.exists().where(holder.c.concurrency_tag == _t.c.concurrency_tag, holder.c.holds_tag)
    behind = sa.exists().where(
        rival.c.concurrency_tag == _t.c.concurrency_tag,
        rival.c.state == TaskState.QUEUED,
        sa.or_(rival.c.not_before.is_(None), rival.c.not_before <= now),
        sa.tuple_(rival.c.priority + 0, rival.c.seq + 0) < sa.tuple_(_t.c.priority, _t.c.seq),
    )
    return _waiting(now).where(sa.not_(_t.c.holds_tag), sa.not_(sa.or_(taken, behind)))


def _waiting(now: datetime) -> sa.Select[Any]:
    ready = sa.or_(_t.c.not_before.is_(None), _t.c.not_before <= now)
    return (
        sa.select(_t.c.id).where(_t.c.state == TaskState.QUEUED, ready, may_begin()).order_by(_t.c.priority, _t.c.seq)
    )


def _expired(session: Session) -> sa.ColumnElement[bool]:
    return sa.and_(_t.c.state == TaskState.QUEUED, _t.c.started.is_(None), _t.c.queue_expiry <= session.clock.now())


def expire(session: Session) -> list[str]:
    """Ends tasks that have waited past their expiry. A task that had begun never expires."""
    rows = session.connection.execute(sa.select(_t.c.id, _t.c.queue_expiry).where(_expired(session))).all()
    for task_id, expiry in rows:
        sentence = f"The task waited in the queue past its expiry ({expiry:%Y-%m-%d %H:%M} UTC) and was not started."
        end(session, task_id, TaskState.TIMED_OUT, sentence)
    return [task_id for task_id, _ in rows]


def recover(session: Session, where: sa.ColumnElement[bool]) -> list[str]:
    """Puts running tasks that nobody runs back into the queue. They keep journal, tag, and a wish to be cancelled."""
    now = session.clock.now()
    values = {"state": TaskState.QUEUED, "state_since": now, "last_updated": now}
    statement = sa.update(_t).where(_running, where).values(fence=_t.c.fence + 1, **values).returning(_t.c.id)
    recovered = list(_change(session, statement).scalars())
    for task_id in recovered:
        session.announce(WAKE, task_id)
    return recovered


def is_any(session: Session, where: sa.ColumnElement[bool]) -> bool:
    return session.connection.execute(sa.select(_t.c.id).where(where).limit(1)).first() is not None


def troubled(session: Session, node: str, task_ids: list[str]) -> dict[str, int]:
    """Which of the node's tasks somebody wants to stop, or are no longer the node's, with their fences."""
    elsewhere = sa.or_(_t.c.cancel_requested, ~_running, _t.c.node != node)
    statement = sa.select(_t.c.id, _t.c.fence).where(_t.c.id.in_(task_ids), elsewhere)
    return {row.id: row.fence for row in session.connection.execute(statement)}


def move_to_top(session: Session, task_id: str) -> None:
    """In front of all that wait, also of those that were moved up before; a task that has begun is not affected."""
    waiting = sa.select(sa.func.min(_t.c.priority)).where(_t.c.state == TaskState.QUEUED, _t.c.id != task_id)
    first = session.connection.execute(waiting).scalar()
    top = PRIORITY_TOP if first is None else min(PRIORITY_TOP, first - 1)
    _change(session, sa.update(_t).where(_t.c.id == task_id).values(priority=top))
    _tell_change(session, task_id, "moved to the top of the queue")


def reschedule(session: Session, task_id: str, not_before: datetime | None, expiry: datetime) -> bool:
    """Another time for a task that has not begun; False when it has."""
    mine = (_t.c.id == task_id, _t.c.state == TaskState.QUEUED, _t.c.started.is_(None))
    values = {"not_before": not_before, "queue_expiry": expiry, "last_updated": session.clock.now()}
    if not _change(session, sa.update(_t).where(*mine).values(**values)).rowcount:
        return False
    when = f"to {not_before:%Y-%m-%d %H:%M} UTC" if not_before else "to now"
    _tell_change(session, task_id, f"rescheduled {when}")
    return True


def note_rerun(session: Session, task_id: str, of: str) -> None:
    """Keeps which task this one does once more."""
    _change(session, sa.update(_t).where(_t.c.id == task_id).values(rerun_of=of))


# -- ends


def end(session: Session, task_id: str, state: TaskState, message: str | None = None, fence: int | None = None) -> bool:
    """Completes a task, gives its tag back and closes what its log tree left open; False when the fence is lost."""
    now = session.clock.now()
    where: list[sa.ColumnElement[bool]] = [_t.c.id == task_id, _t.c.state.not_in(COMPLETED)]
    if fence is not None:
        where += [_t.c.fence == fence, _running]
    values = {"state": state, "state_since": now, "completed": now, "last_updated": now, "error_message": message}
    values |= {"holds_tag": False, "pending_interruptions": False, "waiting_for": None}
    statement = sa.update(_t).where(*where).values(fence=_t.c.fence + 1, nodes_version=_t.c.nodes_version + 1, **values)
    if _change(session, statement).rowcount != 1:
        return False
    _close_nodes(session, task_id, state, now)
    tell_ended(session, task_id, state)
    _tell(session, get_task(session, task_id), _ENDS[state])
    return True


def restate(session: Session, task_id: str, state: TaskState, note: str) -> None:
    """Another end for a task that has ended; its log stays as it was."""
    now = session.clock.now()
    values = {"state": state, "state_since": now, "last_updated": now, "error_message": note}
    where = (_t.c.id == task_id, _t.c.state.in_(COMPLETED))
    _change(session, sa.update(_t).where(*where).values(**values))
    _tell_change(session, task_id, note)


def _close_nodes(session: Session, task_id: str, state: TaskState, now: datetime) -> None:
    status = {TaskState.SUCCESS: "Success", TaskState.FAILED: "Failed"}.get(state, "Canceled")
    if status == "Success" and get_task(session, task_id).has_warnings:
        status = "SuccessWithWarning"
    node, here = task_node, task_node.c.task_id == task_id
    root = sa.update(node).where(here, node.c.node_id == ROOT_NODE).values(status=status, ended=now)
    session.connection.execute(root)
    running = sa.update(node).where(here, node.c.status == "Running").values(status=status, ended=now)
    session.connection.execute(running)
    left = "Skipped" if state in {TaskState.SUCCESS, TaskState.FAILED} else "Canceled"
    pending = sa.update(node).where(here, node.c.status == "Pending").values(status=left)
    session.connection.execute(pending)


def cancel(session: Session, task_id: str, by: str, reason: str | None = None) -> TaskRecord:
    """Queued and paused tasks are canceled at once; a running one is told to stop and cleans up first.

    A task that was interrupted by a restart is let in once more, only to clean up. `reason` is a sentence.
    """
    record = get_task(session, task_id)
    if record.state.is_completed:
        raise Conflict(f"The task '{task_id}' has already ended ({record.state.value}) and cannot be cancelled.")
    at_once = record.state is TaskState.PAUSED or (record.state is TaskState.QUEUED and record.started is None)
    now = session.clock.now()
    values: dict[str, Any] = {"last_updated": now}
    if not record.cancel_requested:
        values |= {"cancel_requested": True, "cancelled_by": by, "cancel_reason": reason}
    if record.state is TaskState.EXECUTING:
        values |= {"state": TaskState.CANCELLING, "state_since": now}
    _change(session, sa.update(_t).where(_t.c.id == task_id).values(**values))
    if at_once:
        end(session, task_id, TaskState.CANCELED, cancelled_message(session, get_task(session, task_id)))
    return get_task(session, task_id)


# -- people


def answer(session: Session, task_id: str, key: str, value: object) -> None:
    """Records what a person said and, when the task is paused, queues it. The first answer stands."""
    record = get_task(session, task_id)
    if record.state.is_completed:
        raise Conflict(f"The task '{task_id}' has already ended ({record.state.value}); it takes no more answers.")
    if answered(session, task_id, [key]):
        raise Conflict(f"The question '{key}' of the task '{task_id}' has been answered already.")
    put_answer(session, task_id, key, value)


def pause(session: Session, task_id: str, fence: int, keys: Iterable[str]) -> TaskState | None:
    """Frees the slot. Queued again at once when an answer came while the task was leaving; None: the fence is lost.

    A task that is to be cancelled does not wait for anybody: it ends.
    """
    now = session.clock.now()
    keys = list(keys)
    here = (_t.c.id == task_id, _t.c.fence == fence, _running)
    row = session.connection.execute(sa.select(_t.c.cancel_requested).where(*here)).first()
    if row is None:
        return None
    if row.cancel_requested:
        end(session, task_id, TaskState.CANCELED, cancelled_message(session, get_task(session, task_id)), fence)
        return TaskState.CANCELED
    known = answered(session, task_id, keys)
    state = TaskState.QUEUED if known else TaskState.PAUSED
    values = {"state": state, "state_since": now, "last_updated": now, "fence": _t.c.fence + 1}
    _change(session, sa.update(_t).where(*here).values(**values))
    wait_for(session, task_id, [key for key in keys if key not in known])
    return state
