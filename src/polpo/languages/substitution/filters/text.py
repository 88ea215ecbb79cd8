"""Filters that cut, join, indent, compare and re-encode text."""

from __future__ import annotations

import base64
import binascii
import re
from typing import Optional, Sequence, Tuple

from polpo.languages.substitution.characters import BLANK_CHARACTERS
from polpo.languages.substitution.errors import FilterFailed
from polpo.languages.substitution.filters import utf16

_INTEGER = re.compile(r"[\t-\r ]*([+-]?[0-9]+)[\t-\r ]*\0*")
_SIZES = re.compile(r"(?:([0-9]{1,3})?(/))?([0-9]{1,3})")
_ENCODINGS = {"utf8": "utf-8", "utf-8": "utf-8", "unicode": "utf-16-le"}
_NOT_BASE64 = (
    "The input is not a valid Base-64 string as it contains a non-base 64 character, more than two padding characters, "
    "or an illegal character among the padding characters."
)


def read_integer(text: str) -> Optional[int]:
    """A 32-bit integer as .NET reads one: blanks around it and a sign are allowed."""
    match = _INTEGER.fullmatch(text)
    if match is None:
        return None
    number = int(match.group(1))
    return number if -(2**31) <= number < 2**31 else None


def _each_character(text: str, change: str) -> str:
    changed: str = getattr(text, change)()
    if text.isascii():
        return changed
    return "".join(_if_single(getattr(character, change)(), character) for character in text)


def _if_single(changed: str, character: str) -> str:
    """Case changes one character into one: what would become two stays."""
    return changed if len(changed) == 1 else character


def to_lower(value: Optional[str], options: Sequence[str]) -> Optional[str]:
    return None if value is None or options else _each_character(value, "lower")


def to_upper(value: Optional[str], options: Sequence[str]) -> Optional[str]:
    return None if value is None or options else _each_character(value, "upper")


def encoding_of(options: Sequence[str]) -> Optional[str]:
    return _ENCODINGS.get(options[0].lower()) if options else "utf-8"


def decode_base64(text: str) -> bytes:
    """Blanks are ignored, anything else that does not belong is refused."""
    packed = re.sub(r"[ \t\r\n]", "", text)
    try:
        return base64.b64decode(packed.encode("ascii"), validate=True)
    except (UnicodeEncodeError, binascii.Error):
        raise FilterFailed(_NOT_BASE64) from None


def to_base64(value: Optional[str], options: Sequence[str]) -> Optional[str]:
    encoding = encoding_of(options)
    if value is None or len(options) > 1 or encoding is None:
        return None
    errors = "surrogatepass" if encoding == "utf-16-le" else "replace"
    return base64.b64encode(value.encode(encoding, errors)).decode("ascii")


def from_base64(value: Optional[str], options: Sequence[str]) -> Optional[str]:
    if value is None or len(options) > 1:
        return None
    raw = decode_base64(value)
    encoding = encoding_of(options)
    return None if encoding is None else raw.decode(encoding, "replace")


def append(value: Optional[str], options: Sequence[str]) -> Optional[str]:
    return (value or "") + "".join(options) if options else None


def prepend(value: Optional[str], options: Sequence[str]) -> Optional[str]:
    return "".join(options) + (value or "") if options else None


def trim(value: Optional[str], options: Sequence[str]) -> Optional[str]:
    if value is None:
        return None
    if not options:
        return value.strip(BLANK_CHARACTERS)
    side = options[0].lower()
    if side == "start":
        return value.lstrip(BLANK_CHARACTERS)
    return value.rstrip(BLANK_CHARACTERS) if side == "end" else None


def truncate(value: Optional[str], options: Sequence[str]) -> Optional[str]:
    size = read_integer(options[0]) if options else None
    if value is None or size is None or size < 0:
        return None
    suffix = options[1] if len(options) > 1 else "..."
    return utf16.cut(value, 0, size) + suffix if size < utf16.length(value) else value


def substring(value: Optional[str], options: Sequence[str]) -> Optional[str]:
    if value is None or len(options) not in (1, 2):
        return None
    numbers = [read_integer(option) for option in options]
    start, size = (0, numbers[0]) if len(numbers) == 1 else (numbers[0], numbers[1])
    if start is None or size is None or start < 0 or size < 0 or start > utf16.length(value):
        return None
    return utf16.cut(value, start, start + size)


def starts_with(value: Optional[str], options: Sequence[str]) -> Optional[str]:
    return None if value is None or len(options) != 1 else _truth(value.startswith(options[0]))


def ends_with(value: Optional[str], options: Sequence[str]) -> Optional[str]:
    return None if value is None or len(options) != 1 else _truth(value.endswith(options[0]))


def contains(value: Optional[str], options: Sequence[str]) -> Optional[str]:
    return None if value is None or len(options) != 1 else _truth(options[0] in value)


def _truth(holds: bool) -> str:
    return "true" if holds else "false"


def indent(value: Optional[str], options: Sequence[str]) -> Optional[str]:
    if not value:
        return value
    if len(options) > 2:
        return None
    first, following = _indents(options)
    return first + value.replace("\n", "\n" + following)


def _indents(options: Sequence[str]) -> Tuple[str, str]:
    if not options:
        return "    ", "    "
    if len(options) == 2:
        return options[0], options[1]
    sizes = _SIZES.fullmatch(options[0].rstrip("\n"))
    if sizes is not None:
        following = int(sizes.group(3))
        first = int(sizes.group(1) or 0) if sizes.group(2) else following
        if max(first, following) <= 255:
            return " " * first, " " * following
    return options[0], options[0]
