"""Sessions: when they end, who sees and ends them, and what a page must prove to write with one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from tests.api.people import person
from tests.api.test_brute_force import Later
from tests.api.test_signing_in import GOOD, csrf, member, sign_in, told
from tests.conftest import PASSWORD

from polpo.features.users.policy import AuthenticationConfiguration
from polpo.features.users.resource import API_KEYS, SESSIONS, PortalSession
from polpo.features.users.sessions import end_of
from polpo.server.application import Server

POLICY = "/api/configuration/authentication/values"
NOON = datetime(2026, 3, 27, 12, 0, tzinfo=UTC)


async def is_signed_in(caller: httpx.AsyncClient) -> bool:
    return (await caller.get("/api/users/me")).status_code == 200


# -- their end


@pytest.mark.parametrize(
    ("found", "minutes"),
    [
        (PortalSession(csrf="c", created=NOON, last_seen=NOON), 20),
        (PortalSession(csrf="c", created=NOON, last_seen=NOON + timedelta(hours=5)), 320),
        (PortalSession(csrf="c", created=NOON), 20),
        (PortalSession(csrf="c", created=NOON, last_seen=NOON + timedelta(days=20, minutes=-5)), 20 * 24 * 60),
        (PortalSession(csrf="c", created=NOON, last_seen=NOON, is_remembered=True), 20 * 24 * 60),
        (PortalSession(created=NOON, expires=NOON + timedelta(hours=1)), 60),
    ],
)
def test_a_session_ends_when_it_is_not_used_or_at_the_latest_at_its_bound(found: PortalSession, minutes: int) -> None:
    assert end_of(found, AuthenticationConfiguration()) == NOON + timedelta(minutes=minutes)


async def test_a_session_lives_on_while_it_is_used(server: Server, anonymous: httpx.AsyncClient) -> None:
    await sign_in(anonymous)

    for minutes in (15, 30, 45):
        server.database.clock = Later(timedelta(minutes=minutes))
        assert await is_signed_in(anonymous)
        await server.database.write(lambda _session: None)  # what was noted before is written by now
    server.database.clock = Later(timedelta(minutes=66))
    assert not await is_signed_in(anonymous)


async def test_a_remembered_session_lives_for_twenty_days(server: Server, anonymous: httpx.AsyncClient) -> None:
    await sign_in(anonymous, RememberMe=True)

    server.database.clock = Later(timedelta(days=19, hours=23))
    assert await is_signed_in(anonymous)
    server.database.clock = Later(timedelta(days=20))
    assert not await is_signed_in(anonymous)


async def test_what_administrators_decide_holds_for_open_sessions(
    server: Server, client: httpx.AsyncClient, anonymous: httpx.AsyncClient
) -> None:
    await sign_in(anonymous, RememberMe=True)
    policy = (await client.get(POLICY)).json()

    await client.put(POLICY, json=policy | {"MaximumSessionDurationInSeconds": 3600, "RememberMeEnabled": False})

    assert await is_signed_in(anonymous)
    server.database.clock = Later(timedelta(minutes=61))
    assert not await is_signed_in(anonymous)
    again = await sign_in(anonymous, RememberMe=True)
    assert "Max-Age" not in again.headers["set-cookie"]


async def test_a_session_is_written_once_a_minute_at_most(server: Server, anonymous: httpx.AsyncClient) -> None:
    def seen() -> Any:
        with server.database.read() as session:
            [found] = session.all(SESSIONS)
            return found.last_seen

    await sign_in(anonymous)
    first = seen()
    for seconds in (1, 30, 58):
        server.database.clock = Later(timedelta(seconds=seconds))
        assert await is_signed_in(anonymous)
    await server.database.write(lambda _session: None)  # what was noted before is written by now
    assert seen() == first
    server.database.clock = Later(timedelta(seconds=61))
    await is_signed_in(anonymous)
    await server.database.write(lambda _session: None)

    assert seen() - first >= timedelta(seconds=60)


async def test_a_key_tells_when_it_was_last_used_and_that_is_no_event(
    server: Server, client: httpx.AsyncClient, anonymous: httpx.AsyncClient
) -> None:
    made = (await client.post("/api/users/Users-1/apikeys", json={"Purpose": "p"})).json()
    path = made["Links"]["Self"]
    assert (await client.get(path)).json()["LastUsed"] is None

    await anonymous.get("/api/users/me", headers={"X-Octopus-ApiKey": made["ApiKey"]})
    await server.database.write(lambda _session: None)

    assert (await client.get(path)).json()["LastUsed"] is not None
    events = (await client.get("/api/events", params={"regarding": made["Id"]})).json()["Items"]
    assert [event["Category"] for event in events] == ["Created"]
    with server.database.read() as session:
        assert session.get(API_KEYS, made["Id"]).digest


# -- seeing and ending them


async def test_people_see_where_they_are_signed_in_and_end_it(
    client: httpx.AsyncClient, anonymous: httpx.AsyncClient
) -> None:
    eva = await member(client, "eva")
    path = f"/api/users/{eva['Id']}/sessions"
    await anonymous.post(
        "/api/users/login", json={"Username": "eva", "Password": GOOD}, headers={"User-Agent": "Old phone"}
    )
    old = dict(anonymous.cookies)
    anonymous.cookies.clear()
    await anonymous.post(
        "/api/users/login", json={"Username": "eva", "Password": GOOD}, headers={"User-Agent": "Laptop"}
    )

    laptop, phone = (await anonymous.get(path)).json()
    assert (laptop["Device"], laptop["IsCurrent"], laptop["Means"]) == ("Laptop", True, "password")
    assert (phone["Device"], phone["IsCurrent"], phone["Address"]) == ("Old phone", False, "127.0.0.1")
    assert not {"Digest", "Csrf"} & laptop.keys()
    ended = await anonymous.delete(phone["Links"]["Self"], headers=csrf(anonymous))

    assert ended.status_code == 200
    assert [one["Id"] for one in (await client.get(path)).json()] == [laptop["Id"]]
    anonymous.cookies = httpx.Cookies(old)
    assert not await is_signed_in(anonymous)
    [event] = await told(client, "SessionsRevoked")
    assert event["Message"] == "eva ended a session of eva."


async def test_the_sessions_of_others_are_not_there(
    server: Server, client: httpx.AsyncClient, anonymous: httpx.AsyncClient
) -> None:
    await sign_in(anonymous)
    [own] = (await client.get("/api/users/Users-1/sessions")).json()
    anonymous.cookies.clear()
    eva = await person(server, "eva")
    her = (await anonymous.get("/api/users/me", headers=eva)).json()["Id"]

    for method, path, status in (
        ("GET", "/api/users/Users-1/sessions", 403),
        ("DELETE", own["Links"]["Self"], 403),
        ("DELETE", f"/api/users/{her}/sessions/{own['Id']}", 404),
    ):
        assert (await anonymous.request(method, path, headers=eva)).status_code == status, path


async def test_all_sessions_and_tokens_of_a_user_are_revoked_at_once(
    client: httpx.AsyncClient, anonymous: httpx.AsyncClient
) -> None:
    eva = await member(client, "eva")
    await sign_in(anonymous, "eva", GOOD, RememberMe=True)
    path = f"/api/users/{eva['Id']}"
    token = (await anonymous.post(f"{path}/access-token", headers=csrf(anonymous))).json()["AccessToken"]

    assert (await client.put(f"{path}/revoke-sessions")).status_code == 200

    assert not await is_signed_in(anonymous)
    bearer = await anonymous.get("/api/users/me", headers={"Authorization": f"Bearer {token}"})
    assert bearer.status_code == 401
    [event] = await told(client, "SessionsRevoked")
    assert event["Message"] == "admin ended all sessions of eva."


# -- what a page must prove

_FORM = {"files": {"file": ("a.1.0.0.zip", b"PK", "application/zip")}}
_WRITES: list[tuple[str, str, dict[str, Any]]] = [
    ("POST", "/api/environments", {"json": {"Name": "Test"}}),
    ("PUT", "/api/users/Users-1", {"json": {"Username": "admin"}}),
    ("DELETE", "/api/users/Users-99", {}),
    ("POST", "/api/users/Users-99", {"headers": {"X-HTTP-Method-Override": "DELETE"}}),
    ("POST", "/api/users/Users-1", {"headers": {"X-HTTP-Method-Override": "put"}, "json": {"Username": "admin"}}),
    ("POST", "/api/Spaces-1/packages/raw", _FORM),
    ("POST", "/api/users/logout", {}),
    ("POST", "/api/users/Users-1/access-token", {}),
    ("PUT", "/api/maintenanceconfiguration", {"content": b"{}", "headers": {"Content-Type": "text/plain"}}),
]


async def test_a_cookie_alone_writes_nothing(anonymous: httpx.AsyncClient) -> None:
    await sign_in(anonymous)
    of_another = csrf(anonymous)
    await sign_in(anonymous)

    for proof in ({}, {"X-Octopus-Csrf-Token": ""}, {"X-Octopus-Csrf-Token": "guess"}, of_another):
        for method, path, more in _WRITES:
            headers = {**more.get("headers", {}), **proof}
            refused = await anonymous.request(method, path, **(more | {"headers": headers}))
            assert refused.status_code == 403, (path, proof)
            assert "X-Octopus-Csrf-Token" in refused.json()["ErrorMessage"]
    assert await is_signed_in(anonymous)


async def test_reading_needs_no_proof_and_an_override_makes_it_no_write(anonymous: httpx.AsyncClient) -> None:
    await sign_in(anonymous)

    for method in ("GET", "HEAD", "OPTIONS"):
        answer = await anonymous.request(method, "/api/users/Users-1", headers={"X-HTTP-Method-Override": "DELETE"})
        assert answer.status_code in {200, 204}
    assert await is_signed_in(anonymous)


async def test_keys_and_tokens_need_no_proof_even_beside_a_cookie(
    client: httpx.AsyncClient, anonymous: httpx.AsyncClient
) -> None:
    token = (await client.post("/api/users/Users-1/access-token")).json()["AccessToken"]
    await sign_in(anonymous)

    for headers in ({"X-Octopus-ApiKey": client.headers["X-Octopus-ApiKey"]}, {"Authorization": f"Bearer {token}"}):
        answer = await anonymous.put("/api/maintenanceconfiguration", json={}, headers=headers)
        assert answer.status_code == 200
    wrong = await anonymous.get("/api/users/me", headers={"X-Octopus-ApiKey": "API-WRONG"})
    assert wrong.status_code == 401


async def test_a_csrf_token_is_no_key_and_a_session_token_no_bearer(anonymous: httpx.AsyncClient) -> None:
    await sign_in(anonymous, password=PASSWORD)
    tokens = dict(anonymous.cookies)
    anonymous.cookies.clear()

    for token in tokens.values():
        for headers in ({"Authorization": f"Bearer {token}"}, {"X-Octopus-ApiKey": token}):
            assert (await anonymous.get("/api/users/me", headers=headers)).status_code == 401
