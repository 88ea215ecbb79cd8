"""Proxies over HTTP."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from api.conftest import SPACE, create

FULL = {"Name": "Corporate", "ProxyType": "HTTP", "Host": "proxy.example.com", "Port": 3128, "Username": "u"}
SECRET = {"HasValue": True, "NewValue": "p", "Hint": None}
KEPT = {"HasValue": True, "NewValue": None, "Hint": None}


async def test_a_proxy_comes_back_as_it_was_written(client: httpx.AsyncClient) -> None:
    made = await create(client, "proxies", **FULL, Password=SECRET)
    read = (await client.get(made["Links"]["Self"])).json()
    changed = (await client.put(made["Links"]["Self"], json=read | {"Port": 8080, "Password": None})).json()

    assert {name: read[name] for name in FULL} == FULL
    assert read["Password"] == changed["Password"] == KEPT
    assert changed["Port"] == 8080
    [listed] = (await client.get(f"{SPACE}/proxies/all")).json()
    assert listed == changed


async def test_a_proxy_without_a_port_has_the_usual_one(client: httpx.AsyncClient) -> None:
    made = await create(client, "proxies", Name="P", Host="10.0.0.1")

    assert (made["Port"], made["ProxyType"]) == (80, "HTTP")
    assert made["Password"] == {"HasValue": False, "NewValue": None, "Hint": None}


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"Host": ""}, "Host must be"),
        ({"Host": "http://proxy/"}, "Host must be"),
        ({"Port": 70000}, "Port must be"),
        ({"Port": -1}, "Port must be"),
        ({"ProxyType": "SOCKS"}, "ProxyType"),
        ({"Name": "x" * 201}, "Name: 201 characters"),
    ],
)
async def test_a_proxy_that_leads_nowhere_is_refused(
    client: httpx.AsyncClient, change: dict[str, Any], place: str
) -> None:
    answer = await client.post(f"{SPACE}/proxies", json=FULL | change)

    assert answer.status_code == 400
    assert place in answer.json()["Errors"][0]


async def test_a_proxy_that_a_target_uses_cannot_be_deleted(client: httpx.AsyncClient) -> None:
    proxy = await create(client, "proxies", **FULL)
    environment = await create(client, "environments", Name="Dev")
    endpoint = {
        "CommunicationStyle": "TentaclePassive",
        "Uri": "https://h:10933/",
        "Thumbprint": "A" * 40,
        "ProxyId": proxy["Id"],
    }
    machine = await create(
        client,
        "machines",
        Name="box",
        EnvironmentIds=[environment["Id"]],
        Roles=["web"],
        Endpoint=endpoint,
        SkipInitialHealthCheck=True,
    )

    refused = await client.delete(proxy["Links"]["Self"])
    await client.delete(machine["Links"]["Self"])
    deleted = await client.delete(proxy["Links"]["Self"])

    assert refused.json()["Errors"] == ["In use by the machine 'box'."]
    assert deleted.status_code == 200


async def test_a_target_cannot_name_a_proxy_that_does_not_exist(client: httpx.AsyncClient) -> None:
    environment = await create(client, "environments", Name="Dev")
    endpoint = {"CommunicationStyle": "Ssh", "Host": "h", "ProxyId": "Proxies-9", "AccountId": "Accounts-9"}
    body = {"Name": "box", "EnvironmentIds": [environment["Id"]], "Roles": ["web"], "Endpoint": endpoint}

    answer = await client.post(f"{SPACE}/machines", json=body)

    assert answer.status_code == 400
    assert answer.json()["Errors"] == [
        "Endpoint.ProxyId names the proxy 'Proxies-9', which does not exist.",
        "Endpoint.AccountId names the account 'Accounts-9', which does not exist.",
    ]
