"""Artifacts over HTTP: what they are, and their content, up and down."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import sqlalchemy as sa
from litestar.response import Stream

from polpo.features.artifacts.guarding import ARTIFACT_PROTECTION, find_artifact, guard_artifact
from polpo.features.artifacts.resource import ARTIFACTS, Artifact
from polpo.features.artifacts.service import note_size, settle_artifact
from polpo.features.releases.service import find_release
from polpo.kernel.errors import NotFound, TooLarge
from polpo.rest.answers import Page, attachment, stored_page
from polpo.rest.bodies import pieces
from polpo.rest.call import Call
from polpo.rest.collection import stamp
from polpo.rest.permissions import Permission
from polpo.rest.routes import Routes
from polpo.rest.telling import tell_download
from polpo.rest.uploads import Uploads
from polpo.store.blobs import BlobStore
from polpo.store.discarding import sweep
from polpo.store.kinds import reference

routes = Routes("artifacts")

_VIEW = Permission.ARTIFACT_VIEW


@routes.get(
    "/artifacts",
    _VIEW,
    paged=True,
    response=Artifact,
    query=("skip", "take", "regarding", "ids", "partialName", "order"),
)
def list_artifacts(call: Call) -> Page[Artifact]:
    """List artifacts, newest first, or oldest first with order=asc; `regarding` is a task, a deployment, a release…"""
    return _page(call)


@routes.get("/releases/{id}/artifacts", _VIEW, paged=True, response=Artifact, query=("skip", "take"))
def artifacts_of_release(call: Call, id: str) -> Page[Artifact]:
    """The artifacts of the deployments of a release, newest first"""
    return _page(call, find_release(call.session, call.space, id).id)


def _page(call: Call, regarding: str | None = None) -> Page[Artifact]:
    table, paging = ARTIFACTS.table, call.paging
    where = [table.c.space_id == call.space, *call.narrowed(_VIEW, ARTIFACT_PROTECTION)]
    if ids := call.texts("ids"):
        where.append(table.c.id.in_(ids))
    if (part := call.text("partialName")) is not None:
        where.append(table.c.filename_key.contains(part.casefold(), autoescape=True))
    if (regarding := regarding or call.text("regarding")) is not None:
        users = sa.select(reference.c.from_id).where(
            reference.c.to_id == regarding, reference.c.from_kind == ARTIFACTS.name
        )
        where.append(sa.or_(table.c.server_task_id == regarding, table.c.id.in_(users)))
    ascending = (call.text("order") or "").lower().startswith("asc")
    order = [table.c.seq if ascending else table.c.seq.desc()]
    found = call.session.page(ARTIFACTS, *where, order=order, skip=paging.skip, take=paging.take)
    return stored_page(ARTIFACTS, found, paging)


@routes.post("/artifacts", Permission.ARTIFACT_CREATE, status=201)
def create_artifact(call: Call, body: Artifact) -> Artifact:
    """Create an artifact, whose content follows"""
    body.id, body.space_id, body.log_correlation_id, body.size_bytes = "", call.space, "", None
    body.created = call.clock.now()
    stamp(call, body)
    settle_artifact(call.session, body)
    guard_artifact(call, body)
    return call.session.insert(ARTIFACTS, body)


@routes.get("/artifacts/{id}", _VIEW)
def get_artifact(call: Call, id: str) -> Artifact:
    """Get an artifact, without its content"""
    return find_artifact(call, id)


@routes.put("/artifacts/{id}", Permission.ARTIFACT_EDIT)
def replace_artifact(call: Call, id: str, body: Artifact) -> Artifact:
    """Rename an artifact; the task that it belongs to stays"""
    artifact = find_artifact(call, id)
    artifact.filename = body.filename
    stamp(call, artifact)
    settle_artifact(call.session, artifact)
    return call.session.update(ARTIFACTS, artifact)


@routes.delete("/artifacts/{id}", Permission.ARTIFACT_DELETE, asks_scope=True)
async def delete_artifact(call: Call, id: str) -> None:
    """Delete an artifact with its content"""
    await call.write(lambda here: here.session.delete(ARTIFACTS, find_artifact(here, id).id))
    await sweep(call.database, call.parts.get(BlobStore))


@routes.get("/artifacts/{id}/content", _VIEW, asks_scope=True)
async def download_content(call: Call, id: str) -> Any:
    """Download the content of an artifact"""
    with call.reading() as here:
        artifact = find_artifact(here, id)
    blobs = call.parts.get(BlobStore)
    if not await blobs.exists(artifact.blob_key):
        raise NotFound(
            f"The artifact '{artifact.filename}' has no content; it was not handed in, or is not here any more."
        )
    about = (artifact.id, *filter(None, [artifact.server_task_id]))
    await tell_download(call, f"The artifact {artifact.filename}", ARTIFACTS.name, *about)
    headers = {
        "Content-Length": str(await blobs.size(artifact.blob_key)),
        **attachment(artifact.filename),
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
    }
    return Stream(blobs.stream(artifact.blob_key), media_type="application/octet-stream", headers=headers)


@routes.put("/artifacts/{id}/content", Permission.ARTIFACT_CREATE, asks_scope=True)
async def upload_content(call: Call, id: str) -> Artifact:
    """Hand in the content of an artifact, as the body of the request; it replaces what was there"""
    with call.reading() as here:
        artifact = find_artifact(here, id)
    limit = call.parts.get(Uploads).limit
    size = await call.parts.get(BlobStore).put(artifact.blob_key, _bounded(call, limit))
    kept = await call.write(lambda here: note_size(here.session, artifact_id=id, size=size))
    return kept or artifact


async def _bounded(call: Call, limit: int) -> AsyncIterator[bytes]:
    size = 0
    async for chunk in pieces(call.request):
        size += len(chunk)
        if size > limit:
            sentence = f"The content is larger than {limit >> 20} MB, the most that this server takes."
            raise TooLarge(sentence, [sentence])
        if chunk:
            yield bytes(chunk)
