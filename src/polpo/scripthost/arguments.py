"""A script's arguments travel as one line (contract: tentacle.md, section 2): joined by blanks, cut apart by quotes."""

from __future__ import annotations

from collections.abc import Iterable


def quote_argument(value: str) -> str:
    """`value` in the form that `split_arguments` gives back as one argument."""
    if value and not any(character in value for character in ' \t\n\v"'):
        return value
    quoted, slashes = "", 0
    for character in value:
        if character == "\\":
            slashes += 1
            continue
        quoted += "\\" * (slashes * 2 + 1 if character == '"' else slashes) + character
        slashes = 0
    return '"' + quoted + "\\" * (slashes * 2) + '"'


def split_arguments(arguments: Iterable[str]) -> list[str]:
    """Joined by blanks and cut apart as .NET does on Unix: `"` quotes, `\\"` and `""` within are a quote."""
    return _Cutter(" ".join(arguments)).cut()


class _Cutter:
    def __init__(self, line: str) -> None:
        self._line = line
        self._at = 0

    def cut(self) -> list[str]:
        found: list[str] = []
        while True:
            while self._at < len(self._line) and self._line[self._at] in " \t":
                self._at += 1
            if self._at >= len(self._line):
                return found
            found.append(self._one())

    def _one(self) -> str:
        taken: list[str] = []
        quoted = False
        while self._at < len(self._line):
            character = self._line[self._at]
            if character == "\\":
                quoted = self._slashes(taken, quoted=quoted)
            elif character == '"' and quoted and self._line[self._at + 1 : self._at + 2] == '"':
                taken.append('"')
                self._at += 2
            elif character == '"':
                quoted = not quoted
                self._at += 1
            elif character in " \t" and not quoted:
                break
            else:
                taken.append(character)
                self._at += 1
        return "".join(taken)

    def _slashes(self, taken: list[str], *, quoted: bool) -> bool:
        """Backslashes stand for themselves, except before a quote: then each pair is one, and an odd one escapes it."""
        start = self._at
        while self._line[self._at : self._at + 1] == "\\":
            self._at += 1
        count = self._at - start
        if self._line[self._at : self._at + 1] != '"':
            taken.append("\\" * count)
            return quoted
        taken.append("\\" * (count // 2))
        if count % 2:
            taken.append('"')
            self._at += 1
        return quoted
