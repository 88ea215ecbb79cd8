"""Runbooks that run for tenants, and library sets that ask tenants for values."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from tests.api.conftest import SPACE, create
from tests.api.runbooks import V1, Care, cared_for
from tests.api.test_deployments import script

from polpo.server.application import Server

SAY = 'echo "$(get_octopusvariable Host) for $(get_octopusvariable Octopus.Deployment.Tenant.Name)"'


@pytest.fixture
async def care(client: httpx.AsyncClient, server: Server, project: Any) -> Care:
    """A runbook for tenants; Acme (Gold) is connected to Dev, Bolt (Gold) is disabled, Crow to nothing."""
    care = await cared_for(client, server)
    await care.settings(MultiTenancyMode="TenantedOrUntenanted")
    await create(client, "tagsets", Name="Tier", Tags=[{"Name": "Gold"}], Scopes=["Tenant", "Runbook"])
    template = {"Name": "Host", "DisplaySettings": {"Octopus.ControlType": "SingleLineText"}}
    library = await create(client, "libraryvariablesets", Name="Hosts", Templates=[template])
    included = {**project, "IncludedLibraryVariableSetIds": [library["Id"]]}
    assert (await client.put(project["Links"]["Self"], json=included)).status_code == 200
    places = {"Projects-1": [care.environments["Dev"]]}
    await create(client, "tenants", Name="Acme", TenantTags=["Tier/Gold"], ProjectEnvironments=places)
    await create(client, "tenants", Name="Bolt", TenantTags=["Tier/Gold"], ProjectEnvironments=places, IsDisabled=True)
    await create(client, "tenants", Name="Crow")
    await care.process(script("Say", SAY))
    await care.publish()
    return care


async def give(care: Care, value: str, *places: str) -> Any:
    path = f"{SPACE}/tenants/Tenants-1/commonvariables?includeMissingVariables=true"
    known = (await care.client.get(path)).json()
    template = [*known["MissingVariables"], *known["Variables"]][0]
    wanted = {
        "LibraryVariableSetId": template["LibraryVariableSetId"],
        "TemplateId": template["TemplateId"],
        "Value": value,
        "Scope": {"EnvironmentIds": list(places)},
    }
    answer = await care.client.put(path, json={"Variables": [wanted]})
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_values_for_a_library_set_are_given_in_both_forms(care: Care) -> None:
    [missing] = (await care.client.get(f"{SPACE}/tenants/variables-missing?tenantId=Tenants-1")).json()
    assert missing["TenantId"] == "Tenants-1"
    [one] = missing["MissingVariables"]
    assert (one["LibraryVariableSetId"], one["ProjectId"], one["EnvironmentId"]) == (
        "LibraryVariableSets-1",
        None,
        None,
    )

    given = await give(care, "acme.test")

    assert given["MissingVariables"] == []
    assert given["Variables"][0]["LibraryVariableSetName"] == "Hosts"
    path = f"{SPACE}/tenants/Tenants-1/variables"
    older = (await care.client.get(path)).json()
    library = older["LibraryVariables"]["LibraryVariableSets-1"]
    assert list(library["Variables"].values()) == ["acme.test"]
    library["Variables"] = dict.fromkeys(library["Variables"], "acme.example")
    again = (await care.client.post(path, json=older)).json()
    assert list(again["LibraryVariables"]["LibraryVariableSets-1"]["Variables"].values()) == ["acme.example"]
    assert (await care.client.get(f"{SPACE}/tenants/variables-missing?tenantId=Tenants-1")).json() == []


async def test_value_of_the_newer_form_outlives_the_older_one(care: Care) -> None:
    await give(care, "dev.test", care.environments["Dev"])
    path = f"{SPACE}/tenants/Tenants-1/variables"
    older = (await care.client.get(path)).json()
    assert older["LibraryVariables"]["LibraryVariableSets-1"]["Variables"] == {}
    assert (await care.client.put(path, json=older)).status_code == 200
    [kept] = (await care.client.get(f"{SPACE}/tenants/Tenants-1/commonvariables")).json()["Variables"]
    assert kept["Value"] == "dev.test"


async def test_runbook_runs_for_a_tenant_with_its_values(care: Care) -> None:
    await give(care, "acme.test")

    task = await care.ended(await care.run(tenants=["acme"]))

    assert task["State"] == "Success"
    assert task["Description"] == "Run Restart snapshot S1 in Dev for Acme"
    assert "acme.test for Acme" in await care.lines(task["Id"])
    assert (await care.client.get(f"{SPACE}/runbookRuns?tenants=Tenants-1")).json()["TotalResults"] == 1
    assert (await care.client.delete(f"{SPACE}/tenants/Tenants-1")).status_code == 200
    assert (await care.client.get(f"{SPACE}/runbookRuns")).json()["TotalResults"] == 0


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"tenants": ["Acme"]}, "Acme has no value for Host (Hosts) in Dev"),
        ({"tenants": ["Bolt"]}, "The tenant 'Bolt' is disabled"),
        ({"tenants": ["Crow"]}, "not connected to this project in Dev"),
        ({"tenants": ["Nobody"]}, "There is no tenant 'Nobody'"),
        ({"tenantTags": ["Tier/Lead"]}, "has no such tag"),
    ],
)
async def test_runbook_does_not_run_for_others(care: Care, more: dict[str, Any], sentence: str) -> None:
    assert sentence in await care.refused(**more)


async def test_tags_pass_over_disabled_tenants(care: Care) -> None:
    await give(care, "acme.test")
    body = {"projectName": "Web Shop", "runbookName": "Restart", "environmentNames": ["Dev"]}
    answer = await care.client.post(V1, json={**body, "tenantTags": ["tier/gold"]})
    [started] = answer.json()["RunbookRunServerTasks"]
    assert (await care.ended(started["ServerTaskId"]))["TenantId"] == "Tenants-1"


async def test_preview_for_a_tenant_knows_what_it_lacks(care: Care) -> None:
    path = f"{SPACE}/runbooks/Runbooks-1/runbookRuns/preview/{care.environments['Dev']}"
    assert (await care.client.get(path)).json()["Problems"] == []
    assert "no value for Host" in (await care.client.get(f"{path}/Tenants-1")).json()["Problems"][0]


async def test_tags_of_runbooks_and_accounts_are_checked(care: Care) -> None:
    path = f"{SPACE}/runbooks/Runbooks-1"
    runbook = (await care.client.get(path)).json()
    assert (await care.client.put(path, json={**runbook, "RunbookTags": ["Tier/Lead"]})).status_code == 400
    kept = await care.client.put(path, json={**runbook, "RunbookTags": ["tier/gold"]})
    assert kept.json()["RunbookTags"] == ["Tier/Gold"]
    account = {"Name": "a", "AccountType": "Token", "Token": {"HasValue": True, "NewValue": "t"}}
    answer = await care.client.post(f"{SPACE}/accounts", json={**account, "TenantTags": ["Tier/Lead"]})
    assert answer.status_code == 400
    made = await create(care.client, "accounts", **account, TenantTags=["Tier/Gold"])
    tags = (await care.client.get(f"{SPACE}/tagsets/TagSets-1")).json()
    tags["Tags"][0]["Name"] = "Platinum"
    assert (await care.client.put(f"{SPACE}/tagsets/TagSets-1", json=tags)).status_code == 200
    assert (await care.client.get(made["Links"]["Self"])).json()["TenantTags"] == ["Tier/Platinum"]
    assert (await care.client.get(path)).json()["RunbookTags"] == ["Tier/Platinum"]
