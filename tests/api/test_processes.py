"""Deployment processes over HTTP."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from tests.api.conftest import SPACE, create

PROCESS = f"{SPACE}/projects/Projects-1/deploymentprocesses"


def step(name: str, **action: Any) -> dict[str, Any]:
    return {"Name": name, "Actions": [{"Name": name, "ActionType": "Octopus.Script", **action}]}


@pytest.mark.parametrize("path", [PROCESS, f"{SPACE}/deploymentprocesses/deploymentprocess-Projects-1"])
async def test_steps_get_ids_and_slugs_and_the_version_goes_up(
    client: httpx.AsyncClient, project: Any, path: str
) -> None:
    body = {"Version": 0, "Steps": [step("Say hello"), {"Name": "Wave", "Actions": [{"ActionType": "Octopus.Script"}]}]}

    saved = (await client.put(path, json=body)).json()

    assert saved == (await client.get(path)).json()
    assert saved["Version"] == 1
    assert [one["Slug"] for one in saved["Steps"]] == ["say-hello", "wave"]
    assert saved["Steps"][1]["Actions"][0]["Name"] == "Wave"
    assert all(one["Id"] and one["Actions"][0]["Id"] for one in saved["Steps"])


async def test_a_save_from_an_old_version_is_a_conflict(client: httpx.AsyncClient, project: Any) -> None:
    await client.put(PROCESS, json={"Version": 0, "Steps": [step("A")]})

    answer = await client.put(PROCESS, json={"Version": 0, "Steps": [step("B")]})

    assert answer.status_code == 409
    assert "Read it again" in answer.json()["Errors"][0]
    assert (await client.get(PROCESS)).json()["Steps"][0]["Name"] == "A"


async def test_a_step_sent_without_id_keeps_the_one_of_its_name(client: httpx.AsyncClient, project: Any) -> None:
    first = (await client.put(PROCESS, json={"Steps": [step("A"), step("B")]})).json()

    second = (await client.put(PROCESS, json={"Version": 1, "Steps": [step("b"), step("C")]})).json()

    assert second["Steps"][0]["Id"] == first["Steps"][1]["Id"]
    assert second["Steps"][1]["Id"] not in {one["Id"] for one in first["Steps"]}


async def test_impossible_steps_are_refused_with_each_fault(client: httpx.AsyncClient, project: Any) -> None:
    steps = [{"Name": "A", "StartTrigger": "startwithprevious"}, step("a"), step("B", ActionType=""), step(" ")]

    answer = await client.put(PROCESS, json={"Steps": steps})

    assert answer.status_code == 400
    assert answer.json()["Errors"] == [
        "Step 'A' has no action, so there is nothing that it could do.",
        "There are two steps with the name 'a'; a name stands for one step only.",
        "ActionType of 'B' is missing; it says what the step does, such as Octopus.Script.",
        "Step 4 needs a name.",
        "An action of step '' needs a name.",
        "Step 'A' is the first one and cannot start with a previous step.",
    ]


async def test_the_primary_package_stands_in_packages_and_properties(client: httpx.AsyncClient, project: Any) -> None:
    by_property = step("A", Properties={"Octopus.Action.Package.PackageId": "Acme.Web"})
    by_package = step("B", Packages=[{"PackageId": "Acme.Api", "FeedId": "feeds-builtin"}])

    saved = (await client.put(PROCESS, json={"Steps": [by_property, by_package]})).json()

    first, second = (one["Actions"][0] for one in saved["Steps"])
    assert (first["Packages"][0]["PackageId"], first["Packages"][0]["FeedId"]) == ("Acme.Web", "feeds-builtin")
    assert second["Properties"]["Octopus.Action.Package.PackageId"] == "Acme.Api"


async def test_a_secret_property_is_kept_and_never_told(client: httpx.AsyncClient, project: Any) -> None:
    secret = {"HasValue": True, "NewValue": "s3cret"}
    first = await client.put(PROCESS, json={"Steps": [step("A", Properties={"Key": secret, "Plain": "yes"})]})

    second = await client.put(PROCESS, json=first.json())

    assert "s3cret" not in first.text + second.text
    assert second.json()["Steps"][0]["Actions"][0]["Properties"] == {
        "Key": {"HasValue": True, "NewValue": None, "Hint": None},
        "Plain": "yes",
    }


async def test_a_step_cannot_name_what_does_not_exist_in_the_project(client: httpx.AsyncClient, project: Any) -> None:
    same = {"ProjectGroupId": "ProjectGroups-1", "LifecycleId": "Lifecycles-1"}
    await create(client, "projects", Name="Other", **same)

    place = await client.put(PROCESS, json={"Steps": [step("A", Environments=["Environments-7"])]})
    channel = await client.put(PROCESS, json={"Steps": [step("A", Channels=["Channels-2"])]})

    assert place.json()["Errors"] == [
        "Steps[0].Actions[0].Environments[0] names the environment 'Environments-7', which does not exist."
    ]
    assert channel.json()["Errors"] == ["Channels names 'Channels-2', which is no channel of this project."]


async def test_processes_are_listed_without_snapshots(client: httpx.AsyncClient, project: Any) -> None:
    page = (await client.get(f"{SPACE}/deploymentprocesses")).json()

    assert [one["Id"] for one in page["Items"]] == ["deploymentprocess-Projects-1"]
    assert (await client.get(f"{SPACE}/deploymentprocesses/nothing")).status_code == 404
