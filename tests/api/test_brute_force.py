"""Guessing passwords: what a guesser is told, and what it costs the people whose names are tried."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest
from tests.api.test_signing_in import GOOD, WRONG, member, sign_in, told
from tests.conftest import PASSWORD

from polpo.kernel.clock import SystemClock
from polpo.server.application import Server


class Later(SystemClock):
    def __init__(self, ahead: timedelta) -> None:
        self.ahead = ahead

    def now(self) -> datetime:
        return super().now() + self.ahead


@pytest.fixture
async def outside(server: Server) -> AsyncIterator[httpx.AsyncClient]:
    """Somebody at another address than this machine's."""
    transport = httpx.ASGITransport(server.application, client=("192.0.2.7", 4242))  # type: ignore[arg-type]
    async with httpx.AsyncClient(transport=transport, base_url="http://polpo.test") as caller:
        yield caller


async def guess(caller: httpx.AsyncClient, name: str, times: int) -> list[int]:
    return [(await sign_in(caller, name, WRONG)).status_code for _ in range(times)]


async def test_a_guesser_is_locked_out_and_even_the_right_password_does_not_help(
    server: Server, client: httpx.AsyncClient, anonymous: httpx.AsyncClient
) -> None:
    eva = await member(client, "eva")

    assert await guess(anonymous, "eva", 6) == [401] * 5 + [429]
    right = await sign_in(anonymous, "EVA", GOOD)

    assert right.status_code == 429
    assert right.json()["ErrorMessage"].startswith("Too many sign-ins have failed; try again in ")
    assert 1 <= int(right.headers["retry-after"]) <= 30
    [event] = await told(client, "UserLockedOut")
    assert event["Message"] == "Sign-ins as 'eva' are refused for 30 seconds after 5 failures."
    assert event["RelatedDocumentIds"] == [eva["Id"]]
    assert len(await told(client, "LoginFailed")) == 5
    server.database.clock = Later(timedelta(seconds=31))
    assert (await sign_in(anonymous, "eva", GOOD)).status_code == 200
    assert await guess(anonymous, "eva", 2) == [401] * 2


async def test_a_name_that_nobody_has_is_locked_out_alike(
    client: httpx.AsyncClient, anonymous: httpx.AsyncClient
) -> None:
    await member(client, "eva")
    answers: dict[str, list[Any]] = {"eva": [], "nobody": []}
    for name, seen in answers.items():
        for _ in range(6):
            answer = await sign_in(anonymous, name, WRONG)
            seen.append((answer.status_code, answer.json()["ErrorMessage"][:50], sorted(answer.headers)))

    assert answers["eva"] == answers["nobody"]


async def test_guesses_at_the_same_time_are_no_way_around(
    client: httpx.AsyncClient, anonymous: httpx.AsyncClient
) -> None:
    await member(client, "eva")

    answers = await asyncio.gather(*(sign_in(anonymous, "eva", WRONG) for _ in range(15)))

    assert sorted(one.status_code for one in answers) == [401] * 5 + [429] * 10
    assert len(await told(client, "UserLockedOut")) == 1


async def test_people_who_sign_in_many_times_at_once_are_not_locked_out(anonymous: httpx.AsyncClient) -> None:
    answers = await asyncio.gather(*(sign_in(anonymous) for _ in range(12)))

    assert [one.status_code for one in answers] == [200] * 12


async def test_an_address_that_tries_many_names_is_locked_out(
    client: httpx.AsyncClient, anonymous: httpx.AsyncClient, outside: httpx.AsyncClient
) -> None:
    tried = [await sign_in(outside, f"user{number}", WRONG) for number in range(49)]
    assert (await sign_in(outside)).status_code == 200  # which clears nothing but that attempt
    tried += [await sign_in(outside, f"user{number}", WRONG) for number in (50, 51)]

    assert [one.status_code for one in tried] == [401] * 50 + [429]
    assert (await sign_in(outside)).status_code == 429
    [event] = await told(client, "UserLockedOut")
    assert event["Message"] == "Sign-ins from 192.0.2.7 are refused for 30 seconds after 50 failures."
    assert event["IpAddress"] == "192.0.2.7"
    assert (await sign_in(anonymous)).status_code == 200


@pytest.mark.parametrize("by", ["unlocking", "a new password"])
async def test_an_administrator_ends_a_lock_out(
    client: httpx.AsyncClient, anonymous: httpx.AsyncClient, by: str
) -> None:
    eva = await member(client, "eva")
    path = f"/api/users/{eva['Id']}"
    await guess(anonymous, "eva", 5)
    locked = (await client.get(f"{path}/lockout")).json()

    if by == "unlocking":
        assert (await client.delete(f"{path}/lockout")).status_code == 200
        [event] = await told(client, "UserUnlocked")
        assert event["Message"] == "admin ended the lock-out of eva."
    else:
        await client.put(path, json=eva | {"Password": GOOD})

    assert (locked["FailedSignIns"], locked["LockedUntil"] is not None) == (5, True)
    free = (await client.get(f"{path}/lockout")).json()
    assert (free["FailedSignIns"], free["LockedUntil"]) == (0, None)
    assert (await sign_in(anonymous, "eva", GOOD)).status_code == 200


async def test_an_open_session_and_keys_outlive_a_lock_out(
    client: httpx.AsyncClient, anonymous: httpx.AsyncClient
) -> None:
    await sign_in(anonymous)
    await guess(anonymous, "admin", 5)

    assert (await sign_in(anonymous, password=PASSWORD)).status_code == 429
    assert (await anonymous.get("/api/users/me")).status_code == 200
    assert (await client.get("/api/users/me")).status_code == 200
