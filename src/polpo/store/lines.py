"""Lists that are searched by their items, kept as one text column with an item a line."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa


def as_lines(values: Iterable[str]) -> str:
    """A list as one searchable text, each value on a line of its own."""
    return "\n" + "".join(f"{value.casefold()}\n" for value in values)


def has_line(column: sa.ColumnElement[Any], value: str) -> sa.ColumnElement[bool]:
    """Whether one of the lines is the value, without case."""
    return column.contains(f"\n{value.casefold()}\n", autoescape=True)


def any_line(column: sa.ColumnElement[Any], values: Iterable[str]) -> sa.ColumnElement[bool]:
    return sa.or_(*(has_line(column, value) for value in values))
