"""Scalars of YAML as they are written: where they end, and the text they stand for."""

from __future__ import annotations

import re
from typing import List, NamedTuple, Optional, Tuple

from polpo.languages.structured.results import NotReadable

_ESCAPES = {
    "0": "\0",
    "a": "\a",
    "b": "\b",
    "t": "\t",
    "\t": "\t",
    "n": "\n",
    "v": "\v",
    "f": "\f",
    "r": "\r",
    "e": "\x1b",
    " ": " ",
    '"': '"',
    "/": "/",
    "\\": "\\",
    "N": "\x85",
    "_": "\xa0",
    "L": "\u2028",
    "P": "\u2029",
}
_ESCAPE = re.compile(r"\\(?:(\n)[ \t]*|x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|(.))")
_DOUBLE = re.compile(r'"((?:[^"\\]|\\[\s\S])*)"')
_SINGLE = re.compile(r"'((?:[^']|'')*)'")
_FOLD = re.compile(r"[ \t]*\n(?:[ \t]*\n)*[ \t]*")
_MARKER = re.compile(r"^(?:---|\.\.\.)(?=[ \t\n]|\Z)", re.MULTILINE)
_BLOCK_PLAIN = re.compile(r"(?:[^\s:#]|:(?=[^\s])|(?<=[^\s])#|[ \t]+(?=[^\s:#]|:[^\s]))+", re.ASCII)
_FLOW_PLAIN = re.compile(
    r"(?:[^\s:#,\[\]{}]|:(?=[^\s,\[\]{}])|(?<=[^\s])#|[ \t]+(?=[^\s:#,\[\]{}]|:[^\s,\[\]{}]))+", re.ASCII
)
_HEADER = re.compile(r"([|>])(?:([+-])([1-9])?|([1-9])([+-])?)?[ \t]*(?:(?<=[ \t])#[^\n]*)?(?=\n|\Z)")
_LINE = re.compile(r"( *)([^\n]*)(\n|\Z)")


class Scalar(NamedTuple):
    """`end` is behind the last character; `lines` says whether it goes over more than one line."""

    value: str
    end: int
    lines: bool


def quoted(text: str, start: int) -> Scalar:
    """Raises `NotReadable`."""
    match = (_DOUBLE if text[start] == '"' else _SINGLE).match(text, start)
    if match is None or _MARKER.search(text, start + 1, match.end()):
        raise NotReadable(f"{place(text, start)}: found a quoted text that is not closed")
    raw = match.group(1)
    lines = "\n" in raw
    if text[start] == "'":
        return Scalar(_folded(raw.replace("''", "'")), match.end(), lines)
    return Scalar(_unescaped(raw, text, start) if "\\" in raw else _folded(raw), match.end(), lines)


def _folded(raw: str) -> str:
    if "\n" not in raw:
        return raw
    return _FOLD.sub(lambda match: "\n" * (match.group().count("\n") - 1) or " ", raw)


def _unescaped(raw: str, text: str, start: int) -> str:
    parts: List[str] = []
    end = 0
    for match in _ESCAPE.finditer(raw):
        parts.append(_folded(raw[end : match.start()]))
        _, two, four, eight, letter = match.groups()
        code = two or four or eight
        if code:
            parts.append(_character(code, text, start))
        elif letter:
            if letter not in _ESCAPES:
                raise NotReadable(f"{place(text, start)}: found the unknown escape \\{letter}")
            parts.append(_ESCAPES[letter])
        end = match.end()
    parts.append(_folded(raw[end:]))
    return "".join(parts)


def _character(code: str, text: str, start: int) -> str:
    try:
        return chr(int(code, 16))
    except (ValueError, OverflowError):
        raise NotReadable(f"{place(text, start)}: there is no character {code}") from None


def plain_line(text: str, start: int, *, flow: bool) -> int:
    """Where the first line of a plain scalar ends; the start itself where none is."""
    match = (_FLOW_PLAIN if flow else _BLOCK_PLAIN).match(text, start)
    return match.end() if match else start


def plain(text: str, start: int, end: int, margin: int, *, flow: bool) -> Scalar:
    """A plain scalar whose first line is known; further lines stand at the margin or deeper."""
    parts = [text[start:end]]
    lines = False
    while True:
        breaks, position = _next_line(text, end)
        column = position - text.rfind("\n", 0, position) - 1
        if not breaks or position == len(text) or (column < margin and not flow):
            break
        if text[position] == "#" or (column == 0 and _MARKER.match(text, position)):
            break
        stop = plain_line(text, position, flow=flow)
        if stop == position:
            break
        parts.append("\n" * (breaks - 1) or " ")
        parts.append(text[position:stop])
        lines, end = True, stop
    return Scalar("".join(parts), end, lines)


def _next_line(text: str, position: int) -> Tuple[int, int]:
    """The number of line breaks up to the next character that is no blank, and its position."""
    match = _FOLD.match(text, position)
    return (match.group().count("\n"), match.end()) if match else (0, position)


class Block(NamedTuple):
    """A `|` or `>` scalar. `next` is where the line after it starts."""

    value: str
    end: int
    next: int


def block(text: str, start: int, parent: int) -> Block:
    """Raises `NotReadable`. `parent` is the column of what it belongs to, -1 at the top."""
    header = _HEADER.match(text, start)
    if header is None:
        raise NotReadable(f"{place(text, start)}: found a block scalar with a wrong header")
    style = header.group(1)
    chomping = header.group(2) or header.group(5) or ""
    digit = header.group(3) or header.group(4)
    indent = max(parent, 0) + int(digit) if digit else None
    lines: List[str] = []
    position = header.end() + 1
    end = last = header.end()
    while position < len(text):
        match = _LINE.match(text, position)
        if match is None:
            break
        blanks, content = match.group(1), match.group(2)
        blank = not content.strip(" \t")
        if indent is None and not blank:
            indent = max(len(blanks), parent + 1)
        if not blank and indent is not None and (len(blanks) < indent or _at_marker(text, position)):
            break
        lines.append("" if indent is None else (blanks + content)[indent:])
        last = match.end(2)
        end = end if blank else match.end(2)
        position = match.end()
        if match.group(3) == "":
            break
    value = _block_value(lines, style, chomping)
    if chomping != "-" and not text.endswith("\n", 0, position) and value.endswith("\n"):
        value = value[:-1]  # the text ends within the last line
    return Block(value, last if chomping == "+" else end, position)


def _at_marker(text: str, position: int) -> bool:
    return _MARKER.match(text, position) is not None


def _block_value(lines: List[str], style: str, chomping: str) -> str:
    ends = 0
    while lines and not lines[-1]:
        lines.pop()
        ends += 1
    body = "\n".join(lines) if style == "|" else _folded_block(lines)
    if chomping == "-":
        return body
    if chomping == "+":
        return body + "\n" * (ends + bool(lines))
    return body + "\n" if lines else ""


def _folded_block(lines: List[str]) -> str:
    """Line breaks between two lines of text become blanks; those around more indented lines stay."""
    parts: List[str] = []
    empty = 0
    previous: Optional[str] = None
    for line in lines:
        if not line:
            empty += 1
            continue
        indented = line[0] in " \t" or (previous is not None and previous[0] in " \t")
        if previous is None:
            parts.append("\n" * empty)
        elif indented:
            parts.append("\n" * (empty + 1))
        else:
            parts.append("\n" * empty or " ")
        parts.append(line)
        previous, empty = line, 0
    return "".join(parts)


def place(text: str, position: int) -> str:
    line = text.count("\n", 0, position) + 1
    return f"(Line: {line}, Col: {position - text.rfind(chr(10), 0, position)})"
