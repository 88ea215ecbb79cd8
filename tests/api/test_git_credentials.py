"""Git credentials over HTTP."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from tests.api.conftest import SPACE, create

from polpo.features.gitcredentials.resource import GIT_CREDENTIALS
from polpo.server.application import Server

PATH = f"{SPACE}/git-credentials"
WANTED = {
    "Name": "GitHub",
    "Description": "Reads our repositories",
    "Type": "UsernamePassword",
    "Details": {"Type": "UsernamePassword", "Username": "bot", "Password": {"HasValue": True, "NewValue": "t0ken"}},
    "RepositoryRestrictions": {"Enabled": True, "AllowedRepositories": ["https://github.com/acme/*"]},
}


def token(server: Server) -> str | None:
    with server.database.read() as session:
        return session.reveal(session.get(GIT_CREDENTIALS, "GitCredentials-1").details.password)


async def test_a_credential_is_kept_and_its_token_stays_inside(server: Server, client: httpx.AsyncClient) -> None:
    made = await create(client, "git-credentials", **WANTED)
    read = (await client.get(made["Links"]["Self"])).json()
    listed = (await client.get(f"{PATH}?name=github")).json()["Items"]

    assert listed == [read] == [made]
    assert read["Details"]["Password"] == {"HasValue": True, "NewValue": None, "Hint": None}
    assert {name: read[name] for name in ("Name", "Description", "Type", "RepositoryRestrictions")} == {
        name: WANTED[name] for name in ("Name", "Description", "Type", "RepositoryRestrictions")
    }
    assert token(server) == "t0ken"


@pytest.mark.parametrize(
    ("password", "kept"),
    [
        ({"HasValue": True, "NewValue": None}, "t0ken"),
        (None, "t0ken"),
        ({"HasValue": True, "NewValue": "new"}, "new"),
    ],
)
async def test_a_token_that_is_not_sent_is_kept(
    server: Server, client: httpx.AsyncClient, password: Any, kept: str
) -> None:
    made = await create(client, "git-credentials", **WANTED)
    body = {**made, "Name": "Hub", "Details": {"Type": "usernamepassword", "Username": "bot2", "Password": password}}

    answer = await client.put(made["Links"]["Self"], json=body)

    assert (answer.status_code, answer.json()["Details"]["Username"]) == (200, "bot2")
    assert token(server) == kept


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"Details": None}, "Details"),
        ({"Details": {"Type": "Ssh"}}, "Details"),
        ({"Details": {"Username": "a"}}, "Details.Password: it is missing"),
        ({"Details": {"Password": {"NewValue": "x"}}}, "Details.Username: it is missing"),
        ({"RepositoryRestrictions": {"Enabled": True, "AllowedRepositories": [" "]}}, "an entry is empty"),
        ({"Name": ""}, "needs a name"),
    ],
)
async def test_a_credential_that_cannot_be_used_is_refused(
    client: httpx.AsyncClient, change: Any, sentence: str
) -> None:
    answer = await client.post(PATH, json={**WANTED, **change})

    assert answer.status_code == 400
    assert sentence in " ".join(answer.json()["Errors"])


async def test_a_credential_nobody_uses_is_deleted(client: httpx.AsyncClient) -> None:
    made = await create(client, "git-credentials", **WANTED)

    usage = (await client.get(made["Links"]["Usage"])).json()
    deleted = await client.delete(made["Links"]["Self"])

    assert usage == {"Projects": [], "OtherProjects": 0}
    assert (deleted.status_code, deleted.json()) == (200, {})
    assert (await client.get(made["Links"]["Self"])).status_code == 404
