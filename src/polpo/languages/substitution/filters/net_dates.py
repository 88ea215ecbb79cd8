"""Moments as .NET reads and writes them in its invariant culture, to a tenth of a microsecond."""

from __future__ import annotations

import re
import time
from datetime import datetime, timedelta, timezone
from typing import List, NamedTuple, Optional

from polpo.languages.substitution.filters.net_number_patterns import BadFormat

MONTHS = [
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
]
DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
TICKS = 10_000_000
_DAY = 86_400 * TICKS
_LAST = 3_652_059 * _DAY
_STANDARD = {
    "d": "MM/dd/yyyy",
    "D": "dddd, dd MMMM yyyy",
    "f": "dddd, dd MMMM yyyy HH:mm",
    "F": "dddd, dd MMMM yyyy HH:mm:ss",
    "g": "MM/dd/yyyy HH:mm",
    "G": "MM/dd/yyyy HH:mm:ss",
    "m": "MMMM dd",
    "M": "MMMM dd",
    "o": "yyyy-MM-ddTHH:mm:ss.fffffffK",
    "O": "yyyy-MM-ddTHH:mm:ss.fffffffK",
    "r": "ddd, dd MMM yyyy HH:mm:ss 'GMT'",
    "R": "ddd, dd MMM yyyy HH:mm:ss 'GMT'",
    "s": "yyyy-MM-ddTHH:mm:ss",
    "t": "HH:mm",
    "T": "HH:mm:ss",
    "u": "yyyy-MM-dd HH:mm:ss'Z'",
    "U": "dddd, dd MMMM yyyy HH:mm:ss",
    "y": "yyyy MMMM",
    "Y": "yyyy MMMM",
}
_PIECE = re.compile(
    r"""'(?P<single>[^']*)'|"(?P<double>[^"]*)"|\\(?P<escaped>.)|%(?P<one>[dfFgGhHKmMstyz:/])"""
    r"""|(?P<letters>d+|f+|F+|g+|h+|H+|K|m+|M+|s+|t+|y+|z+)|(?P<plain>.)""",
    re.DOTALL,
)


class OutOfRange(ValueError):
    """Before year 1 or after year 9999."""


class Moment(NamedTuple):
    """`ticks` of 100 ns since year 1 as the clock shows them there; `offset` in minutes, None for no known place.

    `utc` tells `Z` from a written `+00:00`.
    """

    ticks: int
    offset: Optional[int] = None
    utc: bool = False

    @classmethod
    def of(cls, moment: datetime) -> Moment:
        """A naive datetime has no place."""
        days = moment.toordinal() - 1
        seconds = moment.hour * 3600 + moment.minute * 60 + moment.second
        ticks = days * _DAY + seconds * TICKS + moment.microsecond * 10
        offset = moment.utcoffset()
        return cls(ticks, None if offset is None else int(offset.total_seconds()) // 60, offset == timedelta(0))

    def plus(self, ticks: int) -> Moment:
        if not 0 <= self.ticks + ticks < _LAST:
            raise OutOfRange
        return self._replace(ticks=self.ticks + ticks)

    def in_utc(self) -> Moment:
        return self.plus(-(self.offset or 0) * 60 * TICKS)._replace(offset=0, utc=True)

    def in_local(self) -> Moment:
        """The same moment on the clock of this machine."""
        utc = self.in_utc()
        minutes = local_offset_of_utc(utc)
        return utc.plus(minutes * 60 * TICKS)._replace(offset=minutes, utc=False)

    def clock(self) -> datetime:
        """What the clock shows, without a place, to the microsecond."""
        days, rest = divmod(self.ticks, _DAY)
        return datetime.fromordinal(days + 1) + timedelta(microseconds=rest // 10)


def local_offset_of_utc(moment: Moment) -> int:
    """The offset of this machine's clock at a moment in UTC, in minutes."""
    try:
        shown = moment.clock().replace(tzinfo=timezone.utc)  # noqa: UP017 - Python 3.8
        offset = shown.astimezone().utcoffset() or timedelta(0)
    except (ValueError, OverflowError, OSError):
        return -time.timezone // 60
    return int(offset.total_seconds()) // 60


def local_offset(ticks: int) -> int:
    """The offset of this machine's clock at a moment that the clock shows, in minutes."""
    try:
        offset = Moment(ticks).clock().astimezone().utcoffset() or timedelta(0)
    except (ValueError, OverflowError, OSError):  # too early or too late for the system: as if it never changed
        return -time.timezone // 60
    return int(offset.total_seconds()) // 60


def format_moment(moment: Moment, pattern: str, *, with_offset: bool) -> str:
    """In a standard or custom format; `with_offset` for the kind of moment that always has one. Raises `BadFormat`."""
    if not pattern:
        pattern = "MM/dd/yyyy HH:mm:ss zzz" if with_offset else "G"
    if len(pattern) == 1:
        if pattern not in _STANDARD or (pattern == "U" and with_offset):
            raise BadFormat(pattern)
        if (pattern in "rRu" and with_offset) or pattern == "U":
            moment = moment.in_utc()
        pattern = _STANDARD[pattern]
    parts: List[str] = []
    for match in _PIECE.finditer(pattern):
        literal = match.group("single") or match.group("double") or match.group("escaped")
        letters = match.group("letters") or match.group("one")
        if letters and letters not in ":/":
            parts.append(_written(moment, letters, with_offset=with_offset))
            if letters[0] == "F" and not parts[-1] and parts[-2:-1] == ["."]:
                parts.pop(-2)
        elif literal is not None or match.group("plain") is None:
            parts.append(literal or letters or "")
        elif match.group("plain") in "'\"\\%":
            raise BadFormat(pattern)
        else:
            parts.append(match.group("plain"))
    return "".join(parts)


def _written(moment: Moment, letters: str, *, with_offset: bool) -> str:
    letter, count = letters[0], len(letters)
    clock = moment.clock()
    if letter in "fF":
        if count > 7:
            raise BadFormat(letters)
        text = f"{moment.ticks % TICKS:07d}"[:count]
        return text if letter == "f" else text.rstrip("0")
    if letter == "d" and count > 2:
        return DAYS[clock.weekday()] if count > 3 else DAYS[clock.weekday()][:3]
    if letter == "M" and count > 2:
        return MONTHS[clock.month - 1] if count > 3 else MONTHS[clock.month - 1][:3]
    if letter == "y":
        return f"{clock.year % 100:0{count}d}" if count < 3 else f"{clock.year:0{count}d}"
    if letter == "t":
        return ("AM" if clock.hour < 12 else "PM")[:count]
    if letter == "g":
        return "A.D."
    if letter in "zK":
        return _offset(moment, letters, with_offset=with_offset)
    numbers = {"d": clock.day, "M": clock.month, "H": clock.hour, "m": clock.minute, "s": clock.second}
    return f"{numbers.get(letter, clock.hour % 12 or 12):0{min(count, 2)}d}"


def _offset(moment: Moment, letters: str, *, with_offset: bool) -> str:
    if letters[0] == "K" and not with_offset:
        if moment.offset is None:
            return ""
        if moment.utc:
            return "Z"
    offset = local_offset(moment.ticks) if moment.offset is None else moment.offset
    hours, minutes = divmod(abs(offset), 60)
    sign = "-" if offset < 0 else "+"
    if letters in ("z", "zz"):
        return f"{sign}{hours:0{len(letters)}d}"
    return f"{sign}{hours:02d}:{minutes:02d}"
