"""What `octopus login` asks, for people and programs with no more rights than they need."""

from __future__ import annotations

import httpx
import pytest
from tests.api.people import also, person
from tests.api.test_api_keys import robot

from polpo.server.application import Server

AGENT = {"User-Agent": "go-octopusdeploy/2.80.0 (linux; amd64) go/1.24 octopus-cli"}


@pytest.mark.parametrize("by", ["key", "token", "guest"])
async def test_the_command_line_logs_in_with_the_rights_of_a_viewer(
    server: Server, client: httpx.AsyncClient, anonymous: httpx.AsyncClient, by: str
) -> None:
    account = await robot(client)
    if by == "guest":
        await client.put("/api/configuration/authentication-guest/values", json={"IsEnabled": True})
        account = "users-guest"
    await also(server, account, "viewers", "userroles-projectviewer")
    credentials = {"X-Octopus-ApiKey": "API-GUEST"}
    if by != "guest":
        key = (await client.post(f"/api/users/{account}/apikeys", json={"Purpose": "p"})).json()["ApiKey"]
        credentials = {"X-Octopus-ApiKey": key}
    if by == "token":
        made = await anonymous.post(f"/api/users/{account}/access-token", headers=credentials)
        credentials = {"Authorization": f"Bearer {made.json()['AccessToken']}"}

    root = await anonymous.get("/api/", headers=AGENT | credentials)
    spaces = await anonymous.get(root.json()["Links"]["Spaces"].partition("{")[0], headers=AGENT | credentials)
    me = await anonymous.get(root.json()["Links"]["CurrentUser"], headers=AGENT | credentials)

    assert [one.status_code for one in (root, spaces, me)] == [200] * 3
    assert [(one["Id"], one["IsDefault"]) for one in spaces.json()["Items"]] == [("Spaces-1", True)]
    assert me.json()["Id"] == account


@pytest.mark.parametrize("key", ["API-WRONG", "API-", "Bearer"])
async def test_a_wrong_key_is_told_to_be_one(anonymous: httpx.AsyncClient, key: str) -> None:
    refused = await anonymous.get("/api/users/me", headers=AGENT | {"X-Octopus-ApiKey": key})

    assert refused.status_code == 401
    assert refused.json()["ErrorMessage"].startswith("The API key you provided was not valid.")


async def test_people_see_the_spaces_in_which_they_have_a_right(
    server: Server, client: httpx.AsyncClient, anonymous: httpx.AsyncClient
) -> None:
    other = (await client.post("/api/spaces", json={"Name": "Away"})).json()["Id"]
    viewer = await person(server, "eva", "userroles-projectviewer")
    nobody = await person(server, "adam")
    seer = await person(server, "sue", "SpaceView", space_id=None)
    all_ids = ["Spaces-1", other]

    for headers, seen in ((viewer, ["Spaces-1"]), (nobody, []), (seer, all_ids)):
        me = (await anonymous.get("/api/users/me", headers=headers)).json()["Id"]
        listed = (await anonymous.get("/api/spaces", headers=headers)).json()
        every = (await anonymous.get("/api/spaces/all", headers=headers)).json()
        own = (await anonymous.get(f"/api/users/{me}/spaces", headers=headers)).json()
        for found in (listed["Items"], every, own):
            assert sorted(one["Id"] for one in found) == sorted(seen)
        assert listed["TotalResults"] == len(seen)
        for space in all_ids:
            answer = await anonymous.get(f"/api/spaces/{space}", headers=headers)
            assert answer.status_code == (200 if space in seen else 403)
    assert (await anonymous.get("/api/users/Users-1/spaces", headers=nobody)).status_code == 403
