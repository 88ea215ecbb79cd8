"""Tenants over HTTP: what clients send and read, connections, filters, copies and pictures."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from tests.api.conftest import SPACE, create

PNG = b"\x89PNG\r\n\x1a\n" + bytes(20)


@pytest.fixture
async def dev(client: httpx.AsyncClient) -> str:
    return str((await create(client, "environments", Name="Dev"))["Id"])


@pytest.fixture
async def tiers(client: httpx.AsyncClient) -> Any:
    await create(client, "tagsets", Name="Region", Tags=[{"Name": "EU"}, {"Name": "US"}])
    return await create(client, "tagsets", Name="Tier", Tags=[{"Name": "Gold"}, {"Name": "Silver"}])


async def names(client: httpx.AsyncClient, query: str) -> list[str]:
    return [tenant["Name"] for tenant in (await client.get(f"{SPACE}/tenants?{query}")).json()["Items"]]


async def test_tenant_of_the_command_line_gets_what_it_left_out(client: httpx.AsyncClient, tiers: Any) -> None:
    body = {
        "ClonedFromTenantId": "",
        "Description": "",
        "SpaceId": "",
        "TenantTags": ["Tier/Gold"],
        "IsDisabled": False,
    }

    made = await create(client, "tenants", Name="Acme Corp", **body)

    assert made["Id"] == "Tenants-1"
    assert made["Slug"] == "acme-corp"
    assert made["SpaceId"] == "Spaces-1"
    assert made["ProjectEnvironments"] == {}
    assert made["ClonedFromTenantId"] is None
    assert made["Links"]["Variables"] == "/api/Spaces-1/tenants/Tenants-1/variables"
    for path in ("tenants/Tenants-1", "tenants/acme-corp", "tenant/Tenants-1"):
        assert (await client.get(f"{SPACE}/{path}")).json() == made
    assert (await client.get(f"{SPACE}/tenants/Acme Corp")).status_code == 404


async def test_connection_is_made_and_ended_as_the_command_line_does(
    client: httpx.AsyncClient, project: Any, dev: str
) -> None:
    made = await create(client, "tenants", Name="Acme")
    connected = {**made, "ProjectEnvironments": {project["Id"]: [dev, dev]}}
    answer = await client.put(made["Links"]["Self"], json=connected)
    assert answer.json()["ProjectEnvironments"] == {project["Id"]: [dev]}

    del connected["ProjectEnvironments"]
    answer = await client.put(made["Links"]["Self"], json=connected)
    assert answer.json()["ProjectEnvironments"] == {}


@pytest.mark.parametrize(
    ("connections", "sentence"),
    [
        ({"Projects-9": []}, "the project 'Projects-9', which does not exist"),
        ({"Projects-1": ["Environments-9"]}, "the environment 'Environments-9', which does not exist"),
        ({"": []}, "needs the id of a project"),
        ({"Projects-1": "all"}, "ProjectEnvironments"),
    ],
)
async def test_connection_to_nothing_is_refused(
    client: httpx.AsyncClient, project: Any, connections: Any, sentence: str
) -> None:
    answer = await client.post(f"{SPACE}/tenants", json={"Name": "Acme", "ProjectEnvironments": connections})

    assert answer.status_code == 400
    assert sentence in answer.json()["Errors"][0]


async def test_lists_are_narrowed(client: httpx.AsyncClient, project: Any, dev: str, tiers: Any) -> None:
    await create(client, "tenants", Name="Acme", TenantTags=["Tier/Gold", "Region/EU"])
    await create(client, "tenants", Name="Bolt", TenantTags=["Tier/Silver", "Region/US"], IsDisabled=True)
    await create(client, "tenants", Name="Crow", ProjectEnvironments={project["Id"]: [dev]}, TenantTags=["Tier/Gold"])

    assert await names(client, "") == ["Acme", "Bolt", "Crow"]
    assert await names(client, f"projectId={project['Id']}") == ["Crow"]
    assert await names(client, "tags=Tier/Gold,Tier/Silver,Region/EU") == ["Acme"]
    assert await names(client, "tags=tier/gold&tags=Tier/Silver") == ["Acme", "Bolt", "Crow"]
    assert await names(client, "isDisabled=true") == ["Bolt"]
    assert await names(client, "isDisabled=false&partialName=c") == ["Acme", "Crow"]
    assert await names(client, "name=ACME") == ["Acme"]
    assert await names(client, "slug=bolt&ids=Tenants-1,Tenants-2") == ["Bolt"]


async def test_clone_takes_tags_and_connections_over(
    client: httpx.AsyncClient, project: Any, dev: str, tiers: Any
) -> None:
    places = {project["Id"]: [dev]}
    source = await create(client, "tenants", Name="Acme", TenantTags=["Tier/Gold"], ProjectEnvironments=places)

    clone = await create(client, f"tenants?clone={source['Id']}", Name="Copy", Description="of Acme")

    assert clone["ClonedFromTenantId"] == source["Id"]
    assert clone["TenantTags"] == ["Tier/Gold"]
    assert clone["ProjectEnvironments"] == places
    assert clone["Description"] == "of Acme"
    assert await names(client, f"clonedFromTenantId={source['Id']}") == ["Copy"]
    kept = await client.put(clone["Links"]["Self"], json={**clone, "ClonedFromTenantId": ""})
    assert kept.json()["ClonedFromTenantId"] == source["Id"]
    unknown = await client.post(f"{SPACE}/tenants?clone=Tenants-99", json={"Name": "Other"})
    assert unknown.status_code == 404


async def test_tag_test_says_what_is_missing(client: httpx.AsyncClient, tiers: Any) -> None:
    await create(client, "tenants", Name="Acme", TenantTags=["Tier/Gold", "Region/EU"])
    await create(client, "tenants", Name="Bolt", TenantTags=["Tier/Gold"])

    found = (await client.get(f"{SPACE}/tenants/tag-test?tags=Tier/Gold,Tier/Silver,Region/EU")).json()

    assert found["Tenants-1"]["IsMatched"] is True
    assert found["Tenants-2"]["IsMatched"] is False
    assert found["Tenants-2"]["MissingTags"] == ["Region/EU"]
    one = (await client.get(f"{SPACE}/tenants/tag-test?tags=Tier/Gold&tenantIds=Tenants-2")).json()
    assert list(one) == ["Tenants-2"]


async def test_status_says_that_tenants_are_known(client: httpx.AsyncClient) -> None:
    assert (await client.get(f"{SPACE}/tenants/status")).json()["Enabled"] is True


async def test_logo_is_drawn_until_one_is_uploaded(client: httpx.AsyncClient) -> None:
    made = await create(client, "tenants", Name="Acme <Corp>")
    path = f"{SPACE}/tenants/{made['Id']}/logo"
    drawn = await client.get(path)
    assert drawn.headers["content-type"].startswith("image/svg+xml")
    assert b"<Corp>" not in drawn.content

    assert (await client.put(path, files={"file": ("logo.png", PNG)})).status_code == 200

    shown = await client.get(path + "?cb=1")
    assert shown.headers["content-type"] == "image/png"
    assert shown.content == PNG


@pytest.mark.parametrize("content", [b"", b"%PDF"])
async def test_logo_that_is_no_picture_is_refused(client: httpx.AsyncClient, content: bytes) -> None:
    made = await create(client, "tenants", Name="Acme")
    answer = await client.post(f"{SPACE}/tenants/{made['Id']}/logo", files={"file": ("logo.svg", content)})
    assert answer.status_code == 400


async def test_logo_of_nobody_is_not_found(client: httpx.AsyncClient) -> None:
    assert (await client.get(f"{SPACE}/tenants/Tenants-9/logo")).status_code == 404


async def test_environment_of_a_tenant_stays_and_a_project_takes_its_connections_along(
    client: httpx.AsyncClient, project: Any, dev: str
) -> None:
    made = await create(client, "tenants", Name="Acme", ProjectEnvironments={project["Id"]: [dev]})
    answer = await client.delete(f"{SPACE}/environments/{dev}")
    assert answer.status_code == 409
    assert "the tenant 'Acme'" in answer.json()["ErrorMessage"]

    assert (await client.delete(project["Links"]["Self"])).status_code == 200

    assert (await client.get(made["Links"]["Self"])).json()["ProjectEnvironments"] == {}
    assert (await client.delete(made["Links"]["Self"])).status_code == 200
    assert (await client.get(made["Links"]["Self"])).status_code == 404


async def test_tenant_of_another_space_is_not_known_here(client: httpx.AsyncClient) -> None:
    await client.post("/api/spaces", json={"Name": "Other", "SpaceManagersTeams": ["teams-administrators"]})
    made = await create(client, "tenants", Name="Acme")
    assert (await client.get(f"/api/Spaces-2/tenants/{made['Id']}")).status_code == 404
    answer = await client.post("/api/Spaces-2/tenants", json={"Name": "B", "ClonedFromTenantId": made["Id"]})
    assert answer.status_code == 400


async def test_several_tenants_are_connected_at_once_or_none(
    client: httpx.AsyncClient, project: Any, dev: str, tiers: Any
) -> None:
    prod = (await create(client, "environments", Name="Prod"))["Id"]
    connected = {project["Id"]: [dev]}
    acme = await create(client, "tenants", Name="Acme", ProjectEnvironments=connected, TenantTags=["Tier/Gold"])
    bolt = await create(client, "tenants", Name="Bolt", ProjectEnvironments={project["Id"]: [dev, prod]})

    async def connect(**body: Any) -> Any:
        return await client.post(f"{SPACE}/tenants/connections", json=body)

    refused = await connect(TenantIds=[acme["Id"], "Tenants-99"], ProjectEnvironments={project["Id"]: [prod]})
    nobody = await connect(ProjectEnvironments={})
    assert (await client.get(acme["Links"]["Self"])).json() == acme
    assert refused.json()["Errors"] == ["TenantIds: there is no tenant 'Tenants-99' in this space."]
    assert [one.partition(":")[0] for one in nobody.json()["Errors"]] == ["TenantIds", "ProjectEnvironments"]

    made = await connect(TenantIds=[bolt["Id"]], TenantTags=["tier/gold"], ProjectEnvironments={project["Id"]: [prod]})
    assert made.json() == {"TenantIds": [acme["Id"]]}
    after = (await client.get(acme["Links"]["Self"])).json()
    assert after["ProjectEnvironments"] == {project["Id"]: [dev, prod]}
