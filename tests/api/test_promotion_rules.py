"""Rules of promotion that need deployments to see: what was scheduled, channels that live side by side, phases."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
import sqlalchemy as sa
from tests.api.conftest import SPACE, create
from tests.api.test_deployments import Shop, script

from polpo.engine import server_task
from polpo.server.application import Server


@pytest.fixture
async def shop(client: httpx.AsyncClient, server: Server, project: Any) -> Shop:
    made = {name: (await create(client, "environments", Name=name))["Id"] for name in ("Dev", "Prod")}
    shop = Shop(client, server, made)
    await shop.process(script("Run", "true"))
    await shop.release()
    return shop


async def _begin_now(shop: Shop, task_id: str) -> None:
    """Lets the time come for which the task was scheduled."""
    now = {"not_before": datetime.now(UTC)}
    statement = sa.update(server_task).where(server_task.c.id == task_id).values(**now)
    await shop.server.database.write(lambda session: session.connection.execute(statement))


async def test_scheduled_deployment_asks_the_lifecycle_again_when_it_begins(shop: Shop) -> None:
    await shop.ended(await shop.deploy("Dev"))
    later = (datetime.now(UTC) + timedelta(hours=11)).isoformat()
    task_id = await shop.deploy("Prod", runAt=later)
    defects = f"{SPACE}/releases/Releases-1/defects"
    assert (await shop.client.post(defects, json={"Description": "Loses orders."})).status_code == 201

    await _begin_now(shop, task_id)

    ended = await shop.ended(task_id)
    assert ended["State"] == "Failed"
    assert ended["ErrorMessage"] == (
        "Release 1.0.0 cannot be deployed to Prod: its progression is prevented; resolve the defect that was reported"
        " for it first."
    )


async def test_failure_after_a_success_takes_no_progress_back(shop: Shop) -> None:
    await shop.variables({"Name": "Code", "Value": "0"})
    await shop.process(script("Run", "exit #{Code}"))
    await shop.release("1.1.0")
    await shop.ended(await shop.deploy("Dev", "1.1.0"))
    await shop.variables({"Name": "Code", "Value": "1"})
    again = await shop.deploy("Dev", "1.1.0", updateVariableSnapshot=True)
    assert (await shop.ended(again))["State"] == "Failed"

    progression = (await shop.client.get(f"{SPACE}/releases/Releases-2/progression")).json()

    assert [phase["Progress"] for phase in progression["Phases"]] == ["Complete", "Current"]
    assert progression["NextDeployments"] == [shop.environments["Prod"]]
    assert progression["NextDeploymentsMinimumRequired"] == 1


async def test_discrete_channels_stand_side_by_side_on_the_dashboard(shop: Shop, project: Any) -> None:
    await create(shop.client, "channels", ProjectId="Projects-1", Name="Beta")
    body = {"projectName": "Web Shop", "releaseVersion": "2.0.0", "channelName": "Beta"}
    await shop.client.post(f"{SPACE}/releases/create/v1", json=body)
    await shop.ended(await shop.deploy("Dev", "1.0.0"))
    await shop.ended(await shop.deploy("Dev", "2.0.0"))

    async def shown() -> list[str]:
        return [one["ReleaseVersion"] for one in (await shop.client.get(f"{SPACE}/dashboard")).json()["Items"]]

    async def current() -> list[str]:
        found = (await shop.client.get(f"{SPACE}/projects/Projects-1/progression")).json()["Releases"]
        items = [one for row in found for items in row["Deployments"].values() for one in items]
        return [one["ReleaseVersion"] for one in items if one["IsCurrent"]]

    assert (await shown(), await current()) == (["2.0.0"], ["2.0.0"])
    await shop.client.put(project["Links"]["Self"], json={**project, "DiscreteChannelRelease": True})

    assert sorted(await shown()) == ["1.0.0", "2.0.0"]
    assert await current() == ["2.0.0", "1.0.0"]


async def test_environment_stands_in_one_phase_only(shop: Shop) -> None:
    dev, prod = shop.environments.values()
    lifecycle = (await shop.client.get(f"{SPACE}/lifecycles/Lifecycles-1")).json()
    phases = [
        {"Name": "First", "AutomaticDeploymentTargets": [dev]},
        {"Name": "Second", "OptionalDeploymentTargets": [prod, dev]},
    ]

    refused = await shop.client.put(lifecycle["Links"]["Self"], json={**lifecycle, "Phases": phases})

    [fault] = refused.json()["Errors"]
    assert fault == (
        "The environment 'Dev' stands in a phase more than once (First, Second); a phase has it once, and only one"
        " phase."
    )
