"""The characters of the language: what .NET calls a blank, a letter and a digit, to match at one position."""

from __future__ import annotations

import re
import unicodedata
from typing import Optional

BLANKS = "\t\n\v\f\r \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
BLANK_CHARACTERS = (
    "\t\n\v\f\r \x85\xa0\u1680" + "".join(map(chr, range(0x2000, 0x200B))) + "\u2028\u2029\u202f\u205f\u3000"
)
"""All of them, to strip text with."""
_WORD = r"\w\-:/~()@"
# A blank belongs to a name unless the name ends there: before "|" and "}" (unless that is the very last character of
# the text) and before a keyword that a blank follows.
_NAME = re.compile(rf"(?:[{_WORD}]|[{BLANKS}](?![|}}][\s\S]|(?:in|==|!=)[{BLANKS}]))+")
_WORDS = re.compile(rf"[{_WORD}]+")
_BLANKS = re.compile(f"[{BLANKS}]*")
_BLANK = re.compile(f"[{BLANKS}]")


def skip_blanks(text: str, position: int) -> int:
    match = _BLANKS.match(text, position)
    return match.end() if match else position


def is_blank(text: str, position: int) -> bool:
    return _BLANK.match(text, position) is not None


def name_end(text: str, position: int) -> Optional[int]:
    """Where the identifier that starts here ends; blanks may be part of it. None where none starts."""
    return _end(_NAME, text, position)


def word_end(text: str, position: int) -> Optional[int]:
    """As `name_end`, for an identifier that holds no blanks (filters and their plain options)."""
    return _end(_WORDS, text, position)


def _end(pattern: re.Pattern[str], text: str, position: int) -> Optional[int]:
    match = pattern.match(text, position)
    if match is None:
        return None
    found = match.group()
    if found.isascii():
        return match.end()
    for offset, character in enumerate(found):
        if not character.isascii() and not _is_name_character(character):
            return position + offset if offset else None
    return match.end()


def _is_name_character(character: str) -> bool:
    """The pattern's word characters take in more than letters and decimal digits; what lies beyond 16 bits is none."""
    if ord(character) > 0xFFFF:
        return False
    category = unicodedata.category(character)
    return category.startswith("L") or category == "Nd" or _BLANK.match(character) is not None
