"""What the language calls a blank, a name and a digit: the classes of .NET, whose strings are sequences of 16 bits."""

from __future__ import annotations

import re
import unicodedata

BLANK_CHARACTERS = (
    "\t\n\v\f\r \x85\xa0\u1680" + "".join(map(chr, range(0x2000, 0x200B))) + "\u2028\u2029\u202f\u205f\u3000"
)
SAME_LINE_BLANKS = BLANK_CHARACTERS.replace("\n", "")
BLANK = f"[{BLANK_CHARACTERS}]"
SAME_LINE_BLANK = f"[{SAME_LINE_BLANKS}]"
_WORD = re.compile(r"\w+")


def name_end(text: str, start: int) -> int:
    """Where the name that starts there ends; `start` itself where none starts."""
    match = _WORD.match(text, start)
    if match is None:
        return start
    found = match.group()
    if found.isascii():
        return match.end()
    for offset, character in enumerate(found):
        if not is_name_character(character):
            return start + offset
    return match.end()


def is_name_character(character: str) -> bool:
    if character == "_":
        return True
    if ord(character) > 0xFFFF:
        return False
    category = unicodedata.category(character)
    return category[0] == "L" or category == "Nd"


def is_control(character: str) -> bool:
    return unicodedata.category(character) == "Cc"
