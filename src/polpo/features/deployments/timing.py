"""A piece of work that has only so much time, and is stopped when that is over."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from datetime import timedelta
from typing import TypeVar

from polpo.features.deployments.telling import sentence
from polpo.kernel.errors import TaskError

T = TypeVar("T")

#: Seconds in which what was told to stop must have ended; then it is abandoned.
STOPPING = 120.0

#: Seconds that resumed work gets in any case: it first has to find what it had begun, which may have ended in time.
FINDING = 5.0


class StillRunning(TaskError):
    """The time was over, and what was begun could not be stopped: it must not be begun beside itself once more."""


async def in_time(
    work: Coroutine[object, object, T],
    label: str,
    time: timedelta,
    left: float,
    over: asyncio.Event,
    leftovers: set[asyncio.Task[object]],
) -> T:
    """The result of the work, or TaskError when it took too long.

    `time` is what it was given and `left` what remains of that, in seconds. `over` is set before the work is cancelled,
    so that it can end what it has begun outside. Work that does not stop is left in `leftovers`.
    """
    task = asyncio.ensure_future(work)
    limit = f"{label} took longer than {_told(time)}"
    try:
        await asyncio.wait({task}, timeout=max(left, 0))
        if task.done():
            return task.result()
        over.set()
        task.cancel()
        await asyncio.wait({task}, timeout=STOPPING)
    except asyncio.CancelledError:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        raise
    if not task.done():
        task.cancel()
        leftovers.add(task)
        raise StillRunning(
            f"{limit} and did not stop within {STOPPING:g} seconds, so it was abandoned. What it started may still be"
            " running; look there before it is tried again."
        )
    if task.cancelled():
        raise TaskError(f"{limit} and was stopped.")
    if (error := task.exception()) is not None:
        raise StillRunning(f"{limit} and could not be stopped: {sentence(error)}") from error  # type: ignore[arg-type]
    return task.result()


def _told(time: timedelta) -> str:
    seconds = time.total_seconds()
    amount, unit = (seconds / 60, "minute") if seconds >= 60 else (seconds, "second")
    return f"1 {unit}" if amount == 1 else f"{amount:g} {unit}s"
