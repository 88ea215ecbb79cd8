"""One address for each screen of the portal, of things that are there to be seen."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from browser.conftest import Shop
from certificates import write_pair

#: Every route that shows a screen; the portal's own test compares it with its router.
TEMPLATES = (Path(__file__).parent / "screens.txt").read_text().split()


def addresses(shop: Shop) -> dict[str, str]:
    """By the route's template, such as `/app/$space/tasks/$task`; makes what the scene has none of."""
    ids = dict(_things(shop))
    found = {template: _filled(template, ids) for template in TEMPLATES}
    number = ids["deployment"].removeprefix("Deployments-")
    found["/app/$space/projects/$project/releases/$version/compare"] += "?with=3.1.0"
    found["/app/$space/projects/$project/releases/$version/deployed"] += f"?ids={number}"
    found["/app/register"] += "?code=unknown"
    return found


def _filled(template: str, ids: dict[str, str]) -> str:
    names = re.findall(r"\$(\w+)", template)
    for name in names:
        set_of = "module" if name == "set" and "script-modules" in template else name
        template = template.replace(f"${name}", ids[set_of], 1)
    return template


def _things(shop: Shop) -> Iterator[tuple[str, str]]:
    api, scene = shop.api, shop.scene
    yield "space", "Spaces-1"
    yield "project", "web-shop"
    project = scene.projects["Web Shop"]["Id"]
    for version in ("3.1.0", "3.2.0"):
        release = scene.release("Web Shop", version)
    yield "version", "3.2.0"
    place = {"ReleaseId": release["Id"], "EnvironmentId": scene.environments["Development"]}
    deployment = api.post("/deployments", place)
    yield "deployment", deployment["Id"]
    yield "task", deployment["TaskId"]
    yield "tenant", scene.tenants["Northwind"]
    yield "environment", scene.environments["Production"]
    yield "lifecycle", scene.lifecycle
    yield "set", scene.library
    yield "target", api.get("/machines")["Items"][0]["Id"]
    yield "channel", api.get(f"/projects/{project}/channels")["Items"][0]["Id"]
    runbook = api.get(f"/projects/{project}/runbooks")["Items"][0]
    yield "runbook", runbook["Id"]
    yield "snapshot", _made(api, "/runbookSnapshots?publish=true", _snapshot(project, runbook))
    yield "packageId", "Shop.Web"
    yield from _library(api)
    yield from _infrastructure(api, shop.demo.folder)
    yield from _automation(api, project, scene.environments["Test"])
    yield from _people(shop)


def _library(api: Any) -> Iterator[tuple[str, str]]:
    script = {"Name": "Waiting", "ContentType": "ScriptModule"}
    yield "module", _made(api, "/libraryvariablesets", script)
    yield "feed", "feeds-builtin"
    yield "tagSet", api.get("/tagsets")["Items"][0]["Id"]
    yield "template", _made(api, "/actiontemplates", {"Name": "Warm up", "ActionType": "Octopus.Script"})
    commit = {"Id": "4f2c1ab", "Comment": "Start faster"}
    build = {"BuildNumber": "41", "BuildEnvironment": "Jenkins", "Branch": "main", "Commits": [commit]}
    body = {"PackageId": "Shop.Web", "Version": "3.2.0", "OctopusBuildInformation": build}
    yield "build", _made(api, "/build-information", body)


def _infrastructure(api: Any, folder: Path) -> Iterator[tuple[str, str]]:
    account = {"Name": "deployer", "AccountType": "UsernamePassword", "Username": "deployer"}
    yield "account", _made(api, "/accounts", account)
    public, key = write_pair(folder, "www.shop.example")
    data = base64.b64encode(public.read_bytes() + key.read_bytes()).decode()
    certificate = {"Name": "www.shop.example", "CertificateData": {"HasValue": True, "NewValue": data}}
    yield "certificate", _made(api, "/certificates", certificate)
    yield "policy", api.get("/machinepolicies")["Items"][0]["Id"]
    yield "proxy", _made(api, "/proxies", {"Name": "outside", "Host": "proxy.shop.example", "Port": 3128})
    pool = api.get("/workerpools")["Items"][0]["Id"]
    yield "pool", pool
    endpoint = {"CommunicationStyle": "TentacleActive", "Uri": "poll://3hk9r0vx7b/", "Thumbprint": "A" * 40}
    yield "worker", _made(api, "/workers", {"Name": "builder", "WorkerPoolIds": [pool], "Endpoint": endpoint})


def _automation(api: Any, project: str, environment: str) -> Iterator[tuple[str, str]]:
    nightly = {
        "Name": "Every night",
        "ProjectId": project,
        "Filter": {"FilterType": "CronExpressionSchedule", "CronExpression": "0 0 3 * * *", "Timezone": "UTC"},
        "Action": {
            "ActionType": "DeployLatestRelease",
            "SourceEnvironmentIds": [environment],
            "DestinationEnvironmentId": environment,
            "ShouldRedeployWhenReleaseIsCurrent": True,
        },
    }
    yield "trigger", _made(api, "/projecttriggers", nightly)
    freeze = {"Name": "Christmas", "Start": "2030-12-20T00:00:00Z", "End": "2031-01-02T00:00:00Z"}
    scope = {"ProjectEnvironmentScope": {project: [environment]}}
    yield "freeze", _system(api, "/api/deploymentfreezes", freeze | scope)
    subscription = {
        "Name": "Failures",
        "EventNotificationSubscription": {
            "Filter": {"EventCategories": ["DeploymentFailed"]},
            "WebhookURI": "https://hooks.shop.example/",
        },
    }
    yield "subscription", _made(api, "/subscriptions", subscription)


def _people(shop: Shop) -> Iterator[tuple[str, str]]:
    api = shop.api
    user = {"Username": "eva", "DisplayName": "Eva Lind", "Password": "seven blue herons wade"}
    yield "user", _system(api, "/api/users", user)
    yield "team", _made(api, "/teams", {"Name": "Release managers", "SpaceId": "Spaces-1"})
    yield "section", "authentication"
    yield "role", "userroles-projectdeployer"
    yield "event", api.get("/events", take=1)["Items"][0]["Id"]


def _snapshot(project: str, runbook: dict[str, Any]) -> dict[str, Any]:
    return {"ProjectId": project, "RunbookId": runbook["Id"], "Name": "Snapshot 1"}


def _made(api: Any, path: str, body: dict[str, Any]) -> str:
    return str(api.post(path, body)["Id"])


def _system(api: Any, path: str, body: dict[str, Any]) -> str:
    """For what belongs to no space."""
    answer = api.client.post(f"{api.address}{path}", json=body)
    assert answer.is_success, answer.text
    return str(answer.json()["Id"])
