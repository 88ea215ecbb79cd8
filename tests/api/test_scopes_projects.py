"""Who sees and changes which project and what belongs to it: narrowed by project and group."""

from __future__ import annotations

from typing import Any

import httpx
from tests.api.conftest import SPACE, create
from tests.api.people import also, person
from tests.api.scopes import DEV, PROD, world

from polpo.server.application import Server

#: By permission: what is read of one thing of the project {n}, and lists of all, of which it must show its own alone.
READ: list[tuple[str, str, str]] = [
    (
        "ProjectView",
        (
            "projects/Projects-{n} projects/Projects-{n}/summary projects/Projects-{n}/metadata"
            " projects/Projects-{n}/logo projects/Projects-{n}/deploymentsettings"
            " projects/Projects-{n}/git/compatibility-report"
            " projects/Projects-{n}/featuretoggles projects/Projects-{n}/featuretoggles/rollout-groups"
        ),
        "projects projects/all projects/experimental/summaries projectgroups/ProjectGroups-1/projects",
    ),
    (
        "ProcessView",
        (
            "deploymentprocesses/deploymentprocess-Projects-{n} projects/Projects-{n}/deploymentprocesses"
            " deploymentprocesses/deploymentprocess-Projects-{n}/template projects/Projects-{n}/channels"
            " projects/Projects-{n}/deploymentprocesses/template channels/Channels-{n}"
        ),
        "channels channels/all deploymentprocesses",
    ),
    (
        "ReleaseView",
        (
            "releases/Releases-{n} projects/Projects-{n}/releases projects/Projects-{n}/releases/1.0.0"
            " channels/Channels-{n}/releases channels/Channels-{n}/releases/1.0.0 releases/Releases-{n}/defects"
            " projects/Projects-{n}/channels/default/releases releases/Releases-{n}/missingpackages"
        ),
        "releases",
    ),
    (
        "RunbookView",
        (
            "runbooks/Runbooks-{n} runbooks/Runbooks-{n}/environments projects/Projects-{n}/runbooks"
            " projects/Projects-{n}/runbooks/all projects/Projects-{n}/runbooks/Runbooks-{n}"
            " runbookProcesses/RunbookProcess-Runbooks-{n} runbookSnapshots/RunbookSnapshots-{n}"
            " projects/Projects-{n}/runbookSnapshots runbooks/Runbooks-{n}/runbookSnapshotTemplate"
            " projects/Projects-{n}/runbooks/Runbooks-{n}/runbookSnapshots"
            " runbookProcesses/RunbookProcess-Runbooks-{n}/runbookSnapshotTemplate"
            " projects/Projects-{n}/runbookProcesses/RunbookProcess-Runbooks-{n}"
        ),
        "runbooks runbooks/all runbookProcesses runbookSnapshots",
    ),
    (
        "TriggerView",
        (
            "projecttriggers/ProjectTriggers-{n} projects/Projects-{n}/triggers"
            " projects/Projects-{n}/triggers/ProjectTriggers-{n} scheduledprojecttriggers/ProjectTriggers-{n}"
        ),
        "projecttriggers projecttriggers/all scheduledprojecttriggers",
    ),
    (
        "VariableView",
        (
            "variables/variableset-Projects-{n} projects/Projects-{n}/variables variables/preview?project=Projects-{n}"
            " variables/names?project=Projects-{n} releases/Releases-{n}/variables/difference"
        ),
        "variables variables/all",
    ),
]
DAILY = {
    "FilterType": "DailySchedule",
    "RunType": "ScheduledTime",
    "StartTime": "2026-01-01T09:00:00",
    "Timezone": "UTC",
}


async def full_world(client: httpx.AsyncClient) -> None:
    """Of each project: a release, a runbook with a snapshot, and a trigger, numbered like the projects."""
    await world(client)
    for number in (1, 2):
        project = f"Projects-{number}"
        await create(client, "releases", ProjectId=project, ChannelId=f"Channels-{number}", Version="1.0.0")
        await create(client, "runbooks", Name="Restart", ProjectId=project)
        await create(client, "runbookSnapshots?publish=true", RunbookId=f"Runbooks-{number}", Name=f"S{number}")
        trigger = {"Filter": DAILY, "Action": {"ActionType": "CreateRelease"}}
        await create(client, f"projects/{project}/triggers", ProjectId=project, Name="Daily", **trigger)


async def test_a_grant_for_one_project_shows_nothing_of_another(client: httpx.AsyncClient, server: Server) -> None:
    await full_world(client)
    for permission, documents, lists in READ:
        who = await person(server, permission.casefold(), permission, project_ids=["Projects-1"])
        for path in documents.split():
            for number, expected in ((1, 200), (2, 403)):
                answer = await client.get(f"{SPACE}/{path.format(n=number)}", headers=who)
                assert answer.status_code == expected, (permission, path, number, answer.text)
                if expected == 403:
                    assert permission in answer.json()["ErrorMessage"], (path, answer.text)
        for path in lists.split():
            shown = (await client.get(f"{SPACE}/{path}", headers=who)).json()
            items = shown["Items"] if isinstance(shown, dict) else shown
            assert [item["Id"][-1] for item in items] == ["1"], (permission, path, shown)
            assert isinstance(shown, list) or shown["TotalResults"] == 1


