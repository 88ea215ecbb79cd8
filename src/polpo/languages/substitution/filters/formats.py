"""The `Format` filter: numbers and moments in the format strings of .NET."""

from __future__ import annotations

import re
from datetime import datetime
from decimal import Decimal
from typing import Callable, Optional, Sequence

from polpo.languages.substitution.doubles import read_double
from polpo.languages.substitution.filters.net_date_parsing import read_moment
from polpo.languages.substitution.filters.net_dates import Moment, OutOfRange, format_moment, local_offset
from polpo.languages.substitution.filters.net_number_patterns import BadFormat
from polpo.languages.substitution.filters.net_numbers import format_number
from polpo.languages.substitution.filters.text import read_integer

_DECIMAL = re.compile(r"\s*([+-]?)\s*((?:[0-9][0-9,]*)?\.?[0-9]*)\s*([+-]?)\s*")
_LARGEST_DECIMAL = Decimal(2) ** 96


def read_decimal(text: str) -> Optional[Decimal]:
    """A number without exponent; thousands separators and a sign on either side are allowed."""
    match = _DECIMAL.fullmatch(text)
    if match is None or not match.group(2).strip(",.") or (match.group(1) and match.group(3)):
        return None
    value = Decimal(match.group(2).replace(",", ""))
    if value >= _LARGEST_DECIMAL:
        return None
    return -value if "-" in (match.group(1), match.group(3)) else value


def format_filter(today: Callable[[], datetime]) -> Callable[[Optional[str], Sequence[str]], Optional[str]]:
    """`today` dates a time that stands alone."""

    def apply(value: Optional[str], options: Sequence[str]) -> Optional[str]:
        if value is None or len(options) not in (1, 2):
            return None
        try:
            return _untyped(value, options[0], today) if len(options) == 1 else _typed(value, *options, today=today)
        except (BadFormat, OutOfRange):
            return None

    return apply


def _untyped(value: str, pattern: str, today: Callable[[], datetime]) -> Optional[str]:
    number = read_decimal(value)
    if number is not None:
        return format_number(number, pattern)
    moment = read_moment(value, today)
    return None if moment is None else _with_offset(moment, pattern)


def _typed(value: str, kind: str, pattern: str, *, today: Callable[[], datetime]) -> Optional[str]:
    kind = kind.lower()
    if kind in ("int", "int32"):
        integer = read_integer(value)
        return None if integer is None else format_number(integer, pattern)
    if kind == "double":
        double = read_double(value)
        return None if double is None else format_number(double, pattern)
    if kind == "decimal":
        number = read_decimal(value)
        return None if number is None else format_number(number, pattern)
    if kind not in ("date", "datetime", "datetimeoffset"):
        return None
    moment = read_moment(value, today)
    if moment is None:
        return None
    if kind == "datetimeoffset":
        return _with_offset(moment, pattern)
    return format_moment(moment if moment.offset is None else moment.in_local(), pattern, with_offset=False)


def _with_offset(moment: Moment, pattern: str) -> str:
    if moment.offset is None:
        moment = moment._replace(offset=local_offset(moment.ticks))
    return format_moment(moment, pattern, with_offset=True)
