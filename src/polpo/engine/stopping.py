"""Stopping the queue of a space: what runs there goes on, what has not begun waits until the queue is let go."""

from __future__ import annotations

import sqlalchemy as sa

from polpo.engine.tables import server_task, stopped_queue
from polpo.store.session import Session


def set_queue_stopped(session: Session, space_id: str, stopped: bool) -> None:
    """Tasks that wait begin within the engine's next poll once the queue is let go."""
    session.connection.execute(sa.delete(stopped_queue).where(stopped_queue.c.space_id == space_id))
    if stopped:
        session.connection.execute(sa.insert(stopped_queue).values(space_id=space_id))


def is_queue_stopped(session: Session, space_id: str | None) -> bool:
    statement = sa.select(stopped_queue.c.space_id).where(stopped_queue.c.space_id == space_id)
    return session.connection.execute(statement).first() is not None


def may_begin() -> sa.ColumnElement[bool]:
    """Whether a task has begun already, or no stop keeps it from it."""
    task = server_task.c
    stopped = sa.exists().where(stopped_queue.c.space_id == task.space_id)
    return sa.or_(task.started.is_not(None), sa.not_(stopped))
