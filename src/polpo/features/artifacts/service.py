"""Rules of artifacts: what they belong to, and how scripts leave them behind."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from functools import partial
from typing import Any

from polpo.engine import TaskRecord, find_task
from polpo.features.artifacts.resource import ARTIFACTS, Artifact
from polpo.halibut.streams import DataStream
from polpo.kernel.errors import Invalid
from polpo.steps.console import Artifact as Left
from polpo.store.blobs import BlobStore
from polpo.store.database import Database
from polpo.store.kinds import kinds
from polpo.store.session import Session

_MAX_NAME = 255


def settle_artifact(session: Session, artifact: Artifact) -> None:
    """The name is a plain one, and the task, where there is one, exists in the artifact's space."""
    artifact.filename = plain_name(artifact.filename)
    faults = []
    if not artifact.filename:
        faults.append("Filename is missing; name the file.")
    task = find_task(session, artifact.server_task_id) if artifact.server_task_id else None
    if artifact.server_task_id and (task is None or task.space_id != artifact.space_id):
        faults.append(f"ServerTaskId names the task '{artifact.server_task_id}', which does not exist in this space.")
    if faults:
        raise Invalid(faults[0] if len(faults) == 1 else "The artifact cannot be saved.", faults)
    artifact.related_document_ids = related_to(session, task) if task else []


def plain_name(name: str) -> str:
    """The last part of what may be a path: a name that is safe to be offered for saving."""
    last = name.replace("\\", "/").rpartition("/")[2]
    return "".join(character for character in last if character.isprintable()).strip()[:_MAX_NAME]


def related_to(session: Session, task: TaskRecord) -> list[str]:
    """What the task works for, as far as it is there."""
    related = dict.fromkeys((task.subject_id, task.project_id, task.environment_id, task.tenant_id))
    kind = kinds.get((task.subject_id or "").rpartition("-")[0])
    subject: Any = session.find(kind, task.subject_id) if kind else None
    related.update(dict.fromkeys(getattr(subject, name, None) for name in ("release_id", "runbook_id")))
    return [identity for identity in related if identity]


class Shelf:
    """Where what scripts leave behind is put."""

    def __init__(self, database: Database, blobs: BlobStore) -> None:
        self._database = database
        self._blobs = blobs

    async def put(self, task_id: str, key: str, left: Left, source: str, content: DataStream) -> str:
        """Keeps a file of a task and returns its id; the same key again replaces the content."""
        note = partial(_note, task_id=task_id, key=key, left=left, source=source)
        artifact = await self._database.write(note)
        size = await self._blobs.put(artifact.blob_key, _pieces(content))
        await self._database.write(partial(note_size, artifact_id=artifact.id, size=size))
        return artifact.id


def _note(session: Session, *, task_id: str, key: str, left: Left, source: str) -> Artifact:
    table = ARTIFACTS.table
    same = (table.c.server_task_id == task_id, table.c.log_correlation_id == key)
    existing = session.first(ARTIFACTS, *same)
    if existing is not None:
        return existing
    task = find_task(session, task_id)
    now = session.clock.now()
    artifact = Artifact(
        space_id=(task.space_id if task else None) or "",
        filename=plain_name(left.name) or "artifact",
        source=source,
        server_task_id=task_id,
        log_correlation_id=key,
        created=now,
        related_document_ids=related_to(session, task) if task else [],
        last_modified_on=now,
        last_modified_by="system",
    )
    return session.insert(ARTIFACTS, artifact)


def note_size(session: Session, *, artifact_id: str, size: int) -> Artifact | None:
    """Once the content is there; nothing for an artifact that was deleted meanwhile."""
    artifact = session.find(ARTIFACTS, artifact_id)
    if artifact is None:
        return None
    artifact.size_bytes = size
    return session.update(ARTIFACTS, artifact)


async def _pieces(content: DataStream) -> AsyncIterator[bytes]:
    chunks = content.chunks()
    while chunk := await asyncio.to_thread(next, chunks, b""):
        yield chunk
