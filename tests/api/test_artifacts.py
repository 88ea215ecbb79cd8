"""Artifacts over HTTP, and those that scripts leave behind."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from tests.api.conftest import SPACE, create
from tests.api.test_deployments import Shop, script

from polpo.rest.uploads import Uploads
from polpo.server.application import Server
from polpo.store.blobs import BlobStore

PATH = f"{SPACE}/artifacts"
LEAVE = """\
echo first > report.txt
mkdir -p logs; echo second > "logs/über log.txt"
new_octopusartifact report.txt "The Report.txt"
new_octopusartifact "logs/über log.txt"
echo "##octopus[createArtifact path='$(printf /nowhere/missing.txt | base64)' name='$(printf missing.txt | base64)']"
"""


@pytest.fixture
async def shop(client: httpx.AsyncClient, server: Server, project: Any) -> Shop:
    return Shop(client, server, {"Dev": (await create(client, "environments", Name="Dev"))["Id"]})


async def names(client: httpx.AsyncClient, query: str) -> list[str]:
    return [one["Filename"] for one in (await client.get(f"{PATH}?{query}")).json()["Items"]]


async def test_content_goes_up_and_comes_down(client: httpx.AsyncClient) -> None:
    made = await create(client, "artifacts", Filename="C:\\logs\\report.txt")
    before = await client.get(made["Links"]["Content"])
    octets = {"Content-Type": "application/octet-stream"}

    put = await client.put(made["Links"]["Content"], content=b"first", headers=octets)
    again = await client.put(made["Links"]["Content"], content=b"second", headers=octets)
    got = await client.get(made["Links"]["Content"])

    assert (made["Id"], made["Filename"]) == ("Artifacts-1", "report.txt")
    assert made["Created"]
    assert (before.status_code, put.status_code, again.json()["Id"]) == (404, 200, made["Id"])
    assert (made["SizeBytes"], put.json()["SizeBytes"], again.json()["SizeBytes"]) == (None, 5, 6)
    assert got.content == b"second"
    assert got.headers["Content-Disposition"] == 'attachment; filename="report.txt"'
    assert got.headers["Content-Type"] == "application/octet-stream"


async def test_an_artifact_is_renamed_and_deleted_with_its_content(server: Server, client: httpx.AsyncClient) -> None:
    made = await create(client, "artifacts", Filename="a.txt")
    await client.put(made["Links"]["Content"], content=b"x")

    renamed = (await client.put(made["Links"]["Self"], json={**made, "Filename": "b.txt", "Id": "Artifacts-9"})).json()
    deleted = await client.delete(made["Links"]["Self"])

    assert (renamed["Id"], renamed["Filename"], renamed["Created"]) == (made["Id"], "b.txt", made["Created"])
    assert (deleted.status_code, deleted.json()) == (200, {})
    assert (await client.get(made["Links"]["Self"])).status_code == 404
    assert await server.parts.get(BlobStore).list("artifacts") == []


async def test_artifacts_are_listed_by_name_and_order(client: httpx.AsyncClient) -> None:
    for name in ("one.txt", "two.txt", "other.log"):
        await create(client, "artifacts", Filename=name)

    assert await names(client, "") == ["other.log", "two.txt", "one.txt"]
    assert await names(client, "order=asc&take=2") == ["one.txt", "two.txt"]
    assert await names(client, "partialName=TXT") == ["two.txt", "one.txt"]
    assert await names(client, "ids=Artifacts-3,Artifacts-7") == ["other.log"]


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ({}, "Filename is missing"),
        ({"Filename": "logs/"}, "Filename is missing"),
        ({"Filename": "a", "ServerTaskId": "ServerTasks-99"}, "'ServerTasks-99', which does not exist"),
        ({"Filename": 3}, "Filename"),
    ],
)
async def test_what_is_no_artifact_is_refused(client: httpx.AsyncClient, body: Any, sentence: str) -> None:
    answer = await client.post(PATH, json=body)

    assert answer.status_code == 400
    assert sentence in " ".join(answer.json()["Errors"])


async def test_content_above_the_bound_is_refused_and_not_kept(server: Server, client: httpx.AsyncClient) -> None:
    server.parts.get(Uploads).limit = 10
    made = await create(client, "artifacts", Filename="a.txt")

    answer = await client.put(made["Links"]["Content"], content=b"x" * 11)

    assert answer.status_code == 413
    assert (await client.get(made["Links"]["Content"])).status_code == 404


async def test_a_script_leaves_files_with_its_task(shop: Shop) -> None:
    await shop.process(script("Leave", LEAVE))
    release = await shop.release()
    task = await shop.ended(await shop.deploy())
    [deployment] = (await shop.client.get(f"{SPACE}/deployments")).json()["Items"]
    lines = await shop.lines(task["Id"])

    for regarding in (task["Id"], deployment["Id"], release, "Projects-1", shop.environments["Dev"]):
        assert await names(shop.client, f"regarding={regarding}&order=asc") == ["The Report.txt", "über log.txt"], lines
    found = (await shop.client.get(f"{PATH}?regarding={task['Id']}&order=asc")).json()["Items"]
    contents = [(await shop.client.get(one["Links"]["Content"])).text for one in found]
    assert task["State"] in {"Success", "SuccessWithWarning"}, lines
    assert contents == ["first\n", "second\n"]
    assert found[0]["Source"] == "the server"
    assert any("The artifact 'missing.txt' was not collected: there is no file" in line for line in lines)
    of_release = (await shop.client.get(f"{SPACE}/releases/{release}/artifacts")).json()["Items"]
    assert len(of_release) == 2
    assert await names(shop.client, "regarding=Projects-9") == []


async def test_a_failing_script_leaves_files_too(shop: Shop) -> None:
    await shop.process(script("Leave", "echo why > why.txt\nnew_octopusartifact why.txt\nexit 3\n"))
    await shop.release()

    task = await shop.ended(await shop.deploy())

    assert task["State"] == "Failed"
    assert await names(shop.client, f"regarding={task['Id']}") == ["why.txt"]


async def test_a_deleted_deployment_takes_its_artifacts_along(shop: Shop) -> None:
    await shop.process(script("Leave", "echo a > a.txt\nnew_octopusartifact a.txt\n"))
    release = await shop.release()
    await shop.ended(await shop.deploy())

    deleted = await shop.client.delete(f"{SPACE}/releases/{release}")

    assert deleted.status_code == 200, deleted.text
    assert await names(shop.client, "") == []


async def test_the_name_of_an_artifact_tells_no_secret(shop: Shop) -> None:
    await shop.variables({"Name": "Key", "Type": "Sensitive", "Value": "k3y-of-the-house"})
    await shop.process(script("Leave", 'echo a > a.txt\nnew_octopusartifact a.txt "dump of #{Key}.txt"\n'))
    await shop.release()
    task = await shop.deploy()
    assert (await shop.ended(task))["State"] == "Success"
    kept = (await shop.client.get(f"{SPACE}/artifacts?regarding={task}")).json()["Items"]
    assert [one["Filename"] for one in kept] == ["dump of *****.txt"]
