"""An event as a line of JSON: as it goes to the archive, to files and to streams.

What was stored is passed on byte for byte, so that the hash of an event can be computed again from its line:
`ChangeDetails` is put in its place, and `Chain` behind everything else has what the hash covers besides, and the hash.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import msgspec
import sqlalchemy as sa

from polpo.features.events.chain import content_of
from polpo.features.events.tables import event, event_detail
from polpo.store.documents import Resource
from polpo.store.session import Session

_e, _d = event.c, event_detail.c
_NULL = msgspec.Raw(b"null")
_fields = msgspec.json.Decoder(dict[str, msgspec.Raw]).decode

#: What a line is made of, besides the event's details.
COLUMNS = (_e.seq, _e.agent, _e.document_type, _e.doc, _e.hash)


class Mark(Resource):
    """`hash` is hexadecimal."""

    hash: str
    agent: str
    document_type: str


@dataclass(frozen=True)
class Stored:
    """An event as it is stored. `detail` is the JSON of what it changed; `hash` is None outside of the chain."""

    seq: int
    agent: str
    document_type: str
    document: bytes
    detail: bytes | None
    hash: bytes | None

    @property
    def content(self) -> bytes:
        return content_of(self.agent, self.document_type, self.document, self.detail)


class NoEvent(Exception):
    """A line is none that was made here."""


def stored_events(session: Session, rows: Iterable[Any]) -> list[Stored]:
    """The events of rows with COLUMNS, with their details."""
    rows = list(rows)
    wanted = sa.select(event_detail.c.seq, event_detail.c.detail).where(
        event_detail.c.seq.in_([row.seq for row in rows])
    )
    details = {row.seq: zlib.decompress(row.detail) for row in session.connection.execute(wanted)} if rows else {}
    return [
        Stored(
            row.seq, row.agent, row.document_type, bytes(row.doc), details.get(row.seq), row.hash and bytes(row.hash)
        )
        for row in rows
    ]


def line_of(one: Stored) -> bytes:
    """Without the line's end."""
    fields: dict[str, Any] = _fields(one.document)
    if one.detail is not None:
        fields["ChangeDetails"] = msgspec.Raw(one.detail)
    if one.hash is not None:
        fields["Chain"] = Mark(hash=one.hash.hex(), agent=one.agent, document_type=one.document_type)
    return msgspec.json.encode(fields)


def event_of(line: bytes) -> Stored:
    """What `line_of` was given; NoEvent when it cannot have been that."""
    try:
        fields = _fields(line)
        identity = msgspec.json.decode(fields["Id"], type=str)
        mark = msgspec.json.decode(fields.pop("Chain"), type=Mark) if "Chain" in fields else None
        detail = fields.get("ChangeDetails", _NULL)
        if bytes(detail) != b"null":
            fields["ChangeDetails"] = _NULL
        return Stored(
            seq=int(identity.removeprefix("Events-")),
            agent=mark.agent if mark else "",
            document_type=mark.document_type if mark else "",
            document=msgspec.json.encode(fields),
            detail=None if bytes(detail) == b"null" else bytes(detail),
            hash=bytes.fromhex(mark.hash) if mark else None,
        )
    except (ValueError, KeyError, msgspec.MsgspecError) as error:
        raise NoEvent from error


def lines_of(session: Session, rows: Iterable[Any]) -> Iterator[bytes]:
    """The lines of rows with COLUMNS, with their ends."""
    return (line_of(one) + b"\n" for one in stored_events(session, rows))
