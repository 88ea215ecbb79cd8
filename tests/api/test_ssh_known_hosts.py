"""Known SSH hosts of the installation, over HTTP."""

from __future__ import annotations

import base64
from typing import Any

import httpx
import pytest

from api.conftest import SPACE
from api.people import person
from polpo.server.application import Server

KEY = base64.b64encode(b"\0\0\0\x0bssh-ed25519" + b"\0\0\0\x20" + bytes(range(32))).decode()
OTHER = base64.b64encode(b"\0\0\0\x0bssh-ed25519" + b"\0\0\0\x20" + bytes(32)).decode()
PATH = f"{SPACE}/sshknownhosts"
WEB_1 = f"web-1 ssh-ed25519 {KEY} a comment"
WEB_2 = f"[web-2]:2222 ssh-ed25519 {OTHER}"


async def added(client: httpx.AsyncClient, *lines: str) -> Any:
    answer = await client.post(PATH, json={"KnownHostEntries": lines})
    assert answer.is_success, answer.text
    return answer.json()["AddedResources"]


async def test_hosts_are_added_by_lines_of_ssh_keyscan_and_found_again(client: httpx.AsyncClient) -> None:
    made = await added(client, "# web-1:22 SSH-2.0-OpenSSH_9.2", WEB_1, WEB_2)
    assert [(one["Id"], one["Host"], one["KeyType"], one["PublicKey"]) for one in made] == [
        ("SshKnownHosts-1", "web-1", "ssh-ed25519", KEY),
        ("SshKnownHosts-2", "[web-2]:2222", "ssh-ed25519", OTHER),
    ]
    assert await added(client, WEB_1) == []

    found = (await client.get(PATH, params={"partialHost": "WEB-2", "skip": 0, "take": 30})).json()
    assert [one["Id"] for one in found["Resources"]] == ["SshKnownHosts-2"]
    assert (found["TotalCount"], found["FilteredCount"]) == (2, 1)
    page = (await client.get("/api/sshknownhosts", params={"skip": 1, "take": 1})).json()
    assert [one["Host"] for one in page["Resources"]] == ["[web-2]:2222"]


async def test_a_host_is_removed_by_its_id(client: httpx.AsyncClient) -> None:
    await added(client, WEB_1, WEB_2)
    assert (await client.request("DELETE", PATH, json={"Id": "SshKnownHosts-1"})).is_success
    assert [one["Id"] for one in (await client.get(PATH)).json()["Resources"]] == ["SshKnownHosts-2"]
    assert (await client.request("DELETE", PATH, json={"Id": "SshKnownHosts-1"})).status_code == 404


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("web-1 ssh-ed25519", "not of the form 'host type key'"),
        (f"@revoked web-1 ssh-ed25519 {KEY}", "not of the form"),
        (f"web-1 ssh-dss {KEY}", "has a key of the type 'ssh-dss'"),
        (f"web-1 ssh-rsa {KEY}", "is damaged, or of another type"),
        ("web-1 ssh-ed25519 AAAA", "is damaged"),
        ("# only a comment", "give at least one line"),
    ],
)
async def test_lines_that_name_no_key_are_refused_and_nothing_is_kept(
    client: httpx.AsyncClient, line: str, told: str
) -> None:
    lines = [line] if line.startswith("#") else [WEB_2, line]
    answer = await client.post(PATH, json={"KnownHostEntries": lines})
    assert answer.status_code == 400
    assert told in answer.json()["ErrorMessage"]
    assert (await client.get(PATH)).json()["TotalCount"] == 0


async def test_each_space_trusts_its_own_hosts(client: httpx.AsyncClient, server: Server) -> None:
    assert (await client.post("/api/spaces", json={"Name": "Away"})).status_code == 201
    here = await person(server, "eva", "SshKnownHostsAdminister", "SshKnownHostsView")
    assert (await client.post(PATH, json={"KnownHostEntries": [WEB_1]}, headers=here)).is_success
    away = "/api/Spaces-2/sshknownhosts"
    assert (await client.post(away, json={"KnownHostEntries": [WEB_1]}, headers=here)).status_code == 403
    assert (await client.get(away)).json()["TotalCount"] == 0
    answer = await client.request("DELETE", away, json={"Id": "SshKnownHosts-1"})
    assert answer.status_code == 404
