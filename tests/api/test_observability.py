"""Kubernetes monitors over HTTP: registered, and nothing known of them."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from tests.api.conftest import SPACE, create

PATH = f"{SPACE}/observability"
GUID = "6a3e0e9a-6a40-4a2c-9a6e-5f1d7f0a1b2c"


@pytest.fixture
async def machine(client: httpx.AsyncClient) -> str:
    environment = (await create(client, "environments", Name="Dev"))["Id"]
    region = {"EnvironmentIds": [environment], "Roles": ["web"], "Endpoint": {"CommunicationStyle": "None"}}
    return str((await create(client, "machines", Name="Cluster", **region))["Id"])


async def test_a_monitor_is_registered_and_forgotten(client: httpx.AsyncClient, machine: str) -> None:
    body = {"MachineId": machine, "InstallationId": GUID, "SpaceId": "Spaces-1"}
    answer = await client.post(f"/api/spaces/Spaces-1{PATH.removeprefix(SPACE)}/kubernetes-monitors", json=body)

    made = answer.json()
    assert answer.status_code == 201
    assert (made["Resource"]["MachineId"], made["Resource"]["InstallationId"]) == (machine, GUID)
    assert len(made["CertificateThumbprint"]) == 40
    assert len(made["AuthenticationToken"]) > 30
    path = f"{PATH}/kubernetes-monitors/{made['Resource']['Id']}"
    assert (await client.get(path)).json() == {"Resource": made["Resource"]}

    again = {**body, "PreserveAuthenticationToken": True}
    kept = (await client.post(f"{PATH}/kubernetes-monitors", json=again)).json()
    assert (kept["Resource"]["Id"], kept["AuthenticationToken"]) == (made["Resource"]["Id"], None)
    assert (await client.delete(path)).status_code == 200
    assert (await client.get(path)).status_code == 404


@pytest.mark.parametrize(
    "body", [{"MachineId": "Machines-9", "InstallationId": GUID}, {"MachineId": "Machines-1", "InstallationId": "x"}]
)
async def test_a_monitor_of_nothing_is_refused(client: httpx.AsyncClient, machine: str, body: dict[str, Any]) -> None:
    assert (await client.post(f"{PATH}/kubernetes-monitors", json=body)).status_code == 400


async def test_a_monitor_goes_with_its_target(client: httpx.AsyncClient, machine: str) -> None:
    body = {"MachineId": machine, "InstallationId": GUID}
    made = (await client.post(f"{PATH}/kubernetes-monitors", json=body)).json()
    assert (await client.delete(f"{SPACE}/machines/{machine}")).status_code == 200
    assert (await client.get(f"{PATH}/kubernetes-monitors/{made['Resource']['Id']}")).status_code == 404


@pytest.mark.parametrize("kind", ["logs", "events"])
async def test_nothing_can_be_listened_to(client: httpx.AsyncClient, machine: str, kind: str) -> None:
    answer = await client.post(f"{PATH}/{kind}/sessions", json={"machineId": machine})
    assert (answer.status_code, "is connected" in answer.json()["Errors"][0]) == (400, True)
    assert (await client.get(f"{PATH}/{kind}/sessions/{GUID}")).status_code == 404


@pytest.mark.parametrize("place", ["untenanted", "tenants/Tenants-1"])
@pytest.mark.parametrize("part", ["", "/manifest"])
async def test_no_resource_is_known(client: httpx.AsyncClient, place: str, part: str) -> None:
    path = f"{SPACE}/projects/Projects-1/environments/Environments-1/{place}/machines/Machines-1/resources/{GUID}{part}"
    answer = await client.get(path)
    assert answer.status_code == 404
    assert answer.json()["ErrorMessage"].startswith("Nothing is known of the resource")
