"""Projects over HTTP."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from tests.api.conftest import SPACE, create


async def test_a_new_project_has_process_variables_and_a_default_channel(
    client: httpx.AsyncClient, project: Any
) -> None:
    assert (project["Id"], project["Slug"]) == ("Projects-1", "web-shop")
    assert project["DeploymentProcessId"] == "deploymentprocess-Projects-1"
    assert project["VariableSetId"] == "variableset-Projects-1"
    assert project["PersistenceSettings"] == {"Type": "Database"}
    assert "LastMajor" in project["VersioningStrategy"]["Template"]

    process = (await client.get(project["Links"]["DeploymentProcess"])).json()
    variables = (await client.get(project["Links"]["Variables"])).json()
    channels = (await client.get(f"{SPACE}/projects/web-shop/channels")).json()
    assert (process["Steps"], process["Version"], process["ProjectId"]) == ([], 0, "Projects-1")
    assert (variables["Variables"], variables["OwnerId"]) == ([], "Projects-1")
    [channel] = channels["Items"]
    assert (channel["Name"], channel["IsDefault"], channel["LifecycleId"]) == ("Default", True, None)


@pytest.mark.parametrize("named", ["Projects-1", "web-shop"])
async def test_a_project_is_read_by_id_and_slug(client: httpx.AsyncClient, project: Any, named: str) -> None:
    assert (await client.get(f"{SPACE}/projects/{named}")).json() == project


async def test_a_project_without_group_and_lifecycle_is_refused(client: httpx.AsyncClient) -> None:
    nothing = await client.post(f"{SPACE}/projects", json={"Name": "A"})
    missing = await client.post(
        f"{SPACE}/projects", json={"Name": "A", "LifecycleId": "Lifecycles-9", "ProjectGroupId": "ProjectGroups-1"}
    )

    assert [fault.split()[0] for fault in nothing.json()["Errors"]] == ["LifecycleId", "ProjectGroupId"]
    assert missing.json()["Errors"][0] == "LifecycleId names the lifecycle 'Lifecycles-9', which does not exist."


async def test_a_project_cannot_use_the_lifecycle_of_another_space(client: httpx.AsyncClient) -> None:
    second = (await client.post("/api/spaces", json={"Name": "Second"})).json()["Id"]
    [group] = (await client.get(f"/api/{second}/projectgroups/all")).json()

    answer = await client.post(
        f"/api/{second}/projects",
        json={"Name": "A", "LifecycleId": "Lifecycles-1", "ProjectGroupId": group["Id"]},
    )

    assert answer.status_code == 400
    assert answer.json()["ErrorMessage"].startswith("LifecycleId names the lifecycle 'Lifecycles-1'")


async def test_a_name_is_taken_once_in_a_space(client: httpx.AsyncClient, project: Any) -> None:
    answer = await client.post(f"{SPACE}/projects", json={**project, "Name": "WEB shop"})

    assert answer.status_code == 400
    assert "already taken" in answer.json()["ErrorMessage"]


async def test_a_change_keeps_what_is_the_servers(client: httpx.AsyncClient, project: Any) -> None:
    changed = {"Name": "Shop", "IsDisabled": True, "ProjectGroupId": "ProjectGroups-1", "LifecycleId": "Lifecycles-1"}
    body = {**changed, "VariableSetId": "variableset-Projects-9", "IsVersionControlled": True}

    answer = await client.put(f"{SPACE}/projects/Projects-1", json=body)

    after = answer.json()
    assert (after["Name"], after["IsDisabled"], after["Slug"]) == ("Shop", True, "web-shop")
    assert (after["VariableSetId"], after["IsVersionControlled"]) == ("variableset-Projects-1", False)
    assert after["VersioningStrategy"] == project["VersioningStrategy"]


async def test_projects_are_listed_by_filters(client: httpx.AsyncClient, project: Any) -> None:
    same = {"ProjectGroupId": "ProjectGroups-1", "LifecycleId": "Lifecycles-1"}
    await create(client, "projects", Name="Back Office", **same)

    async def names(query: str) -> list[str]:
        return [item["Name"] for item in (await client.get(f"{SPACE}/projects{query}")).json()["Items"]]

    assert await names("") == ["Back Office", "Web Shop"]
    assert await names("?partialName=shop") == ["Web Shop"]
    assert await names("?name=back%20office") == ["Back Office"]
    assert await names("?ids=Projects-1,Projects-7") == ["Web Shop"]
    assert await names("?take=1&skip=1") == ["Web Shop"]
    everyone = (await client.get(f"{SPACE}/projects/all")).json()
    group = (await client.get(f"{SPACE}/projectgroups/ProjectGroups-1/projects")).json()["Items"]
    following = (await client.get(f"{SPACE}/lifecycles/Lifecycles-1/projects")).json()
    assert [one["Name"] for one in everyone] == [one["Name"] for one in group] == [one["Name"] for one in following]


async def test_deployment_settings_are_a_view_of_the_project(client: httpx.AsyncClient, project: Any) -> None:
    settings = (await client.get(project["Links"]["DeploymentSettings"])).json()
    wanted = {
        **settings,
        "ConnectivityPolicy": {"AllowDeploymentsToNoTargets": True, "SkipMachineBehavior": "SkipUnavailableMachines"},
        "VersioningStrategy": {"Template": "1.0.i"},
        "ForcePackageDownload": True,
    }

    changed = (await client.put(settings["Links"]["Self"], json=wanted)).json()

    after = (await client.get(project["Links"]["Self"])).json()
    assert changed["ConnectivityPolicy"]["AllowDeploymentsToNoTargets"] is True
    assert after["ProjectConnectivityPolicy"] == changed["ConnectivityPolicy"]
    assert (after["VersioningStrategy"]["Template"], after["ForcePackageDownload"]) == ("1.0.i", True)


async def test_a_summary_tells_whether_there_are_steps(client: httpx.AsyncClient, project: Any) -> None:
    before = (await client.get(project["Links"]["Summary"])).json()
    step = {"Name": "Say", "Actions": [{"ActionType": "Octopus.Script"}]}
    await client.put(project["Links"]["DeploymentProcess"], json={"Version": 0, "Steps": [step]})

    [after] = (await client.get(f"{SPACE}/projects/experimental/summaries?ids=Projects-1")).json()

    assert (before["HasDeploymentProcess"], after["HasDeploymentProcess"]) == (False, True)


async def test_a_clone_gets_steps_variables_secrets_and_channels(client: httpx.AsyncClient, project: Any) -> None:
    hotfix = await create(client, "channels", ProjectId="Projects-1", Name="Hotfix", LifecycleId="Lifecycles-1")
    action = {"ActionType": "Octopus.Script", "Channels": [hotfix["Id"]]}
    await client.put(project["Links"]["DeploymentProcess"], json={"Steps": [{"Name": "Say", "Actions": [action]}]})
    scope = {"Channel": [hotfix["Id"]], "ProcessOwner": ["Projects-1"]}
    secret = {"Name": "Key", "Type": "Sensitive", "Value": "s3cret", "Scope": scope}
    await client.put(project["Links"]["Variables"], json={"Variables": [secret]})

    answer = await client.post(f"{SPACE}/projects?clone=Projects-1", json={"Name": "Copy", "LifecycleID": ""})

    copy = answer.json()
    assert (answer.status_code, copy["ClonedFromProjectId"], copy["Slug"]) == (201, "Projects-1", "copy")
    channels = (await client.get(f"{SPACE}/projects/copy/channels")).json()["Items"]
    process = (await client.get(copy["Links"]["DeploymentProcess"])).json()
    [variable] = (await client.get(copy["Links"]["Variables"])).json()["Variables"]
    copied = next(channel for channel in channels if channel["Name"] == "Hotfix")
    assert sorted(channel["Name"] for channel in channels) == ["Default", "Hotfix"]
    assert copied["Id"] != hotfix["Id"]
    assert process["Steps"][0]["Actions"][0]["Channels"] == [copied["Id"]]
    assert variable["Scope"] == {"Channel": [copied["Id"]], "ProcessOwner": [copy["Id"]]}
    assert variable["IsSensitive"] is True
    assert [one["Id"] for one in (await client.get(f"{SPACE}/projects?clonedFromProjectId=Projects-1")).json()["Items"]]


async def test_a_deleted_project_takes_its_parts_along(client: httpx.AsyncClient, project: Any) -> None:
    refused = await client.delete(f"{SPACE}/projectgroups/ProjectGroups-1")
    deleted = await client.delete(project["Links"]["Self"])

    assert refused.status_code == 409
    assert "the project 'Web Shop'" in refused.json()["ErrorMessage"]
    assert deleted.status_code == 200
    assert deleted.json() == {}
    gone = [
        project["Links"]["Self"],
        project["Links"]["Variables"],
        f"{SPACE}/deploymentprocesses/deploymentprocess-Projects-1",
        f"{SPACE}/channels/Channels-1",
    ]
    assert {(await client.get(path)).status_code for path in gone} == {404}
    assert (await client.delete(f"{SPACE}/projectgroups/ProjectGroups-1")).status_code == 200
