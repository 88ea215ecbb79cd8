"""The dashboard in pages: who is in it, in which order, and how tenants are counted."""

from __future__ import annotations

from typing import Any

import httpx
from tests.api.conftest import SPACE, create
from tests.api.test_deployments import script
from tests.api.test_tenanted_deployments import Estate

from polpo.server.application import Server

PATH = f"{SPACE}/dashboard/matrix"


async def _names(client: httpx.AsyncClient, **query: str | int) -> list[str]:
    answer = await client.get(PATH, params=query)
    assert answer.status_code == 200, answer.text
    return [row["Project"]["Name"] for row in answer.json()["Rows"]]


async def test_projects_come_in_pages_by_group_and_are_found_by_what_is_asked(
    client: httpx.AsyncClient, server: Server, project: Any
) -> None:
    environments = {name: (await create(client, "environments", Name=name))["Id"] for name in ("Dev", "Prod")}
    shop = Estate(client, server, environments)
    await shop.furnish()
    await create(client, "tagsets", Name="Team", Tags=[{"Name": "Blue"}], Scopes=["Project"])
    last = (await create(client, "projectgroups", Name="Zoo"))["Id"]
    kept = {"ProjectGroupId": last, "LifecycleId": "Lifecycles-1"}
    await create(client, "projects", Name="Ape house", ProjectTags=["Team/Blue"], **kept)
    await shop.process(script("Hello", "test #{Octopus.Deployment.Tenant.Name} != Bolt"))
    await shop.release()
    await shop.serve("Dev", "Acme", "Bolt")

    assert await _names(client) == ["Web Shop", "Ape house"]
    assert await _names(client, skip=1, take=1) == ["Ape house"]
    assert await _names(client, partialName="HOUSE") == ["Ape house"]
    assert await _names(client, projectGroup=last) == ["Ape house"]
    assert await _names(client, projectTag="Team/Blue") == ["Ape house"]
    assert await _names(client, tenant=shop.tenants["Crow"]) == ["Web Shop"]
    assert await _names(client, state="failed") == ["Web Shop"]
    assert await _names(client, state="active") == []
    assert (await client.get(PATH, params={"state": "merry"})).status_code == 400

    found = (await client.get(PATH)).json()
    [cell] = found["Rows"][0]["Cells"]
    counts = {key: cell[f"{key}Tenants"] for key in ("Connected", "Current", "Failed", "Active")}
    assert counts == {"Connected": 2, "Current": 1, "Failed": 1, "Active": 0}
    assert (cell["EnvironmentId"], cell["Item"]["ReleaseVersion"]) == (environments["Dev"], "1.0.0")
    assert (found["TotalResults"], found["IsFiltered"]) == (2, False)

    chosen = {"IncludedTenantTags": ["Tier/Silver"], "IncludedEnvironmentIds": [environments["Dev"]]}
    await client.put(f"{SPACE}/dashboardconfiguration", json=chosen)
    narrowed = (await client.get(PATH)).json()
    [cell] = narrowed["Rows"][0]["Cells"]
    assert (cell["ConnectedTenants"], cell["CurrentTenants"], cell["FailedTenants"]) == (1, 0, 1)
    assert ([one["Name"] for one in narrowed["Environments"]], narrowed["IsFiltered"]) == (["Dev"], True)
    assert len((await client.get(PATH, params={"showAll": "true"})).json()["Environments"]) == 2
    assert [one["Name"] for one in (await client.get(f"{SPACE}/dashboard")).json()["Tenants"]] == ["Bolt"]
