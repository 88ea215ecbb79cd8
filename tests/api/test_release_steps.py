"""Steps that deploy a release of another project: real deployments, of which one waits for the other."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest
from tests.api.conftest import SPACE, create
from tests.api.test_deployments import V1, Shop, script, shop

from polpo.engine import TaskState
from polpo.features.deployments.children import DeployingReleases
from polpo.steps.kinds import CATALOGUE
from polpo.steps.services import ChildWish

__all__ = ["shop"]

_PREFIX = "Octopus.Action.DeployRelease."


def deploy(project: str, name: str = "Child", **more: str) -> dict[str, Any]:
    properties = {f"{_PREFIX}{key}": value for key, value in {"ProjectId": project, **more}.items()}
    action = {"Name": name, "ActionType": "Octopus.DeployRelease", "Properties": properties}
    return {"Name": name, "Actions": [action]}


class Family:
    """Shop is the parent; `child` is a project of its own."""

    def __init__(self, shop: Shop, child: str) -> None:
        self.shop = shop
        self.client = shop.client
        self.child = child

    async def child_process(self, *steps: dict[str, Any], version: str = "5.0.0") -> None:
        await put_process(self.client, self.child, *steps)
        await self.child_release(version)

    async def child_release(self, version: str) -> None:
        body = {"projectName": "Engine", "releaseVersion": version}
        answer = await self.client.post(f"{SPACE}/releases/create/v1", json=body)
        assert answer.is_success, answer.text

    async def run(self, *steps: dict[str, Any]) -> Any:
        await self.shop.process(*steps)
        await self.shop.release()
        return await self.shop.ended(await self.shop.deploy())

    async def deployments(self) -> list[Any]:
        """Those of the child, the newest first."""
        return list((await self.client.get(f"{SPACE}/deployments?projects={self.child}")).json()["Items"])

    async def until(self, task_id: str, *states: TaskState) -> None:
        async with asyncio.timeout(60):
            async for change in self.shop.server.engine.watch(task_id):
                if change.state in states:
                    return


async def put_process(client: httpx.AsyncClient, project: str, *steps: dict[str, Any]) -> None:
    path = f"{SPACE}/projects/{project}/deploymentprocesses"
    version = (await client.get(path)).json()["Version"]
    answer = await client.put(path, json={"Version": version, "Steps": list(steps)})
    assert answer.status_code == 200, answer.text


@pytest.fixture
async def family(shop: Shop) -> Family:
    body = {"Name": "Engine", "ProjectGroupId": "ProjectGroups-1", "LifecycleId": "Lifecycles-1"}
    return Family(shop, (await create(shop.client, "projects", **body))["Id"])


OUTPUTS = """\
set_octopusvariable Colour "$(get_octopusvariable Colour)"
set_octopusvariable Token t0pS3cret -sensitive
echo "child has $(get_octopusvariable Own) and $(get_octopusvariable Pin)"
"""
LATER = """\
for name in Colour Token; do
  echo "$name=$(get_octopusvariable "Octopus.Action[Child].Output.Deployment[Paint].$name")"
