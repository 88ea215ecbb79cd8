"""Step templates of the community: read from files, installed in a space, taken to a newer version."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import httpx
import pytest
from tests.api.conftest import SPACE

from polpo.server.application import Server
from polpo.server.settings import Settings

PATH = "/api/communityactiontemplates"
GUID = "0A5F8E32-9B8B-4C5E-8A35-B3F7D4D1C001"
ID = f"CommunityActionTemplates-{GUID.lower()}"
EXPORTED: dict[str, Any] = {
    "Id": GUID,
    "Name": "Slack - Notify",
    "Description": "Tells a channel",
    "ActionType": "Octopus.Script",
    "Version": 3,
    "Author": "somebody",
    "Packages": [],
    "Properties": {"Octopus.Action.Script.ScriptBody": "echo", "Octopus.Action.Script.Syntax": None},
    "Parameters": [{"Id": "p1", "Name": "Hook", "Label": "Hook", "DefaultValue": None, "DisplaySettings": {}}],
    "LastModifiedBy": "somebody",
    "Category": "slack",
    "$Meta": {"ExportedAt": "2020-01-01T00:00:00.000Z", "Type": "ActionTemplate"},
}


@pytest.fixture
def folder(server: Server) -> Path:
    folder = server.settings.community_folder
    folder.mkdir()
    write(folder)
    return folder


def write(folder: Path, name: str = "slack-notify.json", **more: Any) -> None:
    path = folder / name
    path.write_text(json.dumps({**EXPORTED, **more}))
    stamp = path.stat().st_mtime_ns + 1_000_000 * (len(json.dumps(more)) + 1)
    os.utime(path, ns=(stamp, stamp))


async def test_files_are_listed_and_read(client: httpx.AsyncClient, folder: Path) -> None:
    write(folder, "another.json", Id="11111111-2222-3333-4444-555555555555", Name="Another")

    listed = (await client.get(f"{PATH}?take=1")).json()
    by_ids = (await client.get(f"{PATH}?ids={ID}")).json()["Items"]
    read = (await client.get(f"{PATH}/{ID}")).json()

    assert (listed["TotalResults"], [one["Name"] for one in listed["Items"]]) == (2, ["Another"])
    assert by_ids == [read]
    assert (read["Name"], read["Type"], read["Version"], read["ExternalId"]) == (
        "Slack - Notify",
        "Octopus.Script",
        3,
        GUID,
    )
    assert (read["Author"], read["Category"]) == ("somebody", "slack")
    assert read["Properties"] == {"Octopus.Action.Script.ScriptBody": "echo"}
    assert read["Links"]["Installation"] == f"{PATH}/{ID}/installation{{/spaceId}}"
    assert (await client.get(f"{PATH}/CommunityActionTemplates-9")).status_code == 404


async def test_without_a_folder_there_are_none(client: httpx.AsyncClient) -> None:
    assert (await client.get(PATH)).json()["Items"] == []


@pytest.mark.parametrize(
    "content", ["", "[]", "{", '{"Id": "x", "Name": "A", "ActionType": "B"}', json.dumps({**EXPORTED, "Name": " "})]
)
async def test_a_file_that_is_no_template_is_left_out(client: httpx.AsyncClient, folder: Path, content: str) -> None:
    (folder / "broken.json").write_text(content)
    (folder / "readme.txt").write_text("not a template")

    assert [one["Id"] for one in (await client.get(PATH)).json()["Items"]] == [ID]


async def test_a_template_is_installed_once_and_updated(client: httpx.AsyncClient, folder: Path) -> None:
    one = f"{PATH}/{ID}"
    missing = await client.get(f"{one}/actiontemplate/Spaces-1")
    early = await client.put(f"{one}/installation/Spaces-1")
    installed = await client.post(f"{one}/installation/Spaces-1")
    again = await client.post(f"{one}/installation/Spaces-1")
    write(folder, Version=4, Description="Tells a channel more")
    offered = (await client.get(f"{SPACE}/actiontemplates/search")).json()
    updated = (await client.put(f"{one}/installation/Spaces-1")).json()

    template = installed.json()
    assert (missing.status_code, early.status_code) == (404, 404)
    assert (installed.status_code, template["CommunityActionTemplateId"], template["Version"]) == (201, ID, 0)
    assert template["Parameters"][0]["Name"] == "Hook"
    assert again.status_code == 409
    assert (updated["Id"], updated["Version"], updated["Description"]) == (template["Id"], 1, "Tells a channel more")
    assert (await client.get(f"{one}/actiontemplate/Spaces-1")).json() == updated
    [mine] = [each for each in offered if each["CommunityActionTemplateId"] == ID]
    assert (mine["Id"], mine["HasUpdate"], mine["IsInstalled"]) == (template["Id"], True, True)


async def test_a_community_template_has_a_drawn_logo(client: httpx.AsyncClient, folder: Path) -> None:
    logo = await client.get(f"{PATH}/{ID}/logo")

    assert (logo.status_code, logo.headers["content-type"]) == (200, "image/svg+xml")
    assert ">SN</text>" in logo.text


async def test_what_is_not_installed_is_offered(client: httpx.AsyncClient, folder: Path) -> None:
    found = (await client.get(f"{SPACE}/actiontemplates/search?type=Octopus.Script")).json()

    [one] = [each for each in found if each["CommunityActionTemplateId"] == ID]
    assert (one["Name"], one["IsInstalled"], one["Category"], one["Categories"]) == (
        "Slack - Notify",
        False,
        "Community",
        ["Community", "slack"],
    )


def test_the_folder_is_a_setting(tmp_path: Path) -> None:
    assert Settings(data_dir=str(tmp_path)).community_folder == tmp_path / "community-templates"
    assert Settings(community_templates=str(tmp_path / "here")).community_folder == tmp_path / "here"
