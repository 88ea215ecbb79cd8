"""Rules of filters: what each type has, and what it must say."""

from __future__ import annotations

import typing
import uuid
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime

from polpo.features.triggers.cron import cron_fault
from polpo.features.triggers.resource import SCHEDULES, DayOfWeek, TriggerFilter
from polpo.features.triggers.timezones import zone_of
from polpo.store.documents import SensitiveValue

_DAYS = typing.get_args(DayOfWeek)
_DAY_FLAGS = tuple(day.lower() for day in _DAYS)

#: The properties of each type, with what stands for one that is left out; None keeps it out.
_PROPERTIES: Mapping[str, Mapping[str, Callable[[], object]]] = {
    "MachineFilter": {"environment_ids": list, "roles": list, "event_groups": list, "event_categories": list},
    "OnceDailySchedule": {"start_time": lambda: None, "days_of_week": lambda: list(_DAYS)},
    "ContinuousDailySchedule": {
        "interval": lambda: "OnceHourly",
        "hour_interval": lambda: None,
        "minute_interval": lambda: None,
        "run_after": lambda: None,
        "run_until": lambda: None,
        "days_of_week": lambda: list(_DAYS),
    },
    "DailySchedule": {
        "start_time": lambda: None,
        "run_type": lambda: "ScheduledTime",
        "interval": lambda: "OnceDaily",
        "hour_interval": lambda: None,
        "minute_interval": lambda: None,
    },
    "DaysPerWeekSchedule": {
        "start_time": lambda: None,
        "run_type": lambda: "ScheduledTime",
        "interval": lambda: "OnceDaily",
        "hour_interval": lambda: None,
        "minute_interval": lambda: None,
        **dict.fromkeys(_DAY_FLAGS, bool),
    },
    "DaysPerMonthSchedule": {
        "start_time": lambda: None,
        "monthly_schedule_type": lambda: "DateOfMonth",
        "date_of_month": lambda: None,
        "day_number_of_month": lambda: None,
        "day_of_week": lambda: None,
    },
    "CronExpressionSchedule": {"cron_expression": lambda: None},
    "FeedFilter": {"packages": list},
    "ArcFeedFilter": {"packages": list},
    "GitFilter": {"sources": list},
    "WebhookFilter": {"webhook_id": lambda: None, "require_api_key": bool, "secret": lambda: None},
}
_ALWAYS = ("filter_type", "id")


def settle_filter(wanted: TriggerFilter, before: TriggerFilter | None) -> list[str]:
    """Leaves out what is not of the type, fills in what is; returns what is wrong, a sentence each."""
    own = _PROPERTIES[wanted.filter_type]
    for name in wanted.__struct_fields__:
        if name in _ALWAYS or (name == "timezone" and wanted.filter_type in SCHEDULES):
            continue
        if name not in own:
            setattr(wanted, name, None)
        elif getattr(wanted, name) is None:
            setattr(wanted, name, own[name]())
    if wanted.filter_type == "WebhookFilter":
        _settle_webhook(wanted, before)
    return list(_faults(wanted))


def _settle_webhook(wanted: TriggerFilter, before: TriggerFilter | None) -> None:
    """The address that is called stays; a secret that a change leaves out is kept."""
    known = before if before is not None and before.filter_type == "WebhookFilter" else None
    wanted.webhook_id = known.webhook_id if known else str(uuid.uuid4())
    if wanted.secret is None and known is not None and known.secret is not None:
        wanted.secret = SensitiveValue(has_value=known.secret.has_value)


def _faults(wanted: TriggerFilter) -> Iterator[str]:
    if wanted.filter_type in SCHEDULES:
        wanted.timezone = wanted.timezone or "UTC"
        if zone_of(wanted.timezone) is None:
            yield f"Filter.Timezone must be a time zone, such as Europe/Berlin; it is '{wanted.timezone[:100]}'."
    for name in ("StartTime", "RunAfter", "RunUntil"):
        text = getattr(wanted, {"StartTime": "start_time", "RunAfter": "run_after", "RunUntil": "run_until"}[name])
        if text is not None and not _is_time(text):
            yield f"Filter.{name} must be a time, such as 2026-01-01T09:00:00.000; it is '{text[:100]}'."
    yield from _interval_faults(wanted)
    if wanted.filter_type == "OnceDailySchedule" and wanted.start_time is None:
        yield "Filter.StartTime is missing; say when."
    if wanted.days_of_week is not None:
        yield from _day_faults(wanted)
    if wanted.filter_type == "DaysPerWeekSchedule" and not any(getattr(wanted, day) for day in _DAY_FLAGS):
        yield "Filter: a schedule by days of the week needs one of them, such as Monday."
    if wanted.filter_type == "DaysPerMonthSchedule":
        yield from _month_faults(wanted)
    if wanted.filter_type == "CronExpressionSchedule":
        yield from _cron_faults(wanted.cron_expression)


def _is_time(text: str) -> bool:
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True


def _interval_faults(wanted: TriggerFilter) -> Iterator[str]:
    for name, value, most in (
        ("HourInterval", wanted.hour_interval, 24),
        ("MinuteInterval", wanted.minute_interval, 1440),
    ):
        if value is not None and not 1 <= value <= most:
            yield f"Filter.{name} must be a number from 1 to {most}; it is {value}."
    if wanted.filter_type == "ContinuousDailySchedule":
        if wanted.interval == "OnceHourly" and wanted.hour_interval is None:
            wanted.hour_interval = 1
        if wanted.interval == "OnceEveryMinute" and wanted.minute_interval is None:
            wanted.minute_interval = 1


def _day_faults(wanted: TriggerFilter) -> Iterator[str]:
    given = wanted.days_of_week
    named = given.split(",") if isinstance(given, str) else given or []
    known = {day.casefold(): day for day in _DAYS}
    unknown = [day for day in named if day.strip().casefold() not in known]
    for day in unknown:
        yield f"Filter.DaysOfWeek names '{day.strip()[:50]}', which is no day of the week."
    wanted.days_of_week = [known[day.strip().casefold()] for day in named if day not in unknown]
    if not named:
        yield "Filter.DaysOfWeek is empty; name the days."


def _month_faults(wanted: TriggerFilter) -> Iterator[str]:
    if wanted.monthly_schedule_type == "DateOfMonth":
        date = (wanted.date_of_month or "").upper()
        if date != "L" and not (date.isascii() and date.isdigit() and 1 <= int(date[:4]) <= 31):
            yield f"Filter.DateOfMonth must be a number from 1 to 31, or L for the last day; it is '{date[:50]}'."
        return
    number = (wanted.day_number_of_month or "").upper()
    if number not in {"1", "2", "3", "4", "L"}:
        yield f"Filter.DayNumberOfMonth must be 1, 2, 3, 4, or L for the last one; it is '{number[:50]}'."
    if wanted.day_of_week is None:
        yield "Filter.DayOfWeek is missing; name the day of the week."


def _cron_faults(expression: str | None) -> Iterator[str]:
    if not (expression or "").strip():
        yield "Filter.CronExpression is missing; an example is 0 0 6 * * Mon-Fri."
    elif fault := cron_fault(expression or ""):
        yield f"Filter.CronExpression '{(expression or '')[:100]}' cannot be used: {fault}."
