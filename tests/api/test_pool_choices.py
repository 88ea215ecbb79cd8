"""Which worker pool a step uses, as previews show it and as deployments meet it."""

from __future__ import annotations

from typing import Any

from tests.api.conftest import SPACE, create
from tests.api.test_deployments import Shop, script, shop

__all__ = ["shop"]


async def shown(shop: Shop, environment: str = "Dev") -> Any:
    path = f"{SPACE}/releases/Releases-1/deployments/preview/{shop.environments[environment]}"
    answer = await shop.client.get(path)
    assert answer.status_code == 200, answer.text
    return answer.json()


def pools_in(preview: Any) -> dict[str, str]:
    return {one["ActionName"]: one["WorkerPoolName"] for one in preview["StepsToExecute"]}


async def test_a_step_uses_its_pool_or_its_variable_s_or_its_region_s_or_the_default_one(shop: Shop) -> None:
    pools = {name: (await create(shop.client, "workerpools", Name=name))["Id"] for name in ("Linux", "Europe")}
    region = {"CommunicationStyle": "None", "DefaultWorkerPoolId": pools["Europe"]}
    here = {"Roles": ["region"], "EnvironmentIds": list(shop.environments.values())}
    made = await create(shop.client, "machines", Name="eu", Endpoint=region, **here)
    await shop.process(
        script("Plain", "true"),
        script("Named", "true", WorkerPoolId=pools["Linux"]),
        script("Varied", "true", WorkerPoolVariable="Pool"),
        script("Regional", "true", StepProperties={"Octopus.Action.TargetRoles": "region"}),
    )
    dev = {"Environment": [shop.environments["Dev"]]}
    await shop.variables({"Name": "Pool", "Value": pools["Europe"], "Type": "WorkerPool", "Scope": dev})
    await shop.release()

    assert made["HealthStatus"] == "Healthy"
    preview = await shown(shop)
    assert preview["Problems"] == []
    assert pools_in(preview) == {
        "Plain": "Default Worker Pool",
        "Named": "Linux",
        "Varied": "Europe",
        "Regional": "Europe",
    }
    problem = "Step 'Varied' takes its worker pool from the variable 'Pool', which has no value in Prod; give it one."
    assert problem in (await shown(shop, "Prod"))["Problems"]


async def test_a_deployment_is_refused_for_pools_that_cannot_run_it(shop: Shop) -> None:
    dynamic = await create(
        shop.client, "workerpools", Name="Cloud", WorkerPoolType="DynamicWorkerPool", WorkerType="UbuntuDefault"
    )
    path = "/api/featuresconfiguration"
    known = (await shop.client.get(path)).json()
    await shop.client.put(path, json={**known, "IsBuiltInWorkerEnabled": False})
    await shop.process(
        script("Rented", "true", WorkerPoolId=dynamic["Id"]),
        script("Lost", "true", WorkerPoolVariable="Pool"),
        script("Here", "true"),
    )
    await shop.variables({"Name": "Pool", "Value": "WorkerPools-99"})
    await shop.release()
    refused = await shop.refused()
    assert "Step 'Rented' is for the worker pool 'Cloud', which is dynamic" in refused
    assert "Step 'Lost' names the worker pool 'WorkerPools-99', which does not exist in this space" in refused
    assert "Step 'Here' would run on the server itself, since the default worker pool 'Default Worker Pool'" in refused


async def test_a_health_check_in_mid_deployment_takes_regions_as_they_are(shop: Shop) -> None:
    here = {"Roles": ["region"], "EnvironmentIds": list(shop.environments.values())}
    await create(shop.client, "machines", Name="eu", Endpoint={"CommunicationStyle": "None"}, **here)
    roles = {"Octopus.Action.TargetRoles": "region"}
    check = {"Name": "Check", "ActionType": "Octopus.HealthCheck", "Properties": {}}
    await shop.process(
        {"Name": "Check", "Properties": roles, "Actions": [check]},
        script("Regional", "echo in #{Octopus.Machine.Name}", StepProperties=roles),
    )
    await shop.release()
    task = await shop.ended(await shop.deploy())
    lines = await shop.lines(task["Id"])
    assert task["State"] == "Success", lines
    assert {"There is nothing to be reached, so it is always healthy.", "in eu"} <= {*lines}
