"""Regular expressions of .NET in terms of Python's.

The two agree on nearly everything that people write. What differs is rewritten here: names of groups and their
numbers, inline options in the middle, Unicode categories, the end anchors and some escapes. What Python's engine
cannot do (lookbehind of variable length, balancing groups) is refused with a sentence.
"""

from __future__ import annotations

import re
import sys
import unicodedata
from functools import lru_cache
from typing import Dict, List, NamedTuple, Optional, Tuple

_GROUP_NAME = re.compile(r"\(\?(?:<(?![=!])|')([A-Za-z_]\w*|[0-9]+)[>']")
_OPTIONS = re.compile(r"\(\?([imnsx]*)(?:-([imnsx]*))?([:)])")
_NAMED_REFERENCE = re.compile(r"\\k(?:<(\w+)>|'(\w+)')")
_CATEGORY = re.compile(r"\\([pP])\{(\w+)\}")
_QUANTIFIER = re.compile(r"\{[0-9]+(?:,[0-9]*)?\}")
_ESCAPES = {"z": r"\Z", "Z": r"(?=\n?\Z)", "e": r"\x1b", "G": r"\A"}
_FLAGS = {"i": re.IGNORECASE, "m": re.MULTILINE, "s": re.DOTALL, "x": re.VERBOSE}


class NotSupported(ValueError):
    """Something that .NET's engine can do and this one cannot."""


class NetPattern(NamedTuple):
    expression: re.Pattern[str]
    numbers: Dict[str, int]

    def group(self, name: str) -> Optional[int]:
        """Python's number of the group that .NET knows by this number or name."""
        return self.numbers.get(name.lstrip("0") or "0" if name.isdigit() else name)

    @property
    def last_group(self) -> Optional[int]:
        return self.numbers.get(str(len([name for name in self.numbers if name.isdigit()]) - 1))


def translate(pattern: str) -> NetPattern:
    return _Translation(pattern).result()


