"""What the server does on behalf of somebody: never more than they may do themselves."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
from tests.api.conftest import SPACE, create
from tests.api.people import person
from tests.api.runbooks import cared_for
from tests.api.scopes import DEV, PROD, world
from tests.api.test_deployments import script
from tests.api.test_release_steps import deploy, put_process

from polpo.server.application import Server


async def test_a_runbook_deploys_no_release_that_whoever_runs_it_may_not(
    client: httpx.AsyncClient, server: Server, project: Any
) -> None:
    care = await cared_for(client, server)
    settings = {"ProjectGroupId": "ProjectGroups-1", "LifecycleId": "Lifecycles-1"}
    child = (await create(client, "projects", Name="Engine", **settings))["Id"]
    await put_process(client, child, script("Say", "true"))
    await create(client, "releases/create/v1", projectName="Engine", releaseVersion="1.0.0")
    await care.process(deploy(child))
    await care.publish()
    eva = await person(server, "eva", "RunbookRunCreate", "TaskView", project_ids=[project["Id"]])
    body = {"projectName": "Web Shop", "runbookName": "Restart", "environmentNames": ["Dev"]}
    answer = await client.post(f"{SPACE}/runbook-runs/create/v1", json=body, headers=eva)
    assert answer.status_code == 200, answer.text
    ended = await care.ended(answer.json()["RunbookRunServerTasks"][0]["ServerTaskId"])
    assert (await client.get(f"{SPACE}/deployments")).json()["TotalResults"] == 0
    assert "DeploymentCreate" in ended["ErrorMessage"]


PLAIN = {"AccountType": "UsernamePassword", "Username": "u", "Password": {"HasValue": True, "NewValue": "s3cret"}}


async def test_an_account_goes_to_no_host_but_by_those_who_may_see_it(
    client: httpx.AsyncClient, server: Server
) -> None:
    await world(client)
    for name, places in (("open", []), ("prod", [PROD])):
        await create(client, "accounts", Name=name, EnvironmentIds=places, **PLAIN)
    pool = (await client.get(f"{SPACE}/workerpools")).json()["Items"][0]["Id"]
    eva = await person(server, "eva", "MachineCreate", "MachineEdit", "MachineView", environment_ids=[DEV])
    wes = await person(server, "wes", "WorkerEdit", "WorkerView")
    ann = await person(server, "ann", "MachineCreate", "MachineEdit", "AccountView", environment_ids=[DEV])

    def ssh(account: str, host: str = "127.0.0.1") -> dict[str, Any]:
        return {"CommunicationStyle": "Ssh", "Host": host, "Port": 9, "AccountId": account, "Fingerprint": "x"}

    target = {"EnvironmentIds": [DEV], "Roles": ["web"], "SkipInitialHealthCheck": True}
    for who, account, expected in ((eva, 1, 403), (eva, 2, 403), (ann, 2, 403), (ann, 1, 201)):
        body = {"Name": f"trap{account}", "Endpoint": ssh(f"Accounts-{account}"), **target}
        answer = await client.post(f"{SPACE}/machines", json=body, headers=who)
        assert answer.status_code == expected, answer.text
        assert "'prod'" not in answer.text
    worker = {"Name": "trap", "WorkerPoolIds": [pool], "Endpoint": ssh("Accounts-1"), "SkipInitialHealthCheck": True}
    answer = await client.post(f"{SPACE}/workers", json=worker, headers=wes)
    assert answer.json()["Details"]["MissingPermission"] == "AccountView"

    [made] = (await client.get(f"{SPACE}/machines?name=trap1")).json()["Items"]
    path = f"{SPACE}/machines/{made['Id']}"
    assert (await client.put(path, json={**made, "Name": "mine"}, headers=eva)).status_code == 200
    elsewhere = {**made, "Endpoint": {**made["Endpoint"], "Host": "192.0.2.1"}}
    assert (await client.put(path, json=elsewhere, headers=eva)).status_code == 403
    assert (await client.put(path, json=elsewhere, headers=ann)).status_code == 200


async def test_a_script_runs_on_no_machine_that_came_after_it_was_permitted(
    client: httpx.AsyncClient, server: Server
) -> None:
    await world(client)
    [node] = (await client.get("/api/octopusservernodes")).json()["Items"]

    async def drain(yes: bool) -> None:
        body = {**node, "IsInMaintenanceMode": yes}
        assert (await client.put(f"/api/octopusservernodes/{node['Id']}", json=body)).status_code == 200

    await drain(True)
    script = {"TargetRoles": ["web"], "ScriptBody": "echo here", "Syntax": "Bash"}
    task = await create(client, "tasks", Name="AdHocScript", Arguments=script)
    region = {"CommunicationStyle": "None"}
    await create(client, "machines", Name="m3", EnvironmentIds=[PROD], Roles=["web"], Endpoint=region)
    await drain(False)
    async with asyncio.timeout(60):
        async for _ in server.engine.watch(task["Id"]):
            pass
    raw = (await client.get(f"/api/tasks/{task['Id']}/raw")).text
    assert "m1" in raw
    assert "m2" in raw
    assert "m3" not in raw


async def test_a_refusal_tells_no_name_of_a_machine(client: httpx.AsyncClient, server: Server) -> None:
    await world(client)
    hidden = (await client.get(f"{SPACE}/machines/Machines-2")).json()
    changed = await client.put(f"{SPACE}/machines/Machines-2", json={**hidden, "Name": "vault", "IsDisabled": True})
    assert changed.status_code == 200
    eva = await person(server, "eva", "TaskCreate", "MachineEdit", environment_ids=[DEV])
    body = {"Name": "AdHocScript", "Arguments": {"MachineIds": ["Machines-2"], "ScriptBody": "true", "Syntax": "Bash"}}
    answer = await client.post(f"{SPACE}/tasks", json=body, headers=eva)
    assert answer.status_code == 403
    assert "vault" not in answer.text
