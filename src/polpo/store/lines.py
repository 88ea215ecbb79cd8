"""Lists that are searched by their items, kept as one text column with an item a line."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa

from polpo.kernel.errors import Invalid

_MOST = 500


def as_lines(values: Iterable[str]) -> str:
    """A list as one searchable text, each value on a line of its own."""
    return "\n" + "".join(f"{value.casefold()}\n" for value in values)


def has_line(column: sa.ColumnElement[Any], value: str) -> sa.ColumnElement[bool]:
    """Whether one of the lines is the value, without case."""
    return column.contains(f"\n{value.casefold()}\n", autoescape=True)


def any_line(column: sa.ColumnElement[Any], values: Iterable[str]) -> sa.ColumnElement[bool]:
    """Each value makes the statement deeper, and databases take no deep ones: Invalid for very many."""
    return sa.or_(*(has_line(column, value) for value in bounded(values)))


def bounded(values: Iterable[str]) -> list[str]:
    wanted = list(values)
    if len(wanted) > _MOST:
        sentence = f"A list cannot be narrowed by {len(wanted)} values at once; {_MOST} is the most."
        raise Invalid(sentence, [sentence])
    return wanted
