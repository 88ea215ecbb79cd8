"""Texts of several lines, `<<EOT` and `<<-EOT`: reading them, and which texts they can hold."""

from __future__ import annotations

import re

from polpo.languages.ocl.characters import BLANK_CHARACTERS, SAME_LINE_BLANK
from polpo.languages.ocl.elements import Heredoc
from polpo.languages.ocl.source import Source

_OPENING = re.compile(rf"<<(-?)([^{BLANK_CHARACTERS}]*){SAME_LINE_BLANK}*")


def read_heredoc(source: Source, start: int) -> tuple[Heredoc, int]:
    """The heredoc that opens at `start`, and where reading goes on: after the line of the closing tag."""
    text = source.text
    opening = _OPENING.match(text, start)
    if opening is None:
        raise source.unexpected(start + 1, "'<<' and the tag of a heredoc")
    if text[opening.end() : opening.end() + 1] != "\n":
        raise source.unexpected(opening.end(), "the end of the line after the tag of a heredoc")
    indented, tag = opening.group(1) == "-", opening.group(2)
    lines, closing, end = _lines_until(source, tag, opening.end() + 1, start)
    return Heredoc(_joined(lines, closing if indented else None), tag, indented), end


def _lines_until(source: Source, tag: str, start: int, opened: int) -> tuple[list[str], str, int]:
    """The lines before the one that holds only the tag, that line, and where it ends."""
    text = source.text
    lines: list[str] = []
    while True:
        end = text.find("\n", start)
        line = text[start:] if end < 0 else text[start:end]
        if line.strip(BLANK_CHARACTERS) == tag:
            return lines, line, len(text) if end < 0 else end + 1
        if end < 0:
            raise source.unexpected(
                len(text), f"a line with only '{tag}' to end the heredoc of line {source.position(opened).line}"
            )
        lines.append(line)
        start = end + 1


def _joined(lines: list[str], closing: str | None) -> str:
    """`closing` is the line of the closing tag where indentation is to be removed."""
    separator = "\r\n" if any(line.endswith("\r") for line in lines[:-1]) else "\n"
    lines = [line.rstrip("\r") for line in lines]
    if closing is not None:
        depths = (depth for depth in map(_depth, [*lines, closing]) if depth is not None)
        depth = min(depths, default=None)
        lines = [""] * len(lines) if depth is None else [line[depth:] for line in lines]
    return separator.join(lines)


def _depth(line: str) -> int | None:
    """How many blanks the line starts with; None for one that has nothing else."""
    rest = line.lstrip(BLANK_CHARACTERS)
    return len(line) - len(rest) if rest else None


def can_hold(text: str) -> bool:
    """Whether reading gives back the line ends of the text: all LF or all CR LF, and no CR at its end."""
    *lines, last = text.split("\n")
    if last.endswith("\r"):
        return False
    ends = {len(line) - len(line.rstrip("\r")) for line in lines}
    return ends <= {0} or ends == {1}


def free_tag(wanted: str, text: str, indented: bool) -> str:
    """`wanted`, or another where that could not be read back or told from a line of the text."""
    readable = wanted and not any(character in BLANK_CHARACTERS for character in wanted)
    if not readable or (wanted.startswith("-") and not indented):
        wanted = "EOT"
    taken = {line.strip(BLANK_CHARACTERS) for line in text.split("\n")}
    candidate, number = wanted, 1
    while candidate in taken:
        number += 1
        candidate = f"{wanted}{number}"
    return candidate
