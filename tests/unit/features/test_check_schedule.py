"""When the machines of a policy are checked next."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from polpo.features.machinepolicies.resource import MachineHealthCheckPolicy
from polpo.features.machinepolicies.schedule import next_check
from polpo.features.triggers.cron import next_fire

LAST = datetime(2026, 3, 27, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("expression", "zone", "expected"),
    [
        ("0 30 4 * * *", "UTC", "2026-03-28T04:30:00"),
        ("0 30 4 * * *", "Europe/Berlin", "2026-03-28T03:30:00"),
        ("0 30 4 ? * SUN", "Europe/Berlin", "2026-03-29T02:30:00"),  # summer time has begun
        ("30 4 * * *", "America/New_York", "2026-03-28T08:30:00"),
        ("15 * * * * *", "UTC", "2026-03-27T12:00:15"),
        ("0 0 9 15W * ? 2028", "UTC", "2028-01-15T09:00:00"),
        ("0 0 0 1 1 ? 2027-2031/2", "UTC", "2027-01-01T00:00:00"),
        ("0 0 0 1 1 ? */5", "UTC", "2030-01-01T00:00:00"),
        ("* * * * * ? 2031,2029", "UTC", "2029-01-01T00:00:00"),
        ("0 0 0 1 1 ? 2020", "UTC", None),
    ],
)
def test_cron_goes_by_the_clock_of_its_zone(expression: str, zone: str, expected: str | None) -> None:
    found = next_fire(expression, ZoneInfo(zone), LAST)
    assert (found.replace(tzinfo=None).isoformat() if found else None) == expected


@pytest.mark.parametrize(
    ("checks", "expected"),
    [
        (MachineHealthCheckPolicy(), "13:00"),
        (MachineHealthCheckPolicy(health_check_interval="00:05:00"), "12:05"),
        (MachineHealthCheckPolicy(health_check_interval="00:00:00"), None),
        (MachineHealthCheckPolicy(health_check_interval=None), None),
        (MachineHealthCheckPolicy(health_check_cron="0 45 13 * * *"), "13:45"),
        (
            MachineHealthCheckPolicy(
                health_check_cron="0 45 13 * * *", health_check_cron_timezone="W. Europe Standard Time"
            ),
            "12:45",
        ),
        (MachineHealthCheckPolicy(health_check_cron="0 0 * * * *", health_check_cron_timezone="Moon"), None),
    ],
)
def test_calendar_goes_before_the_interval(checks: MachineHealthCheckPolicy, expected: str | None) -> None:
    found = next_check(checks, LAST)
    assert (found.strftime("%H:%M") if found else None) == expected
