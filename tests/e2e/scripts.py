"""Projects of one script step, for tests of what happens while a script runs."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from story import ROLE, Api

#: Notes that it began and ended, and prints numbered lines in between.
COUNTING = """\
echo begun >> {marks}/$(get_octopusvariable Octopus.Machine.Name)
for number in $(seq {lines}); do
  echo "line $number"
  sleep {pause}
done
echo ended >> {marks}/$(get_octopusvariable Octopus.Machine.Name)
"""


def make_script_project(api: Api, name: str, body: str, variables: Mapping[str, str] | None = None) -> Any:
    """A project whose only step runs a bash script on all targets with the role, and its release 1.0.0."""
    lifecycle, group = api.get("/lifecycles/all")[0]["Id"], api.get("/projectgroups/all")[0]["Id"]
    project = api.post("/projects", {"Name": name, "LifecycleId": lifecycle, "ProjectGroupId": group})
    process = api.get(f"/projects/{project['Id']}/deploymentprocesses")
    properties = {
        "Octopus.Action.Script.ScriptSource": "Inline",
        "Octopus.Action.Script.Syntax": "Bash",
        "Octopus.Action.Script.ScriptBody": body,
    }
    action = {"Name": "Run", "ActionType": "Octopus.Script", "Properties": properties}
    process["Steps"] = [{"Name": "Run", "Properties": {"Octopus.Action.TargetRoles": ROLE}, "Actions": [action]}]
    api.put(f"/projects/{project['Id']}/deploymentprocesses", process)
    if variables:
        known = api.get(f"/projects/{project['Id']}/variables")
        known["Variables"] = [{"Name": key, "Value": value, "Type": "String"} for key, value in variables.items()]
        api.put(f"/projects/{project['Id']}/variables", known)
    api.post("/releases/create/v1", {"ProjectName": name, "ReleaseVersion": "1.0.0"})
    return project


def lines_of(api: Api, task_id: str) -> dict[str, list[str]]:
    """The lines `line N` of the log by the name of the node that they stand under, in their order."""
    part = api.get(f"/tasks/{task_id}/log", after=0, take=10000)
    names = {node["Id"]: node["Name"] for node in part["Nodes"]}
    found: dict[str, list[str]] = {}
    for line in part["Lines"]:
        if line["Text"].startswith("line "):
            found.setdefault(names[line["NodeId"]], []).append(line["Text"])
    return found


def marks(folder: Path) -> dict[str, list[str]]:
    return {path.name: path.read_text().split() for path in folder.iterdir()}
