"""Files that arrive as multipart forms: streamed to disk, counted and hashed on the way, never held in memory.

A received file lives in the spool folder until the route has done with it; then it is removed, whatever happened.
"""

from __future__ import annotations

import asyncio
import hashlib
import os
import shutil
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from litestar import Request
from multipart import (  # type: ignore[import-untyped] # the library has no types
    MultipartError,
    MultipartSegment,
    PushMultipartParser,
    parse_options_header,
)

from polpo.kernel.errors import Invalid, TooLarge, Unavailable
from polpo.rest.bodies import pieces

_BATCH = 1 << 20
#: What a form may hold besides the file: boundaries, headers, other fields.
_OVERHEAD = 1 << 20
_RESERVE = 256 << 20
#: After how many bytes the free space is looked at again.
_LOOK = 64 << 20


@dataclass(frozen=True)
class Upload:
    """One received file. `name` is the client's, without any folders; the hashes are lower-case hex."""

    name: str
    path: Path
    size: int
    sha1: str
    sha256: str


class Uploads:
    """Receives files of up to `limit` bytes in a folder of its own, which it empties when it is made.

    `reserve` bytes of the disk stay free: the database and the logs of tasks need them more than a file that is pushed.
    """

    def __init__(self, folder: Path, limit: int, reserve: int = _RESERVE) -> None:
        self.folder = folder
        self.limit = limit
        self.reserve = reserve
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        for left in folder.iterdir():
            left.unlink()

    @asynccontextmanager
    async def receive(self, request: Request[Any, Any, Any], *, limit: int | None = None) -> AsyncIterator[Upload]:
        """The first file of the request's form, whatever its part is called. `limit` may lower what is taken."""
        limit = min(limit or self.limit, self.limit)
        parser = PushMultipartParser(_boundary(request), max_segment_count=100)
        declared = request.headers.get("content-length", "")
        if declared.isdigit() and int(declared) > limit + _OVERHEAD:
            raise _too_large(limit)
        await asyncio.to_thread(self._check_space, int(declared) if declared.isdigit() else 0)
        descriptor, name = await asyncio.to_thread(tempfile.mkstemp, dir=self.folder)
        path = Path(name)
        try:
            with os.fdopen(descriptor, "wb") as file:
                received = await self._read(request, parser, _Sink(file, limit))
            yield Upload(received.name, path, received.size, received.sha1.hexdigest(), received.sha256.hexdigest())
        finally:
            await asyncio.to_thread(path.unlink, missing_ok=True)

    def _check_space(self, size: int) -> None:
        free = shutil.disk_usage(self.folder).free
        if free - size < self.reserve:
            raise Unavailable(
                f"The server's disk has too little space for a file of {size >> 20} MB: {free >> 20} MB are free, of"
                f" which {self.reserve >> 20} MB are kept. Ask an administrator to make room."
            )

    async def _read(self, request: Request[Any, Any, Any], parser: PushMultipartParser, sink: _Sink) -> _Sink:
        try:
            async for chunk in pieces(request):
                if not chunk:
                    continue
                for event in parser.parse(chunk):
                    await self._take(event, sink)
            parser.close()
        except MultipartError as error:
            raise Invalid(f"The upload is no complete multipart form: {error}.") from error
        await sink.flush()
        if not sink.name:
            sentence = "The form holds no file; send the file as a part with a file name."
            raise Invalid(sentence, [sentence])
        return sink

    async def _take(self, event: MultipartSegment | bytearray | bytes | None, sink: _Sink) -> None:
        if isinstance(event, MultipartSegment):
            if event.filename and not sink.name:
                sink.open(_plain(event.filename))
        elif event is None:
            sink.is_open = False
        elif sink.is_open:
            sink.pending += event
            if sink.size + len(sink.pending) > sink.limit:
                raise _too_large(sink.limit)
            if len(sink.pending) >= _BATCH:
                await sink.flush()
                if sink.size % _LOOK < _BATCH:  # a body may come without saying how long it is
                    await asyncio.to_thread(self._check_space, 0)


class _Sink:
    """Collects bytes and passes them on in batches, hashing and writing in a thread."""

    def __init__(self, file: BinaryIO, limit: int) -> None:
        self._file = file
        self.limit = limit
        self.name = ""
        self.is_open = False
        self.size = 0
        self.pending = bytearray()
        self.sha1 = hashlib.sha1(usedforsecurity=False)
        self.sha256 = hashlib.sha256()

    def open(self, name: str) -> None:
        self.name, self.is_open = name, True

    async def flush(self) -> None:
        batch, self.pending = self.pending, bytearray()
        if batch:
            await asyncio.to_thread(self._write, batch)

    def _write(self, batch: bytearray) -> None:
        self.sha1.update(batch)
        self.sha256.update(batch)
        self._file.write(batch)
        self.size += len(batch)


def _too_large(limit: int) -> TooLarge:
    sentence = f"The file is larger than {limit // 1024 // 1024} MB, the most that this server takes here."
    return TooLarge(sentence, [sentence])


def _boundary(request: Request[Any, Any, Any]) -> str:
    kind, options = parse_options_header(request.headers.get("content-type", ""))
    boundary = str(options.get("boundary", ""))
    if kind != "multipart/form-data" or not boundary:
        sentence = "Send the file as a multipart form (Content-Type: multipart/form-data with a boundary)."
        raise Invalid(sentence, [sentence])
    return boundary


def _plain(file_name: str) -> str:
    """Some clients send the whole path of the file; only its last part is its name."""
    return file_name.replace("\\", "/").rsplit("/", 1)[-1].strip()
