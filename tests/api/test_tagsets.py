"""Tag sets over HTTP: what is a tag, where it may stand, and what happens to its users when it changes."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from tests.api.conftest import SPACE, create


async def tag_set(client: httpx.AsyncClient, name: str, *tags: str, **more: Any) -> Any:
    return await create(client, "tagsets", Name=name, Tags=[{"Name": tag, "Color": "#ff0000"} for tag in tags], **more)


async def put(client: httpx.AsyncClient, document: Any, **changes: Any) -> httpx.Response:
    return await client.put(document["Links"]["Self"], json={**document, **changes})


async def test_set_gets_what_clients_leave_out(client: httpx.AsyncClient) -> None:
    made = await create(client, "tagsets", Name="Tier", Description="", Tags=[{"Name": "Gold"}, {"Name": "Silver"}])

    assert made["Id"] == "TagSets-1"
    assert made["Scopes"] == ["Tenant"]
    assert made["Type"] == "MultiSelect"
    assert not made["IsSystem"]
    assert [(tag["Id"], tag["CanonicalTagName"], tag["SortOrder"]) for tag in made["Tags"]] == [
        ("TagSets-1/Tags-1", "Tier/Gold", 0),
        ("TagSets-1/Tags-2", "Tier/Silver", 1),
    ]
    assert all(tag["Color"].startswith("#") for tag in made["Tags"])
    assert (await client.get(made["Links"]["Self"])).json() == made


async def test_sets_are_listed_in_their_order_and_by_scope(client: httpx.AsyncClient) -> None:
    first = await tag_set(client, "B", "x")
    second = await tag_set(client, "A", Scopes=["Environment", "Tenant"])
    await tag_set(client, "C", Scopes=["Project"])

    async def names(query: str = "") -> list[str]:
        return [one["Name"] for one in (await client.get(f"{SPACE}/tagsets{query}")).json()["Items"]]

    assert await names() == ["B", "A", "C"]
    assert await names("?scopes=Environment") == ["A"]
    assert await names("?scopes=environment,Project") == ["A", "C"]
    assert await names("?partialName=b") == ["B"]
    assert (await client.put(f"{SPACE}/tagsets/sortorder", json=[second["Id"], first["Id"]])).status_code == 200
    assert [one["Name"] for one in (await client.get(f"{SPACE}/tagsets/all")).json()] == ["A", "B", "C"]


@pytest.mark.parametrize(
    ("body", "place"),
    [
        ({"Name": "A/B"}, "Name"),
        ({"Name": ""}, "Name"),
        ({"Name": "A", "Tags": [{"Name": "x"}, {"Name": "X"}]}, "Tags"),
        ({"Name": "A", "Tags": [{"Name": " "}]}, "Tags"),
        ({"Name": "A", "Tags": [{"Name": "x" * 201}]}, "Tags"),
        ({"Name": "A", "Type": "FreeText", "Tags": [{"Name": "x"}]}, "Tags"),
        ({"Name": "A", "Type": "Many"}, "Type"),
        ({"Name": "A", "Scopes": ["Moon"]}, "Scopes"),
    ],
)
async def test_set_that_could_not_be_used_is_refused(client: httpx.AsyncClient, body: Any, place: str) -> None:
    answer = await client.post(f"{SPACE}/tagsets", json=body)

    assert answer.status_code == 400, answer.text
    assert answer.json()["Errors"][0].startswith(place)


async def test_name_of_a_set_is_taken_once(client: httpx.AsyncClient) -> None:
    await tag_set(client, "Tier")
    assert (await client.post(f"{SPACE}/tagsets", json={"Name": "tier"})).status_code == 400


@pytest.mark.parametrize(
    ("tags", "sentence"),
    [
        (["Gold"], "'Gold' is no tag; name it as 'Tag set/Tag'"),
        (["Moon/Gold"], "no tag set 'Moon'"),
        (["Tier/Lead"], "the tag set 'Tier' has no such tag"),
        (["Stage/One"], "is not for tenants"),
        (["Ring/Early", "Ring/Late"], "only one tag of 'Ring' may be chosen"),
        (["Region/a", "Region/b"], "only one tag of 'Region' may be chosen"),
        (["Region/"], "no such tag"),
    ],
)
async def test_tenant_with_a_tag_that_does_not_fit_is_refused(
    client: httpx.AsyncClient, tags: list[str], sentence: str
) -> None:
    await tag_set(client, "Tier", "Gold")
    await tag_set(client, "Stage", "One", Scopes=["Environment"])
    await tag_set(client, "Ring", "Early", "Late", Type="SingleSelect")
    await create(client, "tagsets", Name="Region", Type="FreeText")

    answer = await client.post(f"{SPACE}/tenants", json={"Name": "Acme", "TenantTags": tags})

    assert answer.status_code == 400, answer.text
    assert sentence in " ".join(answer.json()["Errors"])


async def test_tags_are_spelled_as_their_set_does_and_free_texts_as_they_come(client: httpx.AsyncClient) -> None:
    await tag_set(client, "Tier", "Gold")
    await create(client, "tagsets", Name="Region", Type="FreeText")

    made = await create(client, "tenants", Name="Acme", TenantTags=["tier/gold", "Tier/Gold", "region/us west/2"])

    assert made["TenantTags"] == ["Tier/Gold", "Region/us west/2"]


async def test_tags_of_environments_projects_and_targets_are_checked(client: httpx.AsyncClient, project: Any) -> None:
    await tag_set(client, "Tier", "Gold", Scopes=["Environment", "Project"])
    environment = await create(client, "environments", Name="Dev", EnvironmentTags=["Tier/Gold"])
    assert environment["EnvironmentTags"] == ["Tier/Gold"]
    assert (await put(client, environment, EnvironmentTags=["Tier/Lead"])).status_code == 400
    assert (await put(client, project, ProjectTags=["Tier/Lead"])).status_code == 400
    assert (await put(client, project, ProjectTags=["Tier/Gold"])).json()["ProjectTags"] == ["Tier/Gold"]
    target = {"Roles": ["web"], "EnvironmentIds": [environment["Id"]], "Endpoint": {"CommunicationStyle": "None"}}
    answer = await client.post(f"{SPACE}/machines", json={"Name": "m", "TenantTags": ["Tier/Gold"], **target})
    assert "is not for tenants" in answer.json()["Errors"][0]


async def test_renamed_tag_and_set_are_renamed_where_they_are_used(client: httpx.AsyncClient, project: Any) -> None:
    made = await tag_set(client, "Tier", "Gold", "Silver")
    tenant = await create(client, "tenants", Name="Acme", TenantTags=["Tier/Gold", "Tier/Silver"])
    path = f"{SPACE}/projects/{project['Id']}/variables"
    variables = (await client.get(path)).json()
    scoped = {"Name": "Word", "Value": "x", "Scope": {"TenantTag": ["Tier/Gold"]}}
    await client.put(path, json={**variables, "Variables": [scoped]})

    made["Tags"][0]["Name"] = "Platinum"
    after = (await put(client, made, Name="Level")).json()

    assert [tag["CanonicalTagName"] for tag in after["Tags"]] == ["Level/Platinum", "Level/Silver"]
    assert [tag["Id"] for tag in after["Tags"]] == [tag["Id"] for tag in made["Tags"]]
    assert (await client.get(tenant["Links"]["Self"])).json()["TenantTags"] == ["Level/Platinum", "Level/Silver"]
    [variable] = (await client.get(path)).json()["Variables"]
    assert variable["Scope"] == {"TenantTag": ["Level/Platinum"]}


async def test_renamed_set_of_free_texts_is_renamed_where_it_is_used(client: httpx.AsyncClient) -> None:
    made = await create(client, "tagsets", Name="Region", Type="FreeText")
    tenant = await create(client, "tenants", Name="Acme", TenantTags=["Region/Mars"])

    await put(client, made, Name="Place")

    assert (await client.get(tenant["Links"]["Self"])).json()["TenantTags"] == ["Place/Mars"]


async def test_used_tag_set_and_scope_stay(client: httpx.AsyncClient) -> None:
    made = await tag_set(client, "Tier", "Gold", "Silver")
    await create(client, "tenants", Name="Acme", TenantTags=["Tier/Gold"])
    for changes in ({"Tags": made["Tags"][1:]}, {"Scopes": ["Project"]}, {"Type": "FreeText", "Tags": []}):
        answer = await put(client, made, **changes)
        assert answer.status_code == 409, answer.text
        assert "the tenant 'Acme'" in answer.json()["ErrorMessage"]
    answer = await client.delete(made["Links"]["Self"])
    assert answer.status_code == 409
    assert answer.json()["Errors"] == ["In use by the tenant 'Acme'."]
    assert (await put(client, made, Tags=made["Tags"][:1])).status_code == 200


async def test_unused_set_is_deleted_and_gone(client: httpx.AsyncClient) -> None:
    made = await tag_set(client, "Tier", "Gold")
    assert (await client.delete(made["Links"]["Self"])).status_code == 200
    gone = await client.get(made["Links"]["Self"])
    assert gone.status_code == 404
    assert gone.json().get("Errors") is None


async def test_tag_is_the_same_by_its_name_where_a_client_sends_no_id(client: httpx.AsyncClient) -> None:
    made = await tag_set(client, "Tier", "Gold")
    await create(client, "tenants", Name="Acme", TenantTags=["Tier/Gold"])

    after = (await put(client, made, Tags=[{"Name": "Gold", "Color": "#00ff00"}, {"Name": "New"}])).json()

    assert after["Tags"][0]["Id"] == made["Tags"][0]["Id"]
    assert after["Tags"][1]["Id"] != made["Tags"][0]["Id"]


async def test_a_tag_is_renamed_in_snapshots_whose_environments_may_go(client: httpx.AsyncClient, project: Any) -> None:
    places = [(await create(client, "environments", Name=name))["Id"] for name in ("Gone", "Going")]
    tags = await create(client, "tagsets", Name="Tier", Tags=[{"Name": "Gold"}])
    path = f"{SPACE}/variables/variableset-{project['Id']}"

    async def variables(*wanted: dict[str, Any]) -> None:
        known = (await client.get(path)).json()
        answer = await client.put(path, json={**known, "Variables": list(wanted)})
        assert answer.status_code == 200, answer.text

    await variables({"Name": "V", "Value": "1", "Scope": {"Environment": places, "TenantTag": ["Tier/Gold"]}})
    release = await create(client, "releases", ProjectId=project["Id"], Version="1")
    await variables()
    assert (await client.delete(f"{SPACE}/environments/{places[0]}")).status_code == 200
    tags["Tags"][0]["Name"] = "Silver"
    answer = await client.put(tags["Links"]["Self"], json=tags)
    assert answer.status_code == 200, answer.text
    assert (await client.delete(f"{SPACE}/environments/{places[1]}")).status_code == 200

    snapshot = (await client.get(f"{SPACE}/variables/{release['ProjectVariableSetSnapshotId']}")).json()
    assert snapshot["Variables"][0]["Scope"]["TenantTag"] == ["Tier/Silver"]
