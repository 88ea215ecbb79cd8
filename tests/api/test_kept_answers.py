"""Answers that are kept until something that they tell of is written."""

from __future__ import annotations

from typing import Any

import httpx
from tests.api.conftest import SPACE, create
from tests.api.test_deployments import Shop, script

from polpo.server.application import Server


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


async def test_a_space_that_takes_the_slug_of_another_does_not_inherit_its_answers(client: httpx.AsyncClient) -> None:
    async def space(name: str) -> Any:
        body = {"Name": name, "SpaceManagersTeamMembers": ["Users-1"], "TaskQueueStopped": True}
        made = (await client.post("/api/spaces", json=body)).json()
        group = {"Name": f"Group of {name}"}
        assert (await client.post(f"/api/{made['Id']}/projectgroups", json=group)).status_code == 201
        return made

    async def renamed(made: Any, slug: str) -> None:
        answer = await client.put(made["Links"]["Self"], json={**made, "Slug": slug})
        assert (answer.status_code, answer.json()["Slug"]) == (200, slug)

    async def groups() -> list[str]:
        answer = await client.get("/api/spaces/first/projectgroups?partialName=group of")
        return [one["Name"] for one in answer.json()["Items"]]

    first, second = await space("First"), await space("Second")
    assert await groups() == ["Group of First"]
    await renamed(first, "elsewhere")
    await renamed(second, "first")
    assert await groups() == ["Group of Second"]


async def test_a_task_that_is_given_another_end_is_shown_so(
    client: httpx.AsyncClient, server: Server, project: Any
) -> None:
    """The dashboard is kept once every task on it has ended."""
    shop = Shop(client, server, {"Dev": (await create(client, "environments", Name="Dev"))["Id"]})
    await shop.process(script("Go", "exit 1"))
    await shop.release()
    task_id = await shop.deploy()
    await shop.ended(task_id)

    async def state() -> str:
        return str((await client.get(f"{SPACE}/dashboard")).json()["Items"][0]["State"])

    assert await state() == "Failed"
    answer = await client.post(f"/api/tasks/{task_id}/state", json={"State": "Success", "Reason": "It was the network"})
    assert answer.status_code == 200, answer.text
    assert await state() == "Success"
