"""Packages that are pushed as their difference from another version."""

from __future__ import annotations

import base64
import hashlib
import io
import random
import struct
import zipfile
from functools import partial
from typing import Any

import httpx
import pytest
from tests.api.conftest import SPACE
from tests.api.packages import push, zipped

from polpo.rest.uploads import Uploads
from polpo.server.application import Server

PACKAGES = f"{SPACE}/packages"
sha1 = partial(hashlib.sha1, usedforsecurity=False)


def archive(version: str) -> bytes:
    """A package whose bulk is the same in all versions."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as made:
        made.writestr(zipfile.ZipInfo("data.bin"), random.Random(1).randbytes(20_000))  # noqa: S311 - the same bytes in every run
        made.writestr(zipfile.ZipInfo("version.txt"), version)
    return file.getvalue()


class Encoder:
    """A client's part, made from the description of the format: a delta by matching chunks where they may lie."""

    def __init__(self, signature: bytes) -> None:
        head = b"OCTOSIG\x01\x04SHA1\x07Adler32>>>"
        assert signature.startswith(head)
        self.known: dict[bytes, tuple[int, int]] = {}
        self.sizes: list[int] = []
        start = 0
        for length, _, digest in struct.iter_unpack("<hI20s", signature[len(head) :]):
            self.known[digest] = (start, length)
            self.sizes.append(length)
            start += length

    def delta(self, new: bytes) -> bytes:
        made = b"OCTODELTA\x01\x04SHA1" + struct.pack("<i", 20) + sha1(new).digest() + b">>>"
        at, fresh = 0, b""
        while at < len(new):
            window = new[at : at + max(self.sizes)]
            found = self.known.get(sha1(window).digest())
            if found is None:
                fresh, at = fresh + new[at : at + 1], at + 1
                continue
            made += self._data(fresh) + b"\x60" + struct.pack("<qq", *found)
            fresh, at = b"", at + found[1]
        return made + self._data(fresh)

    @staticmethod
    def _data(fresh: bytes) -> bytes:
        return b"\x80" + struct.pack("<q", len(fresh)) + fresh if fresh else b""


async def signature(client: httpx.AsyncClient, version: str, package: str = "Hello") -> Any:
    answer = await client.get(f"{PACKAGES}/{package}/{version}/delta-signature")
    assert answer.status_code == 200, answer.text
    return answer.json()


async def send(
    client: httpx.AsyncClient, content: bytes, name: str = "Hello.2.0.0.zip", base: str = "Hello/1.0.0", query: str = ""
) -> httpx.Response:
    files = {"file": (name, content, "application/octet-stream")}
    return await client.post(f"{PACKAGES}/{base}/delta{query}", files=files)


async def test_a_delta_becomes_the_package_that_it_was_made_from(client: httpx.AsyncClient) -> None:
    old, new = archive("1.0.0"), archive("2.0.0")
    await push(client, "Hello.1.0.0.zip", old)
    signed = await signature(client, "2.0.0")
    delta = Encoder(base64.b64decode(signed["Signature"])).delta(new)

    answer = await send(client, delta, query="?overwriteMode=FailIfExists")

    package = answer.json()
    stored = await client.get(package["Links"]["Raw"])
    assert signed["BaseVersion"] == "1.0.0"
    assert len(delta) < len(new) // 2
    assert (answer.status_code, package["Version"]) == (201, "2.0.0")
    assert (package["PackageSizeBytes"], package["Hash"]) == (len(new), sha1(new).hexdigest())
    assert stored.content == new


async def test_overwrite_modes_hold_for_deltas(client: httpx.AsyncClient) -> None:
    new = archive("2.0.0")
    await push(client, "Hello.1.0.0.zip", archive("1.0.0"))
    delta = Encoder(base64.b64decode((await signature(client, "2.0.0"))["Signature"])).delta(new)
    first = await send(client, delta)

    again = [
        (await send(client, delta, query=f"?overwriteMode={mode}")).status_code
        for mode in ("FailIfExists", "IgnoreIfExists", "OverwriteExisting", "Perhaps")
    ]

    assert (first.status_code, again) == (201, [409, 200, 201, 400])


@pytest.mark.parametrize(
    ("wanted", "base"), [("1.5.0", "1.0.0"), ("3.0.0", "2.0.0"), ("2.0.0", "1.0.0"), ("0.1.0", "2.0.0")]
)
async def test_the_base_is_the_next_lower_version_or_else_the_highest(
    client: httpx.AsyncClient, wanted: str, base: str
) -> None:
    for version in ("1.0.0", "2.0.0"):
        await push(client, f"Hello.{version}.zip")

    assert (await signature(client, wanted, "hello"))["BaseVersion"] == base


@pytest.mark.parametrize("path", ["Hello/1.0.0", "Other/1.0.0", "Hello/not%20a%20version!"])
async def test_without_another_version_there_is_no_signature(client: httpx.AsyncClient, path: str) -> None:
    await push(client, "Hello.1.0.0.zip")

    answer = await client.get(f"{PACKAGES}/{path}/delta-signature")

    assert answer.status_code == 404
    assert "Errors" not in answer.json()


def _broken() -> list[tuple[bytes, str]]:
    head = b"OCTODELTA\x01\x04SHA1" + struct.pack("<i", 20)
    right = sha1(zipped()).digest()
    copy = b"\x60" + struct.pack("<qq", 0, len(zipped()))
    return [
        (b"", "before it is complete"),
        (zipped(), "does not begin as one"),
        (head + b"0" * 20 + b">>>" + copy, "is not the one that it was made for"),
        (head + right + b">>>" + b"\x60" + struct.pack("<qq", 10, 1 << 40), "that its base does not have"),
        (head + right + b">>>" + b"\x60" + struct.pack("<qq", 1 << 40, 1), "that its base does not have"),
        (head + sha1(b"abc").digest() + b">>>\x80" + struct.pack("<q", 3) + b"abc", "no zip archive"),
    ]


@pytest.mark.parametrize(
    ("content", "sentence"), _broken(), ids=["empty", "no delta", "another base", "offset", "length", "no archive"]
)
async def test_a_bad_delta_is_refused_and_leaves_nothing(
    server: Server, client: httpx.AsyncClient, content: bytes, sentence: str
) -> None:
    await push(client, "Hello.1.0.0.zip")

    answer = await send(client, content)

    assert answer.status_code == 400
    assert sentence in answer.json()["ErrorMessage"]
    assert (await client.get(f"{PACKAGES}/packages-Hello.2.0.0")).status_code == 404
    assert list(server.parts.get(Uploads).folder.iterdir()) == []


async def test_a_delta_cannot_make_more_than_a_package_may_be(server: Server, client: httpx.AsyncClient) -> None:
    uploads = server.parts.get(Uploads)
    uploads.limit = 10_000
    await push(client, "Hello.1.0.0.zip")
    copies = (b"\x60" + struct.pack("<qq", 0, 100)) * 200
    head = b"OCTODELTA\x01\x04SHA1" + struct.pack("<i", 20) + b"0" * 20 + b">>>"

    answer = await send(client, head + copies)

    assert answer.status_code == 413
    assert list(uploads.folder.iterdir()) == []


async def test_a_delta_needs_its_base_and_the_name_of_the_package(client: httpx.AsyncClient) -> None:
    await push(client, "Hello.1.0.0.zip")

    nameless = await send(client, b"", name="Other.2.0.0.zip")
    baseless = await send(client, b"", base="Hello/9.0.0")

    assert (nameless.status_code, baseless.status_code) == (400, 404)
    assert "is no version of the package 'Hello'" in nameless.json()["ErrorMessage"]
