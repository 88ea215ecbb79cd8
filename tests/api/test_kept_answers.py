"""Answers that are kept until something that they tell of is written."""

from __future__ import annotations

from typing import Any

import httpx
from tests.api.conftest import SPACE, create


async def test_a_list_that_the_client_has_is_not_sent_again(client: httpx.AsyncClient, project: Any) -> None:
    first = await client.get(f"{SPACE}/projects")
    again = await client.get(f"{SPACE}/projects", headers={"If-None-Match": first.headers["ETag"]})

    assert first.status_code == 200
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["ETag"] == first.headers["ETag"]


async def test_a_kept_list_is_made_again_once_a_document_is_written(client: httpx.AsyncClient, project: Any) -> None:
    before = await client.get(f"{SPACE}/projects")
    await client.put(f"{SPACE}/projects/Projects-1", json={**project, "Name": "Other"})
    after = await client.get(f"{SPACE}/projects", headers={"If-None-Match": before.headers["ETag"]})
    await client.delete(f"{SPACE}/projects/Projects-1")
    last = await client.get(f"{SPACE}/projects")

    assert [one["Name"] for one in after.json()["Items"]] == ["Other"]
    assert last.json()["Items"] == []


async def test_every_question_has_an_answer_of_its_own(client: httpx.AsyncClient, project: Any) -> None:
    await create(client, "projects", Name="Second", ProjectGroupId="ProjectGroups-1", LifecycleId="Lifecycles-1")

    async def names(query: str) -> list[str]:
        return [one["Name"] for one in (await client.get(f"{SPACE}/projects{query}")).json()["Items"]]

    for _ in range(2):
        assert await names("?take=1") == ["Second"]
        assert await names("?take=1&skip=1") == ["Web Shop"]
        assert await names("?partialName=shop") == ["Web Shop"]
    assert (await client.get(f"{SPACE}/projects/Projects-1")).json()["Name"] == "Web Shop"
    assert (await client.get("/api/Spaces-1/projects/Projects-2")).json()["Name"] == "Second"


async def test_what_is_kept_is_kept_from_strangers(
    client: httpx.AsyncClient, anonymous: httpx.AsyncClient, project: Any
) -> None:
    known = (await client.get(f"{SPACE}/projects")).headers["ETag"]
    refused = await anonymous.get(f"{SPACE}/projects", headers={"If-None-Match": known})
    wrong = await anonymous.get(f"{SPACE}/projects", headers={"X-Octopus-ApiKey": "API-WRONG00000000000000000001"})
    assert (refused.status_code, wrong.status_code) == (401, 401)


async def test_an_error_is_not_kept(client: httpx.AsyncClient, project: Any) -> None:
    assert (await client.get(f"{SPACE}/projects/Projects-2")).status_code == 404
    await create(client, "projects", Name="Second", ProjectGroupId="ProjectGroups-1", LifecycleId="Lifecycles-1")
    assert (await client.get(f"{SPACE}/projects/Projects-2")).status_code == 200
    assert (await client.get(f"{SPACE}/projects?skip=x")).status_code == 400
