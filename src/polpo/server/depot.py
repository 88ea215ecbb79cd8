"""The packages of the built-in repository, as streams to be sent."""

from __future__ import annotations

import uuid
from pathlib import Path

from polpo.halibut.streams import DataStream
from polpo.kernel.errors import NotFound, TaskError
from polpo.steps.work import PackageFile
from polpo.store.blobs import BlobStore


class BlobDepot:
    """Reads a local store's file in place; copies from a remote store into `spool` first."""

    def __init__(self, blobs: BlobStore, spool: Path) -> None:
        self._blobs = blobs
        self._spool = spool

    async def open(self, package: PackageFile) -> DataStream:
        path = self._blobs.local_path(package.blob_key)
        try:
            stream = DataStream.of_file(path) if path is not None else await self._copied(package)
        except (NotFound, FileNotFoundError) as error:
            raise TaskError(
                f"The file of {package.package_id} {package.version} is gone from the server's package store;"
                " push the package again."
            ) from error
        if stream.length != package.size:
            stream.discard()
            raise TaskError(
                f"The file of {package.package_id} {package.version} in the server's package store has"
                f" {stream.length} bytes instead of {package.size}; push the package again."
            )
        return stream

    async def _copied(self, package: PackageFile) -> DataStream:
        self._spool.mkdir(parents=True, exist_ok=True)
        copy = self._spool / uuid.uuid4().hex
        try:
            with copy.open("wb") as file:
                async for chunk in self._blobs.stream(package.blob_key):
                    file.write(chunk)
        except BaseException:
            copy.unlink(missing_ok=True)
            raise
        return DataStream.of_file(copy, temporary=True)
