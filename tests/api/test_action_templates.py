"""Step templates over HTTP: versions, usages, and steps that are taken to another version."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from tests.api.conftest import SPACE, create

PATH = f"{SPACE}/actiontemplates"
WANTED: dict[str, Any] = {
    "Name": "Greet",
    "Description": "Says hello",
    "ActionType": "Octopus.Script",
    "Packages": [
        {"Name": "Tools", "PackageId": "Acme.Tools", "FeedId": "feeds-builtin", "Properties": {"Extract": "True"}}
    ],
    "Properties": {"Octopus.Action.Script.ScriptBody": "echo 1", "Octopus.Action.Script.Syntax": "Bash"},
    "Parameters": [
        {
            "Name": "Who",
            "Label": "Whom",
            "HelpText": "Whom to greet",
            "DefaultValue": "world",
            "DisplaySettings": {"Octopus.ControlType": "SingleLineText"},
        },
        {"Name": "Key", "DefaultValue": {"HasValue": True, "NewValue": "s3cret"}},
    ],
}


async def change(client: httpx.AsyncClient, template: Any, **more: Any) -> Any:
    answer = await client.put(template["Links"]["Self"], json={**template, **more})
    assert answer.status_code == 200, answer.text
    return answer.json()


async def use(client: httpx.AsyncClient, project: Any, template: Any, **more: Any) -> Any:
    """A step that is made from the template, as clients do it: with its properties and values for its parameters."""
    properties = {
        **template["Properties"],
        "Who": "you",
        "Octopus.Action.Template.Id": template["Id"],
        "Octopus.Action.Template.Version": str(template["Version"]),
        **more,
    }
    action = {"ActionType": "Octopus.Script", "Properties": properties, "Packages": template["Packages"]}
    path = project["Links"]["DeploymentProcess"]
    version = (await client.get(path)).json()["Version"]
    answer = await client.put(path, json={"Version": version, "Steps": [{"Name": "Say", "Actions": [action]}]})
    assert answer.status_code == 200, answer.text
    return answer.json()


async def update(client: httpx.AsyncClient, template: Any, process: Any, **more: Any) -> Any:
    """Asks for the step to be taken to the newest version; returns the result and the action afterwards."""
    ids = [action["Id"] for step in process["Steps"] for action in step["Actions"]]
    body = {"ActionsToUpdate": [{"ProcessId": process["Id"], "ProcessType": "Deployment", "ActionIds": ids}], **more}
    answer = await client.post(template["Links"]["ActionsUpdate"], json=body)
    assert answer.status_code == 200, answer.text
    [result] = answer.json()
    after = (await client.get(f"{SPACE}/projects/Projects-1/deploymentprocesses")).json()
    return result, after["Steps"][0]["Actions"][0]


async def test_a_template_comes_back_as_it_was_written(client: httpx.AsyncClient) -> None:
    made = await create(client, "actiontemplates", **WANTED)
    read = (await client.get(made["Links"]["Self"])).json()

    assert read == made
    assert (read["Id"], read["Version"], read["CommunityActionTemplateId"]) == ("ActionTemplates-1", 0, None)
    assert {name: read[name] for name in ("Name", "Description", "ActionType", "Properties")} == {
        name: WANTED[name] for name in ("Name", "Description", "ActionType", "Properties")
    }
    [package] = read["Packages"]
    assert WANTED["Packages"][0].items() <= package.items()
    who, key = read["Parameters"]
    assert WANTED["Parameters"][0].items() <= who.items()
    assert who["Id"]
    assert key["DefaultValue"] == {"HasValue": True, "NewValue": None, "Hint": None}


async def test_every_save_is_a_version_that_is_kept(client: httpx.AsyncClient) -> None:
    made = await create(client, "actiontemplates", **WANTED)
    changed = await change(client, made, Name="Greet all", ActionType="Octopus.Manual", Version=17)

    versions = [(await client.get(f"{PATH}/{made['Id']}/versions/{number}")).json() for number in (0, 1)]
    missing = [(await client.get(f"{PATH}/{made['Id']}/versions/{number}")).status_code for number in ("2", "x", "-1")]

    assert (changed["Version"], changed["ActionType"]) == (1, "Octopus.Script")
    assert [(one["Name"], one["Version"], one["Id"]) for one in versions] == [
        ("Greet", 0, made["Id"]),
        ("Greet all", 1, made["Id"]),
    ]
    assert versions[0]["Parameters"] == made["Parameters"]
    assert versions[1]["Parameters"][1]["DefaultValue"]["HasValue"] is True
    assert missing == [404, 404, 404]


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"Name": ""}, "needs a name"),
        ({"ActionType": " "}, "ActionType is missing"),
        ({"Parameters": [{"Name": "a"}, {"Name": "A"}]}, "Parameters: two have the name 'a'."),
        ({"Parameters": [{"Name": "a", "DefaultValue": 5}]}, "Parameters"),
        ({"Properties": {"a": ["b"]}}, "Properties"),
    ],
)
async def test_a_template_that_cannot_be_is_refused(client: httpx.AsyncClient, more: Any, sentence: str) -> None:
    answer = await client.post(PATH, json={**WANTED, **more})

    assert answer.status_code == 400
    assert sentence in " ".join(answer.json()["Errors"])


async def test_a_null_property_is_none(client: httpx.AsyncClient) -> None:
    made = await create(client, "actiontemplates", **{**WANTED, "Properties": {"a": None, "b": ""}})
    assert made["Properties"] == {"b": ""}


async def test_usages_are_told_and_a_used_template_stays(client: httpx.AsyncClient, project: Any) -> None:
    made = await create(client, "actiontemplates", **WANTED)
    process = await use(client, project, made)

    [usage] = (await client.get(made["Links"]["Usage"])).json()
    refused = await client.delete(made["Links"]["Self"])
    await client.put(project["Links"]["DeploymentProcess"], json={"Version": process["Version"], "Steps": []})
    deleted = await client.delete(made["Links"]["Self"])

    assert (usage["ProjectName"], usage["StepName"], usage["ActionName"]) == ("Web Shop", "Say", "Say")
    assert (usage["ProcessId"], usage["ProcessType"], usage["Version"]) == (process["Id"], "Deployment", "0")
    assert refused.status_code == 409
    assert refused.json()["ErrorMessage"].endswith("in use by steps of 'Web Shop'.")
    assert deleted.status_code == 200
    assert (await client.get(f"{PATH}/{made['Id']}/versions/0")).status_code == 404


async def test_a_step_follows_its_template_and_keeps_its_values(client: httpx.AsyncClient, project: Any) -> None:
    made = await create(client, "actiontemplates", **WANTED)
    process = await use(client, project, made)
    body = {"Octopus.Action.Script.ScriptBody": "echo 2", "New": "1"}
    parameters = [*made["Parameters"], {"Name": "When", "DefaultValue": "now"}]
    changed = await change(client, made, Properties=body, Parameters=parameters)

    result, action = await update(client, changed, process)

    assert result["Outcome"] == "Success"
    properties = action["Properties"]
    assert properties["Octopus.Action.Template.Version"] == "1"
    assert (properties["Octopus.Action.Script.ScriptBody"], properties["New"]) == ("echo 2", "1")
    assert (properties["Who"], properties["When"]) == ("you", "now")
    assert properties["Key"] == {"HasValue": True, "NewValue": None, "Hint": None}
    assert "Octopus.Action.Script.Syntax" not in properties


async def test_steps_of_runbooks_follow_too(client: httpx.AsyncClient, project: Any) -> None:
    made = await create(client, "actiontemplates", **WANTED)
    runbook = await create(client, "runbooks", Name="Restart", ProjectId="Projects-1")
    place = runbook["Links"]["RunbookProcesses"]
    properties = {
        **made["Properties"],
        "Octopus.Action.Template.Id": made["Id"],
        "Octopus.Action.Template.Version": "0",
    }
    action = {"ActionType": "Octopus.Script", "Properties": properties}
    process = (await client.get(place)).json()
    saved = await client.put(place, json={**process, "Steps": [{"Name": "Say", "Actions": [action]}]})
    changed = await change(client, made, Properties={"Octopus.Action.Script.ScriptBody": "echo 2"})

    [usage] = (await client.get(made["Links"]["Usage"])).json()
    named = {"ProcessId": usage["ProcessId"], "ProcessType": "Runbook", "ActionIds": [usage["ActionId"]]}
    answer = await client.post(changed["Links"]["ActionsUpdate"], json={"ActionsToUpdate": [named]})
    after = (await client.get(place)).json()

    assert (usage["ProcessType"], usage["RunbookId"], usage["RunbookName"]) == ("Runbook", runbook["Id"], "Restart")
    assert [one["Outcome"] for one in answer.json()] == ["Success"], answer.text
    assert after["Version"] == saved.json()["Version"] + 1
    assert after["Steps"][0]["Actions"][0]["Properties"]["Octopus.Action.Script.ScriptBody"] == "echo 2"
    assert (await client.delete(made["Links"]["Self"])).status_code == 409


async def test_a_person_decides_where_step_and_template_both_changed(client: httpx.AsyncClient, project: Any) -> None:
    body = "Octopus.Action.Script.ScriptBody"
    made = await create(client, "actiontemplates", **WANTED)
    process = await use(client, project, made, **{body: "echo mine"})
    changed = await change(client, made, Properties={**made["Properties"], body: "echo 2"})

    asked, before = await update(client, changed, process)
    settled, after = await update(client, changed, process, Overrides={body: "echo both"})

    assert (asked["Outcome"], list(asked["ManualMergeRequiredReasonsByPropertyName"])) == (
        "ManualMergeRequired",
        [body],
    )
    assert before["Properties"][body] == "echo mine"
    assert (settled["Outcome"], after["Properties"][body]) == ("Success", "echo both")


async def test_a_new_parameter_needs_a_value(client: httpx.AsyncClient, project: Any) -> None:
    made = await create(client, "actiontemplates", **WANTED)
    process = await use(client, project, made)
    changed = await change(client, made, Parameters=[*made["Parameters"], {"Name": "Where"}])

    asked, _ = await update(client, changed, process)
    settled, after = await update(client, changed, process, DefaultPropertyValues={"Where": "here"})

    assert asked["Outcome"] == "DefaultParamterValueMissing"
    assert asked["NamesOfNewParametersMissingDefaultValue"] == ["Where"]
    assert (settled["Outcome"], after["Properties"]["Where"]) == ("Success", "here")


async def test_a_package_that_the_project_counts_on_is_not_taken_away(client: httpx.AsyncClient, project: Any) -> None:
    made = await create(client, "actiontemplates", **WANTED)
    process = await use(client, project, made)
    donor = {"DonorPackage": {"DeploymentAction": "Say", "PackageReference": "Tools"}}
    await client.put(project["Links"]["Self"], json={**project, "VersioningStrategy": donor})
    changed = await change(client, made, Packages=[])

    asked, _ = await update(client, changed, process)
    await client.put(project["Links"]["Self"], json={**project, "VersioningStrategy": {"Template": "1.0.i"}})
    settled, after = await update(client, changed, process)

    assert asked["Outcome"] == "RemovedPackageInUse"
    [usage] = asked["RemovedPackageUsages"]
    assert (usage["PackageReference"], usage["UsedBy"], usage["UsedByName"]) == (
        "Tools",
        "ProjectVersionStrategy",
        "Web Shop",
    )
    assert (settled["Outcome"], after["Packages"]) == ("Success", [])


@pytest.mark.parametrize(
    ("named", "status", "sentence"),
    [
        ({"ProcessId": "deploymentprocess-Projects-9"}, 404, "There is no process"),
        ({"ActionIds": ["nothing"]}, 400, "is no step of"),
        ({"ProcessType": "Other"}, 400, "ProcessType"),
    ],
)
async def test_an_update_of_what_is_not_there_is_refused(
    client: httpx.AsyncClient, project: Any, named: Any, status: int, sentence: str
) -> None:
    made = await create(client, "actiontemplates", **WANTED)
    process = {"ProcessId": "deploymentprocess-Projects-1", **named}

    answer = await client.post(made["Links"]["ActionsUpdate"], json={"ActionsToUpdate": [process]})

    assert answer.status_code == status
    assert sentence in answer.json()["ErrorMessage"]


async def test_a_template_has_a_logo_and_so_has_a_kind_of_step(client: httpx.AsyncClient) -> None:
    made = await create(client, "actiontemplates", **WANTED)
    png = b"\x89PNG\r\n\x1a\n" + b"\x00" * 20

    drawn = await client.get(f"{PATH}/{made['Id']}/logo")
    stored = await client.post(f"{PATH}/{made['Id']}/logo", files={"file": ("logo.png", png)})
    shown = [(await client.get(f"{PATH}/{made['Id']}/{path}")).content for path in ("logo", "versions/0/logo")]
    kind = await client.get(f"{PATH}/Octopus.Script/logo?cb=1")
    refused = await client.post(f"{PATH}/Octopus.Script/logo", files={"file": ("logo.png", png)})
    deleted = await client.delete(made["Links"]["Self"])

    assert (drawn.status_code, drawn.headers["content-type"]) == (200, "image/svg+xml")
    assert (stored.status_code, shown) == (200, [png, png])
    assert (kind.status_code, kind.headers["content-type"]) == (200, "image/svg+xml")
    assert (refused.status_code, deleted.status_code) == (404, 200)
    assert (await client.get(f"{PATH}/Nothing/logo")).status_code == 404


async def test_a_search_offers_kinds_and_templates_by_type(client: httpx.AsyncClient) -> None:
    made = await create(client, "actiontemplates", **WANTED)

    everything = (await client.get(f"{PATH}/search")).json()
    scripts = (await client.get(f"{PATH}/search?type=octopus.script")).json()
    categories = (await client.get(f"{PATH}/categories")).json()

    assert {"Octopus.Script", "Octopus.TentaclePackage", "Octopus.Manual"} <= {one["Type"] for one in everything}
    assert [(one["Id"], one["IsBuiltIn"], one["IsInstalled"]) for one in scripts] == [
        (None, True, True),
        (made["Id"], False, True),
    ]
    assert {one["Category"] for one in everything} <= {one["Id"] for one in categories}
