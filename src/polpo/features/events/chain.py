"""The chain of hashes: each event is bound to the one before it under a key that only the server can open.

Whoever has the database, but not the master key, can neither change, remove, insert nor reorder events without
breaking the chain, nor make a new one. What the chain alone cannot show is that its end was cut off; therefore its
head, a number and a hash, is told to whoever wants to keep it elsewhere.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from polpo.features.events.tables import event, event_chain
from polpo.kernel.errors import Invalid
from polpo.store.session import Session

#: The sequence that events are numbered by, and the name of their kind.
KIND = "Events"
BEGIN, HEAD = "begin", "head"

_c = event_chain.c
_LINK = re.compile(r"[0-9]{1,18}:[0-9a-f]{64}")
_take = sa.text("update event_chain set last = last + :count where name = 'head' returning last, hash")
_keep = sa.text("update event_chain set hash = :hash where name = 'head'")


@dataclass(frozen=True)
class Link:
    """One event of the chain. As a text: its number, a colon, and its hash in hexadecimal."""

    seq: int
    hash: bytes

    def __str__(self) -> str:
        return f"{self.seq}:{self.hash.hex()}"

    @classmethod
    def from_text(cls, text: str) -> Link:
        number, _, digits = text.strip().removeprefix(f"{KIND}-").partition(":")
        if not _LINK.fullmatch(f"{number}:{digits}"):
            raise Invalid(f"'{text}' is no head of the audit trail; it is a number, a colon and 64 hexadecimal digits.")
        return cls(int(number), bytes.fromhex(digits))


@dataclass(frozen=True)
class Anchor:
    """A file of the archive: the events that it was given, and the hash of the last of them.

    `deleted` says when and by whom it was deleted for good; it is empty while the file is there.
    """

    name: str
    first: int
    last: int
    hash: bytes
    deleted: str = ""


def content_of(agent: str, document_type: str, document: bytes, detail: bytes | None) -> bytes:
    """The digest of what an event tells: `document` and `detail` are JSON as it is stored, the latter inflated."""
    digest = hashlib.sha256()
    for part in (agent.encode(), document_type.encode(), document, detail or b""):
        digest.update(len(part).to_bytes(8, "big"))
        digest.update(part)
    return digest.digest()


class Chain:
    """The chain under one key, which lives as long as the installation, whatever becomes of the master key."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def hash(self, before: bytes, seq: int, content: bytes) -> bytes:
        """Of an event, from the hash of the one before it and the digest of its own content."""
        return self._made(b"event", before, seq.to_bytes(8, "big"), content)

    def beginning(self, seq: int) -> bytes:
        """What stands for the hash of the event before the first one, which has the number `seq`."""
        return self._made(b"begin", seq.to_bytes(8, "big"))

    def take(self, session: Session, count: int) -> tuple[int, bytes]:
        """Takes the numbers of the next events: the first of them, and the hash of the event before it."""
        row = session.connection.execute(_take, {"count": count}).first()
        if row is None:
            return self._begin(session, count)
        return int(row.last) - count + 1, bytes(row.hash)

    def bind(self, before: bytes, rows: Sequence[dict[str, Any]], details: dict[int, bytes]) -> bytes:
        """Gives each row its hash; returns the last. `details` are the stored JSON, inflated, by number."""
        for row in rows:
            content = content_of(row["agent"], row["document_type"], row["doc"], details.get(row["seq"]))
            before = row["hash"] = self.hash(before, row["seq"], content)
        return before

    def keep(self, session: Session, last: bytes) -> None:
        """Notes the hash of the last event as that of the head."""
        session.connection.execute(_keep, {"hash": last})

    def _begin(self, session: Session, count: int) -> tuple[int, bytes]:
        """On the first event after there is a chain; what was told before stays outside of it."""
        last = last_number(session)
        before = self.beginning(last)
        row = {"first": last + 1, "last": last, "hash": before, "deleted": "", "seal": b""}
        if _row(session, BEGIN) is None:
            session.connection.execute(sa.insert(event_chain).values(name=BEGIN, **row))
        session.connection.execute(sa.insert(event_chain).values(name=HEAD, **{**row, "last": last + count}))
        return last + 1, before

    # -- the archive

    def note(self, session: Session, anchor: Anchor) -> None:
        """Keeps the anchor of a file instead of what was known of it."""
        session.connection.execute(sa.delete(event_chain).where(_c.name == anchor.name))
        values = {
            "name": anchor.name,
            "first": anchor.first,
            "last": anchor.last,
            "hash": anchor.hash,
            "deleted": anchor.deleted,
            "seal": self._seal(anchor),
        }
        session.connection.execute(sa.insert(event_chain).values(**values))

    def anchor(self, session: Session, name: str) -> Anchor | None:
        """Of a file; None when it has no event of the chain, or somebody forged it: nothing is built on that."""
        row = _row(session, name)
        return _anchor(row) if row is not None and self._is_ours(row) else None

    def anchors(self, session: Session) -> tuple[list[Anchor], list[str]]:
        """Those of all files, in the order of their events, and the names of those that somebody forged."""
        statement = sa.select(event_chain).where(_c.name.not_in((BEGIN, HEAD))).order_by(_c.first)
        good, forged = [], []
        for row in session.connection.execute(statement):
            if self._is_ours(row):
                good.append(_anchor(row))
            else:
                forged.append(row.name)
        return good, forged

    def _is_ours(self, row: sa.Row[Any]) -> bool:
        return hmac.compare_digest(self._seal(_anchor(row)), bytes(row.seal))

    def _seal(self, anchor: Anchor) -> bytes:
        numbers = anchor.first.to_bytes(8, "big") + anchor.last.to_bytes(8, "big")
        return self._made(b"archive", anchor.name.encode(), numbers, anchor.hash, anchor.deleted.encode())

    def _made(self, *parts: bytes) -> bytes:
        text = b"".join(len(part).to_bytes(8, "big") + part for part in parts)
        return hmac.digest(self._key, text, "sha256")


def begin_anew(session: Session) -> None:
    """Where the key is lost: what it bound counts as told before there was a chain, and the next event begins one."""
    session.connection.execute(sa.delete(event_chain))
    session.connection.execute(sa.update(event).values(hash=None))


def last_number(session: Session) -> int:
    """Of all events that there ever were; also where somebody took the head away."""
    highest = (sa.select(sa.func.max(column)) for column in (event.c.seq, _c.last))
    found = [session.connection.execute(statement).scalar() or 0 for statement in highest]
    return max(session.new_numbers(KIND, 0) - 1, *found)


def head_of(session: Session) -> Link | None:
    """The last event; None before there is one."""
    row = _row(session, HEAD)
    return None if row is None else Link(int(row.last), bytes(row.hash))


def begin_of(session: Session) -> Link | None:
    """What stands before the first event of the chain; None before there is one."""
    row = _row(session, BEGIN)
    return None if row is None else Link(int(row.last), bytes(row.hash))


def _row(session: Session, name: str) -> sa.Row[Any] | None:
    return session.connection.execute(sa.select(event_chain).where(_c.name == name)).first()


def _anchor(row: sa.Row[Any]) -> Anchor:
    return Anchor(row.name, int(row.first), int(row.last), bytes(row.hash), row.deleted)
