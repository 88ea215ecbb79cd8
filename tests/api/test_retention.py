"""A space's default retention over HTTP."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from tests.api.conftest import SPACE

PATH = f"{SPACE}/retentionpolicies"


@pytest.mark.parametrize(
    ("kind", "strategy", "quantity"),
    [("LifecycleRelease", "Forever", None), ("lifecycletentacle", "Forever", None), ("RunbookRetention", "Count", 100)],
)
async def test_a_space_has_defaults(client: httpx.AsyncClient, kind: str, strategy: str, quantity: int | None) -> None:
    policy = (await client.get(f"{PATH}?RetentionType={kind}")).json()

    assert policy["RetentionType"].casefold() == kind.casefold()
    assert (policy["Strategy"], policy["QuantityToKeep"], policy["SpaceId"]) == (strategy, quantity, "Spaces-1")
    assert (await client.get(policy["Links"]["Self"])).json() == policy


async def test_a_default_is_replaced(client: httpx.AsyncClient) -> None:
    policy = (await client.get(f"{PATH}?RetentionType=LifecycleRelease")).json()
    body = {**policy, "Strategy": "Count", "QuantityToKeep": 30, "Unit": "Days", "Name": "other"}

    changed = (await client.put(f"{PATH}/{policy['Id']}", json=body)).json()

    assert (changed["Strategy"], changed["QuantityToKeep"], changed["Unit"]) == ("Count", 30, "Days")
    assert (changed["Name"], changed["RetentionType"]) == (policy["Name"], "LifecycleRelease")
    assert (await client.get(f"{PATH}?RetentionType=LifecycleRelease")).json() == changed
    again = (await client.put(f"{PATH}/{policy['Id']}", json={"Strategy": "Forever", "QuantityToKeep": 3})).json()
    assert (again["Strategy"], again["QuantityToKeep"], again["Unit"]) == ("Forever", None, None)
    other = (await client.get(f"{PATH}?RetentionType=LifecycleTentacle")).json()
    assert other["Strategy"] == "Forever"


@pytest.mark.parametrize(
    "body",
    [{"Strategy": "Default"}, {"Strategy": "Count"}, {"Strategy": "Count", "QuantityToKeep": 0}, {"Unit": "Weeks"}],
)
async def test_a_default_without_sense_is_refused(client: httpx.AsyncClient, body: dict[str, Any]) -> None:
    policy = (await client.get(PATH)).json()
    assert (await client.put(f"{PATH}/{policy['Id']}", json=body)).status_code == 400


async def test_other_types_and_ids_are_refused(client: httpx.AsyncClient) -> None:
    assert (await client.get(f"{PATH}?RetentionType=Packages")).status_code == 400
    assert (await client.get(f"{PATH}/RetentionPolicies-1")).status_code == 404
