"""The stretches of an audit trail: what was read of it, joined from its beginning to its head."""

from __future__ import annotations

from dataclasses import dataclass, field

from polpo.features.events.chain import KIND, Anchor, Chain, Link
from polpo.features.events.findings import Findings, span
from polpo.features.events.lines import Stored


@dataclass
class Stretch:
    """Events whose numbers follow each other. The first is judged when the one before it is known."""

    place: str
    first: int
    content: bytes
    first_hash: bytes
    last: int
    last_hash: bytes


@dataclass
class Ends:
    """What the database says of the chain; read together with its events."""

    begin: Link | None
    head: Link | None
    anchors: list[Anchor]


@dataclass
class Trail:
    """What has been read so far."""

    chain: Chain
    findings: Findings
    expected: Link | None
    begin: int  # the number of the first event of the chain
    stretches: list[Stretch] = field(default_factory=list)
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
            self.stretches.append(Stretch(place, one.seq, one.content, one.hash, one.seq, one.hash))
        else:
            self._follow(last, one)

    def _read_unbound(self, seq: int, place: str) -> None:
        self.unbound += 1
        if seq >= self.begin:
            self.findings.fault(seq, f"{KIND}-{seq} in {place} has no hash: no server of this version wrote it.")

    def _follow(self, stretch: Stretch, one: Stored) -> None:
        assert one.hash is not None  # noqa: S101 - the caller has seen to it
        if self.chain.hash(stretch.last_hash, one.seq, one.content) != one.hash:
            self.findings.misfit(one.seq, stretch.place)
        stretch.last, stretch.last_hash = one.seq, one.hash


def join(trail: Trail, ends: Ends) -> None:
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


def _across_gap(trail: Trail, anchors: list[Anchor], first: int, last: int) -> bytes | None:
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


def _check_head(trail: Trail, head: Link | None, last: int, last_hash: bytes) -> None:
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


def compare_heads(trail: Trail, ends: Ends) -> None:
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
