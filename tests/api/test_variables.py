"""Variables of a project over HTTP."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from tests.api.conftest import SPACE, create

from polpo.features.variables.service import text_of, variables_of
from polpo.server.application import Server

VARIABLES = f"{SPACE}/variables/variableset-Projects-1"


async def save(client: httpx.AsyncClient, *variables: dict[str, Any]) -> Any:
    """Reads the set as clients do, and writes it back with these variables."""
    before = (await client.get(VARIABLES)).json()
    answer = await client.put(VARIABLES, json={**before, "Variables": list(variables)})
    assert answer.status_code == 200, answer.text
    return answer.json()


def stored(server: Server) -> dict[str, str]:
    with server.database.read() as session:
        return {one.name: text_of(session, one) for one in variables_of(session, "Projects-1").variables}


@pytest.mark.parametrize("path", [VARIABLES, f"{SPACE}/projects/web-shop/variables"])
async def test_variables_are_saved_with_ids(client: httpx.AsyncClient, project: Any, path: str) -> None:
    body = {"Version": 0, "Variables": [{"Name": " Url ", "Value": "http://x"}, {"Name": "Url", "Value": None}]}

    saved = (await client.put(path, json=body)).json()

    assert saved["Version"] == 1
    assert [(one["Name"], one["Value"]) for one in saved["Variables"]] == [("Url", "http://x"), ("Url", None)]
    assert len({one["Id"] for one in saved["Variables"]}) == 2


@pytest.mark.parametrize("blank", ["", None])
async def test_a_secret_written_back_blank_is_kept(
    server: Server, client: httpx.AsyncClient, project: Any, blank: str | None
) -> None:
    first = await save(client, {"Name": "Key", "Type": "Sensitive", "Value": "s3cret"})
    [variable] = first["Variables"]

    second = await save(client, {**variable, "Value": blank, "Name": "ApiKey"})

    assert (variable["Value"], variable["IsSensitive"], variable["Type"]) == (None, True, "Sensitive")
    assert "s3cret" not in str(first) + str(second)
    assert stored(server) == {"ApiKey": "s3cret"}


async def test_a_secret_can_be_replaced(server: Server, client: httpx.AsyncClient, project: Any) -> None:
    [variable] = (await save(client, {"Name": "Key", "IsSensitive": True, "Value": "old"}))["Variables"]

    await save(client, {**variable, "Value": "new"})

    assert stored(server) == {"Key": "new"}


async def test_a_secret_that_is_made_plain_is_forgotten(
    server: Server, client: httpx.AsyncClient, project: Any
) -> None:
    [variable] = (await save(client, {"Name": "Key", "Type": "Sensitive", "Value": "old"}))["Variables"]

    await save(client, {**variable, "Type": "String", "IsSensitive": False})

    assert stored(server) == {"Key": ""}


async def test_a_save_from_an_old_version_is_a_conflict(client: httpx.AsyncClient, project: Any) -> None:
    await save(client, {"Name": "A", "Value": "1"})

    answer = await client.put(VARIABLES, json={"Version": 0, "Variables": []})

    assert answer.status_code == 409
    assert "Read it again" in answer.json()["ErrorMessage"]


async def test_variables_that_cannot_be_resolved_are_refused(client: httpx.AsyncClient, project: Any) -> None:
    unnamed = await client.put(VARIABLES, json={"Variables": [{"Name": " "}, {"Name": "n" * 1001}]})
    nowhere = await client.put(VARIABLES, json={"Variables": [{"Name": "A", "Scope": {"Environment": ["Nope"]}}]})
    foreign = await client.put(VARIABLES, json={"Variables": [{"Name": "A", "Scope": {"Channel": ["Channels-9"]}}]})

    assert unnamed.json()["Errors"] == [
        "Variables[0].Name: a variable needs a name.",
        "Variables[1].Name: the name has more than 1000 characters.",
    ]
    assert "the environment 'Nope', which does not exist" in nowhere.json()["ErrorMessage"]
    assert foreign.json()["ErrorMessage"] == "Variables[0].Scope.Channel: 'Channels-9' is no channel of this project."


async def test_scope_values_name_everything_that_a_value_can_be_scoped_to(
    client: httpx.AsyncClient, project: Any
) -> None:
    place = await create(client, "environments", Name="Test")
    endpoint = {"CommunicationStyle": "None"}
    await create(client, "machines", Name="web-1", EnvironmentIds=[place["Id"]], Roles=["web"], Endpoint=endpoint)
    step = {"Name": "Say", "Actions": [{"ActionType": "Octopus.Script"}]}
    await client.put(project["Links"]["DeploymentProcess"], json={"Steps": [step]})

    values = (await client.get(VARIABLES)).json()["ScopeValues"]

    names = {kind: [item["Name"] for item in items] for kind, items in values.items()}
    assert names == {
        "Environments": ["Test"],
        "Machines": ["web-1"],
        "Roles": ["web"],
        "Channels": ["Default"],
        "Actions": ["Say"],
        "Processes": ["Deployment process"],
        "TenantTags": [],
    }


async def test_names_of_a_project_are_listed_once(client: httpx.AsyncClient, project: Any) -> None:
    await save(client, {"Name": "Url", "Value": "a"}, {"Name": "url", "Value": "b"}, {"Name": "Key", "Value": "c"})

    await client.put(project["Links"]["Self"], json={**project, "Templates": [{"Name": "Colour"}, {"Name": "KEY"}]})

    answer = await client.get(f"{SPACE}/variables/names?project=Projects-1")

    assert answer.json() == ["Colour", "Key", "Url"]


async def test_sets_are_listed_by_id(client: httpx.AsyncClient, project: Any) -> None:
    page = (await client.get(f"{SPACE}/variables?ids=variableset-Projects-1,variableset-Projects-2")).json()
    every = (await client.get(f"{SPACE}/variables/all")).json()

    assert [one["Id"] for one in page["Items"]] == [one["Id"] for one in every] == ["variableset-Projects-1"]
    assert (await client.get(f"{SPACE}/variables/variableset-Projects-2")).status_code == 404


async def test_an_environment_named_by_a_variable_cannot_be_deleted(client: httpx.AsyncClient, project: Any) -> None:
    place = await create(client, "environments", Name="Test")
    await save(client, {"Name": "A", "Value": "1", "Scope": {"Environment": [place["Id"]]}})

    refused = await client.delete(f"{SPACE}/environments/{place['Id']}")

    assert refused.status_code == 409
    assert "the variable set" in refused.json()["ErrorMessage"]


async def test_variables_of_an_environment_alone_are_counted_by_owner(client: httpx.AsyncClient, project: Any) -> None:
    dev, prod = [(await create(client, "environments", Name=name))["Id"] for name in ("Dev", "Prod")]
    await save(
        client,
        {"Name": "Url", "Value": "1", "Scope": {"Environment": [dev]}},
        {"Name": "Url", "Value": "2", "Scope": {"Environment": [dev], "Role": ["web"]}},
        {"Name": "Host", "Value": "3", "Scope": {"Environment": [dev, prod]}},
        {"Name": "Port", "Value": "4"},
    )

    alone = (await client.get(f"{SPACE}/environments/{dev}/singlyScopedVariableDetails")).json()
    none = (await client.get(f"{SPACE}/environments/{prod}/singlyScopedVariableDetails")).json()

    assert alone["VariableMap"] == {"Projects-1": {"Url": 2}}
    assert (none["VariableMap"], none["HasUnauthorizedProjectVariables"]) == ({}, False)
    assert (await client.get(f"{SPACE}/environments/Environments-9/singlyScopedVariableDetails")).status_code == 404
