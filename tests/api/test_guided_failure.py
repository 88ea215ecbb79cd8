"""Who says that failures are put to a person: the deployment, else the project, else the environment."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from tests.api.conftest import SPACE, tomorrow
from tests.api.test_deployments import Shop, script, shop

from polpo.engine import TaskState

__all__ = ["shop"]


async def change(shop: Shop, path: str, **fields: Any) -> None:
    known = (await shop.client.get(f"{SPACE}/{path}")).json()
    answer = await shop.client.put(f"{SPACE}/{path}", json={**known, **fields})
    assert answer.status_code == 200, answer.text


@pytest.fixture
async def broken(shop: Shop) -> Shop:
    await shop.process(script("Break", "exit 3"))
    await shop.release()
    return shop


@pytest.mark.parametrize(
    ("environment", "mode", "wished", "is_guided"),
    [
        (False, "EnvironmentDefault", None, False),
        (True, "EnvironmentDefault", None, True),
        (True, "Off", None, False),
        (False, "On", None, True),
        (False, "Off", True, True),
        (True, "On", False, False),
        (True, "EnvironmentDefault", False, False),
    ],
)
async def test_the_nearest_setting_says_whether_a_person_is_asked(
    broken: Shop, environment: bool, mode: str, wished: bool | None, is_guided: bool
) -> None:
    await change(broken, f"environments/{broken.environments['Dev']}", UseGuidedFailure=environment)
    await change(broken, "projects/Projects-1", DefaultGuidedFailureMode=mode)
    wish = {} if wished is None else {"useGuidedFailure": wished}
    await broken.deploy(runAt=tomorrow(), **wish)
    deployment = (await broken.client.get(f"{SPACE}/deployments")).json()["Items"][0]
    assert deployment["UseGuidedFailure"] is is_guided


async def test_deployment_that_is_posted_by_ids_may_ask_for_guidance(broken: Shop) -> None:
    release = (await broken.client.get(f"{SPACE}/projects/Projects-1/releases")).json()["Items"][0]["Id"]
    body = {"ReleaseId": release, "EnvironmentId": broken.environments["Dev"], "UseGuidedFailure": True}
    answer = await broken.client.post(f"{SPACE}/deployments", json={**body, "QueueTime": tomorrow()})
    assert answer.status_code == 201, answer.text
    assert answer.json()["UseGuidedFailure"] is True


async def test_deployment_that_is_guided_by_its_project_asks_a_person(broken: Shop) -> None:
    await change(broken, "projects/Projects-1", DefaultGuidedFailureMode="On")
    task_id = await broken.deploy()
    async with asyncio.timeout(60):
        async for seen in broken.server.engine.watch(task_id):
            if seen.state is TaskState.PAUSED:
                break
    path = f"{SPACE}/interruptions?regarding={task_id}&pendingOnly=true"
    [question] = (await broken.client.get(path)).json()["Items"]
    assert (question["Type"], question["Title"]) == ("GuidedFailure", "Break requires failure guidance")
    await broken.client.put(question["Links"]["Responsible"])
    assert (await broken.client.post(question["Links"]["Submit"], json={"Guidance": "Ignore"})).is_success
    assert (await broken.ended(task_id))["FinishedSuccessfully"]
