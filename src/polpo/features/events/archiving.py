"""The archive of the audit trail: old events leave the database for files, one for each day, and stay readable.

A file is a gzip of lines, each the JSON of one event with what it changed, in the order in which they happened. What
has come into its file is deleted from the database afterwards; when the server dies in between, the file is found to
have the events already.
"""

from __future__ import annotations

import asyncio
import gzip
import re
from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from itertools import takewhile

import msgspec
import sqlalchemy as sa

from polpo.features.configuration.sections import RETENTION
from polpo.features.configuration.service import read_section
from polpo.features.events.chain import KIND, Anchor, Chain
from polpo.features.events.lines import COLUMNS, lines_of
from polpo.features.events.resource import ArchivedEventFile
from polpo.features.events.service import number_of
from polpo.features.events.tables import event, event_about, event_detail
from polpo.features.events.trail import count_more
from polpo.kernel.clock import iso
from polpo.kernel.errors import NotFound
from polpo.store.blobs import BlobStore
from polpo.store.changes import Happening
from polpo.store.database import Database
from polpo.store.documents import Resource
from polpo.store.session import Session

#: How long events stay in the database unless the server's configuration says otherwise.
EVENT_DAYS = 90
_FOLDER = "events"
_NAME = re.compile(r"events-(\d{4}-\d{2}-\d{2})\.jsonl\.gz")
_READ, _DELETED = 2_000, 500
_e = event.c


async def archive_events(database: Database, blobs: BlobStore, chain: Chain) -> AsyncIterator[tuple[date, int]]:
    """Moves whole days that are old enough, the oldest first; each day with how many events it had."""
    while (day := await asyncio.to_thread(_oldest_day, database)) is not None:
        name, known = f"events-{day}.jsonl.gz", b""
        if await blobs.exists(key_of(name)):
            known = await blobs.get(key_of(name))
        packed, numbers = await asyncio.to_thread(_packed, database, day, known)
        await blobs.put(key_of(name), packed)
        for start in range(0, len(numbers), _DELETED):
            batch = numbers[start : start + _DELETED]
            await database.write(partial(_delete, numbers=batch, name=name, chain=chain))
        await database.write(partial(_tell, name=name, count=len(numbers)))
        yield day, len(numbers)


def key_of(name: str) -> str:
    if not _NAME.fullmatch(name):
        raise NotFound(f"There is no archived file of events '{name}'.")
    return f"{_FOLDER}/{name}"


async def archived_files(blobs: BlobStore) -> list[str]:
    """The names, newest first."""
    return _names(await blobs.list(_FOLDER))[::-1]


def archive_names_now(blobs: BlobStore) -> list[str]:
    """The names, oldest first, for a thread that may wait."""
    return _names(blobs.keys_now(_FOLDER))


def _names(keys: Iterable[str]) -> list[str]:
    names = (key.rpartition("/")[2] for key in keys)
    return sorted(name for name in names if _NAME.fullmatch(name))


async def described(blobs: BlobStore, name: str) -> ArchivedEventFile:
    found = _NAME.fullmatch(name)
    day = datetime.fromisoformat(found.group(1)).replace(tzinfo=UTC) if found else None
    size = await blobs.size(key_of(name))
    return ArchivedEventFile(id=name, name=name, created_date=day, modified_date=day, file_bytes=size)


def _oldest_day(database: Database) -> date | None:
    """Of the first event, when it is old enough. Those behind it were told later, whatever their clock said."""
    with database.read() as session:
        days = read_section(session, RETENTION).retention_days or EVENT_DAYS
        last = (session.clock.now() - timedelta(days=days)).date()
        oldest = session.connection.execute(sa.select(_e.occurred).order_by(_e.seq).limit(1)).scalar()
    day = datetime.fromisoformat(oldest).date() if oldest else None
    return day if day is not None and day < last else None


def _packed(database: Database, day: date, known: bytes) -> tuple[bytes, list[int]]:
    """The day's file, what it had before included, and the numbers of the events that are in the database.

    They are the first ones there, up to one of a later day: so what is left is the end of the chain.
    """
    end = iso(datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(days=1))
    had = {number_of(msgspec.json.decode(line)["Id"]) for line in gzip.decompress(known).splitlines()}
    parts, last = [known], -1
    numbers: list[int] = []
    while True:
        with database.read() as session:
            statement = sa.select(*COLUMNS, _e.occurred).where(_e.seq > last).order_by(_e.seq).limit(_READ)
            rows = list(takewhile(lambda row: row.occurred < end, session.connection.execute(statement)))
            lines = list(lines_of(session, [row for row in rows if row.seq not in had]))
        if not rows:
            return b"".join(parts), numbers
        if lines:
            parts.append(gzip.compress(b"".join(lines)))
        numbers += [row.seq for row in rows]
        last = numbers[-1]


def _delete(session: Session, numbers: Sequence[int], name: str, chain: Chain) -> None:
    _anchor(session, numbers, name, chain)
    counted = sa.select(_e.space_id, sa.func.count()).where(_e.seq.in_(numbers)).group_by(_e.space_id)
    for space_id, count in session.connection.execute(counted).all():
        count_more(session, space_id or "", -count)
    _delete_listings(session, numbers)
    for table in (event_detail, event):
        session.connection.execute(sa.delete(table).where(table.c.seq.in_(numbers)))
    session.written.add(KIND)


def _delete_listings(session: Session, numbers: Sequence[int]) -> None:
    """By what the events name themselves: by the numbers alone the whole table would be read. No other is between."""
    documents = session.connection.execute(sa.select(_e.doc).where(_e.seq.in_(numbers))).scalars()
    named = {identity for document in documents for identity in _named(document).related_document_ids}
    about = event_about.c
    session.connection.execute(
        sa.delete(event_about).where(about.document_id.in_(named), about.seq.between(numbers[0], numbers[-1]))
    )


class _Named(Resource):
    related_document_ids: list[str] = []


_named = msgspec.json.Decoder(_Named).decode


def _anchor(session: Session, numbers: Sequence[int], name: str, chain: Chain) -> None:
    """What leaves the database stays known by its numbers and its last hash. What is outside of the chain does not."""
    bound = sa.select(_e.seq, _e.hash).where(_e.seq.in_(numbers), _e.hash.is_not(None)).order_by(_e.seq)
    rows = session.connection.execute(bound).all()
    if not rows:
        return
    known = chain.anchor(session, name)
    first = known.first if known is not None and not known.deleted else rows[0].seq
    chain.note(session, Anchor(name, first, rows[-1].seq, bytes(rows[-1].hash)))


def _tell(session: Session, name: str, count: int) -> None:
    message = f"{count} events were moved to the archive {name}"
    session.happened(Happening("EventsArchived", message, None, KIND, (name,)))


def forget_archive(session: Session, chain: Chain, name: str) -> None:
    """Notes that a file is about to be deleted for good, so that what was in it is not taken for stolen."""
    known = chain.anchor(session, name)
    told = ""
    if known is not None:
        told = f", with the events {KIND}-{known.first} to {KIND}-{known.last}"
        deleted = f"{iso(session.clock.now())} by {session.actor.username}"
        chain.note(session, replace(known, deleted=deleted))
    session.happened(Happening("EventArchiveDeleted", f"The archive {name} was deleted{told}", None, KIND, (name,)))
