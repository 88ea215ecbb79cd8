"""What a user may do, added up from teams and roles."""

from __future__ import annotations

import csv
from typing import Any

import httpx
import pytest
from tests.api.people import also, person

from polpo.rest.permissions import Permission
from polpo.server.application import Server

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


async def test_effective_permissions_tell_how_far_they_reach_and_by_which_role(
    client: httpx.AsyncClient, eva: Any
) -> None:
    told = (await client.get(f"/api/users/{eva['Id']}/permissions/effective")).json()

    found = {(one["Permission"], one["SpaceId"]): one for one in told["Permissions"]}
    deploys = found["DeploymentCreate", "Spaces-1"]
    assert deploys["IsUnrestricted"] is False
    [grant] = deploys["Grants"]
    assert (grant["TeamName"], grant["UserRoleName"]) == ("Devs", "Project Deployer")
    assert grant["RestrictedTo"]["Environments"] == [{"Id": "Environments-1", "Name": "Test"}]
    assert found["FeedView", "Spaces-1"]["IsUnrestricted"] is True
    assert found["UserView", None]["IsUnrestricted"] is True
    assert told["IsComplete"] is True


@pytest.mark.parametrize(
    ("query", "allowed", "sentence"),
    [
        ("permission=UserView", True, "the role 'Project Deployer' of the team 'Devs'"),
        ("permission=FeedView&space=Spaces-1", True, "gives FeedView in the space 'Default'"),
        ("permission=feedview&space=Spaces-2", False, "no team of the user gives FeedView in the space 'Second'"),
        (
            "permission=DeploymentCreate&space=Spaces-1&environment=Environments-9",
            False,
            "for the environments 'Test' (Environments-1) only, not for Environments-9",
        ),
        ("permission=DeploymentCreate&space=Spaces-1", False, "only, and no environment is named"),
    ],
)
async def test_it_is_explained_why(
    client: httpx.AsyncClient, eva: Any, query: str, allowed: bool, sentence: str
) -> None:
    told = (await client.get(f"/api/users/{eva['Id']}/permissions/explain?{query}")).json()

    assert told["IsAllowed"] is allowed
    assert sentence in told["Sentence"]
    assert "Space Manager" in told["UserRoleNames"]


async def test_an_explanation_names_the_teams_that_could(client: httpx.AsyncClient, eva: Any) -> None:
    path = f"/api/users/{eva['Id']}/permissions/explain"
    told = (await client.get(f"{path}?permission=FeedEdit&space=Spaces-1")).json()
    unknown = await client.get(f"{path}?permission=Nonsense")

    assert told["TeamNames"] == ["Space Managers"]
    assert unknown.json()["Errors"] == [
        "permission: there is no permission 'Nonsense'; /api/permissions/all lists them."
    ]


async def test_a_reader_learns_nothing_of_spaces_that_are_not_theirs(
    client: httpx.AsyncClient, server: Server, eva: Any
) -> None:
    reader = await person(server, "ann", Permission.USER_VIEW, Permission.FEED_VIEW, space_id="Spaces-1")
    rights = (await client.get(f"/api/users/{eva['Id']}/permissions", headers=reader)).json()
    told = (await client.get(f"/api/users/{eva['Id']}/permissions/effective", headers=reader)).json()

    assert {one["SpaceId"] for found in rights["SpacePermissions"].values() for one in found} == {"Spaces-1"}
    assert rights["IsPermissionsComplete"] is False
    assert {one["SpaceId"] for one in told["Permissions"]} == {None, "Spaces-1"}
    assert told["IsComplete"] is False
    assert "'Test'" not in str(told)
    refused = f"/api/users/{eva['Id']}/permissions/explain?permission=FeedView&space=Spaces-2"
    assert (await client.get(refused, headers=reader)).status_code == 403


async def test_teams_of_a_space_are_told_to_those_who_see_the_space(
    server: Server, client: httpx.AsyncClient, eva: Any
) -> None:
    await made(client, "/api/Spaces-2/teams", Name="Secret", MemberUserIds=[eva["Id"]])
    for name, space_id, told in (("ann", "Spaces-1", False), ("bob", "Spaces-2", True)):
        who = await person(server, name, "ProjectView", space_id=space_id)
        users = (await client.get(f"/api/users?filter={name}")).json()["Items"]
        await also(server, users[0]["Id"], f"{name} at the server", "UserView", space_id=None)
        teams = (await client.get(f"/api/users/{eva['Id']}/teams", headers=who)).json()
        memberships = (await client.get(f"/api/teammembership?userId={eva['Id']}", headers=who)).json()
        assert ("Secret" in {team["Name"] for team in teams}) is told, name
        assert ("Secret" in {one["TeamName"] for one in memberships}) is told, name
