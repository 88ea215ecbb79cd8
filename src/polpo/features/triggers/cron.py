"""Cron expressions: `second minute hour day month weekday`, a year after them if wished, or without the seconds."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from cronsim import CronSim, CronSimError

_YEARS = re.compile(r"(?:\*|\d{4}(?:-\d{4})?)(?:/\d{1,4})?(?:,(?:\d{4}(?:-\d{4})?)(?:/\d{1,4})?)*")
_NEAREST = re.compile(r"(\d{1,2})W", re.IGNORECASE)
_LONGEST = 500
_FIRST_YEAR, _YEARS_AHEAD = 1970, 130


def cron_fault(expression: str) -> str | None:
    """Why no schedule can be made of the expression, as a part of a sentence; None when one can."""
    fields = expression.split()
    if len(expression) > _LONGEST:
        return f"it has more than {_LONGEST} characters"
    if len(fields) not in (5, 6, 7):
        return "it needs six fields: second, minute, hour, day, month and weekday"
    if len(fields) == 7 and not _YEARS.fullmatch(fields.pop()):
        return "its year is none"
    try:
        CronSim(_plain(fields), datetime(2026, 1, 1))  # noqa: DTZ001 - it is read, not run
    except CronSimError as error:
        return str(error)[:1].lower() + str(error)[1:]
    return None


def next_fire(expression: str, zone: ZoneInfo, after: datetime) -> datetime | None:
    """The first moment after another one at which the clock of the zone shows what the expression says.

    None when that never comes, as after its last year. The expression has to be one without a fault.
    """
    fields = expression.split()
    years = fields.pop() if len(fields) == 7 else "*"
    moment = after.astimezone(zone)
    for _ in range(_YEARS_AHEAD):
        found = next(CronSim(_plain(fields), moment), None)
        if found is None or _is_within(found.year, years):
            return found.astimezone(UTC) if found else None
        moment = datetime(found.year, 12, 31, 23, 59, 59, tzinfo=zone)
    return None


def _plain(fields: list[str]) -> str:
    """The weekday nearest to a date comes every month that has the date."""
    fields = ["*" if field == "?" else field for field in fields]
    day = len(fields) - 3
    fields[day] = _NEAREST.sub(r"\1", fields[day])
    return " ".join(fields)


def _is_within(year: int, years: str) -> bool:
    return any(_is_in(year, *part.partition("/")[::2]) for part in years.split(","))


def _is_in(year: int, span: str, step: str) -> bool:
    first, _, last = span.partition("-")
    if first == "*":
        begin, end = _FIRST_YEAR, year
    else:
        begin, end = int(first), int(last) if last else (year if step else int(first))
    return begin <= year <= end and (year - begin) % max(int(step or 1), 1) == 0
