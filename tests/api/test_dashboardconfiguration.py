"""What a person has chosen to see on the dashboard."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from tests.api.conftest import SPACE, create

PATH = f"{SPACE}/dashboardconfiguration"


@pytest.fixture
async def two(client: httpx.AsyncClient, project: Any) -> tuple[str, str]:
    """A second project, with a tag, in a group of its own; and an environment."""
    group = (await create(client, "projectgroups", Name="Back office"))["Id"]
    await create(client, "tagsets", Name="Tier", Tags=[{"Name": "Gold"}], Scopes=["Project"])
    await create(
        client, "projects", Name="Ledger", ProjectGroupId=group, LifecycleId="Lifecycles-1", ProjectTags=["Tier/Gold"]
    )
    await create(client, "environments", Name="Dev")
    return group, (await create(client, "environments", Name="Prod"))["Id"]


async def _shown(client: httpx.AsyncClient, query: str = "") -> tuple[list[str], list[str]]:
    found = (await client.get(f"{SPACE}/dashboard{query}")).json()
    return [one["Name"] for one in found["Projects"]], [one["Name"] for one in found["Environments"]]


async def test_a_configuration_comes_back_as_it_was_written(client: httpx.AsyncClient) -> None:
    before = (await client.get(PATH)).json()
    assert (before["IncludedProjectIds"], before["ProjectLimit"]) == ([], None)
    lists = {key: [f"{key}-1"] for key, value in before.items() if key.startswith("Included") and value == []}

    changed = (await client.put(PATH, json={**before, **lists, "ProjectLimit": 20})).json()

    assert {key: changed[key] for key in lists} == lists
    assert (changed["ProjectLimit"], changed["SpaceId"]) == (20, "Spaces-1")
    assert (await client.get(changed["Links"]["Self"])).json() == changed
    assert (await client.put(PATH, json={"ProjectLimit": 0})).status_code == 400


@pytest.mark.parametrize(
    ("chosen", "projects"),
    [
        ({}, ["Ledger", "Web Shop"]),
        ({"IncludedProjectIds": ["Projects-1"]}, ["Web Shop"]),
        ({"IncludedProjectTags": ["tier/gold"]}, ["Ledger"]),
        ({"IncludedProjectGroupIds": ["ProjectGroups-2"]}, ["Ledger"]),
        ({"ProjectLimit": 1}, ["Ledger"]),
    ],
)
async def test_the_dashboard_shows_what_was_chosen(
    client: httpx.AsyncClient, two: tuple[str, str], chosen: dict[str, Any], projects: list[str]
) -> None:
    await client.put(PATH, json=chosen)

    assert (await _shown(client))[0] == projects
    assert (await _shown(client, "?showAll=true"))[0] == ["Ledger", "Web Shop"]
    assert (await _shown(client, "?projectId=Projects-1"))[0] == ["Web Shop"]


async def test_the_dashboard_shows_the_chosen_environments(client: httpx.AsyncClient, two: tuple[str, str]) -> None:
    await client.put(PATH, json={"IncludedEnvironmentIds": [two[1], "Environments-99"]})
    assert (await _shown(client))[1] == ["Prod"]


async def test_a_choice_keeps_nothing_from_being_deleted(client: httpx.AsyncClient, two: tuple[str, str]) -> None:
    await client.put(PATH, json={"IncludedProjectIds": ["Projects-1"]})
    assert (await client.delete(f"{SPACE}/projects/Projects-1")).status_code == 200
