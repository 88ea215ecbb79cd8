"""The text being read: where a place in it is, and the sentence for what was not expected there."""

from __future__ import annotations

from bisect import bisect_right

from polpo.languages.ocl.elements import Position
from polpo.languages.ocl.errors import OclSyntaxError


class Source:
    """Lines end at a line feed only; columns count characters."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._line_starts: list[int] = []

    def position(self, offset: int) -> Position:
        starts = self._line_starts
        if not starts:
            starts.append(0)
            end = self.text.find("\n")
            while end >= 0:
                starts.append(end + 1)
                end = self.text.find("\n", end + 1)
        line = bisect_right(starts, offset)
        return Position(line, offset - starts[line - 1] + 1)

    def fault(self, offset: int, message: str) -> OclSyntaxError:
        position = self.position(offset)
        return OclSyntaxError(
            f"{message} (line {position.line}, column {position.column}).", line=position.line, column=position.column
        )

    def unexpected(self, offset: int, expected: str) -> OclSyntaxError:
        return self.fault(offset, f"Expected {expected}, found {self._found(offset)}")

    def _found(self, offset: int) -> str:
        if offset >= len(self.text):
            return "the end of the text"
        character = self.text[offset]
        if character in "\r\n":
            return "the end of the line"
        return character if character == "'" else f"'{character}'"