class _Translation:
    def __init__(self, pattern: str) -> None:
        self._pattern = pattern
        self._at = 0
        self._out: List[str] = []
        self._groups: List[Optional[str]] = []
        self._open: List[int] = []
        self._flags = 0
        self._explicit = "n" in (re.match(r"\(\?([imnsx]*)", pattern) or [""])[0]

    def result(self) -> NetPattern:
        while self._at < len(self._pattern):
            self._step()
        compiled = re.compile("".join(self._out), self._flags)
        numbers = {"0": 0}
        unnamed = [place for place, name in enumerate(self._groups, 1) if name is None]
        named = [(place, name) for place, name in enumerate(self._groups, 1) if name is not None]
        for number, place in enumerate(unnamed, 1):
            numbers[str(number)] = place
        for place, name in named:
            if not name.isdigit():
                numbers.setdefault(str(len([key for key in numbers if key.isdigit()])), place)
            numbers[name] = place
        return NetPattern(compiled, numbers)

    def _step(self) -> None:
        character = self._pattern[self._at]
        if character == "\\":
            self._take(*self._escape(self._at))
        elif character == "[":
            self._take(*self._character_class(self._at))
        elif character == "(":
            self._group()
        elif character == ")":
            extra = self._open.pop() if self._open else 0
            self._take(")" * (extra + 1), self._at + 1)
        elif character == "{" and not _QUANTIFIER.match(self._pattern, self._at):
            self._take(r"\{", self._at + 1)
        else:
            self._take(character, self._at + 1)

    def _take(self, text: str, end: int) -> None:
        self._out.append(text)
        self._at = end

    def _escape(self, at: int) -> Tuple[str, int]:
        reference = _NAMED_REFERENCE.match(self._pattern, at)
        if reference is not None:
            name = reference.group(1) or reference.group(2)
            return (rf"(?:\{name})" if name.isdigit() else f"(?P={name})"), reference.end()
        category = _CATEGORY.match(self._pattern, at)
        if category is not None:
            negated = "^" if category.group(1) == "P" else ""
            return f"[{negated}{_category(category.group(2))}]", category.end()
        following = self._pattern[at + 1 : at + 2]
        if following == "c" and self._pattern[at + 2 : at + 3].isalpha():
            return f"\\x{ord(self._pattern[at + 2].upper()) - 64:02x}", at + 3
        if following in _ESCAPES:
            return _ESCAPES[following], at + 2
        if following.isalpha() and following.isascii() and following not in "dDwWsSbBAafnrtvxu":
            raise NotSupported(f"unrecognised escape \\{following}")
        if following and not following.isalnum():
            return re.escape(following), at + 2
        return f"\\{following}", at + 2

    def _character_class(self, start: int) -> Tuple[str, int]:
        at = start + 1
        parts = ["["]
        if self._pattern.startswith("^", at):
            parts.append("^")
            at += 1
        first = at
        while at < len(self._pattern):
            character = self._pattern[at]
            if character == "]" and at > first:
                return "".join([*parts, "]"]), at + 1
            if character == "\\":
                piece, at = self._class_escape(at)
                parts.append(piece)
                continue
            if self._pattern.startswith("-[", at):
                raise NotSupported("subtraction of character classes")
            parts.append("\\" + character if character in "[&~|]" else character)
            at += 1
        raise NotSupported("unterminated [] set")

    def _class_escape(self, at: int) -> Tuple[str, int]:
        category = _CATEGORY.match(self._pattern, at)
        if category is not None:
            return _category(category.group(2), category.group(1) == "P"), category.end()
        if self._pattern[at + 1 : at + 2] == "b":
            return r"\x08", at + 2
        return self._escape(at)

    def _group(self) -> None:
        name = _GROUP_NAME.match(self._pattern, self._at)
        options = _OPTIONS.match(self._pattern, self._at)
        if name is not None:
            self._groups.append(name.group(1))
            self._open.append(0)
            self._take("(" if name.group(1).isdigit() else f"(?P<{name.group(1)}>", name.end())
        elif options is not None:
            self._set_options(options)
        elif self._pattern.startswith("(?", self._at):
            self._special()
        else:
            if not self._explicit:
                self._groups.append(None)
            self._open.append(0)
            self._take("(?:" if self._explicit else "(", self._at + 1)

    def _special(self) -> None:
        if self._pattern.startswith("(?#", self._at):
            closing = self._pattern.find(")", self._at)
            self._at = closing + 1 if closing >= 0 else len(self._pattern)
            return
        if self._pattern.startswith("(?>", self._at) and sys.version_info < (3, 11):
            raise NotSupported("atomic groups before Python 3.11")
        self._open.append(0)
        self._take("(?", self._at + 2)

    def _set_options(self, options: re.Match[str]) -> None:
        """`(?i)` holds for the rest of the group around it: there it becomes a group of its own."""
        on = options.group(1).replace("n", "")
        off = (options.group(2) or "").replace("n", "")
        scoped = options.group(3) == ":"
        if not scoped and options.start() == 0 and not off:
            for flag in on:
                self._flags |= _FLAGS[flag]
            self._at = options.end()
            return
        if scoped:
            self._open.append(0)
        elif self._open:
            self._open[-1] += 1
        flags = on + (f"-{off}" if off else "")
        self._take(f"(?{flags}:", options.end())
        if not scoped and not self._open:
            self._pattern += ")"
            self._open.append(0)


@lru_cache(maxsize=64)
def _category(name: str, negated: bool = False) -> str:
    """The characters of a Unicode category (`L`, `Lu`), as what stands inside a character class."""
    if name.startswith("Is"):
        raise NotSupported(f"the named block {name}")
    inside = [(unicodedata.category(chr(code)).startswith(name)) is not negated for code in range(0x10000)]
    ranges: List[str] = []
    start: Optional[int] = None
    for code, holds in enumerate([*inside, False]):
        if holds and start is None:
            start = code
        elif not holds and start is not None:
            ranges.append(f"\\u{start:04x}-\\u{code - 1:04x}")
            start = None
    if not ranges:
        raise NotSupported(f"the unknown category {name}")
    return "".join(ranges)
