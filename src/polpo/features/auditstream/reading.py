"""What is to be sent next: from the database, or from the archive where events have gone there meanwhile."""

from __future__ import annotations

import gzip
import io
from collections.abc import Iterator
from dataclasses import dataclass

import sqlalchemy as sa

from polpo.features.auditstream.parcels import bounded
from polpo.features.events.archiving import key_of
from polpo.features.events.chain import Anchor, Chain
from polpo.features.events.findings import span
from polpo.features.events.lines import COLUMNS, NoEvent, event_of, line_of, stored_events
from polpo.features.events.tables import event
from polpo.kernel.errors import NotFound
from polpo.store.blobs import BlobStore
from polpo.store.database import Database

MOST = 100
_MOST_BYTES = 800_000
_e = event.c


@dataclass(frozen=True)
class Batch:
    """Lines of events, and the number of the last. Without lines: what is up to there is gone, as `gone` says."""

    lines: list[bytes]
    last: int
    gone: str = ""


class Reader:
    """For one thread at a time. A file of the archive is read on where the last batch ended."""

    def __init__(self, database: Database, blobs: BlobStore, chain: Chain) -> None:
        self._database = database
        self._blobs = blobs
        self._chain = chain
        self._file: tuple[str, int, Iterator[tuple[int, bytes]]] | None = None

    def after(self, seq: int, most: int = MOST) -> Batch | None:
        """The events that follow the number; None when there are none yet."""
        with self._database.read() as session:
            statement = sa.select(*COLUMNS).where(_e.seq > seq).order_by(_e.seq).limit(most)
            rows = session.connection.execute(statement).all()
            following = [row for place, row in enumerate(rows, seq + 1) if row.seq == place]
            if following:
                return _batch(((one.seq, line_of(one)) for one in stored_events(session, following)), most)
            anchors, _ = self._chain.anchors(session)
        known = next((one for one in anchors if one.first <= seq + 1 <= one.last), None)
        if known is not None:
            return self._from_archive(known, seq, most)
        if not rows:
            return None
        missing = span(seq + 1, rows[0].seq - 1)
        return Batch([], rows[0].seq - 1, f"The audit stream left out {missing}: they are not in the trail any more")

    def _from_archive(self, anchor: Anchor, seq: int, most: int) -> Batch:
        missing = f"The audit stream left out {span(seq + 1, anchor.last)}"
        if anchor.deleted:
            return Batch([], anchor.last, f"{missing}: {anchor.name} was deleted at {anchor.deleted}")
        if self._file is None or self._file[:2] != (anchor.name, seq):
            try:
                self._file = (anchor.name, seq, self._events(anchor.name, seq))
            except NotFound:
                return Batch([], anchor.last, f"{missing}: {anchor.name} is not in the archive any more")
        lines = self._file[2]
        try:
            found = _batch(lines, most)
        except (OSError, EOFError, NoEvent):
            found = None
        if found is None:
            self._file = None
            return Batch([], anchor.last, f"{missing}: {anchor.name} does not have them")
        self._file = (anchor.name, found.last, lines)
        return found

    def _events(self, name: str, seq: int) -> Iterator[tuple[int, bytes]]:
        packed = io.BytesIO(self._blobs.get_now(key_of(name)))
        lines = (line.rstrip(b"\n") for line in gzip.GzipFile(fileobj=packed))
        events = ((event_of(line).seq, line) for line in lines)
        return ((number, line) for number, line in events if number > seq)


def _batch(events: Iterator[tuple[int, bytes]], most: int) -> Batch | None:
    """Stops before no event: one that was taken from the iterator is in the batch."""
    lines: list[bytes] = []
    last, size = 0, 0
    for number, line in events:
        lines.append(bounded(line))
        last, size = number, size + len(lines[-1])
        if len(lines) >= most or size >= _MOST_BYTES:
            break
    return Batch(lines, last) if lines else None
