"""Runs of runbooks over HTTP: what is refused, and scripts that really run on the server."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest
from tests.api.conftest import SPACE, create, tomorrow
from tests.api.runbooks import RUNS, V1, Care, cared_for
from tests.api.test_deployments import script
from tests.conftest import API_KEY

from polpo.engine import PRIORITY_HIGH, TaskState, get_task
from polpo.server.application import Server, assemble
from polpo.server.settings import Settings


@pytest.fixture
async def care(client: httpx.AsyncClient, server: Server, project: Any) -> Care:
    return await cared_for(client, server)


# -- refusals


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"projectName": ""}, "ProjectName is missing"),
        ({"runbookName": " "}, "RunbookName is missing"),
        ({"runbookName": "Nope"}, "has no runbook with the id or slug 'Nope'"),
        ({"environmentNames": []}, "EnvironmentNames is empty"),
        ({"environmentNames": ["Moon"]}, "There is no environment 'Moon' in this space."),
        ({"environmentNames": ["Dev", "Moon"]}, "There is no environment 'Moon' in this space."),
        ({"snapshot": "Nope"}, "has no snapshot with the id or name 'Nope'"),
        ({"skipStepNames": ["Nope"]}, "The snapshot has no step 'Nope'; its steps are Hello."),
        ({"specificMachineNames": ["Nope"]}, "There is no machine 'Nope' in this space."),
        ({"variables": {"Nope": "1"}}, "'Nope' is no prompted variable of this snapshot."),
        ({"noRunAfter": "2020-01-01T00:00:00Z"}, "expire before it starts"),
        ({"runAt": "2020-01-01T00:00:00"}, "has passed"),
        ({"runAt": "9999-12-31T23:59:59Z"}, "must be within 30 days"),
        ({"tenants": ["Acme"]}, "does not run for tenants"),
        ({"priority": "Now"}, "Priority is 'Now'"),
    ],
)
async def test_command_that_cannot_be_done_leaves_nothing_behind(
    care: Care, more: dict[str, Any], sentence: str
) -> None:
    await care.process(script("Hello", "echo hello"))
    await care.publish()
    assert sentence in await care.refused(**more)


async def test_runbook_without_a_published_snapshot_needs_one_to_be_named(care: Care) -> None:
    await care.process(script("Hello", "echo hello"))
    await create(care.client, "runbookSnapshots", RunbookId="Runbooks-1", Name="Draft")
    assert "The runbook 'Restart' has no published snapshot" in await care.refused()
    assert (await care.ended(await care.run(snapshot="draft")))["State"] == "Success"


async def test_runbook_runs_where_it_may(care: Care) -> None:
    await care.process(script("Hello", "echo hello"))
    await care.settings(EnvironmentScope="Specified", Environments=[care.environments["Prod"]])
    await care.publish()
    assert "does not run in Dev; its environments are Prod." in await care.refused("Dev")
    await care.run("Prod")


async def test_runbook_for_tenants_only_needs_one(care: Care) -> None:
    await care.settings(MultiTenancyMode="Tenanted")
    await care.publish()
    assert "runs for tenants only; name the tenants" in await care.refused()


async def test_disabled_project_runs_no_runbooks(care: Care) -> None:
    await care.publish()
    project = (await care.client.get(f"{SPACE}/projects/web-shop")).json()
    await care.client.put(project["Links"]["Self"], json={**project, "IsDisabled": True})
    assert "The project Web Shop is disabled" in await care.refused()


async def test_prompt_for_the_deployment_process_is_not_asked_for(care: Care) -> None:
    await care.process(script("Hello", 'echo "who: #{Who}, both: #{Both}"'))
    prompt = {"Required": True}
    await care.variables(
        {"Name": "Other", "Prompt": prompt, "Scope": {"ProcessOwner": ["Projects-1"]}},
        {"Name": "Who", "Prompt": prompt, "Scope": {"ProcessOwner": ["Runbooks-1"]}},
        {"Name": "Both", "Value": "deployment", "Scope": {"ProcessOwner": ["Projects-1"]}},
        {"Name": "Both", "Value": "runbook", "Scope": {"ProcessOwner": ["Runbooks-1"]}},
    )
    snapshot = await care.publish()
    where = f"{SPACE}/runbookSnapshots/{snapshot['Id']}/runbookRuns/preview/{care.environments['Dev']}"
    form = (await care.client.get(where)).json()["Form"]
    assert [element["Control"]["Name"] for element in form["Elements"]] == ["Who"]
    assert await care.refused() == "A value is needed for 'Who'."
    task = await care.ended(await care.run(variables={"who": "Ada"}))
    assert "who: Ada, both: runbook" in await care.lines(task["Id"])


# -- runs


FACTS = """\
for name in Runbook.Id Runbook.Name RunbookRun.Id RunbookSnapshot.Name Environment.Name Task.Name Project.Name; do
  echo "$name=$(get_octopusvariable "Octopus.$name")"
