"""Walls between spaces: what belongs to one is neither read, changed nor used from another."""

from __future__ import annotations

import re
from typing import Any

import httpx
import pytest
from tests.api.conftest import SPACE, create
from tests.api.test_deployments import script
from tests.api.test_secrets import every_answer, fill_project, plain_documents, run_once, tenant_values, tenanted_shop

from polpo.rest.routes import Route
from polpo.server.application import Server
from polpo.server.features import COLLECTIONS

OTHER = "/api/Spaces-2"
_SEGMENT = re.compile(r"^/api/Spaces-1/([^/?]+)/([^/?]+)")


@pytest.fixture
async def other(client: httpx.AsyncClient) -> None:
    body = {"Name": "Other", "SpaceManagersTeamMembers": ["Users-1"]}
    assert (await client.post("/api/spaces", json=body)).status_code == 201


async def _furnish(client: httpx.AsyncClient, server: Server, project: Any) -> None:
    shop = await tenanted_shop(client, server)
    async for _ in plain_documents(client):
        pass
    await fill_project(client, project, text="a")
    await tenant_values(client, text="a")
    await run_once(shop)
    await create(client, "tagsets", Name="Tier", Tags=[{"Name": "Gold"}])
    await create(client, "artifacts", Filename="a.txt", ServerTaskId="ServerTasks-1")
    await create(client, f"projects/{project['Id']}/featuretoggles", Name="New")


def _of_space(routes: list[Route], known: dict[str, str]) -> list[tuple[str, str]]:
    """Method and path below a space of each route whose first parameter stands for something that is known."""
    found = []
    for route in routes:
        parts = route.path.split("/")[2:]
        if route.scope == "system" or len(parts) < 2 or not parts[1].startswith("{"):
            continue
        if (identity := known.get(parts[0].lower())) is not None:
            rest = [re.sub(r"\{\w+\}", "1", part) for part in parts[2:]]
            found.append((route.method, "/".join([parts[0], identity, *rest])))
    return found


async def test_nothing_is_read_or_changed_from_another_space(
    client: httpx.AsyncClient, server: Server, project: Any, other: None
) -> None:
    await _furnish(client, server, project)
    links = [path async for path, answer in every_answer(client) if answer.status_code == 200]
    through = []
    known: dict[str, str] = {}
    for path in links:
        if (named := _SEGMENT.match(path)) is None or not re.search(r"-\d+$", named[2]):
            continue
        known.setdefault(named[1].lower(), named[2])
        answer = await client.get(path.replace(SPACE, OTHER, 1))
        if answer.status_code != 404:
            through.append((path, answer.status_code))
    assert not through, "\n".join(map(str, through))
    assert len(known) > 25, known

    before = (await client.get(f"{SPACE}/events?take=1")).json()["Items"][0]["Id"]
    routes = [route for collection in COLLECTIONS for route in collection.routes]
    for method, path in _of_space(routes, known):
        content: dict[str, Any] = {} if method in {"GET", "DELETE"} else {"json": {"Name": "x"}}
        answer = await client.request(method, f"{OTHER}/{path}", **content)
        if answer.status_code not in {400, 404, 409, 501}:
            through.append((f"{method} {path}", answer.status_code))
    assert not through, "\n".join(map(str, through))
    assert (await client.get(f"{SPACE}/events?take=1")).json()["Items"][0]["Id"] == before


async def _there(client: httpx.AsyncClient, path: str, **body: Any) -> str:
    answer = await client.post(f"{OTHER}/{path}", json=body)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["Id"])


async def test_a_process_does_not_use_what_belongs_to_another_space(
    client: httpx.AsyncClient, project: Any, other: None
) -> None:
    pool = await _there(client, "workerpools", Name="Pool")
    feed = await _there(client, "feeds", Name="Feed", FeedType="NuGet", FeedUri="https://example.org/v3/index.json")
    template = await _there(client, "actiontemplates", Name="Template", ActionType="Octopus.Script")
    secret = {"Type": "UsernamePassword", "Username": "me", "Password": {"HasValue": True, "NewValue": "x"}}
    credential = await _there(client, "git-credentials", Name="Credential", Details=secret)
    dependency = {"Name": "", "RepositoryUri": "https://example.org/r", "DefaultBranch": "main"}
    await create(client, "runbooks", Name="Restart", ProjectId="Projects-1")
    named: list[dict[str, Any]] = [
        {"WorkerPoolId": pool},
        {"Packages": [{"Name": "", "PackageId": "X", "FeedId": feed}]},
        {"Container": {"Image": "x", "FeedId": feed}},
        {"GitDependencies": [{**dependency, "GitCredentialType": "Library", "GitCredentialId": credential}]},
        {"Properties": {"Octopus.Action.Template.Id": template, "Octopus.Action.Template.Version": "0"}},
    ]
    for path in ("projects/Projects-1/deploymentprocesses", "runbookProcesses/RunbookProcess-Runbooks-1"):
        known = (await client.get(f"{SPACE}/{path}")).json()
        for more in named:
            step = script("Go", "echo")
            answer = await client.put(f"{SPACE}/{path}", json={**known, "Steps": [_with(step, more)]})
            assert answer.status_code == 400, (more, answer.text)
            assert "does not exist in this space" in answer.json()["Errors"][0]


def _with(step: dict[str, Any], more: dict[str, Any]) -> dict[str, Any]:
    [action] = step["Actions"]
    properties = action["Properties"] | more.get("Properties", {})
    return {**step, "Actions": [{**action, **more, "Properties": properties}]}
