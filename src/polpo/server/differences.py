"""Deltas of packages, made once for all the targets that have the same older file."""

from __future__ import annotations

import asyncio
import hashlib
import mmap
import os
import shutil
import uuid
from collections import OrderedDict
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path

from polpo.halibut.streams import DataStream
from polpo.languages.octodiff import encode_delta
from polpo.languages.pieces import Content, difference, signature_of
from polpo.steps.work import PackageFile

_KEPT = 8


class Differences:
    """Keeps the last few in `folder`, which is its own; whoever gets one gets a file of their own, to be discarded."""

    def __init__(self, folder: Path) -> None:
        shutil.rmtree(folder, ignore_errors=True)  # what a server left that did not end well
        self._folder = folder
        self._made: OrderedDict[str, asyncio.Task[Path]] = OrderedDict()

    async def make(self, package: PackageFile, source: DataStream, signature: bytes) -> DataStream:
        """InvalidDelta when the signature is none. `source` is the package; it stays the caller's."""
        key = hashlib.sha256(package.sha256.encode() + signature).hexdigest()
        return await self._once(key, package, partial(self._make, package.sha1, source, signature))

    async def between(
        self, package: PackageFile, source: DataStream, base: PackageFile, older: DataStream
    ) -> DataStream:
        """The difference from a package that the server has too. Both streams stay the caller's."""
        key = f"{package.sha256}-{base.sha256}"
        return await self._once(key, package, partial(self._make_between, package.sha1, source, older))

    async def _once(self, key: str, package: PackageFile, make: Callable[[], Path]) -> DataStream:
        making = self._made.get(key)
        if making is None:
            making = self._made[key] = asyncio.create_task(asyncio.to_thread(make), name=f"delta-{package.package_id}")
        self._made.move_to_end(key)
        try:
            made = await asyncio.shield(making)
            own = self._folder / uuid.uuid4().hex
            await asyncio.to_thread(os.link, made, own)
        except BaseException:
            self._made.pop(key, None)
            raise
        await self._forget_old()
        return DataStream.of_file(own, temporary=True)

    async def _forget_old(self) -> None:
        while len(self._made) > _KEPT:
            _, old = self._made.popitem(last=False)
            old.cancel()
            with suppress(asyncio.CancelledError, Exception):
                (await old).unlink(missing_ok=True)

    def _make_between(self, sha1: str, source: DataStream, older: DataStream) -> Path:
        with _Mapped(older) as content:
            signature = b"".join(signature_of(content))
        return self._make(sha1, source, signature)

    def _make(self, sha1: str, source: DataStream, signature: bytes) -> Path:
        self._folder.mkdir(parents=True, exist_ok=True)
        target = self._folder / f"delta-{uuid.uuid4().hex}"
        try:
            with target.open("wb") as file, _Mapped(source) as content:
                file.writelines(encode_delta(sha1, difference(signature, content)))
        except BaseException:
            target.unlink(missing_ok=True)
            raise
        return target


class _Mapped:
    """The content of a stream without reading it as a whole, where it is a file."""

    def __init__(self, stream: DataStream) -> None:
        self._stream = stream
        self._map: mmap.mmap | None = None

    def __enter__(self) -> Content:
        path = self._stream.path
        if path is None or not self._stream.length:
            return b"".join(self._stream.chunks())
        with path.open("rb") as file:
            self._map = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        return self._map

    def __exit__(self, *_: object) -> None:
        if self._map is not None:
            self._map.close()
