"""Ranges of versions in the notations of NuGet and Maven: sets of intervals, each bound inside or outside."""

from __future__ import annotations

import re
from typing import Callable, Iterable, List, NamedTuple, Optional, Tuple

from polpo.kernel.errors import Invalid
from polpo.languages.versions.maven import MavenVersion
from polpo.languages.versions.semver import SemanticVersion
from polpo.languages.versions.version import InvalidVersion, Version

_SET = re.compile(r"([\[(])([^\])]*)([\])])\s*,?\s*")


class InvalidRange(Invalid):
    """The text is not a range of versions, or one that nothing could satisfy by mistake."""


class Bound(NamedTuple):
    version: Version
    inclusive: bool


class Interval(NamedTuple):
    """None is open. Whether an open bound was written with a square bracket is kept for printing."""

    low: Optional[Bound]
    high: Optional[Bound]
    brackets: str = "()"

    def contains(self, version: Version, order: Callable[[Version], object]) -> bool:
        place = order(version)
        if self.low is not None:
            bound = order(self.low.version)
            if place < bound or (place == bound and not self.low.inclusive):  # type: ignore[operator]
                return False
        if self.high is not None:
            bound = order(self.high.version)
            if place > bound or (place == bound and not self.high.inclusive):  # type: ignore[operator]
                return False
        return True

    def __str__(self) -> str:
        low = self.low.version if self.low else ""
        high = self.high.version if self.high else ""
        return f"{self.brackets[0]}{low},{high}{self.brackets[1]}"


class VersionRange:
    """Intervals in ascending order. `recommended` is Maven's bare version: wished for, but anything satisfies it."""

    def __init__(
        self,
        intervals: Iterable[Interval],
        order: Callable[[Version], object],
        recommended: Optional[Version] = None,
        text: Optional[str] = None,
    ) -> None:
        self.intervals = tuple(intervals)
        self.recommended = recommended
        self._order = order
        self._text = text

    def contains(self, version: Version) -> bool:
        return any(interval.contains(version, self._order) for interval in self.intervals)

    def best(self, versions: Iterable[Version]) -> Optional[Version]:
        """The highest version inside; the first of equal ones. None when none is inside."""
        best: Optional[Version] = None
        for version in versions:
            if self.contains(version) and (best is None or self._order(version) > self._order(best)):  # type: ignore[operator]
                best = version
        return best

    def intersect(self, other: VersionRange) -> VersionRange:
        """What both contain. The recommendation is this one's if it is inside, else the other's if that is."""
        pairs = [(left, right) for left in self.intervals for right in other.intervals]
        met = [self._meet(left, right) for left, right in pairs]
        intervals = [interval for interval in met if interval is not None]
        result = VersionRange(intervals, self._order)
        wished = [version for version in (self.recommended, other.recommended) if version is not None]
        if intervals:
            wished = [version for version in wished if result.contains(version)]
        result.recommended = wished[0] if wished else None
        return result

    def _meet(self, left: Interval, right: Interval) -> Optional[Interval]:
        low, opening = self._tighter(left, right, upper=False)
        high, closing = self._tighter(left, right, upper=True)
        if low is not None and high is not None:
            first, last = self._order(low.version), self._order(high.version)
            if first > last or (first == last and not (low.inclusive and high.inclusive)):  # type: ignore[operator]
                return None
        return Interval(low, high, opening + closing)

    def _tighter(self, left: Interval, right: Interval, *, upper: bool) -> Tuple[Optional[Bound], str]:
        mine, theirs = (left.high, right.high) if upper else (left.low, right.low)
        mine_bracket, theirs_bracket = left.brackets[upper], right.brackets[upper]
        if mine is None:
            return theirs, theirs_bracket
        if theirs is None:
            return mine, mine_bracket
        first, second = self._order(mine.version), self._order(theirs.version)
        if first == second:
            bracket = mine_bracket if not mine.inclusive else theirs_bracket
            return Bound(mine.version, mine.inclusive and theirs.inclusive), bracket
        return (mine, mine_bracket) if (first < second) is upper else (theirs, theirs_bracket)  # type: ignore[operator]

    def __str__(self) -> str:
        if self._text is not None:
            return self._text
        return str(self.recommended) if self.recommended else ",".join(str(interval) for interval in self.intervals)


