"""Packages on a real agent over its real life: sent, sent as a difference, installed, kept, and cleaned away."""

from __future__ import annotations

import json
import random
import re
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
import story
from run import Demo

NOISE = random.Random(3).randbytes(5 << 20)  # noqa: S311 - the same bytes in every run


def pack(folder: Path, version: str) -> Path:
    """A package of 5 MB, of which versions have nearly everything in common."""
    path = folder / f"Acme.Parcel.{version}.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("PostDeploy.sh", 'echo "installed in $(basename "$PWD")"\n')
        archive.writestr("version.txt", version * 100)
        archive.writestr("large.bin", NOISE)
    return path


def make_project(
    api: story.Api, name: str, package: str, properties: dict[str, str], variables: Sequence[dict[str, Any]] = ()
) -> None:
    """A project with one step, which installs a package."""
    lifecycle = api.get("/lifecycles/all")[0]
    lifecycle["TentacleRetentionPolicy"] = {"Strategy": "Count", "QuantityToKeep": 1, "Unit": "Items"}
    api.put(f"/lifecycles/{lifecycle['Id']}", lifecycle)
    group = api.get("/projectgroups/all")[0]["Id"]
    project = api.post("/projects", {"Name": name, "LifecycleId": lifecycle["Id"], "ProjectGroupId": group})
    process = api.get(f"/projects/{project['Id']}/deploymentprocesses")
    action = {
        "Name": "Install",
        "ActionType": "Octopus.TentaclePackage",
        "Packages": [{"Name": "", "PackageId": package, "FeedId": "feeds-builtin"}],
        "Properties": properties,
    }
    step = {"Name": "Install", "Properties": {"Octopus.Action.TargetRoles": story.ROLE}, "Actions": [action]}
    process["Steps"] = [step]
    api.put(f"/projects/{project['Id']}/deploymentprocesses", process)
    known = api.get(f"/projects/{project['Id']}/variables")
    api.put(f"/projects/{project['Id']}/variables", {**known, "Variables": list(variables)})


def deployed(api: story.Api, project: str, version: str, state: str = "Success") -> dict[str, list[str]]:
    """A new release with the newest package. The lines of the log by the name of their node below the root."""
    story.create_release(api, version, project)
    task = story.follow(api, story.deploy(api, version, "Development", project))
    part = api.get(f"/tasks/{task['Id']}/log", after=0, take=10000)
    assert task["State"] == state, part["Lines"]
    tops = {one["Id"]: one for one in part["Nodes"]}
    found: dict[str, list[str]] = {}
    for line in part["Lines"]:
        found.setdefault(_top(tops, line["NodeId"]), []).append(line["Text"])
    return found


def _top(nodes: dict[Any, Any], node_id: Any) -> str:
    """The name of the node below the root that a node belongs to."""
    here = nodes[node_id]
    while here["ParentId"] is not None and nodes[here["ParentId"]]["ParentId"] is not None:
        here = nodes[here["ParentId"]]
    return str(here["Name"])


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """A server with an agent, for all tests of this module."""
    demo = Demo(tmp_path_factory.mktemp("packages"), say=lambda _text: None, listen=0)
    try:
        demo.start_server()
        story.make_environments(demo.connect())
        demo.start_agent("Development", mode="listening")
        yield demo
    finally:
        demo.stop()


def test_versions_come_as_differences_and_old_ones_are_cleaned_away(demo: Demo, tmp_path: Path) -> None:
    api = demo.apis[0]
    make_project(api, "Parcels", "Acme.Parcel", {"Octopus.Action.EnabledFeatures": ""})
    installed = demo.folder / "agents/agent-development/Applications/Development/Acme.Parcel"

    def install(version: str) -> dict[str, list[str]]:
        api.upload(pack(tmp_path, version))
        return deployed(api, "Parcels", version)

    first = install("1.0.0")
    assert any("Sending Acme.Parcel 1.0.0" in line and "(5.0 MB)" in line for line in first["Acquire packages"])
    assert "installed in 1.0.0" in first["Step 1: Install"]

    second = install("1.0.1")
    [line] = [line for line in second["Acquire packages"] if "as its difference from 1.0.0" in line]
    sent, whole = (int(number.replace(",", "")) for number in re.findall(r"([\d,]+) (?:instead|bytes)", line))
    assert whole > 5 << 20
    assert sent < 200_000
    assert (installed / "1.0.1" / "version.txt").read_text() == "1.0.1" * 100
    assert (installed / "1.0.1" / "large.bin").read_bytes() == NOISE
    assert not (installed / "1.0.1" / "PostDeploy.sh").exists()

    install("1.0.2")
    fourth = install("1.0.3")
    assert sorted(path.name for path in installed.iterdir()) == ["1.0.1", "1.0.2", "1.0.3"]
    told = fourth["Apply retention policy on targets"]
    assert "By the lifecycle, the installation in use and 1 successful ones before it are kept." in told
    assert f"Removing {installed / '1.0.0'}" in told


