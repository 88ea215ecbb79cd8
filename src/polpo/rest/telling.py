"""Telling the audit trail of what was only read: a route that reads writes no document, so nothing tells of it else."""

from __future__ import annotations

from polpo.rest.call import Call
from polpo.store.changes import Happening

DOWNLOADED, EXPORTED = "FileDownloaded", "EventsExported"


async def tell_download(call: Call, what: str, document_type: str, *about: str) -> None:
    """Before the first byte goes out; a download that cannot be told of is none. `what` is the subject of a sentence.

    For asynchronous routes. `about` are ids, that of what was downloaded first.
    """
    happening = _download(call, DOWNLOADED, what, document_type, about)
    await call.database.write(lambda session: session.happened(happening))


def tell_later(call: Call, category: str, what: str, document_type: str, *about: str) -> None:
    """The same for routes whose session reads: the telling is queued, and is in the trail a moment later."""
    happening = _download(call, category, what, document_type, about)
    call.database.submit(lambda session: session.happened(happening), call.session.actor)


def _download(call: Call, category: str, what: str, document_type: str, about: tuple[str, ...]) -> Happening:
    return Happening(category, f"{what} was downloaded", call.space_id, document_type, about)
