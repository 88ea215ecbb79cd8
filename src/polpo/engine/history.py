"""What a task that has ended left behind: its frozen plan and its journal, for whoever goes on where it stood."""

from __future__ import annotations

from typing import Any

import msgspec
import sqlalchemy as sa

from polpo.engine.journal import Entry, load_entries
from polpo.engine.tables import server_task
from polpo.store.session import Session


def kept_plan(session: Session, task_id: str) -> Any:
    """The plan as JSON; None when the task never made one, or is gone."""
    sealed = session.connection.execute(sa.select(server_task.c.plan).where(server_task.c.id == task_id)).scalar()
    return None if sealed is None else msgspec.json.decode(session.vault.for_purpose("plan").decrypt(sealed))


def kept_journal(session: Session, task_id: str) -> dict[str, Entry]:
    """By key, of each activity the last attempt; facts are under `fact/` and their name."""
    entries = load_entries(session, task_id, session.vault.for_purpose("journal"))
    return {key: entry for (key, _), entry in sorted(entries.items(), key=lambda one: one[0])}
