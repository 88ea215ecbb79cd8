"""When a recurring freeze holds, as a table."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import pytest

from polpo.features.deploymentfreezes.resource import DeploymentFreeze, RecurringSchedule
from polpo.features.deploymentfreezes.schedule import final_end, span_at

NIGHT = ("2024-01-31T22:00", "2024-02-01T06:00")


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def _freeze(span: tuple[str, str], **schedule: Any) -> DeploymentFreeze:
    recurring = msgspec.convert(schedule, RecurringSchedule) if schedule else None
    return DeploymentFreeze(start=_moment(span[0]), end=_moment(span[1]), recurring_schedule=recurring)


def _beginnings(freeze: DeploymentFreeze, count: int) -> list[str]:
    found, moment = [], _moment("2020-01-01")
    for _ in range(count):
        span = span_at(freeze, moment)
        if span is None:
            break
        found.append(f"{span.begins:%Y-%m-%d}")
        moment = span.ends
    return found


@pytest.mark.parametrize(
    ("schedule", "days"),
    [
        ({}, ["2024-01-31"]),
        ({"Type": "Daily", "Unit": 10}, ["2024-01-31", "2024-02-10", "2024-02-20"]),
        ({"Type": "Weekly", "DaysOfWeek": ["Friday", "Monday"]}, ["2024-01-31", "2024-02-02", "2024-02-05"]),
        ({"Type": "Weekly", "Unit": 2, "DaysOfWeek": ["Monday"]}, ["2024-01-31", "2024-02-12", "2024-02-26"]),
        (
            {"Type": "Monthly", "MonthlyScheduleType": "DateOfMonth", "DateOfMonth": "31"},
            ["2024-01-31", "2024-03-31", "2024-05-31"],
        ),
        (
            {"Type": "Monthly", "MonthlyScheduleType": "DateOfMonth", "DateOfMonth": "L"},
            ["2024-01-31", "2024-02-29", "2024-03-31"],
        ),
        (
            {"Type": "Monthly", "MonthlyScheduleType": "DayOfMonth", "DayNumberOfMonth": "2", "DayOfWeek": "Tuesday"},
            ["2024-01-31", "2024-02-13", "2024-03-12"],
        ),
        (
            {"Type": "Monthly", "MonthlyScheduleType": "DayOfMonth", "DayNumberOfMonth": "L", "DayOfWeek": "Friday"},
            ["2024-01-31", "2024-02-23", "2024-03-29"],
        ),
        ({"Type": "Annually", "Unit": 3}, ["2024-01-31", "2027-01-31", "2030-01-31"]),
        ({"Type": "Daily", "EndType": "AfterOccurrences", "EndAfterOccurrences": 2}, ["2024-01-31", "2024-02-01"]),
        ({"Type": "Daily", "EndType": "OnDate", "EndOnDate": "2024-02-01T22:00:00"}, ["2024-01-31", "2024-02-01"]),
        ({"Type": "Daily", "EndType": "OnDate", "EndOnDate": "2023-01-01T00:00:00"}, ["2024-01-31"]),
    ],
)
def test_a_freeze_comes_again(schedule: dict[str, Any], days: list[str]) -> None:
    assert _beginnings(_freeze(NIGHT, **schedule), 3) == days


def test_a_leap_day_comes_in_leap_years() -> None:
    freeze = _freeze(("2024-02-29T00:00", "2024-03-01T00:00"), Type="Annually")
    assert _beginnings(freeze, 3) == ["2024-02-29", "2028-02-29", "2032-02-29"]


def test_a_day_that_never_comes_again_ends_the_freeze() -> None:
    schedule = {"Type": "Monthly", "Unit": 12, "MonthlyScheduleType": "DateOfMonth", "DateOfMonth": "31"}
    assert _beginnings(_freeze(("2024-02-10", "2024-02-11"), **schedule), 3) == ["2024-02-10"]


def test_days_are_those_of_the_persons_clock() -> None:
    """22:00 in UTC on Wednesday is Thursday in Sydney, so the week's Thursday is that very day."""
    freeze = _freeze(NIGHT, Type="Weekly", DaysOfWeek=["Thursday"], UserUtcOffsetInMinutes=660)
    assert _beginnings(freeze, 2) == ["2024-01-31", "2024-02-07"]


