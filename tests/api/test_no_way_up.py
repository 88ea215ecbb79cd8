"""Lesser rights are no way to become an administrator: not by teams, roles, grants, or what speaks for an account."""

from __future__ import annotations

from typing import Any

import httpx
from tests.api.people import also, person

from polpo.rest.permissions import Permission
from polpo.server.application import Server

ADMINISTRATORS = "/api/teams/teams-administrators"
ROLE = "userroles-systemadministrator"


async def made(client: httpx.AsyncClient, path: str, **body: Any) -> Any:
    answer = await client.post(path, json=body)
    assert answer.status_code == 201, answer.text
    return answer.json()


async def test_a_manager_of_the_system_cannot_make_an_administrator(server: Server, client: httpx.AsyncClient) -> None:
    manager = await person(server, "eva", "userroles-systemmanager", Permission.USER_ROLE_EDIT, space_id=None)
    me = (await client.get("/api/users/me", headers=manager)).json()["Id"]
    administrators = (await client.get(ADMINISTRATORS)).json()
    own_team = await made(client, "/api/teams", Name="Devs", MemberUserIds=[me])
    other = await made(client, "/api/teams", Name="Admins", MemberUserIds=["Users-1"])
    grant = await made(client, "/api/scopeduserroles", TeamId=other["Id"], UserRoleId=ROLE)
    role = await made(client, "/api/userroles", Name="Harmless", GrantedSystemPermissions=["UserView"])
    robot = await made(client, "/api/users", Username="robot", IsService=True)
    await also(server, robot["Id"], "robots", ROLE, space_id=None)
    identities = f"/api/serviceaccounts/{robot['Id']}/oidcidentities"
    joined = administrators | {"MemberUserIds": ["Users-1", me]}
    by_group = administrators | {"ExternalSecurityGroups": [{"Id": "staff", "DisplayName": "Staff"}]}

    ways: tuple[tuple[str, str, Any], ...] = (
        ("PUT", ADMINISTRATORS, joined),
        ("PUT", ADMINISTRATORS, by_group),
        ("PUT", other["Links"]["Self"], other | {"MemberUserIds": [me]}),
        ("DELETE", other["Links"]["Self"], None),
        ("POST", "/api/scopeduserroles", {"TeamId": own_team["Id"], "UserRoleId": ROLE}),
        ("PUT", grant["Links"]["Self"], grant | {"TeamId": own_team["Id"]}),
        ("DELETE", grant["Links"]["Self"], None),
        ("PUT", role["Links"]["Self"], role | {"GrantedSystemPermissions": ["UserView", "AdministerSystem"]}),
        ("POST", "/api/userroles", {"Name": "Up", "GrantedSystemPermissions": ["AdministerSystem"]}),
        ("POST", f"{identities}/create/v1", {"Name": "Mine", "Issuer": "https://mine.example", "Subject": "*"}),
        ("POST", f"/api/users/{robot['Id']}/apikeys", {"Purpose": "p"}),
    )
    for method, path, body in ways:
        refused = await client.request(method, path, json=body, headers=manager)
        assert refused.status_code == 403, (method, path)
        assert refused.json()["Details"]["MissingPermission"] == "AdministerSystem", (method, path)


async def test_a_manager_of_the_system_still_manages_teams_and_roles(server: Server, client: httpx.AsyncClient) -> None:
    manager = await person(server, "eva", "userroles-systemmanager", Permission.USER_ROLE_EDIT, space_id=None)
    team = await made(client, "/api/teams", Name="Devs")
    role = await made(client, "/api/userroles", Name="Readers", GrantedSystemPermissions=["UserView"])
    administrators = (await client.get(ADMINISTRATORS)).json()

    for method, path, body in (
        ("PUT", team["Links"]["Self"], team | {"MemberUserIds": ["Users-1"]}),
        ("PUT", ADMINISTRATORS, administrators | {"Description": "Those who may."}),
        ("PUT", role["Links"]["Self"], role | {"GrantedSystemPermissions": ["UserView", "UserRoleView"]}),
        ("POST", "/api/scopeduserroles", {"TeamId": team["Id"], "UserRoleId": role["Id"]}),
    ):
        done = await client.request(method, path, json=body, headers=manager)
        assert done.status_code in {200, 201}, (path, done.text)


