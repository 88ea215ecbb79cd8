"""Searching a space by name: over all kinds of documents that have one."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from polpo.features.spaces.resource import SpaceSearchResult
from polpo.store.kinds import Kind, kinds
from polpo.store.session import Session

_MOST_OF_A_KIND = 20


def search(session: Session, space_id: str, keyword: str) -> list[SpaceSearchResult]:
    """What has the keyword in its name, without case; the first of each kind, kind by kind."""
    wanted = keyword.strip().casefold()
    if not wanted:
        return []
    named = [kind for kind in kinds.values() if kind.is_space_scoped and "name_key" in kind.table.c]
    return [found for kind in named for found in _of_kind(session, kind, space_id, wanted)]


def _of_kind(session: Session, kind: Kind[Any], space_id: str, wanted: str) -> list[SpaceSearchResult]:
    table = kind.table.c
    statement = (
        sa.select(table.id, table.name)
        .where(table.space_id == space_id, table.name_key.contains(wanted, autoescape=True))
        .order_by(table.name_key)
        .limit(_MOST_OF_A_KIND)
    )
    rows = session.connection.execute(statement)
    return [SpaceSearchResult(id=row.id, name=row.name, type=kind.document.__name__) for row in rows]
