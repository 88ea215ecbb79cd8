"""Files that come to a machine."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from polpo.halibut.streams import DataStream
from polpo.kernel.errors import Invalid
from polpo.scripthost.files import FileStore
from polpo.scripthost.sealing import seal, unseal


async def test_an_upload_lies_below_home_and_is_told_with_its_hash(tmp_path: Path) -> None:
    store = FileStore(tmp_path)
    result = await store.upload("Files\\a\\b.zip", DataStream.of_bytes(b"content"))
    assert result.full_path == str(tmp_path / "Files/a/b.zip")
    assert (tmp_path / "Files/a/b.zip").read_bytes() == b"content"
    assert (result.hash, result.length) == (hashlib.sha1(b"content", usedforsecurity=False).hexdigest(), 7)
    assert [path.name for path in (tmp_path / "Files/a").iterdir()] == ["b.zip"]


async def test_an_absolute_path_is_taken_as_it_is(tmp_path: Path) -> None:
    result = await FileStore(tmp_path / "home").upload(str(tmp_path / "elsewhere"), DataStream.of_bytes(b"x"))
    assert result.full_path == str(tmp_path / "elsewhere")


async def test_an_upload_without_content_writes_nothing(tmp_path: Path) -> None:
    result = await FileStore(tmp_path).upload("x", None)
    assert (result.hash, result.length) == (None, 0)
    assert not (tmp_path / "x").exists()


async def test_a_download_gives_the_content_or_nothing(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b"content")
    store = FileStore(tmp_path)
    found = await store.download("x")
    assert found is not None
    assert await found.read() == b"content"
    assert await store.download("y") is None


@pytest.mark.skipif(not Path("/proc/sys/vm/compact_memory").exists(), reason="needs a file that nobody may read")
async def test_a_file_that_may_not_be_read_is_refused_before_it_is_announced(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="cannot be read by the user of the agent"):
        await FileStore(tmp_path).download("/proc/sys/vm/compact_memory")


@pytest.mark.parametrize("path", ["../x", "a/../../x", "", "a\0b"])
async def test_a_path_out_of_home_is_refused(tmp_path: Path, path: str) -> None:
    with pytest.raises(Invalid, match="no path for a file"):
        await FileStore(tmp_path).upload(path, DataStream.of_bytes(b"x"))


async def test_a_file_that_cannot_be_stored_is_told_with_the_reason(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(Invalid, match=r"file/x could not be stored .*: (Not a directory|File exists)"):
        await FileStore(tmp_path).upload("file/x", DataStream.of_bytes(b"x"))


@pytest.mark.parametrize("content", [b"", b"x" * 16, "äöü".encode()])
def test_a_sealed_file_opens_with_its_password_only(content: bytes) -> None:
    sealed = seal(content, "password")
    assert sealed.startswith(b"IV__")
    assert content not in sealed or not content
    assert unseal(sealed, "password") == content
    with pytest.raises(ValueError, match="not an encrypted one"):
        unseal(content, "password")
