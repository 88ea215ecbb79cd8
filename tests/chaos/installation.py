"""What chaos is made of: a server and agents as processes, and a project with one step of each kind.

Every script leaves a mark on disk, one line in a file of its own, and prints numbered lines. So what happened can be
told afterwards without asking the server.
"""

from __future__ import annotations

import contextlib
import time
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import httpx
from processes import Program, wait_for_server
from run import Demo
from story import ROLE, StoryError, make_environments

PROJECT, ENVIRONMENT, PACKAGE = "Chaos", "Development", "Chaos.Package"
_PACKAGE_LINES = 3

#: One mark, then numbered lines, about `pause` seconds apart.
_SCRIPT = """\
mkdir -p "{marks}/$(get_octopusvariable Octopus.Deployment.Id)"
machine="$(get_octopusvariable Octopus.Machine.Name 2>/dev/null || true)"
echo "$$-$(date +%s%N)" >> "{marks}/$(get_octopusvariable Octopus.Deployment.Id)/{name}@${{machine:-server}}"
for number in $(seq {lines}); do
  echo "line $number"
  sleep {pause}
done
"""
_SAY = 'set_octopusvariable Word "$(get_octopusvariable Octopus.Deployment.Id) on $machine"\n'
_TELL = 'set_octopusvariable Common "$(get_octopusvariable Octopus.Deployment.Id)"\n'
_HEAR = """\
echo "heard $(get_octopusvariable 'Octopus.Action[Say].Output.Word')"
echo "heard $(get_octopusvariable 'Octopus.Action[Tell].Output.Common')"
"""


class Chaos:
    """The installation. Nothing in here knows when something is killed."""

    def __init__(self, folder: Path, agents: int) -> None:
        self.demo = Demo(folder, say=lambda _text: None, listen=0)
        self.marks = folder / "marks"
        self.names = [f"agent-{number}" for number in range(agents)]
        self.agents: list[Program] = []
        self._steps = _steps(self.marks)

    def start(self) -> None:
        """Afterwards release 1.0.0 of the project can be deployed."""
        self.demo.start_server()
        self.api = self.demo.connect()
        make_environments(self.api)
        for number, name in enumerate(self.names):
            mode = "listening" if number % 2 == 0 else "polling"
            self.agents.append(self.demo.start_agent(ENVIRONMENT, name=name, mode=mode))
        self._make_project()

    def stop(self) -> None:
        self.demo.stop()

    @property
    def server(self) -> Program:
        return self.demo.programs[0]

    @property
    def database(self) -> Path:
        return self.demo.folder / "server" / "polpo.db"

    def start_server_again(self) -> None:
        self.server.start()
        wait_for_server(self.server, self.demo.address)

    def expected_marks(self) -> dict[str, int]:
        """The files of one deployment, and how many lines each script prints."""
        return {
            f"{name}@{place}": lines
            for name, lines, where in _scripts(self._steps)
            for place in (self.names if where == "targets" else ["server"])
        }

    def follow(self, task_id: str, bound: float) -> Any:
        """Waits for the task's end, also while there is no server. StoryError when it does not come."""
        deadline, state = time.monotonic() + bound, "unknown"
        while time.monotonic() < deadline:
            with contextlib.suppress(httpx.TransportError):
                task = self.api.get(f"/tasks/{task_id}")
                if task["IsCompleted"]:
                    return task
                state = task["State"]
            time.sleep(0.1)
        raise StoryError(f"{task_id} did not end within {bound:g} seconds; it is {state}.")

    def _make_project(self) -> None:
        api = self.api
        lifecycle, group = api.get("/lifecycles/all")[0]["Id"], api.get("/projectgroups/all")[0]["Id"]
        project = api.post("/projects", {"Name": PROJECT, "LifecycleId": lifecycle, "ProjectGroupId": group})
        process = api.get(f"/projects/{project['Id']}/deploymentprocesses")
        process["Steps"] = self._steps
        api.put(f"/projects/{project['Id']}/deploymentprocesses", process)
        api.upload(_package(self.demo.folder, _body(self.marks, "Install", _PACKAGE_LINES, 0.1)))
        api.post("/releases/create/v1", {"ProjectName": PROJECT, "ReleaseVersion": "1.0.0"})


def _steps(marks: Path) -> list[dict[str, Any]]:
    def script(name: str, lines: int, pause: float, more: str = "", **properties: str) -> dict[str, Any]:
        body = _body(marks, name, lines, pause) + more
        told = {"ScriptSource": "Inline", "Syntax": "Bash", "ScriptBody": body}
        told = {f"Octopus.Action.Script.{key}": value for key, value in told.items()}
        return {"Name": name, "ActionType": "Octopus.Script", "Properties": {**told, **properties}}

    here = {"Octopus.Action.RunOnServer": "true"}
    install = {
        "Name": "Install",
        "ActionType": "Octopus.TentaclePackage",
        "Packages": [{"Name": "", "PackageId": PACKAGE, "FeedId": "feeds-builtin"}],
        "Properties": {},
    }
    return [
        _step("Tell", script("Tell", 3, 0.1, _TELL, **here)),
        _step("Roll", script("Drain", 2, 0.1), script("Update", 5, 0.1), roll="3"),
        _step("Install", install, on_targets=True),
        _step("Left", script("Left", 5, 0.2), on_targets=True),
        _step("Right", script("Right", 10, 0.05), on_targets=True, StartTrigger="StartWithPrevious"),
        _step("Say", script("Say", 2, 0.1, _SAY), on_targets=True),
        _step("Hear", script("Hear", 2, 0.1, _HEAR), on_targets=True),
        _step("Mend", script("Mend", 1, 0.1), on_targets=True, Condition="Failure"),
        _step("Clean", script("Clean", 1, 0.1, **here), Condition="Always"),
    ]


def _step(name: str, *actions: dict[str, Any], on_targets: bool = False, roll: str = "", **more: str) -> dict[str, Any]:
    properties = {"Octopus.Action.TargetRoles": ROLE} if on_targets or roll else {}
    if roll:
        properties["Octopus.Action.MaxParallelism"] = roll
    return {"Name": name, "Properties": properties, "Actions": list(actions), **more}


def _body(marks: Path, name: str, lines: int, pause: float) -> str:
    return _SCRIPT.format(marks=marks, name=name, lines=lines, pause=pause)


def _scripts(steps: Sequence[dict[str, Any]]) -> list[tuple[str, int, str]]:
    """Name, lines and place of each script that runs in a deployment that succeeds."""
    found = []
    for step in steps:
        where = "targets" if step["Properties"] else "server"
        if step.get("Condition") != "Failure":
            found += [(action["Name"], _lines(action), where) for action in step["Actions"]]
    return found


def _lines(action: dict[str, Any]) -> int:
    body = action["Properties"].get("Octopus.Action.Script.ScriptBody")
    return int(body.partition("$(seq ")[2].partition(")")[0]) if body else _PACKAGE_LINES


def _package(folder: Path, body: str) -> Path:
    path = folder / f"{PACKAGE}.1.0.0.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("content.txt", "something to be deployed\n" * 1000)
        archive.writestr("Deploy.sh", body)
    return path


def until(condition: Callable[[], bool], what: str, bound: float = 60.0) -> None:
    deadline = time.monotonic() + bound
    while not condition():
        if time.monotonic() > deadline:
            raise StoryError(f"{what} did not happen within {bound:g} seconds")
        time.sleep(0.02)
