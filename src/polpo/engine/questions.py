"""What a task waits for before it goes on: answers of people, and ends of other tasks. Each has a key.

An end of another task is an answer like any other, given in the transaction in which that task ends.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec
import sqlalchemy as sa

from polpo.engine.tables import server_task, task_activity, task_wait
from polpo.engine.tasks import TaskRecord, TaskState, change, get_task, record_columns
from polpo.store.session import Session

_t, _w = server_task, task_wait
_TASK = "task/"


def answer_key(key: str) -> str:
    """Where the journal keeps the answer."""
    return f"answer/{key}"


def task_key(task_id: str) -> str:
    """The key under which the end of a task is waited for."""
    return f"{_TASK}{task_id}"


def answered(session: Session, task_id: str, keys: Iterable[str]) -> set[str]:
    names = {answer_key(key): key for key in keys}
    statement = sa.select(task_activity.c.key).where(
        task_activity.c.task_id == task_id, task_activity.c.key.in_(list(names))
    )
    return {names[name] for name in session.connection.execute(statement).scalars()}


def put_answer(session: Session, task_id: str, key: str, value: object) -> None:
    """Keeps an answer that is the first of its key, and lets the task go on if it is paused."""
    now = session.clock.now()
    row = {"task_id": task_id, "key": answer_key(key), "attempt": 1, "state": "done", "t0": now, "t1": now}
    session.connection.execute(
        sa.insert(task_activity).values(**row, result=msgspec.json.encode(value).decode(), sealed=False)
    )
    wait_for(session, task_id, [one for one in get_task(session, task_id).waiting_for if one != key])
    resume(session, task_id)


def ask(session: Session, task_id: str, key: str) -> None:
    """Notes that a running task has a question open, so that people see it while other branches still work."""
    record = get_task(session, task_id)
    if key not in record.waiting_for and not answered(session, task_id, [key]):
        wait_for(session, task_id, [*record.waiting_for, key])


def wait_for(session: Session, task_id: str, keys: Sequence[str]) -> None:
    """Only questions to people are pending interruptions."""
    asks = any(not key.startswith(_TASK) for key in keys)
    values = {"waiting_for": msgspec.json.encode(keys).decode(), "pending_interruptions": asks}
    change(session, sa.update(_t).where(_t.c.id == task_id).values(**values))


def resume(session: Session, task_id: str) -> bool:
    """Paused to queued, still owning its tag."""
    now = session.clock.now()
    values = {"state": TaskState.QUEUED, "state_since": now, "last_updated": now}
    statement = sa.update(_t).where(_t.c.id == task_id, _t.c.state == TaskState.PAUSED).values(**values)
    return bool(change(session, statement).rowcount == 1)


# -- ends of other tasks


def await_task(session: Session, task_id: str, other_id: str) -> None:
    """Notes that a running task waits for the end of another; one that has ended, or is gone, has its answer at once.

    The other one's row is locked first: it ends either before, and is seen to have, or after, and sees who waits.
    """
    key = task_key(other_id)
    if answered(session, task_id, [key]):
        return
    state = session.connection.execute(
        sa.select(_t.c.state).where(_t.c.id == other_id).with_for_update(read=True)
    ).scalar()
    if state is None or TaskState(state).is_completed:
        put_answer(session, task_id, key, state)
        return
    where = (_w.c.task_id == task_id, _w.c.awaited_id == other_id)
    if session.connection.execute(sa.select(_w.c.task_id).where(*where)).first() is None:
        session.connection.execute(sa.insert(_w).values(task_id=task_id, awaited_id=other_id))
    ask(session, task_id, key)


def tell_ended(session: Session, task_id: str, state: TaskState) -> None:
    """Gives the end of a task to all that wait for it; it waits for nobody itself any more."""
    waiting = session.connection.execute(sa.select(_w.c.task_id).where(_w.c.awaited_id == task_id)).scalars().all()
    if waiting or awaited(session, task_id):
        session.connection.execute(sa.delete(_w).where(sa.or_(_w.c.awaited_id == task_id, _w.c.task_id == task_id)))
    for waiter in waiting:
        if not answered(session, waiter, [task_key(task_id)]):
            put_answer(session, waiter, task_key(task_id), state)


def awaited(session: Session, task_id: str) -> list[TaskRecord]:
    """The tasks whose ends a task waits for, in their order."""
    wanted = sa.select(_w.c.awaited_id).where(_w.c.task_id == task_id)
    rows = session.connection.execute(sa.select(*record_columns).where(_t.c.id.in_(wanted)).order_by(_t.c.seq))
    return [TaskRecord.of(row) for row in rows]


def holder_that_waits_for(session: Session, task_id: str, tag: str) -> TaskRecord | None:
    """The holder of a tag that cannot give it back before the given task ends; None when there is none.

    The given task must not wait for a new task of that tag: neither would ever end.
    """
    holders = _holders(session, tag)
    seen: set[str] = set()
    for holder in holders:
        open_ends = [holder]
        while open_ends:
            one = open_ends.pop()
            if one.id == task_id:
                return holder
            if one.id not in seen:
                seen.add(one.id)
                open_ends += _waits_for(session, one)
    return None


def _waits_for(session: Session, task: TaskRecord) -> list[TaskRecord]:
    before = awaited(session, task.id)
    if task.state is TaskState.QUEUED and task.concurrency_tag is not None and not task.holds_tag:
        before += _holders(session, task.concurrency_tag)
    return before


def _holders(session: Session, tag: str) -> list[TaskRecord]:
    rows = session.connection.execute(sa.select(*record_columns).where(_t.c.concurrency_tag == tag, _t.c.holds_tag))
    return [TaskRecord.of(row) for row in rows]


def cancelled_message(session: Session, task: TaskRecord) -> str:
    """The end of a cancelled task in words; what it waited for is not cancelled with it."""
    others = awaited(session, task.id)
    names = ", ".join(f"{one.id} ({one.description})" for one in others)
    left = f" {names}, which it waited for, {'goes' if len(others) == 1 else 'go'} on." if others else ""
    return f"{task.cancel_sentence}{left}"
