"""Going on from the step that failed, on real agents."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import story
from run import Demo
from scripts import make_script_project, marks
from story import ROLE

_MARK = "echo {word} >> {marks}/$(get_octopusvariable Octopus.Machine.Name)"


def _step(name: str, body: str) -> dict[str, Any]:
    properties = {
        "Octopus.Action.Script.ScriptSource": "Inline",
        "Octopus.Action.Script.Syntax": "Bash",
        "Octopus.Action.Script.ScriptBody": body,
    }
    action = {"Name": name, "ActionType": "Octopus.Script", "Properties": properties}
    return {"Name": name, "Properties": {"Octopus.Action.TargetRoles": ROLE}, "Actions": [action]}


def test_what_was_done_on_the_targets_is_not_done_again_after_the_cause_is_mended(demo: Demo, tmp_path: Path) -> None:
    demo.start_server()
    api = demo.connect()
    story.make_environments(api)
    for name, mode in (("agent-0", "listening"), ("agent-1", "polling")):
        demo.start_agent("Development", name=name, mode=mode)
    folder, mended = tmp_path / "marks", tmp_path / "mended"
    folder.mkdir()
    project = make_script_project(api, "Fragile", "true")
    process = api.get(f"/projects/{project['Id']}/deploymentprocesses")
    words = {word: _MARK.format(word=word, marks=folder) for word in ("first", "second", "third")}
    fails = f'[ "$(get_octopusvariable Octopus.Machine.Name)" = agent-0 ] || test -e {mended}'
    process["Steps"] = [
        _step("First", words["first"]),
        _step("Second", f"{words['second']}; {fails}"),
        _step("Third", words["third"]),
    ]
    api.put(f"/projects/{project['Id']}/deploymentprocesses", process)
    api.post("/releases/create/v1", {"ProjectName": "Fragile", "ReleaseVersion": "2.0.0"})
    task_id = story.deploy(api, "2.0.0", "Development", "Fragile")
    assert story.follow(api, task_id)["State"] == "Failed"
    assert marks(folder) == {"agent-0": ["first", "second"], "agent-1": ["first", "second"]}
    mended.touch()
    resumed = api.post(f"/tasks/{task_id}/resume", {})
    task = story.follow(api, resumed["Id"])
    assert task["FinishedSuccessfully"], task["ErrorMessage"]
    assert marks(folder) == {"agent-0": ["first", "second", "third"], "agent-1": ["first", "second", "second", "third"]}
