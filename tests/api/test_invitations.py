"""Invitations: who may invite into which teams, what is seen of them, and what registering tells."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import httpx
from tests.api.people import Headers, person
from tests.api.test_brute_force import Later
from tests.api.test_signing_in import GOOD

from polpo.features.invitations.resource import INVITATIONS
from polpo.rest.permissions import Permission
from polpo.server.application import Server

PATH = "/api/users/invitations"


async def invite(caller: httpx.AsyncClient, *teams: str, headers: Headers | None = None) -> httpx.Response:
    return await caller.post(PATH, json={"AddToTeamIds": teams}, headers=headers)


async def team(client: httpx.AsyncClient, path: str = "/api/teams") -> str:
    made = await client.post(path, json={"Name": "Devs"})
    assert made.status_code == 201, made.text
    return str(made.json()["Id"])


def registration(code: str, **more: Any) -> dict[str, Any]:
    return {"InvitationCode": code, "Username": "eva", "Password": GOOD, **more}


async def test_who_invites_sees_what_is_open_and_withdraws_it(
    client: httpx.AsyncClient, anonymous: httpx.AsyncClient
) -> None:
    first, second = [(await invite(client)).json() for _ in range(2)]

    listed = (await client.get(PATH)).json()
    assert [one["Id"] for one in listed["Items"]] == [second["Id"], first["Id"]]
    assert {one["InvitationCode"] for one in listed["Items"]} == {one["Digest"] for one in listed["Items"]} == {""}
    assert (await client.delete(first["Links"]["Self"])).status_code == 200

    assert (await client.get(first["Links"]["Self"])).status_code == 404
    refused = await anonymous.post("/api/users/register", json=registration(first["InvitationCode"]))
    assert refused.status_code == 400
    taken = await anonymous.post("/api/users/register", json=registration(second["InvitationCode"]))
    assert taken.status_code == 201
    assert (await client.get(PATH)).json()["Items"] == []


async def test_what_has_expired_is_not_listed_and_forgotten(server: Server, client: httpx.AsyncClient) -> None:
    old = (await invite(client)).json()
    server.database.clock = Later(timedelta(hours=49))

    assert (await client.get(PATH)).json()["TotalResults"] == 0
    new = (await invite(client)).json()

    with server.database.read() as session:
        assert [one.id for one in session.all(INVITATIONS)] == [new["Id"]] != [old["Id"]]


async def test_one_invites_into_teams_whose_members_one_may_choose(server: Server, client: httpx.AsyncClient) -> None:
    inviting = (Permission.USER_INVITE,)
    editing = (*inviting, Permission.TEAM_EDIT)
    people = {
        "nobody": await person(server, "nobody"),
        "inviter": await person(server, "adam", *inviting, space_id=None),
        "editor": await person(server, "ed", *editing, space_id=None),
    }
    devs = await team(client)
    for who, into, missing in (
        ("nobody", [], "UserInvite"),
        ("inviter", [], None),
        ("inviter", [devs], "TeamEdit"),
        ("editor", [devs], None),
        ("editor", ["teams-spacemanagers-Spaces-1"], "TeamEdit"),
        ("editor", ["teams-administrators"], "AdministerSystem"),
    ):
        answer = await invite(client, *into, headers=people[who])
        assert answer.status_code == (403 if missing else 201), (who, into)
        if missing:
            assert answer.json()["Details"]["MissingPermission"] == missing


async def test_registering_holds_to_the_rules_and_does_not_use_the_code_up(
    client: httpx.AsyncClient, anonymous: httpx.AsyncClient
) -> None:
    code = (await invite(client)).json()["InvitationCode"]

    for more, fault in (
        ({"Password": "short"}, "use at least 8"),
        ({"Password": "Password1!"}, "guessed first"),
        ({"Username": "eva.maria", "Password": "eva-maria1"}, "it is the user name"),
        ({"EmailAddress": "eva_example@example.com", "Password": "eva-example"}, "it is the e-mail address"),
        ({"Username": "ADMIN"}, "already taken"),
    ):
        refused = await anonymous.post("/api/users/register", json=registration(code, **more))
        assert refused.status_code == 400
        assert fault in refused.text
    assert (await anonymous.post("/api/users/register", json=registration(code))).status_code == 201


async def test_registering_is_told_of_the_new_user_and_tells_no_code(
    client: httpx.AsyncClient, anonymous: httpx.AsyncClient
) -> None:
    made = (await invite(client, await team(client))).json()
    user = (await anonymous.post("/api/users/register", json=registration(made["InvitationCode"]))).json()

    events = (await client.get("/api/events", params={"regarding": user["Id"]})).json()["Items"]
    assert {event["Message"] for event in events} == {"User eva was created", "Team Devs was changed"}
    assert {(event["Username"], event["IdentityEstablishedWith"]) for event in events} == {("eva", "invitation")}
    everything = (await client.get("/api/events", params={"take": 100})).text
    assert made["InvitationCode"] not in everything
    assert GOOD not in everything
