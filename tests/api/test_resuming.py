"""Guided failure, and going on from the failed step: over HTTP, with scripts that really run on the server's worker."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx
import pytest
from tests.api.conftest import SPACE, create
from tests.api.test_deployments import Shop, script

from polpo.engine import TaskState, get_task
from polpo.server.application import Server


@pytest.fixture
async def shop(client: httpx.AsyncClient, server: Server, project: Any) -> Shop:
    made = {name: (await create(client, "environments", Name=name))["Id"] for name in ("Dev", "Prod")}
    return Shop(client, server, made)


@pytest.fixture
async def fragile(shop: Shop, tmp_path: Path) -> Shop:
    """Three steps that note that they ran; the second fails until there is a file `mended`."""
    await shop.process(
        script("First", f'echo first >> "{tmp_path}/ran"; set_octopusvariable Word hello'),
        script("Second", f'echo second >> "{tmp_path}/ran"; test -e "{tmp_path}/mended"'),
        script("Third", f'echo "third $(get_octopusvariable "Octopus.Action[First].Output.Word")" >> "{tmp_path}/ran"'),
        script("Sorry", f'echo sorry >> "{tmp_path}/ran"', Condition="Failure"),
    )
    await shop.release()
    return shop


async def asked(shop: Shop, task_id: str) -> dict[str, Any]:
    async for change in shop.server.engine.watch(task_id):
        if change.state is TaskState.PAUSED:
            break
    path = f"{SPACE}/interruptions?regarding={task_id}&pendingOnly=true"
    return dict((await shop.client.get(path)).json()["Items"][0])


async def test_person_mends_the_cause_and_has_it_tried_again(fragile: Shop, tmp_path: Path) -> None:
    task_id = await fragile.deploy(useGuidedFailure=True)
    question = await asked(fragile, task_id)
    assert question["Type"] == "GuidedFailure"
    assert question["Title"] == "Second requires failure guidance"
    controls = {element["Name"]: element["Control"] for element in question["Form"]["Elements"]}
    assert list(controls) == ["Instructions", "Notes", "Guidance"]
    assert "exit code 1" in controls["Instructions"]["Text"]
    assert [button["Value"] for button in controls["Guidance"]["Buttons"]] == ["Fail", "Retry", "Ignore"]
    task = (await fragile.client.get(f"/api/tasks/{task_id}")).json()
    assert task["PendingInterruptionTypes"] == ["GuidedFailure"]
    [item] = (await fragile.client.get(f"{SPACE}/dashboard")).json()["Items"]
    assert item["PendingInterruptionTypes"] == ["GuidedFailure"]
    (tmp_path / "mended").touch()
    said = {"Guidance": "Retry", "Notes": "mended"}
    assert (await fragile.client.post(question["Links"]["Submit"], json=said)).status_code == 409
    await fragile.client.put(question["Links"]["Responsible"])
    assert (await fragile.client.post(question["Links"]["Submit"], json={"Guidance": "Exclude"})).status_code == 400
    answered = await fragile.client.post(question["Links"]["Submit"], json=said)
    assert answered.json()["Form"]["Values"]["Guidance"] == "Retry"
    assert (await fragile.ended(task_id))["State"] == "Success"
    assert (tmp_path / "ran").read_text().split("\n")[:-1] == ["first", "second", "second", "third hello"]
    assert "said: Retry (mended)." in " ".join(await fragile.lines(task_id))
    events = (await fragile.client.get("/api/events?eventCategories=GuidedFailureInterruptionRaised")).json()
    assert events["TotalResults"] == 1


async def test_environment_says_that_failures_are_guided_and_cancel_ends_the_question(fragile: Shop) -> None:
    path = f"{SPACE}/environments/{fragile.environments['Dev']}"
    environment = (await fragile.client.get(path)).json()
    assert (await fragile.client.put(path, json={**environment, "UseGuidedFailure": True})).is_success
    task_id = await fragile.deploy()
    question = await asked(fragile, task_id)
    await fragile.client.post(f"/api/tasks/{task_id}/cancel")
    assert (await fragile.ended(task_id))["State"] == "Canceled"
    assert (await fragile.client.get(question["Links"]["Self"])).json()["IsPending"] is False


async def test_deployment_goes_on_from_the_step_that_failed(fragile: Shop, tmp_path: Path) -> None:
    task_id = await fragile.deploy()
    task = await fragile.ended(task_id)
    assert (task["State"], task["CanResume"], task["Links"]["Resume"]) == (
        "Failed",
        True,
        f"/api/tasks/{task_id}/resume",
    )
    (tmp_path / "mended").touch()
    answer = await fragile.client.post(task["Links"]["Resume"])
    assert answer.status_code == 201, answer.text
    assert answer.json()["ResumedFrom"] == task_id
    resumed = await fragile.ended(answer.json()["Id"])
    assert (resumed["State"], resumed["CanResume"], "Resume" in resumed["Links"]) == ("Success", False, False)
    ran = ["first", "second", "sorry", "second", "third hello"]
    assert (tmp_path / "ran").read_text().split("\n")[:-1] == ran
    assert f"Done by {task_id}, not repeated." in await fragile.lines(resumed["Id"])
    steps = await fragile.steps_of(resumed["Id"])
    assert steps["Step 1: First"] == "Success"
    assert steps["Step 4: Sorry"] == "Skipped"
    deployment = await fragile.client.get(f"{SPACE}/deployments/{resumed['Arguments']['DeploymentId']}")
    assert deployment.json()["ResumedFrom"] == task_id


async def test_what_was_resumed_and_failed_again_is_resumed_with_all_that_is_done(
    fragile: Shop, tmp_path: Path
) -> None:
    first = await fragile.deploy()
    await fragile.ended(first)
    second = (await fragile.client.post(f"/api/tasks/{first}/resume")).json()["Id"]
    assert (await fragile.ended(second))["State"] == "Failed"
    (tmp_path / "mended").touch()
    third = (await fragile.client.post(f"{SPACE}/tasks/{second}/resume")).json()["Id"]
    assert (await fragile.ended(third))["State"] == "Success"
    assert f"Done by {first}, not repeated." in await fragile.lines(third)
    assert (tmp_path / "ran").read_text().split().count("first") == 1


async def test_task_that_has_succeeded_or_still_runs_cannot_be_resumed(fragile: Shop, tmp_path: Path) -> None:
    task_id = await fragile.deploy(useGuidedFailure=True)
    await asked(fragile, task_id)
    answer = await fragile.client.post(f"/api/tasks/{task_id}/resume")
    assert answer.status_code == 400
    assert "has not ended" in answer.text
    await fragile.client.post(f"/api/tasks/{task_id}/cancel")
    (tmp_path / "mended").touch()
    done = await fragile.deploy()
    await fragile.ended(done)
    answer = await fragile.client.post(f"/api/tasks/{done}/resume")
    assert answer.status_code == 400
    assert "has succeeded" in answer.text
    resumed = (await fragile.client.post(f"/api/tasks/{task_id}/resume")).json()["Id"]
    assert (await fragile.ended(resumed))["State"] == "Success"
    told = " ".join(await fragile.lines(resumed))
    assert f"has succeeded here since {task_id} stopped" in told


async def test_variable_says_what_must_not_run_at_the_same_time(fragile: Shop) -> None:
    await fragile.variables(
        {"Name": "Octopus.Task.ConcurrencyTag", "Value": "#{Where}"},
        {"Name": "Where", "Value": "the one database", "Scope": {"Environment": [fragile.environments["Dev"]]}},
    )
    await fragile.release("2.0.0")
    for version, tag in (("1.0.0", f"Untenanted/Projects-1/{fragile.environments['Dev']}"), ("2.0.0", None)):
        task_id = await fragile.deploy(version=version)
        with fragile.server.database.read() as session:
            assert get_task(session, task_id).concurrency_tag == (tag or "Spaces-1/the one database")
        await fragile.ended(task_id)
