"""Looking into stored documents from inside the database."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles


class mentions(sa.sql.functions.GenericFunction[bool]):  # noqa: N801 - a function of SQL
    """Whether the bytes stand somewhere in a column of documents: `mentions(table.c.doc, b"Machines-1")`."""

    type = sa.Boolean()
    inherit_cache = True

    def __init__(self, column: sa.ColumnElement[Any], needle: bytes) -> None:
        super().__init__(column, sa.literal(needle, sa.LargeBinary))


@compiles(mentions, "sqlite")
def _on_sqlite(element: mentions, compiler: Any, **kw: Any) -> str:
    column, needle = (compiler.process(clause, **kw) for clause in element.clauses)
    return f"instr({column}, {needle}) > 0"


@compiles(mentions, "postgresql")
def _on_postgresql(element: mentions, compiler: Any, **kw: Any) -> str:
    column, needle = (compiler.process(clause, **kw) for clause in element.clauses)
    return f"position({needle} in {column}) > 0"
