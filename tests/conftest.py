"""Fixtures for tests of every level: a database and a server on a temporary folder."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx
import pytest

from polpo.kernel.secrets import Vault
from polpo.server.application import Server, assemble
from polpo.server.settings import Settings
from polpo.store.database import Database
from polpo.store.kinds import metadata

API_KEY = "API-TESTKEY0000000000000000000001"
PASSWORD = "correct horse battery"


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = Database(f"sqlite:///{tmp_path / 'test.db'}", Vault(b"k" * 32))
    metadata.create_all(database.engine)
    yield database
    database.close()


@pytest.fixture(scope="session")
def first_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data of a server that was started once: schema, defaults, administrator. Copied, not made, for each test."""
    folder = tmp_path_factory.mktemp("first") / "data"
    settings = Settings(data_dir=str(folder), admin_password=PASSWORD, admin_api_key=API_KEY)
    server = assemble(settings)
    server.database.close()
    server.lock.release()
    return folder


@pytest.fixture
async def server(tmp_path: Path, first_data: Path) -> AsyncIterator[Server]:
    data = tmp_path / "data"
    shutil.copytree(first_data, data)
    server = assemble(Settings(data_dir=str(data), agent_listen="127.0.0.1:0"))
    await server.start()
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
