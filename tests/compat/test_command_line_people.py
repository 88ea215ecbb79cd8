"""The `octopus` command line among people: signing in with tokens, users, spaces and their managers."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import httpx
import pytest
from tests.api.issuer import Issuer, rsa, running_issuer

from compat.clients import NO_COMMAND_LINE, Account, ClientError, CommandLine, find_program

if find_program() is None:
    pytest.skip(NO_COMMAND_LINE, allow_module_level=True)


@pytest.fixture
def client(account: Account) -> Iterator[httpx.Client]:
    headers = {"X-Octopus-ApiKey": account.api_key}
    with httpx.Client(base_url=account.address, headers=headers) as client:
        yield client


@contextmanager
def issuer_in_thread() -> Iterator[Issuer]:
    """An issuer with a loop of its own: the command line and the server run beside this test, not inside it."""
    started: list[tuple[Issuer, asyncio.AbstractEventLoop, asyncio.Event]] = []
    ready = threading.Event()

    async def serve() -> None:
        stopped = asyncio.Event()
        async with running_issuer(rsa()) as issuer:
            started.append((issuer, asyncio.get_running_loop(), stopped))
            ready.set()
            await stopped.wait()

    thread = threading.Thread(target=lambda: asyncio.run(serve()))
    thread.start()
    assert ready.wait(30)
    [(issuer, loop, stopped)] = started
    try:
        yield issuer
    finally:
        loop.call_soon_threadsafe(stopped.set)
        thread.join()


def made(client: httpx.Client, path: str, **body: Any) -> Any:
    answer = client.post(path, json=body)
    assert answer.status_code == 201, answer.text
    return answer.json()


def test_command_line_signs_in_with_the_token_of_an_issuer(
    octopus: CommandLine, account: Account, client: httpx.Client
) -> None:
    robot = made(client, "/api/users", Username="pipeline", IsService=True)
    path = f"/api/serviceaccounts/{robot['Id']}/oidcidentities"
    nobody = replace(octopus, account=replace(account, api_key=""))
    with issuer_in_thread() as issuer:
        made(client, f"{path}/create/v1", Name="CI", Issuer=issuer.address, Subject="repo:shop:*")
        audience = client.get(f"{path}/v1").json()["ExternalId"]
        words = ["login", "--server", account.address, "--service-account-id", audience, "--id-token"]
        token = issuer.token(sub="repo:shop:main", aud=audience, exp=int(time.time()) + 300)

        said = nobody.run(*words, token)
        with pytest.raises(ClientError, match="fits the subject 'repo:other'"):
            nobody.run(*words, issuer.token(sub="repo:other", aud=audience, exp=int(time.time()) + 300))

    assert "Login successful" in said


def test_command_line_makes_and_deletes_a_space_with_managers(octopus: CommandLine, client: httpx.Client) -> None:
    made(client, "/api/teams", Name="Leads")

    octopus.run("space", "create", "--name", "Finance", "--description", "d", "--team", "Leads", "--user", "admin")
    shown = octopus.run("space", "view", "Finance")
    managers = client.get("/api/spaces/finance").json()
    octopus.run("space", "delete", "Finance", "-y")

    assert (shown["Description"], shown["TaskQueue"]) == ("d", "Running")
    assert managers["SpaceManagersTeamMembers"] == ["Users-1"]
    assert len(managers["SpaceManagersTeams"]) == 2
    assert "Finance" not in [space["Name"] for space in octopus.run("space", "list")]


def test_command_line_deletes_a_user_and_not_the_last_administrator(octopus: CommandLine, client: httpx.Client) -> None:
    made(client, "/api/users", Username="bob", Password="a good password")

    octopus.run("user", "delete", "bob", "-y")
    with pytest.raises(ClientError):
        octopus.run("user", "delete", "admin", "-y")

    assert "bob" not in [user["UserName"] for user in octopus.run("user", "list")]
    assert "admin" in [user["UserName"] for user in octopus.run("user", "list")]
