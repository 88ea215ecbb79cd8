"""Who gets at what belongs to no project: packages by the projects that take them, templates, tags, and their users."""

from __future__ import annotations

from typing import Any

import httpx
from tests.api.conftest import SPACE, create
from tests.api.packages import push, zipped
from tests.api.people import Headers, person
from tests.api.scopes import world

from polpo.server.application import Server

ONE = {"project_ids": ["Projects-1"]}


def taking(package: str, **more: str) -> dict[str, Any]:
    """A step that takes a package from the built-in feed."""
    properties = {"Octopus.Action.TargetRoles": "web"}
    action = {
        "Name": f"Deploy {package}",
        "ActionType": "Octopus.TentaclePackage",
        "Properties": {"Octopus.Action.Package.PackageId": package, **more},
    }
    return {"Name": f"Deploy {package}", "Properties": properties, "Actions": [action]}


async def steps(client: httpx.AsyncClient, project: str, *wanted: dict[str, Any]) -> None:
    path = f"{SPACE}/projects/{project}/deploymentprocesses"
    known = (await client.get(path)).json()
    answer = await client.put(path, json={**known, "Steps": list(wanted)})
    assert answer.status_code == 200, answer.text


async def pushed(client: httpx.AsyncClient, who: Headers, name: str, query: str = "") -> httpx.Response:
    files = {"file": (name, zipped(), "application/octet-stream")}
    return await client.post(f"{SPACE}/packages/raw{query}", files=files, headers=who)


async def test_a_grant_for_projects_reaches_the_packages_that_they_take(
    client: httpx.AsyncClient, server: Server
) -> None:
    await world(client)
    await steps(client, "Projects-1", taking("Own"), taking("Both"))
    await steps(client, "Projects-2", taking("both"), taking("Other"))
    for name in ("Own", "Both", "Other", "Free"):
        assert (await push(client, f"{name}.1.0.0.zip")).status_code == 201
    rights = ["BuiltInFeedPush", "BuiltInFeedAdminister", "BuiltInFeedDownload"]
    who = await person(server, "eva", *rights, **ONE)
    for name, may_push, may_download in (
        ("Own", True, True),
        ("Both", False, True),
        ("Other", False, False),
        ("Free", False, False),
    ):
        for query in ("", "?overwriteMode=OverwriteExisting"):
            version = "1.0.0" if query else "2.0.0"
            answer = await pushed(client, who, f"{name}.{version}.zip", query)
            assert answer.status_code == (201 if may_push else 403), (name, query, answer.text)
        answer = await client.get(f"{SPACE}/packages/packages-{name}.1.0.0/raw", headers=who)
        assert answer.status_code == (200 if may_download else 403), name
        path = f"/nuget/packages?apiKey={who['X-Octopus-ApiKey']}"
        files = {"package": (f"{name}.3.0.0.zip", zipped(), "application/octet-stream")}
        answer = await client.put(path, files=files, headers=who)
        assert answer.status_code == (201 if may_push else 403), (name, answer.text)
        signature = await client.get(f"{SPACE}/packages/{name}/9.0.0/delta-signature", headers=who)
        assert signature.status_code == (200 if may_push else 403)
        answer = await client.delete(f"{SPACE}/packages/packages-{name}.1.0.0", headers=who)
        assert answer.status_code == (200 if may_push else 403), name
    refused = await pushed(client, who, "Free.2.0.0.zip")
    assert "none of them takes the package 'Free'" in refused.json()["ErrorMessage"]
    pusher = await person(server, "tom", "BuiltInFeedPush", **ONE)
    answer = await pushed(client, pusher, "Own.2.0.0.zip", "?overwriteMode=OverwriteExisting")
    assert answer.json()["Details"]["MissingPermission"] == "BuiltInFeedAdminister"


