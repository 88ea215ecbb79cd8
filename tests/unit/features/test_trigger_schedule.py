"""When triggers come next, by the clock of their zone."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from polpo.features.triggers.filters import settle_filter
from polpo.features.triggers.resource import TriggerFilter
from polpo.features.triggers.schedule import next_times

#: A Wednesday.
NOW = datetime(2026, 3, 25, 12, 0, tzinfo=UTC)


def ahead(kind: str, count: int = 3, after: datetime = NOW, **more: Any) -> list[str]:
    wanted = TriggerFilter(filter_type=kind, **more)  # type: ignore[arg-type]
    assert settle_filter(wanted, None) == []
    return [f"{moment:%m-%d %H:%M}" for moment in next_times(wanted, after, count)]


@pytest.mark.parametrize(
    ("kind", "more", "times"),
    [
        (
            "OnceDailySchedule",
            {"start_time": "2020-01-01T09:00:00.000Z"},
            ["03-26 09:00", "03-27 09:00", "03-28 09:00"],
        ),
        (
            "OnceDailySchedule",
            {"start_time": "2020-01-01T13:00:00", "days_of_week": ["Wednesday", "Friday"]},
            ["03-25 13:00", "03-27 13:00", "04-01 13:00"],
        ),
        (
            "ContinuousDailySchedule",
            {"hour_interval": 4, "run_after": "2020-01-01T09:00:00", "run_until": "2020-01-01T17:00:00"},
            ["03-25 13:00", "03-25 17:00", "03-26 09:00"],
        ),
        (
            "ContinuousDailySchedule",
            {"interval": "OnceEveryMinute", "minute_interval": 20},
            ["03-25 12:20", "03-25 12:40", "03-25 13:00"],
        ),
        ("DailySchedule", {"start_time": "2020-01-01T06:30:00"}, ["03-26 06:30", "03-27 06:30", "03-28 06:30"]),
        (
            "DaysPerWeekSchedule",
            {"start_time": "2020-01-01T06:00:00", "monday": True},
            ["03-30 06:00", "04-06 06:00", "04-13 06:00"],
        ),
        (
            "DaysPerMonthSchedule",
            {"start_time": "2020-01-01T06:00:00", "date_of_month": "31"},
            ["03-31 06:00", "05-31 06:00", "07-31 06:00"],
        ),
        (
            "DaysPerMonthSchedule",
            {"start_time": "2020-01-01T06:00:00", "date_of_month": "L"},
            ["03-31 06:00", "04-30 06:00", "05-31 06:00"],
        ),
        (
            "DaysPerMonthSchedule",
            {
                "start_time": "2020-01-01T06:00:00",
                "monthly_schedule_type": "DayOfMonth",
                "day_number_of_month": "2",
                "day_of_week": "Tuesday",
            },
            ["04-14 06:00", "05-12 06:00", "06-09 06:00"],
        ),
        (
            "DaysPerMonthSchedule",
            {
                "start_time": "2020-01-01T06:00:00",
                "monthly_schedule_type": "DayOfMonth",
                "day_number_of_month": "L",
                "day_of_week": "Friday",
            },
            ["03-27 06:00", "04-24 06:00", "05-29 06:00"],
        ),
        ("CronExpressionSchedule", {"cron_expression": "0 0 6 * * Mon"}, ["03-30 06:00", "04-06 06:00", "04-13 06:00"]),
    ],
)
def test_a_schedule_tells_when_it_comes_next(kind: str, more: dict[str, Any], times: list[str]) -> None:
    assert ahead(kind, **more) == times


def test_a_time_is_that_of_the_clock_of_the_zone_also_when_the_clock_changes() -> None:
    berlin = {"start_time": "2020-01-01T09:00:00", "timezone": "Europe/Berlin"}
    assert ahead("OnceDailySchedule", 5, **berlin) == [
        "03-26 08:00", "03-27 08:00", "03-28 08:00", "03-29 07:00", "03-30 07:00"
    ]  # fmt: skip


def test_what_never_comes_has_no_times() -> None:
    february = {"cron_expression": "0 0 6 1 1 ? 2020"}
    assert ahead("CronExpressionSchedule", **february) == []
    assert ahead("FeedFilter") == []
