"""The audit trail over HTTP."""

from __future__ import annotations

import csv
import io
from typing import Any

import httpx
import pytest
from tests.api.conftest import SPACE, create
from tests.api.runbooks import cared_for
from tests.api.test_deployments import script

from polpo.features.machines.health import ConnectionLogLine, record_health
from polpo.server.application import Server
from polpo.store.session import Session


async def trail(client: httpx.AsyncClient, query: str = "", space: str = SPACE) -> list[Any]:
    answer = await client.get(f"{space}/events{query}")
    assert answer.status_code == 200, answer.text
    return list(answer.json()["Items"])


async def test_a_change_is_told_with_user_means_and_differences(client: httpx.AsyncClient, project: Any) -> None:
    before = project["Description"]
    await client.put(f"{SPACE}/projects/Projects-1", json={**project, "Description": "Sells things"})

    [changed, created] = await trail(client, "?regarding=Projects-1&documentTypes=Projects")

    assert (changed["Category"], changed["Message"]) == ("Modified", "Project Web Shop was changed")
    assert (created["Category"], created["Message"]) == ("Created", "Project Web Shop was created")
    [mark] = changed["MessageReferences"]
    named = changed["Message"][mark["StartIndex"] : mark["StartIndex"] + mark["Length"]]
    assert (mark["ReferencedDocumentId"], named) == ("Projects-1", "Web Shop")
    assert changed["MessageHtml"] == "Project <b>Web Shop</b> was changed"
    assert (changed["Username"], changed["IdentityEstablishedWith"]) == ("admin", "api key")
    [key] = (await client.get("/api/users/Users-1/apikeys")).json()["Items"]
    assert (changed["CredentialId"], changed["OnBehalfOf"]) == (key["Id"], None)
    assert changed["IpAddress"] == "127.0.0.1"
    assert changed["UserAgent"].startswith("python-httpx")
    assert changed["ChangeDetails"]["Differences"] == [
        {"op": "replace", "path": "/Description", "value": "Sells things", "oldValue": before}
    ]
    assert changed["ChangeDetails"]["DocumentContext"]["Name"] == "Web Shop"
    assert (await client.get(changed["Links"]["Self"])).json() == changed


async def test_what_is_refused_leaves_no_event(client: httpx.AsyncClient, project: Any) -> None:
    before = len(await trail(client))
    assert (await client.delete(f"{SPACE}/projectgroups/ProjectGroups-1")).status_code == 409
    assert (await client.put(f"{SPACE}/projects/Projects-1", json={**project, "Name": " "})).status_code == 400
    assert len(await trail(client)) == before


async def test_a_write_that_changes_nothing_is_no_event(client: httpx.AsyncClient, project: Any) -> None:
    before = len(await trail(client))
    assert (await client.put(f"{SPACE}/projects/Projects-1", json=project)).status_code == 200
    assert len(await trail(client)) == before


async def test_a_changed_secret_is_told_as_changed_and_never_shown(client: httpx.AsyncClient) -> None:
    body = {"Name": "nuget", "FeedType": "NuGet", "FeedUri": "https://example.org/v3/index.json", "Username": "me"}
    feed = await create(client, "feeds", **body, Password={"HasValue": True, "NewValue": "first-secret"})
    await client.put(feed["Links"]["Self"], json={**feed, "Password": {"HasValue": True, "NewValue": "other-secret"}})

    answer = await client.get(f"{SPACE}/events?regarding={feed['Id']}")

    [changed, _] = answer.json()["Items"]
    [difference] = changed["ChangeDetails"]["Differences"]
    assert difference["path"] == "/Password/NewValue"
    assert (difference["oldValue"], difference["value"]) == ("(a secret)", "(a new secret)")
    assert "first-secret" not in answer.text
    assert "other-secret" not in answer.text
    assert "v1:" not in answer.text


async def test_a_deleted_document_stays_in_the_trail(client: httpx.AsyncClient, project: Any) -> None:
    await client.delete(project["Links"]["Self"])

    [deleted] = await trail(client, "?eventCategories=Deleted&documentTypes=Projects")

    assert deleted["Message"] == "Project Web Shop was deleted"
    assert deleted["ChangeDetails"]["DocumentContext"]["Slug"] == "web-shop"


