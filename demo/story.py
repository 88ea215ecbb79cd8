"""What the demo tells the server over its public REST API: environments, a project, a release, deployments.

The end-to-end tests and the benchmark tell the same story.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

ROLE = "web"
ENVIRONMENTS = ("Development", "Test", "Production")
PROJECT = "Sample Web"
GREETINGS = {
    "Development": ("Hello, developer", "teal"),
    "Test": ("Try to break me", "amber"),
    "Production": ("Welcome", "purple"),
}


class StoryError(Exception):
    """The server did not do what the story says; the message is its own sentence."""


@dataclass
class Api:
    """The REST API of one server, as one user, in the default space."""

    address: str
    api_key: str
    client: httpx.Client = field(init=False)

    def __post_init__(self) -> None:
        headers = {"X-Octopus-ApiKey": self.api_key}
        self.client = httpx.Client(
            base_url=f"{self.address}/api/Spaces-1", headers=headers, timeout=60, trust_env=False
        )

    def get(self, path: str, **query: Any) -> Any:
        return self._checked(self.client.get(path, params=query))

    def post(self, path: str, body: object) -> Any:
        return self._checked(self.client.post(path, json=body))

    def put(self, path: str, body: object = None) -> Any:
        return self._checked(self.client.put(path, json=body))

    def upload(self, package: Path) -> Any:
        with package.open("rb") as content:
            files = {"fileToUpload": (package.name, content)}
            return self._checked(
                self.client.post("/packages/raw", files=files, params={"overwriteMode": "OverwriteExisting"})
            )

    @staticmethod
    def _checked(answer: httpx.Response) -> Any:
        if answer.is_success:
            return answer.json()
        said = answer.json() if "json" in answer.headers.get("content-type", "") else {}
        errors = said.get("Errors") or [said.get("ErrorMessage") or answer.text]
        raise StoryError(f"{answer.request.method} {answer.request.url.path}: {' '.join(errors)}")


def make_environments(api: Api) -> dict[str, str]:
    """The ids of the three environments by name; makes those that are missing."""
    known = {one["Name"]: one["Id"] for one in api.get("/environments/all")}
    for name in ENVIRONMENTS:
        if name not in known:
            known[name] = api.post("/environments", {"Name": name})["Id"]
    return known


def make_project(api: Api, environments: Mapping[str, str], ports: Mapping[str, int], *, approval: bool = True) -> Any:
    """The sample project: approval (in Production only), the package, and a check over HTTP."""
    lifecycle = api.get("/lifecycles/all")[0]["Id"]
    group = api.get("/projectgroups/all")[0]["Id"]
    project = api.post(
        "/projects",
        {
            "Name": PROJECT,
            "Description": "A small web application that is deployed for real.",
            "LifecycleId": lifecycle,
            "ProjectGroupId": group,
        },
    )
    process = api.get(f"/projects/{project['Id']}/deploymentprocesses")
    process["Steps"] = steps(environments, approval=approval)
    api.put(f"/projects/{project['Id']}/deploymentprocesses", process)
    variables = api.get(f"/projects/{project['Id']}/variables")
    variables["Variables"] = list(_variables(environments, ports))
    api.put(f"/projects/{project['Id']}/variables", variables)
    return project


def steps(environments: Mapping[str, str], *, approval: bool) -> list[dict[str, Any]]:
    on_web = {"Octopus.Action.TargetRoles": ROLE}
    ask = {
        "Name": "Approve",
        "ActionType": "Octopus.Manual",
        "Environments": [environments["Production"]],
        "Properties": {
            "Octopus.Action.Manual.Instructions": "Look at **Test**, then let "
            "`#{Octopus.Release.Number}` go to #{Octopus.Environment.Name}.",
        },
    }
    install = {
        "Name": "Deploy the site",
        "ActionType": "Octopus.TentaclePackage",
        "Packages": [{"Name": "", "PackageId": "Polpo.Sample.Web", "FeedId": "feeds-builtin"}],
        "Properties": {
            "Octopus.Action.EnabledFeatures": "Octopus.Features.SubstituteInFiles",
            "Octopus.Action.SubstituteInFiles.Enabled": "True",
            "Octopus.Action.SubstituteInFiles.TargetFiles": "appsettings.json",
        },
    }
    check = {
        "Name": "Check the site",
        "ActionType": "Octopus.Script",
        "Properties": {
            "Octopus.Action.Script.ScriptSource": "Inline",
            "Octopus.Action.Script.Syntax": "Python",
            "Octopus.Action.Script.ScriptBody": _CHECK,
        },
    }
    process = [
        {"Name": "Deploy the site", "Properties": on_web, "Actions": [install]},
        {"Name": "Check the site", "Properties": on_web, "Actions": [check]},
    ]
    return [{"Name": "Approve", "Actions": [ask]}, *process] if approval else process


_CHECK = """\
import json, urllib.request

