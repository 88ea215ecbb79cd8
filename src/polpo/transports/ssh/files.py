"""Files that go to a machine or are fetched from it, as a stream that is never in memory as a whole."""

from __future__ import annotations

import asyncio
import hashlib
import tempfile
from itertools import islice
from pathlib import Path
from typing import IO

from polpo.halibut.contracts import UploadResult
from polpo.halibut.errors import ConnectionLost
from polpo.halibut.streams import CHUNK, DataStream
from polpo.transports.ssh.channel import Channel
from polpo.transports.ssh.station import Station, accepted, within

_PIECE = (1 << 20) // CHUNK
#: A file is written and hashed between its last byte and the answer.
_STORING_SECONDS, _BYTES_A_SECOND = 60.0, 20_000_000
_SILENT_SECONDS = 60.0


async def send(station: Station, remote_path: str, source: DataStream) -> tuple[UploadResult, str]:
    """What the machine has stored, and the SHA-1 of what was sent; a machine that cannot hash is believed."""
    channel = await station.ask("upload", remote_path, str(source.length))
    try:
        digest = await _write(channel, source)
        patience = _STORING_SECONDS + source.length / _BYTES_A_SECOND
        await accepted(channel, patience)
        path, shown = (await within(channel.line) or b"", await within(channel.line) or b"")
    finally:
        channel.close()
    stored = shown.decode("ascii", "replace") or digest
    return UploadResult(path.decode("utf-8", "replace"), stored, source.length), digest


async def _write(channel: Channel, source: DataStream) -> str:
    """Reading and hashing in a thread, a megabyte at a time; ends early when the far side takes no more."""
    digest = hashlib.sha1(usedforsecurity=False)
    chunks = source.chunks()

    def piece() -> bytes:
        data = b"".join(islice(chunks, _PIECE))
        digest.update(data)
        return data

    while data := await asyncio.to_thread(piece):
        if not await within(lambda data=data: channel.write(data), _SILENT_SECONDS):  # type: ignore[misc]
            break
    channel.end_input()
    return digest.hexdigest()


async def fetch(station: Station, remote_path: str, spool: Path) -> DataStream | None:
    """A temporary file with the content; None when there is no such file."""
    channel = await station.ask("download", remote_path)
    try:
        if not await accepted(channel):
            return None
        size = int((await within(channel.line)) or 0)
        return await _read(channel, size, spool)
    finally:
        channel.close()


async def _read(channel: Channel, size: int, spool: Path) -> DataStream:
    """A file that grows meanwhile is fetched as it was."""
    with tempfile.NamedTemporaryFile(dir=spool, prefix="ssh-", delete=False) as file:
        stream = DataStream(size, path=Path(file.name), temporary=True)
        try:
            await _copy(channel, size, file)
        except BaseException:
            stream.discard()
            raise
    return stream


async def _copy(channel: Channel, size: int, file: IO[bytes]) -> None:
    left = size
    while left:
        data = (await within(channel.some, _SILENT_SECONDS))[:left]
        if not data:
            raise ConnectionLost(f"Only {size - left} of {size} bytes of the file arrived.")
        left -= await asyncio.to_thread(file.write, data)
