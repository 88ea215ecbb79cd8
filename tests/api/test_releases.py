"""Releases over HTTP."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest
from tests.api.conftest import SPACE, create
from tests.api.packages import push

V1 = f"{SPACE}/releases/create/v1"
PROCESS = f"{SPACE}/projects/Projects-1/deploymentprocesses"


def step(name: str, *packages: tuple[str, str], **more: Any) -> dict[str, Any]:
    references = [{"Name": name, "PackageId": package, "FeedId": "feeds-builtin"} for name, package in packages]
    return {"Name": name, "Actions": [{"ActionType": "Octopus.TentaclePackage", "Packages": references, **more}]}


async def save_steps(client: httpx.AsyncClient, *steps: dict[str, Any]) -> None:
    version = (await client.get(PROCESS)).json()["Version"]
    answer = await client.put(PROCESS, json={"Version": version, "Steps": list(steps)})
    assert answer.status_code == 200, answer.text


async def release(client: httpx.AsyncClient, **more: Any) -> Any:
    answer = await client.post(V1, json={"projectName": "Web Shop", **more})
    assert answer.status_code == 201, answer.text
    return (await client.get(f"{SPACE}/releases/{answer.json()['ReleaseId']}")).json()


def chosen(release: Any) -> dict[str, str]:
    """The versions by action and, behind a slash, package reference."""
    return {f"{row['ActionName']}/{row['PackageReferenceName']}": row["Version"] for row in release["SelectedPackages"]}


@pytest.fixture
async def steps(client: httpx.AsyncClient, project: Any) -> None:
    """Two steps with packages, of which there are some versions."""
    await save_steps(client, step("Web", ("", "Acme.Web"), ("tools", "Acme.Tools")), step("Api", ("", "Acme.Api")))
    for name in ("Acme.Web.1.0.0", "Acme.Web.1.10.0", "Acme.Web.1.9.0", "Acme.Tools.5.0", "Acme.Api.2.0.0-beta"):
        assert (await push(client, f"{name}.zip")).status_code == 201


async def test_a_release_takes_the_highest_versions_and_the_next_number(client: httpx.AsyncClient, steps: None) -> None:
    first = await release(client)
    second = await release(client)

    assert (first["Version"], second["Version"]) == ("0.0.1", "0.0.2")
    assert chosen(first) == {"Web/": "1.10.0", "Web/tools": "5.0", "Api/": "2.0.0-beta"}
    assert (first["ChannelId"], first["ProjectId"], first["ReleaseNotes"]) == ("Channels-1", "Projects-1", None)
    assert first["Assembled"]


async def test_a_release_takes_what_was_chosen(client: httpx.AsyncClient, steps: None) -> None:
    made = await release(
        client, releaseVersion="7.0", channelName="default", packages=["Web:1.9.0", "Web:tools:5.0"], releaseNotes="N"
    )

    assert (made["Version"], made["ReleaseNotes"]) == ("7.0", "N")
    assert chosen(made) == {"Web/": "1.9.0", "Web/tools": "5.0", "Api/": "2.0.0-beta"}


async def test_a_release_is_made_by_ids_as_well(client: httpx.AsyncClient, steps: None) -> None:
    body = {
        "ProjectId": "Projects-1",
        "ChannelId": "Channels-1",
        "Version": "1.0.0",
        "SelectedPackages": [{"ActionName": "Web", "PackageReferenceName": "", "Version": "1.0.0"}],
    }

    answer = await client.post(f"{SPACE}/releases", json=body)

    assert answer.status_code == 201
    assert chosen(answer.json())["Web/"] == "1.0.0"
    assert (await client.post(f"{SPACE}/releases", json={})).json()["Errors"][0].startswith("ProjectId is missing")


async def test_every_missing_package_is_named_with_step_and_feed(client: httpx.AsyncClient, project: Any) -> None:
    foreign = await create(client, "feeds", Name="Elsewhere", FeedType="NuGet", FeedUri="https://nuget.test/")
    far = {"Packages": [{"PackageId": "Far", "FeedId": foreign["Id"]}]}
    lost = {"Packages": [{"PackageId": "Lost", "FeedId": "Feeds-99"}]}
    late = {"Packages": [{"PackageId": "#{Which}", "FeedId": "feeds-builtin"}]}
    await save_steps(
        client, step("Web", ("", "Acme.Web")), step("Far", **far), step("Lost", **lost), step("Late", **late)
    )

    answer = await client.post(V1, json={"ProjectName": "Projects-1", "ReleaseVersion": "1.0"})

    assert answer.status_code == 400
    web, elsewhere, nowhere, later = answer.json()["Errors"]
    assert web == (
        "Step 'Web' needs the package 'Acme.Web', but the feed 'Octopus Server (built-in)' has no version of it."
        " Push the package first."
    )
    assert "'Elsewhere'" in elsewhere
    assert "'Feeds-99', which does not exist" in nowhere
    assert "choose a version" in later
    assert (await client.get(f"{SPACE}/releases")).json()["TotalResults"] == 0


async def test_a_chosen_version_that_is_not_there_is_refused(client: httpx.AsyncClient, steps: None) -> None:
    answer = await client.post(V1, json={"ProjectName": "web-shop", "Packages": ["Web:9.9", "Web:tools:5.0"]})

    [fault] = answer.json()["Errors"]
    assert fault == (
        "Step 'Web' needs version 9.9 of the package 'Acme.Web', which the feed 'Octopus Server (built-in)' does not"
        " have."
    )


async def test_a_version_exists_once_in_a_project(client: httpx.AsyncClient, project: Any) -> None:
    first = await release(client, releaseVersion="1.0.0")

    again = await client.post(V1, json={"ProjectName": "Web Shop", "ReleaseVersion": "1.0.0"})
    ignored = await client.post(
        V1, json={"ProjectName": "Web Shop", "ReleaseVersion": "1.0.0", "IgnoreIfAlreadyExists": True}
    )

    assert again.status_code == 400
    assert "has a release 1.0.0 already" in again.json()["Errors"][0]
    assert (ignored.status_code, ignored.json()["ReleaseId"]) == (200, first["Id"])


@pytest.mark.parametrize(
    ("body", "word"),
    [
        ({}, "ProjectName is missing"),
        ({"ProjectName": "Nope"}, "no project"),
        ({"ProjectName": "Web Shop", "ChannelName": "Nope"}, "no channel"),
        ({"ProjectName": "Web Shop", "ReleaseVersion": "one two"}, "Version"),
        ({"ProjectName": "Web Shop", "Packages": ["1.0"]}, "cannot be read"),
        ({"ProjectName": "Web Shop", "Packages": ["Nope:1.0"]}, "called 'Nope'"),
        ({"ProjectName": "Web Shop", "GitRef": "refs/heads/main"}, "projects in Git"),
        ({"ProjectName": "Web Shop", "CustomFields": {"A": "b"}}, "does not define"),
    ],
)
async def test_what_cannot_be_released_is_refused(
    client: httpx.AsyncClient, project: Any, body: dict[str, Any], word: str
) -> None:
    answer = await client.post(V1, json=body)

    assert answer.status_code in {400, 404}
    assert word in answer.json()["ErrorMessage"]


async def test_a_disabled_project_makes_no_release(client: httpx.AsyncClient, project: Any) -> None:
    await client.put(project["Links"]["Self"], json={**project, "IsDisabled": True})

    answer = await client.post(V1, json={"ProjectName": "Web Shop"})

    assert "is disabled" in answer.json()["ErrorMessage"]


async def test_a_release_keeps_its_steps_and_variables_when_they_change(
    client: httpx.AsyncClient, project: Any
) -> None:
    variables = project["Links"]["Variables"]
    await save_steps(client, step("One"))
    await client.put(variables, json={"Variables": [{"Name": "A", "Value": "old"}]})
    made = await release(client)
    same = await release(client)
    await save_steps(client, step("Two"))
    await client.put(variables, json={"Version": 1, "Variables": [{"Name": "A", "Value": "new"}]})

    frozen = (await client.get(made["Links"]["ProjectDeploymentProcessSnapshot"])).json()
    values = (await client.get(made["Links"]["ProjectVariableSnapshot"])).json()
    renewed = (await client.post(made["Links"]["SnapshotVariables"])).json()
    fresh = (await client.get(renewed["Links"]["ProjectVariableSnapshot"])).json()

    assert same["ProjectDeploymentProcessSnapshotId"] == made["ProjectDeploymentProcessSnapshotId"]
    assert [one["Name"] for one in frozen["Steps"]] == ["One"]
    assert values["Variables"][0]["Value"] == "old"
    assert fresh["Variables"][0]["Value"] == "new"
    assert renewed["ProjectDeploymentProcessSnapshotId"] == made["ProjectDeploymentProcessSnapshotId"]


async def test_a_snapshot_cannot_be_changed(client: httpx.AsyncClient, project: Any) -> None:
    made = await release(client)

    for link in ("ProjectDeploymentProcessSnapshot", "ProjectVariableSnapshot"):
        path = f"{SPACE}/deploymentprocesses/" if "Process" in link else f"{SPACE}/variables/"
        snapshot = (await client.get(made["Links"][link])).json()
        refused = await client.put(path + snapshot["Id"], json=snapshot)
        assert refused.status_code == 409
        assert "belongs to a release" in refused.json()["ErrorMessage"]


async def test_the_template_decides_the_next_version(client: httpx.AsyncClient, project: Any) -> None:
    settings = (await client.get(project["Links"]["DeploymentSettings"])).json()
    template = {"Template": "#{Line}.#{Octopus.Version.NextPatch}"}
    await client.put(settings["Links"]["Self"], json={**settings, "VersioningStrategy": template})
    channel = await create(client, "channels", ProjectId="Projects-1", Name="Old")
    lines = [
        {"Name": "Line", "Value": "2.0"},
        {"Name": "Line", "Value": "1.0", "Scope": {"Channel": [channel["Id"]]}},
    ]
    await client.put(project["Links"]["Variables"], json={"Variables": lines})

    assert (await release(client))["Version"] == "2.0.1"
    assert (await release(client, channelName="Old"))["Version"] == "1.0.2"


async def test_a_given_mask_is_filled_in_when_the_release_is_saved(client: httpx.AsyncClient, project: Any) -> None:
    """Two who ask at once for the next one in line get two."""
    answers = await asyncio.gather(
        *(client.post(V1, json={"ProjectName": "Web Shop", "ReleaseVersion": "3.1.i"}) for _ in range(3)),
        client.post(
            f"{SPACE}/releases", json={"ProjectId": "Projects-1", "Version": "3.#{Octopus.Version.NextMinor}.i"}
        ),
    )

    assert [answer.status_code for answer in answers] == [201, 201, 201, 201]
    listed = (await client.get(f"{SPACE}/releases")).json()["Items"]
    assert sorted(one["Version"] for one in listed) == ["3.1.0", "3.1.1", "3.1.2", "3.2.0"]


async def test_a_package_gives_the_release_its_version(client: httpx.AsyncClient, project: Any, steps: None) -> None:
    settings = (await client.get(project["Links"]["DeploymentSettings"])).json()
    donor = {"DonorPackage": {"DeploymentAction": "Web", "PackageReference": ""}}
    await client.put(settings["Links"]["Self"], json={**settings, "VersioningStrategy": donor})

    made = await release(client, packages=["Web:1.9.0", "Web:tools:5.0"])

    assert made["Version"] == "1.9.0"


async def test_a_form_for_a_release_knows_packages_and_the_next_version(client: httpx.AsyncClient, steps: None) -> None:
    await release(client, releaseVersion="1.4.0", packages=["Web:1.9.0", "Web:tools:5.0"])

    template = (await client.get(f"{PROCESS}/template")).json()
    by_process = (await client.get(f"{SPACE}/deploymentprocesses/deploymentprocess-Projects-1/template")).json()

    assert by_process == template
    assert (template["LastReleaseVersion"], template["NextVersionIncrement"]) == ("1.4.0", "1.4.1")
    next_one = f"{SPACE}/projects/Projects-1/nextversion"
    assert (await client.get(next_one, params={"template": "2.i"})).json() == {"Version": "2.0"}
    assert (await client.get(next_one, params={"template": "#{Nowhere"})).status_code == 400
    assert template["DeploymentProcessId"] == "deploymentprocess-Projects-1"
    web = template["Packages"][0]
    assert (web["ActionName"], web["PackageId"], web["VersionSelectedLastRelease"], web["IsResolvable"]) == (
        "Web",
        "Acme.Web",
        "1.9.0",
        True,
    )
    assert web["NuGetFeedName"] == web["FeedName"] == "Octopus Server (built-in)"


async def test_releases_are_listed_newest_first(client: httpx.AsyncClient, project: Any) -> None:
    for version in ("1.0.0", "2.0.0", "1.0.1"):
        await release(client, releaseVersion=version)

    async def versions(path: str) -> list[str]:
        return [item["Version"] for item in (await client.get(f"{SPACE}/{path}")).json()["Items"]]

    everything = ["1.0.1", "2.0.0", "1.0.0"]
    assert await versions("releases") == everything
    assert await versions("projects/web-shop/releases") == everything
    assert await versions("channels/Channels-1/releases") == everything
    assert await versions("projects/Projects-1/channels/Channels-1/releases?take=1&skip=1") == ["2.0.0"]
    assert await versions("projects/Projects-1/releases?searchByVersion=1.0") == ["1.0.1", "1.0.0"]
    assert await versions("releases?ids=Releases-1,Releases-2") == ["2.0.0", "1.0.0"]


@pytest.mark.parametrize("version", ["1.0.0-rc.1+build", "1.0.0-RC.1%2Bbuild", "Releases-1"])
async def test_a_release_is_read_by_its_version(client: httpx.AsyncClient, project: Any, version: str) -> None:
    made = await release(client, releaseVersion="1.0.0-rc.1+build")

    assert (await client.get(f"{SPACE}/projects/web-shop/releases/{version}")).json() == made
    assert (await client.get(f"{SPACE}/projects/web-shop/releases/9.9")).status_code == 404


async def test_only_version_notes_and_fields_of_a_release_change(client: httpx.AsyncClient, steps: None) -> None:
    made = await release(client)
    await release(client, releaseVersion="3.0")
    wanted = {**made, "Version": "2.0", "ReleaseNotes": "Better", "SelectedPackages": [], "ChannelId": ""}

    changed = (await client.put(made["Links"]["Self"], json=wanted)).json()
    taken = await client.put(made["Links"]["Self"], json={**made, "Version": "3.0"})
    nowhere = await client.put(made["Links"]["Self"], json={**made, "ChannelId": "Channels-9"})

    assert (changed["Version"], changed["ReleaseNotes"], changed["ChannelId"]) == ("2.0", "Better", "Channels-1")
    assert chosen(changed) == chosen(made)
    assert "another release 3.0" in taken.json()["ErrorMessage"]
    assert (nowhere.status_code, "'Channels-9'" in nowhere.json()["ErrorMessage"]) == (400, True)


async def test_packages_deleted_later_are_told(client: httpx.AsyncClient, steps: None) -> None:
    made = await release(client)
    await client.delete(f"{SPACE}/packages/Acme.Web.1.10.0")

    answer = await client.get(f"{SPACE}/releases/{made['Id']}/missingpackages")

    assert answer.json() == {"Packages": [{"Id": "Acme.Web", "Version": "1.10.0"}]}


async def test_progression_is_prevented_and_allowed_again(client: httpx.AsyncClient, project: Any) -> None:
    made = await release(client)
    defects = made["Links"]["Defects"]

    nothing = await client.post(f"{defects}/resolve", json={"ReleaseId": made["Id"]})
    vague = await client.post(defects, json={"ReleaseId": made["Id"], "Description": " "})
    reported = await client.post(defects, json={"ReleaseId": made["Id"], "Description": "Loses orders."})
    twice = await client.post(defects, json={"Description": "Also slow."})
    listed = (await client.get(defects)).json()["Items"]
    resolved = await client.post(f"{defects}/resolve", json={"ReleaseId": made["Id"]})

    assert (nothing.status_code, vague.status_code, twice.status_code) == (400, 400, 400)
    assert (reported.status_code, reported.json()["Status"]) == (201, "Unresolved")
    assert [one["Description"] for one in listed] == ["Loses orders."]
    assert (resolved.status_code, resolved.json()["Status"]) == (200, "Resolved")


async def test_a_deleted_release_takes_its_defects_along(client: httpx.AsyncClient, project: Any) -> None:
    made = await release(client)
    await client.post(made["Links"]["Defects"], json={"Description": "Bad."})

    deleted = await client.delete(made["Links"]["Self"])

    assert (deleted.status_code, deleted.json()) == (200, {})
    assert (await client.get(made["Links"]["Self"])).status_code == 404


async def test_a_channel_with_releases_stays_until_its_project_goes(client: httpx.AsyncClient, project: Any) -> None:
    beta = await create(client, "channels", ProjectId="Projects-1", Name="Beta")
    await release(client, channelName="Beta", releaseVersion="1.0")

    refused = await client.delete(beta["Links"]["Self"])
    deleted = await client.delete(project["Links"]["Self"])

    assert refused.status_code == 409
    assert "the release '1.0'" in refused.json()["ErrorMessage"]
    assert deleted.status_code == 200
    assert (await client.get(f"{SPACE}/releases")).json()["TotalResults"] == 0


@pytest.fixture
async def stable(client: httpx.AsyncClient, steps: None) -> Any:
    """A channel that takes versions of Acme.Web below 1.10, and no pre-releases of Acme.Api."""
    rules = [
        {"ActionPackages": [{"DeploymentAction": "web"}], "VersionRange": "[1.0,1.10)"},
        {"ActionPackages": [{"DeploymentAction": "Api"}], "Tag": "^$"},
    ]
    return await create(client, "channels", ProjectId="Projects-1", Name="Stable", Rules=rules)


async def test_a_channel_decides_which_version_is_the_latest(client: httpx.AsyncClient, stable: Any) -> None:
    none = await client.post(V1, json={"ProjectName": "Web Shop", "ChannelName": "Stable"})
    await push(client, "Acme.Api.1.5.0.zip")
    made = await release(client, channelName="Stable")

    assert "that the rules of the channel 'Stable' accept" in none.json()["Errors"][0]
    assert chosen(made) == {"Web/": "1.9.0", "Web/tools": "5.0", "Api/": "1.5.0"}


async def test_a_channel_refuses_versions_unless_its_rules_are_ignored(
    client: httpx.AsyncClient, project: Any, stable: Any
) -> None:
    body = {"ProjectName": "Web Shop", "ChannelName": "Stable", "Packages": ["Acme.Web:1.10.0", "Api:2.0.0-beta"]}

    refused = await client.post(V1, json=body)
    ignored = await client.post(V1, json={**body, "IgnoreChannelRules": True})
    await client.put(project["Links"]["Self"], json={**project, "AllowIgnoreChannelRules": False})
    forbidden = await client.post(V1, json={**body, "IgnoreChannelRules": True})

    web, api = refused.json()["Errors"]
    assert "version 1.10.0 of the package 'Acme.Web' is not allowed in the channel 'Stable': it is not in" in web
    assert "its pre-release tag does not match '^$'" in api
    assert (ignored.status_code, forbidden.status_code) == (201, 400)


async def test_only_packages_with_the_wanted_tag_are_latest(client: httpx.AsyncClient, steps: None) -> None:
    answer = await client.post(
        V1, json={"ProjectName": "Web Shop", "PackagePrerelease": "beta", "Packages": ["Web:1.9.0", "Web:tools:5.0"]}
    )

    made = (await client.get(f"{SPACE}/releases/{answer.json()['ReleaseId']}")).json()
    assert chosen(made) == {"Web/": "1.9.0", "Web/tools": "5.0", "Api/": "2.0.0-beta"}


async def test_notes_are_filled_in_from_the_template(client: httpx.AsyncClient, project: Any) -> None:
    settings = (await client.get(project["Links"]["DeploymentSettings"])).json()
    template = "#{Octopus.Project.Name} #{Octopus.Release.Number}: #{What} #{Nothing}"
    await client.put(settings["Links"]["Self"], json={**settings, "ReleaseNotesTemplate": template})
    variables = [{"Name": "What", "Value": "fixes"}, {"Name": "Loop", "Value": "#{Loop}"}]
    await client.put(project["Links"]["Variables"], json={"Variables": variables})

    by_template = await release(client, releaseVersion="1.0")
    by_hand = await release(client, releaseVersion="1.1", releaseNotes="Now with #{What}")
    endless = await client.post(V1, json={"ProjectName": "Web Shop", "ReleaseNotes": "#{Loop}"})

    assert by_template["ReleaseNotes"] == "Web Shop 1.0: fixes #{Nothing}"
    assert by_hand["ReleaseNotes"] == "Now with fixes"
    assert endless.status_code == 400
    assert "cannot be filled in" in endless.json()["Errors"][0]


async def test_only_named_variables_are_taken_anew(client: httpx.AsyncClient, project: Any) -> None:
    place = await create(client, "environments", Name="Gone")
    path = project["Links"]["Variables"]
    scope = {"Environment": [place["Id"]]}
    first = [
        {"Name": "A", "Value": "old"},
        {"Name": "B", "Value": "old"},
        {"Name": "C", "Value": "old", "Scope": scope},
        {"Name": "Key", "Type": "Sensitive", "Value": "s3cret"},
    ]
    saved = (await client.put(path, json={"Variables": first})).json()
    made = await release(client)
    changed = [{**one, "Value": "new" if one["Value"] else None, "Scope": {}} for one in saved["Variables"]]
    await client.put(path, json={"Version": 1, "Variables": changed})
    assert (await client.delete(place["Links"]["Self"])).status_code == 200

    command = {"Variables": [{"Name": "a", "OwnerId": "Projects-1"}]}
    renewed = (await client.post(f"{made['Links']['Self']}/snapshot-variables-by-name", json=command)).json()
    unknown = await client.post(
        f"{made['Links']['Self']}/snapshot-variables-by-name", json={"Variables": [{"Name": "Nope"}]}
    )
    values = (await client.get(renewed["Links"]["ProjectVariableSnapshot"])).json()["Variables"]
    later = await release(client)

    assert {one["Name"]: one["Value"] for one in values} == {"A": "new", "B": "old", "Key": None}
    assert (unknown.status_code, "'nope'" in unknown.json()["Errors"][0]) == (400, True)
    assert later["ProjectVariableSetSnapshotId"] != renewed["ProjectVariableSetSnapshotId"]


async def test_the_difference_of_variables_is_shown_before_they_are_taken_anew(
    client: httpx.AsyncClient, project: Any
) -> None:
    place = await create(client, "environments", Name="Dev")
    library = await create(client, "libraryvariablesets", Name="Shared")
    await client.put(library["Links"]["Variables"], json={"Variables": [{"Name": "Region", "Value": "north"}]})
    included = {**project, "IncludedLibraryVariableSetIds": [library["Id"]]}
    await client.put(project["Links"]["Self"], json=included)
    path = project["Links"]["Variables"]
    scoped = {"Name": "Url", "Value": "dev", "Scope": {"Environment": [place["Id"]]}}
    first = [
        {"Name": "Url", "Value": "old"},
        scoped,
        {"Name": "Gone", "Value": "1"},
        {"Name": "Key", "Type": "Sensitive", "Value": "s3cret"},
        {"Name": "Same", "Type": "Sensitive", "Value": "s4me"},
    ]
    await client.put(path, json={"Variables": first})
    made = await release(client)
    difference = made["Links"]["VariableDifference"]
    assert (await client.get(difference)).json() == {
        "ReleaseId": made["Id"],
        "IsModified": False,
        "Differences": [],
    }

    now = [
        {"Name": "Url", "Value": "new"},
        scoped,
        {"Name": "Fresh", "Value": "2"},
        {"Name": "Key", "Type": "Sensitive", "Value": "0ther"},
        {"Name": "Same", "Type": "Sensitive", "Value": "s4me"},
    ]
    await client.put(path, json={"Version": 1, "Variables": now})
    await client.put(library["Links"]["Variables"], json={"Version": 1, "Variables": []})
    answer = await client.get(difference)
    rows = [
        (one["OwnerName"], one["Name"], one["Change"], one["Before"], one["After"])
        for one in answer.json()["Differences"]
    ]

    assert rows == [
        ("Web Shop", "Fresh", "Added", None, "2"),
        ("Web Shop", "Gone", "Removed", "1", None),
        ("Web Shop", "Key", "Changed", None, None),
        ("Web Shop", "Url", "Changed", "old", "new"),
        ("Shared", "Region", "Removed", "north", None),
    ]
    assert "s3cret" not in answer.text
    await client.post(made["Links"]["SnapshotVariables"])
    assert (await client.get(difference)).json()["IsModified"] is False


async def test_packages_and_channel_change_as_long_as_the_release_was_never_deployed(
    client: httpx.AsyncClient, steps: None
) -> None:
    beta = {"Rules": [{"Tag": "^beta", "ActionPackages": [{"DeploymentAction": "Api"}]}]}
    channel = await create(client, "channels", ProjectId="Projects-1", Name="Beta", **beta)
    made = await release(client)
    older = [{"ActionName": "Web", "PackageReferenceName": "", "Version": "1.9.0"}]

    edited = await client.put(made["Links"]["Self"], json={**made, "SelectedPackages": older})
    moved = await client.put(made["Links"]["Self"], json={**edited.json(), "ChannelId": channel["Id"]})
    missing = [{**older[0], "Version": "9.9"}]
    refused = await client.put(made["Links"]["Self"], json={**moved.json(), "SelectedPackages": missing})

    assert chosen(edited.json()) == {"Web/": "1.9.0", "Web/tools": "5.0", "Api/": "2.0.0-beta"}
    assert (moved.json()["ChannelId"], chosen(moved.json())["Web/"]) == (channel["Id"], "1.9.0")
    assert (refused.status_code, "needs version 9.9" in refused.json()["ErrorMessage"]) == (400, True)


async def test_packages_of_a_deployed_release_stay(client: httpx.AsyncClient, steps: None) -> None:
    place = await create(client, "environments", Name="Dev")
    properties = {
        "Octopus.Action.RunOnServer": "True",
        "Octopus.Action.Script.ScriptSource": "Inline",
        "Octopus.Action.Script.Syntax": "Bash",
        "Octopus.Action.Script.ScriptBody": "true",
    }
    await save_steps(client, step("Web", ("", "Acme.Web"), ActionType="Octopus.Script", Properties=properties))
    made = await release(client)
    body = {"ReleaseId": made["Id"], "EnvironmentId": place["Id"]}
    assert (await client.post(f"{SPACE}/deployments", json=body)).status_code == 201
    older = [{"ActionName": "Web", "PackageReferenceName": "", "Version": "1.9.0"}]

    refused = await client.put(made["Links"]["Self"], json={**made, "SelectedPackages": older})
    notes = await client.put(made["Links"]["Self"], json={**made, "ReleaseNotes": "Later."})

    assert (refused.status_code, "has been deployed" in refused.json()["ErrorMessage"]) == (400, True)
    assert (notes.status_code, notes.json()["ReleaseNotes"]) == (200, "Later.")


async def test_every_field_that_the_channel_defines_has_to_be_filled_in(
    client: httpx.AsyncClient, project: Any
) -> None:
    channel = (await client.get(f"{SPACE}/channels/Channels-1")).json()
    fields = [{"FieldName": "Ticket", "Description": "from the tracker"}, {"FieldName": "Team"}]
    twice = [*fields, {"FieldName": "team"}, *({"FieldName": f"F{number}"} for number in range(8))]

    refused = await client.put(channel["Links"]["Self"], json={**channel, "CustomFieldDefinitions": twice})
    await client.put(channel["Links"]["Self"], json={**channel, "CustomFieldDefinitions": fields})
    lacking = await client.post(V1, json={"ProjectName": "Web Shop", "CustomFields": {"Team": " "}})
    made = await release(client, customFields={"ticket": "T-1", "Team": "Web"})

    assert len(refused.json()["Errors"]) == 2
    assert lacking.json()["Errors"] == [
        "CustomFields lacks 'Ticket', which every release in the channel 'Default' has to have (from the tracker).",
        "CustomFields lacks 'Team', which every release in the channel 'Default' has to have.",
    ]
    assert made["CustomFields"] == {"ticket": "T-1", "Team": "Web"}


async def test_a_package_and_a_feed_tell_who_uses_them(client: httpx.AsyncClient, project: Any, steps: None) -> None:
    made = await release(client, packages=["Acme.Web:1.9.0"])
    used = (await client.get(f"{SPACE}/packages/packages-acme.web.1.9.0/usage")).json()
    other = (await client.get(f"{SPACE}/packages/packages-Acme.Web.1.0.0/usage")).json()
    feed = (await client.get(f"{SPACE}/feeds/feeds-builtin/usage")).json()

    assert [(one["Id"], one["Name"], one["ProjectName"]) for one in used["Releases"]] == [
        (made["Id"], made["Version"], "Web Shop")
    ]
    assert other["Releases"] == []
    assert [one["Name"] for one in other["Projects"]] == ["Web Shop"]
    assert [one["ProjectName"] for one in feed["DeploymentProcesses"]] == ["Web Shop"]
