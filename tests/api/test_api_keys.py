"""API keys: for whom they are made, how long they live, and what becomes of their text."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from tests.api.people import person
from tests.api.test_brute_force import Later
from tests.api.test_signing_in import member
from tests.conftest import API_KEY

from polpo.features.users.keyexpiry import KeyExpiryWatch, stage_of
from polpo.features.users.resource import API_KEYS
from polpo.kernel.secrets import hash_token
from polpo.rest.permissions import Permission
from polpo.server.application import Server

POLICY = "/api/configuration/authentication/values"


async def robot(client: httpx.AsyncClient) -> str:
    made = await client.post("/api/users", json={"Username": "robot", "IsService": True})
    return str(made.json()["Id"])


async def new_key(caller: httpx.AsyncClient, user: str, headers: Any = None, **more: Any) -> httpx.Response:
    return await caller.post(f"/api/users/{user}/apikeys", json={"Purpose": "tests", **more}, headers=headers)


async def test_the_text_of_a_key_is_shown_once_and_kept_nowhere(server: Server, client: httpx.AsyncClient) -> None:
    made = (await new_key(client, "Users-1")).json()

    read = (await client.get(made["Links"]["Self"])).json()
    events = (await client.get("/api/events", params={"regarding": made["Id"]})).text
    with server.database.read() as session:
        stored = session.get(API_KEYS, made["Id"])
    assert read["ApiKey"] == {"HasValue": True, "Hint": made["ApiKey"][:8]}
    assert made["ApiKey"] not in events
    assert stored.digest == hash_token(made["ApiKey"])
    assert stored.digest not in events + str(read)


async def test_only_the_whole_key_is_a_key_in_whatever_case(anonymous: httpx.AsyncClient) -> None:
    for key in (API_KEY, API_KEY.lower(), f" {API_KEY}"):
        assert (await anonymous.get("/api/users/me", headers={"X-Octopus-ApiKey": key})).status_code == 200

    guesses = ["API-", "API-GUEST", "api", "' or 1=1 --", "API-\u00c4\u00c4", "API-" + "A" * 101]
    for key in [*guesses, API_KEY + "0", API_KEY[:-1], API_KEY[4:]]:
        sent: Any = {"X-Octopus-ApiKey": key.encode()}
        refused = await anonymous.get("/api/users/me", headers=sent)
        assert refused.status_code == 401, key
        assert refused.json()["ErrorMessage"].startswith("The API key you provided was not valid."), key


async def test_people_make_their_own_keys_and_who_edits_users_those_of_programs(
    server: Server, client: httpx.AsyncClient
) -> None:
    people = {
        "eva": await person(server, "eva"),
        "editor": await person(server, "ed", Permission.USER_EDIT, space_id=None),
        "administrator": {"X-Octopus-ApiKey": API_KEY},
    }
    ids = {"robot": await robot(client), "another": (await member(client, "adam"))["Id"]}
    for name, headers in people.items():
        ids[name] = (await client.get("/api/users/me", headers=headers)).json()["Id"]

    for who, whose, status in (
        ("eva", "eva", 201),
        ("eva", "robot", 403),
        ("editor", "robot", 201),
        ("editor", "another", 403),
        ("editor", "administrator", 403),
        ("administrator", "another", 201),
    ):
        assert (await new_key(client, ids[whose], people[who])).status_code == status, (who, whose)


async def test_administrators_say_how_long_keys_live(client: httpx.AsyncClient) -> None:
    policy = (await client.get(POLICY)).json()
    assert (await new_key(client, "Users-1")).json()["Expires"] is None
    limits = {"ApiKeyMaxExpiryDays": 90, "ApiKeyDefaultExpiryDays": 30}
    assert (await client.put(POLICY, json=policy | limits)).status_code == 200
    now = datetime.now(UTC)

    default = (await new_key(client, "Users-1")).json()
    at_most = await new_key(client, "Users-1", Expires=(now + timedelta(days=90)).isoformat())
    too_long = await new_key(client, "Users-1", Expires=(now + timedelta(days=91)).isoformat())

    assert timedelta(days=29) < datetime.fromisoformat(default["Expires"]) - now < timedelta(days=31)
    assert at_most.status_code == 201
    assert too_long.json()["Errors"] == ["Expires: API keys live for 90 days at most on this server."]


async def test_people_can_be_left_without_keys(client: httpx.AsyncClient) -> None:
    policy = (await client.get(POLICY)).json()
    await client.put(POLICY, json=policy | {"UserApiKeysEnabled": False})

    own, program = await new_key(client, "Users-1"), await new_key(client, await robot(client))

    assert (own.status_code, program.status_code) == (400, 201)
    assert "service account" in own.json()["ErrorMessage"]


async def test_a_policy_that_cannot_be_is_refused(client: httpx.AsyncClient) -> None:
    policy = (await client.get(POLICY)).json()
    changes: tuple[tuple[dict[str, Any], str], ...] = (
        ({"SessionTimeoutInSeconds": 59}, "SessionTimeoutInSeconds is in seconds, from 60"),
        ({"MaximumSessionDurationInSeconds": 10**9}, "MaximumSessionDurationInSeconds is in seconds"),
        ({"ApiKeyMaxExpiryDays": 0}, "ApiKeyMaxExpiryDays must be from 1"),
        ({"ApiKeyMaxExpiryDays": 5, "ApiKeyDefaultExpiryDays": 6}, "must not be more than ApiKeyMaxExpiryDays"),
        ({"CookieDomain": "a.example; Path=/x"}, "CookieDomain must be the name of a domain"),
        ({"CookieDomain": "a.example\r\nX: y"}, "CookieDomain must be the name of a domain"),
    )
    for change, fault in changes:
        refused = await client.put(POLICY, json=policy | change)
        assert refused.status_code == 400, change
        assert any(fault in error for error in refused.json()["Errors"]), change


# -- their end


@pytest.mark.parametrize(
    ("left", "stage"),
    [
        (timedelta(days=20, seconds=1), None),
        (timedelta(days=20), "ApiKeyExpiry20DayWarning"),
        (timedelta(days=10, seconds=1), "ApiKeyExpiry20DayWarning"),
        (timedelta(days=10), "ApiKeyExpiry10DayWarning"),
        (timedelta(seconds=1), "ApiKeyExpiry10DayWarning"),
        (timedelta(), "ApiKeyExpired"),
        (timedelta(days=-2), "ApiKeyExpired"),
        (timedelta(days=-3), None),
    ],
)
def test_the_end_of_a_key_is_told_in_stages(left: timedelta, stage: str | None) -> None:
    now = datetime(2026, 3, 27, tzinfo=UTC)

    assert stage_of(now + left, now) == stage
    assert stage_of(None, now) is None


async def test_each_stage_of_a_key_is_told_once(server: Server, client: httpx.AsyncClient) -> None:
    await new_key(client, "Users-1")
    made = (await new_key(client, "Users-1", Expires=(datetime.now(UTC) + timedelta(days=15)).isoformat())).json()
    watch = KeyExpiryWatch(server.database)

    for ahead in (0, 0, 6, 16, 16):
        server.database.clock = Later(timedelta(days=ahead))
        await watch.round()

    events = (await client.get("/api/events", params={"regarding": made["Id"]})).json()["Items"]
    assert [event["Category"] for event in events] == [
        "ApiKeyExpired",
        "ApiKeyExpiry10DayWarning",
        "ApiKeyExpiry20DayWarning",
        "Created",
    ]
    assert events[2]["Message"].startswith("The API key 'tests' of admin expires in 14 days, on ")
