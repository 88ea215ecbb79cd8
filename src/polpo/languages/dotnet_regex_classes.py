"""Character classes of .NET's regular expressions in terms of Python's: categories, blocks, subtraction."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Callable, List, Optional, Tuple

CATEGORY = re.compile(r"\\([pP])\{([\w\-]+)\}")
_MANY = re.compile(r"\\[dDwWsS]")
_BLOCKS = {
    "BasicLatin": "\\u0000-\\u007f",
    "Latin-1Supplement": "\\u0080-\\u00ff",
    "LatinExtended-A": "\\u0100-\\u017f",
    "LatinExtended-B": "\\u0180-\\u024f",
    "IPAExtensions": "\\u0250-\\u02af",
    "CombiningDiacriticalMarks": "\\u0300-\\u036f",
    "Greek": "\\u0370-\\u03ff",
    "GreekandCoptic": "\\u0370-\\u03ff",
    "Cyrillic": "\\u0400-\\u04ff",
    "CyrillicSupplement": "\\u0500-\\u052f",
    "Armenian": "\\u0530-\\u058f",
    "Hebrew": "\\u0590-\\u05ff",
    "Arabic": "\\u0600-\\u06ff",
    "Devanagari": "\\u0900-\\u097f",
    "Thai": "\\u0e00-\\u0e7f",
    "Georgian": "\\u10a0-\\u10ff",
    "LatinExtendedAdditional": "\\u1e00-\\u1eff",
    "GreekExtended": "\\u1f00-\\u1fff",
    "GeneralPunctuation": "\\u2000-\\u206f",
    "SuperscriptsandSubscripts": "\\u2070-\\u209f",
    "CurrencySymbols": "\\u20a0-\\u20cf",
    "LetterlikeSymbols": "\\u2100-\\u214f",
    "NumberForms": "\\u2150-\\u218f",
    "Arrows": "\\u2190-\\u21ff",
    "MathematicalOperators": "\\u2200-\\u22ff",
    "BoxDrawing": "\\u2500-\\u257f",
    "Dingbats": "\\u2700-\\u27bf",
    "CJKSymbolsandPunctuation": "\\u3000-\\u303f",
    "Hiragana": "\\u3040-\\u309f",
    "Katakana": "\\u30a0-\\u30ff",
    "CJKUnifiedIdeographs": "\\u4e00-\\u9fff",
    "HangulSyllables": "\\uac00-\\ud7af",
    "PrivateUse": "\\ue000-\\uf8ff",
    "HalfwidthandFullwidthForms": "\\uff00-\\uffef",
}


class NotSupported(ValueError):
    """Something that .NET's engine refuses, or that it can do and this one cannot."""


def read_class(pattern: str, start: int, escape: Callable[[int], Tuple[str, int]]) -> Tuple[str, int]:
    """The class that opens at `start`, and where it ends. `escape` reads a backslash and what belongs to it."""
    at = start + 1
    negated = pattern.startswith("^", at)
    at += negated
    first = at
    items: List[str] = []
    while at < len(pattern):
        if pattern[at] == "]" and at > first:
            return f"[{'^' if negated else ''}{''.join(items)}]", at + 1
        if items and pattern.startswith("-[", at):
            taken, end = read_class(pattern, at + 1, escape)
            if not pattern.startswith("]", end):
                raise NotSupported("a class that is taken away must be the last thing in its class")
            return f"(?:(?!{taken})[{'^' if negated else ''}{''.join(items)}])", end + 1
        item, at = _item(pattern, at, escape)
        if pattern.startswith("-", at) and pattern[at + 1 : at + 2] not in ("]", "[", "") and not _is_many(item):
            upper, at = _item(pattern, at + 1, escape)
            if _is_many(upper):
                raise NotSupported("a range that ends in a class of characters")
            item = f"{item}-{upper}"
        items.append(item)
    raise NotSupported("unterminated [] set")


def _item(pattern: str, at: int, escape: Callable[[int], Tuple[str, int]]) -> Tuple[str, int]:
    if pattern[at] != "\\":
        return re.escape(pattern[at]), at + 1
    found = CATEGORY.match(pattern, at)
    if found is not None:
        return category(found.group(2), found.group(1) == "P"), found.end()
    if pattern.startswith("b", at + 1):
        return r"\x08", at + 2
    return escape(at)


def _is_many(item: str) -> bool:
    return _MANY.fullmatch(item) is not None or (len(item) > 6 and item[6] == "-")


@lru_cache(maxsize=64)
def category(name: str, negated: bool = False) -> str:
    """The characters of a Unicode category (`L`, `Lu`) or block (`IsGreek`), as what stands inside a class."""
    if name.startswith("Is"):
        return _block(name, negated)
    inside = [(unicodedata.category(chr(code)).startswith(name)) is not negated for code in range(0x10000)]
    ranges: List[str] = []
    start: Optional[int] = None
    for code, holds in enumerate([*inside, False]):
        if holds and start is None:
            start = code
        elif not holds and start is not None:
            ranges.append(f"\\u{start:04x}-\\u{code - 1:04x}")
            start = None
    if not ranges or not name:
        raise NotSupported(f"the unknown category {name}")
    return "".join(ranges)


def _block(name: str, negated: bool) -> str:
    block = _BLOCKS.get(name[2:])
    if block is None:
        raise NotSupported(f"the unknown block {name}")
    if not negated:
        return block
    low, high = (int(f"0x{end[2:]}", 0) for end in block.split("-"))
    below = f"\\u0000-\\u{low - 1:04x}" if low else ""
    return f"{below}\\u{high + 1:04x}-\\uffff"
