"""User accounts: what is kept, who may sign in, invitations, tokens and sessions."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import httpx
import pytest
from tests.api.people import also
from tests.conftest import PASSWORD

from polpo.features.invitations.resource import INVITATIONS
from polpo.features.users.passwords import Passwords
from polpo.features.users.resource import SESSIONS
from polpo.rest.permissions import Permission
from polpo.server.application import Server


async def made(client: httpx.AsyncClient, path: str, **body: Any) -> Any:
    answer = await client.post(path, json=body)
    assert answer.status_code == 201, answer.text
    return answer.json()


async def person(client: httpx.AsyncClient, name: str, **more: Any) -> Any:
    return await made(client, "/api/users", Username=name, Password="a good password", **more)


async def test_a_whole_user_comes_back_as_it_was_written(client: httpx.AsyncClient) -> None:
    identities = [
        {
            "IdentityProviderName": "Azure AD",
            "Claims": {"email": {"Value": "eva@example.com", "IsIdentifyingClaim": True}},
        }
    ]
    body = {
        "Username": "eva",
        "DisplayName": "Eva Example",
        "EmailAddress": "eva@example.com",
        "IsActive": True,
        "IsService": False,
        "Identities": identities,
        "Created": "2026-01-02T03:04:05Z",
    }

    user = await made(client, "/api/users", **body, Password="a good password")

    read = (await client.get(user["Links"]["Self"])).json()
    assert body.items() <= read.items()
    assert read["CanPasswordBeEdited"]
    assert (read["IsRequestor"], read["Password"]) == (False, None)
    changed = (await client.put(user["Links"]["Self"], json=read | {"DisplayName": "Eva"})).json()
    assert (changed["DisplayName"], changed["Identities"]) == ("Eva", identities)


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        ({"Username": " ", "Password": "a good password"}, "Username is missing."),
        ({"Username": "eva"}, "Password is missing."),
        ({"Username": "eva", "Password": "short"}, "use at least 8"),
        ({"Username": "longenough", "Password": "LongEnough"}, "it is the user name"),
        ({"Username": "ADMIN", "Password": "a good password"}, "The username 'ADMIN' is already taken"),
        ({"Username": "e" * 201, "Password": "a good password"}, "201 characters are too many"),
        ({"Username": "eva\r\nSet-Cookie: a=b", "Password": "a good password"}, "cannot be printed"),
        ({"Username": "eva", "DisplayName": "E\x1b[2J", "Password": "a good password"}, "cannot be printed"),
        ({"Username": "eva", "EmailAddress": "e@x\u202e", "Password": "a good password"}, "cannot be printed"),
        ({"Username": "eva", "Password": "a good password", "IsActive": "perhaps"}, "IsActive"),
    ],
)
async def test_a_user_that_cannot_be_is_refused(client: httpx.AsyncClient, body: Any, fault: str) -> None:
    answer = await client.post("/api/users", json=body)

    assert answer.status_code == 400
    assert any(fault in error for error in answer.json()["Errors"])


@pytest.mark.parametrize("wanted", ["EVA", "xample", "@polpo", "e@v.a"])
async def test_users_are_found_by_a_part_of_any_of_their_names(client: httpx.AsyncClient, wanted: str) -> None:
    for name in ("eva", "adam"):
        extra = {"DisplayName": "E. Xample", "EmailAddress": "e@v.a@polpo"} if name == "eva" else {}
        await person(client, name, **extra)

    found = (await client.get("/api/users", params={"filter": wanted, "take": 9999})).json()

    assert [user["Username"] for user in found["Items"]] == ["eva"]


async def test_the_last_administrator_cannot_go(client: httpx.AsyncClient, server: Server) -> None:
    eva = await person(client, "eva")
    await also(
        server,
        eva["Id"],
        "eva",
        "userroles-systemmanager",
        Permission.ADMINISTER_SYSTEM,
        Permission.USER_EDIT,
        space_id=None,
    )
    team = (await client.get("/api/teams/teams-administrators")).json()
    headers = {"X-Octopus-ApiKey": (await made(client, f"/api/users/{eva['Id']}/apikeys", Purpose="p"))["ApiKey"]}
    team["MemberUserIds"].append(eva["Id"])
    me = (await client.get("/api/users/Users-1", headers=headers)).json()

    alone = await client.delete("/api/users/Users-1", headers=headers)
    inactive = await client.put("/api/users/Users-1", json=me | {"IsActive": False}, headers=headers)
    await client.put("/api/teams/teams-administrators", json=team)
    of_two = await client.delete("/api/users/Users-1", headers=headers)

    assert alone.status_code == inactive.status_code == 400
    assert "needs an administrator" in alone.json()["ErrorMessage"]
    assert of_two.status_code == 200
    team = (await client.get("/api/teams/teams-administrators", headers=headers)).json()
    assert team["MemberUserIds"] == [eva["Id"]]


async def test_a_deleted_user_is_in_no_team_and_keeps_no_key(client: httpx.AsyncClient) -> None:
    eva = await person(client, "eva")
    team = await made(client, "/api/teams", Name="Devs", MemberUserIds=[eva["Id"]])
    key = (await made(client, f"/api/users/{eva['Id']}/apikeys", Purpose="p"))["ApiKey"]

    assert (await client.delete(eva["Links"]["Self"])).status_code == 200

    assert (await client.get(team["Links"]["Self"])).json()["MemberUserIds"] == []
    assert (await client.get(eva["Links"]["Self"])).status_code == 404
    assert (await client.get("/api/users/me", headers={"X-Octopus-ApiKey": key})).status_code == 401


async def test_a_service_account_has_no_password(client: httpx.AsyncClient, anonymous: httpx.AsyncClient) -> None:
    robot = await made(client, "/api/users", Username="robot", IsService=True, Password="a good password")

    refused = await anonymous.post("/api/users/login", json={"Username": "robot", "Password": "a good password"})

    assert (robot["IsService"], robot["CanPasswordBeEdited"]) == (True, False)
    assert refused.status_code == 401
    kept = (await client.put(robot["Links"]["Self"], json=robot | {"IsService": False})).json()
    assert kept["IsService"]
    assert (await client.get(f"/api/users/authentication/{robot['Id']}")).json()["AuthenticationProviders"] == []


# -- sessions, tokens and keys


async def test_a_new_password_ends_the_sessions_of_the_old_one(
    client: httpx.AsyncClient, anonymous: httpx.AsyncClient
) -> None:
    eva = await person(client, "eva")
    await anonymous.post("/api/users/login", json={"Username": "eva", "Password": "a good password"})
    assert (await anonymous.get("/api/users/me")).status_code == 200

    await client.put(eva["Links"]["Self"], json=eva | {"Password": "another password"})

    assert (await anonymous.get("/api/users/me")).status_code == 401
    anonymous.cookies.clear()
    old = await anonymous.post("/api/users/login", json={"Username": "eva", "Password": "a good password"})
    new = await anonymous.post("/api/users/login", json={"Username": "eva", "Password": "another password"})
    assert (old.status_code, new.status_code) == (401, 200)


async def test_a_new_password_ends_what_is_under_way_with_the_old_one(
    server: Server, client: httpx.AsyncClient, anonymous: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    eva = await person(client, "eva")
    passwords = server.parts.get(Passwords)
    matches = passwords.matches

    async def changed_meanwhile(stored: str, password: str) -> bool:
        is_right = await matches(stored, password)
        changed = await client.put(f"/api/users/{eva['Id']}", json=eva | {"Password": "another good password"})
        assert (is_right, changed.status_code) == (True, 200)
        return is_right

    monkeypatch.setattr(passwords, "matches", changed_meanwhile)
    refused = await anonymous.post("/api/users/login", json={"Username": "eva", "Password": "a good password"})

    assert refused.status_code == 401
    assert "set-cookie" not in refused.headers


async def test_who_changes_the_own_password_stays_signed_in(anonymous: httpx.AsyncClient) -> None:
    await anonymous.post("/api/users/login", json={"Username": "admin", "Password": PASSWORD})
    csrf = next(value for name, value in anonymous.cookies.items() if name.startswith("Octopus-Csrf-Token_"))
    me = (await anonymous.get("/api/users/me")).json()

    changed = await anonymous.put(
        me["Links"]["Self"], json=me | {"Password": "another password"}, headers={"X-Octopus-Csrf-Token": csrf}
    )

    assert changed.status_code == 200
    assert (await anonymous.get("/api/users/me")).status_code == 200


async def test_an_access_token_speaks_for_its_user_until_it_is_revoked(
    client: httpx.AsyncClient, anonymous: httpx.AsyncClient
) -> None:
    token = (await client.post("/api/users/Users-1/access-token")).json()["AccessToken"]
    headers = {"Authorization": f"Bearer {token}"}

    assert (await anonymous.get("/api/users/me", headers=headers)).json()["Username"] == "admin"
    written = await anonymous.post("/api/environments", json={"Name": "Test"}, headers=headers)
    assert written.status_code == 201
    assert (await client.put("/api/users/Users-1/revoke-sessions")).status_code == 200

    refused = await anonymous.get("/api/users/me", headers=headers)
    assert refused.status_code == 401
    assert refused.json()["ErrorMessage"] == "The access token you provided was not valid."


async def test_an_access_token_expires(server: Server, client: httpx.AsyncClient, anonymous: httpx.AsyncClient) -> None:
    token = (await client.post("/api/users/Users-1/access-token")).json()["AccessToken"]
    now = server.database.clock.now()

    def age(session: Any) -> None:
        for found in session.all(SESSIONS):
            found.expires = now - timedelta(seconds=1)
            session.update(SESSIONS, found)

    await server.database.write(age)

    refused = await anonymous.get("/api/users/me", headers={"Authorization": f"Bearer {token}"})
    assert refused.status_code == 401
    assert "expired" in refused.json()["ErrorMessage"]


async def test_a_token_is_no_cookie_and_is_made_for_oneself_only(client: httpx.AsyncClient) -> None:
    eva = await person(client, "eva")
    token = (await client.post("/api/users/Users-1/access-token")).json()["AccessToken"]
    cookie = f"OctopusIdentificationToken_{(await client.get('/api')).json()['InstallationId']}={token}"

    other = await client.post(f"/api/users/{eva['Id']}/access-token")
    for text in (cookie, cookie.replace("=", "=access token ")):
        as_cookie = await client.get("/api/users/me", headers={"Cookie": text, "X-Octopus-ApiKey": ""})
        assert as_cookie.status_code == 401

    assert other.status_code == 403


async def test_a_token_that_was_stolen_cannot_be_made_to_last(
    client: httpx.AsyncClient, anonymous: httpx.AsyncClient
) -> None:
    token = (await client.post("/api/users/Users-1/access-token")).json()["AccessToken"]
    anonymous.headers["Authorization"] = f"Bearer {token}"
    robot = (await anonymous.post("/api/users", json={"Username": "robot", "IsService": True})).json()["Id"]

    for path in ("/api/users/Users-1/access-token", "/api/users/Users-1/apikeys"):
        refused = await anonymous.post(path, json={"Purpose": "for ever"})
        assert refused.status_code == 403
        assert "makes no further credentials" in refused.text
    assert (await anonymous.post(f"/api/users/{robot}/apikeys", json={"Purpose": "builds"})).status_code == 201
    [told] = (await client.get("/api/events", params={"eventCategories": "AccessTokenCreated"})).json()["Items"]
    assert (told["Message"], told["IdentityEstablishedWith"]) == ("admin made an access token for an hour.", "api key")


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        ({"Purpose": " "}, "Purpose is missing."),
        ({"Purpose": "p" * 201}, "too many"),
        ({"Purpose": "p", "Expires": "2020-01-01T00:00:00Z"}, "lies in the past"),
        ({"Purpose": "p", "Expires": "2020-01-01T00:00:00"}, "lies in the past"),
        ({"Purpose": "p", "Expires": "soon"}, "Expires"),
    ],
)
async def test_an_api_key_that_cannot_be_is_refused(client: httpx.AsyncClient, body: Any, fault: str) -> None:
    answer = await client.post("/api/users/Users-1/apikeys", json=body)

    assert answer.status_code == 400
    assert fault in answer.json()["Errors"][0]


async def test_an_api_key_with_a_time_without_a_zone_works_until_then(client: httpx.AsyncClient) -> None:
    key = await made(client, "/api/users/Users-1/apikeys", Purpose="p", Expires="2999-01-01T00:00:00")

    assert (await client.get("/api/users/me", headers={"X-Octopus-ApiKey": key["ApiKey"]})).status_code == 200
    listed = (await client.get(key["Links"]["Self"])).json()
    assert listed["Expires"] == "2999-01-01T00:00:00Z"
    assert listed["ApiKey"]["HasValue"]


# -- invitations


async def test_who_is_invited_registers_once_and_joins_the_teams(
    client: httpx.AsyncClient, anonymous: httpx.AsyncClient
) -> None:
    team = await made(client, "/api/teams", Name="Devs")
    invitation = await made(client, "/api/users/invitations", AddToTeamIds=[team["Id"]])
    read = (await client.get(invitation["Links"]["Self"])).json()
    body = {"InvitationCode": invitation["InvitationCode"], "Username": "eva", "Password": "a good password"}

    user = await anonymous.post("/api/users/register", json=body)
    again = await anonymous.post("/api/users/register", json=body | {"Username": "adam"})

    assert (read["AddToTeamIds"], read["InvitationCode"], read["Digest"]) == ([team["Id"]], "", "")
    assert user.status_code == 201
    assert again.status_code == 400
    assert "was used" in again.json()["ErrorMessage"]
    assert (await client.get(team["Links"]["Self"])).json()["MemberUserIds"] == [user.json()["Id"]]
    signed_in = await anonymous.post("/api/users/login", json={"Username": "eva", "Password": "a good password"})
    assert signed_in.status_code == 200


async def test_an_invitation_is_good_for_one_even_of_several_at_once(
    client: httpx.AsyncClient, anonymous: httpx.AsyncClient
) -> None:
    code = (await made(client, "/api/users/invitations", AddToTeamIds=[]))["InvitationCode"]

    answers = await asyncio.gather(
        *(
            anonymous.post(
                "/api/users/register",
                json={"InvitationCode": code, "Username": f"eva{number}", "Password": "a good password"},
            )
            for number in range(4)
        )
    )

    assert sorted(one.status_code for one in answers) == [201, 400, 400, 400]


async def test_an_invitation_is_good_for_two_days(
    server: Server, client: httpx.AsyncClient, anonymous: httpx.AsyncClient
) -> None:
    invitation = await made(client, "/api/Spaces-1/users/invitations")
    now = server.database.clock.now()

    def age(session: Any) -> None:
        [found] = session.all(INVITATIONS)
        assert found.expires - now > timedelta(hours=47)
        found.expires = now
        session.update(INVITATIONS, found)

    await server.database.write(age)
    body = {"InvitationCode": invitation["InvitationCode"], "Username": "eva", "Password": "a good password"}

    assert invitation["SpaceId"] == "Spaces-1"
    assert (await anonymous.post("/api/users/register", json=body)).status_code == 400


@pytest.mark.parametrize("team", ["teams-everyone", "Teams-99"])
async def test_nobody_is_invited_into_a_team_that_takes_nobody(client: httpx.AsyncClient, team: str) -> None:
    answer = await client.post("/api/users/invitations", json={"AddToTeamIds": [team]})

    assert answer.status_code == 400


# -- ways of signing in


async def test_clients_learn_how_to_sign_in(client: httpx.AsyncClient, anonymous: httpx.AsyncClient) -> None:
    [way] = (await anonymous.get("/api/authentication")).json()["AuthenticationProviders"]
    own = (await client.get("/api/users/authentication")).json()
    initiated = await anonymous.post("/api/authentication/checklogininitiated", json={"ProviderName": "X"})

    assert (way["IdentityType"], way["FormsLoginEnabled"], way["CSSLinks"]) == ("UsernamePassword", True, [])
    assert own["AuthenticationProviders"] == [way]
    assert own["CanCurrentUserEditIdentitiesForUser"]
    assert initiated.json()["WasLoginInitiated"] is False
    for path in ("users/external-search?partialName=e", "externalsecuritygroupproviders"):
        assert (await client.get(f"/api/{path}")).json() == []
    [known] = (await client.get("/api/users/identity-metadata")).json()["Providers"]
    assert known["IdentityProviderName"] == way["Name"]
