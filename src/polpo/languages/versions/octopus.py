"""The Octopus format, which reads nearly anything, Docker's tags (the same with one exception), and texts that are
compared by their pieces alone."""

from __future__ import annotations

import re
from typing import Any, Sequence, Tuple

from polpo.languages.versions.version import (
    InvalidVersion,
    Numbers,
    Version,
    label_key,
    number_of,
    sortable_label,
    sortable_numbers,
)

_SEPARATOR = r"[.\-_\\]"
_TAIL = r"[A-Za-z0-9.\-_\\]"
_RELEASE = rf"(?P<release>(?P<prefix>[A-Za-z0-9]*)(?:{_SEPARATOR}(?P<counter>{_TAIL}*))?)"
_METADATA = r"(?:\+(?P<metadata>[A-Za-z0-9_\-.\\+]*))?\s*"
_NUMBERS = "".join(rf"(?:\.\s*(?P<{name}>[0-9]+)\s*)?" for name in ("minor", "patch", "revision"))
_OCTOPUS = re.compile(rf"\s*(?:(?P<v>[vV])?\s*(?P<major>[0-9]+)\s*{_NUMBERS})?{_SEPARATOR}?{_RELEASE}{_METADATA}")
_LEXICOGRAPHIC = re.compile(_RELEASE + _METADATA)
_NOT_ALPHANUMERIC = re.compile("[^A-Za-z0-9]")


def _pieces(release: str) -> Tuple[Tuple[int, int, str], ...]:
    return tuple(label_key(piece) for piece in _NOT_ALPHANUMERIC.sub("-", release).split("-"))


def _sortable_pieces(release: str) -> str:
    return "".join(sortable_label(piece) for piece in _NOT_ALPHANUMERIC.sub("-", release).split("-"))


class OctopusVersion(Version):
    """`release_prefix` is the release up to its first separator, `release_counter` what follows it."""

    __slots__ = ("prefix", "release_counter", "release_prefix")

    def __init__(
        self,
        original: str,
        numbers: Numbers,
        release: str = "",
        metadata: str = "",
        *,
        prefix: str = "",
        release_prefix: str = "",
        release_counter: str = "",
    ) -> None:
        super().__init__(original, numbers, release, metadata)
        self.prefix = prefix
        self.release_prefix = release_prefix
        self.release_counter = release_counter

    @classmethod
    def parse(cls, text: str) -> OctopusVersion:
        """Raises `InvalidVersion`, or `NumberTooLarge` for a number that no version may have."""
        if not text.strip():
            raise InvalidVersion("The version can not be an empty string.")
        match = _OCTOPUS.fullmatch(text)
        if match is None:
            raise InvalidVersion(f"'{text[:200]}' is not a valid version.")
        found = {name: value or "" for name, value in match.groupdict().items()}
        numbers = tuple(number_of(found[name] or "0", text) for name in ("major", "minor", "patch", "revision"))
        return cls(
            text.replace(" ", ""),
            (numbers[0], numbers[1], numbers[2], numbers[3]),
            found["release"],
            found["metadata"],
            prefix=found["v"],
            release_prefix=found["prefix"],
            release_counter=found["counter"],
        )

    @classmethod
    def order_of(cls, version: Version) -> Any:
        """Metadata never matters."""
        release = version.release
        return (version.numbers, not release, _pieces(release) if release else ())

    @property
    def sort_key(self) -> str:
        return sortable_numbers(self.numbers) + ("-" + _sortable_pieces(self.release) if self.release else "~")

    @classmethod
    def sort_keys_from(cls, numbers: Sequence[int]) -> Tuple[str, str]:
        """The bounds, both included, of the sort keys of all versions that begin with up to four numbers."""
        begin = sortable_numbers(numbers) + ("." if len(numbers) < 4 else "")
        return begin, begin + "~"


class DockerTag(OctopusVersion):
    """A tag of an image. `latest` is no pre-release; holding no number it sorts below numbered tags."""

    __slots__ = ()

    @property
    def is_prerelease(self) -> bool:
        return bool(self.release) and self.original != "latest"


class LexicographicVersion(Version):
    """Only the release is compared: separators are equal to each other, numeric pieces go by value."""

    __slots__ = ()

    @classmethod
    def parse(cls, text: str) -> LexicographicVersion:
        """Raises `InvalidVersion`."""
        if not text.strip():
            raise InvalidVersion("The version can not be an empty string.")
        match = _LEXICOGRAPHIC.fullmatch(text)
        if match is None:
            raise InvalidVersion(f"'{text[:200]}' is not a valid version.")
        return cls(text.replace(" ", ""), (0, 0, 0, 0), match.group("release"), match.group("metadata") or "")

    @property
    def is_prerelease(self) -> bool:
        return False

    @classmethod
    def order_of(cls, version: Version) -> Any:
        return _pieces(version.release)

    @property
    def sort_key(self) -> str:
        return _sortable_pieces(self.release)
