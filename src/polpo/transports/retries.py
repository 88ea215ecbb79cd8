"""Calls that are repeated while the way to a machine is broken, for a bounded time."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeVar

from polpo.halibut.errors import CannotConnect, NotTrusted, ProxyRefused, RequestNotSent, ServiceFailed
from polpo.kernel.clock import Clock, SystemClock
from polpo.kernel.errors import WireError

T = TypeVar("T")

_LONGEST_PAUSE = 10.0
_LEAST_LEFT = 1.0
_SILENCE = 10.0
_SHUTTING_DOWN = "is shutting down and cannot process this request"


class Hopeless(WireError):
    """To ask again does not help."""


@dataclass(frozen=True)
class RetryPolicy:
    """Seconds, as a machine policy has them. `rpc_seconds` of 0 means that a failed call is not repeated.

    A connection is tried `connect_tries` times, `connect_pause` apart, for at most `connect_seconds`; calls that failed
    on the way are repeated for `rpc_seconds` after the first attempt. `collect` is how long a polling agent may take to
    come for a request.
    """

    connect: float = 60.0
    connect_tries: int = 5
    connect_pause: float = 1.0
    connect_seconds: float = 300.0
    rpc_seconds: float = 150.0
    collect: float = 120.0


class Retries:
    """Repeats a call while that can help. `notify` hears, in a sentence, of each new attempt and of the end of it."""

    def __init__(
        self,
        policy: RetryPolicy,
        *,
        notify: Callable[[str], None] | None = None,
        clock: Clock | None = None,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._policy = policy
        self._notify = notify or (lambda _: None)
        self._clock = clock or SystemClock()
        self._sleep = sleep

    async def repeat(self, call: Callable[[], Awaitable[T]], *, is_long: bool = False) -> T:
        """For calls that may be carried out twice. Raises the last real error when time is up.

        The first attempt takes the time it needs, later ones only what is left. The time of a long call counts from its
        first failure, since it may go well for longer than others are repeated.
        """
        contact = _Contact(self._notify, self._clock)
        if not is_long:
            contact.expect(_SILENCE)
        try:
            answer = await self._repeat(call, contact, is_long=is_long)
        finally:
            contact.close()
        contact.made()
        return answer

    async def _repeat(self, call: Callable[[], Awaitable[T]], contact: _Contact, *, is_long: bool) -> T:
        begun = self._clock.monotonic()
        attempt = 0
        last: WireError | None = None
        while True:
            attempt += 1
            left = self._policy.rpc_seconds - (self._clock.monotonic() - begun)
            try:
                async with asyncio.timeout(None if last is None or is_long else max(left, _LEAST_LEFT)):
                    return await call()
            except TimeoutError:
                if last is None:
                    raise
                raise last from None
            except WireError as error:
                if last is None and is_long:
                    begun = self._clock.monotonic()
                last = error
                pause = self._pause_before(attempt, error, self._clock.monotonic() - begun)
                if pause is None:
                    raise
                contact.missed(f"{error.message} Trying again (attempt {attempt + 1}).")
            await self._sleep(pause)

    def _pause_before(self, attempt: int, error: WireError, passed: float) -> float | None:
        """Seconds to wait before the next attempt; None when there should be none."""
        if isinstance(error, ServiceFailed) and _SHUTTING_DOWN not in error.message:
            return None
        if isinstance(error, ProxyRefused | Hopeless) or (
            isinstance(error, CannotConnect) and error.layer == "certificate"
        ):
            return None
        policy = self._policy
        if isinstance(error, CannotConnect | RequestNotSent):
            if attempt < policy.connect_tries and passed < policy.connect_seconds:
                return policy.connect_pause
            if isinstance(error, NotTrusted):
                return None  # a restart would be over by now
        pause = min(float(attempt), _LONGEST_PAUSE)
        return pause if policy.rpc_seconds - passed - pause >= _LEAST_LEFT else None


class _Contact:
    """Tells once when an answer is long in coming, then of each failure, and when there is an answer after all."""

    def __init__(self, notify: Callable[[str], None], clock: Clock) -> None:
        self._notify = notify
        self._clock = clock
        self._begun = clock.monotonic()
        self._was_missed = False
        self._timer: asyncio.TimerHandle | None = None

    def expect(self, seconds: float) -> None:
        text = f"No answer for {seconds:.0f} s; still waiting."
        self._timer = asyncio.get_running_loop().call_later(seconds, self.missed, text)

    def missed(self, text: str) -> None:
        self.close()  # a failure says more than that there is no answer
        self._was_missed = True
        self._notify(text)

    def made(self) -> None:
        if self._was_missed:
            self._notify(f"There is contact again, after {self._clock.monotonic() - self._begun:.0f} s.")

    def close(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
