"""Only the package that was pushed is sent to targets."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from polpo.kernel.errors import TaskError
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
        reference="", package_id="Acme.Web", version="1.2.3", feed_id="", sha256=digest, size=size, blob_key=blob_key
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
