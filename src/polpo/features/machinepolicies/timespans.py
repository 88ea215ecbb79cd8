"""Durations as clients write them: `hh:mm:ss`, `d.hh:mm:ss`, with or without fractions."""

from __future__ import annotations

import re
from datetime import timedelta

_FORM = re.compile(r"(?:(\d{1,7})\.)?(\d{1,2}):(\d{2})(?::(\d{2})(?:\.(\d{1,7}))?)?")
_FRACTION_DIGITS = 7


def parse_timespan(text: str) -> timedelta:
    """Raises ValueError, with a sentence, for anything else."""
    match = _FORM.fullmatch(text.strip())
    if match is None:
        raise ValueError(f"'{text}' is no duration; write hh:mm:ss or d.hh:mm:ss.")
    days, hours, minutes, seconds, fraction = match.groups()
    if int(hours) > 23 or int(minutes) > 59 or int(seconds or 0) > 59:
        raise ValueError(f"'{text}' is no duration: hours go to 23, minutes and seconds to 59; write days in front.")
    micros = int((fraction or "").ljust(_FRACTION_DIGITS, "0")) // 10
    return timedelta(
        days=int(days or 0), hours=int(hours), minutes=int(minutes), seconds=int(seconds or 0), microseconds=micros
    )


def format_timespan(span: timedelta) -> str:
    """Without fractions, which common clients cannot read."""
    minutes, seconds = divmod(span.seconds, 60)
    hours, minutes = divmod(minutes, 60)
    days = f"{span.days}." if span.days else ""
    return f"{days}{hours:02}:{minutes:02}:{seconds:02}"
