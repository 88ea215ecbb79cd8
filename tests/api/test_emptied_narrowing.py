"""What a role is narrowed to can go: then the role reaches less, never everything."""

from __future__ import annotations

from typing import Any

import httpx
from tests.api.conftest import SPACE, create
from tests.api.people import person
from tests.api.scopes import world

from polpo.server.application import Server

#: What is made, the permission that is narrowed to it alone, and by which list.
NARROWED = [
    ("projects", "ProjectView", "project_ids", {"ProjectGroupId": "ProjectGroups-1", "LifecycleId": "Lifecycles-1"}),
    ("environments", "EnvironmentView", "environment_ids", {}),
    ("tenants", "TenantView", "tenant_ids", {}),
    ("projectgroups", "ProjectGroupView", "project_group_ids", {}),
]


async def test_what_a_role_is_narrowed_to_stays_as_long_as_the_role(client: httpx.AsyncClient, server: Server) -> None:
    await world(client)
    for path, permission, kind, more in NARROWED:
        made = await create(client, path, Name="Last", **more)
        who = await person(server, path, permission, **{kind: [made["Id"]]})
        answer = await client.delete(f"{SPACE}/{path}/{made['Id']}")
        assert answer.status_code == 409, path
        assert "in use by the scoped user role" in answer.json()["ErrorMessage"]
        seen = (await client.get(f"{SPACE}/{path}", headers=who)).json()
        assert [item["Id"] for item in seen["Items"]] == [made["Id"]], path
        held = (await client.get("/api/scopeduserroles/all")).json()[-1]
        assert (await client.delete(f"/api/scopeduserroles/{held['Id']}")).status_code == 200
        assert (await client.delete(f"{SPACE}/{path}/{made['Id']}")).status_code == 200, path
        assert (await client.get(f"{SPACE}/{path}", headers=who)).status_code == 403, path


async def test_a_group_without_projects_gives_no_project(client: httpx.AsyncClient, server: Server) -> None:
    await world(client)
    group = (await create(client, "projectgroups", Name="Live"))["Id"]
    rights = ("ProjectView", "ProjectEdit", "ReleaseView", "TaskView", "DeploymentView", "VariableView")
    bob = await person(server, "bob", *rights, project_group_ids=[group])
    project = (await client.get(f"{SPACE}/projects/Projects-1")).json()

    async def move(place: str) -> None:
        answer = await client.put(f"{SPACE}/projects/Projects-1", json={**project, "ProjectGroupId": place})
        assert answer.status_code == 200, answer.text

    for place, seen in (("ProjectGroups-1", []), (group, ["Projects-1"]), ("ProjectGroups-1", [])):
        await move(place)
        listed = (await client.get(f"{SPACE}/projects", headers=bob)).json()
        assert [item["Id"] for item in listed["Items"]] == seen
        assert [item["Id"] for item in (await client.get(f"{SPACE}/projects/all", headers=bob)).json()] == seen
        sets = (await client.get(f"{SPACE}/variables", headers=bob)).json()
        assert sets["TotalResults"] == len(seen)
        for path in ("releases", "deployments"):
            assert (await client.get(f"{SPACE}/{path}", headers=bob)).json()["TotalResults"] == 0, path
        answer = await client.put(f"{SPACE}/projects/Projects-2", json={**project, "Name": "Mine"}, headers=bob)
        assert answer.status_code == 403


async def test_a_project_that_comes_into_a_group_is_reached_at_once_and_one_that_leaves_is_not(
    client: httpx.AsyncClient, server: Server, project: Any
) -> None:
    other = await create(client, "projectgroups", Name="Other")
    eva = await person(server, "eva", "ProjectView", project_group_ids=[other["Id"]])
    path = f"{SPACE}/projects/{project['Id']}"

    before = (await client.get(path, headers=eva)).status_code
    await client.put(path, json={**project, "ProjectGroupId": other["Id"]})
    inside = (await client.get(path, headers=eva)).status_code
    listed = [one["Id"] for one in (await client.get(f"{SPACE}/projects/all", headers=eva)).json()]
    await client.put(path, json=project)

    assert (before, inside, listed) == (403, 200, [project["Id"]])
    assert (await client.get(path, headers=eva)).status_code == 403
