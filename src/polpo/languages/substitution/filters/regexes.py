"""Filters with regular expressions, written in the syntax of .NET."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Iterator, List, Match, Optional, Sequence

from polpo.languages.dotnet_regex import NetPattern, NotSupported, TooSlow, translate
from polpo.languages.substitution.errors import FilterFailed

_REFERENCE = re.compile(r"\$(?:(\$)|(&)|(`)|(')|(\+)|(_)|([0-9]+)|\{(\w+)\})")


def match(value: Optional[str], options: Sequence[str]) -> Optional[str]:
    if value is None or len(options) != 1:
        return None
    return "true" if _found(_compiled(options[0]), value, 0) else "false"


def replace(value: Optional[str], options: Sequence[str]) -> Optional[str]:
    if value is None or not options:
        return None
    pattern = _compiled(options[0])
    replacement = options[1] if len(options) > 1 else ""
    parts: List[str] = []
    end = 0
    for found in _matches(pattern, value):
        parts.append(value[end : found.start()])
        parts.append(_expanded(replacement, pattern, found) if "$" in replacement else replacement)
        end = found.end()
    return "".join(parts) + value[end:]


def _matches(pattern: NetPattern, value: str) -> Iterator[Match[str]]:
    """After an empty match the search goes on one character further; Python would look for more at the same place."""
    at = 0
    while at <= len(value):
        found = _found(pattern, value, at)
        if found is None:
            return
        yield found
        at = found.end() + (found.end() == found.start())


def _found(pattern: NetPattern, value: str, at: int) -> Optional[Match[str]]:
    try:
        return pattern.expression.search(value, at)
    except TooSlow as refused:
        raise FilterFailed(str(refused)) from refused


@lru_cache(maxsize=512)
def _compiled(pattern: str) -> NetPattern:
    try:
        return translate(pattern)
    except (re.error, NotSupported, RecursionError, OverflowError) as refused:
        raise FilterFailed(f"'{pattern}' is not a regular expression that can be used: {refused}") from refused


def _expanded(replacement: str, pattern: NetPattern, found: Match[str]) -> str:
    """A replacement with its `$1`, `${name}`, `$&`, `$$` filled in; what names no group stays as it is written."""
    parts: List[str] = []
    end = 0
    for reference in _REFERENCE.finditer(replacement):
        parts.append(replacement[end : reference.start()])
        parts.append(_referred(reference, pattern, found))
        end = reference.end()
    return "".join(parts) + replacement[end:]


def _referred(reference: Match[str], pattern: NetPattern, found: Match[str]) -> str:
    dollar, whole, before, after, last, everything, number, name = reference.groups()
    if dollar:
        return "$"
    if whole:
        return found.group()
    if before:
        return found.string[: found.start()]
    if after:
        return found.string[found.end() :]
    if everything:
        return found.string
    group = pattern.last_group if last else pattern.group(number or name)
    return reference.group() if group is None else found.group(group) or ""
