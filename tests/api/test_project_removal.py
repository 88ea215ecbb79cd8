"""Deleting a project that has been deployed often: all of it goes, or nothing."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from tests.api.conftest import SPACE, create, tomorrow
from tests.api.test_deployments import Shop, script

from polpo.server.application import Server

PROJECT = f"{SPACE}/projects/Projects-1"


@pytest.fixture
async def shop(client: httpx.AsyncClient, server: Server, project: Any) -> Shop:
    made = {name: (await create(client, "environments", Name=name))["Id"] for name in ("Dev", "Prod")}
    shop = Shop(client, server, made)
    await shop.process(script("Hello", "echo hello"))
    await shop.release()
    return shop


async def count(shop: Shop, what: str) -> int:
    return int((await shop.client.get(f"{SPACE}/{what}?take=0")).json()["TotalResults"])


async def test_a_project_with_a_long_history_goes_in_parts(shop: Shop) -> None:
    tasks = [await shop.deploy(runAt=tomorrow()) for _ in range(45)]
    for task_id in tasks:
        await shop.client.post(f"/api/tasks/{task_id}/cancel")

    assert (await shop.client.delete(PROJECT)).status_code == 200

    assert [await count(shop, what) for what in ("projects", "deployments", "releases")] == [0, 0, 0]
    assert (await shop.client.get("/api/tasks?name=Deploy")).json()["TotalResults"] == 0
    events = (await shop.client.get(f"{SPACE}/events?documentTypes=Projects&eventCategories=Deleted")).json()["Items"]
    assert [event["Message"] for event in events] == ["Project Web Shop was deleted"]


async def test_a_project_that_others_name_keeps_its_history(shop: Shop) -> None:
    task_id = await shop.deploy()
    await shop.ended(task_id)
    scope = {"Projects-1": [shop.environments["Dev"]]}
    body = {
        "Name": "F",
        "Start": "2030-01-01T00:00:00Z",
        "End": "2030-01-02T00:00:00Z",
        "ProjectEnvironmentScope": scope,
    }
    assert (await shop.client.post("/api/deploymentfreezes", json=body)).status_code == 201

    refused = await shop.client.delete(PROJECT)

    assert (refused.status_code, refused.json()["Errors"]) == (409, ["In use by the deployment freeze 'F'."])
    assert [await count(shop, what) for what in ("projects", "deployments", "releases")] == [1, 1, 1]


async def test_a_project_that_is_being_deployed_keeps_its_history(shop: Shop) -> None:
    await shop.ended(await shop.deploy())
    await shop.deploy(runAt=tomorrow())
    assert (await shop.client.delete(PROJECT)).status_code == 409
    assert [await count(shop, what) for what in ("projects", "deployments", "releases")] == [1, 2, 1]
