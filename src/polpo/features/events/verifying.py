"""Verifying the audit trail: the database and the files of the archive, event by event.

The database is read first, in one view of it, then the files; so a server may go on meanwhile. What was read is kept as
stretches of events whose numbers follow each other; in the end these are joined, and what lies between two of them is
missing. Only the master key is needed besides, and nothing is written.
"""

from __future__ import annotations

import gzip
import io
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
import sqlalchemy as sa

from polpo.features.events.archiving import archive_names_now, key_of
from polpo.features.events.chain import KIND, Chain, Link, begin_of, head_of
from polpo.features.events.findings import Findings, span
from polpo.features.events.lines import COLUMNS, NoEvent, Stored, event_of, stored_events
from polpo.features.events.stretches import Ends, Trail, compare_heads, join
from polpo.features.events.tables import event, event_about
from polpo.kernel.clock import iso
from polpo.kernel.errors import NotFound
from polpo.store.blobs import BlobStore
from polpo.store.database import Database
from polpo.store.documents import Resource
from polpo.store.session import Session

_READ = 1_000
_e = event.c


class _Told(Resource):
    """What a stored event says that columns and other tables say once more."""

    id: str
    space_id: str | None = None
    category: str = ""
    occurred: datetime | None = None
    user_id: str | None = None
    related_document_ids: list[str] = []


_decode = msgspec.json.Decoder(_Told).decode


@dataclass(frozen=True)
class Verdict:
    """`faults` and `notes` are sentences. Whoever keeps the head can find out later that the end was cut off."""

    faults: list[str]
    notes: list[str]
    checked: int
    head: Link | None


def verify(
    database: Database, blobs: BlobStore, chain: Chain, before: int = 0, expected: Link | None = None
) -> Verdict:
    """`before` is the number of the last event before there was a chain; `expected` a head that was kept elsewhere."""
    findings = Findings()
    with database.read() as session:
        ends = _ends(session, chain, findings)
        trail = Trail(chain, findings, expected, ends.begin.seq + 1 if ends.begin else 0)
        _read_database(session, trail)
    oldest = min((one.first for one in trail.stretches), default=None)
    _read_archive(blobs, trail, oldest)
    if ends.begin is None and (trail.stretches or ends.head):
        findings.fault(0, "The record of where the chain begins is gone from the table event_chain.")
    if ends.begin is not None and ends.begin.seq > before:
        findings.fault(
            before + 1,
            f"The chain was begun anew: {span(before + 1, ends.begin.seq)} were bound by it, and are not any more.",
        )
    join(trail, ends)
    compare_heads(trail, ends)
    if trail.unbound:
        since = f"before the chain began, with {KIND}-{trail.begin}"
        findings.note(f"{trail.unbound} events were told {since}; nobody can verify them.")
    return Verdict(findings.faults(), findings.notes, trail.checked, ends.head)


def _ends(session: Session, chain: Chain, findings: Findings) -> Ends:
    anchors, forged = chain.anchors(session)
    for name in forged:
        findings.fault(0, f"What the table event_chain says of {name} is not what the server wrote.")
    return Ends(begin_of(session), head_of(session), anchors)


# -- the database


def _read_database(session: Session, trail: Trail) -> None:
    """`marks` has a number for each event; it comes out as zero where the event is listed under just what it names."""
    low, high = session.connection.execute(sa.select(sa.func.min(_e.seq), sa.func.max(_e.seq))).one()
    low, high = low or 0, high or -1
    marks = array("q", bytes(8 * max(high - low + 1, 0)))
    last = low - 1
    while True:
        named = (_e.space_id, _e.occurred, _e.category, _e.user_id)
        statement = sa.select(*COLUMNS, *named).where(_e.seq > last).order_by(_e.seq).limit(_READ)
        rows = session.connection.execute(statement).all()
        if not rows:
            break
        for row, one in zip(rows, stored_events(session, rows), strict=True):
            _check_columns(row, one, trail.findings, marks, low)
            trail.read(one, "the database")
        last = rows[-1].seq
    _check_lists(session, trail.findings, marks, low, high)


def _check_columns(row: Sequence[Any], one: Stored, findings: Findings, marks: array[int], low: int) -> None:
    try:
        told = _decode(one.document)
    except msgspec.MsgspecError:
        findings.unreadable(one.seq, "the database")
        return
    if told.id != f"{KIND}-{one.seq}":
        findings.misplaced(one.seq, told.id, "the database")
    says = (told.space_id, iso(told.occurred) if told.occurred else "", told.category, told.user_id)
    for name, column, value in zip(
        ("space_id", "occurred", "category", "user_id"), row[len(COLUMNS) :], says, strict=True
    ):
        if column != value:
            findings.fault(
                one.seq, f"{KIND}-{one.seq} was altered: its column {name} says '{column}', the event says '{value}'."
            )
    for identity in set(told.related_document_ids):
        marks[one.seq - low] ^= hash((identity, one.seq))


def _check_lists(session: Session, findings: Findings, marks: array[int], low: int, high: int) -> None:
    stray: list[int] = []
    statement = sa.select(event_about.c.document_id, event_about.c.seq).execution_options(yield_per=_READ)
    for identity, seq in session.connection.execute(statement):
        if low <= seq <= high:
            marks[seq - low] ^= hash((identity, seq))
        else:
            stray.append(seq)
    for place, mark in enumerate(marks):
        if mark:
            findings.fault(low + place, f"{KIND}-{low + place} is listed under other documents than it names.")
    if stray:
        where = span(min(stray), max(stray))
        findings.fault(min(stray), f"The table event_about has {len(stray)} rows for events that are gone ({where}).")


# -- the archive


def _read_archive(blobs: BlobStore, trail: Trail, oldest: int | None) -> None:
    """What is in the database, too, was read there; a server that dies while it archives leaves such."""
    for name in archive_names_now(blobs):
        for number, line in _lines(blobs, name, trail.findings):
            try:
                one = event_of(line)
            except NoEvent:
                trail.findings.fault(0, f"Line {number} of {name} was altered: it is no event any more.")
                continue
            if oldest is None or one.seq < oldest:
                trail.read(one, name)


def _lines(blobs: BlobStore, name: str, findings: Findings) -> Iterator[tuple[int, bytes]]:
    try:
        with gzip.open(io.BytesIO(blobs.get_now(key_of(name)))) as file:
            for number, line in enumerate(file, 1):
                yield number, line.rstrip(b"\n")
    except NotFound:
        return  # deleted since the names were read; whoever did it was told of
    except (OSError, EOFError) as error:
        findings.fault(0, f"The file {name} cannot be read to its end: {error}.")