WEB_CONFIG = """\
<configuration><appSettings><add key="Greeting" value="default" /></appSettings>
<connectionStrings><add name="Db" connectionString="x" /></connectionStrings></configuration>"""
TRANSFORM = """\
<configuration xmlns:xdt="http://schemas.microsoft.com/XML-Document-Transform">
<appSettings><add key="Release" value="yes" xdt:Transform="Insert" /></appSettings></configuration>"""
LARGE = "head -c 9000000 /dev/zero > $PWD/../large.bin; new_octopusartifact $PWD/../large.bin"
FEATURES = ("CustomDirectory", "CustomScripts", "ConfigurationTransforms", "ConfigurationVariables",
            "JsonConfigurationVariables", "SubstituteInFiles")  # fmt: skip


def pack_site(folder: Path, version: str, **scripts: str) -> Path:
    files = {
        "Web.config": WEB_CONFIG,
        "Web.Release.config": TRANSFORM,
        "appsettings.json": '{"Logging": {"Level": "Debug"}, "Retries": 1}',
        "site.conf": "server #{Octopus.Machine.Name} #{Octopus.Environment.Name};",
        **{f"{name}.sh": body for name, body in scripts.items()},
    }
    path = folder / f"Acme.Site.{version}.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


def test_package_step_does_all_that_its_properties_say_in_their_order(demo: Demo, tmp_path: Path) -> None:
    api, site = demo.apis[0], tmp_path / "site"
    site.mkdir()
    (site / "old.txt").write_text("old")
    (site / "keep.log").write_text("kept")
    own = "Octopus.Action.CustomScripts"
    folder = 'echo "installed in $(get_octopusvariable Octopus.Action.Package.InstallationDirectoryPath)"'
    before = 'echo "before: $(get_octopusvariable Octopus.Tentacle.PreviousInstallation.PackageVersion)."'
    make_project(
        api,
        "Site",
        "Acme.Site",
        {
            "Octopus.Action.EnabledFeatures": ",".join(f"Octopus.Features.{name}" for name in FEATURES),
            "Octopus.Action.Package.CustomInstallationDirectory": "#{Folder}",
            "Octopus.Action.Package.CustomInstallationDirectoryShouldBePurgedBeforeDeployment": "True",
            "Octopus.Action.Package.CustomInstallationDirectoryPurgeExclusions": "*.log",
            "Octopus.Action.Package.AutomaticallyRunConfigurationTransformationFiles": "True",
            "Octopus.Action.Package.AutomaticallyUpdateAppSettingsAndConnectionStrings": "True",
            "Octopus.Action.Package.JsonConfigurationVariablesTargets": "appsettings.json",
            "Octopus.Action.SubstituteInFiles.TargetFiles": "site.conf",
            "Octopus.Action.Package.SkipIfAlreadyInstalled": "True",
            f"{own}.PreDeploy.sh": f"echo own PreDeploy; {before}",
            f"{own}.Deploy.sh": "echo own Deploy",
            f"{own}.PostDeploy.sh": f"echo own PostDeploy; {folder}; {LARGE}",
        },
        [
            {"Name": "Folder", "Value": str(site)},
            {"Name": "Greeting", "Value": "Hello"},
            {"Name": "Db", "Value": "server=db;password=opensesame", "IsSensitive": True, "Type": "Sensitive"},
            {"Name": "Logging:Level", "Value": "Warning"},
            {"Name": "Retries", "Value": "5"},
            {"Name": "OctopusPrintEvaluatedVariables", "Value": "True"},
        ],
    )
    packaged = {name: f"echo packaged {name}" for name in ("PreDeploy", "Deploy", "PostDeploy", "DeployFailed")}
    api.upload(pack_site(tmp_path, "1.0.0", **packaged))

    lines = deployed(api, "Site", "1.0.0")["Step 1: Install"]

    order = [line for line in lines if line.startswith(("own ", "packaged "))]
    assert order == [
        "own PreDeploy", "packaged PreDeploy", "packaged Deploy", "own Deploy", "packaged PostDeploy", "own PostDeploy"
    ]  # fmt: skip
    assert "before: ." in lines
    assert any(line.startswith("The artifact 'large.bin' was collected: 9000000 bytes from") for line in lines)
    assert f"installed in {site}" in lines
    assert sorted(path.name for path in site.iterdir()) == [
        "Web.Release.config", "Web.config", "appsettings.json", "keep.log", "site.conf"
    ]  # fmt: skip
    web = (site / "Web.config").read_text()
    assert 'key="Greeting" value="Hello"' in web
    assert 'key="Release" value="yes"' in web
    assert "password=opensesame" in web
    assert json.loads((site / "appsettings.json").read_text()) == {"Logging": {"Level": "Warning"}, "Retries": 5}
    assert (site / "site.conf").read_text() == "server agent-development Development;"
    printed = "\n".join(lines)
    assert "[Greeting] = 'Hello'" in printed
    assert "opensesame" not in printed

    again = deployed(api, "Site", "1.0.1")["Step 1: Install"]
    assert f"Acme.Site 1.0.0 is already installed in {site}, so nothing is to be done." in again

    api.upload(pack_site(tmp_path, "2.0.0", Deploy="fail_step 'the disk is on fire'", DeployFailed="echo rolled back"))
    failed = deployed(api, "Site", "2.0.0", state="Failed")["Step 1: Install"]
    assert "before: 1.0.0." in failed
    assert "rolled back" in failed
    assert any("the disk is on fire" in line for line in failed)
    assert "own PostDeploy" not in failed
    assert not (site / "DeployFailed.sh").exists()
