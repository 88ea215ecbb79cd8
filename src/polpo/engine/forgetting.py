"""Taking tasks out of the books, once what they were about is gone."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from polpo.engine.tables import server_task, task_activity, task_log, task_node, task_wait
from polpo.store.session import Session


@dataclass(frozen=True)
class Forgotten:
    """How many tasks went, and the blobs of their logs, which are to be deleted once the transaction is committed."""

    count: int
    blob_keys: list[str]


def forget_tasks(session: Session, space_id: str, most: int) -> Forgotten:
    """Removes tasks of a space, with their logs, up to so many. None of them may be in flight."""
    wanted = sa.select(server_task.c.id).where(server_task.c.space_id == space_id).limit(most)
    found = session.connection.execute(wanted).scalars().all()
    if not found:
        return Forgotten(0, [])
    of_these = task_log.c.task_id.in_(found)
    logs = sa.select(task_log.c.blob_key).where(of_these, task_log.c.blob_key.is_not(None))
    keys = list(session.connection.execute(logs).scalars())
    for table in (task_log, task_node, task_activity, task_wait):
        session.connection.execute(sa.delete(table).where(table.c.task_id.in_(found)))
    session.connection.execute(sa.delete(task_wait).where(task_wait.c.awaited_id.in_(found)))
    session.connection.execute(sa.delete(server_task).where(server_task.c.id.in_(found)))
    session.written.add("ServerTasks")
    return Forgotten(len(found), keys)
