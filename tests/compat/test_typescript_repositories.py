"""Every repository of the TypeScript client, driven through what it can do, in a space of its own."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from compat.clients import Account, TypeScriptClient, find_typescript_client
from compat.stage import Stage
from compat.world import World

_PORT = "80"


@dataclass(frozen=True)
class Repositories:
    """A world, and the client in it."""

    world: World
    client: TypeScriptClient

    def call(self, repository: str, method: str, *parameters: Any, project: Any = None) -> Any:
        named = {"repository": f"{repository}Repository", "method": method, "parameters": parameters}
        return self.client.call("call", **named, **({"project": project} if project else {}))

    def calls(self, *calls: tuple[Any, ...]) -> list[Any]:
        """(repository, method, parameters…) of each, through one connection."""
        told = [{"repository": f"{one[0]}Repository", "method": one[1], "parameters": one[2:]} for one in calls]
        return self.client.calls(*(("call", one) for one in told))

    def project(self) -> Any:
        return self.world.get(f"{self.world.home}/projects/{self.world['Projects-1']}")


@pytest.fixture(scope="module")
def repositories(stage: Stage, tmp_path_factory: pytest.TempPathFactory) -> Repositories:
    world = stage.new_world()
    for recorded in ("Projects-1", "Environments-1", "Releases-1", "Tenants-1", "Runbooks-1", "TagSets-1"):
        world[recorded]
    account = Account(stage.address, stage.api_key, tmp_path_factory.mktemp("home"), world.name)
    return Repositories(world, find_typescript_client(account))


@pytest.mark.parametrize(
    ("repository", "made"),
    [
        ("Environment", {"Name": "Typed"}),
        ("Lifecycle", {"Name": "Typed", "Phases": []}),
        ("ProjectGroup", {"Name": "Typed"}),
        ("Tenant", {"Name": "Typed", "ProjectEnvironments": {}, "TenantTags": []}),
        ("TagSet", {"Name": "Typed", "Tags": [{"Name": "One", "Color": "#333333"}]}),
    ],
)
def test_repository_makes_finds_changes_and_deletes(repositories: Repositories, repository: str, made: Any) -> None:
    new = repositories.call(repository, "create", made)
    got, listed, changed = repositories.calls(
        (repository, "get", new["Id"]),
        (repository, "list", {"partialName": "Typ", "take": 5}),
        (repository, "modify", {**new, "Name": "Retyped"}),
    )
    assert (got["Id"], got["Name"]) == (new["Id"], "Typed")
    assert [one["Id"] for one in listed["Items"]] == [new["Id"]]
    assert (changed["Id"], changed["Name"]) == (new["Id"], "Retyped")
    _, left = repositories.calls((repository, "del", changed), (repository, "list", {"ids": [new["Id"]]}))
    assert left["Items"] == []


def test_spaces_are_made_and_deleted_once_they_are_stopped(repositories: Repositories) -> None:
    me = repositories.world["Users-1"]
    told = {"Name": "Typed Space", "SpaceManagersTeams": [], "SpaceManagersTeamMembers": [me], "IsDefault": False}
    made = repositories.call("Space", "create", told)
    stopped = repositories.call("Space", "modify", {**made, "TaskQueueStopped": True})
    _, left = repositories.calls(("Space", "del", stopped), ("Space", "list", {"partialName": "Typed Space"}))
    assert (stopped["TaskQueueStopped"], left["Items"]) == (True, [])


def test_environments_are_listed_in_the_newer_form(repositories: Repositories) -> None:
    listed = repositories.call("EnvironmentV2", "list", {"partialName": "Dev"})
    assert [(one["Name"], one["Type"]) for one in listed["Items"]] == [("Dev", "Static")]


def test_deployment_process_is_read_changed_and_read(repositories: Repositories) -> None:
    project = repositories.project()
    process = repositories.call("DeploymentProcess", "get", project)
    process["Steps"][1]["Name"] = process["Steps"][1]["Actions"][0]["Name"] = "Last"
    changed = repositories.call("DeploymentProcess", "update", project, process)
    assert [step["Name"] for step in changed["Steps"]] == ["Step", "Last"]
    assert changed["Version"] == process["Version"] + 1


def test_tenant_variables_are_read_missed_and_written(repositories: Repositories) -> None:
    world = repositories.world
    tenant = world.get(f"{world.home}/tenants/{world['Tenants-1']}")
    variables, projects, common, missing = repositories.calls(
        ("Tenant", "getVariables", tenant),
        ("Tenant", "getProjectVariables", tenant, True),
        ("Tenant", "getCommonVariables", tenant, True),
        ("Tenant", "missingVariables", {"tenantId": tenant["Id"]}, True),
    )
    [port] = variables["ProjectVariables"][world["Projects-1"]]["Templates"]
    assert (port["Name"], port["DefaultValue"]) == ("Port", _PORT)
    assert common["Variables"] == []
    assert isinstance(missing, list)
    payload = {"ProjectId": world["Projects-1"], "TemplateId": port["Id"], "Value": "81"}
    scoped = {**payload, "Scope": {"EnvironmentIds": [world["Environments-1"]]}}
    written = repositories.call("Tenant", "modifyProjectVariables", tenant, [scoped])
    assert [one["Value"] for one in written["Variables"]] == ["81"]
    assert projects["Variables"] == [] or projects["Variables"][0]["TemplateId"] == port["Id"]


def test_tags_of_tenants_are_tested(repositories: Repositories) -> None:
    tested = repositories.call("Tenant", "tagTest", [repositories.world["Tenants-1"]], ["Tier/Gold"])
    assert tested[repositories.world["Tenants-1"]]["IsMatched"] is True


def test_packages_are_pushed_listed_and_told_about(repositories: Repositories, tmp_path: Path) -> None:
    told = {"BuildEnvironment": "CI", "BuildNumber": "7", "BuildUrl": "http://b", "Branch": "main", "VcsType": "Git"}
    commits = [{"Id": "c", "Comment": "m"}]
    named = {"Packages": [{"Id": "Hello", "Version": "1.0.0"}], "spaceName": repositories.world.name}
    listed, _ = repositories.calls(
        ("Package", "list", {"take": 5}),
        ("BuildInformation", "push", {**named, **told, "VcsRoot": "r", "VcsCommitNumber": "c", "Commits": commits}),
    )
    assert "Hello" in [one["PackageId"] for one in listed["Items"]]
    kept = repositories.world.get(f"{repositories.world.home}/build-information", packageId="Hello")["Items"][0]
    assert (kept["BuildNumber"], kept["Version"]) == ("7", "1.0.0")


@pytest.mark.parametrize("tenants", [[], ["Acme"]], ids=["untenanted", "tenanted"])
def test_release_is_made_and_deployed_and_waited_for(repositories: Repositories, tenants: list[str]) -> None:
    version = "7.0.1" if tenants else "7.0.0"
    named = {"spaceName": repositories.world.name, "ProjectName": "Web", "ReleaseVersion": version}
    made = repositories.call("Release", "create", {**named, "Packages": ["Hello:1.0.0", "a:1"]})
    if tenants:
        command, method = {**named, "EnvironmentName": "Dev", "Tenants": tenants, "TenantTags": []}, "createTenanted"
    else:
        command, method = {**named, "EnvironmentNames": ["Dev"]}, "create"
    started = repositories.call("Deployment", method, command)["DeploymentServerTasks"]
    waited = repositories.client.call("wait", tasks=[one["ServerTaskId"] for one in started])
    assert [one["State"] for one in waited["ended"]] == ["Success"]
    read, deployment = repositories.calls(
        ("Release", "get", made["ReleaseId"]), ("Deployment", "get", started[0]["DeploymentId"])
    )
    assert (read["Version"], deployment["ReleaseId"]) == (version, made["ReleaseId"])
    assert (deployment["TenantId"] is not None) == bool(tenants)


def test_runbook_is_made_snapshotted_and_run(repositories: Repositories) -> None:
    project, world = repositories.project(), repositories.world
    told = {"Name": "Typed", "ProjectId": project["Id"], "EnvironmentScope": "All", "MultiTenancyMode": "Untenanted"}
    runbook = repositories.call("Runbook", "create", told, project=project)
    process = repositories.call("RunbookProcess", "get", runbook, project=project)
    source = repositories.call("DeploymentProcess", "get", project)
    step = {**source["Steps"][1], "Id": "", "Actions": [{**source["Steps"][1]["Actions"][0], "Id": ""}]}
    repositories.call("RunbookProcess", "update", {**process, "Steps": [step]}, project=project)
    published = repositories.call("RunbookSnapshot", "create", runbook, "First", True, "notes", project=project)
    named = {"spaceName": world.name, "ProjectName": "Web", "RunbookName": "Typed", "EnvironmentNames": ["Dev"]}
    started = repositories.call("RunbookRun", "create", named)["RunbookRunServerTasks"]
    waited = repositories.client.call("wait", tasks=[one["ServerTaskId"] for one in started])
    assert [one["State"] for one in waited["ended"]] == ["Success"]
    read, listed = repositories.calls(
        ("RunbookRun", "get", started[0]["RunbookRunId"]), ("RunbookRun", "list", {"take": 5})
    )
    assert read["RunbookSnapshotId"] == published["Id"]
    assert started[0]["RunbookRunId"] in [one["Id"] for one in listed["Items"]]
