"""Plays a scenario for real: a project made over the REST API, deployed by a server to the agents `m1` and `m2`."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec
import story

from scenarios.behaviour import as_bash
from scenarios.outcome import Outcome
from scenarios.process import documents
from scenarios.scenario import Scenario, Value

ENVIRONMENT = "Production"
AGENTS = ("m1", "m2")
_VERSION = "1.0.0"
_BOUND = 60.0


def play_for_real(api: story.Api, scenario: Scenario, record: Path) -> Outcome:
    """The scripts write what they do to the file `record`; what they saw of variables is only in the log."""
    _check(scenario)
    name = scenario.name.replace(":", " ").replace("#", "").replace("'", "")[:100]
    _make_project(api, name, scenario, record)
    story.create_release(api, _VERSION, name)
    outcome = Outcome(values=None)
    task = _follow(api, story.deploy(api, _VERSION, ENVIRONMENT, name), scenario, outcome)
    outcome.task, outcome.error = task["State"], task["ErrorMessage"] or ""
    part = api.get(f"/tasks/{task['Id']}/log", after=0, take=10000)
    outcome.log = [line["Text"] for line in part["Lines"]]
    outcome.read_tree([(one["Id"], one["ParentId"], one["Name"], one["Status"]) for one in part["Nodes"]])
    for line in record.read_text().splitlines() if record.exists() else []:
        what, _, mark = line.partition(" ")
        outcome.moments.append((mark, what))
    return outcome


def _check(scenario: Scenario) -> None:
    if (
        not set(scenario.targets) <= set(AGENTS)
        or scenario.tenant_tags is not None
        or scenario.environment != ENVIRONMENT
    ):
        raise ValueError(f"'{scenario.name}' cannot be played for real: there are only {', '.join(AGENTS)}.")


def _make_project(api: story.Api, name: str, scenario: Scenario, record: Path) -> None:
    lifecycle, group = api.get("/lifecycles/all")[0]["Id"], api.get("/projectgroups/all")[0]["Id"]
    guided = {"DefaultGuidedFailureMode": "On" if scenario.guided else "Off"}
    project = api.post("/projects", {"Name": name, "LifecycleId": lifecycle, "ProjectGroupId": group, **guided})
    process = api.get(f"/projects/{project['Id']}/deploymentprocesses")
    process["Steps"] = _steps(scenario, record)
    api.put(f"/projects/{project['Id']}/deploymentprocesses", process)
    known = api.get(f"/projects/{project['Id']}/variables")
    ids = {
        "environment": {one["Name"]: one["Id"] for one in api.get("/environments/all")},
        "machine": {one["Name"]: one["Id"] for one in api.get("/machines/all")},
    }
    known["Variables"] = [_variable(one, ids) for one in scenario.variables]
    api.put(f"/projects/{project['Id']}/variables", known)


def _steps(scenario: Scenario, record: Path) -> list[dict[str, Any]]:
    steps: list[dict[str, Any]] = msgspec.to_builtins(documents(scenario))
    for step, written in zip(scenario.steps, steps, strict=True):
        written.pop("Id")
        for action, sent in zip(step.parts, written["Actions"], strict=True):
            sent.pop("Id")
            if action.kind == "script":
                sent["Properties"] |= {
                    "Octopus.Action.Script.ScriptSource": "Inline",
                    "Octopus.Action.Script.Syntax": "Bash",
                    "Octopus.Action.Script.ScriptBody": as_bash(action, str(record)),
                }
    return steps


def _variable(one: Value, ids: Mapping[str, Mapping[str, str]]) -> dict[str, Any]:
    scope = {kind.title(): [ids.get(kind, {}).get(name, name) for name in names] for kind, names in one.scope.items()}
    kind = {"Type": "Sensitive", "IsSensitive": True} if one.sensitive else {"Type": "String"}
    return {"Name": one.name, "Value": one.value, "Scope": scope, **kind}


def _follow(api: story.Api, task_id: str, scenario: Scenario, outcome: Outcome) -> Any:
    """To the end, past every question."""
    if scenario.cancel:
        _await_lines(api, task_id, scenario.cancel)
        api.post(f"/tasks/{task_id}/cancel", {})
    answers = {place: list(said) for place, said in scenario.answers.items()}
    while not (task := story.follow(api, task_id))["IsCompleted"]:
        for question in api.get("/interruptions", regarding=task_id, pendingOnly="true")["Items"]:
            buttons = [one["Control"].get("Buttons") for one in question["Form"]["Elements"]]
            if question["Type"] == "GuidedFailure":
                outcome.asked(question["Title"], [one["Value"] for one in next(filter(None, buttons))])
            said, _, notes = _next_answer(question["Title"], answers).partition(" ")
            api.put(f"/interruptions/{question['Id']}/responsible")
            api.post(f"/interruptions/{question['Id']}/submit", {"Result": said, "Guidance": said, "Notes": notes})
    return task


def _await_lines(api: story.Api, task_id: str, parts: Sequence[str]) -> None:
    deadline = time.monotonic() + _BOUND
    while True:
        said = "\n".join(line["Text"] for line in api.get(f"/tasks/{task_id}/log", after=0, take=10000)["Lines"])
        if all(part in said for part in parts):
            return
        if time.monotonic() > deadline:
            raise AssertionError(f"The log did not say all of {parts} within {_BOUND:g} seconds: {said}")
        time.sleep(0.05)


def _next_answer(title: str, answers: dict[str, list[str]]) -> str:
    """Of the place that the question's title names."""
    for mark, left in answers.items():
        action, _, place = mark.partition("@")
        if left and action in title and (place == "server" or place in title):
            return left.pop(0)
    raise AssertionError(f"A person is asked '{title}', and the scenario has nothing to say to it.")
