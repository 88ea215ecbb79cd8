"""What every space has from the beginning."""

from __future__ import annotations

import httpx
import pytest


@pytest.mark.parametrize("space", ["Spaces-1", "Spaces-2"])
async def test_a_space_has_its_defaults(client: httpx.AsyncClient, space: str) -> None:
    await client.post("/api/spaces", json={"Name": "Second"})

    for collection, names in [
        ("lifecycles", ["Default Lifecycle"]),
        ("projectgroups", ["Default Project Group"]),
        ("machinepolicies", ["Default Machine Policy"]),
        ("workerpools", ["Default Worker Pool"]),
        ("feeds", ["Octopus Server (built-in)", "Octopus Server Releases (built-in)"]),
    ]:
        found = (await client.get(f"/api/{space}/{collection}/all")).json()
        assert [(one["Name"], one["SpaceId"]) for one in found] == [(name, space) for name in names]


async def test_the_built_in_feed_has_its_well_known_id(client: httpx.AsyncClient) -> None:
    feed = (await client.get("/api/Spaces-1/feeds/feeds-builtin")).json()

    assert (feed["Id"], feed["FeedType"]) == ("feeds-builtin", "BuiltIn")


async def test_a_lifecycle_without_phases_has_one_for_each_environment(client: httpx.AsyncClient) -> None:
    for name in ("Test", "Production"):
        await client.post("/api/Spaces-1/environments", json={"Name": name})

    preview = (await client.get("/api/Spaces-1/lifecycles/Lifecycles-1/preview")).json()

    assert [phase["Name"] for phase in preview["Phases"]] == ["Test", "Production"]
    assert (await client.get("/api/Spaces-1/lifecycles/default-lifecycle")).json()["Phases"] == []


async def test_an_impossible_lifecycle_is_refused_with_each_fault(client: httpx.AsyncClient) -> None:
    place = (await client.post("/api/Spaces-1/environments", json={"Name": "Test"})).json()["Id"]
    phases = [
        {"Name": "One", "OptionalDeploymentTargets": [place], "MinimumEnvironmentsBeforePromotion": 2},
        {"Name": "one"},
        {"Name": " "},
    ]

    answer = await client.post("/api/Spaces-1/lifecycles", json={"Name": "Odd", "Phases": phases})

    assert answer.status_code == 400
    assert answer.json()["Errors"] == [
        "Phase 'One' asks for 2 environments before promotion but has only 1.",
        "There are two phases with the name 'one'; a name stands for one phase only.",
        "Phase 3 needs a name.",
    ]
