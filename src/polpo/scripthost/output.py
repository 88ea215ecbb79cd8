"""Reading a script's output log while it grows, from any position, a bounded piece at a time."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from polpo.halibut.contracts import ProcessOutput, ProcessOutputSource

_INDEX_EVERY = 1000
_UNKNOWN_TIME = datetime.fromtimestamp(0, UTC)
_decode = msgspec.json.Decoder(tuple[int, int, str]).decode


@dataclass(frozen=True)
class Piece:
    """`next` is the position after the last line; `is_last` says that nothing more has been written so far."""

    lines: tuple[ProcessOutput, ...]
    next: int
    is_last: bool


class OutputReader:
    """Remembers where every thousandth line begins, so that going on costs no reading anew.

    An entry without its line end was being written when its writer died, or still is: it does not count.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._sequences = [0]
        self._offsets = [0]

    def read(self, after: int, most_lines: int, most_bytes: int) -> Piece:
        """Lines from position `after` on: at least one if there is one, then as many as the bounds allow."""
        lines: list[ProcessOutput] = []
        size = 0
        position = max(after, 0)
        for sequence, entry in self._entries(position):
            if lines and (len(lines) >= most_lines or size + len(entry) > most_bytes):
                return Piece(tuple(lines), sequence, is_last=False)
            lines.append(_line(entry))
            size += len(entry)
            position = sequence + 1
        return Piece(tuple(lines), position, is_last=True)

    def _entries(self, after: int) -> Iterator[tuple[int, bytes]]:
        """The complete entries from position `after` on, each with its position."""
        known = bisect_right(self._sequences, after) - 1
        sequence, offset = self._sequences[known], self._offsets[known]
        try:
            file = self._path.open("rb")
        except FileNotFoundError:
            return
        with file:
            file.seek(offset)
            for entry in file:
                if not entry.endswith(b"\n"):
                    return
                if sequence >= after:
                    yield sequence, entry
                sequence += 1
                offset += len(entry)
                if sequence % _INDEX_EVERY == 0 and sequence > self._sequences[-1]:
                    self._sequences.append(sequence)
                    self._offsets.append(offset)


def _line(entry: bytes) -> ProcessOutput:
    try:
        source, milliseconds, text = _decode(entry)
        return ProcessOutput(ProcessOutputSource(source), datetime.fromtimestamp(milliseconds / 1000, UTC), text)
    except (msgspec.DecodeError, ValueError):
        shown = entry[:200].decode("utf-8", "replace")
        return ProcessOutput(
            ProcessOutputSource.STDERR, _UNKNOWN_TIME, f"A line of the log on disk is damaged: {shown}"
        )
