"""Health checks as steps: a real deployment, and targets that do not answer."""

from __future__ import annotations

from typing import Any

import pytest
from tests.api.conftest import SPACE, create
from tests.api.test_deployments import Shop, script, shop

from polpo.engine import plan_of
from polpo.features.machines.checking import HealthTask
from polpo.server.places import Notify, ServerPlaces
from polpo.steps.places import MachineAddress
from polpo.transports.transport import Transport

__all__ = ["shop"]

TAGS = {"Octopus.Action.TargetRoles": "web"}
_PREFIX = "Octopus.Action.HealthCheck."


def check(**properties: str) -> dict[str, Any]:
    given = {_PREFIX + name: value for name, value in properties.items()}
    action = {"Name": "Check", "ActionType": "Octopus.HealthCheck", "Properties": given}
    return {"Name": "Check", "Properties": TAGS, "Actions": [action]}


@pytest.fixture
async def silent(shop: Shop) -> str:
    """A target at an address where nobody listens, and one of another tag."""
    policy = (await shop.client.get(f"{SPACE}/machinepolicies/MachinePolicies-1")).json()
    quick = {"ConnectionRetryCountLimit": 2, "MachineRpcCallRetryPolicy": {"Enabled": False}}
    answer = await shop.client.put(policy["Links"]["Self"], json={**policy, **quick})
    assert answer.status_code == 200, answer.text
    endpoint = {"CommunicationStyle": "TentaclePassive", "Uri": "https://127.0.0.1:1/", "Thumbprint": "8A3B" * 10}
    common = {"EnvironmentIds": [shop.environments["Dev"]], "Endpoint": endpoint, "SkipInitialHealthCheck": True}
    await create(shop.client, "machines", Name="other", Roles=["db"], **common)
    return str((await create(shop.client, "machines", Name="web-1", Roles=["web"], **common))["Id"])


async def test_target_that_does_not_answer_fails_the_step(shop: Shop, silent: str) -> None:
    await shop.process(check())
    await shop.release()
    task = await shop.ended(await shop.deploy())
    assert task["ErrorMessage"].startswith("Step 1 (Check): web-1 cannot be used: "), task["ErrorMessage"]
    assert (await shop.client.get(f"{SPACE}/machines/{silent}")).json()["HealthStatus"] == "Unavailable"
    details = (await shop.client.get(f"/api/tasks/{task['Id']}/details")).json()
    [step] = details["ActivityLogs"][0]["Children"]
    assert [(one["Name"], one["Status"]) for one in step["Children"]] == [("web-1", "Failed")]
    with shop.server.database.read() as session:
        action = plan_of(session, task["Id"])["steps"][0]["actions"][0]
    assert (action["checks"], action["known"], action["targets"]) == ([silent], [silent], [])


async def test_target_that_does_not_answer_is_left_out(shop: Shop, silent: str) -> None:
    await shop.process(check(ErrorHandling="TreatExceptionsAsWarnings", Type="ConnectionTest"), script("Hello", "true"))
    await shop.release()
    task = await shop.ended(await shop.deploy())
    assert (task["FinishedSuccessfully"], task["HasWarningsOrErrors"]) == (True, True), task["ErrorMessage"]
    told = [line for line in await shop.lines(task["Id"]) if "left out" in line]
    assert told[0].startswith("web-1 is left out from here on: ")


async def test_excluded_target_is_not_checked(shop: Shop, silent: str) -> None:
    await shop.process(check(), script("Hello", "true"))
    await shop.release()
    task = await shop.ended(await shop.deploy(excludedMachineNames=["web-1"]))
    assert task["FinishedSuccessfully"], task["ErrorMessage"]
    assert "There is no target to be checked." in await shop.lines(task["Id"])
    assert (await shop.client.get(f"{SPACE}/machines/{silent}")).json()["HealthStatus"] == "Unknown"


async def test_chosen_targets_that_are_gone_do_not_come_to_mean_all(shop: Shop, silent: str) -> None:
    await shop.process(check(ErrorHandling="TreatExceptionsAsWarnings", Type="ConnectionTest"), script("Hello", "true"))
    await shop.release()
    task = await shop.ended(await shop.deploy(specificMachineNames=["web-1"]))
    assert (await shop.client.delete(f"{SPACE}/machines/{silent}")).is_success
    answer = await shop.client.post(f"/api/tasks/rerun/{task['Id']}")
    assert answer.status_code == 400
    assert "None of the targets that were chosen exists any more" in answer.text


async def test_script_without_end_does_not_hold_the_deployment(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    def reach(self: ServerPlaces, _machine: MachineAddress, _notify: Notify | None = None) -> Transport:
        return self.here()

    monkeypatch.setattr(ServerPlaces, "reach", reach)
    monkeypatch.setattr(HealthTask.find, "__kwdefaults__", {"connection_only": False, "seconds": 1.0})
    policy = (await shop.client.get(f"{SPACE}/machinepolicies/MachinePolicies-1")).json()
    own = {"RunType": "Inline", "ScriptBody": "sleep 100"}
    policy["MachineHealthCheckPolicy"]["BashHealthCheckPolicy"] = own
    assert (await shop.client.put(policy["Links"]["Self"], json=policy)).is_success
    endpoint = {"CommunicationStyle": "TentaclePassive", "Uri": "https://127.0.0.1:1/", "Thumbprint": "8A3B" * 10}
    common = {"EnvironmentIds": [shop.environments["Dev"]], "Endpoint": endpoint, "SkipInitialHealthCheck": True}
    await create(shop.client, "machines", Name="web-1", Roles=["web"], **common)
    await shop.process(check())
    await shop.release()
    task = await shop.ended(await shop.deploy())
    assert "web-1 cannot be used: The check took longer than 1 second and was stopped." in task["ErrorMessage"]