@pytest.mark.parametrize(
    ("moment", "holds"),
    [
        ("2024-01-31T21:59:59", False),
        ("2024-01-31T22:00:00", True),
        ("2024-02-01T05:59:59", True),
        ("2024-02-01T06:00:00", False),
        ("2024-06-15T23:00:00", True),
        ("2024-06-15T12:00:00", False),
        ("2999-12-31T23:00:00", True),
        ("9999-12-31T23:00:00", False),
    ],
)
def test_a_nightly_freeze_holds_at_night(moment: str, holds: bool) -> None:
    span = span_at(_freeze(NIGHT, Type="Daily"), _moment(moment))
    assert (span is not None and span.holds(_moment(moment))) is holds


def test_the_end_of_the_last_occurrence_is_known_when_there_is_one() -> None:
    thrice = {"Type": "Daily", "EndType": "AfterOccurrences", "EndAfterOccurrences": 3}
    until = {"Type": "Daily", "EndType": "OnDate", "EndOnDate": "2024-02-10T00:00:00"}
    assert final_end(_freeze(NIGHT)) == _moment("2024-02-01T06:00")
    assert final_end(_freeze(NIGHT, Type="Daily")) is None
    assert final_end(_freeze(NIGHT, **thrice)) == _moment("2024-02-03T06:00")
    assert final_end(_freeze(NIGHT, **until)) == _moment("2024-02-10T06:00")


def test_an_old_freeze_is_looked_up_without_walking_its_past() -> None:
    freeze = _freeze(("2000-01-01T00:00", "2000-01-01T00:01"), Type="Daily")
    began = time.perf_counter()
    for _ in range(100):
        span_at(freeze, _moment("2199-06-01"))
    assert time.perf_counter() - began < 1
    assert span_at(freeze, _moment("2199-06-01") + timedelta(hours=1)) is not None


_THRICE = {"EndType": "AfterOccurrences", "EndAfterOccurrences": 3}
_ON_A_DATE = {"Type": "Monthly", "MonthlyScheduleType": "DateOfMonth"}
_ON_A_WEEKDAY = {"Type": "Monthly", "MonthlyScheduleType": "DayOfMonth"}
_WEEKEND = ["Sunday", "Saturday"]


def _until(day: str) -> dict[str, Any]:
    return {"EndType": "OnDate", "EndOnDate": f"{day}T00:00:00"}


@pytest.mark.parametrize(
    ("schedule", "days"),
    [
        ({"Type": "Daily", "Unit": 2, **_THRICE}, ["01-31", "02-02", "02-04"]),
        ({"Type": "Weekly", "DaysOfWeek": ["Wednesday"], **_until("2024-02-10")}, ["01-31", "02-07"]),
        ({"Type": "Weekly", "DaysOfWeek": _WEEKEND, "Unit": 2}, ["01-31", "02-03", "02-04", "02-17", "02-18"]),
        ({**_ON_A_DATE, "Unit": 2, "DateOfMonth": "1"}, ["01-31", "03-01", "05-01"]),
        ({**_ON_A_WEEKDAY, "DayNumberOfMonth": "1", "DayOfWeek": "Monday"}, ["01-31", "02-05", "03-04", "04-01"]),
        ({**_ON_A_WEEKDAY, "DayNumberOfMonth": "4", "DayOfWeek": "Monday", **_THRICE}, ["01-31", "02-26", "03-25"]),
        ({"Type": "Annually", **_THRICE}, ["01-31", "01-31", "01-31"]),
        ({"Type": "Annually", **_until("2025-01-30")}, ["01-31"]),
    ],
)
def test_a_schedule_ends_when_it_is_to(schedule: dict[str, Any], days: list[str]) -> None:
    found = _beginnings(_freeze(NIGHT, **schedule), len(days) + 1 if "EndType" in schedule else len(days))
    assert [day[5:] for day in found] == days


def test_a_freeze_keeps_to_utc_when_clocks_are_changed() -> None:
    """A schedule has an offset and no zone: what begins at 22:00 in winter begins at 23:00 by the clock of summer."""
    berlin = ZoneInfo("Europe/Berlin")
    freeze = _freeze(("2024-03-30T21:00", "2024-03-31T03:00"), Type="Daily", UserUtcOffsetInMinutes=60)
    nights = [span_at(freeze, _moment(day)) for day in ("2024-03-30T12:00", "2024-03-31T12:00", "2024-10-27T12:00")]
    assert [night and night.begins.astimezone(berlin).hour for night in nights] == [22, 23, 22]
    assert [night and (night.ends - night.begins) for night in nights] == [timedelta(hours=6)] * 3