#: What one may do to the project {n}, or in it: the permission, the method, the path and the body.
DONE: list[tuple[str, str, str, dict[str, Any]]] = [
    ("ProjectEdit", "PUT", "projects/Projects-{n}/deploymentsettings", {}),
    ("ProcessEdit", "POST", "channels", {"ProjectId": "Projects-{n}", "Name": "Beta"}),
    ("ProcessEdit", "POST", "projects/Projects-{n}/channels", {"Name": "Gamma"}),
    ("ProcessEdit", "PUT", "deploymentprocesses/deploymentprocess-Projects-{n}", {"Version": 0}),
    ("ProcessEdit", "PUT", "projects/Projects-{n}/deploymentprocesses", {"Version": 1}),
    ("ReleaseCreate", "POST", "releases", {"ProjectId": "Projects-{n}", "Version": "2.0.0"}),
    ("ReleaseCreate", "POST", "releases/create/v1", {"ProjectName": "Projects-{n}", "ReleaseVersion": "3.0.0"}),
    ("ReleaseEdit", "PUT", "releases/Releases-{n}", {"Version": "1.0.0"}),
    ("ReleaseEdit", "POST", "releases/Releases-{n}/snapshot-variables", {}),
    ("DefectReport", "POST", "releases/Releases-{n}/defects", {"Description": "slow"}),
    ("DefectResolve", "POST", "releases/Releases-{n}/defects/resolve", {}),
    ("RunbookEdit", "POST", "projects/Projects-{n}/runbooks", {"Name": "Stop"}),
    ("RunbookEdit", "PUT", "runbookProcesses/RunbookProcess-Runbooks-{n}", {"Version": 0}),
    ("RunbookEdit", "PUT", "runbookSnapshots/RunbookSnapshots-{n}", {"Name": "S9{n}"}),
    ("RunbookSnapshotCreate", "POST", "runbookSnapshots", {"RunbookId": "Runbooks-{n}"}),
    ("TriggerDelete", "DELETE", "projects/Projects-{n}/triggers/ProjectTriggers-{n}", {}),
    ("ReleaseDelete", "DELETE", "releases/Releases-{n}", {}),
    ("ProjectDelete", "DELETE", "projects/Projects-{n}", {}),
]


def numbered(body: dict[str, Any], number: int) -> dict[str, Any]:
    return {key: text.format(n=number) if isinstance(text, str) else text for key, text in body.items()}


async def test_a_grant_for_one_project_changes_nothing_of_another(client: httpx.AsyncClient, server: Server) -> None:
    await full_world(client)
    people: dict[str, Any] = {}
    for permission, method, path, body in DONE:
        if permission not in people:
            people[permission] = await person(server, permission.casefold(), permission, project_ids=["Projects-1"])
        for number, expected in ((2, {403}), (1, {200, 201, 409})):  # 409: a project with tenants
            address = f"{SPACE}/{path.format(n=number)}"
            answer = await client.request(method, address, json=numbered(body, number), headers=people[permission])
            assert answer.status_code in expected, (permission, method, address, answer.text)
    for part in ("channels", "releases", "runbooks", "triggers"):
        assert (await client.get(f"{SPACE}/projects/Projects-2/{part}")).json()["TotalResults"] == 1, part


async def test_who_moves_a_project_into_a_group_may_make_projects_there(
    client: httpx.AsyncClient, server: Server
) -> None:
    await world(client)
    group = (await create(client, "projectgroups", Name="Live"))["Id"]
    project = (await client.get(f"{SPACE}/projects/Projects-1")).json()
    who = await person(server, "eva", "ProjectEdit", "ProjectView", project_ids=["Projects-1"])
    answer = await client.put(f"{SPACE}/projects/Projects-1", json={**project, "ProjectGroupId": group}, headers=who)
    assert answer.status_code == 403
    assert f"ProjectCreate for project group {group}" in answer.json()["ErrorMessage"]
    renamed = await client.put(f"{SPACE}/projects/Projects-1", json={**project, "Name": "Mart"}, headers=who)
    assert renamed.status_code == 200
    users = (await client.get("/api/users?filter=eva")).json()["Items"]
    await also(server, users[0]["Id"], "makers", "ProjectCreate", project_group_ids=[group])
    answer = await client.put(f"{SPACE}/projects/Projects-1", json={**project, "ProjectGroupId": group}, headers=who)
    assert answer.status_code == 200, answer.text
    for place, expected in ((group, 201), ("ProjectGroups-1", 403)):
        new = {"Name": f"In {place}", "LifecycleId": "Lifecycles-1", "ProjectGroupId": place}
        made = await client.post(f"{SPACE}/projects", json=new, headers=who)
        assert made.status_code == expected, made.text


