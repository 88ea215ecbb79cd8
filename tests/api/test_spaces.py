"""Spaces: who manages them, what is found in them, and how they end."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from tests.api.people import person

from polpo.engine.queue import claim, end, enqueue
from polpo.engine.tasks import NewTask, TaskState
from polpo.rest.permissions import Permission
from polpo.server.application import Server

MANAGERS = "teams-spacemanagers-Spaces-2"
PNG = b"\x89PNG\r\n\x1a\n rest of a picture"


async def made(client: httpx.AsyncClient, path: str, **body: Any) -> Any:
    answer = await client.post(path, json=body)
    assert answer.status_code == 201, answer.text
    return answer.json()


@pytest.fixture
async def second(client: httpx.AsyncClient) -> Any:
    return await made(client, "/api/spaces", Name="Second")


async def test_a_whole_space_comes_back_as_it_was_written(client: httpx.AsyncClient) -> None:
    eva = await made(client, "/api/users", Username="eva", Password="a good password")
    team = await made(client, "/api/teams", Name="Leads")
    body = {
        "Name": "Finance",
        "Slug": "money",
        "Description": "d",
        "Icon": {"Id": "star", "Color": "#ff0000"},
        "SpaceManagersTeamMembers": [eva["Id"]],
        "TaskQueueStopped": True,
        "IsDefault": True,
    }

    space = await made(client, "/api/spaces", **body, SpaceManagersTeams=[team["Id"]])

    read = (await client.get(space["Links"]["Self"])).json()
    assert (body | {"IsDefault": False}).items() <= read.items()
    assert read["SpaceManagersTeams"] == [MANAGERS, team["Id"]]
    assert (await client.get("/api/spaces/money")).json()["Id"] == "Spaces-2"
    again = (await client.put(space["Links"]["Self"], json=read)).json()
    assert again["SpaceManagersTeams"] == [MANAGERS, team["Id"]]
    [listed] = (await client.get("/api/spaces?partialName=fin")).json()["Items"]
    assert listed["SpaceManagersTeamMembers"] == [eva["Id"]]
    everything = (await client.get("/api/spaces/all")).json()
    assert [one["SpaceManagersTeamMembers"] for one in everything] == [["Users-1"], [eva["Id"]]]
    assert (await client.get("/api/users/Users-1/spaces")).json() == everything


async def test_who_makes_a_space_manages_it_when_nobody_else_does(second: Any) -> None:
    assert second["SpaceManagersTeamMembers"] == ["Users-1"]
    assert second["SpaceManagersTeams"] == [MANAGERS]


async def test_managers_are_the_members_of_the_team_whichever_way_they_are_written(
    client: httpx.AsyncClient, second: Any
) -> None:
    eva = await made(client, "/api/users", Username="eva", Password="a good password")
    leads = await made(client, "/api/teams", Name="Leads")
    changed = second | {"SpaceManagersTeamMembers": ["Users-1", eva["Id"]], "SpaceManagersTeams": [leads["Id"]]}

    await client.put(second["Links"]["Self"], json=changed)

    team = (await client.get(f"/api/teams/{MANAGERS}")).json()
    assert team["MemberUserIds"] == ["Users-1", eva["Id"]]
    rights = (await client.get(f"/api/users/{eva['Id']}/permissions?spaces=Spaces-2")).json()
    assert rights["SpacePermissions"]["ProjectDelete"][0]["SpaceId"] == "Spaces-2"
    [held] = (await client.get(f"/api/teams/{leads['Id']}/scopeduserroles")).json()["Items"]
    assert (held["UserRoleId"], held["SpaceId"]) == ("userroles-spacemanager", "Spaces-2")
    await client.put(f"/api/teams/{MANAGERS}", json=team | {"MemberUserIds": ["Users-1"]})
    await client.delete(held["Links"]["Self"])
    read = (await client.get(second["Links"]["Self"])).json()
    assert (read["SpaceManagersTeamMembers"], read["SpaceManagersTeams"]) == (["Users-1"], [MANAGERS])


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        ({"Name": "default"}, "already taken"),
        ({"Name": ""}, "needs a name"),
        ({"Name": "X", "SpaceManagersTeamMembers": ["Users-9"]}, "SpaceManagersTeamMembers names the user 'Users-9'"),
        ({"Name": "X", "SpaceManagersTeams": ["Teams-9"]}, "SpaceManagersTeams names the team 'Teams-9'"),
        ({"Name": "X", "TaskQueueStopped": "maybe"}, "TaskQueueStopped"),
    ],
)
async def test_a_space_that_cannot_be_is_refused_and_leaves_nothing(
    client: httpx.AsyncClient, body: Any, fault: str
) -> None:
    answer = await client.post("/api/spaces", json=body)

    assert answer.status_code == 400
    assert fault in answer.json()["ErrorMessage"]
    assert (await client.get("/api/teams?spaces=Spaces-2")).json()["TotalResults"] == 0


async def test_a_space_has_a_picture(client: httpx.AsyncClient, second: Any) -> None:
    drawn = await client.get(f"{second['Links']['Self']}/logo?cb=1")
    sent = await client.put(f"{second['Links']['Self']}/logo", files={"file": ("a.png", PNG)})
    uploaded = await client.get(f"{second['Links']['Self']}/logo")

    assert drawn.headers["content-type"].startswith("image/svg+xml")
    assert sent.status_code == 200
    assert (uploaded.content, uploaded.headers["content-type"]) == (PNG, "image/png")


@pytest.mark.parametrize("path", ["/api/Spaces-2/search", "/api/spaces/Spaces-2/search", "/api/spaces/second/search"])
async def test_things_of_all_kinds_are_found_by_name_within_the_space(
    client: httpx.AsyncClient, second: Any, path: str
) -> None:
    for space in ("Spaces-1", "Spaces-2"):
        await made(client, f"/api/{space}/environments", Name="Prod_A")
        await made(client, f"/api/{space}/projectgroups", Name="Products")
    await made(client, "/api/Spaces-2/environments", Name="Test")

    found = (await client.get(path, params={"keyword": "PROD"})).json()

    assert {(one["Type"], one["Name"]) for one in found} == {("Environment", "Prod_A"), ("ProjectGroup", "Products")}
    assert (await client.get(path, params={"keyword": "d_a"})).json()[0]["Id"] == "Environments-2"
    assert (await client.get(path)).json() == []


async def test_nothing_begins_while_the_queue_of_the_space_is_stopped(
    server: Server, client: httpx.AsyncClient, second: Any
) -> None:
    await client.put(second["Links"]["Self"], json=second | {"TaskQueueStopped": True})
    await server.engine.stop()

    def wish(session: Any) -> list[str]:
        return [enqueue(session, NewTask(kind="T", description="t", space_id=f"Spaces-{one}")) for one in (1, 2)]

    def begin(session: Any) -> list[str]:
        return [task.id for task in claim(session, "node", 10)]

    here, there = await server.database.write(wish)

    assert await server.database.write(begin) == [here]
    await client.put(second["Links"]["Self"], json=second)
    assert await server.database.write(begin) == [there]


# -- the end of a space


async def test_only_a_space_at_rest_that_is_not_the_default_one_is_deleted(
    client: httpx.AsyncClient, second: Any
) -> None:
    default = (await client.get("/api/spaces/Spaces-1")).json()
    await client.put("/api/spaces/Spaces-1", json=default | {"TaskQueueStopped": True})

    assert (await client.delete("/api/spaces/Spaces-1")).status_code == 409
    running = await client.delete("/api/spaces/Spaces-2")
    assert running.status_code == 400
    assert "Stop the task queue" in running.json()["ErrorMessage"]
    assert (await client.delete("/api/spaces/Spaces-9")).status_code == 404


async def test_a_deleted_space_takes_along_what_is_in_it_and_nothing_else(
    server: Server, client: httpx.AsyncClient, second: Any
) -> None:
    await server.engine.stop()
    tasks: list[str] = []
    for space in ("Spaces-1", "Spaces-2"):
        place = await made(client, f"/api/{space}/environments", Name="Test")
        groups = (await client.get(f"/api/{space}/projectgroups/all")).json()
        cycles = (await client.get(f"/api/{space}/lifecycles/all")).json()
        await made(
            client,
            f"/api/{space}/projects",
            Name="Shop",
            ProjectGroupId=groups[0]["Id"],
            LifecycleId=cycles[0]["Id"],
        )
        team = await made(client, f"/api/{space}/teams", Name="Devs")
        await made(
            client,
            "/api/scopeduserroles",
            TeamId=team["Id"],
            UserRoleId="userroles-environmentviewer",
            EnvironmentIds=[place["Id"]],
        )
        wish = NewTask(kind="Test", description="t", space_id=space)
        tasks.append(await server.database.write(lambda session, wish=wish: enqueue(session, wish)))
    await server.database.write(lambda session: claim(session, "node", 10))
    await client.put("/api/spaces/Spaces-2", json=second | {"TaskQueueStopped": True})
    waiting = NewTask(kind="Test", description="waits", space_id="Spaces-2")
    tasks.append(await server.database.write(lambda session: enqueue(session, waiting)))
    refused = await client.delete("/api/spaces/Spaces-2")
    await server.database.write(lambda session: end(session, tasks[1], TaskState.SUCCESS))
    deleted = await client.delete("/api/spaces/Spaces-2")

    assert refused.status_code == 409
    assert f"the task {tasks[1]}, which has begun" in refused.json()["ErrorMessage"]
    assert (deleted.status_code, deleted.json()) == (200, {})
    assert (await client.get("/api/spaces/Spaces-2")).status_code == 404
    assert (await client.get("/api/Spaces-2/environments")).status_code == 404
    teams = (await client.get("/api/teams/all")).json()
    assert [team["SpaceId"] for team in teams if team["SpaceId"]] == ["Spaces-1", "Spaces-1"]
    assert [(await client.get(f"/api/tasks/{task}")).status_code for task in tasks] == [200, 404, 404]
    assert [one["Name"] for one in (await client.get("/api/Spaces-1/projects/all")).json()] == ["Shop"]
    assert (await made(client, "/api/spaces", Name="Second"))["Id"] == "Spaces-3"


async def test_the_calls_of_the_command_line_that_deletes_a_space(client: httpx.AsyncClient, second: Any) -> None:
    by_name = await client.get("/api/spaces/Second One")
    [found] = (await client.get("/api/spaces", params={"partialName": "Second"})).json()["Items"]
    await client.put(found["Links"]["Self"], json=found | {"TaskQueueStopped": True})

    assert by_name.status_code == 404
    assert by_name.json()["ErrorMessage"]
    assert "/app#/" in found["Links"]["Web"]
    assert (await client.delete(found["Links"]["Self"])).status_code == 200


async def test_members_see_their_spaces_and_nobody_else_does(client: httpx.AsyncClient, server: Server) -> None:
    assert (await client.post("/api/spaces", json={"Name": "Second"})).status_code == 201
    eva = await person(server, "eva", Permission.FEED_VIEW, space_id="Spaces-2")
    nobody = await person(server, "nobody")

    async def seen(path: str, who: dict[str, str]) -> list[str]:
        answer = (await client.get(path, headers=who)).json()
        return [one["Id"] for one in (answer if isinstance(answer, list) else answer["Items"])]

    for path in ("/api/spaces", "/api/spaces/all", "/api/users/me/spaces"):
        own = path.replace("me", (await client.get("/api/users/me", headers=eva)).json()["Id"])
        assert await seen(own, eva) == ["Spaces-2"], path
    assert await seen("/api/spaces", nobody) == []
    assert {"Spaces-1", "Spaces-2"} == set(await seen("/api/spaces", {}))
    for path in ("/api/spaces/Spaces-1", "/api/Spaces-1", "/api/Spaces-1/tagsets", "/api/spaces/Spaces-1/logo"):
        assert (await client.get(path, headers=eva)).status_code == 403, path
        assert (await client.get(path.replace("Spaces-1", "Spaces-2"), headers=eva)).status_code == 200, path