def parse_maven_range(text: str) -> VersionRange:
    """`[1.4,2)`, `(,1.0],[1.4,)`, or a bare version. Raises `InvalidRange`."""
    intervals: List[Interval] = []
    rest = text.strip()
    while rest.startswith(("[", "(")):
        match = _SET.match(rest)
        if match is None:
            raise InvalidRange(f"Unbounded range: {text[:200]}. Close every bracket.")
        interval = _maven_interval(*match.groups(), text=text)
        if intervals:
            _check_order(intervals[-1], interval, text)
        intervals.append(interval)
        rest = rest[match.end() :]
    if not rest:
        return VersionRange(intervals, MavenVersion.order_of)
    if intervals:
        raise InvalidRange(f"Only fully-qualified sets allowed in multiple set scenario: {text[:200]}")
    return VersionRange([Interval(None, None)], MavenVersion.order_of, MavenVersion.parse(rest))


def _maven_interval(opening: str, inside: str, closing: str, *, text: str) -> Interval:
    low, comma, high = (part.strip() for part in inside.partition(","))
    if not comma:
        if opening != "[" or closing != "]":
            raise InvalidRange(f"Single version must be surrounded by []: {text[:200]}")
        bound = Bound(MavenVersion.parse(low), inclusive=True)
        return Interval(bound, bound, "[]")
    if low == high:
        raise InvalidRange(f"Range cannot have identical boundaries: {text[:200]}")
    lower = Bound(MavenVersion.parse(low), opening == "[") if low else None
    upper = Bound(MavenVersion.parse(high), closing == "]") if high else None
    if lower and upper and upper.version < lower.version:
        raise InvalidRange(f"Range defies version ordering: {text[:200]}")
    return Interval(lower, upper, opening + closing)


def _check_order(before: Interval, after: Interval, text: str) -> None:
    if before.high is not None and (after.low is None or after.low.version < before.high.version):
        raise InvalidRange(f"Ranges overlap: {text[:200]}")


def parse_nuget_range(text: str) -> VersionRange:
    """`1.4` (at least), `[1.4]` (exactly), `[1.4,2.0)`. Metadata does not count. Raises `InvalidRange`."""
    trimmed = text.strip()
    if trimmed[:1] not in ("[", "("):
        low = Bound(_nuget_version(trimmed, text), inclusive=True)
        return VersionRange([Interval(low, None, "[)")], SemanticVersion.precedence_of, text=trimmed)
    if trimmed[-1:] not in ("]", ")") or len(trimmed) < 3:
        raise _refused(text)
    opening, closing = trimmed[0], trimmed[-1]
    parts = [part.strip() for part in trimmed[1:-1].split(",")]
    if len(parts) > 2 or not any(parts):
        raise _refused(text)
    if len(parts) == 1:
        if opening != "[" or closing != "]":
            raise _refused(text)
        bound = Bound(_nuget_version(parts[0], text), inclusive=True)
        return VersionRange([Interval(bound, bound, "[]")], SemanticVersion.precedence_of, text=trimmed)
    lower = Bound(_nuget_version(parts[0], text), opening == "[") if parts[0] else None
    upper = Bound(_nuget_version(parts[1], text), closing == "]") if parts[1] else None
    if lower and upper:
        first, last = (SemanticVersion.precedence_of(bound.version) for bound in (lower, upper))
        if first > last or (first == last and not (lower.inclusive and upper.inclusive)):
            raise _refused(text)
    return VersionRange([Interval(lower, upper, opening + closing)], SemanticVersion.precedence_of, text=trimmed)


def _nuget_version(part: str, text: str) -> SemanticVersion:
    try:
        return SemanticVersion.parse(part)
    except InvalidVersion as refused:
        raise _refused(text) from refused


def _refused(text: str) -> InvalidRange:
    return InvalidRange(f"'{text[:200]}' is not a valid version range. Write for example [1.0,2.0) or 1.4.")
