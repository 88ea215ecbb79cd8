"""Library variable sets and script modules over HTTP, and in the scripts of the projects that include them."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from tests.api.conftest import SPACE, create
from tests.api.test_deployments import Shop, script

from polpo.server.application import Server

SETS = f"{SPACE}/libraryvariablesets"
HELLO = 'hello() { echo "hello $1 from the module"; }\n'


@pytest.fixture
async def shop(client: httpx.AsyncClient, server: Server, project: Any) -> Shop:
    return Shop(client, server, {"Dev": (await create(client, "environments", Name="Dev"))["Id"]})


async def library(client: httpx.AsyncClient, name: str, *variables: dict[str, Any], **more: Any) -> Any:
    """A set with these variables, made as clients do: the set first, then its variables."""
    made = await create(client, "libraryvariablesets", Name=name, **more)
    await give(client, made, *variables)
    return made


async def give(client: httpx.AsyncClient, owner: Any, *variables: dict[str, Any]) -> None:
    before = (await client.get(owner["Links"]["Variables"])).json()
    answer = await client.put(owner["Links"]["Variables"], json={**before, "Variables": list(variables)})
    assert answer.status_code == 200, answer.text


async def include(client: httpx.AsyncClient, *sets: Any) -> httpx.Response:
    before = (await client.get(f"{SPACE}/projects/Projects-1")).json()
    body = {**before, "IncludedLibraryVariableSetIds": [one["Id"] for one in sets]}
    return await client.put(f"{SPACE}/projects/Projects-1", json=body)


async def test_a_set_has_variables_templates_and_links(client: httpx.AsyncClient) -> None:
    wanted = {
        "Name": "Shared",
        "Description": "For all shops",
        "ContentType": "Variables",
        "Templates": [
            {
                "Name": "Host",
                "Label": "The host",
                "HelpText": "Where",
                "DefaultValue": "localhost",
                "DisplaySettings": {"Octopus.ControlType": "SingleLineText"},
            },
            {"Id": "mine", "Name": "Key", "DefaultValue": {"HasValue": True, "NewValue": "s3cret"}},
        ],
    }

    made = await create(client, "libraryvariablesets", **wanted)
    read = (await client.get(made["Links"]["Self"])).json()
    variables = (await client.get(made["Links"]["Variables"])).json()

    assert (made["Id"], made["VariableSetId"]) == ("LibraryVariableSets-1", "variableset-LibraryVariableSets-1")
    assert read == made
    host, key = read["Templates"]
    assert host["Id"]
    assert wanted["Templates"][0].items() <= host.items()  # type: ignore[index]
    assert (key["Id"], key["DefaultValue"]) == ("mine", {"HasValue": True, "NewValue": None, "Hint": None})
    assert (variables["OwnerId"], variables["Variables"], variables["Version"]) == (made["Id"], [], 0)


async def test_sets_are_listed_by_content_and_name(client: httpx.AsyncClient) -> None:
    await create(client, "libraryvariablesets", Name="Shared")
    await create(client, "libraryvariablesets", Name="Tools", ContentType="scriptmodule")

    async def names(query: str) -> list[str]:
        return [one["Name"] for one in (await client.get(SETS + query)).json()["Items"]]

    assert await names("") == ["Shared", "Tools"]
    assert await names("?contentType=ScriptModule&take=2147483647") == ["Tools"]
    assert await names("?contentType=Variables&partialName=har") == ["Shared"]
    assert [one["ContentType"] for one in (await client.get(f"{SETS}/all")).json()] == ["Variables", "ScriptModule"]


async def test_a_set_keeps_its_content_type_and_variables_when_it_is_changed(client: httpx.AsyncClient) -> None:
    made = await create(client, "libraryvariablesets", Name="Shared")

    body = {"Name": "Common", "ContentType": "ScriptModule", "VariableSetId": "variableset-Projects-1"}
    changed = (await client.put(made["Links"]["Self"], json=body)).json()

    assert (changed["Name"], changed["ContentType"]) == ("Common", "Variables")
    assert changed["VariableSetId"] == made["VariableSetId"]
    assert changed["Version"] == made["Version"] + 1


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ({"Name": " "}, "needs a name"),
        ({"Name": "shared"}, "already taken"),
        ({"Name": "A", "ContentType": "Tables"}, "ContentType"),
        ({"Name": "A", "Templates": [{"Name": ""}]}, "Templates: number 1 needs a name."),
        ({"Name": "A", "Templates": [{"Name": "x"}, {"Name": "X"}]}, "two have the name 'x'"),
        ({"Name": "A", "Templates": 3}, "Templates"),
    ],
)
async def test_a_set_that_cannot_be_is_refused(client: httpx.AsyncClient, body: Any, sentence: str) -> None:
    await create(client, "libraryvariablesets", Name="Shared")

    answer = await client.post(SETS, json=body)

    assert answer.status_code == 400
    assert sentence in " ".join(answer.json()["Errors"])


@pytest.mark.parametrize(
    ("scope", "what"), [("Channel", "channels"), ("Action", "steps"), ("ProcessOwner", "processes")]
)
async def test_library_variables_know_no_channels_and_steps(
    client: httpx.AsyncClient, project: Any, scope: str, what: str
) -> None:
    made = await create(client, "libraryvariablesets", Name="Shared")
    variable = {"Name": "Url", "Value": "x", "Scope": {scope: ["Channels-1"]}}

    answer = await client.put(made["Links"]["Variables"], json={"Version": 0, "Variables": [variable]})

    assert answer.status_code == 400
    assert answer.json()["Errors"] == [
        f"Variables[0].Scope.{scope}: the variables of a library set cannot be scoped to {what}."
    ]


async def test_a_set_in_use_cannot_be_deleted(client: httpx.AsyncClient, project: Any) -> None:
    made = await library(client, "Shared", {"Name": "Url", "Value": "x"})
    await include(client, made)

    refused = await client.delete(made["Links"]["Self"])
    await include(client)
    deleted = await client.delete(made["Links"]["Self"])

    assert refused.status_code == 409
    assert "the project 'Web Shop'" in refused.json()["ErrorMessage"]
    assert (deleted.status_code, deleted.json()) == (200, {})
    assert {(await client.get(made["Links"][name])).status_code for name in ("Self", "Variables")} == {404}


async def test_a_project_includes_only_sets_that_exist(client: httpx.AsyncClient, project: Any) -> None:
    answer = await include(client, {"Id": "LibraryVariableSets-7"})

    assert answer.status_code == 400
    assert "names the library variable set 'LibraryVariableSets-7'" in answer.json()["ErrorMessage"]


async def test_a_preview_explains_which_set_a_value_comes_from(client: httpx.AsyncClient, project: Any) -> None:
    test = (await create(client, "environments", Name="Test"))["Id"]
    first = await library(
        client,
        "First",
        {"Name": "Url", "Value": "library"},
        {"Name": "Host", "Value": "first"},
        {"Name": "Place", "Value": "library test", "Scope": {"Environment": [test]}},
    )
    second = await library(client, "Second", {"Name": "Host", "Value": "second"})
    await include(client, first, second)
    own = [{"Name": "Url", "Value": "project"}, {"Name": "Place", "Value": "project"}]
    await client.put(project["Links"]["Variables"], json={"Version": 0, "Variables": own})

    preview = (await client.get(f"{SPACE}/variables/preview?project=web-shop&environment=Test")).json()
    explained = (await client.get(f"{SPACE}/variables/explanation?project=web-shop&name=url")).json()
    names = (await client.get(f"{SPACE}/variables/names?project=web-shop")).json()

    values = {one["Name"]: one["Value"] for one in preview["Variables"]}
    assert values == {"Url": "project", "Place": "library test", "Host": "first"}
    assert [(one["Value"], one["Outcome"]) for one in explained["Considered"]] == [
        ("project", "Won"),
        ("library", "Library"),
    ]
    assert names == ["Host", "Place", "Url"]


async def test_a_release_freezes_library_variables(client: httpx.AsyncClient, project: Any) -> None:
    first = await library(client, "First", {"Name": "Url", "Value": "old"}, {"Name": "Host", "Value": "old"})
    second = await library(client, "Second", {"Name": "Port", "Value": "1"})
    await include(client, first)
    release = await create(client, "releases", ProjectId="Projects-1", Version="1.0.0")
    await give(client, first, {"Name": "Url", "Value": "new"}, {"Name": "Host", "Value": "new"})
    await include(client, first, second)

    async def frozen(current: Any) -> dict[str, str]:
        sets = [
            (await client.get(f"{SPACE}/variables/{one}")).json() for one in current["LibraryVariableSetSnapshotIds"]
        ]
        return {one["Name"]: one["Value"] for each in sets for one in each["Variables"]}

    template = (await client.get(release["Links"]["DeploymentTemplate"])).json()
    before = await frozen(release)
    by_name = await client.post(
        f"{release['Links']['Self']}/snapshot-variables-by-name", json={"Variables": [{"Name": "url"}]}
    )
    named = await frozen(by_name.json())
    all_anew = await frozen((await client.post(release["Links"]["SnapshotVariables"])).json())

    assert release["LibraryVariableSetSnapshotIds"][0].startswith("variableset-LibraryVariableSets-1-s-1-")
    assert template["IsLibraryVariableSetModified"] is True
    assert before == {"Url": "old", "Host": "old"}
    assert named == {"Url": "new", "Host": "old"}
    assert all_anew == {"Url": "new", "Host": "new", "Port": "1"}


async def test_usages_name_projects_and_releases(client: httpx.AsyncClient, project: Any) -> None:
    made = await library(client, "Shared", {"Name": "Url", "Value": "x"})
    await include(client, made)
    release = await create(client, "releases", ProjectId="Projects-1", Version="1.0.0")
    during = (await client.get(made["Links"]["Usages"])).json()["Projects"]
    await include(client)

    [used] = (await client.get(made["Links"]["Usages"])).json()["Projects"]

    assert during == [{**used, "IsCurrentlyBeingUsedInProject": True}]
    assert (used["ProjectSlug"], used["IsCurrentlyBeingUsedInProject"]) == ("web-shop", False)
    assert used["Releases"] == [{"ReleaseId": release["Id"], "ReleaseVersion": "1.0.0"}]


async def test_usages_name_snapshots_of_runbooks(client: httpx.AsyncClient, project: Any) -> None:
    made = await library(client, "Shared", {"Name": "Url", "Value": "x"})
    await include(client, made)
    runbook = await create(client, "runbooks", Name="Restart", ProjectId="Projects-1")
    snapshot = await create(client, "runbookSnapshots", Name="One", ProjectId="Projects-1", RunbookId=runbook["Id"])

    [used] = (await client.get(made["Links"]["Usages"])).json()["Projects"]
    deleted = await client.delete(project["Links"]["Self"])

    assert used["RunbookSnapshots"] == [{"SnapshotId": snapshot["Id"], "SnapshotName": "One"}]
    assert deleted.status_code == 200, deleted.text


async def test_a_deployment_has_library_values_and_script_modules(shop: Shop) -> None:
    client = shop.client
    module = await library(
        client,
        "Greetings",
        {"Name": "Octopus.Script.Module[Greetings]", "Value": HELLO},
        {"Name": "Octopus.Script.Module.Language[Greetings]", "Value": "Bash"},
        ContentType="ScriptModule",
    )
    shared = await library(
        client,
        "Shared",
        {"Name": "Who", "Value": "library"},
        {"Name": "Where", "Value": "here"},
        {"Name": "Key", "Type": "Sensitive", "Value": "s3cret-text"},
    )
    await include(client, module, shared)
    await shop.variables({"Name": "Who", "Value": "project"})
    body = (
        'source Greetings.sh\nhello "$(get_octopusvariable Who) $(get_octopusvariable Where)"\n'
        'test "$(get_octopusvariable Key)" = s3cret-text && echo "key $(get_octopusvariable Key)"\n'
    )
    await shop.process(script("Hello", body))
    await shop.release()

    task = await shop.ended(await shop.deploy())
    lines = await shop.lines(task["Id"])

    assert task["State"] == "Success", lines
    assert "hello project here from the module" in lines
    assert any(line.startswith("key ***") for line in lines)
    assert not any("s3cret-text" in line for line in lines)
