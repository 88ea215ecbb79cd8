"""Files for spreadsheets run nothing in them."""

from __future__ import annotations

import csv
import io

import pytest

from polpo.rest.spreadsheet import csv_of


@pytest.mark.parametrize(
    "cell",
    ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", " =1", "\r=1", "\n=1", "\ufeff=1", "\uff1d1", '=HYPERLINK("http://x")'],
)
def test_a_cell_that_begins_like_a_formula_is_a_text(cell: str) -> None:
    [_, [read]] = list(csv.reader(io.StringIO(csv_of(["Name"], [[cell]]).decode(), newline="")))
    assert read == "'" + cell


@pytest.mark.parametrize("cell", ["", "a=b", "Web Shop", "2026-01-01", "'=1", 'a "quoted", text'])
def test_other_cells_stay_as_they_are(cell: str) -> None:
    assert list(csv.reader(io.StringIO(csv_of(["Name", "Count"], [[cell, 3]]).decode()))) == [
        ["Name", "Count"],
        [cell, "3"],
    ]
