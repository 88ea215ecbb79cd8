"""Who sees, starts and deletes which runs of runbooks: narrowed by project, environment and tenant."""

from __future__ import annotations

from typing import Any

import httpx
from tests.api.conftest import SPACE, create, tomorrow
from tests.api.git_projects import convert, step
from tests.api.people import Headers, person
from tests.api.scopes import DEV, PROD, world
from tests.git_server import Repository

from polpo.server.application import Server

IN_DEV: dict[str, Any] = {"project_ids": ["Projects-1"], "environment_ids": [DEV]}
V1 = f"{SPACE}/runbook-runs/create/v1"
RUNS = f"{SPACE}/runbookRuns"


async def published(client: httpx.AsyncClient) -> None:
    """A runbook in each project with a published snapshot, and in the first one that is not."""
    await world(client)
    for number in (1, 2):
        await create(
            client, "runbooks", Name="Restart", ProjectId=f"Projects-{number}", MultiTenancyMode="TenantedOrUntenanted"
        )
        path = f"{SPACE}/runbookProcesses/RunbookProcess-Runbooks-{number}"
        assert (await client.put(path, json={"Version": 0, "Steps": [step("Hello")]})).status_code == 200
        await create(client, "runbookSnapshots?publish=true", RunbookId=f"Runbooks-{number}", Name=f"S{number}")
    await create(client, "runbookSnapshots", RunbookId="Runbooks-1", Name="Draft")


async def run(
    client: httpx.AsyncClient, who: Headers | None, project: str, *environments: str, **more: Any
) -> httpx.Response:
    """Waits in the queue."""
    body = {
        "projectName": project,
        "runbookName": "Restart",
        "environmentNames": environments,
        "runAt": tomorrow(),
        **more,
    }
    return await client.post(V1, json=body, headers=who)


async def test_runs_are_started_where_one_may_and_of_what_is_published(
    client: httpx.AsyncClient, server: Server
) -> None:
    await published(client)
    who = await person(server, "eva", "RunbookRunCreate", **IN_DEV)
    tenanted = await person(server, "tom", "RunbookRunCreate", tenant_ids=["Tenants-1"])
    cases: list[tuple[Headers, str, list[str], dict[str, Any], str]] = [
        (who, "Shop", ["Dev"], {}, ""),
        (who, "Shop", ["Prod"], {}, "RunbookRunCreate"),
        (who, "Shop", ["Dev", "Prod"], {}, "RunbookRunCreate"),
        (who, "Back", ["Dev"], {}, "RunbookRunCreate"),
        (who, "Shop", ["Dev"], {"snapshot": "S1"}, ""),
        (who, "Shop", ["Dev"], {"snapshot": "Draft"}, "RunbookEdit"),
        (tenanted, "Shop", ["Dev"], {}, "RunbookRunCreate"),
        (tenanted, "Shop", ["Dev"], {"tenants": ["T1"]}, ""),
        (tenanted, "Shop", ["Dev"], {"tenants": ["T1", "T2"]}, "RunbookRunCreate"),
    ]
    for headers, project, environments, more, missing in cases:
        before = (await client.get(RUNS)).json()["TotalResults"]
        answer = await run(client, headers, project, *environments, **more)
        told = answer.json().get("Details", {}).get("MissingPermission", "")
        assert (answer.status_code, told) == ((403, missing) if missing else (200, "")), (project, more, answer.text)
        after = (await client.get(RUNS)).json()["TotalResults"]
        assert after - before == (0 if missing else 1)
    editor = await person(server, "ede", "RunbookRunCreate", "RunbookEdit", project_ids=["Projects-1"])
    assert (await run(client, editor, "Shop", "Dev", snapshot="Draft")).status_code == 200
    draft = {"EnvironmentId": DEV, "UseDefaultSnapshot": False}
    for headers, expected in ((who, 403), (editor, 201)):
        path = f"{SPACE}/runbooks/Runbooks-1/runbookRuns/create"
        assert (await client.post(path, json=draft, headers=headers)).status_code == expected


