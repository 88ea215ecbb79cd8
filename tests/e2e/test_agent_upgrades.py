"""A server that brings its own version of the agent to a machine: one that does not start, and one that does."""

from __future__ import annotations

import shutil
import time
from pathlib import Path
from typing import Any

import pytest
import story
from processes import wait_for_server
from run import Demo
from scripts import make_script_project

import polpo
from polpo.version import __version__

NEWER = "99.1.0"


@pytest.fixture
def newer(tmp_path: Path) -> Path:
    """A copy of this program as a later version of it."""
    there = tmp_path / "newer" / "polpo"
    shutil.copytree(polpo.__path__[0], there, ignore=shutil.ignore_patterns("__pycache__", "dist"))
    version = there / "version.py"
    version.write_text(version.read_text().replace(f'"{__version__}"', f'"{NEWER}"'))
    return there


def run(api: story.Api, kind: str, machine: Any) -> tuple[Any, str]:
    """A task of this kind about the machine, ended; and all that its log says."""
    task = api.post("/tasks", {"Name": kind, "Description": kind, "Arguments": {"MachineIds": [machine["Id"]]}})
    return ended(api, task["Id"])


def ended(api: story.Api, task_id: str) -> tuple[Any, str]:
    task = story.follow(api, task_id)
    return task, text(api, task_id)


def text(api: story.Api, task_id: str) -> str:
    """What the log says so far."""
    lines = api.get(f"/tasks/{task_id}/log", after=0, take=10000)["Lines"]
    return "\n".join(line["Text"] for line in lines)


def start_again(demo: Demo, newer: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The server, as the later version."""
    with monkeypatch.context() as later:
        later.setenv("PYTHONPATH", str(newer.parent))
        wait_for_server(demo.programs[0].start(), demo.address)


def details(api: story.Api, machine: Any) -> dict[str, Any]:
    found: dict[str, Any] = api.get(f"/machines/{machine['Id']}")["Endpoint"]["TentacleVersionDetails"]
    return found


def test_server_updates_an_agent_and_the_agent_keeps_the_version_that_works(
    demo: Demo, newer: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    agent = newer / "agent" / "program.py"
    works = agent.read_text()
    agent.write_text(works + "\ndef main() -> None:\n    sys.exit('this machine is too small')\n")
    with monkeypatch.context() as later:
        later.setenv("PYTHONPATH", str(newer.parent))
        demo.start_server()
    api = demo.connect()
    story.make_environments(api)
    demo.start_agent("Development", name="web-1", mode="listening")
    (machine,) = api.get("/machines/all")

    _, said = run(api, "Health", machine)
    assert f"Its agent has the version {__version__}; this server brings {NEWER}." in said
    assert details(api, machine) == {
        "Version": __version__, "UpgradeSuggested": True, "UpgradeRequired": False, "UpgradeLocked": False,
    }  # fmt: skip
    assert api.get("/environments/summary")["MachineIdsForTentacleUpgrade"] == [machine["Id"]]

    task, said = run(api, "Upgrade", machine)
    assert task["State"] == "Failed"
    assert "it ended with exit code 1. Its last words: this machine is too small" in task["ErrorMessage"]
    make_script_project(api, "Version", "echo line $TentacleVersion")
    assert version(api) == __version__

    agent.write_text(works)
    demo.programs[0].stop()
    start_again(demo, newer, monkeypatch)
    policy = api.get("/machinepolicies/all")[0]
    policy["MachineUpdatePolicy"]["TentacleUpdateBehavior"] = "Update"
    api.put(f"/machinepolicies/{policy['Id']}", policy)
    _, said = run(api, "Health", machine)
    assert "Its policy says that agents are updated, which the task " in said
    upgrade, _ = api.get("/tasks", name="Upgrade")["Items"]
    deadline = time.monotonic() + 60
    while "is tried now" not in (log := text(api, upgrade["Id"])):
        assert time.monotonic() < deadline, log
        time.sleep(0.05)
    demo.programs[0].kill()  # the task goes on where it stood
    start_again(demo, newer, monkeypatch)
    task, said = ended(api, upgrade["Id"])
    assert task["FinishedSuccessfully"], said
    assert said.count("Sending the agent's version") == 1
    assert f"The agent of web-1 was updated to version {NEWER}." in said
    assert details(api, machine)["Version"] == NEWER
    assert version(api) == NEWER
    _, said = run(api, "Upgrade", machine)
    assert f"web-1 has the version {NEWER} of the agent already." in said


def version(api: story.Api) -> str:
    """What a deployment finds on the machine."""
    task = story.deploy(api, "1.0.0", "Development", "Version")
    _, said = ended(api, task)
    return next(line.removeprefix("line ") for line in said.splitlines() if line.startswith("line "))
