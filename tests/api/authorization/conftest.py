"""One world for all tests of who may do what; nothing that its people write is kept."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass, field, replace
from typing import Any

import httpx
import pytest
import pytest_asyncio
from tests.api.authorization.world import AWAY, HOME, Builder, Side
from tests.api.people import give, person
from tests.conftest import API_KEY, FirstData

from polpo.features.users.service import caller_of_key
from polpo.kernel.errors import Conflict
from polpo.rest.permissions import BOTH_LEVELS, SYSTEM_LEVEL, Permission
from polpo.server.application import Server, assemble
from polpo.server.settings import Settings
from polpo.store.session import Session

Headers = dict[str, str]
NOBODY: Headers = {}
_UNDONE = "The change is undone, so that the world stays as it is."


@dataclass
class World:
    """A server with sides `a` and `b` in one space and `c` in another; people come as tests need them."""

    server: Server
    client: httpx.AsyncClient
    sides: dict[str, Side] = field(default_factory=dict)
    people: dict[Any, Headers] = field(default_factory=dict)
    _undone: set[str] = field(default_factory=set)

    @property
    def here(self) -> Side:
        """The side that calls are about."""
        return self.sides["a"]

    async def administrator(self, method: str, path: str, **content: Any) -> httpx.Response:
        """Changes what they change."""
        return await self.client.request(method, path, headers={"X-Octopus-ApiKey": API_KEY}, **content)

    async def somebody(
        self, permissions: Iterable[Permission], space_id: str | None = HOME, server_too: bool = False, **within: list[str]
    ) -> Headers:
        """A person with these permissions: in the space, narrowed or not, and, of those of both levels, at the server."""
        wanted = tuple(permissions)
        key = (wanted, space_id, server_too, repr(within))
        if key not in self.people:
            self.people[key] = await self._new(wanted, space_id, server_too, within)
        return self.people[key]

    async def _new(
        self, wanted: tuple[Permission, ...], space_id: str | None, server_too: bool, within: dict[str, list[str]]
    ) -> Headers:
        name = f"person{len(self.people)}"
        headers = await person(self.server, name, *wanted, space_id=space_id, **within)

        def note(session: Session) -> None:
            user_id = caller_of_key(session, headers["X-Octopus-ApiKey"]).user_id
            if server_too and (both := [one for one in wanted if one in BOTH_LEVELS]):
                give(session, user_id, f"{name} at the server", *both, space_id=None)
            self._undone.add(user_id)

        await self.server.database.write(note)
        return headers

    def undo_what_people_do(self) -> None:
        """Writes of people fail at their end, with 409, after all that the route does."""
        record = self.server.database.recorder
        assert record is not None

        def undo(session: Session) -> None:
            record(session)
            if session.actor.user_id in self._undone:
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
        made = await world.administrator("POST", "/api/spaces", json={"Name": "Away"})
        assert made.status_code == 201, made.text
        for letter, space in (("a", HOME), ("b", HOME), ("c", AWAY)):
            world.sides[letter] = await Builder(world.administrator, server, Side(letter, space)).build()
        world.undo_what_people_do()
        yield world
    await server.close()
