"""Channels over HTTP."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from tests.api.conftest import SPACE, create


@pytest.fixture
async def beta(client: httpx.AsyncClient, project: Any) -> Any:
    return await create(client, "channels", ProjectId="Projects-1", Name="Beta", LifecycleId="", Description="Early")


async def test_a_channel_is_made_and_read(client: httpx.AsyncClient, beta: Any) -> None:
    assert (beta["Slug"], beta["LifecycleId"], beta["IsDefault"], beta["Type"]) == ("beta", None, False, "Lifecycle")
    assert (await client.get(beta["Links"]["Self"])).json() == beta
    followers = (await client.get(f"{SPACE}/channels?lifecycles=Lifecycles-1")).json()["Items"]
    assert followers == []  # those that follow their project's lifecycle are not the lifecycle's


async def test_the_name_of_a_channel_is_taken_once_in_its_project(client: httpx.AsyncClient, beta: Any) -> None:
    same = {"ProjectGroupId": "ProjectGroups-1", "LifecycleId": "Lifecycles-1"}
    await create(client, "projects", Name="Other", **same)

    again = await client.post(f"{SPACE}/projects/Projects-1/channels", json={"Name": "beta"})
    elsewhere = await client.post(f"{SPACE}/projects/other/channels", json={"Name": "beta"})

    assert again.status_code == 400
    assert "The name 'beta' is already taken" in again.json()["ErrorMessage"]
    assert (elsewhere.status_code, elsewhere.json()["Slug"]) == (201, "beta")


async def test_a_slug_names_no_channel_because_every_project_may_have_it(client: httpx.AsyncClient, beta: Any) -> None:
    answer = await client.get(f"{SPACE}/channels/beta")

    assert answer.status_code == 404
    assert "Errors" not in answer.json()


async def test_a_new_default_takes_over(client: httpx.AsyncClient, beta: Any) -> None:
    await client.put(beta["Links"]["Self"], json={**beta, "IsDefault": True, "ProjectId": "Projects-9"})

    page = (await client.get(f"{SPACE}/projects/Projects-1/channels")).json()

    assert [(one["Name"], one["IsDefault"]) for one in page["Items"]] == [("Beta", True), ("Default", False)]


async def test_the_default_is_neither_given_up_nor_deleted(client: httpx.AsyncClient, project: Any) -> None:
    path = f"{SPACE}/channels/Channels-1"
    default = (await client.get(path)).json()

    kept = await client.put(path, json={**default, "IsDefault": False})
    refused = await client.delete(path)

    assert kept.json()["IsDefault"] is True
    assert refused.status_code == 409
    assert "make another one the default" in refused.json()["ErrorMessage"]


async def test_a_channel_named_by_a_step_cannot_be_deleted(client: httpx.AsyncClient, project: Any, beta: Any) -> None:
    step = {"Name": "Say", "Actions": [{"ActionType": "Octopus.Script", "Channels": [beta["Id"]]}]}
    await client.put(project["Links"]["DeploymentProcess"], json={"Steps": [step]})

    refused = await client.delete(beta["Links"]["Self"])
    await client.put(project["Links"]["DeploymentProcess"], json={"Version": 1, "Steps": []})
    deleted = await client.delete(beta["Links"]["Self"])

    assert (refused.status_code, deleted.status_code) == (409, 200)
    assert "the deployment process" in refused.json()["ErrorMessage"]


async def test_channels_of_several_projects_are_listed_by_id(client: httpx.AsyncClient, beta: Any) -> None:
    page = (await client.get(f"{SPACE}/channels?ids=Channels-1%2CChannels-2&take=2")).json()

    assert [one["Name"] for one in page["Items"]] == ["Beta", "Default"]
    assert (await client.post(f"{SPACE}/channels", json={"Name": "Homeless"})).status_code == 400


def rule(version_range: str = "", tag: str = "", action: str = "Web") -> dict[str, Any]:
    packages = [{"DeploymentAction": action, "PackageReference": ""}]
    return {"VersionRange": version_range, "Tag": tag, "ActionPackages": packages}


async def test_rules_that_cannot_be_read_are_refused_each(client: httpx.AsyncClient, project: Any) -> None:
    rules = [rule("[1.0,2.0)", "^$"), rule("[1.0"), rule("", "("), {"VersionRange": "[1.0]"}]

    answer = await client.post(f"{SPACE}/channels", json={"ProjectId": "Projects-1", "Name": "Stable", "Rules": rules})

    assert answer.status_code == 400
    assert [fault[:6] for fault in answer.json()["Errors"]] == ["Rule 2", "Rule 3", "Rule 4"]


async def test_rules_get_ids_and_keep_them(client: httpx.AsyncClient, project: Any) -> None:
    made = await create(client, "channels", ProjectId="Projects-1", Name="Stable", Rules=[rule("[1.0,2.0)", "^$")])

    again = (await client.put(made["Links"]["Self"], json=made)).json()

    assert made["Rules"][0]["Id"]
    assert again["Rules"] == made["Rules"]


@pytest.mark.parametrize(
    ("version", "version_range", "tag", "outcome"),
    [
        ("1.5.0", "[1.0,2.0)", "^$", (True, True)),
        ("2.0.0-beta", "[1.0,2.0)", "^$", (True, False)),
        ("2.0.0", "[1.0,2.0)", "", (False, True)),
        ("1.0.0-beta.2", "", "^beta", (True, True)),
    ],
)
async def test_a_version_is_tried_against_a_rule(
    client: httpx.AsyncClient, version: str, version_range: str, tag: str, outcome: tuple[bool, bool]
) -> None:
    body = {"version": version, "versionRange": version_range, "preReleaseTag": tag, "feedType": "BuiltIn"}

    posted = (await client.post(f"{SPACE}/channels/rule-test", json=body)).json()
    asked = (await client.get(f"{SPACE}/channels/rule-test", params=body)).json()

    assert (posted["SatisfiesVersionRange"], posted["SatisfiesPreReleaseTag"]) == outcome
    assert asked == posted
    assert posted["Errors"] == []


async def test_many_versions_are_tried_against_a_rule(client: httpx.AsyncClient) -> None:
    body = {"Versions": ["1.5.0", "2.0.0", "1.6.0-beta", "?"], "VersionRange": "[1.0,2.0)", "PreReleaseTag": "^$"}

    tried = (await client.post(f"{SPACE}/channels/rule-test/versions", json=body)).json()
    many = await client.post(f"{SPACE}/channels/rule-test/versions", json={**body, "Versions": ["1"] * 501})

    outcomes = [(one["SatisfiesVersionRange"], one["SatisfiesPreReleaseTag"], len(one["Errors"])) for one in tried]
    assert outcomes == [(True, True, 0), (False, True, 0), (True, False, 0), (False, False, 1)]
    assert many.json()["Errors"] == ["Versions: at most 500 are tried at once; these are 501."]


@pytest.mark.parametrize(("version", "version_range", "tag"), [("", "", ""), ("1.0", "[", ""), ("1.0", "", "(")])
async def test_a_trial_tells_what_cannot_be_read(
    client: httpx.AsyncClient, version: str, version_range: str, tag: str
) -> None:
    body = {"Version": version, "VersionRange": version_range, "PreReleaseTag": tag}

    answer = (await client.post(f"{SPACE}/channels/rule-test", json=body)).json()

    assert len(answer["Errors"]) == 1
    assert not (answer["SatisfiesVersionRange"] and answer["SatisfiesPreReleaseTag"])
