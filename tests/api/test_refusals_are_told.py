"""Who was refused for lack of a right is in the trail, once for each thing in a while."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import httpx
from tests.api.conftest import SPACE
from tests.api.people import person

from polpo.kernel.clock import SystemClock
from polpo.rest.permissions import Permission
from polpo.server.application import Server


class Ahead(SystemClock):
    """The time that it is, and some more."""

    def __init__(self, ahead: timedelta) -> None:
        self.ahead = ahead

    def now(self) -> datetime:
        return super().now() + self.ahead


async def told(client: httpx.AsyncClient) -> list[Any]:
    await client.get("/api/events/export")  # ends with a write, behind those that were queued
    return list((await client.get("/api/events?eventCategories=AccessDenied")).json()["Items"])


async def test_a_refusal_is_told_once_in_ten_minutes(client: httpx.AsyncClient, server: Server) -> None:
    key = await person(server, "eve", Permission.PROJECT_VIEW)
    for _ in range(3):
        assert (await client.get("/api/users", headers=key)).status_code == 403
    made = await client.post(f"{SPACE}/environments", json={"Name": "Test"}, headers=key)
    assert made.status_code == 403

    first = await told(client)
    server.database.clock = Ahead(timedelta(minutes=11))
    await client.get("/api/users", headers=key)
    later = await told(client)

    create, view = first
    assert create["Message"] == "eve was refused POST /api/environments, which needs EnvironmentCreate"
    assert (create["SpaceId"], create["Username"], create["IpAddress"]) == ("Spaces-1", "eve", "127.0.0.1")
    assert view["Message"] == "eve was refused GET /api/users, which needs UserView"
    assert view["RelatedDocumentIds"] == [view["UserId"]]
    assert later[0]["Message"] == f"{view['Message']}, and 2 times more before"
    assert len(later) == 3


async def test_what_may_be_done_is_no_refusal(client: httpx.AsyncClient) -> None:
    assert (await client.get(f"{SPACE}/environments/Environments-9")).status_code == 404
    assert await told(client) == []
