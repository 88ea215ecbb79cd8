"""Every place of the database that keeps sealed texts, and a walk through all of them.

A column says of itself that it keeps such texts (`info=sealed("plan")`), as the whole value or as strings of a JSON; of
kinds whose documents may hold secrets the store says it itself. So whoever replaces the master key, or looks for what
does not open, forgets none.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from polpo.kernel.secrets import Vault

_MARK = "sealed for"
_ROWS = 100


def sealed(*purposes: str) -> dict[str, tuple[str, ...]]:
    """Marks a column whose texts are sealed for the purpose, or each for one of them."""
    return {_MARK: purposes}


@dataclass(frozen=True)
class Place:
    """One column. `name` is table and column, and orders the places."""

    name: str
    column: sa.Column[Any]
    purposes: tuple[str, ...]

    @property
    def keys(self) -> list[sa.Column[Any]]:
        return list(self.column.table.primary_key.columns)

    def opens(self, vault: Vault, sealed: str) -> bool:
        return self._vault(vault, sealed) is not None

    def renewed(self, vault: Vault, sealed: str) -> str:
        """The same secret under the current key; a text that does not open as it is."""
        own = self._vault(vault, sealed)
        return own.renewed(sealed) if own is not None else sealed

    def _vault(self, vault: Vault, sealed: str) -> Vault | None:
        own = (vault.for_purpose(purpose) for purpose in self.purposes)
        return next((one for one in own if one.is_sealed(sealed)), None)


@dataclass(frozen=True)
class Found:
    """A row with a text that may be sealed, by its primary key."""

    place: Place
    key: tuple[Any, ...]
    text: str

    def replace(self, connection: sa.Connection, text: str | None) -> bool:
        """False when somebody else has changed or deleted it since."""
        column, old = self.place.column, _stored(self.place, self.text)
        new = None if text is None else _stored(self.place, text)
        statement = sa.update(column.table).where(*_is(self.place, self.key), column == old)
        return bool(connection.execute(statement.values({column: new})).rowcount)


@dataclass(frozen=True)
class Position:
    """How far a walk is: in which place, behind which row."""

    place: str = ""
    key: tuple[Any, ...] = ()


def places(connection: sa.Connection, metadata: sa.MetaData) -> list[Place]:
    """All that this database has, by name."""
    present = set(sa.inspect(connection).get_table_names())
    tables = [table for name, table in metadata.tables.items() if name in present]
    columns = [column for table in tables for column in table.columns if _MARK in column.info]
    found = [Place(f"{column.table.name}.{column.name}", column, column.info[_MARK]) for column in columns]
    return sorted(found, key=lambda place: place.name)


def stretch(
    connection: sa.Connection, known: Sequence[Place], position: Position
) -> tuple[list[Found], Position | None]:
    """The next rows of the walk that may keep a sealed text, and where it goes on; None behind the last one."""
    for place in known:
        if place.name < position.place:
            continue
        behind = position.key if place.name == position.place else ()
        if rows := _rows(connection, place, behind):
            found = [Found(place, row[:-1], _text(row[-1])) for row in rows if _may_be_sealed(row[-1])]
            return found, Position(place.name, rows[-1][:-1])
    return [], None


def everything(connection: sa.Connection, known: Sequence[Place]) -> Iterator[Found]:
    """The whole walk."""
    position: Position | None = Position()
    while position is not None:
        found, position = stretch(connection, known, position)
        yield from found


def _rows(connection: sa.Connection, place: Place, behind: tuple[Any, ...]) -> list[tuple[Any, ...]]:
    """The keys of each, then the value."""
    statement = sa.select(*place.keys, place.column).order_by(*place.keys).limit(_ROWS)
    if behind:
        statement = statement.where(sa.tuple_(*place.keys) > sa.tuple_(*(sa.literal(one) for one in behind)))
    return [tuple(row) for row in connection.execute(statement)]


def _is(place: Place, key: tuple[Any, ...]) -> list[sa.ColumnElement[bool]]:
    return [column == value for column, value in zip(place.keys, key, strict=True)]


def _may_be_sealed(value: str | bytes | None) -> bool:
    if value is None:
        return False
    return b"v1:" in value or b"v2:" in value if isinstance(value, bytes) else "v1:" in value or "v2:" in value


def _text(value: str | bytes) -> str:
    return value.decode() if isinstance(value, bytes) else value


def _stored(place: Place, text: str) -> str | bytes:
    return text.encode() if isinstance(place.column.type, sa.LargeBinary) else text
