"""Maven's versions: fields by a lenient reading that never fails, order by the "comparable version" rules."""

from __future__ import annotations

import re
from functools import cmp_to_key
from typing import Any, List, NamedTuple, Optional, Sequence, Union

from polpo.kernel.errors import Invalid
from polpo.languages.versions.version import LARGEST_NUMBER, Version

_HEAD = re.compile(r"([0-9]+)(?:\.([0-9]+)(?:\.([0-9]+))?)?")
_BUILD = re.compile(r"-([0-9]+)")
_SEPARATORS = (".", "-")
_PARTS = re.compile(r"[0-9]+|[^0-9.\-]+|[.\-]")
_PRERELEASE = re.compile(r"snapshot$|alpha|beta|milestone|cr|rc|[abm][0-9]", re.IGNORECASE)
_QUALIFIERS = ("alpha", "beta", "milestone", "rc", "snapshot", "", "sp")
_ALIASES = {"ga": "", "final": "", "cr": "rc"}
_BEFORE_NUMBER = {"a": "alpha", "b": "beta", "m": "milestone"}
_NOTHING = str(_QUALIFIERS.index(""))
_MAX_NESTING = 100


class MavenVersion(Version):
    __slots__ = ("_comparable",)

    @classmethod
    def parse(cls, text: str) -> MavenVersion:
        """Never refuses: text without a leading number is all release."""
        head = _HEAD.match(text)
        if head is None:
            return cls(text, (0, 0, 0, 0), text)
        major, minor, patch = (min(int(number or 0), LARGEST_NUMBER) for number in head.groups())
        rest = text[head.end() :] if text[head.end() :].strip() else ""
        build = _BUILD.match(rest)
        if build is not None:
            revision = min(int(build.group(1)), LARGEST_NUMBER)
            return cls(text, (major, minor, patch, revision), rest[build.end() :])
        return cls(text, (major, minor, patch, 0), rest[1:] if rest[:1] in (".", "-") else rest)

    @property
    def is_prerelease(self) -> bool:
        return _PRERELEASE.match(self.release) is not None

    @classmethod
    def order_of(cls, version: Version) -> Any:
        return _order(comparable(version.original))

    @property
    def sort_key(self) -> str:
        return _sortable(comparable(self.original)) + "2"

    def __hash__(self) -> int:
        return hash(_sortable(comparable(self.original)))


Item = Union[int, str, "List[Item]"]


def comparable(text: str) -> List[Item]:
    """The version as nested lists of numbers and words, trailing nothings dropped."""
    parts = _PARTS.findall(text.lower())
    current: List[Item] = []
    lists = [current]
    separated, after_number = True, False
    for number, part in enumerate(parts, 1):
        following = parts[number] if number < len(parts) else ""
        if part not in _SEPARATORS:
            current.append(_item(part, before_number=following[:1].isdigit()))
            separated, after_number = False, part.isdigit()
            continue
        if separated:
            current.append(0)
        separated = True
        if part == "-" and after_number:
            _drop_nothings(current)
            if following[:1].isdigit() and len(lists) < _MAX_NESTING:
                nested: List[Item] = []
                current.append(nested)
                lists.append(nested)
                current = nested
    for found in reversed(lists):
        _drop_nothings(found)
    return lists[0]


def _item(part: str, *, before_number: bool) -> Item:
    if part.isdigit():
        return int(part[-4000:])
    word = _BEFORE_NUMBER.get(part, part) if before_number else part
    return _ALIASES.get(word, word)


def _drop_nothings(items: List[Item]) -> None:
    while items and items[-1] in (0, "", []):
        items.pop()


def _rank(word: str) -> str:
    return str(_QUALIFIERS.index(word)) if word in _QUALIFIERS else f"{len(_QUALIFIERS)}-{word}"


def _against_nothing(item: Item) -> int:
    if isinstance(item, int):
        return int(item != 0)
    if isinstance(item, str):
        return (_rank(item) > _NOTHING) - (_rank(item) < _NOTHING)
    return _against_nothing(item[0]) if item else 0


def _kind(item: Item) -> int:
    return 0 if isinstance(item, str) else 1 if isinstance(item, list) else 2


def _compare(left: Item, right: Item) -> int:
    if _kind(left) != _kind(right):
        return _kind(left) - _kind(right)
    if isinstance(left, list) and isinstance(right, list):
        return compare_items(left, right)
    if isinstance(left, str) and isinstance(right, str):
        return (_rank(left) > _rank(right)) - (_rank(left) < _rank(right))
    return (left > right) - (left < right)  # type: ignore[operator]


def compare_items(left: Sequence[Item], right: Sequence[Item]) -> int:
    for number in range(max(len(left), len(right))):
        if number >= len(right):
            result = _against_nothing(left[number])
        elif number >= len(left):
            result = -_against_nothing(right[number])
        else:
            result = _compare(left[number], right[number])
        if result:
            return result
    return 0


_order = cmp_to_key(compare_items)


def _sortable(items: Sequence[Item]) -> str:
    """Words below nothing, nothing, words above it, lists, numbers: each with a leading digit in that order.

    Exact but for a zero in the middle before a word, where Maven's own order is no order.
    """
    parts: List[str] = []
    for item in items:
        if isinstance(item, int):
            digits = str(item)
            parts.append(f"5{len(digits):04d}{digits} ")
        elif isinstance(item, str):
            rank = _rank(item)
            parts.append(f"{'1' if rank < _NOTHING else '3'}{rank} ")
        else:
            parts.append(f"4{_sortable(item)}2")
    return "".join(parts)


class Coordinates(NamedTuple):
    """`group:artifact[:version][:packaging[:classifier]]`"""

    group: str
    artifact: str
    version: Optional[str] = None
    packaging: Optional[str] = None
    classifier: Optional[str] = None

    @classmethod
    def parse(cls, text: str, *, with_version: bool = False) -> Coordinates:
        """Octopus's fields hold coordinates without the version. Raises `Invalid` without group and artifact."""
        parts = [part.strip() for part in text.split(":")]
        if len(parts) < 2 or not parts[0] or not parts[1]:
            raise Invalid(f"'{text[:200]}' is not a Maven package: write group:artifact, such as org.acme:web.")
        rest: List[Optional[str]] = [part or None for part in parts[2:]]
        version = rest.pop(0) if with_version and rest else None
        rest += [None, None]
        return cls(parts[0], parts[1], version, rest[0], rest[1])
