"""The main job with the official clients: push, release, deploy, promote, approve and watch, on three real agents."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
import story
from package import build
from run import Demo

from compat.clients import Account, ClientError, CommandLine, TypeScriptClient
from compat.replay import ReplayedCommandLine

Octopus = CommandLine | ReplayedCommandLine


@pytest.fixture(scope="session")
def version(kind: str) -> str:
    """Each kind of command line promotes a release of its own."""
    return {"program": "1.0.0", "replayed": "2.0.0"}[kind]


def health(demo: Demo, environment: str) -> Any:
    port = demo.ports[f"site {environment}"]
    return httpx.get(f"http://127.0.0.1:{port}/health", trust_env=False, timeout=10).json()


def test_typescript_client_deploys_what_the_command_line_promotes_to_production(
    demo: Demo, api: story.Api, typescript: TypeScriptClient, command_line: Octopus, version: str
) -> None:
    package = build(version, demo.folder / "packages")
    release = {"ProjectName": story.PROJECT, "ReleaseVersion": version}
    _, made, started = typescript.calls(
        ("push", {"files": [str(package)], "mode": "FailIfExists"}),
        ("createRelease", {**release, "Packages": [f"Polpo.Sample.Web:{version}"]}),
        ("deploy", {**release, "EnvironmentNames": ["Development"]}),
    )
    task = started["DeploymentServerTasks"][0]["ServerTaskId"]
    waited, details, raw = typescript.calls(
        ("wait", {"tasks": [task]}), ("details", {"id": task}), ("raw", {"id": task})
    )
    assert [(one["State"], one["FinishedSuccessfully"]) for one in waited["ended"]] == [("Success", True)]
    assert details["Progress"]["ProgressPercentage"] == 100
    steps = details["ActivityLogs"][0]["Children"]
    assert {step["Name"]: step["Status"] for step in steps} == {
        "Acquire packages": "Success",
        "Step 1: Approve": "Skipped",
        "Step 2: Deploy the site": "Success",
        "Step 3: Check the site": "Success",
    }
    assert f"healthy: version {version} in Development" in raw
    assert health(demo, "Development")["release"] == version

    assert version in [one["Version"] for one in command_line.release_list(story.PROJECT)]
    to_test = command_line.release_deploy(story.PROJECT, version, "Test")[0]["ServerTaskId"]
    assert command_line.task_wait(to_test)[-1]["FinishedSuccessfully"] is True
    assert health(demo, "Test")["release"] == version

    to_production = command_line.release_deploy(story.PROJECT, version, "Production")[0]["ServerTaskId"]
    assert story.follow(api, to_production)["HasPendingInterruptions"] is True
    with pytest.raises(ClientError, match="timeout while waiting"):
        command_line.task_wait(to_production, bound=1)
    story.approve(api, to_production)
    report = command_line.task_wait(to_production)[-1]
    assert (report["State"], report["FinishedSuccessfully"]) == ("Success", True)
    assert health(demo, "Production")["release"] == version

    deployments = typescript.call("deployments", take=30)
    assert [one["ReleaseId"] for one in deployments["Items"]].count(made["ReleaseId"]) == 3


def test_command_line_pushes_releases_and_deploys_by_itself(demo: Demo, command_line: Octopus, version: str) -> None:
    patch = f"{version[:-1]}1"
    command_line.package_upload(build(patch, demo.folder / "packages"))
    command_line.release_create(story.PROJECT, patch, f"Deploy the site:{patch}")
    task = command_line.release_deploy(story.PROJECT, patch, "Development")[0]["ServerTaskId"]
    reports = command_line.task_wait(task)
    assert (reports[-1]["State"], reports[-1]["Id"]) == ("Success", task)
    assert story.PROJECT in reports[-1]["Description"]
    assert health(demo, "Development")["version"] == patch


def test_clients_are_told_what_stands_in_the_way(
    demo: Demo, typescript: TypeScriptClient, command_line: Octopus, version: str
) -> None:
    patch = f"{version[:-1]}2"
    command_line.package_upload(build(patch, demo.folder / "packages"))
    command_line.release_create(story.PROJECT, patch)
    release = {"ProjectName": story.PROJECT, "ReleaseVersion": patch}
    with pytest.raises(ClientError, match="the phase 'Development' needs one more successful deployment"):
        command_line.release_deploy(story.PROJECT, patch, "Production")
    with pytest.raises(ClientError, match="the phase 'Development' needs one more successful deployment"):
        typescript.call("deploy", **release, EnvironmentNames=["Production"])
    with pytest.raises(ClientError, match="'Nowhere'"):
        command_line.release_deploy(story.PROJECT, patch, "Nowhere")
    with pytest.raises(ClientError, match="'Nowhere'"):
        typescript.call("deploy", **release, EnvironmentNames=["Nowhere"])
    with pytest.raises(ClientError, match=r"0\.0\.9"):
        command_line.release_deploy(story.PROJECT, "0.0.9", "Development")


def test_clients_report_a_deployment_that_failed(
    api: story.Api, typescript: TypeScriptClient, command_line: Octopus, version: str
) -> None:
    project = f"Failing {version}"
    _make_script_project(api, project, "echo before the end; exit 3")
    command_line.release_create(project, version)
    task = command_line.release_deploy(project, version, "Development")[0]["ServerTaskId"]
    with pytest.raises(ClientError, match=f"one or more deployment tasks failed: {task}"):
        command_line.task_wait(task)
    waited, raw = typescript.calls(("wait", {"tasks": [task]}), ("raw", {"id": task}))
    failed = waited["ended"][0]
    assert (failed["State"], failed["FinishedSuccessfully"], failed["HasWarningsOrErrors"]) == ("Failed", False, True)
    assert "before the end" in raw


def test_typescript_waiter_cancels_what_takes_too_long(
    api: story.Api, typescript: TypeScriptClient, account: Account
) -> None:
    _make_script_project(api, "Endless", "sleep 600")
    release = {"ProjectName": "Endless", "ReleaseVersion": "1.0.0"}
    _, started = typescript.calls(
        ("createRelease", release), ("deploy", {**release, "EnvironmentNames": ["Development"]})
    )
    task = started["DeploymentServerTasks"][0]["ServerTaskId"]
    with pytest.raises(ClientError, match="Tasks were cancelled"):
        typescript.call("wait", tasks=[task], bound=1000, cancel=True)
    assert story.follow(api, task)["State"] == "Canceled"


def _make_script_project(api: story.Api, name: str, body: str) -> None:
    told = {"Name": name, "ProjectGroupId": "ProjectGroups-1", "LifecycleId": "Lifecycles-1"}
    project = api.post("/projects", told)
    properties = {"ScriptSource": "Inline", "Syntax": "Bash", "ScriptBody": body}
    script = {f"Octopus.Action.Script.{name}": value for name, value in properties.items()}
    action = {"Name": "Run", "ActionType": "Octopus.Script", "Properties": script}
    process = api.get(f"/projects/{project['Id']}/deploymentprocesses")
    on_web = {"Octopus.Action.TargetRoles": story.ROLE}
    process["Steps"] = [{"Name": "Run", "Properties": on_web, "Actions": [action]}]
    api.put(f"/projects/{project['Id']}/deploymentprocesses", process)
