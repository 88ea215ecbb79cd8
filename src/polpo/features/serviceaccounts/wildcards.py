"""Subjects with wildcards: `*` is any run of characters, also none, `?` is one. Case counts."""

from __future__ import annotations


def fits(pattern: str, text: str) -> bool:
    """In time that grows with the product of the lengths at most, whatever the pattern."""
    at = place = 0
    star, resume = -1, 0
    while place < len(text):
        if at < len(pattern) and pattern[at] == "*":
            star, resume = at, place
            at += 1
        elif at < len(pattern) and pattern[at] in ("?", text[place]):
            at += 1
            place += 1
        elif star >= 0:
            resume += 1
            at, place = star + 1, resume
        else:
            return False
    return not pattern[at:].strip("*")
