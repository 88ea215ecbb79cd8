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
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import msgspec
import sqlalchemy as sa

from polpo.features.events.archiving import archive_names_now, key_of
from polpo.features.events.chain import KIND, Anchor, Chain, Link, begin_of, head_of
from polpo.features.events.findings import Findings, span
from polpo.features.events.lines import COLUMNS, NoEvent, Stored, event_of, stored_events
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


@dataclass
class _Stretch:
    """Events whose numbers follow each other. The first is judged when the one before it is known."""

    place: str
    first: int
    content: bytes
    first_hash: bytes
    last: int
    last_hash: bytes


@dataclass(frozen=True)
class Verdict:
    """`faults` and `notes` are sentences. Whoever keeps the head can find out later that the end was cut off."""

    faults: list[str]
    notes: list[str]
    checked: int
    head: Link | None


@dataclass
class _Ends:
    """What the database says of the chain; read together with its events."""

    begin: Link | None
    head: Link | None
    anchors: list[Anchor]


@dataclass
class _Trail:
    """What has been read so far."""

    chain: Chain
    findings: Findings
    expected: Link | None
    begin: int  # the number of the first event of the chain
    stretches: list[_Stretch] = field(default_factory=list)
    checked: int = 0
    unbound: int = 0
    met: bytes | None = None  # the hash of the event that is expected

    def read(self, one: Stored, place: str) -> None:
        if one.hash is None or one.seq < self.begin:  # what another key bound, before that was lost, counts as unbound
            self._read_unbound(one.seq, place)
            return
        self.checked += 1
        if self.expected is not None and one.seq == self.expected.seq:
            self.met = one.hash
        last = self.stretches[-1] if self.stretches else None
        if last is None or last.place != place or one.seq != last.last + 1:
            self.stretches.append(_Stretch(place, one.seq, one.content, one.hash, one.seq, one.hash))
        else:
            self._follow(last, one)

    def _read_unbound(self, seq: int, place: str) -> None:
        self.unbound += 1
        if seq >= self.begin:
            self.findings.fault(seq, f"{KIND}-{seq} in {place} has no hash: no server of this version wrote it.")

    def _follow(self, stretch: _Stretch, one: Stored) -> None:
        assert one.hash is not None  # noqa: S101 - the caller has seen to it
        if self.chain.hash(stretch.last_hash, one.seq, one.content) != one.hash:
            self.findings.misfit(one.seq, stretch.place)
        stretch.last, stretch.last_hash = one.seq, one.hash


def verify(database: Database, blobs: BlobStore, chain: Chain, expected: Link | None = None) -> Verdict:
    """`expected` is a head that was kept elsewhere."""
    findings = Findings()
    with database.read() as session:
        ends = _ends(session, chain, findings)
        trail = _Trail(chain, findings, expected, ends.begin.seq + 1 if ends.begin else 0)
        _read_database(session, trail)
    oldest = min((one.first for one in trail.stretches), default=None)
    _read_archive(blobs, trail, oldest)
    if ends.begin is None and (trail.stretches or ends.head):
        findings.fault(0, "The record of where the chain begins is gone from the table event_chain.")
    _join(trail, ends)
    _compare_heads(trail, ends)
    if trail.unbound:
        findings.note(f"{trail.unbound} events were told before there was a chain; nobody can verify them.")
    return Verdict(findings.faults(), findings.notes, trail.checked, ends.head)


def _ends(session: Session, chain: Chain, findings: Findings) -> _Ends:
    anchors, forged = chain.anchors(session)
    for name in forged:
        findings.fault(0, f"What the table event_chain says of {name} is not what the server wrote.")
    return _Ends(begin_of(session), head_of(session), anchors)


# -- the database


def _read_database(session: Session, trail: _Trail) -> None:
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


def _read_archive(blobs: BlobStore, trail: _Trail, oldest: int | None) -> None:
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


# -- both


def _join(trail: _Trail, ends: _Ends) -> None:
    """From the beginning on, each stretch has to follow the one before it."""
    stretches = sorted(trail.stretches, key=lambda one: one.first)
    if ends.begin is not None:
        next_seq, before = ends.begin.seq + 1, trail.chain.beginning(ends.begin.seq)
    elif stretches:
        next_seq, before = stretches[0].first, trail.chain.beginning(stretches[0].first - 1)
    else:
        return
    for one in stretches:
        if one.first < next_seq:
            trail.findings.fault(one.first, f"{span(one.first, one.last)} in {one.place} are there more than once.")
            continue
        known: bytes | None = before
        if one.first > next_seq:
            known = _across_gap(trail, ends.anchors, next_seq, one.first - 1)
        if known is not None and trail.chain.hash(known, one.first, one.content) != one.first_hash:
            trail.findings.misfit(one.first, one.place)
        next_seq, before = one.last + 1, one.last_hash
    if ends.head is not None and ends.head.seq >= next_seq:
        after = _across_gap(trail, ends.anchors, next_seq, ends.head.seq)
        next_seq, before = ends.head.seq + 1, after or ends.head.hash
    _check_head(trail, ends.head, next_seq - 1, before)


def _across_gap(trail: _Trail, anchors: list[Anchor], first: int, last: int) -> bytes | None:
    """Tells of the missing events, unless they went with files that were deleted in order; the hash of the last one."""
    known: bytes | None = None
    at = first
    for anchor in anchors:
        if anchor.last < at or anchor.first > last:
            continue
        if anchor.first > at:
            trail.findings.missing(at, anchor.first - 1)
        to = min(anchor.last, last)
        at = max(at, anchor.first)
        if anchor.deleted:
            trail.findings.note(f"{span(at, to)} went with {anchor.name}, which was deleted at {anchor.deleted}.")
        else:
            trail.findings.missing(at, to, anchor.name)
        at, known = to + 1, anchor.hash if to == anchor.last else None
    if at <= last:
        trail.findings.missing(at, last)
        return None
    return known


def _check_head(trail: _Trail, head: Link | None, last: int, last_hash: bytes) -> None:
    if head is None:
        if trail.stretches:
            trail.findings.fault(last, "The record of the last event is gone from the table event_chain.")
    elif last > head.seq:
        trail.findings.fault(
            head.seq + 1,
            f"{span(head.seq + 1, last)} were inserted: the server has told no more than {KIND}-{head.seq}.",
        )
    elif last_hash != head.hash:
        trail.findings.fault(
            head.seq, f"The record of the last event in the table event_chain does not fit {KIND}-{last}."
        )


def _compare_heads(trail: _Trail, ends: _Ends) -> None:
    """With the head that was kept elsewhere."""
    expected = trail.expected
    if expected is None:
        return
    known = trail.met or next((one.hash for one in ends.anchors if one.last == expected.seq), None)
    last = ends.head.seq if ends.head else 0
    if known == expected.hash:
        trail.findings.note(f"The head that you kept, {KIND}-{expected.seq}, is in the trail.")
    elif expected.seq > last:
        trail.findings.fault(
            expected.seq,
            f"The end was cut off: you kept {KIND}-{expected.seq} as the head, and the trail ends at {KIND}-{last}.",
        )
    elif known is not None:
        trail.findings.fault(
            expected.seq, f"{KIND}-{expected.seq} is not the one whose hash you kept: the trail was made anew."
        )
    elif any(one.deleted and one.first <= expected.seq <= one.last for one in ends.anchors):
        trail.findings.note(f"{KIND}-{expected.seq}, whose hash you kept, went with a file that was deleted in order.")
    else:
        trail.findings.fault(expected.seq, f"{KIND}-{expected.seq}, whose hash you kept, is not in the trail.")
