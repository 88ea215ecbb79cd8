"""What tenants give to variable templates, in both forms that clients speak."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from tests.api.conftest import SPACE, create

TEMPLATES = [
    {"Name": "Host", "Label": "Host name", "DisplaySettings": {"Octopus.ControlType": "SingleLineText"}},
    {"Name": "Secret", "DisplaySettings": {"Octopus.ControlType": "Sensitive"}},
    {"Name": "Port", "DefaultValue": "80"},
    {"Name": "Verbose", "DisplaySettings": {"Octopus.ControlType": "Checkbox"}},
]


class Acme:
    """A tenant with a project of four templates in two environments."""

    def __init__(self, client: httpx.AsyncClient, tenant: Any, project: Any, dev: str, prod: str) -> None:
        self.client = client
        self.tenant = tenant
        self.project: str = project["Id"]
        self.templates: dict[str, str] = {one["Name"]: one["Id"] for one in project["Templates"]}
        self.dev, self.prod = dev, prod
        self.path = f"{SPACE}/tenants/{tenant['Id']}"

    async def older(self) -> Any:
        return (await self.client.get(f"{self.path}/variables")).json()

    async def newer(self, query: str = "") -> Any:
        return (await self.client.get(f"{self.path}/projectvariables{query}")).json()

    def payload(self, name: str, value: Any, *places: str, **more: Any) -> dict[str, Any]:
        scope = {"EnvironmentIds": list(places)}
        return {
            "ProjectId": self.project, "TemplateId": self.templates[name], "Value": value, "Scope": scope, **more
        }  # fmt: skip

    async def give(self, *payloads: dict[str, Any]) -> httpx.Response:
        path = f"{self.path}/projectvariables?IncludeMissingVariables="
        return await self.client.put(path, json={"Variables": list(payloads)})

    async def stored_secret(self, server: Any) -> set[str | None]:
        from polpo.features.tenants.variables import TENANT_VALUE_SETS

        with server.database.read() as session:
            [stored] = session.all(TENANT_VALUE_SETS)
            return {session.reveal(one.value) for one in stored.values if not isinstance(one.value, str)}


@pytest.fixture
async def acme(client: httpx.AsyncClient, project: Any) -> Acme:
    dev = (await create(client, "environments", Name="Dev"))["Id"]
    prod = (await create(client, "environments", Name="Prod"))["Id"]
    changed = (await client.put(project["Links"]["Self"], json={**project, "Templates": TEMPLATES})).json()
    tenant = await create(client, "tenants", Name="Acme", ProjectEnvironments={project["Id"]: [dev, prod]})
    return Acme(client, tenant, changed, dev, prod)


async def test_older_form_shows_every_connected_environment_and_templates_with_defaults(acme: Acme) -> None:
    shown = await acme.older()

    assert shown["TenantId"] == acme.tenant["Id"]
    assert shown["TenantName"] == "Acme"
    project = shown["ProjectVariables"][acme.project]
    assert project["ProjectName"] == "Web Shop"
    assert project["Variables"] == {acme.dev: {}, acme.prod: {}}
    defaults = {one["Name"]: one["DefaultValue"] for one in project["Templates"]}
    assert defaults["Host"] == ""
    assert defaults["Port"] == "80"
    assert defaults["Secret"]["HasValue"] is False
    assert shown["LibraryVariables"] == {}


async def test_older_form_is_written_and_comes_back_without_the_secret(acme: Acme, server: Any) -> None:
    body = await acme.older()
    body["ProjectVariables"][acme.project]["Variables"] = {
        acme.dev: {acme.templates["Host"]: "dev.acme", acme.templates["Secret"]: {"HasValue": True, "NewValue": "pst"}},
        acme.prod: {acme.templates["Host"]: "acme"},
    }

    for method in ("POST", "PUT"):
        answer = await acme.client.request(method, f"{acme.path}/variables", json=body)
        assert answer.status_code == 200, answer.text
        body = answer.json()

    values = body["ProjectVariables"][acme.project]["Variables"]
    assert values[acme.dev][acme.templates["Host"]] == "dev.acme"
    assert values[acme.dev][acme.templates["Secret"]] == {"HasValue": True, "NewValue": None, "Hint": None}
    assert values[acme.prod] == {acme.templates["Host"]: "acme"}
    assert await acme.stored_secret(server) == {"pst"}
    listed = (await acme.client.get(f"{SPACE}/tenantvariables/all?projectId={acme.project}")).json()
    assert [one["ProjectVariables"] for one in listed] == [body["ProjectVariables"]]


async def test_older_form_replaces_everything(acme: Acme) -> None:
    await acme.give(acme.payload("Host", "x", acme.dev))
    answer = await acme.client.post(f"{acme.path}/variables", json={"TenantId": acme.tenant["Id"]})
    assert answer.status_code == 200
    assert (await acme.newer())["Variables"] == []


async def test_older_form_that_is_out_of_date_is_refused(acme: Acme) -> None:
    body = await acme.older()
    await acme.give(acme.payload("Host", "x", acme.dev))
    assert (await acme.client.put(f"{acme.path}/variables", json=body)).status_code == 409


async def test_newer_form_is_written_as_the_command_line_does(acme: Acme) -> None:
    first = (await acme.give(acme.payload("Host", "everywhere"))).json()
    [host] = first["Variables"]
    assert host["Id"].startswith("TenantVariables-")
    assert host["Scope"] == {"EnvironmentIds": []}
    assert host["Template"]["Name"] == "Host"
    assert host["ProjectName"] == "Web Shop"
    assert first["MissingVariables"] is None

    kept = acme.payload("Host", "everywhere", Id=host["Id"])
    second = (await acme.give(kept, acme.payload("Host", "production", acme.prod))).json()

    assert second["Variables"][0]["Id"] == host["Id"]
    values = (await acme.older())["ProjectVariables"][acme.project]["Variables"]
    assert values[acme.dev][acme.templates["Host"]] == "everywhere"
    assert values[acme.prod][acme.templates["Host"]] == "production"


async def test_value_of_several_environments_stays_one_through_the_older_form(acme: Acme) -> None:
    await acme.give(acme.payload("Host", "x", acme.dev, acme.prod), acme.payload("Port", "1"))
    before = (await acme.newer())["Variables"]

    await acme.client.put(f"{acme.path}/variables", json=await acme.older())

    assert sorted((await acme.newer())["Variables"], key=str) == sorted(before, key=str)


async def test_missing_variables_are_told_on_request(acme: Acme) -> None:
    await acme.give(acme.payload("Host", "x", acme.dev), acme.payload("Secret", {"HasValue": True, "NewValue": "s"}))

    missing = (await acme.newer("?IncludeMissingVariables=true"))["MissingVariables"]

    shown = {one["Template"]["Name"]: one["Scope"]["EnvironmentIds"] for one in missing}
    assert shown == {"Host": [acme.prod], "Port": [acme.dev, acme.prod], "Verbose": [acme.dev, acme.prod]}
    assert {one["Id"] for one in missing} == {""}
    assert (await acme.newer())["MissingVariables"] is None


async def test_tenants_that_lack_values_are_listed(acme: Acme) -> None:
    await create(acme.client, "tenants", Name="Bolt")
    await acme.give(acme.payload("Host", "x", acme.dev))
    path = f"{SPACE}/tenants/variables-missing"

    [found] = (await acme.client.get(path)).json()

    assert found["TenantId"] == acme.tenant["Id"]
    assert {(one["VariableTemplateName"], one["EnvironmentId"]) for one in found["MissingVariables"]} == {
        ("Host", acme.prod),
        ("Secret", acme.dev),
        ("Secret", acme.prod),
    }
    [only] = (await acme.client.get(f"{path}?environmentId={acme.dev}&tenantId={acme.tenant['Id']}")).json()
    assert [one["VariableTemplateName"] for one in only["MissingVariables"]] == ["Secret"]
    assert (await acme.client.get(f"{path}?projectId=Projects-9")).json() == []
    [short] = (await acme.client.get(f"{path}?includeDetails=false")).json()
    assert short["MissingVariables"] == []


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"ProjectId": "Projects-9"}, "not connected to the project 'Projects-9'"),
        ({"TemplateId": "nope"}, "has no variable template with the id 'nope'"),
        ({"Scope": {"EnvironmentIds": ["Environments-9"]}}, "not connected to the environment 'Environments-9'"),
        ({"Value": 5}, "Variables[0].Value"),
    ],
)
async def test_value_for_nothing_is_refused(acme: Acme, changes: Any, sentence: str) -> None:
    answer = await acme.give({**acme.payload("Host", "x"), **changes})
    assert answer.status_code == 400, answer.text
    assert sentence in " ".join(answer.json()["Errors"])


async def test_two_values_for_one_environment_are_refused(acme: Acme) -> None:
    answer = await acme.give(acme.payload("Host", "x", acme.dev), acme.payload("Host", "y", acme.dev, acme.prod))
    assert answer.status_code == 400
    assert "two values for the same environment" in answer.json()["Errors"][0]


async def test_secret_stays_until_it_is_cleared(acme: Acme, server: Any) -> None:
    first = (await acme.give(acme.payload("Secret", "plain text", acme.dev))).json()["Variables"][0]
    assert first["Value"] == {"HasValue": True, "NewValue": None, "Hint": None}
    await acme.give(acme.payload("Secret", first["Value"], acme.dev, Id=first["Id"]))
    assert await acme.stored_secret(server) == {"plain text"}
    await acme.give(acme.payload("Secret", first["Value"], acme.dev, acme.prod))
    assert await acme.stored_secret(server) == {"plain text"}
    cleared = (await acme.give(acme.payload("Secret", {"HasValue": False, "NewValue": None}))).json()["Variables"][0]
    assert cleared["Value"]["HasValue"] is False
    assert await acme.stored_secret(server) == {None}


async def test_values_wait_for_a_connection_to_return(acme: Acme) -> None:
    await acme.give(acme.payload("Host", "x", acme.dev))
    await acme.client.put(acme.path, json={**acme.tenant, "ProjectEnvironments": {}})
    assert (await acme.newer())["Variables"] == []
    assert (await acme.give()).status_code == 200
    await acme.client.put(acme.path, json=acme.tenant)
    assert [one["Value"] for one in (await acme.newer())["Variables"]] == ["x"]


async def test_clone_takes_the_values_over(acme: Acme, server: Any) -> None:
    await acme.give(acme.payload("Host", "x", acme.dev), acme.payload("Secret", "s"))
    clone = await create(acme.client, f"tenants?clone={acme.tenant['Id']}", Name="Copy")
    values = (await acme.client.get(f"{SPACE}/tenants/{clone['Id']}/projectvariables")).json()["Variables"]
    assert {one["Template"]["Name"] for one in values} == {"Host", "Secret"}
    await acme.give()
    values = (await acme.client.get(f"{SPACE}/tenants/{clone['Id']}/projectvariables")).json()["Variables"]
    assert len(values) == 2


async def test_tenant_and_project_can_go_with_their_values(acme: Acme) -> None:
    await acme.give(acme.payload("Host", "x", acme.dev))
    assert (await acme.client.delete(f"{SPACE}/projects/{acme.project}")).status_code == 200
    assert (await acme.client.delete(acme.path)).status_code == 200


async def test_common_variables_without_library_sets_are_none(acme: Acme) -> None:
    path = f"{acme.path}/commonvariables"
    shown = (await acme.client.get(f"{path}?includeMissingVariables=true")).json()
    assert shown == {"TenantId": acme.tenant["Id"], "Variables": [], "MissingVariables": []}
    body = {"Variables": [{"LibraryVariableSetId": "LibraryVariableSets-1", "TemplateId": "t", "Value": "v"}]}
    answer = await acme.client.put(path, json=body)
    assert answer.status_code == 400
    assert "not connected to the library variable set" in answer.json()["Errors"][0]
