"""Log lines at rest: batches of lines, packed; how ranges and tails are read; how batches become segments.

Lines are numbered from 1 without gaps within a task. A fresh batch lies inline in its index row. Many small batches are
packed into segments of about 1 MB in the blob store. A segment's key is its first line, and only the last segment of
a task can be small; so when that one grows, its blob is replaced by a longer one with the same beginning, and whoever
still reads by the old index row finds what it expects.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NamedTuple

import msgspec
import sqlalchemy as sa

from polpo.engine.tables import server_task, task_log, task_node
from polpo.kernel.errors import Conflict
from polpo.store.blobs import BlobStore
from polpo.store.discarding import discard
from polpo.store.session import Session

SEGMENT_BYTES = 1 << 20
_FAST = 1

_log = task_log


class Line(NamedTuple):
    """A line as it is stored; `occurred` in microseconds since 1970, UTC."""

    node_id: int
    occurred: int
    category: str
    text: str
    detail: str | None = None


@dataclass(frozen=True, slots=True)
class LogLine:
    """A line as it is read."""

    number: int
    node_id: int
    occurred: datetime
    category: str
    text: str
    detail: str | None


@dataclass(frozen=True)
class NodeRecord:
    """A node of the log tree as it is read; the root has the id 0 and no parent."""

    node_id: int
    key: str
    parent_id: int | None
    name: str
    status: str
    started: datetime | None
    ended: datetime | None
    progress: int
    progress_message: str
    position: int


class Packed(NamedTuple):
    payload: bytes
    raw_size: int


_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(list[Line])


def pack_lines(lines: Sequence[Line]) -> Packed:
    raw = _encoder.encode(lines)
    return Packed(zlib.compress(raw, _FAST), len(raw))


def unpack_lines(payload: bytes) -> list[Line]:
    return _decoder.decode(zlib.decompress(payload))


def micros(moment: datetime) -> int:
    return round(moment.timestamp() * 1_000_000)


# -- reading


def line_count(session: Session, task_id: str) -> int:
    """How many lines the task has so far; 0 for an unknown task."""
    statement = sa.select(server_task.c.log_lines).where(server_task.c.id == task_id)
    return session.connection.execute(statement).scalar() or 0


def read_log(session: Session, blobs: BlobStore, task_id: str, after: int = 0, take: int = 1000) -> list[LogLine]:
    """Up to `take` lines that follow the line with the number `after`, in order."""
    last = after + max(take, 0)
    statement = (
        sa.select(_log)
        .where(_log.c.task_id == task_id, _log.c.first_line <= last, _log.c.first_line + _log.c.line_count > after + 1)
        .order_by(_log.c.first_line)
    )
    found: list[LogLine] = []
    for row in session.connection.execute(statement):
        lines = _lines_of(row, blobs)
        start = max(after + 1 - row.first_line, 0)
        end = min(row.line_count, last + 1 - row.first_line)
        found.extend(_readable(row.first_line + place, lines[place]) for place in range(start, end))
    return found


def sift_log(
    session: Session,
    blobs: BlobStore,
    task_id: str,
    after: int,
    look: int,
    keep: Callable[[Line], bool],
    most: int,
) -> tuple[list[LogLine], int]:
    """Of up to `look` lines that follow the line `after`, those that are to be kept, `most` of them at most; and the
    number of the last line that was looked at. Lines that are not kept are not made readable, which is what costs."""
    end = after + look
    statement = (
        sa.select(_log)
        .where(_log.c.task_id == task_id, _log.c.first_line <= end, _log.c.first_line + _log.c.line_count > after + 1)
        .order_by(_log.c.first_line)
    )
    found: list[LogLine] = []
    last = after
    for row in session.connection.execute(statement):
        lines = _lines_of(row, blobs)
        for place in range(max(after + 1 - row.first_line, 0), min(row.line_count, end + 1 - row.first_line)):
            last = row.first_line + place
            if keep(lines[place]):
                found.append(_readable(last, lines[place]))
                if len(found) >= most:
                    return found, last
    return found, last


def read_tail(session: Session, blobs: BlobStore, task_id: str, take: int = 100) -> list[LogLine]:
    """The last lines; touches only the batches that hold them."""
    total = line_count(session, task_id)
    return read_log(session, blobs, task_id, max(total - take, 0), take)


def nodes(session: Session, task_id: str) -> list[NodeRecord]:
    """The log tree, parents before children, siblings in order."""
    node = task_node
    statement = sa.select(node).where(node.c.task_id == task_id).order_by(node.c.position, node.c.node_id)
    rows = session.connection.execute(statement).mappings()
    found = [NodeRecord(**{name: row[name] for name in NodeRecord.__dataclass_fields__}) for row in rows]
    return list(_parents_first(found))


def _parents_first(found: Iterable[NodeRecord]) -> Iterator[NodeRecord]:
    children: dict[int | None, list[NodeRecord]] = {}
    for node in found:
        children.setdefault(node.parent_id, []).append(node)
    waiting = list(reversed(children.get(None, [])))
    while waiting:
        node = waiting.pop()
        yield node
        waiting.extend(reversed(children.get(node.node_id, [])))


def _lines_of(row: sa.Row[Any], blobs: BlobStore) -> list[Line]:
    return unpack_lines(row.payload if row.payload is not None else blobs.get_now(row.blob_key))


def _readable(number: int, line: Line) -> LogLine:
    occurred = datetime.fromtimestamp(line.occurred / 1_000_000, UTC)
    return LogLine(number, line.node_id, occurred, line.category, line.text, line.detail)


# -- packing


@dataclass(frozen=True)
class Segment:
    """A blob that is written and the index rows that it replaces, with the blobs of those that were segments."""

    task_id: str
    first_lines: tuple[int, ...]
    line_count: int
    raw_size: int
    blob_key: str
    former_keys: tuple[str, ...]


def loose_batches(session: Session, task_id: str) -> list[sa.Row[Any]]:
    """The batches that are still inline, and the small segment before them."""
    statement = sa.select(_log).where(
        _log.c.task_id == task_id, sa.or_(_log.c.payload.is_not(None), _log.c.raw_size < SEGMENT_BYTES // 2)
    )
    return list(session.connection.execute(statement.order_by(_log.c.first_line)))


def write_segments(blobs: BlobStore, rows: Sequence[sa.Row[Any]]) -> list[Segment]:
    """Puts the batches into blobs; nothing refers to them before `use_segments` has committed."""
    return [_write_segment(blobs, chunk) for chunk in _chunks(rows) if not _is_segment(chunk)]


def use_segments(session: Session, segments: Sequence[Segment]) -> None:
    for segment in segments:
        here = (_log.c.task_id == segment.task_id, _log.c.first_line.in_(segment.first_lines))
        if session.connection.execute(sa.delete(_log).where(*here)).rowcount != len(segment.first_lines):
            raise Conflict(
                f"The log of the task '{segment.task_id}' was removed, or packed by another node, meanwhile."
            )
        values = {"task_id": segment.task_id, "first_line": segment.first_lines[0], "blob_key": segment.blob_key}
        values |= {"line_count": segment.line_count, "raw_size": segment.raw_size}
        session.connection.execute(sa.insert(_log).values(**values))
        discard(session, segment.former_keys)


def _is_segment(chunk: Sequence[sa.Row[Any]]) -> bool:
    return len(chunk) == 1 and chunk[0].payload is None


def _chunks(rows: Sequence[sa.Row[Any]]) -> Iterator[list[sa.Row[Any]]]:
    chunk: list[sa.Row[Any]] = []
    size = 0
    for row in rows:
        if chunk and (size >= SEGMENT_BYTES or row.first_line != chunk[-1].first_line + chunk[-1].line_count):
            yield chunk
            chunk, size = [], 0
        chunk.append(row)
        size += row.raw_size
    if chunk:
        yield chunk


def _write_segment(blobs: BlobStore, chunk: Sequence[sa.Row[Any]]) -> Segment:
    """The key tells the lines, which never change: of two nodes that pack, neither can spoil what the other wrote."""
    lines = [line for row in chunk for line in _lines_of(row, blobs)]
    packed = pack_lines(lines)
    task_id, first = chunk[0].task_id, chunk[0].first_line
    key = f"logs/{task_id}/{first:09d}-{first + len(lines) - 1:09d}"
    blobs.put_now(key, packed.payload)
    former = tuple(row.blob_key for row in chunk if row.blob_key is not None)
    return Segment(task_id, tuple(row.first_line for row in chunk), len(lines), packed.raw_size, key, former)
