"""Time as a dependency, so that rules about time can be tested without waiting."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    def now(self) -> datetime:
        """The present moment, in UTC, with its zone."""

    def monotonic(self) -> float:
        """Seconds that only grow; for measuring and for bounds, never for showing."""


class SystemClock:
    def now(self) -> datetime:
        return datetime.now(UTC)

    def monotonic(self) -> float:
        return time.monotonic()


def iso(moment: datetime) -> str:
    """A moment in the contract's form: milliseconds and offset, `2026-01-02T03:04:05.678+00:00`."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds")


def in_utc(moment: datetime) -> datetime:
    """The moment in UTC; one that names no zone is meant in UTC. At the ends of the calendar its zone is let go."""
    try:
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except OverflowError:
        return moment.replace(tzinfo=UTC)
