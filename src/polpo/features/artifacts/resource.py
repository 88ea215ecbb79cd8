"""An artifact, as stored and sent. Its content is a blob beside it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import sqlalchemy as sa

from polpo.rest.links import register
from polpo.store.discarding import discard
from polpo.store.documents import Document
from polpo.store.kinds import define


class Artifact(Document):
    """`log_correlation_id` tells the artifacts of one task apart, so that a script that is seen again leaves no second.

    `related_document_ids` are what lists are narrowed by: deployment, release, project, environment.
    `size_bytes` is null while the content has not come in, and of artifacts from before sizes were kept.
    """

    space_id: str = ""
    filename: str = ""
    source: str = ""
    server_task_id: str = ""
    log_correlation_id: str = ""
    created: datetime | None = None
    size_bytes: int | None = None
    related_document_ids: list[str] = []

    @property
    def blob_key(self) -> str:
        return f"artifacts/{self.space_id}/{self.id}"


def _related(artifact: Artifact) -> Iterator[tuple[str, str, str]]:
    for place, identity in enumerate(artifact.related_document_ids):
        yield f"RelatedDocumentIds[{place}]", identity.rpartition("-")[0], identity


ARTIFACTS = define(
    "Artifacts",
    Artifact,
    sa.Column("filename_key", sa.Text, nullable=False),
    sa.Column("server_task_id", sa.Text, nullable=False),
    sa.Column("log_correlation_id", sa.Text, nullable=False),
    singular="artifact",
    computed={"filename_key": lambda artifact: artifact.filename.casefold()},
    order=("seq",),
    indexes=[("server_task_id", "log_correlation_id")],
    owned_by=["Deployments", "RunbookRuns", "Releases", "Runbooks", "Projects", "Environments", "Tenants"],
    mentions=_related,
    removed=lambda session, artifact: discard(session, [artifact.blob_key]),
)

register(
    Artifact,
    {
        "Self": "/api/{SpaceId}/artifacts/{Id}",
        "Content": "/api/{SpaceId}/artifacts/{Id}/content",
    },
)