@pytest.fixture
async def busy(client: httpx.AsyncClient, project: Any) -> None:
    """Events of several kinds: a second project in a group of its own, a channel, an environment, a space."""
    group = await create(client, "projectgroups", Name="Other")
    lifecycle = {"LifecycleId": "Lifecycles-1"}
    other = await create(client, "projects", Name="Back Office", ProjectGroupId=group["Id"], **lifecycle)
    await create(client, "channels", Name="Hotfix", ProjectId=other["Id"], LifecycleId="Lifecycles-1")
    await create(client, "environments", Name="Test")
    assert (await client.post("/api/spaces", json={"Name": "Second"})).status_code == 201


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?documentTypes=Environments", {"Test"}),
        ("?documentTypes=Channels&projects=Projects-2", {"Hotfix", "Default"}),
        ("?projects=Projects-1,Projects-2&documentTypes=Projects", {"Web Shop", "Back Office"}),
        ("?projectGroups=ProjectGroups-2&documentTypes=Projects", {"Back Office"}),
        ("?regardingAny=Environments-1&documentTypes=Environments", {"Test"}),
        ("?regarding=Projects-2&regarding=Lifecycles-1&documentTypes=Projects", {"Back Office"}),
        ("?eventGroups=Machine", set()),
        ("?eventCategories=Deleted", set()),
        ("?users=Users-1&documentTypes=Environments", {"Test"}),
        ("?users=Users-2", set()),
        ("?eventAgents=portal", set()),
        ("?from=2999-01-01T00:00:00%2B00:00", set()),
        ("?to=2000-01-01T00:00:00%2B00:00", set()),
        ("?ids=Events-0,nonsense", set()),
        ("?environments=Environments-1&documentTypes=Environments&from=2020-01-01", {"Test"}),
    ],
)
async def test_events_are_narrowed(client: httpx.AsyncClient, busy: None, query: str, found: set[str]) -> None:
    items = await trail(client, query)
    names = {
        one["Message"][mark["StartIndex"] :][: mark["Length"]] for one in items for mark in one["MessageReferences"]
    }
    assert names == found


async def test_the_whole_trail_has_the_events_of_all_spaces_and_of_the_system(
    client: httpx.AsyncClient, busy: None
) -> None:
    everywhere = (await client.get("/api/events?take=1000")).json()
    space = (await client.get(f"{SPACE}/events?take=1000")).json()
    second = (await client.get("/api/events?spaces=Spaces-2&includeSystem=false&take=1000")).json()
    spaces = {one["SpaceId"] for one in everywhere["Items"]}

    assert {"Spaces-1", "Spaces-2"} <= spaces
    assert everywhere["TotalResults"] == len(everywhere["Items"]) > space["TotalResults"] == len(space["Items"])
    assert {one["SpaceId"] for one in second["Items"]} == {"Spaces-2"}
    numbers = [int(one["Id"].removeprefix("Events-")) for one in everywhere["Items"]]
    assert numbers == sorted(numbers, reverse=True)
    first = (await client.get(f"{SPACE}/events?take=1")).json()
    following = (await client.get(first["Links"]["Page.Next"])).json()
    assert [one["Id"] for one in first["Items"] + following["Items"]] == [one["Id"] for one in space["Items"][:2]]
    older = (await client.get(f"/api/events?toAutoId={numbers[3]}&fromAutoId={numbers[5]}")).json()["Items"]
    assert [int(one["Id"].removeprefix("Events-")) for one in older] == numbers[3:6]


async def test_an_event_of_another_space_is_not_found(client: httpx.AsyncClient, busy: None) -> None:
    [event, *_] = await trail(client)
    assert (await client.get(f"/api/Spaces-2/events/{event['Id']}")).status_code == 404
    assert (await client.get(f"/api/events/{event['Id']}")).status_code == 200
    assert (await client.get(f"{SPACE}/events/Projects-1")).status_code == 404
    assert (await client.get(f"{SPACE}/events/Events-{'9' * 30}")).status_code == 404


@pytest.mark.parametrize(
    "query", ["from=yesterday", "toAutoId=x", "skip=-1", "take=many", "fromAutoId=-1", "to=9999-12-31T23:59:59-12:00"]
)
async def test_a_broken_question_is_told(client: httpx.AsyncClient, query: str) -> None:
    answer = await client.get(f"{SPACE}/events?{query}")
    assert answer.status_code == 400
    assert query.split("=", maxsplit=1)[0] in answer.json()["Errors"][0]


async def test_the_trail_is_had_as_a_spreadsheet_that_runs_nothing(client: httpx.AsyncClient) -> None:
    await create(client, "environments", Name="=1+1")

    answer = await client.get(f"{SPACE}/events?asCsv=true&documentTypes=Environments")

    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    [head, row] = list(csv.reader(io.StringIO(answer.text)))
    told = dict(zip(head, row, strict=True))
    assert (told["Category"], told["Username"], told["Documents"]) == ("Created", "admin", "Environments-1")
    assert told["Message"] == "Environment =1+1 was created"
    assert not any(cell.startswith("=") for cell in row)


async def test_a_spreadsheet_has_as_many_rows_as_are_asked_for(client: httpx.AsyncClient, busy: None) -> None:
    text = (await client.get(f"{SPACE}/events?asCsv=true&take=2")).text
    assert len(text.splitlines()) == 3


