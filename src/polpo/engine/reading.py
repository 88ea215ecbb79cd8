"""What a task has in its books, for whoever asks from outside of its run."""

from __future__ import annotations

from typing import Any

import msgspec
import sqlalchemy as sa

from polpo.engine.journal import Entry, load_entries
from polpo.engine.tables import server_task, task_activity
from polpo.engine.tasks import RUNNING
from polpo.store.session import Session


def plan_of(session: Session, task_id: str) -> Any:
    """The frozen plan; None when there is none yet."""
    sealed = session.connection.execute(sa.select(server_task.c.plan).where(server_task.c.id == task_id)).scalar()
    return None if sealed is None else msgspec.json.decode(session.vault.for_purpose("plan").decrypt(sealed))


def results_of(session: Session, task_id: str) -> dict[str, Any]:
    """What activities left behind, by name: of each the last attempt that was done."""
    return {key: entry.value() for (key, _), entry in _entries(session, task_id) if entry.state == "done"}


def journal_of(session: Session, task_id: str) -> dict[str, Entry]:
    """By name, of each activity the last attempt; facts are under `fact/` and their name."""
    return {key: entry for (key, _), entry in _entries(session, task_id)}


def _entries(session: Session, task_id: str) -> list[tuple[tuple[str, int], Entry]]:
    entries = load_entries(session, task_id, session.vault.for_purpose("journal"))
    return sorted(entries.items(), key=lambda one: one[0])


def facts_of_running(session: Session, prefix: str) -> list[Any]:
    """What running tasks remember under names that begin so; only facts that are not sensitive."""
    t, a = server_task.c, task_activity.c
    statement = sa.select(a.result).join(server_task, t.id == a.task_id)
    statement = statement.where(t.state.in_(RUNNING), a.key.startswith(f"fact/{prefix}", autoescape=True), ~a.sealed)
    return [msgspec.json.decode(result) for (result,) in session.connection.execute(statement) if result]
