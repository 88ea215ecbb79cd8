"""Which failures are worth another attempt, and for how long. Time is told, not waited for."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from polpo.halibut.errors import (
    CannotConnect,
    ConnectionLost,
    NotTrusted,
    PeerFailed,
    ProxyRefused,
    RequestTimedOut,
    ServiceFailed,
    ServiceNotFound,
)
from polpo.kernel.errors import WireError
from polpo.transports.retries import Retries, RetryPolicy


class ToldClock:
    """Goes on by what is slept, and by what an attempt takes."""

    def __init__(self) -> None:
        self.passed = 0.0
        self.slept: list[float] = []

    def now(self) -> datetime:
        return datetime(2026, 1, 1, tzinfo=UTC)

    def monotonic(self) -> float:
        return self.passed

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.passed += seconds


class Machine:
    """Fails with each of the errors in turn, then answers; each attempt takes `takes` seconds."""

    def __init__(self, clock: ToldClock, *errors: WireError, takes: float = 0.0) -> None:
        self.clock = clock
        self.errors = list(errors)
        self.takes = takes
        self.attempts = 0

    async def call(self) -> str:
        self.attempts += 1
        self.clock.passed += self.takes
        if self.errors:
            raise self.errors.pop(0)
        return "answer"


LOST = ConnectionLost("It broke.")
NOBODY = CannotConnect("Nobody there.", "connect")
REFUSED = NotTrusted("Who are you?")


async def attempts(policy: RetryPolicy, *errors: WireError, takes: float = 0.0) -> tuple[object, Machine, ToldClock]:
    clock = ToldClock()
    machine = Machine(clock, *errors, takes=takes)
    retries = Retries(policy, clock=clock, sleep=clock.sleep)
    try:
        result: object = await retries.repeat(machine.call)
    except WireError as error:
        result = error
    return result, machine, clock


@pytest.mark.parametrize(
    "error",
    [
        ServiceFailed("The disk is full."),
        ServiceNotFound("No such service."),
        CannotConnect("Another certificate.", "certificate"),
        ProxyRefused("Who are you?"),
    ],
)
async def test_what_will_not_change_is_not_tried_again(error: WireError) -> None:
    result, machine, _ = await attempts(RetryPolicy(), error)
    assert result is error
    assert machine.attempts == 1


async def test_a_broken_connection_is_tried_again_with_growing_pauses() -> None:
    result, _, clock = await attempts(RetryPolicy(rpc_seconds=1000), *[LOST] * 12)
    assert result == "answer"
    assert clock.slept == [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 10, 10]


async def test_the_time_for_new_attempts_is_bounded() -> None:
    result, machine, clock = await attempts(RetryPolicy(rpc_seconds=10), *[LOST] * 100)
    assert result is LOST
    assert clock.slept == [1, 2, 3]
    assert machine.attempts == 4


async def test_the_first_attempt_may_take_longer_than_that() -> None:
    result, machine, _ = await attempts(RetryPolicy(rpc_seconds=10), RequestTimedOut("Nobody came."), LOST, takes=120.0)
    assert isinstance(result, RequestTimedOut)
    assert machine.attempts == 1


async def test_without_retries_only_connecting_is_tried_again() -> None:
    policy = RetryPolicy(rpc_seconds=0, connect_tries=3, connect_pause=2)
    result, machine, clock = await attempts(policy, *[NOBODY] * 10)
    assert (result, machine.attempts, clock.slept) == (NOBODY, 3, [2, 2])
    result, machine, _ = await attempts(policy, LOST)
    assert (result, machine.attempts) == (LOST, 1)


async def test_a_machine_that_restarts_is_waited_for_beyond_the_tries() -> None:
    result, machine, _ = await attempts(RetryPolicy(connect_tries=3, rpc_seconds=150), *[NOBODY] * 9)
    assert (result, machine.attempts) == ("answer", 10)


async def test_one_who_does_not_trust_us_is_not_asked_for_long() -> None:
    result, machine, _ = await attempts(RetryPolicy(connect_tries=3, rpc_seconds=150), *[REFUSED] * 9)
    assert (result, machine.attempts) == (REFUSED, 3)


async def test_an_error_that_may_be_the_networks_is_tried_again() -> None:
    result, machine, _ = await attempts(RetryPolicy(), PeerFailed("Something went wrong."))
    assert (result, machine.attempts) == ("answer", 2)


async def test_an_agent_that_is_shutting_down_is_tried_again() -> None:
    error = ServiceFailed("The Tentacle service is shutting down and cannot process this request.")
    result, machine, _ = await attempts(RetryPolicy(), error)
    assert (result, machine.attempts) == ("answer", 2)


async def test_a_long_call_may_be_repeated_however_long_it_went_well() -> None:
    clock = ToldClock()
    machine = Machine(clock, LOST, takes=400.0)
    assert await Retries(RetryPolicy(), clock=clock, sleep=clock.sleep).repeat(machine.call, is_long=True) == "answer"


async def test_who_waits_hears_of_each_failure_and_of_the_end_of_it() -> None:
    clock, heard = ToldClock(), list[str]()
    retries = Retries(RetryPolicy(), notify=heard.append, clock=clock, sleep=clock.sleep)
    assert await retries.repeat(Machine(clock).call) == "answer"
    assert heard == []
    assert await retries.repeat(Machine(clock, LOST, NOBODY, takes=10).call) == "answer"
    assert heard == [
        "It broke. Trying again (attempt 2).",
        "Nobody there. Trying again (attempt 3).",
        "There is contact again, after 32 s.",
    ]
