"""Deployment targets over HTTP."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest

from polpo.features.machines.health import ConnectionLogLine, record_health
from polpo.server.application import Server

THUMBPRINT = "8A3B" * 10


@pytest.fixture
async def places(client: httpx.AsyncClient) -> list[str]:
    """Two environments."""
    answers = [await client.post("/api/Spaces-1/environments", json={"Name": name}) for name in ("Test", "Production")]
    return [answer.json()["Id"] for answer in answers]


def listening(name: str, places: list[str], **more: Any) -> dict[str, Any]:
    endpoint = {"CommunicationStyle": "TentaclePassive", "Uri": "https://127.0.0.1:10933/", "Thumbprint": THUMBPRINT}
    return {"Name": name, "EnvironmentIds": places, "Roles": ["web"], "Endpoint": endpoint, **more}


async def test_a_listening_target_gets_defaults_and_links(client: httpx.AsyncClient, places: list[str]) -> None:
    body = listening("web-1", places[:1], HealthStatus="Healthy", tenantedDeploymentParticipation="untenanted")

    answer = await client.post("/api/Spaces-1/machines", json=body)

    assert answer.status_code == 201
    machine = answer.json()
    assert machine["Id"] == "Machines-1"
    assert machine["MachinePolicyId"] == "MachinePolicies-1"
    assert machine["HealthStatus"] == "Unknown"
    assert machine["Thumbprint"] == THUMBPRINT
    assert machine["Endpoint"] == body["Endpoint"]
    assert machine["Links"]["Connection"] == "/api/Spaces-1/machines/Machines-1/connection"
    assert (await client.get(machine["Links"]["Self"])).json() == machine


@pytest.mark.parametrize(
    ("endpoint", "place"),
    [
        ({"CommunicationStyle": "TentaclePassive", "Uri": "https://h:10933", "Thumbprint": "ABC"}, "Thumbprint"),
        ({"CommunicationStyle": "TentaclePassive", "Uri": "h:10933", "Thumbprint": THUMBPRINT}, "Uri"),
        ({"CommunicationStyle": "TentaclePassive", "Uri": "https://h:x/", "Thumbprint": THUMBPRINT}, "Uri"),
        ({"CommunicationStyle": "TentacleActive", "Uri": "https://h/", "Thumbprint": THUMBPRINT}, "Uri"),
        ({"CommunicationStyle": "Ssh", "Port": 22}, "Host"),
        ({"CommunicationStyle": "Ssh", "Host": "h", "Port": 70000}, "Port"),
        ({"CommunicationStyle": "Carrier pigeon"}, "Endpoint"),
    ],
)
async def test_an_endpoint_that_cannot_work_is_refused(
    client: httpx.AsyncClient, places: list[str], endpoint: dict[str, Any], place: str
) -> None:
    answer = await client.post("/api/Spaces-1/machines", json=listening("m", places, Endpoint=endpoint))

    assert answer.status_code == 400
    assert place in answer.json()["Errors"][0]


async def test_a_target_without_environment_and_tag_is_refused_with_each_fault(
    client: httpx.AsyncClient, places: list[str]
) -> None:
    answer = await client.post("/api/Spaces-1/machines", json=listening("m", [], Roles=[" "]))

    assert [fault.split(":")[0] for fault in answer.json()["Errors"]] == ["EnvironmentIds", "Roles"]


async def test_every_style_keeps_what_was_sent(client: httpx.AsyncClient, places: list[str]) -> None:
    endpoints = [
        {"CommunicationStyle": "None", "DefaultWorkerPoolId": "WorkerPools-1"},
        {"CommunicationStyle": "Ssh", "Host": "h", "Port": 2222, "Uri": "ssh://h:2222/", "Fingerprint": "f"},
        {"CommunicationStyle": "Kubernetes", "ClusterUrl": "https://k", "SkipTlsVerification": "True"},
    ]
    for number, endpoint in enumerate(endpoints):
        body = listening(f"m{number}", places, Endpoint=endpoint)
        assert (await client.post("/api/Spaces-1/machines", json=body)).json()["Endpoint"] == endpoint


async def test_a_secret_of_an_endpoint_is_never_told(client: httpx.AsyncClient, places: list[str]) -> None:
    secret = {"HasValue": True, "NewValue": "s3cret"}
    endpoint = {"CommunicationStyle": "OfflineDrop", "SensitiveVariablesEncryptionPassword": secret}

    answer = await client.post("/api/Spaces-1/machines", json=listening("drop", places, Endpoint=endpoint))

    assert answer.json()["Endpoint"]["SensitiveVariablesEncryptionPassword"]["NewValue"] is None
    assert "s3cret" not in (await client.get("/api/Spaces-1/machines")).text


async def test_a_polling_agent_cannot_take_the_subscription_of_another(
    client: httpx.AsyncClient, places: list[str]
) -> None:
    def polling(name: str, thumbprint: str) -> dict[str, Any]:
        style = {"CommunicationStyle": "TentacleActive", "Uri": "poll://abc/", "Thumbprint": thumbprint}
        return listening(name, places, Endpoint=style)

    assert (await client.post("/api/Spaces-1/machines", json=polling("a", THUMBPRINT))).status_code == 201
    assert (await client.post("/api/Spaces-1/machines", json=polling("b", THUMBPRINT))).status_code == 201
    stolen = await client.post("/api/Spaces-1/machines", json=polling("c", "0" * 40))
    assert stolen.status_code == 400
    assert "another agent" in stolen.json()["ErrorMessage"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("roles=WEB", ["a", "b"]),
        ("roles=db,web", ["a", "b", "c"]),
        ("environmentIds=Environments-2", ["b", "c"]),
        ("isDisabled=true", ["c"]),
        ("commStyles=none", ["c"]),
        ("deploymentTargetTypes=CloudRegion", ["c"]),
        ("deploymentTargetTypes=TentaclePassive", ["a", "b"]),
        ("tenantTags=Tier%2FGold", ["b"]),
        (f"thumbprint={THUMBPRINT.lower()}", ["a", "b"]),
        ("healthStatuses=Healthy", ["a", "c"]),
        ("partialName=B", ["b"]),
        ("ids=Machines-1&ids=Machines-3", ["a", "c"]),
    ],
)
async def test_lists_of_targets_are_filtered(
    server: Server, client: httpx.AsyncClient, places: list[str], query: str, found: list[str]
) -> None:
    await client.post("/api/Spaces-1/tagsets", json={"Name": "Tier", "Tags": [{"Name": "Gold"}]})
    bodies = [
        listening("a", places[:1]),
        listening("b", places, TenantTags=["Tier/Gold"]),
        listening("c", places[1:], Roles=["db"], IsDisabled=True, Endpoint={"CommunicationStyle": "None"}),
    ]
    for body in bodies:
        assert (await client.post("/api/Spaces-1/machines", json=body)).status_code == 201
    await server.database.write(lambda session: record_health(session, "Machines-1", "Healthy", "Fine."))

    answer = await client.get(f"/api/Spaces-1/machines?{query}")

    assert [machine["Name"] for machine in answer.json()["Items"]] == found


async def test_a_health_check_is_kept_through_changes_and_shown(
    server: Server, client: httpx.AsyncClient, places: list[str]
) -> None:
    machine = (await client.post("/api/Spaces-1/machines", json=listening("a", places))).json()
    line = ConnectionLogLine(category="Info", occurred_at=server.database.clock.now(), message_text="Hello.")
    facts = {"operating_system": "Linux", "shell_name": "Bash"}
    await server.database.write(
        lambda session: record_health(session, machine["Id"], "Healthy", "Fine.", [line], facts=facts)
    )

    changed = (await client.put(machine["Links"]["Self"], json={**machine, "Name": "b"})).json()
    connection = (await client.get(machine["Links"]["Connection"])).json()

    assert (changed["Name"], changed["HealthStatus"], changed["OperatingSystem"]) == ("b", "Healthy", "Linux")
    assert connection["Status"] == "Healthy"
    assert connection["Logs"][0]["MessageText"] == "Hello."
    assert (await client.get("/api/Spaces-1/machines/operatingsystem/names/all")).json() == ["Linux"]


async def test_targets_of_an_environment_and_their_tags_are_listed(
    client: httpx.AsyncClient, places: list[str]
) -> None:
    await client.post("/api/Spaces-1/machines", json=listening("a", places[:1], Roles=["Web", "db"]))
    await client.post("/api/Spaces-1/machines", json=listening("b", places[1:], Roles=["web"]))

    page = (await client.get(f"/api/Spaces-1/environments/{places[1]}/machines")).json()

    assert [machine["Name"] for machine in page["Items"]] == ["b"]
    assert (await client.get("/api/Spaces-1/machineroles/all")).json() == ["db", "Web"]


async def test_an_environment_with_targets_cannot_be_deleted(client: httpx.AsyncClient, places: list[str]) -> None:
    await client.post("/api/Spaces-1/machines", json=listening("a", places[:1]))

    refused = await client.delete(f"/api/Spaces-1/environments/{places[0]}")

    assert refused.status_code == 409
    assert "machine 'a'" in refused.json()["ErrorMessage"]


async def test_a_deleted_target_is_gone_with_its_checks(
    server: Server, client: httpx.AsyncClient, places: list[str]
) -> None:
    machine = (await client.post("/api/Spaces-1/machines", json=listening("a", places))).json()
    await server.database.write(lambda session: record_health(session, machine["Id"], "Unavailable", "Away."))

    assert (await client.delete(machine["Links"]["Self"])).status_code == 200
    gone = await client.get(machine["Links"]["Self"])
    assert gone.status_code == 404
    assert not gone.json().get("Errors")


async def test_person_asks_for_a_health_check(client: httpx.AsyncClient, server: Server, places: list[str]) -> None:
    """Nothing listens at the address, and the policy allows two attempts only: the target is unavailable."""
    policy = (await client.get("/api/Spaces-1/machinepolicies/all")).json()[0]
    policy["MachineRpcCallRetryPolicy"]["Enabled"] = False
    policy["ConnectionRetryTimeLimit"] = "00:00:10"
    policy["ConnectionRetryCountLimit"] = 2
    assert (await client.put(f"/api/Spaces-1/machinepolicies/{policy['Id']}", json=policy)).status_code == 200
    endpoint = {"CommunicationStyle": "TentaclePassive", "Uri": "https://127.0.0.1:9/", "Thumbprint": THUMBPRINT}
    target = listening("away", places, Endpoint=endpoint, SkipInitialHealthCheck=True)
    made = (await client.post("/api/Spaces-1/machines", json=target)).json()
    body = {"Name": "Health", "Arguments": {"MachineIds": [made["Id"]]}}
    task = (await client.post("/api/tasks", json=body)).json()
    async with asyncio.timeout(30):
        async for _ in server.engine.watch(task["Id"]):
            pass
    task = (await client.get(f"/api/tasks/{task['Id']}")).json()
    assert task["State"] == "Failed"
    assert task["ErrorMessage"].startswith("away (127.0.0.1:9) cannot be reached: ")
    machine = (await client.get(f"/api/Spaces-1/machines/{made['Id']}")).json()
    assert machine["HealthStatus"] == "Unavailable"
    assert "127.0.0.1:9" in machine["StatusSummary"]


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ({"Name": "Dance"}, "tasks of the kind 'Dance' cannot be started this way"),
        ({"Name": "Health", "Arguments": {"MachineIds": ["Machines-9"]}}, "names the machine 'Machines-9'"),
        ({"Name": "Health"}, "There is no enabled machine to be checked."),
    ],
)
async def test_task_that_makes_no_sense_is_refused(
    client: httpx.AsyncClient, body: dict[str, Any], sentence: str
) -> None:
    answer = await client.post("/api/tasks", json=body)
    assert answer.status_code == 400
    assert sentence in answer.json()["ErrorMessage"]


async def test_environments_are_summed_up_by_their_targets(
    server: Server, client: httpx.AsyncClient, places: list[str]
) -> None:
    await client.post("/api/Spaces-1/tagsets", json={"Name": "Tier", "Tags": [{"Name": "Gold"}]})
    for body in (
        listening("a", places[:1]),
        listening("b", places, TenantTags=["Tier/Gold"]),
        listening("c", places[1:], IsDisabled=True, Endpoint={"CommunicationStyle": "None"}),
    ):
        await client.post("/api/Spaces-1/machines", json=body)
    await client.post("/api/Spaces-1/environments", json={"Name": "Empty"})
    await server.database.write(lambda session: record_health(session, "Machines-1", "Healthy", "Fine."))

    summary = (await client.get("/api/Spaces-1/environments/summary")).json()
    healthy = (
        await client.get("/api/Spaces-1/environments/summary?healthStatuses=Healthy&hideEmptyEnvironments=true")
    ).json()

    totals = {one["Environment"]["Name"]: one["TotalMachines"] for one in summary["EnvironmentSummaries"]}
    assert totals == {"Test": 2, "Production": 2, "Empty": 0}
    assert (summary["TotalMachines"], summary["TotalDisabledMachines"]) == (3, 1)
    assert summary["MachineHealthStatusSummaries"] == {"Healthy": 2, "Unknown": 1}
    assert summary["MachineEndpointSummaries"] == {"TentaclePassive": 2, "None": 1}
    assert summary["EnvironmentSummaries"][1]["MachineTenantTagSummaries"] == {"Tier/Gold": 1}
    assert summary["MachineRoleSummaries"] == {"web": 3}
    assert [one["Environment"]["Name"] for one in healthy["EnvironmentSummaries"]] == ["Test", "Production"]


async def test_environments_are_put_in_order(client: httpx.AsyncClient, places: list[str]) -> None:
    answer = await client.put("/api/Spaces-1/environments/sortorder", json=[places[1]])
    unknown = await client.put("/api/Spaces-1/environments/sortorder", json=["Environments-9"])

    assert (answer.status_code, unknown.status_code) == (200, 400)
    assert "'Environments-9'" in unknown.json()["Errors"][0]
    names = [one["Name"] for one in (await client.get("/api/Spaces-1/environments/all")).json()]
    assert names == ["Production", "Test"]


async def test_a_check_of_something_that_is_no_list_of_machines_is_refused(client: httpx.AsyncClient) -> None:
    for given in (1.5, "Machines-1", {"a": 1}):
        answer = await client.post("/api/tasks", json={"Name": "Health", "Arguments": {"MachineIds": given}})
        assert (answer.status_code, answer.json()["Errors"]) == (400, ["Arguments.MachineIds must be a list of ids."])
