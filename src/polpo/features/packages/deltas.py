"""Pushing a package as its difference from another version: the signature of what is here, and putting the new file
together. What is put together is checked by its hash, and goes through the same checks as a package that was pushed.
"""

from __future__ import annotations

import asyncio
import hashlib
import os
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import BinaryIO

from polpo.features.packages.resource import PACKAGES, Package
from polpo.features.packages.service import HIGHEST_FIRST
from polpo.kernel.errors import NotFound, TooLarge
from polpo.languages.octodiff import CHUNK, InvalidDelta, put_together, read_delta, signature_of
from polpo.languages.versions import InvalidVersion, OctopusVersion
from polpo.rest.uploads import Upload
from polpo.store.blobs import BlobStore
from polpo.store.session import Session

#: A signature is computed byte by byte: for larger files that would take longer than sending them.
_LARGEST_BASE = 512 << 20


def base_for(session: Session, space_id: str, package_id: str, version: str) -> Package:
    """The version that the given one is best sent as a difference from: the next lower one, else the highest other."""
    table = PACKAGES.table
    others = (
        table.c.space_id == space_id,
        table.c.package_key == package_id.casefold(),
        table.c.version_key != version.casefold(),
        table.c.size <= _LARGEST_BASE,
    )
    try:
        lower = table.c.sort_key < OctopusVersion.parse(version).sort_key
    except InvalidVersion as error:
        raise NotFound(f"'{version[:200]}' is not the version of a package.") from error
    found = session.first(PACKAGES, *others, lower, order=HIGHEST_FIRST)
    found = found or session.first(PACKAGES, *others, order=HIGHEST_FIRST)
    if found is None:
        raise NotFound(
            f"The built-in feed has no other version of the package '{package_id}' that a delta could be made from;"
            " push the whole file."
        )
    return found


async def signature(blobs: BlobStore, folder: Path, base: Package) -> bytes:
    async with _file_of(blobs, folder, base) as path:
        return await asyncio.to_thread(_signature, path)


def _signature(path: Path) -> bytes:
    with path.open("rb") as file:
        return b"".join(signature_of(iter(lambda: file.read(CHUNK), b"")))


@asynccontextmanager
async def applied(blobs: BlobStore, folder: Path, base: Package, delta: Upload, limit: int) -> AsyncIterator[Upload]:
    """The new file under the name that the delta was sent with; it is removed afterwards."""
    async with _file_of(blobs, folder, base) as old, _temporary(folder) as new:
        yield await asyncio.to_thread(_apply, old, delta, new, limit)


@asynccontextmanager
async def _file_of(blobs: BlobStore, folder: Path, package: Package) -> AsyncIterator[Path]:
    """The stored file where it lies, or a copy of it."""
    path = blobs.local_path(package.blob_key)
    if path is not None:
        yield path
        return
    async with _temporary(folder) as copy:
        with copy.open("wb") as file:
            async for chunk in blobs.stream(package.blob_key):
                await asyncio.to_thread(file.write, chunk)
        yield copy


@asynccontextmanager
async def _temporary(folder: Path) -> AsyncIterator[Path]:
    descriptor, name = await asyncio.to_thread(tempfile.mkstemp, dir=folder)
    os.close(descriptor)
    path = Path(name)
    try:
        yield path
    finally:
        await asyncio.to_thread(path.unlink, missing_ok=True)


def _apply(old: Path, delta: Upload, new: Path, limit: int) -> Upload:
    with old.open("rb") as base, delta.path.open("rb") as source, new.open("wb") as target:
        read = read_delta(source.read)
        written = _Written(target, limit)
        for piece in put_together(read, base):
            written.write(piece)
    if written.sha1.hexdigest() != read.sha1:
        raise InvalidDelta(
            "The file that the delta makes is not the one that it was made for; its base may be another file. Push"
            " the whole file."
        )
    return Upload(delta.name, new, written.size, written.sha1.hexdigest(), written.sha256.hexdigest())


class _Written:
    """What was written, counted and hashed on the way; no more than a package may have."""

    def __init__(self, target: BinaryIO, limit: int) -> None:
        self._target = target
        self._limit = limit
        self.size = 0
        self.sha1 = hashlib.sha1(usedforsecurity=False)
        self.sha256 = hashlib.sha256()

    def write(self, piece: bytes) -> None:
        self.size += len(piece)
        if self.size > self._limit:
            sentence = f"The delta makes a file of more than {self._limit >> 20} MB, the most that this server takes."
            raise TooLarge(sentence, [sentence])
        self.sha1.update(piece)
        self.sha256.update(piece)
        self._target.write(piece)
