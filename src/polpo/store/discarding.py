"""Blobs that nobody needs any more: noted in the transaction that made them needless, deleted after it.

A blob store knows no transactions. So what is to go is written down first; whoever sweeps deletes the blobs and then
the notes. A server that dies in between sweeps when it is back; deleting a blob twice does no harm.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

import sqlalchemy as sa

from polpo.store.blobs import BlobStore
from polpo.store.database import Database
from polpo.store.kinds import metadata
from polpo.store.session import Session

discarded_blob = sa.Table("discarded_blob", metadata, sa.Column("key", sa.Text, primary_key=True))

_AT_ONCE = 200
_note = sa.text("insert into discarded_blob (key) values (:key) on conflict (key) do nothing")


def discard(session: Session, keys: Iterable[str]) -> None:
    """The blobs go after the commit. A key is never used again."""
    rows = [{"key": key} for key in dict.fromkeys(keys)]
    if rows:
        session.connection.execute(_note, rows)


async def sweep(database: Database, blobs: BlobStore) -> int:
    """Deletes what was discarded; how many blobs that were."""
    swept = 0
    while keys := _discarded(database):
        for key in keys:
            await blobs.delete(key)
        await database.write(partial(_forget, keys=keys))
        swept += len(keys)
    return swept


def _discarded(database: Database) -> list[str]:
    with database.read() as session:
        return list(session.connection.execute(sa.select(discarded_blob.c.key).limit(_AT_ONCE)).scalars())


def _forget(session: Session, keys: list[str]) -> None:
    session.connection.execute(sa.delete(discarded_blob).where(discarded_blob.c.key.in_(keys)))
