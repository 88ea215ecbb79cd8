"""When schedules come next: pure arithmetic on the clock of their time zone.

A time that the clock skips in spring comes when the clock has jumped; one that it shows twice in autumn comes once.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

from polpo.features.triggers.cron import next_fire
from polpo.features.triggers.resource import SCHEDULES, TriggerFilter
from polpo.features.triggers.timezones import zone_of

_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
#: A date such as February 30 never comes; so far is looked ahead.
_DAYS_AHEAD = 5 * 366
_MINUTES_OF_DAY = 24 * 60


def next_times(schedule: TriggerFilter, after: datetime, count: int) -> list[datetime]:
    """The next moments of a schedule without a fault, in UTC; fewer where there are no more."""
    zone = zone_of(schedule.timezone or "UTC")
    if zone is None or schedule.filter_type not in SCHEDULES:
        return []
    if schedule.filter_type == "CronExpressionSchedule":
        return list(islice(_cron_times(schedule.cron_expression or "", zone, after), count))
    return list(islice(_times(schedule, zone, after), count))


def _cron_times(expression: str, zone: ZoneInfo, after: datetime) -> Iterator[datetime]:
    moment: datetime | None = after
    while moment is not None and (moment := next_fire(expression, zone, moment)) is not None:
        yield moment


def _times(schedule: TriggerFilter, zone: ZoneInfo, after: datetime) -> Iterator[datetime]:
    today = after.astimezone(zone).date()
    last = after
    for distance in range(-1, _DAYS_AHEAD):
        day = today + timedelta(days=distance)
        if not _is_on(schedule, day):
            continue
        for clock in _clocks(schedule):
            moment = datetime.combine(day, clock, zone).astimezone(UTC)
            if moment > last:
                last = moment
                yield moment


def _is_on(schedule: TriggerFilter, day: date) -> bool:
    if schedule.filter_type == "DaysPerMonthSchedule":
        return _is_day_of_month(schedule, day)
    weekday = _WEEKDAYS[day.weekday()]
    if schedule.filter_type == "DaysPerWeekSchedule":
        return bool(getattr(schedule, weekday.lower()))
    return schedule.days_of_week is None or weekday in schedule.days_of_week


def _is_day_of_month(schedule: TriggerFilter, day: date) -> bool:
    length = calendar.monthrange(day.year, day.month)[1]
    if schedule.monthly_schedule_type == "DateOfMonth":
        wanted = (schedule.date_of_month or "").upper()
        return day.day == (length if wanted == "L" else int(wanted))
    if _WEEKDAYS[day.weekday()] != schedule.day_of_week:
        return False
    number = (schedule.day_number_of_month or "").upper()
    return day.day + 7 > length if number == "L" else (day.day - 1) // 7 + 1 == int(number)


def _clocks(schedule: TriggerFilter) -> Iterator[time]:
    """The times of a day."""
    if schedule.filter_type == "ContinuousDailySchedule":
        yield from _spaced(schedule, _clock(schedule.run_after), _clock(schedule.run_until) or time(23, 59, 59))
    elif schedule.interval in (None, "OnceDaily") or schedule.run_type == "ScheduledTime":
        yield _clock(schedule.start_time) or time()
    else:
        yield from _spaced(schedule, _clock(schedule.start_time), time(23, 59, 59))


def _spaced(schedule: TriggerFilter, first: time | None, last: time) -> Iterator[time]:
    first = first or time()
    hours = schedule.interval == "OnceHourly"
    step = 60 * (schedule.hour_interval or 1) if hours else schedule.minute_interval or 1
    minute = first.hour * 60 + first.minute
    while minute < _MINUTES_OF_DAY and (clock := time(minute // 60, minute % 60, first.second)) <= last:
        yield clock
        minute += step


def _clock(text: str | None) -> time | None:
    """Of a moment, the time that a clock shows; a zone in it means nothing."""
    return datetime.fromisoformat(text).time() if text else None
