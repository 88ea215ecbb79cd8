"""A space as a team has it after some months: for screenshots, for browser tests, and to try the portal with.

Everything is made over the public REST API and deployed for real; the targets are cloud regions, where steps run on the
server's own worker, so that no agent is needed.
"""

from __future__ import annotations

import argparse
import io
import sys
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent))

from story import Api, approve, follow

ENVIRONMENTS = {
    "Development": "Where every change is tried first.",
    "Test": "The testers' own; renewed every night.",
    "Staging": "As close to production as it gets.",
    "Production": "What customers use. Approved by the release managers.",
}
GROUPS = {
    "Storefront": {
        "Web Shop": "The shop that customers see.",
        "Checkout": "Basket, payment and order.",
        "Catalogue API": "Products, prices and stock, for the shop and for partners.",
    },
    "Platform": {
        "Identity": "Signing in, for customers and staff.",
        "Billing": "Invoices, reminders and the ledger.",
        "Notifications": "Mail, text messages and push.",
    },
    "Data": {"Warehouse Loader": "Loads the orders of the day into the warehouse."},
}
TENANTS = {
    "Northwind": ["Region/Europe", "Plan/Enterprise"],
    "Contoso": ["Region/America", "Plan/Enterprise"],
    "Fabrikam": ["Region/Europe", "Plan/Standard"],
    "Tailspin": ["Region/Asia", "Plan/Standard"],
}


INSTALL = "Install the shop"


