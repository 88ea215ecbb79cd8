"""What stands in the place of a path's parameters, and what is sent along, so that a call is about one side."""

from __future__ import annotations

import re
from typing import Any

from tests.api.authorization.world import Side

_PARAMETER = re.compile(r"^\{(\w+)\}$")
#: What a parameter means by its own name.
_NAMED = {
    "project": "projects",
    "project_id": "projects",
    "environment": "environments",
    "environment_id": "environments",
    "tenant": "tenants",
    "tenant_id": "tenants",
    "machine": "machines",
    "channel_id": "channels",
    "account": "serviceaccounts",
}
#: What `{id}` means after a word of the path, where it is not the word itself.
_AFTER = {
    "rerun": "tasks",
    "progression": "projects",
    "progression/runbooks": "runbooks",
    "tenant": "tenants",
    "git-credentials": "git-credentials",
    "package-metadata": "build-information",
    "triggers": "projecttriggers",
    "environments/ephemeral": "ephemeral",
    "scheduledprojecttriggers": "scheduledprojecttriggers",
    "apikeys": "apikeys",
}
_CONSTANT = {
    "git_ref": "main",
    "version": "1.0.0",
    "base_version": "1.0.0",
    "name": "S1",
    "hash": "main",
    "key": "Key",
    "resource": "6a3e0e9a-6a40-4a2c-9a6e-5f1d7f0a1b2c",
    "webSiteName": "app",
    "resourceGroupName": "group",
}


def filled(path: str, side: Side) -> str:
    """The path with the ids of the side."""
    parts = path.split("/")
    for index, part in enumerate(parts):
        if match := _PARAMETER.match(part):
            parts[index] = _value(match[1], parts, index, side)
    return "/".join(parts)


def _value(parameter: str, parts: list[str], index: int, side: Side) -> str:
    if parameter in {"space", "space_id"} or parts[1:index] == ["api", "spaces"]:
        return side.space_id
    if parameter == "package_id":
        return f"Hello{side.letter}"
    if parameter in _NAMED:
        return side[_NAMED[parameter]]
    if parts[index - 1 :: 2] == ["tasks", "events"]:  # what is told of a task that has not ended goes on for ever
        return side["tasks/ended"]
    before, both = parts[index - 1], "/".join(parts[index - 2 : index])
    for word in (_AFTER.get(both), both, _AFTER.get(before), before):
        if word in side.ids:
            return side[word]
    return _CONSTANT.get(parameter, "nothing")


#: Queries without which a route says nothing of one side.
_QUERIES = {
    "GET /api/{space}/variables/names": "project={projects}",
    "GET /api/{space}/variables/preview": "project={projects}&environment={environments}",
    "GET /api/{space}/variables/explanation": "project={projects}&environment={environments}&name=A",
    "GET /api/{space}/dashboard/dynamic": "projects={projects}&environments={environments}",
    "GET /api/teammembership": "userId={users}",
    "GET /api/{space}/teammembership": "userId={users}",
    "GET /api/users/{id}/permissions/explain": "permission=UserView",
    "GET /api/{space}/certificates/{id}/export": "format=Pem",
}


def query(name: str, side: Side) -> str:
    text = _QUERIES.get(name, "")
    return "?" + text.format_map(side.ids) if text else ""