async def test_a_copy_takes_the_right_to_see_what_it_takes_along(client: httpx.AsyncClient, server: Server) -> None:
    await world(client)
    path = f"{SPACE}/projects/Projects-1/variables"
    known = (await client.get(path)).json()
    await client.put(path, json={**known, "Variables": [{"Name": "Token", "Value": "x", "Type": "Sensitive"}]})
    body = {"Name": "Copy", "ProjectGroupId": "ProjectGroups-1", "LifecycleId": "Lifecycles-1"}
    rights = ["ProjectCreate", "ProjectView", "ProcessView"]
    blind = await person(server, "blind", *rights)
    answer = await client.post(f"{SPACE}/projects?clone=Projects-1", json=body, headers=blind)
    assert answer.status_code == 403
    assert "VariableView" in answer.json()["ErrorMessage"]
    assert "'Token'" in answer.json()["ErrorMessage"]
    assert (await client.get(f"{SPACE}/projects")).json()["TotalResults"] == 2
    able = await person(server, "able", *rights, "VariableView")
    answer = await client.post(f"{SPACE}/projects?clone=Projects-1", json=body, headers=able)
    assert answer.status_code == 201, answer.text


def deploys(environment: str, **more: Any) -> dict[str, Any]:
    action = {"ActionType": "DeployLatestReleaseToEnvironment", "EnvironmentId": environment, **more}
    return {"Filter": DAILY, "Action": action}


def runs(*environments: str, **more: Any) -> dict[str, Any]:
    action = {"ActionType": "RunRunbook", "RunbookId": "Runbooks-1", "EnvironmentIds": list(environments), **more}
    return {"Filter": DAILY, "Action": action}


AUTO = {"ActionType": "AutoDeploy"}
MACHINES = {"FilterType": "MachineFilter", "EventCategories": ["MachineAdded"]}


#: A trigger, and what somebody lacks for it who may write triggers, deploy and run in Dev.
TRIGGERS: list[tuple[dict[str, Any], str]] = [
    (deploys(DEV), ""),
    (deploys(PROD), "DeploymentCreate"),
    (deploys(PROD) | {"IsDisabled": True}, ""),
    (deploys(DEV, TenantIds=["Tenants-1"]), ""),
    (runs(DEV), ""),
    (runs(DEV, PROD), "RunbookRunCreate"),
    ({"Filter": MACHINES | {"EnvironmentIds": [DEV]}, "Action": AUTO}, ""),
    ({"Filter": MACHINES, "Action": AUTO}, "DeploymentCreate"),
    ({"Filter": DAILY, "Action": {"ActionType": "CreateRelease"}}, "ReleaseCreate"),
    ({"Filter": DAILY, "Action": {"ActionType": "DeployNewRelease", "EnvironmentId": DEV}}, "ReleaseCreate"),
]


async def test_a_trigger_does_what_its_writer_may_do(client: httpx.AsyncClient, server: Server) -> None:
    await world(client)
    await create(client, "runbooks", Name="Restart", ProjectId="Projects-1")
    rights = ["TriggerCreate", "DeploymentCreate", "RunbookRunCreate"]
    who = await person(server, "eva", *rights, environment_ids=[DEV])
    of_tenant = await person(server, "tom", *rights, tenant_ids=["Tenants-1"])
    path = f"{SPACE}/projects/Projects-1/triggers"
    for number, (trigger, missing) in enumerate(TRIGGERS):
        answer = await client.post(path, json={"Name": f"T{number}", **trigger}, headers=who)
        assert answer.status_code == (403 if missing else 201), (trigger, answer.text)
        assert missing in answer.json().get("ErrorMessage", "")
    for number, (named, expected) in enumerate(
        (
            ({"TenantIds": ["Tenants-1"]}, 201),
            ({"TenantIds": ["Tenants-2"]}, 403),
            ({"TenantTags": ["Ring/Early"]}, 403),
            ({}, 403),
        )
    ):
        answer = await client.post(path, json={"Name": f"N{number}", **deploys(DEV, **named)}, headers=of_tenant)
        assert answer.status_code == expected, (named, answer.text)


async def test_a_trigger_runs_no_runbook_of_another_project(client: httpx.AsyncClient) -> None:
    await world(client)
    await create(client, "runbooks", Name="Restart", ProjectId="Projects-1")
    answer = await client.post(f"{SPACE}/projects/Projects-2/triggers", json={"Name": "T", **runs(DEV)})
    assert answer.status_code == 400
    assert "no runbook of this project" in answer.text
