"""What a task leaves behind, taken away with it: its log, the files of its scripts, and the questions it asked."""

from __future__ import annotations

from collections.abc import Sequence

from polpo.engine.forgetting import forget_ended
from polpo.features.artifacts.resource import ARTIFACTS
from polpo.features.interruptions.resource import INTERRUPTIONS
from polpo.store.session import Session


def forget_with_traces(session: Session, task_ids: Sequence[str]) -> int:
    """Those that have ended; how many tasks went. Events about them stay."""
    for artifact in session.all(ARTIFACTS, ARTIFACTS.table.c.server_task_id.in_(task_ids)):
        session.delete(ARTIFACTS, artifact.id)
    for asked in session.all(INTERRUPTIONS, INTERRUPTIONS.table.c.task_id.in_(task_ids)):
        session.delete(INTERRUPTIONS, asked.id)
    return forget_ended(session, task_ids)
