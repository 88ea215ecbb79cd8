"""When a freeze holds: its first span, and the times that its schedule adds.

Pure arithmetic on the clock of the person who made the schedule. A day that a month does not have is left out.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from itertools import islice

from polpo.features.deploymentfreezes.resource import DeploymentFreeze, RecurringSchedule
from polpo.kernel.clock import in_utc

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
#: Nothing is planned for the end of all calendars, where adding to a date fails.
_LAST_YEAR = 9000
#: After so many turns without a day (the calendar repeats itself within them), none will come.
_HOPELESS = 400


@dataclass(frozen=True)
class Span:
    """From `begins` up to, but without, `ends`; in UTC."""

    begins: datetime
    ends: datetime

    def holds(self, moment: datetime) -> bool:
        return self.begins <= moment < self.ends


def span_at(freeze: DeploymentFreeze, moment: datetime) -> Span | None:
    """The occurrence that is going on at the moment, or the next one; None when there is no more."""
    first = first_span(freeze)
    length = first.ends - first.begins
    for begins in _beginnings(freeze, first.begins, since=moment - length):
        if begins + length > moment:
            return Span(begins, begins + length)
    return None


def final_end(freeze: DeploymentFreeze) -> datetime | None:
    """When the last occurrence ends; None when there is no last one."""
    first = first_span(freeze)
    schedule = freeze.recurring_schedule
    if schedule is None:
        return first.ends
    if schedule.end_type == "Never":
        return None
    *_, last = _beginnings(freeze, first.begins, since=first.begins)
    return last + (first.ends - first.begins)


def first_span(freeze: DeploymentFreeze) -> Span:
    if freeze.start is None or freeze.end is None:
        raise ValueError("a stored freeze has a start and an end")
    return Span(in_utc(freeze.start), in_utc(freeze.end))


def _beginnings(freeze: DeploymentFreeze, first: datetime, since: datetime) -> Iterator[datetime]:
    """In order, from the last one before `since` on, or an earlier one; the first is the freeze's own start."""
    schedule = freeze.recurring_schedule
    if schedule is None:
        yield first
        return
    counted = schedule.end_type == "AfterOccurrences"
    turns = _unending(schedule, first, first if counted else since)
    if counted:
        yield from islice(turns, schedule.end_after_occurrences or 1)
        return
    last = in_utc(schedule.end_on_date) if schedule.end_type == "OnDate" and schedule.end_on_date else None
    for begins in turns:
        if last is not None and begins > last and begins != first:
            return
        yield begins


def _unending(schedule: RecurringSchedule, first: datetime, since: datetime) -> Iterator[datetime]:
    yield first
    zone = timezone(timedelta(minutes=schedule.user_utc_offset_in_minutes))
    start = first.astimezone(zone)
    turn = max(_turns_until(schedule, start, since.astimezone(zone)) - 1, 0)
    barren = 0
    while barren < _HOPELESS:
        try:
            days = _turn(schedule, start, turn * schedule.unit)
        except (ValueError, OverflowError):
            return
        later = [in_utc(day) for day in days if day > start and day.year < _LAST_YEAR]
        yield from later
        barren = 0 if later else barren + 1
        turn += 1


def _turns_until(schedule: RecurringSchedule, start: datetime, moment: datetime) -> int:
    """Whole turns of the schedule between two moments."""
    months = (moment.year - start.year) * 12 + moment.month - start.month
    distance = {
        "Daily": (moment - start).days,
        "Weekly": (moment - start).days // 7,
        "Monthly": months,
        "Annually": months // 12,
    }
    return distance[schedule.type] // schedule.unit


def _turn(schedule: RecurringSchedule, start: datetime, distance: int) -> list[datetime]:
    """The times of one turn, so many days, weeks, months or years after the first."""
    if schedule.type == "Daily":
        return [start + timedelta(days=distance)]
    if schedule.type == "Weekly":
        monday = start - timedelta(days=start.weekday()) + timedelta(weeks=distance)
        wanted = sorted(WEEKDAYS.index(day) for day in set(schedule.days_of_week or ()))
        return [monday + timedelta(days=day) for day in wanted]
    months = distance if schedule.type == "Monthly" else distance * 12
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    day = start.day if schedule.type == "Annually" else _day_of_month(schedule, year, month + 1)
    exists = day is not None and day <= calendar.monthrange(year, month + 1)[1]
    return [start.replace(year=year, month=month + 1, day=day)] if exists and day else []


def _day_of_month(schedule: RecurringSchedule, year: int, month: int) -> int | None:
    last = calendar.monthrange(year, month)[1]
    if schedule.monthly_schedule_type == "DateOfMonth":
        return last if schedule.date_of_month == "L" else int(schedule.date_of_month or 0)
    weekday = WEEKDAYS.index(schedule.day_of_week or "Monday")
    days = [day for day in range(1, last + 1) if calendar.weekday(year, month, day) == weekday]
    return days[-1] if schedule.day_number_of_month == "L" else days[int(schedule.day_number_of_month or 1) - 1]
