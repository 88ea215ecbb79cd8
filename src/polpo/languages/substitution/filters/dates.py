"""Filters on moments."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Callable, Dict, Optional, Sequence

from polpo.languages.substitution.filters.net_date_parsing import read_moment
from polpo.languages.substitution.filters.net_dates import TICKS, Moment, OutOfRange, format_moment
from polpo.languages.substitution.filters.net_number_patterns import BadFormat

_NUMBER = re.compile(r"[\t-\r ]*[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?[\t-\r ]*\0*")
_FARTHEST = 10**19

Apply = Callable[[Optional[str], Sequence[str]], Optional[str]]


def date_filters(now: Callable[[], datetime]) -> Dict[str, Apply]:
    """The filters that need to know the time, by lower-case name. `now` answers an aware datetime."""

    def now_date(value: Optional[str], options: Sequence[str]) -> Optional[str]:
        return _now(value, options, Moment.of(now()).in_local()._replace(offset=None))

    def now_date_utc(value: Optional[str], options: Sequence[str]) -> Optional[str]:
        return _now(value, options, Moment.of(now()).in_utc())

    def today() -> datetime:
        return now().astimezone()

    def add_hours(value: Optional[str], options: Sequence[str]) -> Optional[str]:
        return _later(value, options, 3600, today)

    def add_days(value: Optional[str], options: Sequence[str]) -> Optional[str]:
        return _later(value, options, 86_400, today)

    return {"nowdate": now_date, "nowdateutc": now_date_utc, "addhours": add_hours, "adddays": add_days}


def _now(value: Optional[str], options: Sequence[str], moment: Moment) -> Optional[str]:
    if value is not None or len(options) > 1:
        return None
    try:
        return format_moment(moment, options[0] if options else "O", with_offset=False)
    except BadFormat:
        return None


def _later(value: Optional[str], options: Sequence[str], seconds: int, today: Callable[[], datetime]) -> Optional[str]:
    if value is None or len(options) != 1 or _NUMBER.fullmatch(options[0]) is None:
        return None
    amount = float(options[0].rstrip("\0")) * (seconds * TICKS)
    moment = read_moment(value, today)
    if moment is None or not abs(amount) < _FARTHEST:
        return None
    try:
        later = moment.plus(int(amount))
    except OutOfRange:
        return None
    return format_moment(later, "O", with_offset=moment.offset is not None and not moment.utc)
