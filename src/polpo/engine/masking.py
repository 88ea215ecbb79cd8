"""Keeps sensitive values out of everything that is stored or shown.

A value is looked for as it is, line by line where it has several lines, and in the forms into which scripts and tools
turn it: base64 at each of the three alignments, URL-, JSON-, XML- and shell-escaped. Values of three characters or less
are left alone, or every log would be stars.
"""

from __future__ import annotations

import base64
import html
import json
import re
import shlex
from collections.abc import Iterable, Iterator
from itertools import groupby
from urllib.parse import quote, quote_plus

MASK = "*****"
_SHORTEST = 4


class Masker:
    """Grows while a task runs; each text is masked by all values known at that moment."""

    def __init__(self, values: Iterable[str] = ()) -> None:
        self._values: set[str] = set()
        self._forms: set[str] = set()
        self._pattern: re.Pattern[str] | None = None
        self._stale = False
        for value in values:
            self.add(value)

    def add(self, value: str | None) -> None:
        if not value or value in self._values:
            return
        self._values.add(value)
        found = set(forms(value)) - self._forms
        if found:
            self._forms |= found
            self._stale = True

    def mask(self, text: str) -> str:
        """The text with every known value replaced by `*****`; touching and overlapping finds become one."""
        if self._stale:
            self._pattern, self._stale = _compile(self._forms), False
        if self._pattern is None:
            return text
        # A mask can complete another value ("ab" + mask + "cd"), so look again until nothing is found. Each round takes
        # away at least one character that is no star, so this ends.
        while self._pattern.search(text):
            text = _replace(self._pattern, text)
        return text


def forms(value: str) -> Iterator[str]:
    """Every text to look for because of this value; only those long enough, and that are more than stars."""
    pieces = {value, value.strip(), *(line.strip() for line in value.splitlines())}
    for piece in pieces:
        if len(piece) >= _SHORTEST:
            yield from (form for form in _written(piece) if len(form) >= _SHORTEST and form.strip("*"))


def _written(value: str) -> Iterator[str]:
    yield value
    raw = value.encode("utf-8", "surrogatepass")
    yield from _base64(raw)
    yield from _url(raw)
    for as_ascii in (True, False):
        escaped = json.dumps(value, ensure_ascii=as_ascii)[1:-1]
        yield escaped
        yield escaped.replace("/", "\\/")
    yield html.escape(value, quote=False)
    yield html.escape(value)
    yield from _shell(value)


def _url(raw: bytes) -> Iterator[str]:
    for safe in ("", "/", "~!*'()"):
        for form in (quote(raw, safe=safe), quote_plus(raw, safe=safe)):
            yield form
            yield re.sub("%[0-9A-F]{2}", lambda found: found.group().lower(), form)


def _shell(value: str) -> Iterator[str]:
    quoted = shlex.quote(value)
    yield quoted[1:-1] if quoted.startswith("'") else quoted
    yield value.replace("'", "'\\''")
    yield re.sub(r'([\\"$`])', r"\\\1", value)
    yield re.sub(r"([^A-Za-z0-9_@%+=:,./\-\n])", r"\\\1", value)


def _base64(raw: bytes) -> Iterator[str]:
    """Whole, and the part that is the same whatever stands before and after the value."""
    for encode in (base64.b64encode, base64.urlsafe_b64encode):
        whole = encode(raw).decode()
        yield whole
        yield whole.rstrip("=")
        for offset in range(3):
            text = encode(bytes(offset) + raw).decode().rstrip("=")
            tainted_end = (offset + len(raw)) % 3 != 0
            yield text[(0, 2, 3)[offset] : len(text) - tainted_end]


def _compile(found: set[str]) -> re.Pattern[str] | None:
    """One pattern, branching on the first and the second character, so that a thousand forms cost little a character.

    It is a look-ahead, so overlapping finds are all seen; the longest form at a place wins.
    """
    if not found:
        return None
    ordered = sorted(found)
    branches = []
    for first, group in groupby(ordered, key=lambda form: form[0]):
        inner = [
            f"{re.escape(second)}(?:{'|'.join(re.escape(form[2:]) for form in sorted(rest, key=len, reverse=True))})"
            for second, rest in groupby(group, key=lambda form: form[1])
        ]
        branches.append(f"{re.escape(first)}(?:{'|'.join(inner)})")
    return re.compile(f"(?=({'|'.join(branches)}))", re.DOTALL)


def _replace(pattern: re.Pattern[str], text: str) -> str:
    parts: list[str] = []
    end = 0
    start = -1
    for found in pattern.finditer(text):
        if start < 0 or found.start(1) > end:
            parts.append(text[end : found.start(1)] if start < 0 else MASK + text[end : found.start(1)])
            start = found.start(1)
        end = max(end, found.end(1))
    return "".join(parts) + MASK + text[end:]