_TARGET = {"EnvironmentId": "{environments}", "TenantId": "{tenants}"}
_NAMES = {"projectName": "projects {letter}", "releaseVersion": "1.0.0", "tenants": ["tenants {letter}"]}
_PREVIEWS = {"DeploymentPreviews": [{"EnvironmentId": "{environments}", "TenantId": "{tenants}"}]}
_RUN = {"EnvironmentIds": ["{environments}"], "TenantIds": ["{tenants}"]}
_HOOK = {
    "Filter": {"FilterType": "WebhookFilter", "Secret": {"HasValue": True, "NewValue": "s"}},
    "Action": {"ActionType": "CreateRelease"},
}
_COMMAND = {"ProjectName": "projects {letter}", "RunbookName": "runbooks {letter}", "Tenants": ["tenants {letter}"]}
#: Bodies that are not what the same address, or a document of the collection, answers.
_BODIES: dict[str, Any] = {
    "POST /api/{space}/projects/{id}/git/convert": {"CommitMessage": "x", "VersionControlSettings": {}},
    "POST /api/{space}/projects/{id}/git/branches/v2": {"NewBranchName": "x", "BaseGitRef": "main"},
    "PUT /api/{space}/projects/{id}/{git_ref}/deploymentprocesses": {"Steps": []},
    "PUT /api/{space}/projects/{id}/{git_ref}/deploymentsettings": {},
    "PUT /api/{space}/projects/{id}/{git_ref}/variables": {"Variables": []},
    "POST /api/{space}/projects/{project_id}/{git_ref}/runbooks/v2": {"Name": "x"},
    "PUT /api/{space}/projects/{project_id}/{git_ref}/runbooks/{id}": {"Name": "x"},
    "PUT /api/{space}/projects/{project_id}/{git_ref}/runbookProcesses/{id}": {"Steps": []},
    "POST /api/{space}/channels/rule-test": {},
    "POST /api/{space}/projecttriggers/schedule": {"Filters": []},
    "POST /api/{space}/channels/rule-test/versions": {},
    "POST /api/{space}/projects/{project_id}/channels": {"Name": "x"},
    "POST /api/{space}/observability/kubernetes-monitors": {
        "MachineId": "{machines}",
        "InstallationId": "6a3e0e9a-6a40-4a2c-9a6e-5f1d7f0a1b2f",
    },
    "POST /api/{space}/observability/events/sessions": {"MachineId": "{machines}"},
    "POST /api/{space}/observability/logs/sessions": {"MachineId": "{machines}"},
    "POST /api/{space}/actiontemplates/{id}/actionsUpdate": {"Version": 0, "ActionIdsByProcessId": {}},
    "POST /api/{space}/releases": {"ProjectId": "{projects}", "ChannelId": "{channels}", "Version": "2.0.0"},
    "POST /api/{space}/releases/create/v1": {"ProjectName": "projects {letter}", "ReleaseVersion": "2.0.0"},
    "POST /api/{space}/releases/{id}/defects": {"Description": "x"},
    "POST /api/{space}/deployments": {"ReleaseId": "{releases}", **_TARGET},
    "POST /api/{space}/deployments/override": {"CreateDeploymentCommand": {"ReleaseId": "{releases}", **_TARGET}},
    "POST /api/{space}/runbooks/{id}/runbookRuns/create": _RUN,
    "POST /api/{space}/projects/{project_id}/runbooks/{id}/runbookRuns/create": _RUN,
    "POST /api/{space}/projects/{project_id}/{git_ref}/runbooks/{id}/run/v1": _RUN,
    "POST /api/{space}/runbookSnapshots/{id}/runbookRuns/previews": _PREVIEWS,
    "POST /api/{space}/runbooks/{id}/runbookRuns/previews": _PREVIEWS,
    "POST /api/{space}/projects/{project_id}/runbooks/{id}/runbookRuns/previews": _PREVIEWS,
    "POST /api/{space}/projects/{project_id}/{git_ref}/runbooks/{id}/runbookRuns/previews": _PREVIEWS,
    "POST /api/{space}/projects/{project_id}/triggers": {"Name": "x", **_HOOK},
    "POST /api/{space}/sshknownhosts": {"KnownHostEntries": ["h ssh-ed25519 AAAA"]},
    "POST /api/{space}/deployments/create/untenanted/v1": {**_NAMES, "environmentNames": ["environments {letter}"]},
    "POST /api/{space}/deployments/create/tenanted/v1": {**_NAMES, "environmentName": "environments {letter}"},
    "POST /api/{space}/releases/{id}/deployments/previews": _PREVIEWS,
    "POST /api/{space}/projects/{project_id}/runbooks": {"Name": "x"},
    "POST /api/{space}/runbookSnapshots": {"RunbookId": "{runbooks}", "Name": "S2"},
    "POST /api/{space}/projects/{project_id}/runbookSnapshots": {"RunbookId": "{runbooks}", "Name": "S2"},
    "POST /api/{space}/runbookRuns": {"RunbookId": "{runbooks}", "RunbookSnapshotId": "{runbookSnapshots}", **_TARGET},
    "POST /api/{space}/runbook-runs/create/v1": {**_COMMAND, "EnvironmentNames": ["environments {letter}"]},
    "POST /api/{space}/runbook-runs/git/create/v1": {
        **_COMMAND,
        "EnvironmentNames": ["environments {letter}"],
        "GitRef": "main",
    },
    "POST /api/{space}/tenants/connections": {
        "TenantIds": ["{tenants}"],
        "ProjectEnvironments": {"{projects}": ["{environments}"]},
    },
    "POST /api/{space}/tasks": {"Name": "Health", "Arguments": {"EnvironmentId": "{environments}"}},
    "POST /api/tasks": {"Name": "Health", "SpaceId": "{space}", "Arguments": {"EnvironmentId": "{environments}"}},
    "POST /api/{space}/tasks/{id}/state": {"State": "Failed", "Reason": "x"},
    "POST /api/tasks/{id}/state": {"State": "Failed", "Reason": "x"},
    "POST /api/{space}/interruptions/{id}/submit": {"Result": "Proceed", "Notes": "x"},
    "POST /api/{space}/artifacts": {"Filename": "x.txt", "ServerTaskId": "{tasks}"},
    "PUT /api/{space}/environments/sortorder": ["{environments}"],
    "POST /api/{space}/projects/{project_id}/environments/ephemeral": {"EnvironmentName": "x"},
    "POST /api/{space}/scopeduserroles": {
        "TeamId": "{teams}",
        "UserRoleId": "userroles-projectviewer",
        "SpaceId": "{space}",
    },
    "POST /api/scopeduserroles": {"TeamId": "{teams}", "UserRoleId": "userroles-projectviewer", "SpaceId": "{space}"},
    "POST /api/users": {"Username": "new", "IsService": True},
    "POST /api/users/{id}/apikeys": {"Purpose": "x"},
    "POST /api/{space}/projects/{id}/featuretoggles": {"Name": "x"},
    "PUT /api/{space}/projects/{id}/featuretoggles": {"Name": "x", "Slug": "{featuretoggles}"},
    "POST /api/{space}/projects/{id}/featuretoggles/rollout-groups": {"Name": "x"},
}


def body(name: str, side: Side) -> Any | None:
    """The written body of a row, where it has one."""
    return _here(_BODIES[name], side) if name in _BODIES else None


def _here(value: Any, side: Side) -> Any:
    if isinstance(value, dict):
        return {_here(key, side): _here(item, side) for key, item in value.items()}
    if isinstance(value, list):
        return [_here(item, side) for item in value]
    if isinstance(value, str):
        return value.format_map({**side.ids, "letter": side.letter, "space": side.space_id})
    return value
