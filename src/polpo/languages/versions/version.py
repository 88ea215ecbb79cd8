"""What all version formats share: the fields, and an order between any two versions.

Comparing goes by the rules of the version on the left, applied to the fields of both.
"""

from __future__ import annotations

from typing import Any, Sequence, Tuple

from polpo.kernel.errors import Invalid

LARGEST_NUMBER = 2**31 - 1

Numbers = Tuple[int, int, int, int]


class InvalidVersion(Invalid):
    """The text is not a version of the format it was read as."""


class NumberTooLarge(InvalidVersion):
    """A number of the version is above 2147483647."""


class Version:
    """A parsed version. `original` is its text form, never normalised; equal versions may differ in it."""

    __slots__ = ("major", "metadata", "minor", "original", "patch", "release", "revision")

    def __init__(self, original: str, numbers: Numbers, release: str = "", metadata: str = "") -> None:
        self.original = original
        self.major, self.minor, self.patch, self.revision = numbers
        self.release = release
        self.metadata = metadata

    @property
    def numbers(self) -> Numbers:
        return (self.major, self.minor, self.patch, self.revision)

    @property
    def is_prerelease(self) -> bool:
        return bool(self.release)

    @property
    def sort_key(self) -> str:
        """Text that sorts as the versions of this format do, by plain comparison of its (ASCII) characters."""
        raise NotImplementedError

    @classmethod
    def order_of(cls, version: Version) -> Any:
        """What any version sorts by under the rules of this format."""
        raise NotImplementedError

    def __str__(self) -> str:
        return self.original

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.original!r})"

    def __hash__(self) -> int:
        return hash(self.order_of(self))

    def __eq__(self, other: object) -> bool:
        return self.order_of(self) == self.order_of(other) if isinstance(other, Version) else NotImplemented

    def __lt__(self, other: Version) -> bool:
        return bool(self.order_of(self) < self.order_of(other))

    def __le__(self, other: Version) -> bool:
        return bool(self.order_of(self) <= self.order_of(other))

    def __gt__(self, other: Version) -> bool:
        return bool(self.order_of(self) > self.order_of(other))

    def __ge__(self, other: Version) -> bool:
        return bool(self.order_of(self) >= self.order_of(other))


def number_of(digits: str, text: str) -> int:
    """A number of a version; the whole text is named when the number is too large."""
    digits = digits.lstrip("0") or "0"
    if len(digits) > 10 or int(digits) > LARGEST_NUMBER:
        raise NumberTooLarge(
            f"Failed to parse the version {text.strip()[:200]} because the major, minor, patch or revision fields "
            f"were too large: the largest number is {LARGEST_NUMBER}."
        )
    return int(digits)


def label_key(label: str) -> Tuple[int, int, str]:
    """One piece of a pre-release: whole numbers first, by value, then text without regard to case."""
    if label.isascii() and label.isdigit() and len(label) <= 10 + label.count("0") and int(label) <= LARGEST_NUMBER:
        return (0, int(label), "")
    return (1, 0, label.upper())


def sortable_numbers(numbers: Sequence[int]) -> str:
    return ".".join(f"{number:010d}" for number in numbers)


def sortable_label(label: str) -> str:
    """Ends with a blank, which sorts before everything a label may hold."""
    kind, number, text = label_key(label)
    return f"0{number:010d} " if kind == 0 else f"1{text} "
