"""Snapshots of what has a version: processes and variable sets are frozen when a release is made.

A snapshot is a document of the same kind under an id of its own. An unchanged document is frozen once, however many
releases are made of it.
"""

from __future__ import annotations

import secrets
from typing import Any, TypeVar

import msgspec
import sqlalchemy as sa

from polpo.store.documents import Document
from polpo.store.kinds import Kind
from polpo.store.session import Session

_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"


D = TypeVar("D", bound=Document)


def freeze(session: Session, kind: Kind[D], document: D, owner: sa.ColumnElement[bool]) -> D:
    """The snapshot of the document at its present version. `owner` is the condition that its snapshots meet."""
    version = _version(document)
    table = kind.table
    existing = session.first(kind, owner, table.c.is_snapshot.is_(True), table.c.version == version, order=[table.c.id])
    if existing is not None:
        return existing
    return keep_snapshot(session, kind, document, f"{document.id}-s-{version}")


def keep_snapshot(session: Session, kind: Kind[D], document: D, identity: str) -> D:
    """Stores a copy of the document as a snapshot, under an id that begins so."""
    suffix = "".join(secrets.choice(_ALPHABET) for _ in range(5))
    snapshot = msgspec.structs.replace(document, id=f"{identity}-{suffix}", links={})
    return session.insert(kind, snapshot)


def _version(document: Any) -> int:
    return int(document.version)
