"""Packages on a real agent over its real life: sent, sent as a difference, installed, kept, and cleaned away."""

from __future__ import annotations

import random
import re
import zipfile
from pathlib import Path
from typing import Any

import story
from run import Demo

PROJECT = "Parcels"
NOISE = random.Random(3).randbytes(5 << 20)  # noqa: S311 - the same bytes in every run


def pack(folder: Path, version: str) -> Path:
    """A package of 5 MB, of which versions have nearly everything in common."""
    path = folder / f"Acme.Parcel.{version}.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("PostDeploy.sh", 'echo "installed in $(basename "$PWD")"\n')
        archive.writestr("version.txt", version * 100)
        archive.writestr("large.bin", NOISE)
    return path


def make_project(api: story.Api) -> None:
    lifecycle = api.get("/lifecycles/all")[0]
    lifecycle["TentacleRetentionPolicy"] = {"Strategy": "Count", "QuantityToKeep": 1, "Unit": "Items"}
    api.put(f"/lifecycles/{lifecycle['Id']}", lifecycle)
    group = api.get("/projectgroups/all")[0]["Id"]
    project = api.post("/projects", {"Name": PROJECT, "LifecycleId": lifecycle["Id"], "ProjectGroupId": group})
    process = api.get(f"/projects/{project['Id']}/deploymentprocesses")
    action = {
        "Name": "Install",
        "ActionType": "Octopus.TentaclePackage",
        "Packages": [{"Name": "", "PackageId": "Acme.Parcel", "FeedId": "feeds-builtin"}],
        "Properties": {"Octopus.Action.EnabledFeatures": ""},
    }
    step = {"Name": "Install", "Properties": {"Octopus.Action.TargetRoles": story.ROLE}, "Actions": [action]}
    process["Steps"] = [step]
    api.put(f"/projects/{project['Id']}/deploymentprocesses", process)


def deployed(api: story.Api, folder: Path, version: str) -> dict[str, list[str]]:
    """The lines of the log by the name of their node."""
    api.upload(pack(folder, version))
    story.create_release(api, version, PROJECT)
    task = story.follow(api, story.deploy(api, version, "Development", PROJECT))
    assert task["FinishedSuccessfully"], task["ErrorMessage"]
    part = api.get(f"/tasks/{task['Id']}/log", after=0, take=10000)
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


def test_versions_come_as_differences_and_old_ones_are_cleaned_away(demo: Demo, tmp_path: Path) -> None:
    demo.start_server()
    api = demo.connect()
    story.make_environments(api)
    demo.start_agent("Development", mode="listening")
    make_project(api)
    installed = demo.folder / "agents/agent-development/Applications/Development/Acme.Parcel"

    first = deployed(api, tmp_path, "1.0.0")
    assert any("Sending Acme.Parcel 1.0.0" in line and "(5.0 MB)" in line for line in first["Acquire packages"])
    assert "installed in 1.0.0" in first["Step 1: Install"]

    second = deployed(api, tmp_path, "1.0.1")
    [line] = [line for line in second["Acquire packages"] if "as its difference from 1.0.0" in line]
    sent, whole = (int(number.replace(",", "")) for number in re.findall(r"([\d,]+) (?:instead|bytes)", line))
    assert whole > 5 << 20
    assert sent < 200_000
    assert (installed / "1.0.1" / "version.txt").read_text() == "1.0.1" * 100
    assert (installed / "1.0.1" / "large.bin").read_bytes() == NOISE
    assert not (installed / "1.0.1" / "PostDeploy.sh").exists()

    deployed(api, tmp_path, "1.0.2")
    fourth = deployed(api, tmp_path, "1.0.3")
    assert sorted(path.name for path in installed.iterdir()) == ["1.0.1", "1.0.2", "1.0.3"]
    told = fourth["Apply retention policy on targets"]
    assert "By the lifecycle, the installation in use and 1 successful ones before it are kept." in told
    assert f"Removing {installed / '1.0.0'}" in told
