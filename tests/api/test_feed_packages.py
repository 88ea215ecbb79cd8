"""Packages as the feed shows them, over HTTP."""

from __future__ import annotations

import httpx
import pytest
from tests.api.conftest import SPACE, create
from tests.api.packages import nupkg, push

FEED = f"{SPACE}/feeds/feeds-builtin/packages"


@pytest.fixture(autouse=True)
async def pushed(client: httpx.AsyncClient) -> None:
    for name in ("Acme.Web.1.9.0", "Acme.Web.1.10.0", "Acme.Web.2.0.0-rc.1", "Acme.Web.2.0.0-beta", "Acme.Api.1.0"):
        assert (await push(client, f"{name}.zip")).status_code == 201


async def test_a_search_finds_each_package_once(client: httpx.AsyncClient) -> None:
    everything = (await client.get(f"{FEED}/search")).json()
    found = (await client.get(f"{FEED}/search?term=WEB")).json()

    assert [one["Id"] for one in everything["Items"]] == ["Acme.Api", "Acme.Web"]
    [web] = found["Items"]
    assert (web["Name"], web["LatestVersion"]) == ("Acme.Web", "2.0.0-rc.1")
    versions = web["Links"]["SearchPackageVersionsTemplate"].partition("{")[0]
    assert (await client.get(versions)).json()["TotalResults"] == 4


@pytest.mark.parametrize(
    ("query", "versions"),
    [
        ("", ["2.0.0-rc.1", "2.0.0-beta", "1.10.0", "1.9.0"]),
        ("&includePreRelease=false", ["1.10.0", "1.9.0"]),
        ("&includePreRelease=true&take=1&skip=1", ["2.0.0-beta"]),
        ("&versionRange=%5B1.0,1.10)", ["1.9.0"]),
        ("&versionRange=1.10", ["2.0.0-rc.1", "2.0.0-beta", "1.10.0"]),
        ("&preReleaseTag=%5Erc", ["2.0.0-rc.1"]),
        ("&preReleaseTag=%5E%24&take=1", ["1.10.0"]),
        ("&filter=BETA", ["2.0.0-beta"]),
    ],
)
async def test_versions_are_found_as_rules_ask(client: httpx.AsyncClient, query: str, versions: list[str]) -> None:
    page = (await client.get(f"{FEED}/versions?packageId=acme.web{query}")).json()

    assert [one["Version"] for one in page["Items"]] == versions
    older = (await client.get(f"{FEED}/acme.web/versions?{query.lstrip('&')}")).json()
    assert older["Items"] == page["Items"]


async def test_a_version_tells_size_and_date(client: httpx.AsyncClient) -> None:
    [version] = (await client.get(f"{FEED}/versions?packageId=Acme.Api")).json()["Items"]

    assert (version["FeedId"], version["PackageId"], version["ReleaseNotes"]) == ("feeds-builtin", "Acme.Api", None)
    assert version["SizeBytes"] > 0
    assert version["Published"]


async def test_a_search_that_cannot_be_read_is_refused(client: httpx.AsyncClient) -> None:
    nameless = await client.get(f"{FEED}/versions")
    odd = await client.get(f"{FEED}/versions?packageId=Acme.Web&versionRange=%5B1.0")

    assert (nameless.status_code, odd.status_code) == (400, 400)
    assert "packageId" in nameless.json()["Errors"][0]


async def test_the_feed_lists_the_highest_of_what_is_named(client: httpx.AsyncClient) -> None:
    async def found(query: str) -> list[str]:
        return [f"{one['PackageId']} {one['Version']}" for one in (await client.get(f"{FEED}?{query}")).json()]

    assert await found("packageIds=Acme.Web,Acme.Api") == ["Acme.Api 1.0", "Acme.Web 2.0.0-rc.1"]
    assert await found("packageId=Acme.Web&includePreRelease=false") == ["Acme.Web 1.10.0"]
    assert await found("packageId=acme&partialMatch=true&take=1") == ["Acme.Api 1.0"]
    assert len(await found("packageId=Acme.Web&includeMultipleVersions=true")) == 4


async def test_notes_of_a_version_are_read(client: httpx.AsyncClient) -> None:
    await push(client, "x.nupkg", nupkg(id="Acme.Lib", version="1.0.0", releaseNotes="First."))

    note = (await client.get(f"{FEED}/notes?packageId=Acme.Lib&version=1.0.0")).json()

    assert (note["Notes"]["Succeeded"], note["Notes"]["Notes"]) == (True, "First.")


async def test_a_feed_that_cannot_be_read_says_so(client: httpx.AsyncClient) -> None:
    feed = await create(client, "feeds", Name="Far", FeedType="NuGet", FeedUri="https://nuget.test/")

    answer = await client.get(f"{SPACE}/feeds/{feed['Id']}/packages/search?term=x")

    assert answer.status_code == 501
    assert "'Far'" in answer.json()["ErrorMessage"]
