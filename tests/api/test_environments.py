"""Environments of every type over HTTP: stages of promotion, parents, and those that come and go with releases."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from tests.api.conftest import SPACE, create
from tests.api.runbooks import cared_for
from tests.api.test_deployments import Shop, script

from polpo.server.application import Server


async def names(client: httpx.AsyncClient, query: str = "") -> list[str]:
    listed = (await client.get(f"{SPACE}/environments/v2?{query}")).json()
    assert listed["ItemType"] == "EnvironmentV2"
    return [one["Name"] for one in listed["Items"]]


@pytest.fixture
async def parent(client: httpx.AsyncClient) -> Any:
    body = {"Name": "Pull requests", "SpaceId": "Spaces-1", "UseGuidedFailure": True, "SortOrder": 0}
    return await create(client, "parentEnvironments", AutomaticDeprovisioningRule={"ExpiryDays": 7}, **body)


@pytest.fixture
async def channel(client: httpx.AsyncClient, project: Any, parent: Any) -> Any:
    return await create(
        client,
        "channels",
        Name="Pull requests",
        ProjectId=project["Id"],
        Type="EphemeralEnvironment",
        ParentEnvironmentId=parent["Id"],
    )


async def ephemeral(client: httpx.AsyncClient, name: str = "pr-1") -> str:
    path = "projects/Projects-1/environments/ephemeral"
    return str((await create(client, path, EnvironmentName=name, SpaceID="Spaces-1", ProjectID="Projects-1"))["Id"])


# -- stages of promotion


async def test_environment_of_the_command_line_comes_last(client: httpx.AsyncClient) -> None:
    await create(client, "tagsets", Name="Tier", Tags=[{"Name": "Gold"}], Scopes=["Environment"])
    await create(client, "environments", Name="Dev")
    body = {"AllowDynamicInfrastructure": True, "Description": "d", "EnvironmentTags": ["Tier/Gold"], "Slug": ""}

    made = await create(client, "environments", Name="E", SortOrder=0, SpaceId="", UseGuidedFailure=True, **body)

    assert made["SortOrder"] == 1
    assert made["EnvironmentTags"] == ["Tier/Gold"]
    assert made["AllowDynamicInfrastructure"] is True
    assert made["Type"] == "Static"
    assert (await client.get(made["Links"]["Self"])).json() == made


async def test_type_and_parent_are_the_servers_to_say(client: httpx.AsyncClient, parent: Any) -> None:
    more = {"Type": "Parent", "ParentEnvironmentId": parent["Id"], "ConnectedProjectIds": ["Projects-1"]}
    made = await create(client, "environments", Name="Dev", **more)
    assert made["Type"] == "Static"
    assert made["ParentEnvironmentId"] is None
    assert made["ConnectedProjectIds"] == []


async def test_variables_of_one_environment_alone_are_told(client: httpx.AsyncClient, project: Any) -> None:
    dev, prod = [(await create(client, "environments", Name=name))["Id"] for name in ("Dev", "Prod")]
    path = f"{SPACE}/projects/{project['Id']}/variables"
    rows = [("Host", [dev]), ("Host", [prod]), ("Port", [dev, prod]), ("Path", [])]
    variables = [{"Name": name, "Value": "x", "Scope": {"Environment": places}} for name, places in rows]
    answer = await client.put(path, json={**(await client.get(path)).json(), "Variables": variables})
    assert answer.status_code == 200, answer.text

    found = (await client.get(f"{SPACE}/environments/{dev}/singlyScopedVariableDetails")).json()

    assert found["VariableMap"] == {project["Id"]: {"Host": 1}}
    assert found["HasUnauthorizedProjectVariables"] is False


async def test_environment_in_use_stays(client: httpx.AsyncClient) -> None:
    dev = (await create(client, "environments", Name="Dev"))["Id"]
    phases = [{"Name": "One", "OptionalDeploymentTargets": [dev]}]
    await create(client, "lifecycles", Name="Short", Phases=phases)
    target = {"Roles": ["web"], "EnvironmentIds": [dev], "Endpoint": {"CommunicationStyle": "None"}}
    await create(client, "machines", Name="m", **target)

    answer = await client.delete(f"{SPACE}/environments/{dev}")

    assert answer.status_code == 409
    assert sorted(answer.json()["Errors"]) == ["In use by the lifecycle 'Short'.", "In use by the machine 'm'."]


# -- lists of every type


async def test_lists_know_types_and_the_older_one_only_stages(client: httpx.AsyncClient, channel: Any) -> None:
    await create(client, "environments", Name="Dev")
    await ephemeral(client)

    assert await names(client) == ["Pull requests", "Dev", "pr-1"]
    assert await names(client, "type=Ephemeral") == ["pr-1"]
    assert await names(client, "type=static&type=Parent") == ["Pull requests", "Dev"]
    assert await names(client, "partialName=P&skip=1&take=1") == ["pr-1"]
    assert await names(client, "name=dev") == ["Dev"]
    assert (await client.get(f"{SPACE}/environments/v2?type=Moon")).status_code == 400
    for path in ("environments?partialName=", "environments/all"):
        answer = (await client.get(f"{SPACE}/{path}")).json()
        listed = answer if isinstance(answer, list) else answer["Items"]
        assert [one["Name"] for one in listed] == ["Dev"]
    by_type = {one["Type"]: one for one in (await client.get(f"{SPACE}/environments/v2")).json()["Items"]}
    assert by_type["Ephemeral"]["ParentEnvironmentId"] == by_type["Parent"]["Id"]
    assert by_type["Ephemeral"]["UseGuidedFailure"] is True


# -- parents


async def test_parent_is_made_changed_and_deleted(client: httpx.AsyncClient, parent: Any) -> None:
    path = f"/api/spaces/Spaces-1/parentEnvironments/{parent['Id']}"
    assert parent["Id"] == "ParentEnvironments-1"
    assert parent["Slug"] == "pull-requests"
    assert parent["AutomaticDeprovisioningRule"] == {"ExpiryDays": 7, "ExpiryHours": 0}
    assert (await client.get(path)).json() == parent

    changed = await client.put(path, json={**parent, "Name": "Tries", "AutomaticDeprovisioningRule": None})

    assert changed.json()["Name"] == "Tries"
    assert changed.json()["AutomaticDeprovisioningRule"] is None
    assert (await client.delete(path)).status_code == 200
    assert (await client.get(path)).status_code == 404


async def test_stage_is_no_parent(client: httpx.AsyncClient) -> None:
    dev = (await create(client, "environments", Name="Dev"))["Id"]
    for method in ("GET", "DELETE"):
        assert (await client.request(method, f"{SPACE}/parentEnvironments/{dev}")).status_code == 404


@pytest.mark.parametrize("rule", [{}, {"ExpiryDays": -1}, {"ExpiryHours": "soon"}])
async def test_rule_that_says_nothing_is_refused(client: httpx.AsyncClient, rule: Any) -> None:
    body = {"Name": "P", "AutomaticDeprovisioningRule": rule}
    answer = await client.post(f"{SPACE}/parentEnvironments", json=body)
    assert answer.status_code == 400
    assert "AutomaticDeprovisioningRule" in answer.json()["Errors"][0]


async def test_only_stages_stand_in_lifecycles_and_have_tenants(
    client: httpx.AsyncClient, project: Any, parent: Any
) -> None:
    phases = [{"Name": "One", "OptionalDeploymentTargets": [parent["Id"]]}]
    answer = await client.post(f"{SPACE}/lifecycles", json={"Name": "L", "Phases": phases})
    assert "is a parent environment" in answer.json()["Errors"][0]
    body = {"Name": "Acme", "ProjectEnvironments": {project["Id"]: [parent["Id"]]}}
    answer = await client.post(f"{SPACE}/tenants", json=body)
    assert "is a parent environment" in answer.json()["Errors"][0]
    preview = (await client.get(f"{SPACE}/lifecycles/Lifecycles-1/preview")).json()
    assert preview["Phases"] == []


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"Type": "EphemeralEnvironment"}, "ParentEnvironmentId is missing"),
        ({"ParentEnvironmentId": "Environments-1"}, "is no parent environment"),
        ({"ParentEnvironmentId": "ParentEnvironments-9"}, "which does not exist"),
        (
            {
                "Type": "EphemeralEnvironment",
                "ParentEnvironmentId": "ParentEnvironments-1",
                "AutomaticEphemeralEnvironmentDeployments": True,
            },
            "EphemeralEnvironmentNameTemplate is missing",
        ),
    ],
)
async def test_channel_that_could_make_no_environment_is_refused(
    client: httpx.AsyncClient, project: Any, parent: Any, more: Any, sentence: str
) -> None:
    await create(client, "environments", Name="Dev")
    body = {"Name": "C", "ProjectId": project["Id"], **more}
    answer = await client.post(f"{SPACE}/channels", json=body)
    assert answer.status_code == 400
    assert sentence in answer.json()["Errors"][0]


# -- ephemeral ones


async def test_ephemeral_environment_is_shared_and_goes_with_its_last_project(
    client: httpx.AsyncClient, channel: Any, parent: Any
) -> None:
    group = {"ProjectGroupId": "ProjectGroups-1", "LifecycleId": "Lifecycles-1"}
    other = await create(client, "projects", Name="Other", **group)
    made = await ephemeral(client)
    assert await ephemeral(client, "PR-1") == made
    path = f"{SPACE}/projects/{other['Id']}/environments/ephemeral"
    refused = await client.post(path, json={"EnvironmentName": "pr-1"})
    assert "has no channel for ephemeral environments" in refused.json()["Errors"][0]
    assert (await client.get(f"{path}/{made}/status")).json() == {"Status": "NotConnected"}
    assert (await client.post(f"{path}/{made}/deprovision", json={})).status_code == 400
    assert (await client.delete(f"{SPACE}/parentEnvironments/{parent['Id']}")).status_code == 409
    more = {"Type": "EphemeralEnvironment", "ParentEnvironmentId": parent["Id"]}
    await create(client, "channels", Name="Tries", ProjectId=other["Id"], **more)
    assert (await client.post(path, json={"EnvironmentName": "pr-1"})).json() == {"Id": made}
    assert (await client.get(f"{path}/{made}/status")).json() == {"Status": "NotProvisioned"}

    answer = await client.post(f"{path}/{made}/deprovision", json={})
    assert answer.json() == {"DeprovisioningRun": None}
    assert await names(client, "type=Ephemeral") == ["pr-1"]
    answer = await client.post(f"{SPACE}/environments/ephemeral/{made}/deprovision", json={})
    assert answer.json() == {"DeprovisioningRuns": []}
    assert await names(client, "type=Ephemeral") == []


@pytest.mark.parametrize("name", ["", "x" * 51, "a/b", "Pull requests"])
async def test_name_that_no_environment_can_have_is_refused(client: httpx.AsyncClient, channel: Any, name: str) -> None:
    path = f"{SPACE}/projects/Projects-1/environments/ephemeral"
    answer = await client.post(path, json={"EnvironmentName": name})
    assert answer.status_code == 400
    assert answer.json()["Errors"][0].startswith("EnvironmentName")


async def test_runbook_takes_away_what_was_built_before_the_environment_goes(
    client: httpx.AsyncClient, server: Server, project: Any, channel: Any
) -> None:
    care = await cared_for(client, server)
    made = await ephemeral(client)
    known = (await client.get(project["Links"]["Self"])).json()
    for named in ("Runbooks-9", "Runbooks-1"):
        await client.put(project["Links"]["Self"], json={**known, "DeprovisioningRunbookId": named})
        path = f"{SPACE}/projects/{project['Id']}/environments/ephemeral/{made}/deprovision"
        refused = await client.post(path, json={})  # first no such runbook, then one that is not published
        assert refused.status_code == 400, refused.text
    await care.process(script("Away", 'echo "away with $(get_octopusvariable Octopus.Environment.Name)"'))
    await care.publish()

    run = (await client.post(path, json={})).json()["DeprovisioningRun"]

    task = await care.ended(run["TaskId"])
    assert task["State"] == "Success"
    assert "away with pr-1" in await care.lines(task["Id"])
    assert await names(client, "type=Ephemeral") == ["pr-1"]
    again = await client.post(f"{SPACE}/environments/ephemeral/{made}/deprovision", json={})
    assert again.json() == {"DeprovisioningRuns": []}
    assert await names(client, "type=Ephemeral") == []


async def test_what_is_no_ephemeral_environment_cannot_be_deprovisioned(
    client: httpx.AsyncClient, project: Any
) -> None:
    dev = (await create(client, "environments", Name="Dev"))["Id"]
    for identity in (dev, "Environments-99"):
        path = f"{SPACE}/environments/ephemeral/{identity}/deprovision"
        assert (await client.post(path, json={})).status_code == 404


async def test_release_brings_its_environment_and_inherits_from_the_parent(
    client: httpx.AsyncClient, server: Server, project: Any, channel: Any, parent: Any
) -> None:
    changes = {
        "AutomaticEphemeralEnvironmentDeployments": True,
        "EphemeralEnvironmentNameTemplate": "pr/#{Octopus.Release.CustomFields[Number]}",
        "CustomFieldDefinitions": [{"FieldName": "Number"}],
    }
    assert (await client.put(channel["Links"]["Self"], json={**channel, **changes})).status_code == 200
    shop = Shop(client, server, {})
    await shop.process(
        script("Say", 'echo "$(get_octopusvariable Tone) in $(get_octopusvariable Octopus.Environment.Name)"')
    )
    await shop.variables(
        {"Name": "Tone", "Value": "plain"},
        {"Name": "Tone", "Value": "tried", "Scope": {"Environment": [parent["Id"]]}},
    )
    body = {"projectName": "Web Shop", "releaseVersion": "1.0.0", "channelName": "Pull requests"}

    answer = await client.post(f"{SPACE}/releases/create/v1", json={**body, "customFields": {"Number": "451"}})

    assert answer.json()["AutomaticallyDeployedEnvironments"] == "pr-451"
    assert await names(client, "type=Ephemeral") == ["pr-451"]
    [deployment] = (await client.get(f"{SPACE}/deployments")).json()["Items"]
    task = await shop.ended(deployment["TaskId"])
    assert task["State"] == "Success"
    assert "tried in pr-451" in await shop.lines(task["Id"])
    progression = (await client.get(f"{SPACE}/releases/{answer.json()['ReleaseId']}/progression")).json()
    assert [one["Name"] for one in progression["Phases"][0]["Environments"]] == ["pr-451"]
    path = f"{SPACE}/projects/Projects-1/environments/ephemeral/{deployment['EnvironmentId']}"
    assert (await client.get(f"{path}/status")).json() == {"Status": "Provisioned"}
    assert (await client.post(f"{path}/deprovision", json={})).status_code == 200
    assert (await client.get(f"{SPACE}/deployments")).json()["TotalResults"] == 0


async def test_release_is_deployed_by_hand_to_the_projects_ephemeral_environments_only(
    client: httpx.AsyncClient, server: Server, channel: Any, parent: Any
) -> None:
    await create(client, "environments", Name="Dev")
    shop = Shop(client, server, {})
    await shop.process(script("Say", "echo hello"))
    body = {"projectName": "Web Shop", "releaseVersion": "1.0.0", "channelName": "Pull requests"}
    assert (await client.post(f"{SPACE}/releases/create/v1", json=body)).is_success
    for environment in ("Dev", "Pull requests"):
        assert "no phase of its lifecycle has this environment" in await shop.refused(environment)
    await ephemeral(client)
    await shop.ended(await shop.deploy("pr-1"))


async def test_targets_of_the_parent_are_used(
    client: httpx.AsyncClient, server: Server, channel: Any, parent: Any
) -> None:
    step = script("Web", "echo hello", StepProperties={"Octopus.Action.TargetRoles": "web"})
    del step["Actions"][0]["Properties"]["Octopus.Action.RunOnServer"]
    await Shop(client, server, {}).process(step)
    body = {"projectName": "Web Shop", "releaseVersion": "1.0.0", "channelName": "Pull requests"}
    release = (await client.post(f"{SPACE}/releases/create/v1", json=body)).json()["ReleaseId"]
    made = await ephemeral(client)
    target = {"Roles": ["web"], "EnvironmentIds": [parent["Id"]], "Endpoint": {"CommunicationStyle": "None"}}
    await create(client, "machines", Name="shared", **target)
    preview = (await client.get(f"{SPACE}/releases/{release}/deployments/preview/{made}")).json()
    assert preview["StepsToExecute"][0]["MachineNames"] == ["shared"]
    assert preview["Problems"] == []
