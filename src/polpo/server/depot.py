"""The packages of the built-in repository, as streams to be sent."""

from __future__ import annotations

import asyncio
import hashlib
import uuid
from collections.abc import Callable
from contextlib import AsyncExitStack
from pathlib import Path

from polpo.halibut.streams import DataStream
from polpo.kernel.errors import NotFound, TaskError
from polpo.server.differences import Differences
from polpo.server.spool import KEPT
from polpo.steps.work import PackageFile
from polpo.store.blobs import BlobStore

_REMEMBERED = 10_000

#: Another version of a package: the package, the version, and the beginning of its SHA-256.
Older = Callable[[PackageFile, str, str], PackageFile | None]


class BlobDepot:
    """Reads a local store's file in place; copies from a remote store into `spool` first.

    What is not the package that was pushed is not sent: on a target it would lie under the package's name. A file in
    place is read for that once, and again when it was changed.
    """

    def __init__(self, blobs: BlobStore, spool: Path, older: Older = lambda *_: None) -> None:
        """`older` finds another version of a package, by the beginning of its SHA-256."""
        self._blobs = blobs
        self._older = older
        self._spool = spool
        self._sound: dict[tuple[str, str], int] = {}
        self._differences = Differences(spool / KEPT)

    async def open(self, package: PackageFile) -> DataStream:
        path = self._blobs.local_path(package.blob_key)
        try:
            stream = DataStream.of_file(path) if path is not None else await self._copied(package)
            fault = await asyncio.to_thread(self._fault, package, path, stream)
        except (NotFound, FileNotFoundError) as error:
            raise TaskError(
                f"The file of {package.package_id} {package.version} is gone from the server's package store;"
                " push the package again."
            ) from error
        if fault is not None:
            stream.discard()
            raise TaskError(
                f"The file of {package.package_id} {package.version} in the server's package store {fault};"
                " push the package again."
            )
        stream.sha1 = package.sha1.lower()
        return stream

    async def difference(self, package: PackageFile, signature: bytes) -> DataStream:
        source = await self.open(package)
        try:
            return await self._differences.make(package, source, signature)
        finally:
            source.discard()

    async def difference_from(self, package: PackageFile, version: str, digest: str) -> DataStream | None:
        base = self._older(package, version, digest)
        if base is None:
            return None
        async with AsyncExitStack() as stack:
            source = await self.open(package)
            stack.callback(source.discard)
            older = await self.open(base)
            stack.callback(older.discard)
            return await self._differences.between(package, source, base, older)

    def _fault(self, package: PackageFile, path: Path | None, stream: DataStream) -> str | None:
        if stream.length != package.size:
            return f"has {stream.length} bytes instead of {package.size}"
        changed = path.stat().st_mtime_ns if path is not None else -1
        key = (package.blob_key, package.sha256)
        if path is not None and self._sound.get(key) == changed:
            return None
        digest = _sha256(stream)
        if digest != package.sha256.lower():
            return f"is damaged (its SHA-256 is {digest} instead of {package.sha256.lower()})"
        if len(self._sound) >= _REMEMBERED:
            self._sound.clear()
        self._sound[key] = changed
        return None

    async def _copied(self, package: PackageFile) -> DataStream:
        self._spool.mkdir(parents=True, exist_ok=True)
        copy = self._spool / uuid.uuid4().hex
        try:
            with copy.open("wb") as file:
                async for chunk in self._blobs.stream(package.blob_key):
                    await asyncio.to_thread(file.write, chunk)
        except BaseException:
            copy.unlink(missing_ok=True)
            raise
        return DataStream.of_file(copy, temporary=True)


def _sha256(stream: DataStream) -> str:
    digest = hashlib.sha256()
    for chunk in stream.chunks():
        digest.update(chunk)
    return digest.hexdigest()
