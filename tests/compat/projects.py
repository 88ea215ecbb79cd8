"""Recipes for projects and what belongs to them: see `world.py`."""

from __future__ import annotations

import datetime as dt
from typing import Any

from compat.world import World, seed

_GIT_RUN = "runbook-runs/git"
_ONE = "11111111-1111-1111-1111-111111111111"


@seed("Projects-1", "Web")
def web(world: World) -> str:
    """A database project with two steps, two variables, a template for tenants, and a shared variable set."""
    shown = {"DisplaySettings": {"Octopus.ControlType": "SingleLineText"}}
    template = {"Name": "Port", "Label": "Port", "DefaultValue": "80", **shown}
    owners = {"ProjectGroupId": world["ProjectGroups-1"], "LifecycleId": world["Lifecycles-1"]}
    told = {"TenantedDeploymentMode": "TenantedOrUntenanted", "Templates": [template]}
    told["IncludedLibraryVariableSetIds"] = (
        [world["LibraryVariableSets-1"]] if "--library-variable-set" in world.run else []
    )
    project = world.make("projects", Name="Web", **told, **owners)
    if "--environment Dev --environment Prod" in world.run:
        _join_environments(world)
    _give_steps(world, project)
    _give_variables(world, project)
    if _GIT_RUN in world.run:
        _move_to_git(world, project)
    return project


def _join_environments(world: World) -> None:
    """One phase for both environments, so that a release may go to both at once."""
    path = f"{world.home}/lifecycles/{world['Lifecycles-1']}"
    both = [world["Environments-1"], world["Environments-2"]]
    world.put(path, {**world.get(path), "Phases": [{"Name": "Both", "OptionalDeploymentTargets": both}]})


def _give_steps(world: World, project: str) -> None:
    """`Step` runs on the server with the packages Hello and a; `S` is there to be left out."""
    world.push("Hello", "1.0.0")
    world.push("a", "1")
    world.push("a", "1.0.0")
    feed = {"FeedId": world.builtin_feed, "AcquisitionLocation": "Server"}
    packages = [{"Name": "", "PackageId": "Hello", **feed}, {"Name": "a", "PackageId": "a", **feed}]
    process = world.get(f"{world.home}/projects/{project}/deploymentprocesses")
    process["Steps"] = [_script_step("Step", packages), _script_step("S", [])]
    world.put(f"{world.home}/projects/{project}/deploymentprocesses", process)


def _script_step(name: str, packages: list[Any]) -> dict[str, Any]:
    script = {"ScriptSource": "Inline", "Syntax": "Bash", "ScriptBody": "echo done"}
    properties = {f"Octopus.Action.Script.{key}": value for key, value in script.items()}
    properties["Octopus.Action.RunOnServer"] = "true"
    action = {"Name": name, "ActionType": "Octopus.Script", "Properties": properties, "Packages": packages}
    return {"Name": name, "Actions": [action]}


def _give_variables(world: World, project: str) -> None:
    plain = {"Id": _ONE, "Name": "A", "Value": "1", "Type": "String", "Prompt": {"Label": "A"}}
    secret = {"Name": "Secret", "Value": "s3cret", "Type": "Sensitive", "IsSensitive": True}
    variables = world.get(f"{world.home}/variables/variableset-{project}")
    variables["Variables"] = [plain, {**secret, "Scope": {"Environment": [world["Environments-1"]]}}]
    world.put(f"{world.home}/variables/variableset-{project}", variables)


@seed("Channels-1")
def default_channel(world: World) -> str:
    return str(world.get(f"{world.home}/projects/{world['Projects-1']}/channels")["Items"][0]["Id"])


@seed("Releases-1", "1.0.0", "releases")
def release(world: World) -> str:
    chosen = {"": "1.0.0", "a": "1"}
    packages = [
        {"ActionName": "Step", "PackageReferenceName": name, "Version": version} for name, version in chosen.items()
    ]
    body = {"ProjectId": world["Projects-1"], "ChannelId": world["Channels-1"], "SelectedPackages": packages}
    made = world.make("releases", Version="1.0.0", **body)
    if "progression allow" in world.run:
        world.post(f"{world.home}/releases/{made}/defects", ReleaseId=made, Description="bad")
    return made


def _deploy(world: World, **more: Any) -> dict[str, Any]:
    body = {"ReleaseId": world["Releases-1"], "EnvironmentId": world["Environments-1"], **more}
    return dict(world.post(f"{world.home}/deployments", **body))


seed("Deployments-1")(lambda world: str(_deploy(world)["Id"]))
seed("ServerTasks-1")(lambda world: str(_deploy(world)["TaskId"]))


@seed("ServerTasks-2")
def awaited_task(world: World) -> str:
    """One that ends soon, except for who cancels what takes too long."""
    if "cancel" not in world.run:
        return str(_deploy(world, SkipActions=_actions(world))["TaskId"])
    tomorrow = dt.datetime.now(dt.UTC) + dt.timedelta(days=1)
    return str(_deploy(world, QueueTime=tomorrow.isoformat())["TaskId"])