done
"""


async def test_parent_waits_without_a_place_and_reads_what_the_child_left(family: Family) -> None:
    family.shop.server.engine.cap = 1
    await family.shop.variables(
        {"Name": "Pin", "Value": "hunter22", "Type": "Sensitive", "IsSensitive": True},
        {"Name": "Colour", "Value": "red"},
    )
    path = f"{SPACE}/projects/{family.child}/variables"
    known = (await family.client.get(path)).json()
    own = [{"Name": "Colour", "Value": "blue", "Scope": {"Environment": [family.shop.environments["Dev"]]}}]
    await family.client.put(path, json={**known, "Variables": [*own, {"Name": "Own", "Value": "its own"}]})
    await family.child_process(script("Paint", OUTPUTS))
    passed = '{"colour": "#{Colour} of #{Octopus.Environment.Name}", "Pin": "#{Pin}"}'
    task = await family.run(deploy(family.child, Variables=passed), script("Later", LATER))
    assert task["FinishedSuccessfully"], task["ErrorMessage"]
    [child] = await family.deployments()
    assert child["ParentDeploymentId"] == "Deployments-1"
    assert child["Comments"] == f"Made by the step 'Child' of {task['Id']} ({task['Description']})."
    lines = await family.shop.lines(task["Id"])
    title = "Deploy Engine release 5.0.0 to Dev"
    assert f"Waits for {child['TaskId']} ({title}), which goes on also when this one is cancelled." in lines
    assert f"{title} ({child['TaskId']}) has succeeded." in lines
    assert "Colour=red of Dev" in lines
    assert "Token=*****" in lines
    assert "child has its own and *****" in await family.shop.lines(child["TaskId"])
    assert "hunter22" not in (await family.client.get(f"{SPACE}/deployments/{child['Id']}")).text
    told = f"{SPACE}/events?regarding={child['Id']}&eventCategories=DeploymentQueued"
    [queued] = (await family.client.get(told)).json()["Items"]
    assert (queued["Username"], queued["OnBehalfOf"]) == (task["Description"], "admin")
    again = (await family.client.post(f"/api/tasks/rerun/{child['TaskId']}")).json()["Id"]
    assert (await family.shop.ended(again))["FinishedSuccessfully"]
    assert "child has its own and *****" in await family.shop.lines(again)


async def test_child_is_made_once_however_often_it_is_asked_for(family: Family) -> None:
    """As after a crash between the commit that made it and the note in the journal."""
    await family.child_process(script("Hello", "true"))
    task = await family.run(script("Hello", "true"))
    server = family.shop.server
    releases = DeployingReleases(server.database, server.engine, CATALOGUE)
    wish = ChildWish(
        parent_task_id=task["Id"], origin=f"{task['Id']}/step-1", step="Child", project="Engine", version="5.0.0"
    )
    first, again = await releases.deploy(wish), await releases.deploy(wish)
    assert first == again
    assert [one["Id"] for one in await family.deployments()] == [first.deployment_id]
    await family.shop.ended(first.task_id)


async def test_failed_child_fails_the_step_with_its_reason(family: Family) -> None:
    await family.child_process(script("Break", "exit 4"))
    task = await family.run(deploy(family.child))
    [child] = await family.deployments()
    assert task["ErrorMessage"] == (
        f"Step 1 (Child): Deploy Engine release 5.0.0 to Dev ({child['TaskId']}) failed: Step 1 (Break): The script"
        " failed on the server with exit code 4."
    )


async def test_waiting_parent_says_for_whom_and_its_cancel_leaves_the_child_alone(family: Family) -> None:
    await family.child_process({"Name": "Ask", "Actions": [{"Name": "Ask", "ActionType": "Octopus.Manual"}]})
    await family.shop.process(deploy(family.child))
    await family.shop.release()
    parent = await family.shop.deploy()
    await family.until(parent, TaskState.PAUSED)
    [child] = await family.deployments()
    await family.until(child["TaskId"], TaskState.PAUSED)
    shown = (await family.client.get(f"/api/tasks/{parent}")).json()
    assert (shown["State"], shown["HasPendingInterruptions"]) == ("Executing", False)
    [reason] = (await family.client.get(f"/api/tasks/{parent}/waiting")).json()["Reasons"]
    name = f"{child['TaskId']} (Deploy Engine release 5.0.0 to Dev)"
    assert (reason["Kind"], reason["Text"]) == ("task", f"Waits for {name}, which waits for a person.")
    cancelled = (await family.client.post(f"/api/tasks/{parent}/cancel")).json()
    assert cancelled["State"] == "Canceled"
    assert cancelled["ErrorMessage"].endswith(f" {name}, which it waited for, goes on.")
    await family.shop.answer(child["TaskId"])
    assert (await family.shop.ended(child["TaskId"]))["FinishedSuccessfully"]


async def test_resumed_parent_waits_for_the_child_that_it_had_left_going(family: Family) -> None:
    await family.child_process({"Name": "Ask", "Actions": [{"Name": "Ask", "ActionType": "Octopus.Manual"}]})
    await family.shop.process(deploy(family.child))
    await family.shop.release()
    parent = await family.shop.deploy()
    for _ in range(2):
        await family.until(parent, TaskState.PAUSED)
        await family.client.post(f"/api/tasks/{parent}/cancel")
        parent = (await family.client.post(f"/api/tasks/{parent}/resume")).json()["Id"]
    await family.until(parent, TaskState.PAUSED)
    [child] = await family.deployments()
    await family.shop.answer(child["TaskId"])
    task = await family.shop.ended(parent)
    assert task["FinishedSuccessfully"], task["ErrorMessage"]
    assert [one["Id"] for one in await family.deployments()] == [child["Id"]]


@pytest.mark.parametrize(
    ("condition", "there", "version", "is_deployed"),
    [
        ("Always", "5.0.0", "5.0.0", True),
        ("IfNotCurrentVersion", "5.0.0", "5.0.0", False),
        ("IfNotCurrentVersion", "5.0.0", "4.0.0", True),
        ("IfNewer", "5.0.0", "4.0.0", False),
        ("IfNewer", "5.0.0", "5.0.1", True),
        ("IfNewer", None, "5.0.0", True),
    ],
)
async def test_condition_says_whether_the_release_is_deployed(
    family: Family, condition: str, there: str | None, version: str, is_deployed: bool
) -> None:
    await family.child_process(script("Hello", "true"), version=version)
    if there is not None and there != version:
        await family.child_release(there)
    if there is not None:
        body = {"projectName": "Engine", "releaseVersion": there, "environmentNames": ["Dev"]}
        answer = await family.client.post(V1, json=body)
        await family.shop.ended(answer.json()["DeploymentServerTasks"][0]["ServerTaskId"])
    before = len(await family.deployments())
    await family.shop.process(deploy(family.child, DeploymentCondition=condition))
    body = {"projectName": "Web Shop", "releaseVersion": "1.0.0", "packages": [f"Child:{version}"]}
    assert (await family.client.post(f"{SPACE}/releases/create/v1", json=body)).is_success
    task = await family.shop.ended(await family.shop.deploy())
    assert task["FinishedSuccessfully"], task["ErrorMessage"]
    assert len(await family.deployments()) == before + is_deployed
    told = [line for line in await family.shop.lines(task["Id"]) if "is not deployed" in line]
    what = "the current one" if there == version else f"not newer than {there}"
    assert told == ([] if is_deployed else [f"Engine release {version} is not deployed: in Dev it is {what}."])


async def test_version_is_chosen_with_the_release_by_the_newest_that_was_made(family: Family) -> None:
    await family.child_process(script("Hello", "true"), version="5.0.0")
    await family.child_release("4.9.0")
    feed = (await family.client.get(f"{SPACE}/feeds/feeds-builtin-releases")).json()
    assert (feed["FeedType"], feed["Name"]) == ("OctopusProject", "Octopus Server Releases (built-in)")
    await family.shop.process(deploy(family.child))
    template = (await family.client.get(f"{SPACE}/projects/Projects-1/deploymentprocesses/template")).json()
    [asked] = template["Packages"]
    assert (asked["PackageId"], asked["FeedId"], asked["IsResolvable"]) == (family.child, feed["Id"], True)
    where = f"{SPACE}/feeds/{feed['Id']}/packages/versions?packageId={family.child}"
    versions = (await family.client.get(where)).json()
    assert [one["Version"] for one in versions["Items"]] == ["4.9.0", "5.0.0"]
    release = (await family.client.get(f"{SPACE}/releases/{await family.shop.release()}")).json()
    assert [one["Version"] for one in release["SelectedPackages"]] == ["4.9.0"]
    body = {"projectName": "Web Shop", "releaseVersion": "1.0.1", "packages": ["Child:6.0.0"]}
    wrong = await family.client.post(f"{SPACE}/releases/create/v1", json=body)
    assert "needs version 6.0.0 of the package 'Projects-2'" in wrong.json()["ErrorMessage"]


@pytest.mark.parametrize(
    ("properties", "sentence"),
    [
        ({"project": "Projects-1"}, "Web Shop release 1.0.0 is not deployed: Web Shop deploys Web Shop, which would"),
        ({"DeploymentCondition": "Sometimes"}, "it can be Always, IfNotCurrentVersion, IfNewer."),
        ({"Variables": "colour red"}, "passes variables on that cannot be read; they are a JSON object of texts, or"),
    ],
)
async def test_release_that_cannot_be_deployed_says_why(
    family: Family, properties: dict[str, str], sentence: str
) -> None:
    await family.child_process(script("Hello", "true"))
    await family.shop.process(script("Hello", "true"))
    await family.shop.release()
    await family.shop.process(deploy(**{"project": family.child, **properties}))
    await family.shop.release("2.0.0")
    task = await family.shop.ended(await family.shop.deploy(version="2.0.0"))
    assert sentence in task["ErrorMessage"], task["ErrorMessage"]


async def test_rolling_step_makes_one_deployment_for_each_target(family: Family) -> None:
    for number in (1, 2):
        endpoint = {"CommunicationStyle": "None"}
        place = [family.shop.environments["Dev"]]
        await create(
            family.client, "machines", Name=f"web-{number}", EnvironmentIds=place, Roles=["web"], Endpoint=endpoint
        )
    tags = {"Octopus.Action.TargetRoles": "web"}
    name = 'set_octopusvariable Name "$(get_octopusvariable Octopus.Machine.Name)"'
    await family.child_process(script("Paint", name, StepProperties=tags))
    child = deploy(family.child)["Actions"]
    told = 'echo "got $(get_octopusvariable "Octopus.Action[Child].Output.Deployment[Paint].Name")"'
    rolling = {
        "Name": "Roll",
        "Properties": {**tags, "Octopus.Action.MaxParallelism": "1"},
        "Actions": [*child, *script("Tell", told)["Actions"]],
    }
    later = 'echo "exact $(get_octopusvariable "Octopus.Action[Child].Output[web-1].Deployment[Paint][web-1].Name")"'
    task = await family.run(rolling, script("Later", later))
    assert task["FinishedSuccessfully"], task["ErrorMessage"]
    children = await family.deployments()
    assert [one["SpecificMachineIds"] for one in children] == [["Machines-2"], ["Machines-1"]]
    lines = await family.shop.lines(task["Id"])
    assert [line for line in lines if line.startswith(("got", "exact"))] == ["got web-1", "got web-2", "exact web-1"]


@pytest.mark.parametrize("mode", ["TenantedOrUntenanted", "Untenanted"])
async def test_tenant_of_the_parent_is_the_childs_where_it_has_tenants(family: Family, mode: str) -> None:
    dev = [family.shop.environments["Dev"]]
    for project_id, wanted in (("Projects-1", "Tenanted"), (family.child, mode)):
        project = (await family.client.get(f"{SPACE}/projects/{project_id}")).json()
        await family.client.put(f"{SPACE}/projects/{project_id}", json={**project, "TenantedDeploymentMode": wanted})
    connected = {"Projects-1": dev, **({family.child: dev} if mode != "Untenanted" else {})}
    tenant = await create(family.client, "tenants", Name="Acme", ProjectEnvironments=connected)
    await family.child_process(script("Hello", "true"))
    await family.shop.process(deploy(family.child))
    release = await family.shop.release()
    body = {"ReleaseId": release, "EnvironmentId": dev[0], "TenantId": tenant["Id"]}
    parent = await create(family.client, "deployments", **body)
    assert (await family.shop.ended(parent["TaskId"]))["FinishedSuccessfully"]
    assert [one["TenantId"] for one in await family.deployments()] == [None if mode == "Untenanted" else tenant["Id"]]


async def test_lifecycle_of_the_child_has_to_permit_the_environment(family: Family) -> None:
    await family.child_process(script("Hello", "true"))
    phases = [{"Name": "Prod", "OptionalDeploymentTargets": [family.shop.environments["Prod"]]}]
    strict = await create(family.client, "lifecycles", Name="Strict", Phases=phases)
    project = (await family.client.get(f"{SPACE}/projects/{family.child}")).json()
    await family.client.put(f"{SPACE}/projects/{family.child}", json={**project, "LifecycleId": strict["Id"]})
    task = await family.run(deploy(family.child))
    assert task["ErrorMessage"].startswith("Step 1 (Child): Engine release 5.0.0 cannot be deployed: ")
    assert await family.deployments() == []


async def test_projects_that_deploy_each_other_are_refused(family: Family) -> None:
    await family.shop.process(script("Hello", "true"))
    await family.shop.release("0.9.0")
    await family.child_process(deploy("Projects-1", "Back"))
    task = await family.run(deploy(family.child))
    assert "Web Shop deploys Engine deploys Web Shop, which would never end." in task["ErrorMessage"]


async def test_step_without_a_project_is_not_saved(family: Family) -> None:
    path = f"{SPACE}/projects/Projects-1/deploymentprocesses"
    answer = await family.client.put(path, json={"Version": 0, "Steps": [deploy("")]})
    assert answer.status_code == 400
    assert answer.json()["Errors"] == [
        "Step 'Child' does not say which project is to be deployed; Octopus.Action.DeployRelease.ProjectId is missing."
    ]
