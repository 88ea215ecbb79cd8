"""Blobs appear whole or not at all, and no key leads out of the store."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from polpo.kernel.errors import Invalid, NotFound
from polpo.store.blobs import BlobStore


@pytest.fixture
def blobs(tmp_path: Path) -> BlobStore:
    return BlobStore.open(tmp_path / "blobs")


async def chunks(*parts: bytes, fails: bool = False) -> AsyncIterator[bytes]:
    for part in parts:
        yield part
    if fails:
        raise ConnectionError("the sender went away")


async def test_store_keeps_bytes_files_and_streams(blobs: BlobStore, tmp_path: Path) -> None:
    file = tmp_path / "package.zip"
    file.write_bytes(b"from a file")
    assert await blobs.put("a/bytes", b"plain") == 5
    assert await blobs.put("a/file", file) == 11
    assert await blobs.put("b/stream", chunks(b"x" * 10, b"y" * 5)) == 15
    assert await blobs.get("a/bytes") == b"plain"
    assert blobs.get_now("a/file") == b"from a file"
    assert b"".join([chunk async for chunk in blobs.stream("b/stream")]) == b"x" * 10 + b"y" * 5
    assert await blobs.get_range("b/stream", 8, 4) == b"xxyy"
    assert await blobs.get_range("b/stream", 13, 100) == b"yy"
    assert await blobs.get_range("b/stream", 15, 1) == b""
    assert await blobs.list() == ["a/bytes", "a/file", "b/stream"]
    assert await blobs.list("a/") == ["a/bytes", "a/file"]
    assert sorted(blobs.keys_now("a")) == ["a/bytes", "a/file"]


async def test_broken_stream_leaves_what_was_there(blobs: BlobStore) -> None:
    await blobs.put("kept", b"old")
    for key in ("kept", "new"):
        with pytest.raises(ConnectionError):
            await blobs.put(key, chunks(b"x" * 100, fails=True))
    assert await blobs.get("kept") == b"old"
    assert await blobs.list() == ["kept"]


async def test_missing_blob_is_not_found_and_may_be_deleted(blobs: BlobStore) -> None:
    for read in (blobs.get, blobs.size):
        with pytest.raises(NotFound, match="'gone' does not exist"):
            await read("gone")
    with pytest.raises(NotFound):
        _ = [chunk async for chunk in blobs.stream("gone")]
    with pytest.raises(NotFound):
        blobs.get_now("gone")
    assert not await blobs.exists("gone")
    assert blobs.local_path("gone") is None
    await blobs.delete("gone")
    blobs.delete_now("gone")


async def test_blob_in_a_folder_has_a_path(blobs: BlobStore) -> None:
    blobs.put_now("packages/a.zip", b"zip")
    path = blobs.local_path("packages/a.zip")
    assert path is not None
    assert path.read_bytes() == b"zip"
    await blobs.delete("packages/a.zip")
    assert not await blobs.exists("packages/a.zip")


@pytest.mark.parametrize("key", ["", "../x", "a/../../x", "/etc/passwd", "a//b", "a/./b", "a\\b", "a\0b"])
async def test_key_that_leads_elsewhere_is_refused(blobs: BlobStore, key: str) -> None:
    with pytest.raises(Invalid, match="cannot be the key"):
        await blobs.put(key, b"x")
    with pytest.raises(Invalid):
        blobs.get_now(key)
    with pytest.raises(Invalid):
        blobs.local_path(key)


def test_unknown_kind_of_store_is_refused_with_a_sentence() -> None:
    with pytest.raises(Invalid, match="cannot be used"):
        BlobStore.open("carrier-pigeon://coop")
