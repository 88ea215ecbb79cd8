"""One world for all tests of who may do what; nothing that its people write is kept."""

from __future__ import annotations

import asyncio
import json
import shutil
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest
import pytest_asyncio
from tests.api.authorization.world import AWAY, COMMUNITY_TEMPLATE, HOME, Builder, Side
from tests.api.people import also, person
from tests.conftest import API_KEY, FirstData

from polpo.features.users.resource import USERS
from polpo.kernel.errors import Conflict
from polpo.rest.permissions import BOTH_LEVELS, Permission
from polpo.server.application import Server, assemble
from polpo.server.settings import Settings
from polpo.store.session import Session

Headers = dict[str, str]
_UNDONE = "The change is undone, so that the world stays as it is."


@dataclass(frozen=True)
class Where:
    """Beside the space: in the other one as well; at the level of the server, what is granted at both."""

    everywhere: bool = False
    at_server: bool = False


@dataclass
class World:
    """A server with sides `a` and `b` in one space and `c` in another; people come as tests need them."""

    server: Server
    client: httpx.AsyncClient
    sides: dict[str, Side] = field(default_factory=dict)
    people: dict[Any, Headers] = field(default_factory=dict)
    _undone: set[str] = field(default_factory=set)
    _is_undoing: bool = False

    @property
    def here(self) -> Side:
        """The side that calls are about."""
        return self.sides["a"]

    async def call(self, method: str, path: str, headers: Headers, **content: Any) -> httpx.Response:
        """In a context of its own: who acts is noted there. What reading leaves behind, such as an event, is kept."""
        self._is_undoing = method != "GET"
        return await asyncio.create_task(self.client.request(method, path, headers=headers, **content))

    async def administrator(self, method: str, path: str, **content: Any) -> httpx.Response:
        """Changes what they change."""
        return await self.call(method, path, {"X-Octopus-ApiKey": API_KEY}, **content)

    async def somebody(
        self,
        permissions: Iterable[Permission],
        space_id: str | None = HOME,
        where: Where | None = None,
        **within: list[str],
    ) -> Headers:
        """A person with these permissions: in the space, narrowed or not, and wherever else."""
        wanted, where = tuple(permissions), where or Where()
        both = tuple(one for one in wanted if one in BOTH_LEVELS) if where.at_server else ()
        key = (wanted, space_id, both, where.everywhere, repr(within))
        if key not in self.people:
            name = f"person{len(self.people)}"
            self.people[key] = await person(self.server, name, *wanted, space_id=space_id, **within)
            [user_id] = self._ids_of(name)
            self._undone.add(user_id)
            if both:
                await also(self.server, user_id, f"{name} at the server", *both, space_id=None)
            if where.everywhere:
                await also(self.server, user_id, f"{name} elsewhere", *wanted, space_id=AWAY)
        return self.people[key]

    def _ids_of(self, name: str) -> list[str]:
        with self.server.database.read() as session:
            return [user.id for user in session.all(USERS, USERS.table.c.username_key == name)]

    def undo_what_people_do(self) -> None:
        """Writes of people fail at their end, with 409, after all that the route does."""
        record = self.server.database.recorder
        assert record is not None

        def undo(session: Session) -> None:
            record(session)
            if self._is_undoing and session.actor.user_id in self._undone:
                raise Conflict(_UNDONE)

        self.server.database.recorder = undo


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def world(first_data: FirstData, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[World]:
    folder, url = tmp_path_factory.mktemp("world") / "data", ""
    shutil.copytree(first_data.folder, folder)
    if first_data.server:
        first_data.server.reset(first_data.name)
        url = first_data.server.url(first_data.name)
    server = assemble(Settings(data_dir=str(folder), database_url=url, agent_listen="127.0.0.1:0"))
    await server.start()
    await server.works.newcomers.close()
    transport = httpx.ASGITransport(server.application)  # type: ignore[arg-type]
    async with httpx.AsyncClient(transport=transport, base_url="http://polpo.test") as client:
        world = World(server, client)
        server.settings.community_folder.mkdir()
        (server.settings.community_folder / "one.json").write_text(json.dumps(COMMUNITY_TEMPLATE))
        made = await world.administrator("POST", "/api/spaces", json={"Name": "Away"})
        assert made.status_code == 201, made.text
        for letter, space in (("a", HOME), ("b", HOME), ("c", AWAY)):
            world.sides[letter] = await Builder(world.administrator, server, Side(letter, space)).build()
        world.undo_what_people_do()
        yield world
    await server.close()
