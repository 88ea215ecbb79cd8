"""Fixtures for tests over HTTP: a project to work with, and ways to change it."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

SPACE = "/api/Spaces-1"


async def create(client: httpx.AsyncClient, path: str, **body: Any) -> Any:
    """POSTs to the default space and returns what was made."""
    answer = await client.post(f"{SPACE}/{path}", json=body)
    assert answer.status_code == 201, answer.text
    return answer.json()


@pytest.fixture
async def project(client: httpx.AsyncClient) -> Any:
    """A project without steps, in the default group and lifecycle."""
    return await create(
        client, "projects", Name="Web Shop", ProjectGroupId="ProjectGroups-1", LifecycleId="Lifecycles-1"
    )
