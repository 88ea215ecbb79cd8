"""The newest wins: what is begun anew in a place may take the place of what waits or works there, if its maker says so.

What is to begin later replaces nothing: nobody wants to lose today's work to what may be changed by tomorrow.
"""

from __future__ import annotations

from typing import Protocol

import sqlalchemy as sa

from polpo.engine import Engine, TaskState, get_task, server_task
from polpo.features.interruptions.service import close_pending
from polpo.store.session import Session, Where

_t = server_task.c


class Settings(Protocol):
    """Of a project, or of a runbook."""

    @property
    def cancel_queued_tasks(self) -> bool: ...
    @property
    def cancel_running_tasks(self) -> bool: ...


def replace_older(session: Session, engine: Engine, settings: Settings, task_id: str, by: str) -> list[str]:
    """Cancels older tasks of the same tag, as far as the settings want it; the ids of what was cancelled."""
    newest = get_task(session, task_id)
    kinds: list[Where] = []
    if settings.cancel_queued_tasks:
        kinds.append(sa.and_(_t.state == TaskState.QUEUED, _t.started.is_(None)))
    if settings.cancel_running_tasks:
        begun = sa.and_(_t.state == TaskState.QUEUED, _t.started.is_not(None))
        kinds.append(sa.or_(_t.state.in_([TaskState.EXECUTING, TaskState.PAUSED]), begun))
    if newest.not_before is not None or newest.concurrency_tag is None or not kinds:
        return []
    older = sa.select(_t.id).where(_t.concurrency_tag == newest.concurrency_tag, _t.seq < newest.seq, sa.or_(*kinds))
    found = list(session.connection.execute(older.order_by(_t.seq)).scalars())
    for other in found:
        close_pending(session, other)
        engine.cancel(session, other, by, f"{newest.id} ({newest.description}) takes its place.")
    return found
