"""Who uses an environment, a worker pool or a proxy; and what an agent must be told before it can come in."""

from __future__ import annotations

from typing import Any

import httpx

SPACE = "/api/Spaces-1"
THUMBPRINT = "AB" * 20


async def test_users_are_told_by_their_kinds(client: httpx.AsyncClient) -> None:
    async def made(collection: str, body: dict[str, Any]) -> str:
        return str((await client.post(f"{SPACE}/{collection}", json=body)).json()["Id"])

    async def users(path: str) -> dict[str, list[str]]:
        found = (await client.get(f"{SPACE}/{path}/usages")).json()["Groups"]
        return {one["Kind"]: [item["Name"] for item in one["Items"]] for one in found}

    environment = await made("environments", {"Name": "Test"})
    pool = await made("workerpools", {"Name": "Builders"})
    proxy = await made("proxies", {"Name": "Way out", "Host": "proxy.example.com", "Port": 3128})
    endpoint = {"Uri": "https://127.0.0.1:10933/", "Thumbprint": THUMBPRINT, "ProxyId": proxy}
    endpoint |= {"CommunicationStyle": "TentaclePassive"}
    await made("workers", {"Name": "builder-1", "WorkerPoolIds": [pool], "Endpoint": endpoint})
    region = {"CommunicationStyle": "None", "DefaultWorkerPoolId": pool}
    for name in ("b", "a"):
        await made("machines", {"Name": name, "EnvironmentIds": [environment], "Roles": ["web"], "Endpoint": region})
    project = await made(
        "projects", {"Name": "Shop", "ProjectGroupId": "ProjectGroups-1", "LifecycleId": "Lifecycles-1"}
    )
    action = {"Name": "Greet", "ActionType": "Octopus.Script", "Environments": [environment], "WorkerPoolId": pool}
    action["Properties"] = {"Octopus.Action.Script.ScriptBody": "echo hello", "Octopus.Action.RunOnServer": "true"}
    steps = [{"Name": "Greet", "Actions": [action]}]
    body = {"Version": 0, "Steps": steps}
    saved = await client.put(f"{SPACE}/projects/{project}/deploymentprocesses", json=body)

    assert saved.status_code == 200, saved.text
    assert await users(f"environments/{environment}") == {"Machines": ["a", "b"], "Projects": ["Shop"]}
    assert await users(f"workerpools/{pool}") == {
        "Machines": ["a", "b"],
        "Workers": ["builder-1"],
        "Projects": ["Shop"],
    }
    assert await users(f"proxies/{proxy}") == {"Workers": ["builder-1"]}


async def test_agents_are_told_where_to_come_in(client: httpx.AsyncClient) -> None:
    told = (await client.get("/api/serverstatus/agents")).json()
    certificate = (await client.get("/api/configuration/certificates/certificate-global")).json()

    assert told["Thumbprint"] == certificate["Thumbprint"]
    assert told["Port"] >= 0
    assert told["AgentVersion"]
