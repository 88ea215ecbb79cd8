"""When the machines of a policy are checked next. Pure: from the policy and the time of the last check."""

from __future__ import annotations

from datetime import datetime, timedelta

from polpo.features.machinepolicies.resource import MachineHealthCheckPolicy
from polpo.features.machinepolicies.timespans import parse_timespan
from polpo.features.triggers.cron import cron_fault, next_fire
from polpo.features.triggers.timezones import zone_of

#: Longer intervals are never over: no moment lies so far ahead of any other.
_NEVER = timedelta(days=36_500)


def schedule_faults(checks: MachineHealthCheckPolicy) -> list[str]:
    """Why the calendar of the policy cannot be followed."""
    faults = []
    if checks.health_check_cron and (fault := cron_fault(checks.health_check_cron)):
        faults.append(f"HealthCheckCron: '{checks.health_check_cron}' is no schedule: {fault}.")
    if zone_of(checks.health_check_cron_timezone) is None:
        faults.append(f"HealthCheckCronTimezone: there is no time zone '{checks.health_check_cron_timezone}'.")
    return faults


def interval_of(checks: MachineHealthCheckPolicy) -> timedelta | None:
    """The time between checks; None when they come by the calendar, or never."""
    if checks.health_check_cron or not checks.health_check_interval:
        return None
    interval = parse_timespan(checks.health_check_interval)
    return interval if timedelta() < interval < _NEVER else None


def next_check(checks: MachineHealthCheckPolicy, last: datetime) -> datetime | None:
    """None: never. The calendar goes before the interval."""
    if checks.health_check_cron:
        zone = zone_of(checks.health_check_cron_timezone)
        return None if zone is None else next_fire(checks.health_check_cron, zone, last)
    interval = interval_of(checks)
    return None if interval is None else last + interval
