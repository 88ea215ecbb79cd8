"""Fixtures for tests of every level: a database and a server on a temporary folder.

With POLPO_TEST_DATABASE=postgresql they run on a PostgreSQL that is started for them (`make test-postgres`).
"""

from __future__ import annotations

import os
import shutil
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from argon2 import PasswordHasher
from tests.postgres import Postgres, postgres

from polpo.features.users.passwords import Passwords
from polpo.kernel.secrets import Vault
from polpo.server.application import Server, assemble
from polpo.server.settings import Settings
from polpo.store.database import Database
from polpo.store.kinds import metadata

API_KEY = "API-TESTKEY0000000000000000000001"
PASSWORD = "correct horse battery"
#: Hashes of passwords that a test makes protect nothing, so they need not take the time of real ones.
QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Postgres]:
    """A PostgreSQL server for the session; started when a test asks for it."""
    with postgres() as server:
        yield server


@pytest.fixture(scope="session", params=[os.environ.get("POLPO_TEST_DATABASE", "sqlite")])
def product(request: pytest.FixtureRequest) -> str:
    """Which database the tests run on: `sqlite` or `postgresql`. A module may parametrise it to run on both."""
    return str(request.param)


@pytest.fixture(scope="session")
def declared(request: pytest.FixtureRequest) -> str:
    """A PostgreSQL database with all tables that are declared."""
    server: Postgres = request.getfixturevalue("postgresql")
    name = server.create()
    engine = Database(server.url(name), Vault(b"k" * 32))
    metadata.create_all(engine.engine)
    engine.close()
    return name


@pytest.fixture
def database(request: pytest.FixtureRequest, product: str, tmp_path: Path) -> Iterator[Database]:
    if product == "sqlite":
        database = Database(f"sqlite:///{tmp_path / 'test.db'}", Vault(b"k" * 32))
        metadata.create_all(database.engine)
        yield database
        database.close()
        return
    server: Postgres = request.getfixturevalue("postgresql")
    name = request.getfixturevalue("declared")
    server.reset(name)
    database = Database(server.url(name), Vault(b"k" * 32))
    yield database
    database.close()


@dataclass(frozen=True)
class FirstData:
    """The data of a server that was started once: its folder, and its database where that is not in the folder."""

    folder: Path
    server: Postgres | None = None
    name: str = ""


@pytest.fixture(scope="session")
def first_data(request: pytest.FixtureRequest, product: str, tmp_path_factory: pytest.TempPathFactory) -> FirstData:
    """The data of a server that was started once: schema, defaults, administrator. Copied, not made, for each test."""
    folder = tmp_path_factory.mktemp("first") / "data"
    made = FirstData(folder)
    if product == "postgresql":
        server: Postgres = request.getfixturevalue("postgresql")
        made = FirstData(folder, server, server.create())
    url = made.server.url(made.name) if made.server else ""
    settings = Settings(data_dir=str(folder), database_url=url, admin_password=PASSWORD, admin_api_key=API_KEY)
    first = assemble(settings)
    first.database.close()
    first.lock.release()
    if made.server:
        made.server.remember(made.name)
    return made


@pytest.fixture
def server_settings(tmp_path: Path, first_data: FirstData) -> Settings:
    """Settings for a server on data of its own."""
    data, url = tmp_path / "data", ""
    shutil.copytree(first_data.folder, data)
    if first_data.server:
        first_data.server.reset(first_data.name)
        url = first_data.server.url(first_data.name)
    return Settings(
        data_dir=str(data),
        database_url=url,
        agent_listen="127.0.0.1:0",
        outbound_allow="127.0.0.1",  # where the issuers and repositories of tests are
        drop_folders=str(tmp_path),
    )


@pytest.fixture
async def server(server_settings: Settings) -> AsyncIterator[Server]:
    server = assemble(server_settings)
    server.parts.get(Passwords).hasher = QUICK
    await server.start()
    await server.works.newcomers.close()  # whether machines that a test makes up are looked for is the test's to say
    yield server
    await server.close()


@pytest.fixture
async def client(server: Server) -> AsyncIterator[httpx.AsyncClient]:
    """The administrator, with an API key."""
    async with _client(server, {"X-Octopus-ApiKey": API_KEY}) as client:
        yield client


@pytest.fixture
async def anonymous(server: Server) -> AsyncIterator[httpx.AsyncClient]:
    async with _client(server, {}) as client:
        yield client


def _client(server: Server, headers: dict[str, str]) -> httpx.AsyncClient:
    return httpx.AsyncClient(
        transport=httpx.ASGITransport(server.application),  # type: ignore[arg-type]
        base_url="http://polpo.test",
        headers=headers,
    )