address = get_octopusvariable("Octopus.Action[Deploy the site].Output.Url")
opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
with opener.open(address + "health", timeout=10) as answer:
    health = json.load(answer)
print("%(status)s: version %(version)s in %(environment)s" % health)
if health["release"] != get_octopusvariable("Octopus.Release.Number"):
    failstep("The site answers as release %s." % health["release"])
"""


def _variables(environments: Mapping[str, str], ports: Mapping[str, int]) -> Iterator[dict[str, Any]]:
    for name, identity in environments.items():
        if name not in ports:
            continue
        greeting, colour = GREETINGS[name]
        scope = {"Environment": [identity]}
        yield {"Name": "Port", "Value": str(ports[name]), "Type": "String", "Scope": scope}
        yield {"Name": "Greeting", "Value": greeting, "Type": "String", "Scope": scope}
        yield {"Name": "Colour", "Value": colour, "Type": "String", "Scope": scope}
        secret = {"Name": "Database.Password", "Type": "Sensitive", "IsSensitive": True, "Scope": scope}
        yield {**secret, "Value": f"{name}-opensesame-{len(name)}"}


def create_release(api: Api, version: str, project: str = PROJECT) -> str:
    """The id of the new release, with the newest package."""
    made = api.post("/releases/create/v1", {"ProjectName": project, "ReleaseVersion": version})
    return str(made["ReleaseId"])


def deploy(api: Api, version: str, environment: str, project: str = PROJECT) -> str:
    """Starts a deployment and returns its task's id."""
    body = {"ProjectName": project, "ReleaseVersion": version, "EnvironmentNames": [environment]}
    made = api.post("/deployments/create/untenanted/v1", body)
    return str(made["DeploymentServerTasks"][0]["ServerTaskId"])


def follow(api: Api, task_id: str, show: Callable[[str], None] = lambda _line: None, bound: float = 180) -> Any:
    """Waits for the task's end, or until it waits for a person; shows its lines meanwhile. Returns the task."""
    deadline = time.monotonic() + bound
    after = 0
    while True:
        task = api.get(f"/tasks/{task_id}")
        part = api.get(f"/tasks/{task_id}/log", after=after, verbose="false")
        for line in part["Lines"]:
            show(line["Text"])
        after = part["LastNumber"]
        if (task["IsCompleted"] and part["IsComplete"]) or task["HasPendingInterruptions"]:
            return task
        if time.monotonic() > deadline:
            raise StoryError(f"{task_id} did not end within {bound:g} seconds; it is {task['State']}.")
        time.sleep(0.1)


def approve(api: Api, task_id: str, notes: str = "Looks good.") -> None:
    """Answers the pending intervention of a task."""
    pending = api.get("/interruptions", regarding=task_id, pendingOnly="true")["Items"][0]
    api.put(f"/interruptions/{pending['Id']}/responsible")
    api.post(f"/interruptions/{pending['Id']}/submit", {"Result": "Proceed", "Notes": notes})
