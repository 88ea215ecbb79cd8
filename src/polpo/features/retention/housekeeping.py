"""What the server does by itself, again and again: applies retention every four hours, and deletes discarded files."""

from __future__ import annotations

from datetime import timedelta

from polpo.engine import Engine, TaskState, server_task
from polpo.engine.recurring import is_turn
from polpo.engine.rounds import Rounds
from polpo.features.retention.applying import TASK_KIND, retention_wish
from polpo.store.blobs import BlobStore
from polpo.store.database import Database
from polpo.store.discarding import sweep
from polpo.store.session import Session

EVERY = timedelta(hours=4)


class Housekeeping(Rounds):
    """One on each node; however many there are, retention is queued once in its span of time."""

    def __init__(self, database: Database, blobs: BlobStore, engine: Engine) -> None:
        super().__init__()
        self._database = database
        self._blobs = blobs
        self._engine = engine

    async def round(self) -> None:
        await self._database.write(self._queue_retention)
        await sweep(self._database, self._blobs)

    def _queue_retention(self, session: Session) -> None:
        """Not while an earlier one is at work, or waits."""
        if not is_turn(session, TASK_KIND, EVERY):
            return
        unended = (TaskState.QUEUED, TaskState.EXECUTING, TaskState.CANCELLING)
        counts = self._engine.counts(session, server_task.c.kind == TASK_KIND)
        if not any(counts[state] for state in unended):
            self._engine.enqueue(session, retention_wish())
