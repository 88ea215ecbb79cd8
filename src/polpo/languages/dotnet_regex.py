"""Regular expressions of .NET in terms of Python's.

The two agree on nearly everything that people write. What differs is rewritten here: names of groups and their
numbers, inline options in the middle, Unicode categories, the end anchors and some escapes. What Python's engine
cannot do (lookbehind of variable length, balancing groups) is refused with a sentence.
"""

from __future__ import annotations

import re
import sys
from typing import Callable, Dict, List, NamedTuple, Optional, Tuple

from polpo.languages.dotnet_regex_classes import CATEGORY, NotSupported, category, read_class
from polpo.languages.dotnet_regex_lookbehind import content_end, rewritten

__all__ = ["Engines", "NetPattern", "NotSupported", "TooSlow", "translate"]

_GROUP_NAME = re.compile(r"\(\?(?:<(?![=!])|')([^\W\d]\w*|[0-9]+)[>']")
_OPTIONS = re.compile(r"\(\?([imnsx]*)(?:-([imnsx]*))?([:)])")
_NAMED_REFERENCE = re.compile(r"\\k(?:<(\w+)>|'(\w+)')")
_QUANTIFIER = re.compile(r"\{[0-9]+(?:,[0-9]*)?\}")
_ESCAPES = {"z": r"\Z", "Z": r"(?=\n?\Z)", "e": r"\x1b", "G": r"\A"}
_LOOKBEHIND = re.compile(r"\(\?<[=!]")
_TEST = re.compile(r"\(\?\(\w+\)")
_FLAGS = {"i": re.IGNORECASE, "m": re.MULTILINE, "s": re.DOTALL, "x": re.VERBOSE}


class TooSlow(NotSupported):
    """The expression takes too long on a text; only an engine that can be stopped says so."""


class Engines:
    """What compiles the expressions. Python's engine cannot be stopped, which on a target only hurts whoever wrote the
    expression; a server that runs the expressions of many people puts another one here when it starts."""

    compile: Callable[[str, int], re.Pattern[str]] = staticmethod(re.compile)


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
        self._open: List[List[str]] = [[]]
        self._repeated = ""
        self._flags = 0
        self._explicit = "n" in (re.match(r"\(\?([imnsx]*)", pattern) or [""])[0]

    def result(self) -> NetPattern:
        while self._at < len(self._pattern):
            self._step()
        self._out.append(")" * len(self._open[0]))
        compiled = Engines.compile("".join(self._out), self._flags)
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
        self._refuse_nested(character)
        if character == "\\":
            self._take(*self._escape(self._at))
        elif character == "[":
            self._take(*read_class(self._pattern, self._at, self._escape))
        elif character == "(":
            self._group()
        elif character == ")":
            inside = self._open.pop() if len(self._open) > 1 else []
            self._take(")" * (len(inside) + 1), self._at + 1)
        elif character == "|" and self._open[-1]:
            again = "".join(f"(?{flags}:" for flags in self._open[-1])
            self._take(")" * len(self._open[-1]) + "|" + again, self._at + 1)
        elif character == "{":
            quantifier = _QUANTIFIER.match(self._pattern, self._at)
            self._take(*((quantifier.group(), quantifier.end()) if quantifier else (r"\{", self._at + 1)))
        else:
            self._take(character, self._at + 1)

    def _refuse_nested(self, character: str) -> None:
        """What repeats may be lazy, but not repeated once more (Python would read some of that as possessive)."""
        before = self._repeated
        repeats = character in ("*", "+", "?") or _QUANTIFIER.match(self._pattern, self._at) is not None
        if repeats and before and (before == "lazy" or character != "?"):
            raise NotSupported(f"nested quantifier {character}")
        self._repeated = "" if not repeats else "lazy" if before else "greedy"

    def _take(self, text: str, end: int) -> None:
        self._out.append(text)
        self._at = end

    def _escape(self, at: int) -> Tuple[str, int]:
        reference = _NAMED_REFERENCE.match(self._pattern, at)
        if reference is not None:
            name = reference.group(1) or reference.group(2)
            return (rf"(?:\{name})" if name.isdigit() else f"(?P={name})"), reference.end()
        found = CATEGORY.match(self._pattern, at)
        if found is not None:
            negated = "^" if found.group(1) == "P" else ""
            return f"[{negated}{category(found.group(2))}]", found.end()
        following = self._pattern[at + 1 : at + 2]
        if following == "c" and self._pattern[at + 2 : at + 3].isalpha():
            return f"\\x{ord(self._pattern[at + 2].upper()) - 64:02x}", at + 3
        if following in _ESCAPES:
            return _ESCAPES[following], at + 2
        if following.isalpha() and following.isascii() and following not in "dDwWsSbBAafnrtvxu":
            raise NotSupported(f"unrecognised escape \\{following}")
        if following == "_":
            raise NotSupported("unrecognised escape \\_")
        if following and not following.isalnum():
            return re.escape(following), at + 2
        return f"\\{following}", at + 2

    def _group(self) -> None:
        name = _GROUP_NAME.match(self._pattern, self._at)
        options = _OPTIONS.match(self._pattern, self._at)
        if name is not None:
            self._groups.append(name.group(1))
            self._open.append([])
            self._take("(" if name.group(1).isdigit() else f"(?P<{name.group(1)}>", name.end())
        elif options is not None:
            self._set_options(options)
        elif self._pattern.startswith("(?", self._at):
            self._special()
        else:
            if not self._explicit:
                self._groups.append(None)
            self._open.append([])
            self._take("(?:" if self._explicit else "(", self._at + 1)

    def _special(self) -> None:
        if self._pattern.startswith("(?#", self._at):
            closing = self._pattern.find(")", self._at)
            self._at = closing + 1 if closing >= 0 else len(self._pattern)
            return
        if self._pattern.startswith("(?>", self._at) and sys.version_info < (3, 11):
            raise NotSupported("atomic groups before Python 3.11")
        if self._pattern.startswith("(?P", self._at):
            raise NotSupported("the group construct (?P")
        behind = _LOOKBEHIND.match(self._pattern, self._at)
        if behind is not None:
            end = content_end(self._pattern, behind.end())
            looked = rewritten(self._pattern[behind.end() : end], negative=behind.group().endswith("!"))
            if looked != self._pattern[self._at : end + 1]:
                self._pattern = self._pattern[: self._at] + looked + self._pattern[end + 1 :]
                return
        test = _TEST.match(self._pattern, self._at)
        self._open.append([])
        self._take(*((test.group(), test.end()) if test else ("(?", self._at + 2)))

    def _set_options(self, options: re.Match[str]) -> None:
        """`(?i)` holds for the rest of the group around it: there it becomes a group of its own."""
        on = options.group(1).replace("n", "")
        off = (options.group(2) or "").replace("n", "")
        flags = on + (f"-{off}" if off else "")
        scoped = options.group(3) == ":"
        if not scoped and options.start() == 0 and not off:
            for flag in on:
                self._flags |= _FLAGS[flag]
            self._at = options.end()
            return
        if scoped:
            self._open.append([])
        else:
            self._open[-1].append(flags)
        self._take(f"(?{flags}:", options.end())
