"""Workers that are reached by SSH: one that answers, and one that is thought to be well but does not."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

from tests.api.conftest import SPACE, create
from tests.api.test_deployments import Shop, script, shop

from openssh import Sshd, free_ports, sshd_for_tests

__all__ = ["shop"]


async def worker(shop: Shop, server: Sshd, name: str, port: int, account: str, pool: str) -> None:
    endpoint = {
        "CommunicationStyle": "Ssh",
        "Host": "127.0.0.1",
        "Port": port,
        "Uri": f"ssh://127.0.0.1:{port}/",
        "Fingerprint": server.fingerprint(),
        "AccountId": account,
    }
    more = {"WorkerPoolIds": [pool], "SkipInitialHealthCheck": True}
    await create(shop.client, "workers", Name=name, Endpoint=endpoint, **more)


async def test_a_step_runs_on_the_ssh_worker_that_answers(shop: Shop, tmp_path: Path) -> None:
    pool = (await create(shop.client, "workerpools", Name="Linux"))["Id"]
    here = {"Roles": ["region"], "EnvironmentIds": [shop.environments["Dev"]]}
    region: dict[str, Any] = {"CommunicationStyle": "None", "DefaultWorkerPoolId": pool}
    await create(shop.client, "machines", Name="eu", Endpoint=region, **here)
    body = 'echo "#{Octopus.Machine.Name} in $HOME"; set_octopusvariable Word w; '
    body += 'echo x > n; new_octopusartifact "$PWD/n" n'
    roles = {"Octopus.Action.TargetRoles": "region"}
    await shop.process(
        script("Regional", body, StepProperties=roles),
        script("After", "echo got #{Octopus.Action[Regional].Output.Word}", WorkerPoolId=pool),
    )
    await shop.release()
    with sshd_for_tests(tmp_path / "sshd") as server:
        key = {"HasValue": True, "NewValue": base64.b64encode(server.key.read_bytes()).decode()}
        account = await create(
            shop.client, "accounts", AccountType="SshKeyPair", Name="box", Username=server.user, PrivateKeyFile=key
        )
        for name, port in (("dead", free_ports(1)[0]), ("live", server.ports[0])):
            await worker(shop, server, name, port, account["Id"], pool)
        task = await shop.ended(await shop.deploy())
        lines = await shop.lines(task["Id"])
        assert task["State"] == "Success", lines
        assert {f"eu in {server.homes[0]}", "got w"} <= {*lines}
        assert "Runs on the worker live of the pool Linux on behalf of eu." in lines
        artifacts = (await shop.client.get(f"{SPACE}/artifacts?regarding={task['Id']}")).json()["Items"]
        assert [one["Source"] for one in artifacts] == ["live on behalf of eu"]
