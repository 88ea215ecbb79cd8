"""The archive of the audit trail over HTTP."""

from __future__ import annotations

from typing import Any

from litestar.response import Stream

from polpo.features.events.archiving import archived_files, described, forget_archive, key_of
from polpo.features.events.chain import KIND, Chain
from polpo.features.events.resource import ArchivedEventFile
from polpo.rest.answers import Page, attachment
from polpo.rest.call import Call
from polpo.rest.permissions import Permission
from polpo.rest.routes import Routes
from polpo.rest.telling import tell_download
from polpo.store.blobs import BlobStore

routes = Routes("events", scope="system")


@routes.get("/events/archives", Permission.EVENT_RETENTION_VIEW, response=ArchivedEventFile, paged=True)
async def list_archives(call: Call) -> Page[ArchivedEventFile]:
    """List the files of events that have left the database, newest first"""
    blobs, paging = call.parts.get(BlobStore), call.paging
    names = await archived_files(blobs)
    shown = names[paging.skip : paging.skip + paging.take]
    return Page([await described(blobs, name) for name in shown], len(names), paging, "ArchivedEventFile")


@routes.get("/events/archives/{id}", Permission.EVENT_RETENTION_VIEW)
async def download_archive(call: Call, id: str) -> Any:
    """Download a file of archived events: a gzip of lines, each the JSON of one event"""
    blobs, key = call.parts.get(BlobStore), key_of(id)
    size = await blobs.size(key)
    await tell_download(call, f"The archive {id}", KIND, id)
    headers = {
        "Content-Length": str(size),
        **attachment(id),
        "X-Content-Type-Options": "nosniff",
    }
    return Stream(blobs.stream(key), media_type="application/gzip", headers=headers)


@routes.delete("/events/archives/{id}", Permission.EVENT_RETENTION_DELETE)
async def delete_archive(call: Call, id: str) -> None:
    """Delete a file of archived events for good"""
    blobs, chain = call.parts.get(BlobStore), call.parts.get(Chain)
    await blobs.size(key_of(id))
    await call.write(lambda within: forget_archive(within.session, chain, id))
    await blobs.delete(key_of(id))
