"""The `Format` filter: numbers and moments in the format strings of .NET."""

from __future__ import annotations

import re
from datetime import datetime
from decimal import ROUND_HALF_EVEN, Context, Decimal
from typing import Callable, Optional, Sequence

from polpo.languages.substitution.doubles import read_double
from polpo.languages.substitution.filters.net_date_parsing import read_moment
from polpo.languages.substitution.filters.net_dates import Moment, OutOfRange, format_moment, local_offset
from polpo.languages.substitution.filters.net_number_patterns import BadFormat
from polpo.languages.substitution.filters.net_numbers import format_number
from polpo.languages.substitution.filters.text import read_integer

_DECIMAL = re.compile(r"[\t-\r ]*([+-]?)((?:[0-9][0-9,]*)?\.?[0-9]*)[\t-\r ]*([+-]?)[\t-\r ]*\0*")
_TOO_LARGE = 2**96
_MOST_PLACES = 28
_LONGEST = 5_000
_EXACT = Context(prec=10_000, rounding=ROUND_HALF_EVEN)


def read_decimal(text: str) -> Optional[Decimal]:
    """A number without exponent; thousands separators and a sign on either side are allowed."""
    match = _DECIMAL.fullmatch(text)
    if match is None or not match.group(2).strip(",.") or (match.group(1) and match.group(3)):
        return None
    value = _fitting(match.group(2).replace(",", "")[:_LONGEST])
    if value is None:
        return None
    return value.copy_negate() if value and "-" in (match.group(1), match.group(3)) else value


def _fitting(digits: str) -> Optional[Decimal]:
    """Rounded to what 96 bits and 28 decimal places can hold; None for what is too large."""
    value = Decimal(digits)
    places = min(len(digits.partition(".")[2]), _MOST_PLACES)
    while places >= 0:
        cut = value.quantize(Decimal(1).scaleb(-places), context=_EXACT)
        if int(cut.scaleb(places, _EXACT)) < _TOO_LARGE:
            return cut
        places -= 1
    return None


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
