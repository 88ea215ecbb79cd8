"""What is taken out of the server is told: by whom, with what, from where."""

from __future__ import annotations

import json
from typing import Any

import httpx
from tests.api.conftest import SPACE, create
from tests.api.packages import push

from polpo.features.events.exporting import exported_lines
from polpo.features.events.service import Question
from polpo.server.application import Server
from polpo.store.changes import Happening
from polpo.store.session import Session


async def told(client: httpx.AsyncClient, query: str) -> list[Any]:
    return list((await client.get(f"/api/events?{query}")).json()["Items"])


async def test_the_download_of_a_package_is_told(client: httpx.AsyncClient) -> None:
    package = (await push(client, "Shop.1.0.0.zip")).json()

    answer = await client.get(f"{SPACE}/packages/{package['Id']}/raw", headers={"User-Agent": "octopus-cli/2"})

    assert answer.status_code == 200, answer.text
    [event] = await told(client, "eventCategories=FileDownloaded")
    assert (event["Message"], event["SpaceId"]) == ("The package Shop.1.0.0.zip was downloaded", "Spaces-1")
    assert (event["Username"], event["UserAgent"], event["IpAddress"]) == ("admin", "octopus-cli/2", "127.0.0.1")


async def test_downloads_of_artifacts_and_logs_are_told(client: httpx.AsyncClient) -> None:
    task = await create(client, "tasks", Name="Retention")
    artifact = await create(client, "artifacts", Filename="report.txt")
    await client.put(artifact["Links"]["Content"], content=b"x", headers={"Content-Type": "application/octet-stream"})

    await client.get(artifact["Links"]["Content"])
    await client.get(f"/api/tasks/{task['Id']}/raw")

    messages = [one["Message"] for one in await told(client, "eventGroups=Read")]
    assert messages == [
        f"The log of the task {task['Id']} (Apply retention policies) was downloaded",
        "The artifact report.txt was downloaded",
    ]


async def test_exports_of_the_trail_are_told(client: httpx.AsyncClient) -> None:
    await client.get("/api/events?asCsv=true&take=2")
    lines = (await client.get(f"{SPACE}/events/export")).text.splitlines()

    assert len(lines) > 2
    assert [(one["Message"], one["SpaceId"]) for one in await told(client, "eventCategories=EventsExported")] == [
        ("Events were downloaded as lines of JSON", "Spaces-1"),
        ("A file with 2 events was downloaded", None),
    ]


async def test_the_trail_is_had_as_lines_of_json(client: httpx.AsyncClient) -> None:
    """Narrowed as lists are, the oldest first, with details and hashes."""
    first = await create(client, "environments", Name="Test")
    await create(client, "projectgroups", Name="Other")
    await client.put(first["Links"]["Self"], json={**first, "Name": "Staging"})

    answer = await client.get(f"{SPACE}/events/export?documentTypes=Environments")

    assert answer.headers["content-type"] == "application/x-ndjson"
    lines = [json.loads(line) for line in answer.text.splitlines()]
    assert [one["Message"] for one in lines] == ["Environment Test was created", "Environment Staging was changed"]
    changed = lines[1]["ChangeDetails"]["Differences"]
    assert {"op": "replace", "path": "/Name", "value": "Staging", "oldValue": "Test"} in changed
    assert all(len(one["Chain"]["Hash"]) == 64 for one in lines)
    regarding = (await client.get(f"/api/events/export?regarding={first['Id']}&fromAutoId=1")).text.splitlines()
    assert [json.loads(line)["Id"] for line in regarding] == [one["Id"] for one in lines]


async def test_an_export_of_any_length_comes_in_parts(client: httpx.AsyncClient, server: Server) -> None:
    """And ends, although events are told meanwhile."""
    for _ in range(2):
        await server.database.write(_tell_many)
    parts = [part async for part in exported_lines(server.database, Question(None))]

    numbers = [int(json.loads(line)["Id"].removeprefix("Events-")) for part in parts for line in part.splitlines()]
    assert len(parts) > 2
    assert numbers == list(range(1, numbers[-1] + 1))
    assert numbers[-1] == (await client.get("/api/events/head")).json()["Number"]


def _tell_many(session: Session) -> None:
    for number in range(600):
        session.happened(_one(number))


def _one(number: int) -> Happening:
    return Happening("LoginFailed", f"Attempt {number}", None, "Users", ())
