"""Packages and releases with both clients, up to where a deployment would begin; nothing is deployed here."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from compat.clients import Account, ClientError, CommandLine, TypeScriptClient
from compat.packing import sample_package
from compat.replay import ReplayedCommandLine

Octopus = CommandLine | ReplayedCommandLine
MakeProject = Callable[[str], Any]


@pytest.fixture(scope="module")
def make_project(account: Account) -> MakeProject:
    """Makes a project with one step, which deploys `Compat.Sample`."""

    def make(name: str) -> Any:
        headers = {"X-Octopus-ApiKey": account.api_key}
        with httpx.Client(base_url=f"{account.address}/api/Spaces-1", headers=headers, trust_env=False) as client:
            told = {"Name": name, "ProjectGroupId": "ProjectGroups-1", "LifecycleId": "Lifecycles-1"}
            project = client.post("/projects", json=told).raise_for_status().json()
            path = f"/projects/{project['Id']}/deploymentprocesses"
            process = client.get(path).raise_for_status().json()
            process["Steps"] = [_step("Install")]
            client.put(path, json=process).raise_for_status()
        return project

    return make


def _step(name: str) -> Any:
    package = {"Name": "", "PackageId": "Compat.Sample", "FeedId": "feeds-builtin"}
    action = {"Name": name, "ActionType": "Octopus.TentaclePackage", "Packages": [package]}
    return {"Name": name, "Properties": {"Octopus.Action.TargetRoles": "web"}, "Actions": [action]}


def test_command_line_pushes_a_package_and_lists_it(command_line: Octopus, kind: str, tmp_path: Path) -> None:
    pushed = f"Compat.By.{kind}"
    package = sample_package(tmp_path, "1.0.0", pushed)
    assert command_line.package_upload(package) == {"succeeded": [{"package": str(package)}]}
    command_line.package_upload(sample_package(tmp_path, "1.2.0", pushed), "ignore")
    assert {"ID": pushed, "Version": "1.2.0", "Description": ""} in command_line.package_list()
    assert [one["Version"] for one in command_line.package_versions(pushed)] == ["1.2.0", "1.0.0"]


def test_command_line_is_told_that_a_package_version_exists(command_line: Octopus, tmp_path: Path) -> None:
    package = sample_package(tmp_path, "1.0.0")
    command_line.package_upload(package, "overwrite")
    with pytest.raises(ClientError, match=r"'Compat\.Sample' has a version 1\.0\.0 already"):
        command_line.package_upload(package, "fail")


def test_command_line_makes_and_lists_releases(
    command_line: Octopus, kind: str, make_project: MakeProject, tmp_path: Path
) -> None:
    project = make_project(f"Releases {kind}")
    command_line.package_upload(sample_package(tmp_path, "1.0.0"), "overwrite")
    made = command_line.release_create(project["Name"], "3.1.4", "Install:1.0.0")
    assert (made["Version"], made["Channel"]) == ("3.1.4", "Default")
    command_line.release_create(project["Slug"], "3.1.5")
    listed = command_line.release_list(project["Name"])
    assert [(one["Version"], one["Channel"]) for one in listed] == [("3.1.5", "Default"), ("3.1.4", "Default")]
    assert project["Name"] in [one["Name"] for one in command_line.project_list()]


def test_command_line_is_told_why_there_is_no_release(
    command_line: Octopus, kind: str, make_project: MakeProject, tmp_path: Path
) -> None:
    project = make_project(f"Refused {kind}")["Name"]
    command_line.package_upload(sample_package(tmp_path, "1.0.0"), "overwrite")
    command_line.release_create(project, "1.0.0")
    with pytest.raises(ClientError, match=r"has a release 1\.0\.0 already"):
        command_line.release_create(project, "1.0.0")
    with pytest.raises(ClientError, match=r"needs version 9\.9\.9 of the package 'Compat\.Sample'"):
        command_line.release_create(project, "1.0.1", "Install:9.9.9")
    with pytest.raises(ClientError, match="cannot find the item"):
        command_line.release_create("No such project", "1.0.0")


def test_typescript_client_pushes_a_package_and_releases_it(
    typescript: TypeScriptClient, make_project: MakeProject, tmp_path: Path
) -> None:
    project = make_project("Typed")
    package = sample_package(tmp_path, "2.0.0")
    _, listed, made = typescript.calls(
        ("push", {"files": [str(package)], "mode": "OverwriteExisting"}),
        ("packages", {"nuGetPackageId": "Compat.Sample", "take": 5}),
        ("createRelease", {"ProjectName": "Typed", "ReleaseVersion": "2.0.0", "ReleaseNotes": "First"}),
    )
    assert "2.0.0" in [one["Version"] for one in listed["Items"]]
    release, releases = typescript.calls(
        ("release", {"id": made["ReleaseId"]}), ("releases", {"project": project["Id"], "take": 5})
    )
    assert (release["Version"], release["ReleaseNotes"]) == ("2.0.0", "First")
    assert release["SelectedPackages"][0]["Version"] == "2.0.0"
    assert [one["Id"] for one in releases["Items"]] == [release["Id"]]


def test_typescript_client_is_told_that_a_package_version_exists(typescript: TypeScriptClient, tmp_path: Path) -> None:
    package = str(sample_package(tmp_path, "2.0.0"))
    typescript.call("push", files=[package], mode="IgnoreIfExists")
    with pytest.raises(ClientError, match=r"'Compat\.Sample' has a version 2\.0\.0 already"):
        typescript.call("push", files=[package], mode="FailIfExists")


def test_typescript_client_is_told_that_a_file_is_no_archive(typescript: TypeScriptClient, tmp_path: Path) -> None:
    broken = tmp_path / "Broken.1.0.0.zip"
    broken.write_text("not a zip")
    with pytest.raises(ClientError, match="Broken"):
        typescript.call("push", files=[str(broken)], mode="FailIfExists")
    assert "Broken" not in [one["PackageId"] for one in typescript.call("packages")["Items"]]


def test_typescript_client_is_told_that_a_release_exists(
    typescript: TypeScriptClient, make_project: MakeProject, tmp_path: Path
) -> None:
    make_project("Once")
    typescript.call("push", files=[str(sample_package(tmp_path, "2.0.0"))], mode="OverwriteExisting")
    command = {"ProjectName": "Once", "ReleaseVersion": "1.0.0"}
    first, again = typescript.calls(
        ("createRelease", command), ("createRelease", {**command, "IgnoreIfAlreadyExists": True})
    )
    assert first["ReleaseId"] == again["ReleaseId"]
    with pytest.raises(ClientError, match=r"has a release 1\.0\.0 already") as refused:
        typescript.call("createRelease", **command)
    assert refused.value.status in {400, 409}
