"""Feature toggles, live status and rate limits over HTTP."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from tests.api.conftest import SPACE, create

PATH = f"{SPACE}/projects/Projects-1/featuretoggles"


@pytest.fixture
async def dev(client: httpx.AsyncClient, project: Any) -> str:
    return str((await create(client, "environments", Name="Dev"))["Id"])


async def _toggle(client: httpx.AsyncClient, **body: Any) -> Any:
    answer = await client.post(PATH, json=body)
    assert answer.status_code == 201, answer.text
    return answer.json()


async def test_a_toggle_comes_back_as_it_was_written(client: httpx.AsyncClient, dev: str) -> None:
    group = (await client.post(f"{PATH}/rollout-groups", json={"Name": "Early birds"})).json()
    body = {
        "Name": "New basket",
        "Description": "The basket of 2026",
        "DefaultIsEnabled": True,
        "RolloutGroupId": group["Id"],
        "Tags": ["Web", "Beta"],
        "Environments": [
            {
                "DeploymentEnvironmentId": dev,
                "IsEnabled": True,
                "RolloutPercentage": 12.5,
                "ClientRolloutPercentage": 50,
                "MinimumVersion": "2.1.0",
                "TenantIds": [],
                "ExcludedTenantIds": [],
                "TenantTags": ["Ring/Early"],
                "ExcludedTenantTags": [],
                "Segments": [{"Key": "country", "Value": "it"}],
            }
        ],
    }
    made = await _toggle(client, **body)

    [environment] = made["Environments"]
    assert (made["Slug"], made["ProjectId"], made["SpaceId"]) == ("new-basket", "Projects-1", "Spaces-1")
    assert environment == {**body["Environments"][0], "FeatureToggleId": made["Id"]}  # type: ignore[index] # a list
    assert {key: made[key] for key in body if key != "Environments"} == {
        key: value for key, value in body.items() if key != "Environments"
    }
    assert (await client.get(f"{PATH}/new-basket")).json() == made

    changed = (await client.put(PATH, json={**made, "DefaultIsEnabled": False, "Environments": []})).json()
    assert (changed["Id"], changed["DefaultIsEnabled"], changed["Environments"]) == (made["Id"], False, [])
    used = (await client.get(f"{PATH}/rollout-groups/{group['Id']}")).json()
    assert used["FeatureToggleUsages"] == [{"Id": made["Id"], "Name": "New basket", "Slug": "new-basket"}]
    assert (await client.delete(f"{PATH}/rollout-groups/{group['Id']}")).status_code == 409

    assert (await client.delete(f"{PATH}/new-basket")).status_code == 200
    assert (await client.get(f"{PATH}/new-basket")).status_code == 404
    assert (await client.delete(f"{PATH}/rollout-groups/{group['Id']}")).status_code == 200


async def test_toggles_are_found(client: httpx.AsyncClient, dev: str) -> None:
    await _toggle(client, Name="One", Tags=["Web"], Environments=[{"DeploymentEnvironmentId": dev}])
    await _toggle(client, Name="Two", Tags=["Website"])

    async def names(query: str) -> list[str]:
        return [one["Name"] for one in (await client.get(f"{PATH}?{query}")).json()["Items"]]

    assert await names("") == ["One", "Two"]
    assert await names("PartialName=tw") == ["Two"]
    assert await names("Tags=web") == ["One"]
    assert await names("Tags=web,website") == ["One", "Two"]
    assert await names(f"Environments={dev}") == ["One"]
    assert await names("Skip=1&Take=1") == ["Two"]


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        ({"Name": ""}, "needs a name"),
        ({"Name": "one"}, "already taken"),
        ({"Name": "A", "RolloutGroupId": "RolloutGroups-9"}, "RolloutGroups-9"),
        ({"Name": "A", "Environments": [{}]}, "DeploymentEnvironmentId"),
        ({"Name": "A", "Environments": [{"DeploymentEnvironmentId": "Environments-9"}]}, "Environments-9"),
        (
            {"Name": "A", "Environments": [{"DeploymentEnvironmentId": "Environments-1", "RolloutPercentage": 101}]},
            "from 0 to 100",
        ),
        ({"Name": "A", "Environments": [{"DeploymentEnvironmentId": "Environments-1"}] * 2}, "once only"),
    ],
)
async def test_a_toggle_without_sense_is_refused(
    client: httpx.AsyncClient, dev: str, body: dict[str, Any], fault: str
) -> None:
    await _toggle(client, Name="One")
    answer = await client.post(PATH, json=body)
    assert answer.status_code == 400
    assert fault in answer.json()["ErrorMessage"]


async def test_toggles_go_with_their_project(client: httpx.AsyncClient, dev: str) -> None:
    group = (await client.post(f"{PATH}/rollout-groups", json={"Name": "Early birds"})).json()
    await _toggle(client, Name="One", RolloutGroupId=group["Id"])

    assert (await client.delete(f"{SPACE}/projects/Projects-1")).status_code == 200
    assert (await client.get(PATH)).status_code == 404


async def test_an_unknown_toggle_is_not_made_by_a_change(client: httpx.AsyncClient, dev: str) -> None:
    assert (await client.put(PATH, json={"Name": "One", "Slug": "one"})).status_code == 404


# -- live status


async def test_nothing_is_known_of_clusters(client: httpx.AsyncClient, dev: str) -> None:
    path = f"/api/spaces/Spaces-1/projects/Projects-1/environments/{dev}"

    answer = (await client.get(f"{path}/untenanted/livestatus?summaryOnly=true")).json()
    assert (answer["MachineStatuses"], answer["Summary"]["Status"]) == ([], "Unknown")
    missing = [
        f"{path}/tenants/Tenants-1/livestatus",
        f"{SPACE}/projects/Projects-9/environments/{dev}/untenanted/livestatus",
        f"{SPACE}/projects/Projects-1/environments/Environments-9/untenanted/livestatus",
    ]
    assert [(await client.get(one)).status_code for one in missing] == [404, 404, 404]
