"""Files that arrive as multipart forms: streamed to disk, counted and hashed on the way, never held in memory.

A received file lives in the spool folder until the route has done with it; then it is removed, whatever happened.
"""

from __future__ import annotations

import asyncio
import hashlib
import os
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

from polpo.kernel.errors import Invalid, TooLarge

_BATCH = 1 << 20
#: What a form may hold besides the file: boundaries, headers, other fields.
_OVERHEAD = 1 << 20


@dataclass(frozen=True)
class Upload:
    """One received file. `name` is the client's, without any folders; the hashes are lower-case hex."""

    name: str
    path: Path
    size: int
    sha1: str
    sha256: str


class Uploads:
    """Receives files of up to `limit` bytes in a folder of its own, which it empties when it is made."""

    def __init__(self, folder: Path, limit: int) -> None:
        self.folder = folder
        self.limit = limit
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
        descriptor, name = await asyncio.to_thread(tempfile.mkstemp, dir=self.folder)
        path = Path(name)
        try:
            with os.fdopen(descriptor, "wb") as file:
                received = await self._read(request, parser, _Sink(file, limit))
            yield Upload(received.name, path, received.size, received.sha1.hexdigest(), received.sha256.hexdigest())
        finally:
            await asyncio.to_thread(path.unlink, missing_ok=True)

    async def _read(self, request: Request[Any, Any, Any], parser: PushMultipartParser, sink: _Sink) -> _Sink:
        try:
            async for chunk in request.stream():
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