async def test_power_over_the_server_is_given_by_those_only_who_have_it(
    server: Server, client: httpx.AsyncClient
) -> None:
    permissions = ("TeamEdit", "TeamCreate", "UserEdit", "UserRoleEdit", "UserInvite")
    editor = await person(server, "eva", *permissions, space_id=None)
    me = (await client.get("/api/users/me", headers=editor)).json()["Id"]
    managers = (await client.get("/api/teams/teams-managers")).json()
    boss = await made(client, "/api/users", Username="boss", Password="a passable pass phrase")
    await client.put("/api/teams/teams-managers", json=managers | {"MemberUserIds": [boss["Id"]]})
    managers = (await client.get("/api/teams/teams-managers")).json()
    team = await made(client, "/api/teams", Name="Devs", MemberUserIds=[me])
    [own] = (await client.get("/api/userroles?partialName=Role of eva")).json()["Items"]
    with_more = own | {"GrantedSystemPermissions": [*own["GrantedSystemPermissions"], "ConfigureServer"]}

    ways: tuple[tuple[str, str, Any], ...] = (
        ("PUT", "/api/teams/teams-managers", managers | {"MemberUserIds": [boss["Id"], me]}),
        ("POST", "/api/scopeduserroles", {"TeamId": team["Id"], "UserRoleId": "userroles-systemmanager"}),
        ("PUT", own["Links"]["Self"], with_more),
        ("POST", "/api/userroles", {"Name": "Up", "GrantedSystemPermissions": ["ConfigureServer"]}),
        ("POST", "/api/users/invitations", {"AddToTeamIds": ["teams-managers"]}),
        ("PUT", boss["Links"]["Self"], boss | {"Password": "another passable phrase"}),
        ("POST", f"/api/users/{boss['Id']}/apikeys", {"Purpose": "p"}),
        ("DELETE", boss["Links"]["Self"], None),
    )
    for method, path, body in ways:
        refused = await client.request(method, path, json=body, headers=editor)
        assert refused.status_code == 403, (method, path, refused.text)
        assert refused.json()["Details"]["MissingPermission"] in {"ConfigureServer", "TeamDelete"}, (method, path)


async def test_who_manages_a_space_gives_what_the_space_has_and_nothing_of_the_server(
    server: Server, client: httpx.AsyncClient
) -> None:
    assert (await client.post("/api/spaces", json={"Name": "Second"})).status_code == 201
    manager = await person(server, "eva", "userroles-spacemanager")
    everywhere = await made(client, "/api/teams", Name="Everywhere")
    here = await made(client, "/api/Spaces-1/teams", Name="Here", SpaceId="Spaces-1")
    held = await made(client, "/api/scopeduserroles", TeamId=everywhere["Id"], UserRoleId="userroles-systemmanager")
    mixed = {"GrantedSpacePermissions": ["FeedView"], "GrantedSystemPermissions": ["ConfigureServer"]}
    powerful = (await made(client, "/api/userroles", Name="Both", **mixed))["Id"]
    viewer = {"UserRoleId": "userroles-projectviewer", "SpaceId": "Spaces-1"}

    ways: tuple[tuple[str, str, Any, int], ...] = (
        ("POST", "/api/scopeduserroles", {"TeamId": here["Id"], **viewer}, 201),
        ("PUT", here["Links"]["Self"], here | {"MemberUserIds": ["Users-1"]}, 200),
        ("POST", "/api/scopeduserroles", {"TeamId": here["Id"], "UserRoleId": powerful, "SpaceId": "Spaces-1"}, 403),
        ("POST", "/api/scopeduserroles", {"TeamId": everywhere["Id"], **viewer}, 403),
        ("POST", "/api/scopeduserroles", {"TeamId": everywhere["Id"], **viewer, "SpaceId": "Spaces-2"}, 403),
        ("PUT", everywhere["Links"]["Self"], everywhere | {"MemberUserIds": ["Users-1"]}, 403),
        ("DELETE", everywhere["Links"]["Self"], None, 403),
        ("DELETE", held["Links"]["Self"], None, 403),
        ("POST", "/api/teams", {"Name": "New"}, 403),
        ("POST", "/api/teams", {"Name": "There", "SpaceId": "Spaces-2"}, 403),
        ("POST", "/api/userroles", {"Name": "Mine"}, 403),
    )
    for method, path, body, expected in ways:
        answer = await client.request(method, path, json=body, headers=manager)
        assert answer.status_code == expected, (method, path, body, answer.text)


async def test_a_refusal_names_only_what_the_caller_may_see(server: Server, client: httpx.AsyncClient) -> None:
    shared = {"ProjectGroupId": "ProjectGroups-1", "LifecycleId": "Lifecycles-1"}
    for name in ("Secret plan", "Web Shop", "Other"):
        await made(client, "/api/Spaces-1/projects", Name=name, **shared)
    path = "/api/Spaces-1/projects"
    eva = await person(server, "eva", Permission.PROJECT_VIEW, project_ids=["Projects-2"])
    me = (await client.get("/api/users/me", headers=eva)).json()["Id"]
    await also(server, me, "eva too", Permission.PROJECT_EDIT, project_ids=["Projects-3"])

    hidden = await client.get(f"{path}/Projects-1", headers=eva)
    seen = await client.put(f"{path}/Projects-2", json=(await client.get(f"{path}/Projects-2")).json(), headers=eva)

    assert "Projects-1" in hidden.text
    assert "Secret plan" not in hidden.text
    assert "project 'Web Shop' (Projects-2)" in seen.json()["ErrorMessage"]
