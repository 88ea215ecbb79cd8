"""Runbooks and their processes over HTTP."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from tests.api.conftest import SPACE, create

#: Everything that a client may set, with values that are no defaults.
FULL = {
    "Name": "Restart",
    "Description": "Stops and starts.",
    "EnvironmentScope": "FromProjectLifecycles",
    "MultiTenancyMode": "TenantedOrUntenanted",
    "ConnectivityPolicy": {
        "AllowDeploymentsToNoTargets": False,
        "ExcludeUnhealthyTargets": True,
        "SkipMachineBehavior": "SkipUnavailableMachines",
        "TargetRoles": ["web"],
    },
    "DefaultGuidedFailureMode": "On",
    "RunRetentionPolicy": {"Strategy": "Count", "QuantityToKeep": 7, "Unit": "Days", "ShouldKeepForever": False},
    "ForcePackageDownload": True,
    "FailTargetDiscovery": True,
    "CancelQueuedTasks": True,
    "CancelRunningTasks": True,
    "RunbookTags": ["Tier/Gold"],
}


def step(name: str, **more: Any) -> dict[str, Any]:
    return {"Name": name, "Actions": [{"Name": name, "ActionType": "Octopus.Script", **more}]}


async def make_tag(client: httpx.AsyncClient) -> None:
    """Tier/Gold, for runbooks."""
    await create(client, "tagsets", Name="Tier", Scopes=["Runbook"], Tags=[{"Name": "Gold"}])


@pytest.fixture
async def runbook(client: httpx.AsyncClient, project: Any) -> Any:
    return await create(client, "runbooks", Name="Restart", ProjectId=project["Id"])


async def test_new_runbook_has_the_defaults_of_the_original(client: httpx.AsyncClient, runbook: Any) -> None:
    assert (runbook["Id"], runbook["Slug"], runbook["SpaceId"]) == ("Runbooks-1", "restart", "Spaces-1")
    assert runbook["RunbookProcessId"] == "RunbookProcess-Runbooks-1"
    assert runbook["PublishedRunbookSnapshotId"] is None
    assert (runbook["EnvironmentScope"], runbook["MultiTenancyMode"]) == ("All", "Untenanted")
    assert runbook["ConnectivityPolicy"]["AllowDeploymentsToNoTargets"] is True
    assert runbook["RunRetentionPolicy"] == {
        "Strategy": "Default", "QuantityToKeep": 100, "Unit": "Items", "ShouldKeepForever": False
    }  # fmt: skip
    process = (await client.get(runbook["Links"]["RunbookProcesses"])).json()
    assert (process["RunbookId"], process["ProjectId"], process["Version"], process["Steps"]) == (
        "Runbooks-1", "Projects-1", 0, []
    )  # fmt: skip


async def test_what_is_written_comes_back(client: httpx.AsyncClient, project: Any) -> None:
    await make_tag(client)
    made = await create(client, "runbooks", ProjectId=project["Id"], **FULL)
    read = (await client.get(made["Links"]["Self"])).json()
    assert {name: read[name] for name in FULL} == FULL
    changed = {**read, "Name": "Start anew", "Slug": "anew", "RunRetentionPolicy": {"ShouldKeepForever": True}}
    answer = await client.put(made["Links"]["Self"], json=changed)
    assert answer.status_code == 200, answer.text
    assert (answer.json()["Name"], answer.json()["Slug"]) == ("Start anew", "anew")
    assert answer.json()["RunRetentionPolicy"]["Strategy"] == "Forever"


async def test_runbook_stays_in_its_project(client: httpx.AsyncClient, runbook: Any) -> None:
    other = await create(client, "projects", Name="Other", ProjectGroupId="ProjectGroups-1", LifecycleId="Lifecycles-1")
    moved = {**runbook, "ProjectId": other["Id"], "RunbookProcessId": "RunbookProcess-Runbooks-9"}
    answer = (await client.put(runbook["Links"]["Self"], json=moved)).json()
    assert (answer["ProjectId"], answer["RunbookProcessId"]) == (runbook["ProjectId"], runbook["RunbookProcessId"])


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ({"Name": "X"}, "ProjectId is missing"),
        ({"Name": "X", "ProjectId": "Projects-9"}, "ProjectId names the project 'Projects-9', which does not exist."),
        ({"ProjectId": "Projects-1"}, "needs a name"),
        ({"Name": "restart", "ProjectId": "Projects-1"}, "is already taken by another runbook"),
        ({"Name": "X", "ProjectId": "Projects-1", "Environments": ["Environments-9"]}, "Environments[0] names"),
        ({"Name": "X", "ProjectId": "Projects-1", "EnvironmentScope": "Nowhere"}, "EnvironmentScope"),
        ({"Name": "X", "ProjectId": "Projects-1", "RunRetentionPolicy": {"QuantityToKeep": -1}}, "cannot be below 0"),
    ],
)
async def test_faults_are_told(client: httpx.AsyncClient, runbook: Any, body: dict[str, Any], sentence: str) -> None:
    answer = await client.post(f"{SPACE}/runbooks", json=body)
    assert answer.status_code == 400
    assert sentence in " ".join(answer.json()["Errors"])


async def test_names_and_slugs_are_unique_in_a_project_only(client: httpx.AsyncClient, runbook: Any) -> None:
    other = await create(client, "projects", Name="Other", ProjectGroupId="ProjectGroups-1", LifecycleId="Lifecycles-1")
    same = await create(client, f"projects/{other['Id']}/runbooks", Name="Restart")
    assert (same["ProjectId"], same["Slug"]) == (other["Id"], "restart")
    found = [(await client.get(f"{SPACE}/projects/{one}/runbooks/restart")).json() for one in ("web-shop", "other")]
    assert [one["Id"] for one in found] == ["Runbooks-1", "Runbooks-2"]
    missing = await client.get(f"{SPACE}/runbooks/restart")
    assert missing.status_code == 404
    assert "Errors" not in missing.json()


async def test_runbooks_are_listed_and_narrowed(client: httpx.AsyncClient, project: Any) -> None:
    for name in ("Restart", "Backup", "Restore"):
        await create(client, f"projects/{project['Id']}/runbooks", Name=name)

    async def names(path: str) -> list[str]:
        found = (await client.get(f"{SPACE}/{path}")).json()
        return [one["Name"] for one in (found if isinstance(found, list) else found["Items"])]

    of_project = f"projects/{project['Id']}/runbooks"
    assert await names("runbooks?take=2147483647") == ["Backup", "Restart", "Restore"]
    assert await names("runbooks?projectIds=Projects-9") == []
    assert await names("runbooks?projectIds=Projects-1&partialName=REST") == ["Restart", "Restore"]
    assert await names("runbooks/all?ids=Runbooks-2") == ["Backup"]
    assert await names(f"{of_project}?partialName=restart") == ["Restart"]
    assert await names(f"{of_project}?searchByName=re&skip=1&take=1") == ["Restore"]
    assert await names(f"{of_project}/all") == ["Backup", "Restart", "Restore"]


async def test_runbook_of_another_project_is_not_found_below_this_one(client: httpx.AsyncClient, runbook: Any) -> None:
    other = await create(client, "projects", Name="Other", ProjectGroupId="ProjectGroups-1", LifecycleId="Lifecycles-1")
    for path in (f"runbooks/{runbook['Id']}", f"runbookProcesses/{runbook['RunbookProcessId']}"):
        assert (await client.get(f"{SPACE}/projects/{other['Id']}/{path}")).status_code == 404


async def test_runbook_is_changed_and_deleted_below_its_project(client: httpx.AsyncClient, runbook: Any) -> None:
    where = f"{SPACE}/projects/web-shop/runbooks/restart"
    changed = await client.put(where, json={**runbook, "Description": "new"})
    assert changed.json()["Description"] == "new"
    deleted = await client.delete(where)
    assert (deleted.status_code, deleted.json()) == (200, {})
    assert (await client.get(runbook["Links"]["Self"])).status_code == 404
    assert (await client.get(runbook["Links"]["RunbookProcesses"])).status_code == 404


async def test_copy_has_settings_and_steps_of_its_own(client: httpx.AsyncClient, project: Any) -> None:
    await make_tag(client)
    source = await create(client, "runbooks", ProjectId=project["Id"], **FULL)
    secret = {"HasValue": True, "NewValue": "opensesame"}
    steps = [step("Say", Properties={"Plain": "a", "Secret": secret})]
    await client.put(source["Links"]["RunbookProcesses"], json={"Version": 0, "Steps": steps})
    copy = await create(client, f"runbooks?clone={source['Id']}", Name="Restart too")
    assert {name: copy[name] for name in FULL if name != "Name"} == {
        name: FULL[name] for name in FULL if name != "Name"
    }
    assert copy["Slug"] == "restart-too"
    process = (await client.get(copy["Links"]["RunbookProcesses"])).json()
    assert (process["RunbookId"], process["Steps"][0]["Name"]) == (copy["Id"], "Say")
    assert process["Steps"][0]["Actions"][0]["Properties"]["Secret"]["HasValue"] is True
    await client.delete(source["Links"]["Self"])
    assert (await client.get(copy["Links"]["RunbookProcesses"])).status_code == 200


# -- processes


async def test_steps_are_completed_and_need_the_version_that_was_read(client: httpx.AsyncClient, runbook: Any) -> None:
    where = f"{SPACE}/projects/web-shop/runbookProcesses/{runbook['RunbookProcessId']}"
    saved = await client.put(where, json={"Version": 0, "Steps": [step("Say"), step("Say more")]})
    assert saved.status_code == 200, saved.text
    assert saved.json()["Version"] == 1
    assert [one["Slug"] for one in saved.json()["Steps"]] == ["say", "say-more"]
    stale = await client.put(where, json={"Version": 0, "Steps": []})
    assert stale.status_code == 409
    assert "The process of the runbook was changed in the meantime: it has version 1" in stale.json()["ErrorMessage"]
    again = (await client.get(f"{SPACE}/runbookProcesses/{runbook['RunbookProcessId']}")).json()
    assert [one["Id"] for one in again["Steps"]] == [one["Id"] for one in saved.json()["Steps"]]


@pytest.mark.parametrize(
    ("steps", "sentence"),
    [
        ([step("A"), step("a")], "There are two steps with the name 'a'"),
        ([{"Name": "A", "Actions": []}], "has no action"),
        ([step("A", Channels=["Channels-1"])], "names channels; a runbook runs without a release"),
        ([step("A", Environments=["Environments-9"])], "which does not exist"),
    ],
)
async def test_steps_that_could_not_run_are_refused(
    client: httpx.AsyncClient, runbook: Any, steps: list[Any], sentence: str
) -> None:
    answer = await client.put(runbook["Links"]["RunbookProcesses"], json={"Version": 0, "Steps": steps})
    assert answer.status_code == 400
    assert sentence in " ".join(answer.json()["Errors"])


async def test_processes_are_listed(client: httpx.AsyncClient, runbook: Any) -> None:
    await create(client, "runbooks", Name="Backup", ProjectId=runbook["ProjectId"])
    page = (await client.get(f"{SPACE}/runbookProcesses")).json()
    assert [one["RunbookId"] for one in page["Items"]] == ["Runbooks-1", "Runbooks-2"]


# -- what else knows runbooks


async def test_runbook_says_where_it_may_run(client: httpx.AsyncClient, runbook: Any) -> None:
    ids = {name: (await create(client, "environments", Name=name))["Id"] for name in ("Dev", "Test", "Prod")}
    phases = [{"Name": "One", "OptionalDeploymentTargets": [ids["Prod"]]}]
    lifecycle = await create(client, "lifecycles", Name="Short", Phases=phases)
    project = (await client.get(f"{SPACE}/projects/web-shop")).json()
    await client.put(project["Links"]["Self"], json={**project, "LifecycleId": lifecycle["Id"]})

    async def places(**more: Any) -> list[str]:
        answer = await client.put(runbook["Links"]["Self"], json={**runbook, **more})
        assert answer.status_code == 200, answer.text
        short = (await client.get(f"{SPACE}/runbooks/Runbooks-1/environments")).json()
        assert (await client.get(runbook["Links"]["RunbookEnvironments"])).json() == short
        return [one["Name"] for one in short]

    assert await places() == ["Dev", "Test", "Prod"]
    assert await places(EnvironmentScope="Specified", Environments=[ids["Test"]]) == ["Test"]
    assert await places(EnvironmentScope="FromProjectLifecycles") == ["Prod"]
    await create(client, "channels", Name="Beta", ProjectId=project["Id"], LifecycleId="Lifecycles-1")
    assert await places(EnvironmentScope="FromProjectLifecycles") == ["Dev", "Test", "Prod"]


async def test_environment_that_a_runbook_names_stays(client: httpx.AsyncClient, runbook: Any) -> None:
    dev = await create(client, "environments", Name="Dev")
    narrowed = {**runbook, "EnvironmentScope": "Specified", "Environments": [dev["Id"]]}
    await client.put(runbook["Links"]["Self"], json=narrowed)
    refused = await client.delete(dev["Links"]["Self"])
    assert refused.status_code == 409
    assert "the runbook 'Restart'" in refused.json()["ErrorMessage"]


async def test_project_knows_its_runbooks(client: httpx.AsyncClient, project: Any) -> None:
    before = (await client.get(project["Links"]["Summary"])).json()
    runbook = await create(client, "runbooks", Name="Restart", ProjectId=project["Id"])
    after = (await client.get(project["Links"]["Summary"])).json()
    assert (before["HasRunbooks"], after["HasRunbooks"]) == (False, True)
    variables = (await client.get(project["Links"]["Variables"])).json()
    assert {"ProcessType": "Runbook", "Id": runbook["Id"], "Name": "Restart"} in variables["ScopeValues"]["Processes"]
    assert (await client.delete(project["Links"]["Self"])).status_code == 200
    assert (await client.get(f"{SPACE}/runbooks/all")).json() == []
    assert (await client.get(f"{SPACE}/runbookProcesses")).json()["Items"] == []


async def test_copy_of_a_project_has_copies_of_its_runbooks(client: httpx.AsyncClient, runbook: Any) -> None:
    await client.put(runbook["Links"]["RunbookProcesses"], json={"Version": 0, "Steps": [step("Say")]})
    where = f"{SPACE}/projects/web-shop/variables"
    scoped = {"Name": "Word", "Value": "x", "Scope": {"ProcessOwner": [runbook["Id"]]}}
    await client.put(where, json={"Version": 0, "Variables": [scoped]})
    copy = await create(client, "projects?clone=web-shop", Name="Copy")
    [theirs] = (await client.get(f"{SPACE}/projects/{copy['Id']}/runbooks")).json()["Items"]
    assert (theirs["Name"], theirs["Slug"], theirs["Id"]) == ("Restart", "restart", "Runbooks-2")
    process = (await client.get(theirs["Links"]["RunbookProcesses"])).json()
    assert (process["ProjectId"], process["Steps"][0]["Name"]) == (copy["Id"], "Say")
    [variable] = (await client.get(f"{SPACE}/projects/{copy['Id']}/variables")).json()["Variables"]
    assert variable["Scope"]["ProcessOwner"] == [theirs["Id"]]


async def test_a_runbook_with_a_tag_that_does_not_exist_is_refused(client: httpx.AsyncClient, project: Any) -> None:
    told = {"Name": "Restart", "ProjectId": project["Id"], "RunbookTags": ["Kind/Repair"]}
    answer = await client.post(f"{SPACE}/runbooks", json=told)
    assert answer.status_code == 400
    assert "RunbookTags" in answer.json()["Errors"][0]
