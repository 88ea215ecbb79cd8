"""Semantic versions as NuGet reads them: up to four numbers, labels, metadata."""

from __future__ import annotations

import re
from typing import Any, Tuple

from polpo.languages.versions.version import (
    InvalidVersion,
    Numbers,
    Version,
    label_key,
    number_of,
    sortable_label,
    sortable_numbers,
)

_PART = re.compile("[A-Za-z0-9-]+")
_NUMBER = re.compile(r"\s*\+?([0-9]+)\s*")


class SemanticVersion(Version):
    __slots__ = ()

    @classmethod
    def parse(cls, text: str) -> SemanticVersion:
        """The text form stays as given, without blanks. Raises `InvalidVersion`."""
        trimmed = text.strip()
        body = trimmed[trimmed.startswith("v") :]
        head = re.split("[-+]", body, maxsplit=1)[0]
        rest = body[len(head) :]
        labels, _, metadata = rest[1:].partition("+") if rest.startswith("-") else ("", "", rest[1:])
        numbers = _numbers(head, trimmed)
        faulty = [part for section in (labels, metadata) if section for part in section.split(".") if not _valid(part)]
        if faulty or rest.startswith("-+"):
            raise _refused(trimmed)
        original = body.replace(" ", "") if " " in trimmed else trimmed
        return cls(original, numbers, labels, metadata)

    @property
    def labels(self) -> Tuple[str, ...]:
        return tuple(self.release.split(".")) if self.release else ()

    @property
    def normalized(self) -> str:
        revision = f".{self.revision}" if self.revision > 0 else ""
        release = f"-{self.release}" if self.release else ""
        metadata = f"+{self.metadata}" if self.metadata else ""
        return f"{self.major}.{self.minor}.{self.patch}{revision}{release}{metadata}"

    @classmethod
    def order_of(cls, version: Version) -> Any:
        return (*cls.precedence_of(version), (version.metadata or "").upper())

    @classmethod
    def precedence_of(cls, version: Version) -> Tuple[Numbers, bool, Tuple[Tuple[int, int, str], ...]]:
        """The order without metadata: what ranges go by."""
        release = version.release
        labels = tuple(label_key(label) for label in release.split(".")) if release else ()
        return (version.numbers, not release, labels)

    @property
    def sort_key(self) -> str:
        release = "-" + "".join(sortable_label(label) for label in self.labels) if self.release else "~"
        return sortable_numbers(self.numbers) + release + (f"!{self.metadata.upper()}" if self.metadata else "")


def _valid(part: str) -> bool:
    return _PART.fullmatch(part) is not None


def _refused(text: str) -> InvalidVersion:
    return InvalidVersion(f"'{text[:200]}' is not a valid version string.")


def _numbers(head: str, text: str) -> Numbers:
    found = [_NUMBER.fullmatch(number) for number in head.split(".")]
    if len(found) > 4 or not all(found):
        raise _refused(text)
    numbers = [number_of(number.group(1), text) for number in found if number is not None]
    numbers += [0] * (4 - len(numbers))
    return (numbers[0], numbers[1], numbers[2], numbers[3])
