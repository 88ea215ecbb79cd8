"""Fixtures for tests over HTTP: a project to work with, and ways to change it."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from tests.git_server import GitServer, Repository, git_server

SPACE = "/api/Spaces-1"


async def create(client: httpx.AsyncClient, path: str, **body: Any) -> Any:
    """POSTs to the default space and returns what was made."""
    answer = await client.post(f"{SPACE}/{path}", json=body)
    assert answer.status_code == 201, answer.text
    return answer.json()


def tomorrow() -> str:
    return (datetime.now(UTC) + timedelta(days=1)).isoformat()


@pytest.fixture
async def project(client: httpx.AsyncClient) -> Any:
    """A project without steps, in the default group and lifecycle."""
    return await create(
        client, "projects", Name="Web Shop", ProjectGroupId="ProjectGroups-1", LifecycleId="Lifecycles-1"
    )


@pytest.fixture(scope="session")
def git(tmp_path_factory: pytest.TempPathFactory) -> Iterator[GitServer]:
    """A Git server over HTTP."""
    with git_server(tmp_path_factory.mktemp("git")) as server:
        yield server


@pytest.fixture
def repository(git: GitServer) -> Repository:
    """A repository of that server with a read-me in it."""
    return git.create(f"r{uuid.uuid4().hex}")
