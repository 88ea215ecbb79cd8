"""Build information over HTTP, and in the packages and releases that it tells about."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from tests.api.conftest import SPACE, create
from tests.api.packages import push as push_package

from polpo.features.buildinformation.linking import Host
from polpo.features.buildinformation.resource import CommitDetail

PATH = f"{SPACE}/build-information"
BUILT = {
    "BuildEnvironment": "Jenkins",
    "BuildNumber": "5",
    "BuildUrl": "http://b",
    "Branch": "main",
    "VcsType": "Git",
    "VcsRoot": "https://github.com/acme/web.git",
    "VcsCommitNumber": "abc",
    "Commits": [{"Id": "abc", "Comment": "Fixes #7 and resolves #8"}, {"Id": "def", "Comment": "see #9"}],
}


def command(version: str = "1.0.0", package: str = "Hello", **more: Any) -> dict[str, Any]:
    """As the command line sends it."""
    return {"SpaceId": "Spaces-1", "PackageId": package, "Version": version, "OctopusBuildInformation": BUILT, **more}


async def push(client: httpx.AsyncClient, version: str = "1.0.0", package: str = "Hello") -> Any:
    answer = await client.post(PATH, json=command(version, package))
    assert answer.status_code == 201, answer.text
    return answer.json()


async def versions(client: httpx.AsyncClient, query: str) -> list[str]:
    items = (await client.get(f"{PATH}?{query}")).json()["Items"]
    return [f"{one['PackageId']} {one['Version']}" for one in items]


async def test_what_a_build_server_pushes_is_shown_flat_and_with_links(client: httpx.AsyncClient) -> None:
    pushed = await push(client)
    read = (await client.get(pushed["Links"]["Self"])).json()

    assert read == pushed
    assert (read["Id"], read["PackageId"], read["Version"]) == ("BuildInformation-1", "Hello", "1.0.0")
    same = ("BuildEnvironment", "BuildNumber", "BuildUrl", "Branch", "VcsType", "VcsRoot", "VcsCommitNumber")
    assert {name: read[name] for name in same} == {name: BUILT[name] for name in same}
    assert read["VcsCommitUrl"] == "https://github.com/acme/web/commit/abc"
    assert [one["LinkUrl"] for one in read["Commits"]] == [
        "https://github.com/acme/web/commit/abc",
        "https://github.com/acme/web/commit/def",
    ]
    assert [(one["Id"], one["LinkUrl"]) for one in read["WorkItems"]] == [
        ("#7", "https://github.com/acme/web/issues/7"),
        ("#8", "https://github.com/acme/web/issues/8"),
    ]
    assert read["IssueTrackerName"] == "GitHub"
    assert "SortKey" not in read


@pytest.mark.parametrize("place", ["query", "body"])
@pytest.mark.parametrize(
    ("mode", "status", "branch"),
    [
        (None, 409, "main"),
        ("FailIfExists", 409, "main"),
        ("ignoreifexists", 200, "main"),
        ("OverwriteExisting", 201, "next"),
    ],
)
async def test_an_existing_version_is_kept_or_replaced_as_asked(
    client: httpx.AsyncClient, place: str, mode: str | None, status: int, branch: str
) -> None:
    first = await push(client)
    body = command("1.0.0", "HELLO", OctopusBuildInformation={**BUILT, "Branch": "next"})
    query = f"?overwriteMode={mode}" if mode and place == "query" else ""

    answer = await client.post(PATH + query, json={**body, "OverwriteMode": mode} if place == "body" else body)

    after = (await client.get(first["Links"]["Self"])).json()
    assert (answer.status_code, after["Branch"]) == (status, branch)
    assert after["Created"] == first["Created"]
    if status == 409:
        assert answer.json()["Errors"] == [answer.json()["ErrorMessage"]]


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ({"Version": "1.0.0"}, "PackageId must be"),
        ({"PackageId": "A", "Version": " "}, "Version must be"),
        ({"PackageId": "A", "Version": "1.0!"}, "Version must be"),
        ({"PackageId": "A", "Version": "99999999999999.0"}, "Version must be"),
        ({"PackageId": "A", "Version": "1.0", "OverwriteMode": "Perhaps"}, "OverwriteMode"),
        ({"PackageId": "A", "Version": "1.0", "OctopusBuildInformation": []}, "OctopusBuildInformation"),
    ],
)
async def test_what_names_no_version_is_refused(client: httpx.AsyncClient, body: Any, sentence: str) -> None:
    answer = await client.post(PATH, json=body)
    wrong = await client.post(f"{PATH}?overwriteMode=Perhaps", json=command())

    assert (answer.status_code, wrong.status_code) == (400, 400)
    assert sentence in " ".join(answer.json()["Errors"])


async def test_older_clients_push_and_read_it_under_another_name(client: httpx.AsyncClient) -> None:
    body = {"PackageId": "Hello", "Version": "1.0.0", "OctopusPackageMetadata": BUILT}
    pushed = await client.post(f"{SPACE}/package-metadata", json=body)
    again = [
        (await client.post(f"{SPACE}/package-metadata{query}", json=body)).status_code
        for query in ("", "?replace=true")
    ]

    read = (await client.get(f"{SPACE}/package-metadata/{pushed.json()['Id']}")).json()

    assert (pushed.status_code, again) == (201, [409, 201])
    assert (read["PackageId"], read["BuildNumber"], len(read["Commits"])) == ("Hello", "5", 2)


async def test_lists_are_narrowed_by_package_version_and_latest(client: httpx.AsyncClient) -> None:
    for version, package in (("1.9.0", "Hello"), ("1.10.0", "Hello"), ("2.0.0", "Other")):
        await push(client, version, package)

    assert await versions(client, "") == ["Hello 1.10.0", "Hello 1.9.0", "Other 2.0.0"]
    assert await versions(client, "packageId=hello&filter=1.9.0") == ["Hello 1.9.0"]
    assert await versions(client, "latest=true") == ["Hello 1.10.0", "Other 2.0.0"]
    assert await versions(client, "skip=1&take=1") == ["Hello 1.9.0"]


async def test_information_is_deleted_alone_and_in_bulk(client: httpx.AsyncClient) -> None:
    ids = [(await push(client, version))["Id"] for version in ("1.0.0", "2.0.0", "3.0.0")]

    one = await client.delete(f"{PATH}/{ids[0]}")
    unknown = await client.delete(f"{PATH}/bulk?ids={ids[1]},BuildInformation-99")
    left = await versions(client, "")
    many = await client.delete(f"{PATH}/bulk?ids={','.join(ids[1:])}")

    assert (one.status_code, one.json(), unknown.status_code, many.status_code) == (200, {}, 404, 200)
    assert left == ["Hello 3.0.0", "Hello 2.0.0"]
    assert await versions(client, "") == []
    assert (await client.get(f"{PATH}/{ids[0]}")).status_code == 404


async def test_a_release_keeps_what_was_built_and_tells_it_in_its_notes(
    client: httpx.AsyncClient, project: Any
) -> None:
    await push(client)
    await push_package(client, "Hello.1.0.0.zip")
    action = {
        "ActionType": "Octopus.Script",
        "Packages": [{"PackageId": "hello", "FeedId": "feeds-builtin", "AcquisitionLocation": "Server"}],
    }
    await client.put(project["Links"]["DeploymentProcess"], json={"Steps": [{"Name": "Say", "Actions": [action]}]})
    notes = (
        "#{each package in Octopus.Release.Package}#{package.PackageId} #{package.Version}:"
        "#{each commit in package.Commits} #{commit.CommitId}#{/each}#{/each};"
        "#{each item in Octopus.Release.WorkItems} #{item.Id}#{/each};"
        "#{each build in Octopus.Release.Builds} #{build.Branch}#{/each}"
    )
    chosen = [{"ActionName": "Say", "Version": "1.0.0"}]

    release = await create(
        client, "releases", ProjectId="Projects-1", Version="1", SelectedPackages=chosen, ReleaseNotes=notes
    )

    [built] = release["BuildInformation"]
    assert (built["PackageId"], built["BuildNumber"]) == ("Hello", "5")
    assert [one["Id"] for one in built["WorkItems"]] == ["#7", "#8"]
    package = (await client.get(f"{SPACE}/packages/packages-Hello.1.0.0")).json()
    assert package["PackageVersionBuildInformation"]["BuildNumber"] == "5"
    assert release["ReleaseNotes"] == "hello 1.0.0: abc def; #7 #8; main"


@pytest.mark.parametrize(
    ("root", "url"),
    [
        ("https://github.com/a/b", "https://github.com/a/b/commit/1"),
        ("https://user:secret@github.com/a/b.git/", "https://github.com/a/b/commit/1"),
        ("git@gitlab.example.com:a/b.git", "https://gitlab.example.com/a/b/-/commit/1"),
        ("ssh://git@bitbucket.org/a/b", "https://bitbucket.org/a/b/commits/1"),
        ("https://dev.azure.com/o/p/_git/r", "https://dev.azure.com/o/p/_git/r/commit/1"),
        ("https://git.example.com/a/b", None),
        ("http://[broken", None),
        ("/srv/git/b", None),
        ("", None),
    ],
)
def test_a_commit_is_linked_where_its_host_is_known(root: str, url: str | None) -> None:
    assert Host(root).commit_url("1") == url


def test_without_a_tracker_no_work_items_are_found() -> None:
    commits = [CommitDetail(id="1", comment="fixes #1")]
    assert Host("https://git.example.com/a/b").work_items(commits) == []
    assert [one.id for one in Host("https://github.com/a/b").work_items(commits * 2)] == ["#1"]
