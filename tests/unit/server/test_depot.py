"""Only the package that was pushed is sent to targets."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from polpo.kernel.errors import TaskError
from polpo.languages.octodiff import InvalidDelta
from polpo.languages.pieces import signature_of
from polpo.server.depot import BlobDepot
from polpo.steps.work import PackageFile
from polpo.store.blobs import BlobStore

CONTENT = b"the package that was pushed"


@pytest.fixture
async def depot(tmp_path: Path) -> BlobDepot:
    blobs = BlobStore.open(tmp_path / "blobs")
    await blobs.put("packages/a", CONTENT)
    return BlobDepot(blobs, tmp_path / "spool")


def package(blob_key: str = "packages/a", size: int = len(CONTENT)) -> PackageFile:
    digest = hashlib.sha256(CONTENT).hexdigest()
    return PackageFile(
        reference="",
        package_id="Acme.Web",
        version="1.2.3",
        feed_id="",
        sha1=hashlib.sha1(CONTENT, usedforsecurity=False).hexdigest(),
        sha256=digest,
        size=size,
        blob_key=blob_key,
    )


async def test_pushed_package_is_opened_each_time(depot: BlobDepot) -> None:
    for _ in range(2):
        assert await (await depot.open(package())).read() == CONTENT


async def test_package_that_was_damaged_since_is_refused_by_name(depot: BlobDepot, tmp_path: Path) -> None:
    await (await depot.open(package())).read()
    (tmp_path / "blobs" / "packages" / "a").write_bytes(CONTENT.upper())
    with pytest.raises(TaskError, match=r"Acme\.Web 1\.2\.3 in the server's package store is damaged .*push"):
        await depot.open(package())


@pytest.mark.parametrize(
    ("wanted", "sentence"),
    [(package(size=5), f"has {len(CONTENT)} bytes instead of 5"), (package("packages/gone"), "is gone from")],
)
async def test_package_that_cannot_be_sent_says_what_to_do(
    depot: BlobDepot, wanted: PackageFile, sentence: str
) -> None:
    with pytest.raises(TaskError, match=f"{sentence}.*; push the package again"):
        await depot.open(wanted)


async def test_difference_is_made_once_for_all_who_have_the_same_file(depot: BlobDepot, tmp_path: Path) -> None:
    signature = b"".join(signature_of(b"an older file"))
    first, second = [await depot.difference(package(), signature) for _ in range(2)]
    assert await first.read() == await second.read()
    assert len(list((tmp_path / "spool/deltas").glob("delta-*"))) == 1
    first.discard()
    assert (await second.read()).startswith(b"OCTODELTA")


async def test_old_differences_are_forgotten_and_others_kept_for_their_users(depot: BlobDepot, tmp_path: Path) -> None:
    made = [await depot.difference(package(), b"".join(signature_of(bytes([number])))) for number in range(12)]
    assert len(list((tmp_path / "spool/deltas").glob("delta-*"))) == 8
    assert {(await one.read())[:9] for one in made} == {b"OCTODELTA"}


async def test_what_is_no_signature_is_refused_each_time(depot: BlobDepot) -> None:
    for _ in range(2):
        with pytest.raises(InvalidDelta):
            await depot.difference(package(), b"nonsense")