async def test_users_of_a_thing_are_told_as_far_as_they_may_be_seen(client: httpx.AsyncClient, server: Server) -> None:
    await world(client)
    shared = (await create(client, "libraryvariablesets", Name="Shared"))["Id"]
    template = await create(
        client,
        "actiontemplates",
        Name="Say",
        ActionType="Octopus.Script",
        Properties={"Octopus.Action.Script.ScriptBody": "echo 1", "Octopus.Action.Script.Syntax": "Bash"},
    )
    for number in (1, 2):
        project = (await client.get(f"{SPACE}/projects/Projects-{number}")).json()
        including = {**project, "IncludedLibraryVariableSetIds": [shared]}
        assert (await client.put(f"{SPACE}/projects/Projects-{number}", json=including)).status_code == 200
        used = {"Octopus.Action.Template.Id": template["Id"], "Octopus.Action.Template.Version": "0"}
        await steps(client, f"Projects-{number}", taking("Own", **used))
    rights = ["ProjectView", "ProcessView", "ProcessEdit", "ReleaseView", "LibraryVariableSetView", "LifecycleView"]
    who = await person(server, "eva", *rights, "ActionTemplateView", "ActionTemplateDelete", **ONE)
    usages = (await client.get(f"{SPACE}/libraryvariablesets/{shared}/usages", headers=who)).json()
    assert [one["ProjectId"] for one in usages["Projects"]] == ["Projects-1"]
    assert usages["CountOfProjectsUserCannotSee"] == 1
    path = f"{SPACE}/actiontemplates/{template['Id']}"
    usage = (await client.get(f"{path}/usage", headers=who)).json()
    assert [one["ProjectId"] for one in usage] == ["Projects-1"]
    refused = await client.delete(path, headers=who)
    assert refused.status_code == 409
    assert "'Shop' and 1 more" in refused.json()["ErrorMessage"]
    assert "Back" not in refused.text
    action = usage[0]["ActionId"]
    for number, expected in ((2, 403), (1, 400)):
        body = {"ActionIdsByProcessId": {f"deploymentprocess-Projects-{number}": [action]}, "Version": 99}
        answer = await client.post(f"{path}/actionsUpdate", json=body, headers=who)
        assert answer.status_code in (expected, 404), answer.text
    for place in ("projects", "retention/preview"):
        told = (await client.get(f"{SPACE}/lifecycles/Lifecycles-1/{place}", headers=who)).json()
        assert [one.get("Id") or one["ProjectId"] for one in told] == ["Projects-1"], place
    for number, expected in ((1, 200), (2, 403)):
        answer = await client.get(f"{SPACE}/projects/Projects-{number}/retention/preview", headers=who)
        assert answer.status_code == expected


async def test_tag_sets_and_templates_are_for_people_of_the_space(client: httpx.AsyncClient, server: Server) -> None:
    await create(client, "tagsets", Name="Ring", Tags=[{"Name": "Early", "Color": "#fff"}])
    other = (
        await client.post("/api/spaces", json={"Name": "Other", "SpaceManagersTeams": ["teams-administrators"]})
    ).json()
    here = await person(server, "eva", "ActionTemplateCreate")
    there = await person(server, "tom", "ActionTemplateCreate", space_id=other["Id"])
    for who, expected in ((here, 200), (there, 403)):
        for path in ("tagsets", "tagsets/all", "tagsets/TagSets-1"):
            assert (await client.get(f"{SPACE}/{path}", headers=who)).status_code == expected, path
    for who, expected in ((here, 404), (there, 403)):
        install = "/api/communityactiontemplates/none/installation/Spaces-1"
        assert (await client.post(install, headers=who)).status_code == expected


async def test_a_credential_goes_to_no_address_but_by_those_who_may_see_it(
    client: httpx.AsyncClient, server: Server
) -> None:
    await world(client)
    await create(
        client,
        "git-credentials",
        Name="Robot",
        Details={"Type": "UsernamePassword", "Username": "robot", "Password": {"HasValue": True, "NewValue": "s"}},
    )
    who = await person(server, "eva", "ProjectEdit", "ProcessView")
    settings = {
        "Type": "VersionControlled",
        "Url": "http://127.0.0.1:9/elsewhere.git",
        "Credentials": {"Type": "Reference", "Id": "GitCredentials-1"},
    }
    body = {"CommitMessage": "x", "VersionControlSettings": settings}
    answer = await client.post(f"{SPACE}/projects/Projects-1/git/convert", json=body, headers=who)
    assert answer.status_code == 403
    assert answer.json()["Details"]["MissingPermission"] == "GitCredentialView"
