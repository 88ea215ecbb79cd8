"""Comma-separated values, for spreadsheets."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

#: The wide signs are read as the narrow ones.
_SIGNS = frozenset("=+-@\uff1d\uff0b\uff0d\uff20")
_BLANKS = frozenset("\t\r\n")


def csv_of(columns: Sequence[str], rows: Iterable[Iterable[object]]) -> bytes:
    """A file with a line of columns. No cell of it is run by the spreadsheet that opens it."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(columns)
    for row in rows:
        writer.writerow([harmless(cell) for cell in row])
    return text.getvalue().encode()


def harmless(cell: object) -> object:
    """A text that begins like a formula gets an apostrophe before it; blanks before the sign do not hide it."""
    if not isinstance(cell, str):
        return cell
    begins = cell.lstrip(" \t\r\n\0\ufeff")
    return "'" + cell if begins[:1] in _SIGNS or cell[:1] in _BLANKS else cell
