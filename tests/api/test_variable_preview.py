"""What a variable is at a place, and why, over HTTP."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from tests.api.conftest import SPACE, create

PREVIEW = f"{SPACE}/variables/preview?project=web-shop"
EXPLAIN = f"{SPACE}/variables/explanation?project=web-shop"


@pytest.fixture
async def places(client: httpx.AsyncClient, project: Any) -> None:
    """Two environments, a target, a step for its tag, and values for each."""
    test, live = [(await create(client, "environments", Name=name))["Id"] for name in ("Test", "Live")]
    endpoint = {"CommunicationStyle": "None"}
    await create(client, "machines", Name="web-1", EnvironmentIds=[live], Roles=["web", "eu"], Endpoint=endpoint)
    tags = {"Octopus.Action.TargetRoles": "web,db"}
    steps = [{"Name": "Say", "Properties": tags, "Actions": [{"ActionType": "Octopus.Script"}]}]
    process = (await client.put(project["Links"]["DeploymentProcess"], json={"Steps": steps})).json()
    say = process["Steps"][0]["Actions"][0]["Id"]
    variables = [
        {"Name": "Url", "Value": "http://#{Host}/?key=#{Key}"},
        {"Name": "Host", "Value": "anywhere"},
        {"Name": "Host", "Value": "test", "Scope": {"Environment": [test]}},
        {"Name": "host", "Value": "live", "Scope": {"Environment": [live]}},
        {"Name": "Host", "Value": "eu", "Scope": {"Role": ["eu"]}},
        {"Name": "Host", "Value": "web", "Scope": {"Role": ["web"]}},
        {"Name": "Host", "Value": "say", "Scope": {"Action": [say], "Environment": [test]}},
        {"Name": "Key", "Type": "Sensitive", "Value": "s3cret"},
        {"Name": "Twice", "Value": "first"},
        {"Name": "Twice", "Value": "second"},
        {"Name": "Loop", "Value": "#{Loop}"},
    ]
    answer = await client.put(project["Links"]["Variables"], json={"Variables": variables})
    assert answer.status_code == 200, answer.text


@pytest.mark.parametrize(
    ("place", "host"),
    [
        ("", "anywhere"),
        ("&environment=Environments-1", "test"),
        ("&environment=live", "live"),
        ("&environment=live&machine=web-1&role=db", "eu"),
        ("&environment=live&machine=web-1&action=Say", "web"),
        ("&environment=test&machine=web-1&action=say", "say"),
        ("&role=eu", "eu"),
    ],
)
async def test_a_preview_has_the_value_of_the_place(
    client: httpx.AsyncClient, places: None, place: str, host: str
) -> None:
    preview = (await client.get(PREVIEW + place)).json()

    values = {one["Name"].lower(): one["Value"] for one in preview["Variables"]}
    assert values == {
        "url": f"http://{host}/?key=*****",
        "host": host,
        "key": None,
        "twice": "first",
        "loop": "#{Loop}",
    }
    assert "s3cret" not in str(preview)


async def test_an_explanation_tells_every_value_and_what_decided(client: httpx.AsyncClient, places: None) -> None:
    told = (await client.get(f"{EXPLAIN}&name=HOST&environment=Live")).json()

    assert (told["Value"], told["IsDefined"], told["IsAmbiguous"]) == ("live", True, False)
    assert [(one["Value"], one["Outcome"]) for one in told["Considered"]][:2] == [
        ("live", "Won"),
        ("anywhere", "LessSpecific"),
    ]
    sentences = {one["Value"]: one["Sentence"] for one in told["Considered"]}
    assert sentences["live"] == "Chosen: scoped to environment Live, the most specific of those that hold here."
    assert sentences["test"] == "Does not hold here: scoped to environment Test."
    assert sentences["say"] == "Does not hold here: scoped to step Say."


async def test_an_explanation_warns_of_equals_and_hides_secrets(client: httpx.AsyncClient, places: None) -> None:
    twice = (await client.get(f"{EXPLAIN}&name=Twice")).json()
    key = (await client.get(f"{EXPLAIN}&name=Key")).json()

    assert (twice["Value"], twice["IsAmbiguous"]) == ("first", True)
    assert "The first is taken" in twice["Rule"]
    assert (key["Value"], key["IsSensitive"], key["Considered"][0]["Value"]) == (None, True, None)


async def test_an_explanation_says_who_gives_each_value(client: httpx.AsyncClient) -> None:
    live = (await create(client, "environments", Name="Live"))["Id"]
    shared = await create(client, "libraryvariablesets", Name="Hosts")
    variables = (await client.get(f"{SPACE}/variables/{shared['VariableSetId']}")).json()
    await client.put(
        f"{SPACE}/variables/{shared['VariableSetId']}",
        json={**variables, "Variables": [{"Name": "Host", "Value": "any"}]},
    )
    project = await create(
        client,
        "projects",
        Name="Web Shop",
        ProjectGroupId="ProjectGroups-1",
        LifecycleId="Lifecycles-1",
        TenantedDeploymentMode="TenantedOrUntenanted",
        IncludedLibraryVariableSetIds=[shared["Id"]],
        Templates=[{"Name": "Host", "DefaultValue": "of the template"}],
    )
    places = {project["Id"]: [live]}
    tenant = await create(client, "tenants", Name="Acme", ProjectEnvironments=places)
    await client.put(
        project["Links"]["Variables"],
        json={"Variables": [{"Name": "Host", "Value": "live", "Scope": {"Environment": [live]}}]},
    )
    assert tenant["Id"]

    told = (await client.get(f"{EXPLAIN}&name=host&environment=Live&tenant=Acme")).json()

    assert [(one["Source"], one["Value"], one["Outcome"]) for one in told["Considered"]] == [
        ("Tenant Acme", "of the template", "Won"),
        ("Project Web Shop", "live", "LessSpecific"),
        ("Library set Hosts", "any", "LessSpecific"),
    ]
    assert told["Considered"][0]["Sentence"].startswith("Chosen: scoped to tenant Acme and environment Live")
    assert told["Rule"] is None


@pytest.mark.parametrize(
    ("path", "status", "word"),
    [
        (f"{SPACE}/variables/preview", 400, "'project' is missing"),
        (EXPLAIN, 400, "'name' is missing"),
        (f"{EXPLAIN}&name=Nope", 404, "no variable 'Nope'"),
        (f"{PREVIEW}&environment=Nope", 400, "no environment 'Nope'"),
        (f"{PREVIEW}&action=Nope", 400, "no step 'Nope'"),
    ],
)
async def test_a_place_that_does_not_exist_is_refused(
    client: httpx.AsyncClient, places: None, path: str, status: int, word: str
) -> None:
    answer = await client.get(path)

    assert answer.status_code == status
    assert word in answer.json()["ErrorMessage"]


async def test_preview_for_a_runbook_has_what_is_scoped_to_it(client: httpx.AsyncClient, project: Any) -> None:
    runbook = await create(client, "runbooks", Name="Restart", ProjectId=project["Id"])
    steps = [{"Name": "Say", "Actions": [{"ActionType": "Octopus.Script"}]}]
    saved = (await client.put(runbook["Links"]["RunbookProcesses"], json={"Version": 0, "Steps": steps})).json()
    variables = [
        {"Name": "Word", "Value": "deployed", "Scope": {"ProcessOwner": [project["Id"]]}},
        {"Name": "Word", "Value": "run", "Scope": {"ProcessOwner": [runbook["Id"]]}},
        {"Name": "Step", "Value": "said", "Scope": {"Action": [saved["Steps"][0]["Actions"][0]["Id"]]}},
    ]
    await client.put(project["Links"]["Variables"], json={"Variables": variables})

    async def values(query: str) -> dict[str, str]:
        shown = (await client.get(PREVIEW + query)).json()["Variables"]
        return {one["Name"]: one["Value"] for one in shown}

    assert await values("") == {"Word": "deployed"}
    assert await values(f"&runbook={runbook['Id']}") == {"Word": "run"}
    assert await values("&runbook=restart&action=say") == {"Word": "run", "Step": "said"}
    unknown = await client.get(f"{PREVIEW}&runbook=nope")
    assert unknown.status_code == 400
