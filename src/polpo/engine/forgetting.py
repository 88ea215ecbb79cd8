"""Taking tasks out of the books, once what they were about is gone."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from polpo.engine.tables import server_task, task_activity, task_log, task_node, task_place, task_wait
from polpo.engine.tasks import COMPLETED
from polpo.store.discarding import discard
from polpo.store.session import Session


def forget_tasks(session: Session, space_id: str, most: int) -> int:
    """Removes tasks of a space, with their logs, up to so many, and tells how many. None may be in flight."""
    wanted = sa.select(server_task.c.id).where(server_task.c.space_id == space_id).limit(most)
    return forget(session, session.connection.execute(wanted).scalars().all())


def forget_ended(session: Session, task_ids: Sequence[str]) -> int:
    """Removes those of the tasks that have ended; how many that were."""
    ended = sa.select(server_task.c.id).where(server_task.c.id.in_(task_ids), server_task.c.state.in_(COMPLETED))
    return forget(session, session.connection.execute(ended).scalars().all())


def forget(session: Session, task_ids: Sequence[str]) -> int:
    """Their logs go after the commit."""
    if not task_ids:
        return 0
    logs = sa.select(task_log.c.blob_key).where(task_log.c.task_id.in_(task_ids), task_log.c.blob_key.is_not(None))
    discard(session, session.connection.execute(logs).scalars().all())
    for table in (task_log, task_node, task_activity, task_wait, task_place):
        session.connection.execute(sa.delete(table).where(table.c.task_id.in_(task_ids)))
    session.connection.execute(sa.delete(task_wait).where(task_wait.c.awaited_id.in_(task_ids)))
    session.connection.execute(sa.delete(server_task).where(server_task.c.id.in_(task_ids)))
    session.written.add("ServerTasks")
    return len(task_ids)