done
"""


async def test_script_runs_on_the_server_with_the_values_of_the_run(care: Care) -> None:
    await care.process(script("Say", 'set_octopusvariable Said "#{Word}"'), script("Tell", FACTS))
    await care.variables(
        {"Name": "Word", "Value": "elsewhere"},
        {"Name": "Word", "Value": "here", "Scope": {"Environment": [care.environments["Dev"]]}},
    )
    await care.publish()
    await care.process(script("Changed", "exit 1"))
    task = await care.ended(await care.run())
    assert (task["Name"], task["FinishedSuccessfully"]) == ("RunbookRun", True), task["ErrorMessage"]
    assert task["Description"] == "Run Restart snapshot S1 in Dev"
    run = (await care.client.get(f"{RUNS}/{task['Arguments']['RunbookRunId']}")).json()
    assert [run[name] for name in ("TaskId", "RunbookId", "RunbookSnapshotId", "EnvironmentId", "TenantId")] == [
        task["Id"], "Runbooks-1", "RunbookSnapshots-1", care.environments["Dev"], None
    ]  # fmt: skip
    assert await care.steps_of(task["Id"]) == {"Step 1: Say": "Success", "Step 2: Tell": "Success"}
    lines = await care.lines(task["Id"])
    for line in (
        "Runbook.Id=Runbooks-1",
        "Runbook.Name=Restart",
        f"RunbookRun.Id={run['Id']}",
        "RunbookSnapshot.Name=S1",
        "Environment.Name=Dev",
        "Task.Name=Run Restart snapshot S1 in Dev",
        "Project.Name=Web Shop",
    ):
        assert line in lines


async def test_failure_is_told_and_what_waits_for_it_runs(care: Care) -> None:
    await care.process(
        script("Break", "exit 7"),
        script("Never", "echo never"),
        script("Tidy", 'echo "error: $(get_octopusvariable Octopus.Deployment.Error)"', Condition="Failure"),
    )
    await care.publish()
    task = await care.ended(await care.run())
    assert (task["State"], task["HasWarningsOrErrors"]) == ("Failed", True)
    assert task["ErrorMessage"] == "Step 1 (Break): The script failed on the server with exit code 7."
    assert f"error: {task['ErrorMessage']}" in await care.lines(task["Id"])
    assert await care.steps_of(task["Id"]) == {
        "Step 1: Break": "Failed", "Step 2: Never": "Skipped", "Step 3: Tidy": "Success"
    }  # fmt: skip


async def test_cancelled_run_ends_canceled(care: Care) -> None:
    await care.process({"Name": "Ask", "Actions": [{"Name": "Ask", "ActionType": "Octopus.Manual"}]})
    await care.publish()
    task_id = await care.run()
    await care.in_state(task_id, TaskState.PAUSED)
    [asked] = (await care.client.get(f"{SPACE}/interruptions?regarding=RunbookRuns-1")).json()["Items"]
    assert asked["TaskId"] == task_id
    assert (await care.client.post(f"/api/tasks/{task_id}/cancel")).status_code == 200
    assert (await care.ended(task_id))["State"] == "Canceled"


async def test_running_script_is_stopped_by_a_cancel(care: Care) -> None:
    await care.process(script("Slow", "echo begun; sleep 600"))
    await care.publish()
    task_id = await care.run()
    async with asyncio.timeout(60):
        async for _ in care.server.engine.watch(task_id):
            if "begun" in await care.lines(task_id):
                break
    await care.client.post(f"/api/tasks/{task_id}/cancel")
    assert (await care.ended(task_id))["State"] == "Canceled"


@asynccontextmanager
async def started(settings: Settings) -> AsyncIterator[Care]:
    """A server on the data from its start to its end."""
    server = assemble(settings)
    await server.start()
    transport = httpx.ASGITransport(server.application)  # type: ignore[arg-type]
    headers = {"X-Octopus-ApiKey": API_KEY}
    async with httpx.AsyncClient(transport=transport, base_url="http://polpo.test", headers=headers) as client:
        yield Care(client, server, {})
    await server.close()


async def test_run_goes_on_where_it_was_after_a_restart(server_settings: Settings) -> None:
    ask = {"Name": "Ask", "Actions": [{"Name": "Ask", "ActionType": "Octopus.Manual"}]}
    async with started(server_settings) as care:
        group = {"ProjectGroupId": "ProjectGroups-1", "LifecycleId": "Lifecycles-1"}
        await create(care.client, "projects", Name="Web Shop", **group)
        await create(care.client, "environments", Name="Dev")
        await create(care.client, "runbooks", Name="Restart", ProjectId="Projects-1")
        await care.process(script("One", "echo one is done"), ask, script("Two", "echo two is done"))
        await care.publish()
        task_id = await care.run()
        await care.in_state(task_id, TaskState.PAUSED)
    async with started(server_settings) as care:
        await care.process(script("Other", "exit 1"))  # what was frozen goes on, not what there is now
        asked = (await care.client.get(f"{SPACE}/interruptions?regarding=RunbookRuns-1")).json()["Items"][0]
        await care.client.put(asked["Links"]["Responsible"])
        await care.client.post(asked["Links"]["Submit"], json={"Result": "Proceed"})
        task = await care.ended(task_id)
        assert task["State"] == "Success", task["ErrorMessage"]
        done = [line for line in await care.lines(task_id) if line.endswith("is done")]
        assert done == ["one is done", "two is done"]


async def test_runs_and_deployments_do_not_wait_for_each_other(care: Care) -> None:
    """Runs of one runbook in one place go one after the other; everything else goes its own way."""
    ask = {"Name": "Ask", "Actions": [{"Name": "Ask", "ActionType": "Octopus.Manual"}]}
    await create(care.client, "runbooks", Name="Backup", ProjectId="Projects-1")
    for runbook in ("Runbooks-1", "Runbooks-2"):
        await care.process(ask, runbook=runbook)
        await care.publish(f"of {runbook}", runbook)
    await care.client.put(f"{SPACE}/projects/Projects-1/deploymentprocesses", json={"Version": 0, "Steps": [ask]})
    await care.client.post(f"{SPACE}/releases/create/v1", json={"projectName": "Web Shop", "releaseVersion": "1"})
    body = {"projectName": "Web Shop", "releaseVersion": "1", "environmentNames": ["Dev"]}
    deployed = (await care.client.post(f"{SPACE}/deployments/create/untenanted/v1", json=body)).json()
    tasks = [deployed["DeploymentServerTasks"][0]["ServerTaskId"], await care.run(), await care.run("Prod")]
    tasks.append(await care.run(runbookName="Backup"))
    for task_id in tasks:
        await care.in_state(task_id, TaskState.PAUSED)
    waits = await care.run()
    reasons = (await care.client.get(f"/api/tasks/{waits}/waiting")).json()["Reasons"]
    assert [(reason["Kind"], reason["TaskIds"]) for reason in reasons] == [("lock", [tasks[1]])]
    for task_id in (waits, *tasks):
        await care.client.post(f"/api/tasks/{task_id}/cancel")
        await care.ended(task_id)


async def test_one_run_for_each_environment(care: Care) -> None:
    await care.process(script("Hello", "echo hello"))
    await care.publish()
    body = {"ProjectName": "web-shop", "RunbookName": "restart", "EnvironmentNames": ["Dev", "prod", "dev"]}
    made = (await care.client.post(V1, json=body)).json()["RunbookRunServerTasks"]
    assert [one["RunbookRunId"] for one in made] == ["RunbookRuns-1", "RunbookRuns-2"]
    for one in made:
        assert (await care.ended(one["ServerTaskId"]))["State"] == "Success"


async def test_person_may_skip_a_step_choose_a_time_and_go_first(care: Care) -> None:
    await care.process(script("One", "echo one"), script("Two", "echo two"))
    await care.publish()
    task = await care.ended(await care.run(skipStepNames=["one"]))
    assert await care.steps_of(task["Id"]) == {"Step 1: One": "Skipped", "Step 2: Two": "Success"}
    later = await care.run(runAt=tomorrow(), priority="On")
    reasons = (await care.client.get(f"/api/tasks/{later}/waiting")).json()["Reasons"]
    assert [reason["Kind"] for reason in reasons] == ["schedule"]
    with care.server.database.read() as session:
        assert get_task(session, later).priority == PRIORITY_HIGH


async def test_new_run_takes_over_where_the_runbook_wants_it(care: Care) -> None:
    await care.process({"Name": "Ask", "Actions": [{"Name": "Ask", "ActionType": "Octopus.Manual"}]})
    await care.publish()
    running = await care.run()
    await care.in_state(running, TaskState.PAUSED)
    queued = await care.run()
    await care.settings(CancelQueuedTasks=True)
    third = await care.run()
    assert (await care.ended(queued))["State"] == "Canceled"
    assert not (await care.client.get(f"/api/tasks/{running}")).json()["IsCompleted"]
    await care.settings(CancelQueuedTasks=True, CancelRunningTasks=True)
    last = await care.run()
    assert [(await care.ended(one))["State"] for one in (running, third)] == ["Canceled", "Canceled"]
    await care.client.post(f"/api/tasks/{last}/cancel")


# -- by ids


async def test_run_is_made_by_ids(care: Care) -> None:
    await care.process(script("Hello", "echo hello"))
    snapshot = await care.publish()
    dev = care.environments["Dev"]
    body = {"RunbookId": "Runbooks-1", "RunbookSnapshotId": snapshot["Id"], "EnvironmentId": dev, "Comments": "why"}
    made = await create(care.client, "runbookRuns", **body)
    assert {name: made[name] for name in body} == body
    assert (await care.ended(made["TaskId"]))["State"] == "Success"
    assert (await create(care.client, "runbookRuns", RunbookId="Runbooks-1", EnvironmentId=dev))["Id"]


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ({}, "RunbookId is missing"),
        ({"RunbookId": "Runbooks-9"}, "RunbookId names the runbook 'Runbooks-9'"),
        ({"RunbookId": "Runbooks-1"}, "EnvironmentId is missing"),
        ({"RunbookId": "Runbooks-1", "EnvironmentId": "Environments-9"}, "EnvironmentId names"),
        ({"RunbookSnapshotId": "RunbookSnapshots-9"}, "RunbookSnapshotId names"),
        ({"RunbookId": "Runbooks-2", "RunbookSnapshotId": "RunbookSnapshots-1"}, "no snapshot of this runbook"),
    ],
)
async def test_faults_of_a_posted_run_are_told(care: Care, body: dict[str, Any], sentence: str) -> None:
    await create(care.client, "runbooks", Name="Backup", ProjectId="Projects-1")
    await care.publish()
    answer = await care.client.post(RUNS, json=body)
    assert answer.status_code == 400
    assert sentence in answer.json()["ErrorMessage"]


async def test_runs_of_one_runbook_by_parameters(care: Care) -> None:
    await care.process(script("Hello", "echo before"))
    await care.publish()
    await care.process(script("Hello", "echo after"))
    where = f"{SPACE}/runbooks/Runbooks-1/runbookRuns/create"
    places = {"EnvironmentIds": list(care.environments.values())}
    published = await care.client.post(where, json=places)
    assert published.status_code == 201, published.text
    assert [one["RunbookSnapshotId"] for one in published.json()] == ["RunbookSnapshots-1"] * 2
    [draft] = (await care.client.post(where, json={**places, "EnvironmentIds": [], "EnvironmentId": care.environments[
        "Dev"], "UseDefaultSnapshot": False})).json()  # fmt: skip
    assert draft["RunbookSnapshotId"] == "RunbookSnapshots-2"
    task = await care.ended(draft["TaskId"])
    assert "after" in await care.lines(task["Id"])
    runbook = (await care.client.get(f"{SPACE}/runbooks/Runbooks-1")).json()
    assert runbook["PublishedRunbookSnapshotId"] == "RunbookSnapshots-1"


async def test_run_is_tried_again(care: Care) -> None:
    await care.process(script("Hello", 'test "$(get_octopusvariable Pin)" = hunter22 && echo "got it, #{Who}"'))
    await care.variables(
        {"Name": "Pin", "Type": "Sensitive", "IsSensitive": True, "Prompt": {"Required": True}},
        {"Name": "Who", "Value": "nobody", "Prompt": {}},
    )
    await care.publish()
    first = await care.ended(await care.run(variables={"Pin": "hunter22", "Who": "Ada"}))
    assert first["State"] == "Success", first
    answer = await care.client.post(f"{SPACE}/projects/web-shop/runbookRuns/RunbookRuns-1/retry/v1", json={})
    assert answer.status_code == 201, answer.text
    assert (answer.json()["Id"], answer.json()["EnvironmentId"]) == ("RunbookRuns-2", care.environments["Dev"])
    second = await care.ended(answer.json()["TaskId"])
    assert "got it, Ada" in await care.lines(second["Id"])
    shown = (await care.client.get(RUNS)).text
    assert "hunter22" not in shown
    assert '"NewValue":"' not in shown


async def test_run_that_goes_on_is_not_tried_again_and_not_deleted(care: Care) -> None:
    await care.process({"Name": "Ask", "Actions": [{"Name": "Ask", "ActionType": "Octopus.Manual"}]})
    await care.publish()
    task_id = await care.run()
    retry = await care.client.post(f"{SPACE}/projects/web-shop/runbookRuns/RunbookRuns-1/retry/v1", json={})
    assert (retry.status_code, "has not ended" in retry.json()["ErrorMessage"]) == (409, True)
    for path in ("runbookRuns/RunbookRuns-1", "runbooks/Runbooks-1", "projects/Projects-1"):
        refused = await care.client.delete(f"{SPACE}/{path}")
        assert refused.status_code == 409, path
        assert f"'Run Restart snapshot S1 in Dev' has not ended ({task_id} is " in refused.json()["ErrorMessage"]
    await care.client.post(f"/api/tasks/{task_id}/cancel")
    await care.ended(task_id)
    assert (await care.client.delete(f"{SPACE}/runbookRuns/RunbookRuns-1")).status_code == 200
    assert (await care.client.get(f"{SPACE}/runbookRuns/RunbookRuns-1")).status_code == 404


@pytest.mark.parametrize("path", ["runbooks/Runbooks-1", "projects/Projects-1"])
async def test_runs_end_with_their_runbook(care: Care, path: str) -> None:
    await care.process(script("Hello", "echo hello"))
    await care.publish()
    task = await care.ended(await care.run())
    deleted = await care.client.delete(f"{SPACE}/{path}")
    assert deleted.status_code == 200, deleted.text
    assert (await care.client.get(RUNS)).json()["Items"] == []
    assert (await care.client.get(f"/api/tasks/{task['Id']}")).status_code == 404


async def test_runs_are_listed_and_narrowed(care: Care) -> None:
    await create(care.client, "runbooks", Name="Backup", ProjectId="Projects-1")
    await care.process(script("Hello", "echo hello"))
    await care.process(script("Bad", "exit 1"), runbook="Runbooks-2")
    await care.publish()
    await care.publish("S2", "Runbooks-2")
    tasks = [await care.run("Dev"), await care.run("Prod"), await care.run("Dev", runbookName="Backup")]
    for task_id in tasks:
        await care.ended(task_id)

    async def found(query: str) -> list[str]:
        page = (await care.client.get(f"{SPACE}/{query}")).json()
        return [one["Id"].removeprefix("RunbookRuns-") for one in page["Items"]]

    dev = care.environments["Dev"]
    assert await found("runbookRuns") == ["3", "2", "1"]
    assert await found("runbookRuns?skip=1&take=1") == ["2"]
    assert await found("runbookRuns?ids=RunbookRuns-1,RunbookRuns-2") == ["2", "1"]
    assert await found(f"runbookRuns?environments={dev}&projects=Projects-1") == ["3", "1"]
    assert await found("runbookRuns?runbooks=Runbooks-1") == ["2", "1"]
    assert await found("runbookRuns?taskState=Failed") == ["3"]
    assert await found("runbookRuns?partialName=prod") == ["2"]
    assert await found("runbookRuns?tenants=Tenants-1") == []
    assert await found("runbookSnapshots/RunbookSnapshots-2/runbookRuns") == ["3"]
    assert (await care.client.get(f"{RUNS}?taskState=Nope")).status_code == 400
