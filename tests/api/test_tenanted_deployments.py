"""Deployments for tenants: who may get a release, on which targets and with which values it runs, and what is shown."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from tests.api.conftest import SPACE, create
from tests.api.test_deployments import Shop, script

from polpo.server.application import Server

V1 = f"{SPACE}/deployments/create/tenanted/v1"


class Estate(Shop):
    """A shop with tenants: Acme (Gold, EU) and Bolt (Silver) in Dev and Prod, Crow (Gold) in Prod only."""

    tenants: dict[str, str]

    async def furnish(self) -> None:
        await create(self.client, "tagsets", Name="Tier", Tags=[{"Name": "Gold"}, {"Name": "Silver"}])
        await create(self.client, "tagsets", Name="Region", Tags=[{"Name": "EU"}])
        await self.project(TenantedDeploymentMode="Tenanted")
        both = list(self.environments.values())
        self.tenants = {
            name: (
                await create(
                    self.client, "tenants", Name=name, TenantTags=tags, ProjectEnvironments={"Projects-1": places}
                )
            )["Id"]
            for name, tags, places in (
                ("Acme", ["Tier/Gold", "Region/EU"], both),
                ("Bolt", ["Tier/Silver"], both),
                ("Crow", ["Tier/Gold"], both[1:]),
            )
        }

    async def project(self, **changes: Any) -> Any:
        return await self.change("projects/Projects-1", **changes)

    async def change(self, path: str, **changes: Any) -> Any:
        known = (await self.client.get(f"{SPACE}/{path}")).json()
        answer = await self.client.put(f"{SPACE}/{path}", json={**known, **changes})
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def tenant(self, name: str, **changes: Any) -> Any:
        return await self.change(f"tenants/{self.tenants[name]}", **changes)

    async def ask(self, environment: str, *tenants: str, **more: Any) -> httpx.Response:
        body = {
            "spaceIdOrName": "Default",
            "projectName": "Web Shop",
            "releaseVersion": "1.0.0",
            "environmentName": environment,
            "tenants": list(tenants),
            **more,
        }
        return await self.client.post(V1, json=body)

    async def serve(self, environment: str, *tenants: str, **more: Any) -> list[str]:
        """The ended tasks."""
        answer = await self.ask(environment, *tenants, **more)
        assert answer.status_code == 200, answer.text
        tasks = [one["ServerTaskId"] for one in answer.json()["DeploymentServerTasks"]]
        for task in tasks:
            await self.ended(task)
        return tasks

    async def refusal(self, environment: str, *tenants: str, **more: Any) -> str:
        answer = await self.ask(environment, *tenants, **more)
        assert answer.status_code in {400, 404}, answer.text
        assert (await self.client.get(f"{SPACE}/deployments")).json()["TotalResults"] == 0
        return " ".join(answer.json().get("Errors") or [answer.json()["ErrorMessage"]])

    async def served(self, tasks: list[str]) -> list[str]:
        names = {identity: name for name, identity in self.tenants.items()}
        return [names[(await self.client.get(f"/api/tasks/{task}")).json()["TenantId"]] for task in tasks]


@pytest.fixture
async def estate(client: httpx.AsyncClient, server: Server, project: Any) -> Estate:
    made = {name: (await create(client, "environments", Name=name))["Id"] for name in ("Dev", "Prod")}
    estate = Estate(client, server, made)
    await estate.furnish()
    return estate


@pytest.fixture
async def ready(estate: Estate) -> Estate:
    await estate.process(script("Hello", "echo hello"))
    await estate.release()
    return estate


# -- who may get it


async def test_each_tenant_gets_a_deployment_and_a_task_of_its_own(ready: Estate) -> None:
    tasks = await ready.serve("Dev", "acme", ready.tenants["Bolt"])

    assert await ready.served(tasks) == ["Acme", "Bolt"]
    task = (await ready.client.get(f"/api/tasks/{tasks[0]}")).json()
    assert task["State"] == "Success"
    assert task["Description"] == "Deploy Web Shop release 1.0.0 to Dev for Acme"
    listed = (await ready.client.get(f"{SPACE}/deployments?tenants={ready.tenants['Bolt']}")).json()["Items"]
    assert [one["TenantId"] for one in listed] == [ready.tenants["Bolt"]]
    of_tenant = (await ready.client.get(f"/api/tasks?tenant={ready.tenants['Acme']}")).json()["Items"]
    assert [one["Id"] for one in of_tenant] == tasks[:1]


async def test_deployment_for_a_tenant_can_be_posted_by_ids(ready: Estate) -> None:
    release = (await ready.client.get(f"{SPACE}/releases")).json()["Items"][0]["Id"]
    body = {"ReleaseId": release, "EnvironmentId": ready.environments["Dev"], "TenantId": ready.tenants["Acme"]}
    made = await create(ready.client, "deployments", **body)
    assert made["TenantId"] == ready.tenants["Acme"]
    await ready.ended(made["TaskId"])
    answer = await ready.client.post(f"{SPACE}/deployments", json={**body, "TenantId": "Tenants-99"})
    assert "TenantId names the tenant 'Tenants-99'" in answer.json()["Errors"][0]


async def test_tags_choose_tenants_that_could_get_it_and_names_are_added(ready: Estate) -> None:
    await ready.tenant("Crow", IsDisabled=True)
    tasks = await ready.serve("Dev", "Bolt", tenantTags=["tier/gold", "Region/EU"])
    assert await ready.served(tasks) == ["Bolt", "Acme"]


async def test_star_means_every_tenant_that_could_get_it(ready: Estate) -> None:
    assert await ready.served(await ready.serve("Prod", "*")) == ["Crow"]


@pytest.mark.parametrize(
    ("environment", "tenants", "more", "sentence"),
    [
        ("Dev", ["Nobody"], {}, "There is no tenant 'Nobody' in this space."),
        ("Dev", [], {}, "Tenants and TenantTags are both empty"),
        ("", ["Acme"], {}, "EnvironmentName is missing"),
        ("Dev", ["Crow"], {}, "Crow is not connected to Web Shop in Dev"),
        ("Prod", ["Acme"], {}, "the phase 'Dev' needs one more successful deployment"),
        ("Dev", [], {"tenantTags": ["Tier/Lead"]}, "the tag set 'Tier' has no such tag"),
        ("Prod", [], {"tenantTags": ["Tier/Silver"]}, "No tenant with the tags Tier/Silver can get release 1.0.0"),
    ],
)
async def test_command_for_tenants_that_cannot_be_done_leaves_nothing_behind(
    ready: Estate, environment: str, tenants: list[str], more: Any, sentence: str
) -> None:
    assert sentence in await ready.refusal(environment, *tenants, **more)


async def test_project_says_whether_tenants_are_needed_or_refused(ready: Estate) -> None:
    assert "is deployed for tenants only" in await ready.refused("Dev")
    await ready.project(TenantedDeploymentMode="Untenanted")
    assert "is not deployed for tenants" in await ready.refusal("Dev", "Acme")
    await ready.project(TenantedDeploymentMode="TenantedOrUntenanted")
    await ready.ended(await ready.deploy("Dev"))
    await ready.serve("Dev", "Acme")


async def test_disabled_tenant_gets_nothing(ready: Estate) -> None:
    await ready.tenant("Acme", IsDisabled=True)
    assert "The tenant Acme is disabled" in await ready.refusal("Dev", "Acme")


async def test_channel_with_tags_refuses_other_tenants(ready: Estate) -> None:
    await ready.change("channels/Channels-1", TenantTags=["Tier/Silver"])
    assert "Releases of the channel Default are not for Acme" in await ready.refusal("Dev", "Acme")
    assert await ready.served(await ready.serve("Dev", "*")) == ["Bolt"]


async def test_tenant_promotes_by_itself_and_without_a_phase_goes_straight_on(ready: Estate) -> None:
    release = (await ready.client.get(f"{SPACE}/releases")).json()["Items"][0]["Id"]
    path = f"{SPACE}/releases/{release}/deployments/template"

    async def promotions() -> dict[str, list[str]]:
        template = (await ready.client.get(path)).json()
        assert template["PromoteTo"] == []
        return {one["Name"]: [to["Name"] for to in one["PromoteTo"]] for one in template["TenantPromotions"]}

    assert await promotions() == {"Acme": ["Dev"], "Bolt": ["Dev"], "Crow": ["Prod"]}
    await ready.serve("Dev", "Acme")
    assert await promotions() == {"Acme": ["Dev", "Prod"], "Bolt": ["Dev"], "Crow": ["Prod"]}
    assert await ready.served(await ready.serve("Prod", "Acme", "Crow")) == ["Acme", "Crow"]

    async def progress(tenant: str) -> list[str]:
        found = (await ready.client.get(f"{SPACE}/releases/{release}/progression?tenant={tenant}")).json()
        return [f"{phase['Progress']} {len(phase['Deployments'])}" for phase in found["Phases"]]

    assert await progress("Acme") == ["Complete 1", "Complete 1"]
    assert await progress("bolt") == ["Current 0", "Pending 0"]


# -- what runs, where, with which values


async def test_steps_values_and_names_are_the_tenants(estate: Estate) -> None:
    template = {"Name": "Host", "DisplaySettings": {"Octopus.ControlType": "SingleLineText"}}
    port = {"Name": "Port", "DefaultValue": "80"}
    project = await estate.project(Templates=[template, port])
    ids = {one["Name"]: one["Id"] for one in project["Templates"]}
    for name in ("Acme", "Bolt"):
        value = {"ProjectId": "Projects-1", "TemplateId": ids["Host"], "Value": f"{name}.test"}
        path = f"{SPACE}/tenants/{estate.tenants[name]}/projectvariables"
        assert (await estate.client.put(path, json={"Variables": [value]})).status_code == 200
    await estate.variables(
        {"Name": "Tone", "Value": "all"},
        {"Name": "Tone", "Value": "gold", "Scope": {"TenantTag": ["Tier/Gold"]}},
        {"Name": "Tone", "Value": "acme", "Scope": {"Tenant": [estate.tenants["Acme"]]}},
    )
    says = 'echo "$(get_octopusvariable Host):$(get_octopusvariable Port) $(get_octopusvariable Tone)'
    says += ' for $(get_octopusvariable Octopus.Deployment.Tenant.Name)"'
    await estate.process(script("Say", says), script("Silver only", "echo silver", TenantTags=["Tier/Silver"]))
    await estate.release()

    acme, bolt = await estate.serve("Dev", "Acme", "Bolt")

    assert "Acme.test:80 acme for Acme" in await estate.lines(acme)
    assert "Bolt.test:80 all for Bolt" in await estate.lines(bolt)
    assert "silver" in await estate.lines(bolt)
    assert "silver" not in await estate.lines(acme)
    refused = (await estate.ask("Prod", "Crow")).json()
    assert "Crow has no value for Host (Web Shop) in Prod" in refused["Errors"][0]


async def test_targets_are_used_for_the_tenants_that_they_name(estate: Estate) -> None:
    step = script("Web", "echo hello", StepProperties={"Octopus.Action.TargetRoles": "web"})
    del step["Actions"][0]["Properties"]["Octopus.Action.RunOnServer"]
    await estate.process(step)
    release = await estate.release()
    dev = estate.environments["Dev"]
    place = {"EnvironmentIds": [dev], "Roles": ["web"], "Endpoint": {"CommunicationStyle": "None"}}
    for name, more in {
        "plain": {},
        "acme": {"TenantedDeploymentParticipation": "tenanted", "TenantIds": [estate.tenants["Acme"]]},
        "silver": {"TenantedDeploymentParticipation": "Tenanted", "TenantTags": ["Tier/Silver"]},
        "both": {"TenantedDeploymentParticipation": "TenantedOrUntenanted", "TenantTags": ["Tier/Gold", "Region/EU"]},
        "nobody": {"TenantedDeploymentParticipation": "Tenanted"},
    }.items():
        await create(estate.client, "machines", Name=name, **place, **more)

    async def used(tenant: str | None) -> list[str]:
        wanted = {"EnvironmentId": dev, "TenantId": estate.tenants[tenant] if tenant else None}
        path = f"{SPACE}/releases/{release}/deployments/previews"
        [preview] = (await estate.client.post(path, json={"DeploymentPreviews": [wanted]})).json()
        return sorted(preview["StepsToExecute"][0]["MachineNames"])

    assert await used("Acme") == ["acme", "both"]
    assert await used("Bolt") == ["silver"]
    assert await used(None) == ["both", "plain"]


async def test_preview_for_a_tenant_says_what_stands_in_the_way(ready: Estate) -> None:
    release = (await ready.client.get(f"{SPACE}/releases")).json()["Items"][0]["Id"]
    path = f"{SPACE}/releases/{release}/deployments/preview/{ready.environments['Dev']}"
    assert "tenants only" in (await ready.client.get(path)).json()["Problems"][0]
    assert (await ready.client.get(f"{path}/{ready.tenants['Acme']}")).json()["Problems"] == []
    assert "not connected" in (await ready.client.get(f"{path}/{ready.tenants['Crow']}")).json()["Problems"][0]
    assert (await ready.client.get(f"{path}/Tenants-99")).status_code == 400


# -- what is shown, and how it ends


async def test_dashboard_shows_each_tenant(ready: Estate) -> None:
    await ready.serve("Dev", "Acme", "Bolt")
    await ready.serve("Dev", "Acme")

    board = (await ready.client.get(f"{SPACE}/dashboard")).json()
    assert sorted(one["TenantId"] for one in board["Items"]) == sorted([ready.tenants["Acme"], ready.tenants["Bolt"]])
    assert [one["Name"] for one in board["Tenants"]] == ["Acme", "Bolt", "Crow"]
    assert board["Projects"][0]["CanPerformUntenantedDeployment"] is False
    gold = (await ready.client.get(f"{SPACE}/dashboard?selectedTags=Tier/Gold")).json()
    assert [one["Name"] for one in gold["Tenants"]] == ["Acme", "Crow"]
    assert [one["TenantId"] for one in gold["Items"]] == [ready.tenants["Acme"]]
    progression = (await ready.client.get(f"{SPACE}/projects/Projects-1/progression")).json()
    cells = progression["Releases"][0]["Deployments"][ready.environments["Dev"]]
    assert sorted(one["TenantId"] for one in cells) == sorted([ready.tenants["Acme"], ready.tenants["Bolt"]])


async def test_tenant_takes_its_deployments_along(ready: Estate) -> None:
    await ready.serve("Dev", "Acme", "Bolt")
    assert (await ready.client.delete(f"{SPACE}/tenants/{ready.tenants['Acme']}")).status_code == 200
    left = (await ready.client.get(f"{SPACE}/deployments")).json()["Items"]
    assert [one["TenantId"] for one in left] == [ready.tenants["Bolt"]]


async def test_scopes_offer_tags_and_refuse_what_is_none(ready: Estate) -> None:
    path = f"{SPACE}/projects/Projects-1/variables"
    known = (await ready.client.get(path)).json()
    assert [one["Name"] for one in known["ScopeValues"]["TenantTags"]] == ["Tier/Gold", "Tier/Silver", "Region/EU"]
    bad = {"Name": "Word", "Value": "x", "Scope": {"TenantTag": ["Tier/Lead"]}}
    answer = await ready.client.put(path, json={**known, "Variables": [bad]})
    assert answer.status_code == 400
    assert "has no such tag" in answer.json()["Errors"][0]


async def test_preview_of_variables_knows_the_tenants_tags(ready: Estate) -> None:
    await ready.variables(
        {"Name": "Tone", "Value": "all"}, {"Name": "Tone", "Value": "gold", "Scope": {"TenantTag": ["Tier/Gold"]}}
    )
    path = f"{SPACE}/variables/preview?project=Projects-1&tenant={ready.tenants['Acme']}"
    assert [one["Value"] for one in (await ready.client.get(path)).json()["Variables"]] == ["gold"]


# -- what is shown of it


async def test_a_project_lists_its_tenants_with_what_each_has(ready: Estate) -> None:
    await ready.serve("Dev", "Acme")
    release = (await ready.client.get(f"{SPACE}/releases")).json()["Items"][0]["Id"]
    dev, prod = ready.environments["Dev"], ready.environments["Prod"]

    async def found(query: str) -> list[str]:
        answer = await ready.client.get(f"{SPACE}/projects/web-shop/tenants?{query}")
        assert answer.status_code == 200, answer.text
        return [one["Name"] for one in answer.json()["Items"]]

    page = (await ready.client.get(f"{SPACE}/projects/web-shop/tenants?take=1")).json()
    (acme,) = page["Items"]
    assert (page["TotalResults"], acme["Name"], acme["EnvironmentIds"]) == (3, "Acme", [dev, prod])
    assert [(one["EnvironmentId"], one["ReleaseVersion"], one["State"]) for one in acme["Items"]] == [
        (dev, "1.0.0", "Success")
    ]
    assert await found("partialName=o&skip=1") == ["Crow"]
    assert await found("tags=Tier/Gold") == ["Acme", "Crow"]
    assert await found(f"environment={dev}") == ["Acme", "Bolt"]
    assert await found("state=Success") == ["Acme"]
    assert await found(f"state=None&environment={dev}") == ["Bolt"]
    assert await found(f"lacksRelease={release}&environment={dev}") == ["Bolt"]
    assert await found(f"lacksRelease={release}") == ["Acme", "Bolt", "Crow"]
