"""Buckets of requests on a clock that the test moves."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from polpo.features.ratelimits.resource import RateLimitingPolicy
from polpo.rest.call import Caller
from polpo.server.edge import rates as subject
from polpo.server.edge.rates import Principal, Rates

POLICY = RateLimitingPolicy(requests_per_minute=60, burst_limit=3)
ADA = Caller("Users-1", "ada", "Ada", "session")
ROBOT = Caller("Users-2", "robot", "Robot", "api key")


class Clock:
    seconds = 0.0

    def now(self) -> datetime:
        return datetime.fromtimestamp(self.seconds, UTC)

    def monotonic(self) -> float:
        return self.seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


def sent(client: str | None, **headers: str) -> tuple[dict[str, Any], dict[bytes, bytes]]:
    told = {name.replace("_", "-").encode(): value.encode() for name, value in headers.items()}
    return {"client": (client, 1) if client else None}, told


def test_a_burst_is_let_in_and_then_one_a_second(clock: Clock) -> None:
    rates, who = Rates(clock), Principal("Unauthenticated", "203.0.113.9")
    assert [rates.take(who, POLICY) for _ in range(4)] == [0, 0, 0, 1.0]
    clock.seconds = 0.5
    assert rates.take(who, POLICY) == 0.5
    clock.seconds = 1.0
    assert rates.take(who, POLICY) == 0
    clock.seconds = 1000.0
    assert [rates.take(who, POLICY) > 0 for _ in range(4)] == [False, False, False, True]
    assert rates.take(Principal("Unauthenticated", "203.0.113.10"), POLICY) == 0


def test_whom_the_server_has_found_is_counted_as_that_user_wherever_they_are(clock: Clock) -> None:
    rates = Rates(clock)
    scope, told = sent("203.0.113.9", x_octopus_apikey="API-1")
    assert rates.principal(scope, told) == Principal("Unauthenticated", "203.0.113.9")
    rates.prove(scope["polpo.credential"], ROBOT)
    assert rates.principal(*sent("203.0.113.77", x_octopus_apikey="API-1")) == Principal(
        "AuthenticatedAgent", "Users-2"
    )

    scope, told = sent("203.0.113.9", cookie="id=1")
    rates.principal(scope, told)
    rates.prove(scope["polpo.credential"], ADA)
    assert rates.principal(scope, told) == Principal("AuthenticatedHuman", "Users-1")
    rates.prove(scope["polpo.credential"], replace(ROBOT, means="session", behind=ADA))
    assert rates.principal(scope, told) == Principal("AuthenticatedHuman", "Users-1")
    rates.disprove(scope["polpo.credential"])
    assert rates.principal(scope, told) == Principal("Unauthenticated", "203.0.113.9")


@pytest.mark.parametrize(
    ("client", "name"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("2001:4860:1:2:3:4:5:6", "2001:4860:1:2::"),
        ("::ffff:203.0.113.9", "203.0.113.9"),
        ("127.0.0.1", None),
        ("::1", None),
        (None, None),
    ],
)
def test_whoever_is_unknown_is_counted_by_address_but_not_this_machine(
    clock: Clock, client: str | None, name: str | None
) -> None:
    who = Rates(clock).principal(*sent(client, authorization="Bearer made-up"))
    assert (who.name if who else None) == name


def test_made_up_callers_do_not_fill_the_memory(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subject, "_MOST_CALLERS", 100)
    rates, steady = Rates(clock), Principal("Unauthenticated", "203.0.113.9")
    for number in range(1000):
        rates.take(Principal("Unauthenticated", str(number)), POLICY)
        rates.prove(number, ROBOT)
        if number % 50 == 0:
            rates.take(steady, POLICY)
    assert len(rates._buckets) <= 100
    assert len(rates._proven) <= 100
    assert rates.take(steady, POLICY) > 0, "who is there all the time is not forgotten"