async def test_the_words_that_narrow_are_listed(client: httpx.AsyncClient) -> None:
    async def ids(path: str) -> set[str]:
        return {one["Id"] for one in (await client.get(f"/api/events/{path}")).json()}

    assert {"Created", "DeploymentQueued", "MachineUnhealthy", "LoginFailed"} <= await ids("categories")
    assert all(one.startswith("Machine") for one in await ids("categories?appliesTo=Machine"))
    assert "MachineHealthChanged" in await ids("groups?appliesTo=Machine")
    groups = (await client.get("/api/events/groups")).json()
    known = await ids("categories")
    assert all(set(group["EventCategories"]) <= known for group in groups)
    assert {"SignIn", "Secret", "Read", "AuditTrail"} <= {group["Id"] for group in groups}
    assert {"portal", "server"} <= await ids("agents")
    types = await ids("documenttypes")
    assert {"Projects", "Environments", "Users"} <= types
    assert not {"Credentials", "Sessions"} & types


async def test_a_machine_that_is_disabled_is_told_so(client: httpx.AsyncClient) -> None:
    await create(client, "environments", Name="Test")
    body = {"Name": "web-1", "EnvironmentIds": ["Environments-1"], "Roles": ["web"]}
    machine = await create(client, "machines", **body, Endpoint={"CommunicationStyle": "None"})
    await client.put(machine["Links"]["Self"], json={**machine, "IsDisabled": True})

    events = await trail(client, "?eventGroups=Machine&regarding=Machines-1")

    assert [one["Category"] for one in events] == ["MachineDisabled", "MachineAdded"]
    assert events[0]["Message"] == "Machine web-1 was disabled"


async def test_sign_in_secrets_stay_out_of_the_trail(client: httpx.AsyncClient) -> None:
    user = {"Username": "bob", "DisplayName": "Bob", "Password": "a long enough password"}
    made = (await client.post("/api/users", json=user)).json()
    key = (await client.post(f"/api/users/{made['Id']}/apikeys", json={"Purpose": "CI"})).json()

    told = (await client.get("/api/events")).text

    assert "User bob was created" in told
    assert "a long enough password" not in told
    assert key["ApiKey"] not in told
    assert "Digest" not in told


async def test_checks_that_find_nothing_new_are_not_told(client: httpx.AsyncClient, server: Server) -> None:
    await create(client, "environments", Name="Dev")
    place = {"Roles": ["web"], "EnvironmentIds": ["Environments-1"]}
    agent = {"CommunicationStyle": "TentaclePassive", "Uri": "https://w1:10933/", "Thumbprint": "A" * 40}
    await create(client, "machines", Name="web01", Endpoint=agent, **place)
    await create(client, "workers", Name="w1", WorkerPoolIds=["WorkerPools-1"], Endpoint=agent)
    line = ConnectionLogLine(category="Info", occurred_at=server.database.clock.now(), message_text="All is well.")
    told, kinds = [], "&documentTypes=Machines,Workers,MachineConnections,WorkerConnections"
    for number in (1, 2, 3):
        for machine in ("Machines-1", "Workers-1"):

            def check(session: Session, machine: str = machine, number: int = number) -> None:
                record_health(session, machine, "Healthy", f"Check {number}.", [line], facts={"shell_version": "5"})

            await server.database.write(check)
        told.append([one["Message"] for one in await trail(client, f"?eventAgents=server{kinds}")])

    assert told[0] == ["Worker w1 was found healthy", "Machine web01 was found healthy"]
    assert told[1] == told[2] == told[0]


async def test_what_the_server_writes_into_a_run_is_not_told(
    client: httpx.AsyncClient, server: Server, project: Any
) -> None:
    care = await cared_for(client, server)
    await care.process(script("Go", "echo"))
    await care.publish()
    await care.ended(await care.run())

    found = await trail(client, "?documentTypes=RunbookRuns")
    assert [one["Category"] for one in found] == ["RunbookRunSucceeded", "RunbookRunStarted", "RunbookRunQueued"]


async def test_a_version_of_a_template_is_told_by_its_template(client: httpx.AsyncClient) -> None:
    await create(client, "actiontemplates", Name="Greet", ActionType="Octopus.Script")
    assert [one["Message"] for one in await trail(client, "?regarding=ActionTemplates-1")] == [
        "Step template Greet was created"
    ]


async def test_snapshots_that_go_with_their_project_are_not_told(client: httpx.AsyncClient, project: Any) -> None:
    for version in ("1", "2"):
        await create(client, "releases", ProjectId=project["Id"], Version=version)
        path = f"{SPACE}/variables/variableset-{project['Id']}"
        known = (await client.get(path)).json()
        changed = {**known, "Variables": [{"Name": "V", "Value": version}]}
        assert (await client.put(path, json=changed)).status_code == 200
    await client.delete(project["Links"]["Self"])

    gone = await trail(client, "?eventCategories=Deleted&documentTypes=VariableSets,DeploymentProcesses")
    assert [one["ChangeDetails"]["DocumentContext"]["Id"] for one in gone] == [
        f"variableset-{project['Id']}",
        f"deploymentprocess-{project['Id']}",
    ]
