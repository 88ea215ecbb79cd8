"""The built-in repository over HTTP."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import httpx
import pytest
from tests.api.conftest import SPACE
from tests.api.packages import nupkg, push, zipped
from tests.conftest import API_KEY

from polpo.features.packages.resource import PACKAGES
from polpo.features.packages.service import find_package
from polpo.kernel.errors import NotFound
from polpo.rest.uploads import Uploads
from polpo.server.application import Server
from polpo.store.blobs import BlobStore


def left_behind(server: Server) -> list[str]:
    """Every file of a package, stored or on its way."""
    waiting = [path.name for path in (Path(server.settings.data) / "uploads").iterdir()]
    return [*server.parts.get(BlobStore).keys_now("packages"), *waiting]


async def test_a_pushed_package_is_described_and_downloaded(client: httpx.AsyncClient) -> None:
    content = zipped("index.html", "bin/run.sh")

    answer = await push(client, "Acme.Web.1.0.0-beta.1.zip", content)

    assert answer.status_code == 201
    package = answer.json()
    assert (package["Id"], package["PackageId"], package["Version"], package["FileExtension"]) == (
        "packages-Acme.Web.1.0.0-beta.1",
        "Acme.Web",
        "1.0.0-beta.1",
        ".zip",
    )
    assert (package["FeedId"], package["NuGetPackageId"]) == ("feeds-builtin", "Acme.Web")
    assert (package["PackageSizeBytes"], package["Hash"]) == (
        len(content),
        hashlib.sha1(content, usedforsecurity=False).hexdigest(),
    )
    raw = await client.get(package["Links"]["Raw"])
    assert raw.content == content
    assert int(raw.headers["content-length"]) == len(content)
    assert "Acme.Web.1.0.0-beta.1.zip" in raw.headers["content-disposition"]


async def test_the_answer_to_a_push_closes_the_connection(client: httpx.AsyncClient) -> None:
    answer = await push(client, "Acme.Web.1.0.0.zip", zipped("a.txt"))
    assert answer.headers["connection"] == "close"


async def test_the_record_leads_to_the_file(server: Server, client: httpx.AsyncClient) -> None:
    content = zipped("a.txt")
    await push(client, "Acme.Web.1.0.zip", content)

    with server.database.read() as session:
        package = find_package(session, "Spaces-1", "feeds-builtin", "acme.web", "1.0")
        with pytest.raises(NotFound, match=r"has no version 1\.1 of the package 'Acme\.Web'"):
            find_package(session, "Spaces-1", "feeds-builtin", "Acme.Web", "1.1")

    assert await server.parts.get(BlobStore).get(package.blob_key) == content
    assert (package.sha256, package.size) == (hashlib.sha256(content).hexdigest(), len(content))


@pytest.mark.parametrize("part", ["file", "fileToUpload"])
async def test_any_file_part_is_taken(client: httpx.AsyncClient, part: str) -> None:
    files: Any = {"note": (None, "no file"), part: ("C:\\drop\\Acme.Web.1.0.0.zip", zipped())}

    answer = await client.post(f"{SPACE}/packages/raw", files=files)

    assert (answer.status_code, answer.json()["Id"]) == (201, "packages-Acme.Web.1.0.0")


@pytest.mark.parametrize(
    ("query", "status", "content"),
    [
        ("", 409, b"old"),
        ("?overwriteMode=FailIfExists", 409, b"old"),
        ("?overwriteMode=IgnoreIfExists", 200, b"old"),
        ("?overwriteMode=overwriteexisting", 201, b"new"),
        ("?replace=true", 201, b"new"),
        ("?overwriteMode=Whatever", 400, b"old"),
    ],
)
async def test_a_version_that_exists_is_treated_as_asked(
    server: Server, client: httpx.AsyncClient, query: str, status: int, content: bytes
) -> None:
    versions = {b"old": zipped("old"), b"new": zipped("new")}
    await push(client, "Acme.Web.1.0.0.zip", versions[b"old"])

    answer = await push(client, "acme.web.1.0.0.zip", versions[b"new"], query)

    assert answer.status_code == status
    if status >= 400:
        assert answer.json()["Errors"]
    raw = await client.get(f"{SPACE}/packages/packages-Acme.Web.1.0.0/raw")
    assert raw.content == versions[content]
    assert len(left_behind(server)) == 1


@pytest.mark.parametrize(
    ("name", "content", "word"),
    [
        ("Acme.Web.1.0.0.zip", b"no zip at all", "no zip archive"),
        ("Acme.Web.1.0.0.zip", b"", "no zip archive"),
        ("Acme.Web.1.0.0.tar.gz", zipped(), "no tar archive"),
        ("Acme.Web.1.0.0.zip", zipped("../evil"), "outside of its folder"),
        ("Acme.Web.1.0.0.exe", b"MZ", "cannot be unpacked"),
        ("Acme.Web.zip", zipped(), "Acme.Web.1.0.0.zip"),
        ("noversion", zipped(), "its version"),
    ],
)
async def test_a_file_that_is_no_package_is_refused_and_leaves_nothing(
    server: Server, client: httpx.AsyncClient, name: str, content: bytes, word: str
) -> None:
    answer = await push(client, name, content)

    assert answer.status_code == 400
    assert word in answer.json()["Errors"][0]
    assert name in answer.json()["ErrorMessage"]
    assert left_behind(server) == []
    with server.database.read() as session:
        assert session.count(PACKAGES) == 0


async def test_what_is_no_form_with_a_file_is_refused(server: Server, client: httpx.AsyncClient) -> None:
    path = f"{SPACE}/packages/raw"
    form = {"Content-Type": "multipart/form-data; boundary=x"}
    answers = [
        await client.post(path, json={}),
        await client.post(path, content=b"--x\r\n", headers=form),
        await client.post(path, content=b"--x--\r\n", headers=form),
        await client.post(path, files={"note": (None, "text")}),
    ]

    assert [answer.status_code for answer in answers] == [400] * 4
    assert all(answer.json()["Errors"] for answer in answers)
    assert left_behind(server) == []


async def test_a_file_above_the_bound_is_refused(server: Server, client: httpx.AsyncClient) -> None:
    server.parts.get(Uploads).limit = 1000

    answer = await push(client, "Acme.Web.1.0.0.zip", zipped(content="x" * 2000))

    assert answer.status_code == 413
    assert left_behind(server) == []


async def test_a_nuget_package_names_itself(client: httpx.AsyncClient, anonymous: httpx.AsyncClient) -> None:
    content = nupkg(
        id="Acme.Lib", version="2.1.0", title="Acme library", description="Does things.", releaseNotes="New."
    )

    answer = await anonymous.put(
        "/nuget/packages", files={"package": ("package.nupkg", content)}, headers={"X-NuGet-ApiKey": API_KEY}
    )

    assert answer.status_code == 201
    package = (await client.get(f"{SPACE}/packages/Acme.Lib.2.1.0?includeNotes=true")).json()
    assert (package["Title"], package["Description"], package["ReleaseNotes"]) == (
        "Acme library",
        "Does things.",
        "New.",
    )
    assert (await client.get(f"{SPACE}/packages")).json()["Items"][0]["ReleaseNotes"] is None


@pytest.mark.parametrize(
    ("identity", "version"), [("../../etc", "1.0.0"), ("Acme.Lib", "one two"), ("", "1.0.0"), ("A" * 101, "1.0.0")]
)
async def test_a_nuget_package_with_an_impossible_name_is_refused(
    server: Server, client: httpx.AsyncClient, identity: str, version: str
) -> None:
    content = nupkg(id=identity, version=version)

    answer = await push(client, "package.nupkg", content)

    assert answer.status_code == 400
    assert left_behind(server) == []


async def test_a_space_has_its_own_packages(client: httpx.AsyncClient) -> None:
    second = (await client.post("/api/spaces", json={"Name": "Second"})).json()["Id"]
    files = {"file": ("Acme.Web.1.0.0.zip", zipped())}

    pushed = await client.put(f"/{second}/nuget/packages", files=files)

    assert (pushed.status_code, pushed.json()["SpaceId"]) == (201, second)
    assert (await client.get(f"{SPACE}/packages")).json()["TotalResults"] == 0
    assert (await client.get(f"/api/{second}/packages")).json()["TotalResults"] == 1


async def test_without_a_key_nothing_is_pushed(server: Server, anonymous: httpx.AsyncClient) -> None:
    assert (await push(anonymous, "Acme.Web.1.0.0.zip")).status_code == 401
    assert left_behind(server) == []


@pytest.fixture
async def pushed(client: httpx.AsyncClient) -> None:
    for name in ("Acme.Web.1.9.0", "Acme.Web.1.10.0", "Acme.Web.2.0.0-rc.1", "Acme.Api.1.0.0", "Other.3.0"):
        assert (await push(client, f"{name}.zip")).status_code == 201


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["Acme.Api 1.0.0", "Acme.Web 2.0.0-rc.1", "Other 3.0"]),
        ("?take=1&skip=1", ["Acme.Web 2.0.0-rc.1"]),
        ("?filter=ACME", ["Acme.Api 1.0.0", "Acme.Web 2.0.0-rc.1"]),
        ("?nuGetPackageId=acme.web", ["Acme.Web 2.0.0-rc.1", "Acme.Web 1.10.0", "Acme.Web 1.9.0"]),
        ("?nuGetPackageId=acme.web&latest=true", ["Acme.Web 2.0.0-rc.1"]),
    ],
)
async def test_packages_are_listed_with_the_highest_version_first(
    client: httpx.AsyncClient, pushed: None, query: str, found: list[str]
) -> None:
    page = (await client.get(f"{SPACE}/packages{query}")).json()

    assert [f"{one['PackageId']} {one['Version']}" for one in page["Items"]] == found


@pytest.mark.parametrize("named", ["packages-Acme.Web.1.9.0", "Acme.Web.1.9.0", "acme.web.1.9.0"])
async def test_a_package_is_read_by_its_names(client: httpx.AsyncClient, pushed: None, named: str) -> None:
    package = (await client.get(f"{SPACE}/packages/{named}")).json()

    assert package["Id"] == "packages-Acme.Web.1.9.0"
    assert (await client.get(package["Links"]["Self"])).json() == package


async def test_a_deleted_package_takes_its_file_along(server: Server, client: httpx.AsyncClient, pushed: None) -> None:
    deleted = await client.delete(f"{SPACE}/packages/packages-Other.3.0")

    assert (deleted.status_code, deleted.json()) == (200, {})
    assert (await client.get(f"{SPACE}/packages/Other.3.0")).status_code == 404
    assert len(left_behind(server)) == 4


async def test_several_packages_are_deleted_all_or_none(
    server: Server, client: httpx.AsyncClient, pushed: None
) -> None:
    refused = await client.delete(f"{SPACE}/packages/bulk?ids=packages-Other.3.0,packages-Nothing.1.0")
    kept = len(left_behind(server))
    deleted = await client.delete(f"{SPACE}/packages/bulk?ids=packages-Other.3.0&ids=packages-Acme.Api.1.0.0")

    assert (refused.status_code, kept) == (404, 5)
    assert (deleted.status_code, len(left_behind(server))) == (200, 3)


async def test_notes_are_told_also_of_what_is_missing(client: httpx.AsyncClient) -> None:
    await push(client, "package.nupkg", nupkg(id="Acme.Lib", version="1.0.0", releaseNotes="First."))

    answer = await client.get(f"{SPACE}/packages/notes?packageIds=packages-Acme.Lib.1.0.0,packages-Acme.Lib.2.0.0")

    here, gone = (one["Notes"] for one in answer.json()["Packages"])
    assert (here["Succeeded"], here["Notes"]) == (True, "First.")
    assert (gone["Succeeded"], "no version 2.0.0" in gone["FailureReason"]) == (False, True)


async def test_package_is_described_anew_and_its_file_stays(client: httpx.AsyncClient) -> None:
    before = (await push(client, "Acme.Web.1.0.0.zip")).json()
    body = {"Id": before["Id"], "PackageId": "Other", "Version": "9", "Title": "Web", "Description": "The shop"}

    after = (await client.put(before["Links"]["Self"], json=body)).json()

    read = (await client.get(before["Links"]["Self"])).json()
    assert (read["Title"], read["Description"], read["PackageId"]) == ("Web", "The shop", "Acme.Web")
    assert (after["Hash"], after["Version"]) == (before["Hash"], "1.0.0")
    assert (await client.put(f"{SPACE}/packages/packages-None.1.0.0", json=body)).status_code == 404
