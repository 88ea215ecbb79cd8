"""What a deployment brings: the releases since the one that its environment has."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from tests.api.conftest import SPACE, create
from tests.api.packages import push
from tests.api.test_deployments import Shop, script

from polpo.server.application import Server

BUILD = {
    "BuildNumber": "77",
    "BuildUrl": "https://ci.test/77",
    "VcsType": "Git",
    "VcsRoot": "https://github.com/acme/web",
    "Commits": [{"Id": "abc123", "Comment": "Round prices. Fixes #12"}, {"Id": "def456", "Comment": "Tidy up"}],
}
TEMPLATE = (
    "#{each change in Octopus.Deployment.Changes}#{change.Version}"
    "#{each commit in change.Commits} [#{commit.Id}](#{commit.LinkUrl})#{/each};#{/each}"
    " for #{Octopus.Environment.Name} #{Greeting} #{Secret}"
)
SHOW = """\
echo "changes $(get_octopusvariable 'Octopus.Deployment.ChangesMarkdown' | tr '\\n' ' ')"
echo "items $(get_octopusvariable 'Octopus.Deployment.WorkItems')"
echo "built #{Octopus.Deployment.PackageBuildInformation[0].BuildNumber}"
echo "first #{Octopus.Deployment.Changes[0].Version}"
"""


class Changes(Shop):
    async def brought(self, version: str, environment: str = "Dev") -> list[str]:
        """The versions that a preview shows."""
        return [change["Version"] for change in (await self.preview(version, environment))["Changes"]]

    async def preview(self, version: str, environment: str = "Dev") -> Any:
        release = (await self.client.get(f"{SPACE}/projects/web-shop/releases/{version}")).json()
        path = f"{SPACE}/releases/{release['Id']}/deployments/preview/{self.environments[environment]}"
        return (await self.client.get(path)).json()


@pytest.fixture
async def shop(client: httpx.AsyncClient, server: Server, project: Any) -> Changes:
    made = {name: (await create(client, "environments", Name=name))["Id"] for name in ("Dev", "Prod")}
    shop = Changes(client, server, made)
    await shop.process(script("Show", SHOW))
    return shop


async def test_deployment_brings_every_release_since_the_one_that_is_there(shop: Changes) -> None:
    for version in ("1.0.0", "1.1.0-rc.1", "1.2.0", "1.1.0", "2.0.0"):
        await shop.release(version)
    assert await shop.brought("1.2.0") == ["1.2.0"]  # nothing is there yet
    await shop.ended(await shop.deploy("Dev", "1.0.0"))
    await shop.ended(await shop.deploy("Dev", "1.1.0-rc.1"))

    assert await shop.brought("1.2.0") == ["1.1.0", "1.2.0"]
    assert await shop.brought("2.0.0") == ["1.1.0", "1.2.0", "2.0.0"]
    assert await shop.brought("1.1.0-rc.1") == ["1.1.0-rc.1"]
    assert await shop.brought("1.0.0") == ["1.0.0"]
    assert await shop.brought("2.0.0", "Prod") == ["2.0.0"]


async def test_failed_deployment_brought_nothing(shop: Changes) -> None:
    for version in ("1.0.0", "1.1.0", "1.2.0"):
        await shop.release(version)
    await shop.ended(await shop.deploy("Dev", "1.0.0"))
    await shop.process(script("Show", "exit 1"))
    await shop.release("1.1.1")
    await shop.ended(await shop.deploy("Dev", "1.1.1"))

    assert await shop.brought("1.2.0") == ["1.1.0", "1.1.1", "1.2.0"]


async def test_discrete_channels_have_lines_of_their_own(shop: Changes, project: Any) -> None:
    beta = await create(shop.client, "channels", ProjectId="Projects-1", Name="Beta")
    await shop.release("1.0.0")
    body = {"projectName": "Web Shop", "releaseVersion": "1.1.0", "channelName": beta["Name"]}
    await shop.client.post(f"{SPACE}/releases/create/v1", json=body)
    await shop.release("1.2.0")
    await shop.ended(await shop.deploy("Dev", "1.0.0"))
    assert await shop.brought("1.2.0") == ["1.1.0", "1.2.0"]

    known = (await shop.client.get(project["Links"]["Self"])).json()
    await shop.client.put(project["Links"]["Self"], json={**known, "DiscreteChannelRelease": True})

    assert await shop.brought("1.2.0") == ["1.2.0"]
    assert await shop.brought("1.1.0") == ["1.1.0"]


async def test_template_and_variables_tell_builds_commits_and_work_items(shop: Changes, project: Any) -> None:
    assert (await push(shop.client, "Acme.Web.1.0.0.zip")).status_code == 201
    pushed = {"PackageId": "Acme.Web", "Version": "1.0.0", "OctopusBuildInformation": BUILD}
    assert (await shop.client.post(f"{SPACE}/build-information", json=pushed)).status_code == 201
    settings = (await shop.client.get(project["Links"]["DeploymentSettings"])).json()
    await shop.client.put(settings["Links"]["Self"], json={**settings, "DeploymentChangesTemplate": TEMPLATE})
    secret = {"Name": "Secret", "Value": "hush", "IsSensitive": True, "Type": "Sensitive"}
    await shop.variables({"Name": "Greeting", "Value": "hello"}, secret)
    references = [
        {"Name": "", "PackageId": "Acme.Web", "FeedId": "feeds-builtin", "AcquisitionLocation": "NotAcquired"}
    ]
    await shop.process(script("Show", SHOW, Packages=references))
    await shop.release("1.0.0")

    expected = (
        "1.0.0 [abc123](https://github.com/acme/web/commit/abc123)"
        " [def456](https://github.com/acme/web/commit/def456); for Dev hello #{Secret}"
    )
    preview = await shop.preview("1.0.0")
    assert preview["ChangesMarkdown"] == expected
    assert preview["ReleaseNotes"] == preview["Changes"]
    assert [item["Id"] for item in preview["Changes"][0]["WorkItems"]] == ["#12"]

    task_id = await shop.deploy("Dev", "1.0.0")
    await shop.ended(task_id)
    lines = await shop.lines(task_id)
    deployment = (await shop.client.get(f"{SPACE}/deployments/Deployments-1")).json()

    assert deployment["Changes"] == preview["Changes"]
    assert deployment["ChangesMarkdown"] == expected
    assert "built 77" in lines
    assert "first 1.0.0" in lines
    assert any(line.startswith('items [{"Id":"#12"') for line in lines)
    assert any(line.startswith("changes 1.0.0 [abc123]") for line in lines)


async def test_without_a_template_releases_notes_and_work_items_are_listed(shop: Changes) -> None:
    body = {"projectName": "Web Shop", "releaseVersion": "1.0.0", "releaseNotes": "Faster."}
    await shop.client.post(f"{SPACE}/releases/create/v1", json=body)

    assert (await shop.preview("1.0.0"))["ChangesMarkdown"] == "**Release 1.0.0**\n\nFaster."
