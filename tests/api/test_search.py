"""Finding things of a space, and counting its deployments."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from tests.api.conftest import SPACE, create
from tests.api.test_deployments import Shop, script

from polpo.server.application import Server


@pytest.mark.parametrize("path", [f"{SPACE}/search", "/api/spaces/default/search"])
async def test_things_are_found_by_a_part_of_their_name(client: httpx.AsyncClient, project: Any, path: str) -> None:
    await create(client, "environments", Name="Web test")

    found = (await client.get(f"{path}?keyword=WEB")).json()

    assert [(one["Id"], one["Name"], one["Type"]) for one in found] == [
        ("Projects-1", "Web Shop", "Project"),
        ("Environments-1", "Web test", "Environment"),
    ]
    assert (await client.get(path)).json() == []
    assert (await client.get(f"{path}?keyword=%25")).json() == []


async def test_nothing_of_other_spaces_is_found(client: httpx.AsyncClient, project: Any) -> None:
    second = (await client.post("/api/spaces", json={"Name": "Second"})).json()["Id"]
    assert (await client.get(f"/api/{second}/search?keyword=web")).json() == []


async def test_a_release_is_found_with_its_project_and_its_deployment_is_counted_by_week(
    client: httpx.AsyncClient, server: Server, project: Any
) -> None:
    shop = Shop(client, server, {"Dev": (await create(client, "environments", Name="Dev"))["Id"]})
    await shop.process(script("Hello", "echo hello"))
    release = await shop.release()
    found = (await client.get(f"{SPACE}/search?keyword=1.0")).json()
    assert [(one["Id"], one["Type"], one["ProjectId"], one["ProjectName"]) for one in found] == [
        (release, "Release", "Projects-1", "Web Shop")
    ]
    await shop.ended(await shop.deploy())

    [report] = (await client.get(f"{SPACE}/reporting/deployments-counted-by-week")).json()

    data = report["ReportData"]
    assert (report["ProjectId"], len(data["Labels"])) == ("Projects-1", 52)
    assert (data["Series"][0]["Data"][-1], sum(data["Series"][0]["Data"])) == (1, 1)
    [empty] = (await client.get(f"{SPACE}/reporting/deployments-counted-by-week?projectIds=Projects-9")).json()
    assert sum(empty["ReportData"]["Series"][0]["Data"]) == 0
