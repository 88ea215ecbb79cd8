"""File globs: which relative paths a pattern of a step takes in.

`*` is any run inside one name, `**` any run of folders (also none), `?` one character of a name, `[ab]` one of a set,
`{x,y}` one of several texts. Either slash separates names. Pure, in the
syntax of Python 3.8: it also runs on targets.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import List, Tuple


def matches(pattern: str, path: str, case_sensitive: bool = True) -> bool:
    """Whether a whole relative path fits. A set or group that is not closed is plain text, and one that is closed
    fits a name that is written just like it as well (a folder called `[old]`).

    Case counts where it does on the file system; say so with `case_sensitive` (Linux: yes, Windows: no).
    """
    return _compiled(pattern, case_sensitive).fullmatch(_normal(path)) is not None


def fixed_folder(pattern: str) -> str:
    """The part of a pattern up to its last folder without wildcards: a search may start there. Empty for none."""
    names = _normal(pattern).split("/")
    fixed: List[str] = []
    for name in names[:-1]:
        if any(character in name for character in "*?[{"):
            break
        fixed.append(name)
    return "/".join(fixed)


def is_pattern(text: str) -> bool:
    """Whether the text holds any wildcard; without one it names a single file."""
    return any(character in text for character in "*?[{")


def _normal(path: str) -> str:
    path = path.replace("\\", "/")
    while path.startswith("./"):
        path = path[2:]
    return re.sub("//+", "/", path)


@lru_cache(maxsize=1024)
def _compiled(pattern: str, case_sensitive: bool) -> re.Pattern[str]:
    pattern = _normal(pattern)
    text = _Translation(pattern).text()
    if "[" in pattern or "{" in pattern:
        text += "|" + _Translation(pattern, grouping=False).text()
    return re.compile(text, 0 if case_sensitive else re.IGNORECASE)


class _Translation:
    def __init__(self, pattern: str, *, grouping: bool = True) -> None:
        self._pattern = pattern
        self._grouping = grouping

    def text(self) -> str:
        return "(?s:" + self._range(0, len(self._pattern), grouped=False)[0] + ")"

    def _range(self, at: int, end: int, *, grouped: bool) -> Tuple[str, int]:
        parts: List[str] = []
        while at < end:
            piece, at = self._piece(at, end, grouped=grouped)
            parts.append(piece)
        return "".join(parts), at

    def _piece(self, at: int, end: int, *, grouped: bool) -> Tuple[str, int]:
        character = self._pattern[at]
        if self._pattern.startswith("**", at):
            return self._folders(at)
        if character == "*":
            return "[^/]*", at + 1
        if character == "?":
            return "[^/]", at + 1
        if character == "[" and self._grouping:
            closing = self._pattern.find("]", at + 2, end)
            if closing > 0:
                return self._set(self._pattern[at + 1 : closing]), closing + 1
        if character == "{" and self._grouping and not grouped:
            closing = self._pattern.find("}", at, end)
            if closing > 0:
                return self._group(at + 1, closing), closing + 1
        return re.escape(character), at + 1

    def _folders(self, at: int) -> Tuple[str, int]:
        end = at
        while self._pattern.startswith("*", end):
            end += 1
        opens_name = at == 0 or self._pattern[at - 1] == "/"
        if opens_name and self._pattern.startswith("/", end):
            return "(?:[^/]+/)*", end + 1
        return (".*" if opens_name and end == len(self._pattern) else "[^/]*"), end

    @staticmethod
    def _set(inside: str) -> str:
        negated = inside.startswith(("!", "^")) and len(inside) > 1
        members = "".join("\\" + c if c in "\\[]^&~|" else c for c in (inside[1:] if negated else inside))
        return f"(?!/)[{'^' if negated else ''}{members}]"

    def _group(self, start: int, closing: int) -> str:
        alternatives: List[str] = []
        while True:
            comma = self._pattern.find(",", start, closing)
            end = closing if comma < 0 else comma
            alternatives.append(self._range(start, end, grouped=True)[0])
            if comma < 0:
                return f"(?:{'|'.join(alternatives)})"
            start = comma + 1
