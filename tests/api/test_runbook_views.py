"""What is shown of runs of runbooks: previews, templates, tasks, dashboards."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from tests.api.conftest import SPACE
from tests.api.runbooks import Care, cared_for
from tests.api.test_deployments import script

from polpo.server.application import Server


@pytest.fixture
async def care(client: httpx.AsyncClient, server: Server, project: Any) -> Care:
    return await cared_for(client, server)


# -- as tasks


async def test_task_of_a_run_is_run_again(care: Care) -> None:
    await care.process(script("Bad", "exit 1"))
    await care.publish()
    first = await care.ended(await care.run())
    assert first["CanRerun"] is True
    for where in (first["Links"]["Rerun"], f"{SPACE}/tasks/rerun/{first['Id']}"):
        again = await care.client.post(where)
        assert again.status_code == 201, again.text
        assert (again.json()["Name"], again.json()["CanRerun"]) == ("RunbookRun", False)
        assert again.json()["Arguments"] != first["Arguments"]
        assert (await care.ended(again.json()["Id"]))["State"] == "Failed"


async def test_task_of_a_deployment_is_run_again(care: Care) -> None:
    ask = {"Name": "Ask", "Actions": [{"Name": "Ask", "ActionType": "Octopus.Manual"}]}
    await care.client.put(f"{SPACE}/projects/Projects-1/deploymentprocesses", json={"Version": 0, "Steps": [ask]})
    await care.client.post(f"{SPACE}/releases/create/v1", json={"projectName": "Web Shop", "releaseVersion": "1"})
    body = {"projectName": "Web Shop", "releaseVersion": "1", "environmentNames": ["Dev"]}
    made = (await care.client.post(f"{SPACE}/deployments/create/untenanted/v1", json=body)).json()
    task_id = made["DeploymentServerTasks"][0]["ServerTaskId"]
    early = await care.client.post(f"/api/tasks/rerun/{task_id}")
    assert early.status_code == 409
    assert f"{task_id} has not ended" in early.json()["ErrorMessage"]
    await care.client.post(f"/api/tasks/{task_id}/cancel")
    await care.ended(task_id)
    again = (await care.client.post(f"/api/tasks/rerun/{task_id}")).json()
    assert (again["Name"], again["Description"]) == ("Deploy", "Deploy Web Shop release 1 to Dev")
    await care.client.post(f"/api/tasks/{again['Id']}/cancel")
    await care.ended(again["Id"])
    await care.client.delete(f"{SPACE}/deployments/{made['DeploymentServerTasks'][0]['DeploymentId']}")
    gone = await care.client.post(f"/api/tasks/rerun/{task_id}")
    assert gone.status_code == 404


async def test_tasks_are_narrowed_to_runbooks(care: Care) -> None:
    await care.publish()
    task = await care.ended(await care.run())
    for query, total in (("runbook=Runbooks-1", 1), ("runbook=Runbooks-2", 0), ("name=RunbookRun&runbook=", 1)):
        assert (await care.client.get(f"{SPACE}/tasks?{query}")).json()["TotalResults"] == total, query
    assert {"Id": "RunbookRun", "Name": "Run a runbook"} in (await care.client.get("/api/tasks/tasktypes")).json()
    assert task["ProjectId"] == "Projects-1"


async def test_dashboards_show_what_ran_where(care: Care) -> None:
    await care.process(script("Hello", "echo hello"))
    await care.publish()
    dev, prod = care.environments["Dev"], care.environments["Prod"]
    tasks = [await care.run("Dev"), await care.run("Prod"), await care.run("Dev")]
    for task_id in tasks:
        await care.ended(task_id)
    runbook = (await care.client.get(f"{SPACE}/runbooks/Runbooks-1")).json()
    shown = (await care.client.get(runbook["Links"]["Progression"])).json()
    assert [(one["Id"], one["Name"]) for one in shown["Environments"]] == [(dev, "Dev"), (prod, "Prod")]
    assert [one["TaskId"] for one in shown["RunbookRuns"][dev]] == [tasks[2], tasks[0]]
    [item] = shown["RunbookRuns"][prod]
    assert [item[name] for name in ("State", "RunbookSnapshotName", "RunbookId", "RunBy", "IsCompleted")] == [
        "Success", "S1", "Runbooks-1", "admin", True
    ]  # fmt: skip
    for path in ("projects/web-shop/runbookTaskRunDashboardItems", "progression/runbooks/taskRuns"):

        async def found(query: str, where: str = path) -> list[str]:
            return [one["TaskId"] for one in (await care.client.get(f"{SPACE}/{where}?{query}")).json()]

        assert await found("") == tasks[::-1]
        assert await found("skip=1&take=1") == [tasks[1]]
        assert await found(f"environmentIds={dev}&runbookIds=Runbooks-1&taskIds={tasks[0]}") == [tasks[0]]
        assert await found("runbookIds=Runbooks-2") == []
        assert await found("newestOnly=true") == [tasks[2], tasks[1]]


# -- previews


async def test_preview_shows_steps_and_problems(care: Care) -> None:
    step = script("Web", "echo hello", StepProperties={"Octopus.Action.TargetRoles": "web"})
    del step["Actions"][0]["Properties"]["Octopus.Action.RunOnServer"]
    await care.process(step, script("Off", "echo", IsDisabled=True))
    await care.settings(ConnectivityPolicy={"AllowDeploymentsToNoTargets": False})
    snapshot = await care.publish()
    dev = care.environments["Dev"]
    paths = (
        f"runbookSnapshots/{snapshot['Id']}/runbookRuns/preview/{dev}",
        f"runbooks/Runbooks-1/runbookRuns/preview/{dev}",
        f"projects/web-shop/runbooks/restart/runbookRuns/preview/{dev}",
    )
    for path in paths:
        preview = (await care.client.get(f"{SPACE}/{path}?includeDisabledSteps=true")).json()
        assert [one["ActionName"] for one in preview["StepsToExecute"]] == ["Web", "Off"]
        assert preview["StepsToExecute"][0]["HasNoApplicableMachines"] is True
        assert len(preview["Problems"]) == 1
        short = (await care.client.get(f"{SPACE}/{path}")).json()
        assert [one["ActionName"] for one in short["StepsToExecute"]] == ["Web"]
    assert "so step 'Web' has nowhere to run" in await care.refused()


async def test_several_previews_at_once(care: Care) -> None:
    await care.process(script("Hello", "echo hello"))
    snapshot = await care.publish()
    body = {"DeploymentPreviews": [{"EnvironmentId": one} for one in care.environments.values()]}
    for path in (f"runbookSnapshots/{snapshot['Id']}", "runbooks/Runbooks-1", "projects/web-shop/runbooks/restart"):
        previews = (await care.client.post(f"{SPACE}/{path}/runbookRuns/previews", json=body)).json()
        assert [one["Id"] for one in previews] == list(care.environments.values())
    unknown = {"DeploymentPreviews": [{"EnvironmentId": "Environments-9"}]}
    missing = await care.client.post(f"{SPACE}/runbooks/Runbooks-1/runbookRuns/previews", json=unknown)
    assert missing.status_code == 404


async def test_template_says_where_and_whether_the_snapshot_is_old(care: Care) -> None:
    await care.process(script("Hello", "echo hello"))
    snapshot = await care.publish()
    for path in (f"runbookSnapshots/{snapshot['Id']}/runbookRuns/template", "runbooks/Runbooks-1/runbookRunTemplate"):
        fresh = (await care.client.get(f"{SPACE}/{path}")).json()
        assert [one["Name"] for one in fresh["PromoteTo"]] == ["Dev", "Prod"]
        assert (fresh["IsRunbookProcessModified"], fresh["IsVariableSetModified"]) == (False, False)
        target = fresh["PromoteTo"][0]["Links"]["RunbookRunPreview"].partition("{")[0]
        assert (await care.client.get(target)).status_code == 200
    await care.process(script("Hello", "echo hello again"))
    await care.variables({"Name": "Word", "Value": "new"})
    old = (await care.client.get(f"{SPACE}/runbookSnapshots/{snapshot['Id']}/runbookRuns/template")).json()
    assert (old["IsRunbookProcessModified"], old["IsVariableSetModified"]) == (True, True)
