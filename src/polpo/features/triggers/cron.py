"""Cron expressions: `second minute hour day month weekday`, a year after them if wished, or without the seconds."""

from __future__ import annotations

import re
from datetime import datetime

from cronsim import CronSim, CronSimError

_YEARS = re.compile(r"(?:\*|\d{4}(?:-\d{4})?)(?:/\d{1,4})?(?:,(?:\d{4}(?:-\d{4})?)(?:/\d{1,4})?)*")
_NEAREST = re.compile(r"(\d{1,2})W", re.IGNORECASE)
_LONGEST = 500


def cron_fault(expression: str) -> str | None:
    """Why no schedule can be made of the expression, as a part of a sentence; None when one can."""
    fields = expression.split()
    if len(expression) > _LONGEST:
        return f"it has more than {_LONGEST} characters"
    if len(fields) not in (5, 6, 7):
        return "it needs six fields: second, minute, hour, day, month and weekday"
    if len(fields) == 7 and not _YEARS.fullmatch(fields.pop()):
        return "its year is none"
    fields = ["*" if field == "?" else field for field in fields]
    day = len(fields) - 3
    fields[day] = _NEAREST.sub(r"\1", fields[day])  # the weekday nearest to a date comes every month that has the date
    try:
        CronSim(" ".join(fields), datetime(2026, 1, 1))  # noqa: DTZ001 - it is read, not run
    except CronSimError as error:
        return str(error)[:1].lower() + str(error)[1:]
    return None
