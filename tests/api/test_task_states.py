"""What people do to tasks that have ended, and how they find tasks."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from tests.api.conftest import create

from polpo.engine import NewTask
from polpo.server.application import Server


@pytest.fixture
async def failed(client: httpx.AsyncClient, server: Server) -> str:
    """A task of a kind that nobody runs, so that it fails at once."""
    wish = NewTask(kind="Nothing", description="Do nothing", space_id="Spaces-1")
    task_id = await server.database.write(lambda session: server.engine.enqueue(session, wish))
    async with asyncio.timeout(30):
        async for _ in server.engine.watch(task_id):
            pass
    return task_id


async def test_a_failure_that_was_mended_counts_as_success(client: httpx.AsyncClient, failed: str) -> None:
    body = {"state": "success", "reason": "mended by hand"}
    task = (await client.post(f"/api/Spaces-1/tasks/{failed}/state", json=body)).json()

    assert (task["State"], task["FinishedSuccessfully"]) == ("Success", True)
    assert task["ErrorMessage"].endswith("changed the state from Failed to Success: mended by hand")
    found = (await client.get("/api/tasks?states=Success")).json()
    assert [one["Id"] for one in found["Items"]] == [failed]


@pytest.mark.parametrize(
    ("body", "status"),
    [({"State": "Queued", "Reason": "a"}, 400), ({"State": "Success"}, 400), ({"Reason": "a"}, 400), ([], 400)],
)
async def test_a_state_is_changed_with_a_reason(client: httpx.AsyncClient, failed: str, body: Any, status: int) -> None:
    assert (await client.post(f"/api/tasks/{failed}/state", json=body)).status_code == status
    assert (await client.get(f"/api/tasks/{failed}")).json()["State"] == "Failed"


async def test_a_task_that_has_not_ended_keeps_its_state(client: httpx.AsyncClient, server: Server) -> None:
    wish = NewTask(kind="Nothing", description="Do nothing", not_before=datetime(2999, 1, 1, tzinfo=UTC))
    task_id = await server.database.write(lambda session: server.engine.enqueue(session, wish))
    body = {"State": "Success", "Reason": "a"}
    assert (await client.post(f"/api/tasks/{task_id}/state", json=body)).status_code == 409


async def test_only_what_people_may_start_is_started_again(client: httpx.AsyncClient, failed: str) -> None:
    task = (await client.get(f"/api/tasks/{failed}")).json()
    answer = await client.post(task["Links"]["Rerun"])
    assert (task["CanRerun"], answer.status_code) == (False, 400)
    assert (await client.post("/api/tasks/rerun/ServerTasks-9")).status_code == 404


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("spaces=Spaces-1", 1),
        ("spaces=Spaces-2", 0),
        ("runbook=Runbooks-1", 0),
        ("name=Nothing", 1),
        ("hasWarningsOrErrors=true", 1),
        ("running=true", 0),
    ],
)
async def test_tasks_are_found(client: httpx.AsyncClient, failed: str, query: str, count: int) -> None:
    assert (await client.get(f"/api/tasks?{query}")).json()["TotalResults"] == count


async def test_tasks_of_the_system_are_found_beside_those_of_spaces(
    client: httpx.AsyncClient, server: Server, failed: str
) -> None:
    wish = NewTask(kind="Nothing", description="Of nobody", not_before=datetime(2999, 1, 1, tzinfo=UTC))
    await server.database.write(lambda session: server.engine.enqueue(session, wish))

    assert (await client.get("/api/tasks?spaces=Spaces-1")).json()["TotalResults"] == 1
    assert (await client.get("/api/tasks?spaces=Spaces-1&includeSystem=true")).json()["TotalResults"] == 2


async def test_a_health_check_is_started_again(client: httpx.AsyncClient, server: Server, project: Any) -> None:
    environment = (await create(client, "environments", Name="Dev"))["Id"]
    endpoint = {"CommunicationStyle": "None"}
    region = {"Name": "Region", "EnvironmentIds": [environment], "Roles": ["web"], "Endpoint": endpoint}
    machine = (await create(client, "machines", **region))["Id"]
    first = await create(client, "tasks", Name="Health", Arguments={"MachineIds": [machine]})
    async with asyncio.timeout(30):
        async for _ in server.engine.watch(first["Id"]):
            pass
    ended = (await client.get(f"/api/tasks/{first['Id']}")).json()

    again = (await client.post(ended["Links"]["Rerun"])).json()

    assert ended["CanRerun"] is True
    assert (again["Name"], again["Arguments"]) == ("Health", {"MachineIds": [machine]})
    assert again["Id"] != first["Id"]
