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
