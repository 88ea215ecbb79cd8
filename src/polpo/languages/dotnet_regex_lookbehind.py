"""Lookbehinds of .NET, which may be of any length, in terms of Python's, which may not.

Two things keep the meaning: each alternative of its own length stands in a lookbehind of its own, and what is repeated
at the very front need not be repeated more often than it must.
"""

from __future__ import annotations

import re
from typing import List

_SKIPPED = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\\\]])*\]", re.DOTALL)
_ATOM = r"(\\[pP]\{[\w\-]+\}|\\[^\dpPbBAzZGkcxu]|\[\^?\]?(?:\\.|[^\\\[\]])*\]|[^\\\[\](){}*+?|^$])"
_REPEATED = re.compile(_ATOM + r"(?:([*?])|(\+)|\{([0-9]+),[0-9]*\})\??", re.DOTALL)


def content_end(pattern: str, start: int) -> int:
    """Where the group ends whose content begins at `start`: the place of its closing bracket, or the very end."""
    depth, at = 0, start
    while at < len(pattern):
        skipped = _SKIPPED.match(pattern, at)
        if skipped is not None:
            at = skipped.end()
            continue
        if pattern[at] == ")" and not depth:
            return at
        depth += {"(": 1, ")": -1}.get(pattern[at], 0)
        at += 1
    return at


def rewritten(content: str, *, negative: bool) -> str:
    """What a lookbehind with this content can be written as, still in the notation of .NET."""
    opening = "(?<!" if negative else "(?<="
    single = [f"{opening}{_shortest(alternative)})" for alternative in _alternatives(content)]
    return single[0] if len(single) == 1 else f"(?:{('' if negative else '|').join(single)})"


def _alternatives(content: str) -> List[str]:
    found, depth, at, begin = [], 0, 0, 0
    while at < len(content):
        skipped = _SKIPPED.match(content, at)
        if skipped is not None:
            at = skipped.end()
            continue
        if content[at] == "|" and not depth:
            found.append(content[begin:at])
            begin = at + 1
        depth += {"(": 1, ")": -1}.get(content[at], 0)
        at += 1
    return [*found, content[begin:]]


def _shortest(alternative: str) -> str:
    while True:
        front = _REPEATED.match(alternative)
        if front is None:
            return alternative
        least = 0 if front.group(2) else 1 if front.group(3) else int(front.group(4))
        alternative = (f"{front.group(1)}{{{least}}}" if least else "") + alternative[front.end() :]