def _actions(world: World) -> list[str]:
    process = world.get(f"{world.home}/projects/{world['Projects-1']}/deploymentprocesses")
    return [action["Id"] for step in process["Steps"] for action in step["Actions"]]


@seed("Tenants-1", "Acme", "tenants/all", "tenants")
def tenant(world: World) -> str:
    connected = {world["Projects-1"]: [world["Environments-1"]]}
    world["TagSets-1"]
    return world.make("tenants", Name="Acme", ProjectEnvironments=connected, TenantTags=["Tier/Gold"])


@seed("Runbooks-1", "Restart", "runbooks")
def runbook(world: World) -> str:
    if project := _in_git(world):
        return str(world.get(f"{world.home}/projects/{project}/main/runbooks")["Items"][0]["Id"])
    world["TagSets-1"]
    told = {"Name": "Restart", "MultiTenancyMode": "TenantedOrUntenanted", "RunbookTags": ["Tier/Gold"]}
    made = world.post(f"{world.home}/runbooks", ProjectId=world["Projects-1"], **told)
    process = world.get(f"{world.home}/runbookProcesses/{made['RunbookProcessId']}")
    process["Steps"] = [_script_step("Restart", [])]
    world.put(f"{world.home}/runbookProcesses/{made['RunbookProcessId']}", process)
    world.known["Runbooks-1"] = made["Id"]
    world["RunbookSnapshots-1"]
    return str(made["Id"])


@seed("RunbookSnapshots-1", "Snapshot%201")
def snapshot(world: World) -> str:
    body = {"ProjectId": world["Projects-1"], "RunbookId": world["Runbooks-1"], "Name": "Snapshot 1"}
    if "RunbookSnapshots-1" in world.known:  # made along with its runbook
        return world.known["RunbookSnapshots-1"]
    return str(world.post(f"{world.home}/runbookSnapshots?publish=true", **body)["Id"])


@seed("DeploymentFreezes-1", "F")
def freeze(world: World) -> str:
    now = dt.datetime.now(dt.UTC)
    scope = {world["Projects-1"]: [world["Environments-1"]]}
    times = {"Start": now.isoformat(), "End": (now + dt.timedelta(days=1)).isoformat()}
    for earlier in world.get("/api/deploymentfreezes")["DeploymentFreezes"]:  # of another world; names are unique
        world.delete(f"/api/deploymentfreezes/{earlier['Id']}")
    made = world.post("/api/deploymentfreezes", Name="F", ProjectEnvironmentScope=scope, **times)
    return str(made.get("Id") or made["DeploymentFreeze"]["Id"])


@seed("Projects-2", "Cac")
def version_controlled(world: World) -> str:
    """A project whose process, variables and runbooks live in a Git repository."""
    owners = {"ProjectGroupId": world["ProjectGroups-1"], "LifecycleId": world["Lifecycles-1"]}
    project = world.make("projects", Name="Cac", **owners)
    path = f"{world.home}/projects/{project}/deploymentprocesses"
    files = {"Name": "", "RepositoryUri": "https://example.com/files", "DefaultBranch": "main"}
    step = _script_step("Step", [])
    step["Actions"][0]["GitDependencies"] = [{**files, "GitCredentialType": "Anonymous"}]
    world.put(path, {**world.get(path), "Steps": [step]})
    channel = world.get(f"{world.home}/projects/{project}/channels")["Items"][0]
    channel["CustomFieldDefinitions"] = [{"FieldName": "A"}]
    world.put(f"{world.home}/channels/{channel['Id']}", channel)
    _move_to_git(world, project)
    tip = world.get(f"{world.home}/projects/{project}/git/commits")["Items"][0]["Name"]
    world.spelled |= {'"gitCommit": "abc"': f'"gitCommit": "{tip}"', "--git-commit abc": f"--git-commit {tip}"}
    return project


def _move_to_git(world: World, project: str) -> None:
    """With a runbook, which becomes a file."""
    made = world.post(f"{world.home}/runbooks", ProjectId=project, Name="Restart")
    path = f"{world.home}/runbookProcesses/{made['RunbookProcessId']}"
    world.put(path, {**world.get(path), "Steps": [_script_step("Restart", [])]})
    place = {"Url": world.repository(), "DefaultBranch": "main", "BasePath": ".octopus"}
    told = {"Type": "VersionControlled", "Credentials": {"Type": "Anonymous"}, **place}
    world.post(f"{world.home}/projects/{project}/git/convert", CommitMessage="Begin", VersionControlSettings=told)


def _in_git(world: World) -> str | None:
    """The project in Git whose runbook the run means; the recordings' stub gave it the ids of the other project."""
    if "--project Cac" in world.run:
        world.known["Projects-1"] = world["Projects-2"]
    return world["Projects-1"] if "--project Cac" in world.run or _GIT_RUN in world.run else None
