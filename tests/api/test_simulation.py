"""Administrators look at the server as another user does."""

from __future__ import annotations

from concurrent.futures import Future
from typing import Any

import httpx
import pytest
from tests.api.people import person

from polpo.rest.permissions import Permission
from polpo.server.application import Server

PROJECTS = "/api/Spaces-1/projects"


async def _as(client: httpx.AsyncClient, who: dict[str, str]) -> dict[str, str]:
    return {"X-Polpo-Act-As": (await client.get("/api/users/me", headers=who)).json()["Id"]}


async def test_an_administrator_sees_what_the_user_sees(
    server: Server, client: httpx.AsyncClient, project: Any
) -> None:
    shared = {"ProjectGroupId": "ProjectGroups-1", "LifecycleId": "Lifecycles-1"}
    assert (await client.post(PROJECTS, json={"Name": "Other", **shared})).status_code == 201
    eva = await person(server, "eva", Permission.PROJECT_VIEW, project_ids=["Projects-2"])
    as_eva = await _as(client, eva)

    for path in (PROJECTS, f"{PROJECTS}/Projects-1", f"{PROJECTS}/Projects-2", "/api/users/me", "/api/users"):
        own, seen = await client.get(path, headers=eva), await client.get(path, headers=as_eva)
        assert (seen.status_code, seen.text) == (own.status_code, own.text), path
        assert (await client.get(path)).status_code == 200, path
    assert (await client.head(f"{PROJECTS}/Projects-1", headers=as_eva)).status_code == 403


async def test_nothing_is_changed_as_another_user(server: Server, client: httpx.AsyncClient, project: Any) -> None:
    as_eva = await _as(client, await person(server, "eva", "userroles-spacemanager"))
    for method, path in (("PUT", f"{PROJECTS}/Projects-1"), ("DELETE", f"{PROJECTS}/Projects-1"), ("POST", PROJECTS)):
        refused = await client.request(method, path, headers=as_eva)
        assert refused.status_code == 400
        assert "for looking only" in refused.json()["ErrorMessage"]


async def test_only_administrators_act_as_others(server: Server, client: httpx.AsyncClient) -> None:
    manager = await person(server, "eva", "userroles-systemmanager", space_id=None)
    refused = await client.get("/api/users/me", headers={**manager, "X-Polpo-Act-As": "Users-1"})
    unknown = await client.get("/api/users/me", headers={"X-Polpo-Act-As": "Users-99"})

    assert refused.json()["Details"]["MissingPermission"] == "AdministerSystem"
    assert (refused.status_code, unknown.status_code) == (403, 404)
    await server.database.write(lambda _session: None)  # what is told is queued before it
    [told] = (await client.get("/api/events?eventCategories=AccessDenied")).json()["Items"]
    assert told["Username"] == "eva"
    assert told["Message"] == "eva was refused GET /api/users/me, which needs AdministerSystem"


async def test_the_trail_tells_once_who_looked_as_whom(server: Server, client: httpx.AsyncClient) -> None:
    as_eva = await _as(client, await person(server, "eva"))
    for _ in range(3):
        assert (await client.get("/api/users/me", headers=as_eva)).json()["Username"] == "eva"
    await server.database.write(lambda _session: None)  # what is told is not waited for, but written in its order

    await server.database.write(lambda _session: None)  # what is told is queued before it
    events = (await client.get("/api/events?eventCategories=SimulationStarted")).json()["Items"]

    assert [(one["Username"], one["Message"]) for one in events] == [("admin", "admin looked at the server as eva.")]


async def test_what_could_not_be_told_is_told_with_the_next_request(
    server: Server, client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    as_eva = await _as(client, await person(server, "eva"))
    failed: Future[None] = Future()
    failed.set_exception(OSError("the disk is full"))

    with monkeypatch.context() as full:
        full.setattr(server.database, "submit", lambda _work: failed)
        await client.get("/api/users/me", headers=as_eva)
    await client.get("/api/users/me", headers=as_eva)
    await server.database.write(lambda _session: None)

    events = (await client.get("/api/events?eventCategories=SimulationStarted")).json()["Items"]
    assert len(events) == 1
