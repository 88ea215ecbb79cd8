"""What a preview says, and that a deployment does just that."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import msgspec
import pytest
from tests.api.conftest import SPACE, create
from tests.api.test_deployments import Shop, script

from polpo.features.deployments.gathering import plan_for
from polpo.features.deployments.plan import Plan
from polpo.features.deployments.previewing import steps_of
from polpo.features.deployments.resource import DEPLOYMENTS
from polpo.features.deployments.subject import subject_of
from polpo.features.releases.resource import RELEASES
from polpo.server.application import Server
from polpo.steps.kinds import CATALOGUE

WEB = {"Octopus.Action.TargetRoles": "web"}


def on_targets(name: str, tags: str, body: str = "echo hello", **more: Any) -> dict[str, Any]:
    step = script(name, body, StepProperties={"Octopus.Action.TargetRoles": tags}, **more)
    step["Actions"][0]["Properties"]["Octopus.Action.RunOnServer"] = "False"
    return step


@pytest.fixture
async def shop(client: httpx.AsyncClient, server: Server, project: Any) -> Shop:
    """Two environments, three targets, and a process in which each step meets another rule."""
    made = {name: (await create(client, "environments", Name=name))["Id"] for name in ("Dev", "Prod")}
    for number, tags in enumerate((["web"], ["web", "canary"], ["db"]), start=1):
        uri = f"https://m{number}.example:10933/"
        endpoint = {"CommunicationStyle": "TentaclePassive", "Uri": uri, "Thumbprint": str(number) * 40}
        more = {"Roles": tags, "EnvironmentIds": [made["Dev"]], "SkipInitialHealthCheck": True}
        await create(client, "machines", Name=f"m{number}", Endpoint=endpoint, **more)
    shop = Shop(client, server, made)
    pool = (await create(client, "workerpools", Name="Linux"))["Id"]
    await shop.process(
        on_targets("Everywhere", "web,db"),
        on_targets("Web", "web", "echo #{Nowhere}"),
        on_targets("Live", "web", Environments=[made["Prod"]]),
        on_targets("Nobody", "mail"),
        script("Here", "echo #{Word}", WorkerPoolId=pool),
        script("Off", "echo no", IsDisabled=True),
        script("Must", "echo yes", IsRequired=True),
    )
    await shop.variables(
        {"Name": "Word", "Value": "first"},
        {"Name": "word", "Value": "second"},
        {"Name": "Reason", "Prompt": {"Label": "Why?", "Required": True}},
    )
    await shop.release()
    return shop


async def shown(shop: Shop, query: str = "") -> Any:
    path = f"{SPACE}/releases/Releases-1/deployments/preview/{shop.environments['Dev']}{query}"
    answer = await shop.client.get(path)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_a_preview_tells_of_each_step_where_it_runs_or_why_not(shop: Shop) -> None:
    preview = await shown(shop, "?includeDisabledSteps=true")

    steps = {one["ActionName"]: one for one in preview["StepsToExecute"]}
    assert {name: one["MachineNames"] for name, one in steps.items() if one["MachineNames"]} == {
        "Everywhere": ["m1", "m2", "m3"],
        "Web": ["m1", "m2"],
    }
    assert {name: one["SkipReason"] for name, one in steps.items() if one["SkipReason"]} == {
        "Live": "The step does not run in Dev.",
        "Nobody": "There is no enabled target with the tag mail in Dev.",
        "Off": "The step is disabled.",
    }
    assert [name for name, one in steps.items() if not one["CanBeSkipped"]] == ["Must"]
    assert (steps["Here"]["RunsOnServer"], steps["Here"]["WorkerPoolName"]) == (True, "Linux")
    assert preview["MissingVariables"] == ["A value is needed for 'Why?'."]
    assert preview["Problems"] == []
    told = [
        "Step 'Nobody' is skipped: There is no enabled target with the tag mail in Dev.",
        "Step 'Here' fails unless that changes: the worker pool 'Linux' has no workers.",
        "The variable 'Word' has 2 values that are equally specific here: one without scope and one without scope",
        "Step 'Web' refers to #{Nowhere}, which has no value here.",
    ]
    assert [[one for one in preview["Warnings"] if one.startswith(start)] != [] for start in told] == [True] * 4
    assert len(preview["Warnings"]) == 4


async def test_a_preview_tells_of_a_freeze(shop: Shop) -> None:
    now = datetime.now(UTC)
    times = {"Start": (now - timedelta(hours=1)).isoformat(), "End": (now + timedelta(hours=1)).isoformat()}
    scope = {"ProjectEnvironmentScope": {"Projects-1": [shop.environments["Dev"]]}}
    answer = await shop.client.post("/api/deploymentfreezes", json={"Name": "Holidays", **times, **scope})
    assert answer.status_code == 201, answer.text
    assert (await shown(shop))["Problems"][0].startswith("The deployment freeze 'Holidays' holds until")


@pytest.mark.parametrize(
    ("order", "targets"),
    [
        ({}, {"Everywhere": ["m1", "m2", "m3"], "Web": ["m1", "m2"]}),
        ({"SkipActions": ["Web"]}, {"Everywhere": ["m1", "m2", "m3"], "Web": []}),
        ({"ExcludedMachineIds": ["Machines-1"]}, {"Everywhere": ["m2", "m3"], "Web": ["m2"]}),
        ({"SpecificTargetTagIds": ["CANARY"]}, {"Everywhere": ["m2"], "Web": ["m2"]}),
        ({"SpecificMachineIds": ["Machines-3"], "ExcludedTargetTagIds": ["web"]}, {"Everywhere": ["m3"], "Web": []}),
    ],
)
async def test_what_is_looked_at_ahead_is_what_runs(
    shop: Shop, server: Server, order: dict[str, Any], targets: dict[str, list[str]]
) -> None:
    """One planner makes both: the plan that is asked before a deployment is stored, and the one that it runs by."""
    process = (await shop.client.get(f"{SPACE}/projects/Projects-1/deploymentprocesses")).json()
    ids = {step["Name"]: step["Actions"][0]["Id"] for step in process["Steps"]}
    wanted = {**order, "SkipActions": [ids[name] for name in order.get("SkipActions", [])]}
    later = (datetime.now(UTC) + timedelta(days=1)).isoformat()
    answer = await shop.client.post(
        f"{SPACE}/deployments",
        json={
            "ReleaseId": "Releases-1",
            "EnvironmentId": shop.environments["Dev"],
            "FormValues": {"Reason": "because"},
            "QueueTime": later,
            **wanted,
        },
    )
    assert answer.status_code == 201, answer.text
    with server.database.read() as session:
        deployment = session.get(DEPLOYMENTS, answer.json()["Id"])
        subject = subject_of(session, session.get(RELEASES, "Releases-1"), deployment.environment_id)
        ahead, run = (plan_for(session, subject, deployment, CATALOGUE, is_look_ahead=ahead) for ahead in (True, False))
        steps = steps_of(session, run, disabled=True)
    assert msgspec.to_builtins(ahead) == msgspec.to_builtins(run)
    assert {one.action_name: one.machine_names for one in steps if one.action_name in targets} == targets
    assert sorted(answer.json()["DeployedToMachineIds"]) == sorted(used_by(run))


def used_by(plan: Plan) -> set[str]:
    return {place for step in plan.steps for action in step.acting for place in action.targets}
