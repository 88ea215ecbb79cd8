"""The calls that the official clients make for runbooks, in their order and with their bodies, as recorded."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest
from tests.api.conftest import SPACE, create
from tests.api.test_deployments import script

from polpo.server.application import Server

#: What the command line adds to each command of the executions API.
BASE = {
    "spaceId": "Spaces-1",
    "spaceIdOrName": "Spaces-1",
    "projectName": "Web",
    "forcePackageDownload": False,
    "useGuidedFailure": None,
}


@pytest.fixture
async def web(client: httpx.AsyncClient) -> Any:
    """The project `Web` with the runbook `Restart`, which asks for the variable A, and the environment `Dev`."""
    await create(client, "environments", Name="Dev")
    await create(client, "tagsets", Name="Tier", Tags=[{"Name": "Gold"}], Scopes=["Runbook"])
    project = await create(client, "projects", Name="Web", ProjectGroupId="ProjectGroups-1", LifecycleId="Lifecycles-1")
    runbook = await create(client, "runbooks", Name="Restart", ProjectId=project["Id"], RunbookTags=["Tier/Gold"])
    steps = [script("Say", 'echo "A is #{A}"')]
    await client.put(runbook["Links"]["RunbookProcesses"], json={"Version": 0, "Steps": steps})
    variables = [{"Name": "A", "Value": "0", "Prompt": {"Label": "A"}}]
    await client.put(f"{SPACE}/projects/{project['Id']}/variables", json={"Version": 0, "Variables": variables})
    return project


async def find_project(client: httpx.AsyncClient) -> str:
    """By id first, then by name: a name where an id belongs must be a 404 that says so in JSON."""
    missing = await client.get(f"{SPACE}/projects/Web%20")
    assert missing.status_code == 404
    assert missing.json()["ErrorMessage"]
    [found] = (await client.get(f"{SPACE}/projects?partialName=Web")).json()["Items"]
    assert found["PersistenceSettings"]["Type"] == "Database"
    return str(found["Id"])


async def find_runbook(client: httpx.AsyncClient, project_id: str) -> Any:
    missing = await client.get(f"{SPACE}/runbooks/Restart")
    assert missing.status_code == 404
    assert missing.json()["ErrorMessage"]
    [found] = (await client.get(f"{SPACE}/projects/{project_id}/runbooks?partialName=Restart")).json()["Items"]
    return found


async def finished(server: Server, client: httpx.AsyncClient, task_id: str) -> Any:
    async with asyncio.timeout(60):
        async for _ in server.engine.watch(task_id):
            pass
    [task] = (await client.get(f"/api/tasks?ids={task_id}")).json()["Items"]
    return task


async def create_snapshot(client: httpx.AsyncClient, project_id: str, name: str, query: str = "") -> Any:
    """`octopus runbook snapshot create`"""
    runbook = await find_runbook(client, project_id)
    template = (await client.get(runbook["Links"]["RunbookSnapshotTemplate"])).json()
    assert (template["Packages"], template["GitResources"], bool(template["NextNameIncrement"])) == ([], [], True)
    return await create(
        client,
        f"runbookSnapshots{query}",
        LibraryVariableSetSnapshotIds=[],
        Name=name,
        Notes="n",
        ProjectId=project_id,
        RunbookId=runbook["Id"],
        SelectedPackages=None,
    )


async def test_command_line_makes_lists_and_publishes_snapshots(client: httpx.AsyncClient, web: Any) -> None:
    project_id = await find_project(client)
    first = await create_snapshot(client, project_id, "Snapshot 1")
    second = await create_snapshot(client, project_id, "S2", "?publish=true")
    assert (second["Name"], second["Notes"], bool(second["Assembled"])) == ("S2", "n", True)
    runbook = await find_runbook(client, project_id)
    listed = await client.get(
        f"{SPACE}/projects/{project_id}/runbooks/{runbook['Id']}/runbookSnapshots?take=2147483647"
    )
    assert [(one["Name"], one["Id"] == runbook["PublishedRunbookSnapshotId"]) for one in listed.json()["Items"]] == [
        ("S2", True), ("Snapshot 1", False)
    ]  # fmt: skip
    named = (await client.get(f"{SPACE}/projects/{project_id}/runbookSnapshots/Snapshot%201")).json()
    known: tuple[str, ...] = (
        "ConnectivityPolicy",
        "DefaultGuidedFailureMode",
        "EnvironmentScope",
        "MultiTenancyMode",
        "Name",
    )
    known += ("ProjectId", "RunRetentionPolicy", "RunbookProcessId", "RunbookTags", "SpaceId", "Id", "Links")
    body = {name: runbook[name] for name in known}
    body |= {"PublishedRunbookSnapshotId": named["Id"], "ForcePackageDownload": False}
    published = (await client.put(f"{SPACE}/runbooks/{runbook['Id']}", json=body)).json()
    assert (published["PublishedRunbookSnapshotId"], published["RunbookTags"]) == (first["Id"], ["Tier/Gold"])


async def test_command_line_lists_and_deletes_runbooks(client: httpx.AsyncClient, web: Any) -> None:
    project_id = await find_project(client)
    await create_snapshot(client, project_id, "S1", "?publish=true")
    [listed] = (await client.get(f"{SPACE}/projects/{project_id}/runbooks?take=2147483647")).json()["Items"]
    assert (listed["Id"], listed["Name"], listed["Description"]) == ("Runbooks-1", "Restart", "")
    deleted = await client.delete(f"{SPACE}/runbooks/{(await find_runbook(client, project_id))['Id']}")
    assert (deleted.status_code, deleted.json()) == (200, {})


async def test_command_line_runs_a_runbook(server: Server, client: httpx.AsyncClient, web: Any) -> None:
    await create_snapshot(client, await find_project(client), "S1", "?publish=true")
    body = {**BASE, "runbookName": "Restart", "environmentNames": ["Dev"], "variables": {"A": "1"}}
    [made] = (await client.post(f"{SPACE}/runbook-runs/create/v1", json=body)).json()["RunbookRunServerTasks"]
    assert made["RunbookRunId"] == "RunbookRuns-1"
    task = await finished(server, client, made["ServerTaskId"])
    assert (task["FinishedSuccessfully"], task["IsCompleted"], task["State"]) == (True, True, "Success")
    assert "A is 1" in (await client.get(f"{SPACE}/tasks/{task['Id']}/raw")).text


async def test_command_line_that_names_a_tenant_is_told_why_not(client: httpx.AsyncClient, web: Any) -> None:
    await create_snapshot(client, await find_project(client), "S1", "?publish=true")
    body = {**BASE, "runbookName": "Restart", "environmentNames": ["Dev"], "tenants": ["Acme"]}
    answer = await client.post(f"{SPACE}/runbook-runs/create/v1", json=body)
    assert answer.status_code == 400
    assert answer.json()["Errors"] == [
        "The runbook 'Restart' does not run for tenants; leave them out, or change its mode."
    ]


async def test_command_line_runs_runbooks_by_tag(server: Server, client: httpx.AsyncClient, web: Any) -> None:
    """It reads the tags, looks at the preview of what is published, and then runs each runbook by its name."""
    project_id = await find_project(client)
    await create_snapshot(client, project_id, "S1", "?publish=true")
    [runbook] = (await client.get(f"{SPACE}/projects/{project_id}/runbooks?take=2147483647")).json()["Items"]
    assert runbook["RunbookTags"] == ["Tier/Gold"]
    [dev] = (await client.get(f"{SPACE}/environments/all")).json()
    where = f"{SPACE}/runbookSnapshots/{runbook['PublishedRunbookSnapshotId']}/runbookRuns/preview/{dev['Id']}"
    preview = (await client.get(f"{where}?includeDisabledSteps=true")).json()
    assert [step["ActionName"] for step in preview["StepsToExecute"]] == ["Say"]
    assert preview["Form"]["Elements"][0]["Control"]["Name"] == "A"
    assert preview["UseGuidedFailureModeByDefault"] is False
    body = {**BASE, "runbookName": "Restart", "environmentNames": ["Dev"]}
    [made] = (await client.post(f"{SPACE}/runbook-runs/create/v1", json=body)).json()["RunbookRunServerTasks"]
    assert (await finished(server, client, made["ServerTaskId"]))["State"] == "Success"


@pytest.mark.parametrize("more", [{"UseGuidedFailure": False}, {}])
async def test_script_library_and_assistant_run_a_runbook(
    server: Server, client: httpx.AsyncClient, web: Any, more: dict[str, Any]
) -> None:
    """They name the space, too, and write some properties in lower case."""
    await create_snapshot(client, web["Id"], "S1", "?publish=true")
    body: dict[str, Any] = {"spaceId": "Spaces-1", "spaceIdOrName": "Default", "spaceName": "Default"}
    body |= {"ProjectName": "Web"}
    body |= {"RunbookName": "Restart", "EnvironmentNames": ["Dev"], **more}
    [made] = (await client.post(f"{SPACE}/runbook-runs/create/v1", json=body)).json()["RunbookRunServerTasks"]
    waited = await finished(server, client, made["ServerTaskId"])
    assert waited["Arguments"] == {"RunbookRunId": made["RunbookRunId"]}
    run = (await client.get(f"{SPACE}/runbookRuns/{made['RunbookRunId']}")).json()
    assert (run["RunbookId"], run["UseGuidedFailure"]) == ("Runbooks-1", False)


async def test_assistant_finds_runbooks(client: httpx.AsyncClient, web: Any) -> None:
    [project] = (await client.get(f"{SPACE}/projects?take=100&partialName=Web")).json()["Items"]
    page = (await client.get(f"{SPACE}/projects/{project['Id']}/runbooks")).json()
    assert (page["ItemType"], page["TotalResults"], page["Items"][0]["Name"]) == ("Runbook", 1, "Restart")
    assert (await client.get(f"/api/{page['Items'][0]['SpaceId']}/runbooks/Runbooks-1")).json()["Name"] == "Restart"
