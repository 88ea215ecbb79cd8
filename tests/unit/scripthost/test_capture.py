"""Cutting output into lines, and the log that survives a torn write."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from polpo.scripthost.output import OutputReader
from polpo.scripthost.supervision.capture import STDERR, STDOUT, Lines, OutputLog


@given(st.lists(st.binary(max_size=12).map(lambda data: data.replace(b"x", b"\r").replace(b"y", b"\n")), max_size=8))
def test_lines_do_not_depend_on_how_the_bytes_arrive(pieces: list[bytes]) -> None:
    lines = Lines()
    found = [line for piece in pieces for line in lines.feed(piece)] + lines.rest()
    assert found == [line.decode("utf-8", "replace") for line in b"".join(pieces).splitlines()]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "output.log"


def written(path: Path, count: int) -> None:
    log = OutputLog(str(path))
    log.add(STDOUT, [f"line {number}" for number in range(count)])
    log.close()


def test_a_reader_goes_on_where_it_was_and_back(path: Path) -> None:
    written(path, 5000)
    reader = OutputReader(path)
    first = reader.read(0, 3000, 10**9)
    rest = reader.read(first.next, 3000, 10**9)
    back = reader.read(1500, 1, 10**9)
    assert (first.next, first.is_last, rest.next, rest.is_last) == (3000, False, 5000, True)
    assert [line.text for line in (*first.lines, *rest.lines)] == [f"line {number}" for number in range(5000)]
    assert back.lines[0].text == "line 1500"


def test_a_reader_past_the_end_gets_nothing(path: Path) -> None:
    written(path, 3)
    piece = OutputReader(path).read(10, 5, 10)
    assert (piece.lines, piece.next, piece.is_last) == ((), 10, True)


def test_a_line_larger_than_an_answer_comes_alone(path: Path) -> None:
    written(path, 3)
    piece = OutputReader(path).read(1, 5, 1)
    assert ([line.text for line in piece.lines], piece.next, piece.is_last) == (["line 1"], 2, False)


@pytest.mark.parametrize("torn", [b"[0,1,", b"x" * 200_000, b""])
def test_a_torn_line_is_ignored_and_removed(path: Path, torn: bytes) -> None:
    written(path, 2)
    with path.open("ab") as file:
        file.write(torn)
    assert OutputReader(path).read(0, 10, 10**9).next == 2

    log = OutputLog(str(path))
    log.drop_unfinished()
    log.add(STDERR, ["after"])
    log.close()

    assert [line.text for line in OutputReader(path).read(0, 10, 10**9).lines] == ["line 0", "line 1", "after"]


def test_a_damaged_line_does_not_hide_the_others(path: Path) -> None:
    written(path, 1)
    with path.open("ab") as file:
        file.write(b'{"not": "ours"}\n[9,1,"source"]\n')
    lines = OutputReader(path).read(0, 10, 10**9).lines
    assert lines[0].text == "line 0"
    assert ["damaged" in line.text for line in lines[1:]] == [True, True]
