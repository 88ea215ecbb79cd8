"""User roles, teams, and the roles that teams hold."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

SPACE = "/api/Spaces-1"


async def made(client: httpx.AsyncClient, path: str, **body: Any) -> Any:
    answer = await client.post(path, json=body)
    assert answer.status_code == 201, answer.text
    return answer.json()


async def names(client: httpx.AsyncClient, path: str) -> list[str]:
    return [item["Name"] for item in (await client.get(path)).json()["Items"]]


# -- user roles


async def test_the_built_in_roles_are_there_with_what_they_grant(client: httpx.AsyncClient) -> None:
    roles = {role["Id"]: role for role in (await client.get("/api/userroles/all")).json()}

    assert len(roles) == 19
    administrator = roles["userroles-systemadministrator"]
    assert "AdministerSystem" in administrator["GrantedSystemPermissions"]
    assert administrator["GrantedSpacePermissions"] == []
    lead = roles["userroles-projectlead"]
    assert {"ReleaseCreate", "ProcessEdit", "ReleaseView"} <= set(lead["GrantedSpacePermissions"])
    assert "DeploymentCreate" not in lead["GrantedSpacePermissions"]
    assert set(lead["GrantedSystemPermissions"]) == {"TeamView", "UserView", "UserRoleView"}
    assert lead["SupportedRestrictions"] == ["ProjectGroups", "Projects", "Environments", "Tenants"]
    assert not lead["CanBeDeleted"]
    assert lead["SpacePermissionDescriptions"]
    assert "AdministerSystem" not in roles["userroles-systemmanager"]["GrantedSystemPermissions"]


async def test_a_custom_role_is_made_changed_and_deleted(client: httpx.AsyncClient) -> None:
    role = await made(
        client,
        "/api/userroles",
        Name="Watcher",
        Description="Watches.",
        GrantedSpacePermissions=["projectview", "ProjectView", "None", "PackageMetadataPush"],
        GrantedSystemPermissions=["UserView"],
        CanBeDeleted=False,
    )
    role["GrantedSystemPermissions"] = []

    changed = (await client.put(role["Links"]["Self"], json=role)).json()

    assert role["GrantedSpacePermissions"] == ["ProjectView", "BuildInformationPush"]
    assert role["CanBeDeleted"]
    assert (changed["Name"], changed["Description"], changed["GrantedSystemPermissions"]) == ("Watcher", "Watches.", [])
    assert await names(client, "/api/userroles?partialName=watch") == ["Watcher"]
    assert (await client.delete(role["Links"]["Self"])).status_code == 200
    assert (await client.get(role["Links"]["Self"])).status_code == 404


async def test_a_role_with_unknown_permissions_is_refused_with_each_fault(client: httpx.AsyncClient) -> None:
    body = {"Name": "Odd", "GrantedSpacePermissions": ["Fly"], "GrantedSystemPermissions": ["Swim"]}

    answer = await client.post("/api/userroles", json=body)

    assert answer.status_code == 400
    assert answer.json()["Errors"] == [
        "GrantedSpacePermissions: there is no permission 'Fly'; /api/permissions/all lists them.",
        "GrantedSystemPermissions: there is no permission 'Swim'; /api/permissions/all lists them.",
    ]


async def test_built_in_roles_can_be_edited_but_not_deleted(client: httpx.AsyncClient) -> None:
    viewer = (await client.get("/api/userroles/userroles-projectviewer")).json()
    viewer["GrantedSpacePermissions"].append("VariableView")
    administrator = (await client.get("/api/userroles/userroles-systemadministrator")).json()
    administrator["GrantedSystemPermissions"].remove("AdministerSystem")

    changed = await client.put(viewer["Links"]["Self"], json=viewer)
    refused = await client.put(administrator["Links"]["Self"], json=administrator)

    assert "VariableView" in changed.json()["GrantedSpacePermissions"]
    assert (await client.delete(viewer["Links"]["Self"])).status_code == 409
    assert refused.status_code == 400
    assert "cannot be changed" in refused.json()["ErrorMessage"]


async def test_every_permission_is_described(client: httpx.AsyncClient) -> None:
    permissions = (await client.get("/api/permissions/all")).json()

    assert permissions["DeploymentCreate"] == {
        "Description": "Deploy releases to environments",
        "SupportedRestrictions": ["Projects", "Environments", "Tenants"],
        "CanApplyAtSpaceLevel": True,
        "CanApplyAtSystemLevel": False,
    }
    assert permissions["TeamView"]["CanApplyAtSpaceLevel"]
    assert permissions["TeamView"]["CanApplyAtSystemLevel"]
    assert not permissions["UserEdit"]["CanApplyAtSpaceLevel"]
    assert all(one["Description"] for one in permissions.values())


# -- teams


async def test_a_server_has_its_teams_and_each_space_its_managers(client: httpx.AsyncClient) -> None:
    me = (await client.get("/api/users/me")).json()["Id"]
    teams = {team["Id"]: team for team in (await client.get("/api/teams/all")).json()}

    assert set(teams) == {"teams-administrators", "teams-managers", "teams-everyone", "teams-spacemanagers-Spaces-1"}
    assert teams["teams-administrators"]["MemberUserIds"] == [me]
    assert teams["teams-administrators"]["SpaceId"] is None
    assert teams["teams-spacemanagers-Spaces-1"]["MemberUserIds"] == [me]
    assert teams["teams-spacemanagers-Spaces-1"]["SpaceId"] == "Spaces-1"
    assert not any(team["CanBeDeleted"] for team in teams.values())
    [held] = (await client.get("/api/teams/teams-administrators/scopeduserroles")).json()["Items"]
    assert (held["UserRoleId"], held["SpaceId"]) == ("userroles-systemadministrator", None)
    [held] = (await client.get(f"{SPACE}/teams/teams-spacemanagers-Spaces-1/scopeduserroles")).json()["Items"]
    assert (held["UserRoleId"], held["SpaceId"]) == ("userroles-spacemanager", "Spaces-1")


async def test_a_whole_team_comes_back_as_it_was_written(client: httpx.AsyncClient) -> None:
    me = (await client.get("/api/users/me")).json()["Id"]
    groups = [{"Id": "S-1-5-32", "DisplayName": "Devs", "DisplayIdAndName": True}]
    body = {"Name": "Devs", "Description": "d", "MemberUserIds": [me, me], "ExternalSecurityGroups": groups}

    team = await made(client, "/api/teams", **body)

    expected = body | {"MemberUserIds": [me], "SpaceId": None, "Slug": "devs", "CanBeDeleted": True}
    read = (await client.get(team["Links"]["Self"])).json()
    assert expected.items() <= read.items()
    assert (await client.put(team["Links"]["Self"], json=read)).json()["MemberUserIds"] == [me]
    assert (await client.delete(team["Links"]["Self"])).status_code == 200


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("/api/teams?take=100", {"Everywhere", "Here", "There"}),
        ("/api/teams?spaces=Spaces-1", {"Here"}),
        ("/api/teams?spaces=Spaces-1,Spaces-2", {"Here", "There"}),
        ("/api/teams?spaces=Spaces-2&includeSystem=true", {"There", "Everywhere"}),
        ("/api/teams?spaces=all", {"Here", "There"}),
        ("/api/teams?includeSystem=false", {"Here", "There"}),
        ("/api/Spaces-1/teams", {"Here", "Everywhere"}),
        ("/api/spaces/Spaces-2/teams?includeSystem=false", {"There"}),
        ("/api/teams?partialName=THERE", {"There"}),
    ],
)
async def test_teams_are_listed_by_where_they_belong(client: httpx.AsyncClient, query: str, found: set[str]) -> None:
    await client.post("/api/spaces", json={"Name": "Second"})
    await made(client, "/api/teams", Name="Everywhere")
    await made(client, f"{SPACE}/teams", Name="Here")
    await made(client, "/api/teams", Name="There", SpaceId="Spaces-2")

    assert (
        set(await names(client, query))
        - {
            "Everyone",
            "Octopus Administrators",
            "Octopus Managers",
            "Space Managers",
        }
        == found
    )


async def test_a_team_of_another_space_is_not_found_but_one_of_the_server_is(client: httpx.AsyncClient) -> None:
    await client.post("/api/spaces", json={"Name": "Second"})
    there = await made(client, "/api/Spaces-2/teams", Name="There")
    everywhere = await made(client, "/api/teams", Name="Everywhere")

    changed = await client.put(f"{SPACE}/teams/{everywhere['Id']}", json={**everywhere, "Description": "d"})

    assert (await client.get(f"{SPACE}/teams/{there['Id']}")).status_code == 404
    assert (changed.json()["Description"], changed.json()["SpaceId"]) == ("d", None)
    assert (await client.delete(f"{SPACE}/teams/{everywhere['Id']}")).status_code == 200


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        ({"Name": " "}, "needs a name"),
        ({"Name": "Everyone"}, "already taken"),
        ({"Name": "X", "MemberUserIds": ["Users-99"]}, "names the user 'Users-99', which does not exist"),
        ({"Name": "X", "SpaceId": "Spaces-99"}, "names the space 'Spaces-99', which does not exist"),
        ({"Name": "X", "MemberUserIds": 3}, "MemberUserIds"),
    ],
)
async def test_a_team_that_cannot_be_is_refused(client: httpx.AsyncClient, body: Any, fault: str) -> None:
    answer = await client.post("/api/teams", json=body)

    assert answer.status_code == 400
    assert fault in answer.json()["ErrorMessage"]


@pytest.mark.parametrize(
    ("team", "change", "fault"),
    [
        ("teams-everyone", {"MemberUserIds": ["Users-1"]}, "cannot be changed"),
        ("teams-everyone", {"Name": "All"}, "cannot be renamed"),
        ("teams-administrators", {"MemberUserIds": []}, "needs an administrator"),
    ],
)
async def test_what_a_built_in_team_does_not_allow_is_refused(
    client: httpx.AsyncClient, team: str, change: Any, fault: str
) -> None:
    document = (await client.get(f"/api/teams/{team}")).json()

    answer = await client.put(f"/api/teams/{team}", json=document | change)

    assert answer.status_code == 400
    assert fault in answer.json()["ErrorMessage"]
    assert (await client.delete(f"/api/teams/{team}")).status_code == 409


# -- roles of teams


async def test_a_team_is_given_a_role_in_a_space_narrowed_to_what_it_is_about(client: httpx.AsyncClient) -> None:
    place = (await made(client, f"{SPACE}/environments", Name="Test"))["Id"]
    team = await made(client, "/api/teams", Name="Devs")
    body = {
        "TeamId": team["Id"],
        "UserRoleId": "userroles-projectdeployer",
        "SpaceId": "Spaces-1",
        "EnvironmentIds": [place],
        "ProjectGroupIds": ["ProjectGroups-1"],
        "ProjectIds": [],
        "TenantIds": [],
    }

    held = await made(client, "/api/scopeduserroles", **body)

    assert body.items() <= held.items()
    [listed] = (await client.get(f"/api/teams/{team['Id']}/scopeduserroles")).json()["Items"]
    assert listed["Id"] == held["Id"]
    assert (await client.get("/api/Spaces-1/scopeduserroles")).json()["TotalResults"] == 4
    widened = (await client.put(held["Links"]["Self"], json=held | {"EnvironmentIds": []})).json()
    assert widened["EnvironmentIds"] == []
    in_use = await client.delete("/api/userroles/userroles-projectdeployer")
    assert in_use.status_code == 409
    assert (await client.delete(held["Links"]["Self"])).status_code == 200
    assert (await client.get(held["Links"]["Self"])).status_code == 404


async def test_the_roles_of_a_team_go_with_it(client: httpx.AsyncClient) -> None:
    team = await made(client, f"{SPACE}/teams", Name="Devs")
    held = await made(client, "/api/scopeduserroles", TeamId=team["Id"], UserRoleId="userroles-projectviewer")

    assert held["SpaceId"] == "Spaces-1"
    assert (await client.delete(team["Links"]["Self"])).status_code == 200
    assert (await client.get(held["Links"]["Self"])).status_code == 404


async def test_a_role_of_system_permissions_holds_for_the_server(client: httpx.AsyncClient) -> None:
    team = await made(client, "/api/teams", Name="Helpers")

    held = await made(
        client,
        "/api/Spaces-1/scopeduserroles",
        TeamId=team["Id"],
        UserRoleId="userroles-systemmanager",
        SpaceId="Spaces-1",
    )

    assert held["SpaceId"] is None


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        ({"TeamId": "Teams-9", "UserRoleId": "userroles-projectviewer"}, "names the team 'Teams-9'"),
        ({"TeamId": "Teams-1", "UserRoleId": "userroles-no"}, "names the user role 'userroles-no'"),
        ({"TeamId": "Teams-1", "UserRoleId": "userroles-systemmanager"}, "system permissions only"),
        ({"TeamId": "Teams-1", "UserRoleId": "userroles-projectviewer", "SpaceId": "Spaces-2"}, "roles there only"),
        ({"TeamId": "Teams-2", "UserRoleId": "userroles-projectviewer"}, "SpaceId is missing"),
        (
            {"TeamId": "Teams-2", "UserRoleId": "userroles-systemmanager", "ProjectIds": ["Projects-1"]},
            "cannot be narrowed",
        ),
        (
            {"TeamId": "Teams-1", "UserRoleId": "userroles-projectviewer", "ProjectIds": ["Projects-9"]},
            "names the project 'Projects-9', which does not exist",
        ),
        (
            {"TeamId": "Teams-1", "UserRoleId": "userroles-projectviewer", "EnvironmentIds": [""]},
            "EnvironmentIds has a blank where an id should be",
        ),
        (
            {"TeamId": "teams-administrators", "UserRoleId": "userroles-projectviewer", "SpaceId": "Spaces-1"},
            "cannot be changed",
        ),
    ],
)
async def test_a_role_that_cannot_be_held_is_refused(client: httpx.AsyncClient, body: Any, fault: str) -> None:
    await client.post("/api/spaces", json={"Name": "Second"})
    await made(client, f"{SPACE}/teams", Name="Here")
    await made(client, "/api/teams", Name="Everywhere")

    answer = await client.post("/api/scopeduserroles", json=body)

    assert answer.status_code == 400
    assert fault in answer.json()["ErrorMessage"]
