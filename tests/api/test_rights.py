"""What a user may do, added up from teams and roles."""

from __future__ import annotations

import csv
from typing import Any

import httpx
import pytest

SPACE = "/api/Spaces-1"
EVERYTHING = {
    "RestrictedToProjectIds": [],
    "RestrictedToProjectGroupIds": [],
    "RestrictedToEnvironmentIds": [],
    "RestrictedToTenantIds": [],
}


async def made(client: httpx.AsyncClient, path: str, **body: Any) -> Any:
    answer = await client.post(path, json=body)
    assert answer.status_code == 201, answer.text
    return answer.json()


@pytest.fixture
async def eva(client: httpx.AsyncClient) -> Any:
    """A user in a team of the server, which views projects in one space and deploys to one place in another."""
    await client.post("/api/spaces", json={"Name": "Second"})
    place = await made(client, f"{SPACE}/environments", Name="Test")
    user = await made(client, "/api/users", Username="eva", Password="a good password")
    team = await made(client, "/api/teams", Name="Devs", MemberUserIds=[user["Id"]])
    await made(
        client,
        "/api/scopeduserroles",
        TeamId=team["Id"],
        UserRoleId="userroles-projectdeployer",
        SpaceId="Spaces-1",
        EnvironmentIds=[place["Id"]],
        ProjectGroupIds=["ProjectGroups-1"],
    )
    await made(
        client, "/api/scopeduserroles", TeamId=team["Id"], UserRoleId="userroles-projectviewer", SpaceId="Spaces-2"
    )
    return user


async def test_a_grant_is_narrowed_by_what_its_permission_knows(client: httpx.AsyncClient, eva: Any) -> None:
    rights = (await client.get(eva["Links"]["Permissions"].partition("{")[0])).json()

    space = rights["SpacePermissions"]
    assert space["DeploymentCreate"] == [
        EVERYTHING
        | {
            "SpaceId": "Spaces-1",
            "RestrictedToEnvironmentIds": ["Environments-1"],
            "RestrictedToProjectGroupIds": ["ProjectGroups-1"],
        }
    ]
    assert space["ProcessEdit"] == [
        EVERYTHING | {"SpaceId": "Spaces-1", "RestrictedToProjectGroupIds": ["ProjectGroups-1"]}
    ]
    assert space["FeedView"] == [EVERYTHING | {"SpaceId": "Spaces-1"}]
    assert [one["SpaceId"] for one in space["ProjectView"]] == ["Spaces-1", "Spaces-2"]
    assert rights["SystemPermissions"] == ["TeamView", "UserView", "UserRoleView"]
    assert {team["Name"] for team in rights["Teams"]} == {"Devs", "Everyone"}
    assert rights["IsPermissionsComplete"]
    assert rights["IsTeamsComplete"]


@pytest.mark.parametrize(
    ("query", "spaces", "has_system"),
    [
        ("/api/users/{}/permissions/configuration", {"Spaces-1", "Spaces-2"}, True),
        ("/api/users/{}/permissions?spaces=Spaces-2", {"Spaces-2"}, False),
        ("/api/users/{}/permissions?spaces=Spaces-2&includeSystem=true", {"Spaces-2"}, True),
        ("/api/users/{}/permissions?spaces=all&includeSystem=false", {"Spaces-1", "Spaces-2"}, False),
        ("/api/Spaces-1/users/{}/permissions", {"Spaces-1"}, True),
        ("/api/Spaces-1/users/{}/permissions/configuration?includeSystem=false", {"Spaces-1"}, False),
    ],
)
async def test_a_part_of_the_rights_is_asked_for(
    client: httpx.AsyncClient, eva: Any, query: str, spaces: set[str], has_system: bool
) -> None:
    rights = (await client.get(query.format(eva["Id"]))).json()

    assert {one["SpaceId"] for one in rights["SpacePermissions"]["ProjectView"]} == spaces
    assert bool(rights["SystemPermissions"]) is has_system


async def test_the_first_administrator_may_do_everything(client: httpx.AsyncClient) -> None:
    rights = (await client.get("/api/users/Users-1/permissions")).json()

    assert "AdministerSystem" in rights["SystemPermissions"]
    assert rights["SpacePermissions"]["DeploymentCreate"] == [EVERYTHING | {"SpaceId": "Spaces-1"}]


async def test_rights_are_exported_as_a_table(client: httpx.AsyncClient, eva: Any) -> None:
    answer = await client.get(f"/api/users/{eva['Id']}/permissions/export")

    rows = list(csv.reader(answer.text.splitlines()))
    assert answer.headers["content-type"].startswith("text/csv")
    assert rows[0] == ["Permission", "Level", "Space", "Projects", "Project groups", "Environments", "Tenants"]
    assert ["DeploymentCreate", "Space", "Spaces-1", "all", "ProjectGroups-1", "Environments-1", "all"] in rows
    assert ["UserView", "System", "", "", "", "", ""] in rows


async def test_who_leaves_a_team_loses_its_rights(client: httpx.AsyncClient, eva: Any) -> None:
    [team] = (await client.get("/api/teams?partialName=devs")).json()["Items"]
    await client.put(team["Links"]["Self"], json=team | {"MemberUserIds": []})

    rights = (await client.get(f"/api/users/{eva['Id']}/permissions")).json()

    assert (rights["SpacePermissions"], rights["SystemPermissions"]) == ({}, [])


async def test_memberships_are_listed_and_foreseen(client: httpx.AsyncClient, eva: Any) -> None:
    here = await made(client, f"{SPACE}/teams", Name="Here", MemberUserIds=[eva["Id"]])

    everywhere = (await client.get(f"/api/users/{eva['Id']}/teams")).json()
    in_space = (await client.get(f"/api/Spaces-1/users/{eva['Id']}/teams?includeSystem=false")).json()
    mine = (await client.get("/api/teammembership")).json()
    foreseen = await client.post("/api/teammembership/previewteam", json=here | {"MemberUserIds": ["Users-1", "no"]})

    assert {team["Name"] for team in everywhere} == {"Devs", "Everyone", "Here"}
    assert [team["Id"] for team in in_space] == [here["Id"]]
    assert {one["TeamId"] for one in mine} >= {"teams-administrators", "teams-everyone"}
    assert [one["UserId"] for one in foreseen.json()] == ["Users-1"]


@pytest.mark.parametrize("path", ["permissions", "permissions/export", "teams"])
async def test_an_unknown_user_has_no_rights(client: httpx.AsyncClient, path: str) -> None:
    assert (await client.get(f"/api/users/Users-99/{path}")).status_code == 404