@dataclass
class Scene:
    """What has been made, by name: the ids that later parts refer to."""

    api: Api
    say: Callable[[str], None]
    environments: dict[str, str] = field(default_factory=dict)
    groups: dict[str, str] = field(default_factory=dict)
    projects: dict[str, Any] = field(default_factory=dict)
    tenants: dict[str, str] = field(default_factory=dict)
    lifecycle: str = ""
    library: str = ""

    def make(self) -> None:
        for part in (self._places, self._targets, self._library, self._projects, self._people, self._runbooks):
            self.say(part.__name__.removeprefix("_"))
            part()

    def _places(self) -> None:
        known = {one["Name"]: one["Id"] for one in self.api.get("/environments/all")}
        for name, description in ENVIRONMENTS.items():
            made = known.get(name) or self.api.post("/environments", {"Name": name, "Description": description})["Id"]
            self.environments[name] = made
        phases = [
            {"Name": name, "AutomaticDeploymentTargets": [self.environments[name]]}
            if name == "Development"
            else {"Name": name, "OptionalDeploymentTargets": [self.environments[name]]}
            for name in ENVIRONMENTS
        ]
        lifecycle = {"Name": "Through all four", "Description": "One environment after the other.", "Phases": phases}
        self.lifecycle = self.api.post("/lifecycles", lifecycle)["Id"]
        for name in GROUPS:
            self.groups[name] = self.api.post("/projectgroups", {"Name": name})["Id"]

    def _targets(self) -> None:
        endpoint = {"CommunicationStyle": "None"}
        for region in ("Frankfurt", "Dublin"):
            for name, environment in self.environments.items():
                roles = ["web", "api"] if region == "Frankfurt" else ["web"]
                target = {"Name": f"{name} {region}", "EnvironmentIds": [environment], "Endpoint": endpoint}
                self.api.post("/machines", target | {"Roles": roles})

    def _library(self) -> None:
        with TemporaryDirectory() as folder:
            for version in ("3.1.0", "3.2.0", "3.3.0-beta.1"):
                for name in ("Shop.Web", "Shop.Api"):
                    package = Path(folder) / f"{name}.{version}.zip"
                    package.write_bytes(_zip({"index.html": f"<h1>{name} {version}</h1>", "version.txt": version}))
                    self.api.upload(package)
        made = self.api.post("/libraryvariablesets", {"Name": "Mail", "Description": "How mail is sent, everywhere."})
        self.library = made["Id"]
        variables = self.api.get(f"/variables/{made['VariableSetId']}")
        variables["Variables"] = [
            {"Name": "Mail:Host", "Value": "mail.shop.example"},
            {"Name": "Mail:Port", "Value": "587"},
            {"Name": "Mail:Password", "Type": "Sensitive", "IsSensitive": True, "Value": "not-the-real-one"},
        ]
        self.api.put(f"/variables/{variables['Id']}", variables)
        self.api.post("/tagsets", _tag_set("Region", {"Europe": "#126b33", "America": "#1c66c9", "Asia": "#9a5b00"}))
        self.api.post("/tagsets", _tag_set("Plan", {"Enterprise": "#6c3f96", "Standard": "#686270"}))

    def _projects(self) -> None:
        for group, names in GROUPS.items():
            for name, description in names.items():
                body = {"Name": name, "Description": description, "ProjectGroupId": self.groups[group]}
                project = self.api.post(
                    "/projects",
                    body | {"LifecycleId": self.lifecycle, "IncludedLibraryVariableSetIds": [self.library]},
                )
                self.projects[name] = project
                process = self.api.get(f"/projects/{project['Id']}/deploymentprocesses")
                process["Steps"] = list(self._steps(name))
                self.api.put(f"/projects/{project['Id']}/deploymentprocesses", process)
                variables = self.api.get(f"/projects/{project['Id']}/variables")
                variables["Variables"] = list(self._variables())
                self.api.put(f"/projects/{project['Id']}/variables", variables)
        checkout = self.projects["Checkout"]["Id"]
        hotfix = {"Name": "Hotfix", "ProjectId": checkout, "LifecycleId": self.lifecycle, "Rules": []}
        self.api.post("/channels", hotfix)

    def _steps(self, project: str) -> Iterator[dict[str, Any]]:
        production = [self.environments["Production"]]
        on_web = {"Octopus.Action.TargetRoles": "web"}
        if project != "Warehouse Loader":
            ask = {"Octopus.Action.Manual.Instructions": "Has **Staging** been looked at? Then let it go out."}
            yield _step("Approve", "Octopus.Manual", ask, environments=production)
        yield _step(
            "Migrate the database", "Octopus.Script", _script(_MIGRATE) | {"Octopus.Action.RunOnServer": "true"}
        )
        yield _step("Deploy to the web servers", "Octopus.Script", _script(_DEPLOY), on=on_web)
        if project == "Web Shop":
            yield _step(INSTALL, "Octopus.TentaclePackage", _package("Shop.Web"), on=on_web)
        failing = _FAILS if project == "Billing" else _SMOKE
        yield _step("Smoke test", "Octopus.Script", _on_server(failing))

    def _variables(self) -> Iterator[dict[str, Any]]:
        yield {"Name": "Site:Title", "Value": "The Shop"}
        for name in ENVIRONMENTS:
            scope = {"Environment": [self.environments[name]]}
            host = "www.shop.example" if name == "Production" else f"{name.lower()}.shop.example"
            yield {"Name": "Site:Host", "Value": host, "Scope": scope}
        yield {"Name": "Database:Server", "Value": "db.test.example"}
        production = {"Environment": [self.environments["Production"]]}
        yield {"Name": "Database:Server", "Value": "db.prod.example", "Scope": production}
        yield {"Name": "Database:Password", "Type": "Sensitive", "IsSensitive": True, "Value": "s3cret-for-all"}
        yield {"Name": "Pool:Size", "Value": "10"}
        yield {"Name": "Pool:Size", "Value": "50", "Scope": production | {"Role": ["web"]}}

    def _people(self) -> None:
        for name, tags in TENANTS.items():
            links = {
                self.projects["Web Shop"]["Id"]: [self.environments["Staging"], self.environments["Production"]],
            }
            body = {"Name": name, "TenantTags": tags, "ProjectEnvironments": links}
            self.tenants[name] = self.api.post("/tenants", body)["Id"]
        for target in self.api.get("/machines/all"):
            part = {"TenantedDeploymentParticipation": "TenantedOrUntenanted", "TenantIds": list(self.tenants.values())}
            self.api.put(f"/machines/{target['Id']}", target | part)
        mode = {"TenantedDeploymentMode": "TenantedOrUntenanted"}
        self.api.put(f"/projects/{self.projects['Web Shop']['Id']}", self._project("Web Shop") | mode)

    def _project(self, name: str) -> dict[str, Any]:
        document: dict[str, Any] = self.api.get(f"/projects/{self.projects[name]['Id']}")
        return document

    def _runbooks(self) -> None:
        for name, body in {"Restart the site": _DEPLOY, "Back up the database": _MIGRATE}.items():
            project = self.projects["Web Shop"]["Id"]
            runbook = self.api.post("/runbooks", {"Name": name, "ProjectId": project})
            process = self.api.get(f"/runbookProcesses/{runbook['RunbookProcessId']}")
            process["Steps"] = [
                _step(name, "Octopus.Script", _on_server(body)),
            ]
            self.api.put(f"/runbookProcesses/{process['Id']}", process)

    def make_history(self) -> None:
        """Releases on their ways: some everywhere, one failed, one that waits for its approval."""
        far = {"Web Shop": 4, "Checkout": 3, "Catalogue API": 4, "Identity": 2, "Notifications": 1, "Billing": 1}
        for name, steps in far.items():
            for version in ("3.1.0", "3.2.0"):
                self.say(f"{name} {version}")
                reach = steps if version == "3.1.0" else max(1, steps - 1)
                self._promote(self.release(name, version), list(ENVIRONMENTS)[:reach])
        waiting = self.release("Checkout", "3.3.0")
        self._promote(waiting, list(ENVIRONMENTS))

    def release(self, project: str, version: str) -> Any:
        """Makes a release; the lifecycle sends it to Development by itself."""
        notes = f"Release {version} of {project}.\n\n- faster start\n- fewer requests"
        body: dict[str, Any] = {
            "ProjectId": self.projects[project]["Id"],
            "Version": version,
            "ReleaseNotes": notes,
        }
        if project == "Web Shop":
            body["SelectedPackages"] = [{"ActionName": INSTALL, "Version": "3.1.0" if version == "3.1.0" else "3.2.0"}]
        return self.api.post("/releases", body)

    def _promote(self, release: Any, environments: list[str]) -> None:
        for name in environments:
            # The lifecycle has sent it to Development by itself.
            body = {"ReleaseId": release["Id"], "EnvironmentId": self.environments[name]}
            if name == "Development":
                found = self.api.get(f"/releases/{release['Id']}/deployments")["Items"]
                deployment = found[0] if found else self.api.post("/deployments", body)
            else:
                deployment = self.api.post("/deployments", body)
            if not self._reaches_its_end(deployment["TaskId"], answered=release["Version"] == "3.1.0"):
                return

    def _reaches_its_end(self, task_id: str, *, answered: bool) -> bool:
        """Whether it succeeded; answers its questions on the way, or leaves it waiting."""
        task = follow(self.api, task_id)
        while answered and not task["IsCompleted"]:
            approve(self.api, task_id)
            task = follow(self.api, task_id)
        return bool(task["State"] == "Success")