async def test_runs_and_previews_are_seen_where_one_may(client: httpx.AsyncClient, server: Server) -> None:
    await published(client)
    places: list[tuple[str, str, dict[str, Any]]] = [
        ("Shop", "Dev", {}),
        ("Shop", "Prod", {}),
        ("Back", "Dev", {}),
        ("Shop", "Dev", {"tenants": ["T1"]}),
    ]
    for project, environment, more in places:
        assert (await run(client, None, project, environment, **more)).status_code == 200
    seen: list[tuple[dict[str, Any], set[str]]] = [
        ({}, {"1", "2", "3", "4"}),
        (IN_DEV, {"1", "4"}),
        ({"environment_ids": [PROD]}, {"2"}),
        ({"tenant_ids": ["Tenants-1"]}, {"4"}),
        ({"tenant_ids": ["Tenants-2"]}, set()),
    ]
    for number, (within, expected) in enumerate(seen):
        who = await person(server, f"p{number}", "RunbookRunView", "EnvironmentView", **within)
        for path in ("runbookRuns", "progression/runbooks/taskRuns"):
            told = (await client.get(f"{SPACE}/{path}", headers=who)).json()
            items = told["Items"] if isinstance(told, dict) else told
            assert {one["Id"][-1] for one in items} == expected, (within, path)
        for run_id in "1234":
            answer = await client.get(f"{RUNS}/RunbookRuns-{run_id}", headers=who)
            assert answer.status_code == (200 if run_id in expected else 403), (within, run_id)
    who = await person(server, "eva", "RunbookRunView", "EnvironmentView", **IN_DEV)
    progression = (await client.get(f"{SPACE}/progression/runbooks/Runbooks-1", headers=who)).json()
    assert [one["Id"] for one in progression["Environments"]] == [DEV]
    assert list(progression["RunbookRuns"]) == [DEV]
    template = (await client.get(f"{SPACE}/runbooks/Runbooks-1/runbookRunTemplate", headers=who)).json()
    assert [one["Id"] for one in template["PromoteTo"]] == [DEV]
    for project, environment, expected_status in ((1, DEV, 200), (1, PROD, 403), (2, DEV, 403)):
        for place in (f"runbooks/Runbooks-{project}", f"runbookSnapshots/RunbookSnapshots-{project}"):
            path = f"{SPACE}/{place}/runbookRuns/preview/{environment}"
            assert (await client.get(path, headers=who)).status_code == expected_status, path
    assert (
        await client.get(f"{SPACE}/projects/Projects-2/runbookTaskRunDashboardItems", headers=who)
    ).status_code == 403


async def test_runs_from_git_are_those_of_the_default_branch(
    client: httpx.AsyncClient, server: Server, repository: Repository
) -> None:
    await published(client)
    project = (await client.get(f"{SPACE}/projects/Projects-1")).json()
    assert (await convert(client, project, repository)).status_code == 200
    branches = f"{SPACE}/projects/Projects-1/git/branches/v2"
    made = await client.post(branches, json={"NewBranchName": "trial", "BaseGitRef": "main"})
    assert made.status_code == 200, made.text
    who = await person(server, "eva", "RunbookRunCreate", "RunbookRunView", **IN_DEV)
    editor = await person(server, "ede", "RunbookRunCreate", "RunbookEdit", project_ids=["Projects-1"])
    later = {"QueueTime": tomorrow()}
    cases = (
        (who, "main", DEV, 201),
        (who, "main", PROD, 403),
        (who, "trial", DEV, 403),
        (editor, "trial", PROD, 201),
    )
    for headers, branch, environment, expected in cases:
        path = f"{SPACE}/projects/Projects-1/{branch}/runbooks/restart/run/v1"
        body = {"SelectedPackages": [], "Runs": [{"EnvironmentId": environment, **later}]}
        answer = await client.post(path, json=body, headers=headers)
        assert answer.status_code == expected, (branch, environment, answer.text)
    for environment, expected in ((DEV, 200), (PROD, 403)):
        path = f"{SPACE}/projects/Projects-1/main/runbooks/restart/runbookRuns/preview/{environment}"
        assert (await client.get(path, headers=who)).status_code == expected