def _step(
    name: str,
    kind: str,
    properties: dict[str, str],
    *,
    on: dict[str, str] | None = None,
    environments: list[str] | None = None,
) -> dict[str, Any]:
    action = {"Name": name, "ActionType": kind, "Properties": properties, "Environments": environments or []}
    return {"Name": name, "Properties": on or {}, "Actions": [action]}


def _package(name: str) -> dict[str, str]:
    return {"Octopus.Action.Package.FeedId": "feeds-builtin", "Octopus.Action.Package.PackageId": name}


def _script(body: str) -> dict[str, str]:
    return {
        "Octopus.Action.Script.ScriptSource": "Inline",
        "Octopus.Action.Script.Syntax": "Bash",
        "Octopus.Action.Script.ScriptBody": body,
    }


def _on_server(body: str) -> dict[str, str]:
    return _script(body) | {"Octopus.Action.RunOnServer": "true"}


def _tag_set(name: str, tags: dict[str, str]) -> dict[str, Any]:
    return {"Name": name, "Tags": [{"Name": tag, "Color": colour} for tag, colour in tags.items()]}


def _zip(files: dict[str, str]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return made.getvalue()


_MIGRATE = """\
echo "Connecting to #{Database:Server}"
for script in 0041-orders.sql 0042-prices.sql 0043-stock.sql; do
  echo "Applying $script"
done
set_octopusvariable "SchemaVersion" "43"
echo "The schema is at version 43."
"""

_DEPLOY = """\
echo "Stopping the site #{Site:Host}"
echo "Copying 214 files"
echo "Starting the site with a pool of #{Pool:Size}"
write_highlight "#{Octopus.Project.Name} #{Octopus.Release.Number} runs at https://#{Site:Host}"
"""

_SMOKE = """\
for page in / /basket /search; do
  echo "GET https://#{Site:Host}$page: 200"
done
"""

_FAILS = """\
echo "GET https://#{Site:Host}/health: 200"
echo "GET https://#{Site:Host}/invoices: 503, the ledger cannot be reached" >&2
exit 1
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("address", help="of a server with an empty default space")
    parser.add_argument("--api-key", required=True)
    given = parser.parse_args()
    scene = Scene(Api(given.address, given.api_key), say=print)
    scene.make()
    scene.make_history()


if __name__ == "__main__":
    main()
