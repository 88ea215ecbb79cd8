"""One connection: units of the protocol over asyncio streams, every wait bounded."""

from __future__ import annotations

import asyncio
import os
import socket
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from polpo.halibut.errors import ConnectionLost, ProtocolBroken
from polpo.halibut.inbox import Inbox, pack_message, pack_stream_header, pack_stream_trailer
from polpo.halibut.messages import Message
from polpo.halibut.streams import CHUNK, DataStream
from polpo.halibut.tls import peer_thumbprint

T = TypeVar("T")

LIMIT = 1024 * 1024
_ENDED = "The other side ended the connection."


@dataclass(frozen=True)
class Timings:
    """Seconds, as current agents use them (contract: halibut.md, section 4)."""

    connect: float = 60
    io: float = 60
    response: float = 300
    poll_wait: float = 60
    keep_alive: float = 30
    idle: float = 600
    collect: float = 120
    reconnect_least: float = 5
    reconnect_most: float = 120


class Connection:
    """Reads and writes whole units. A failure of the transport is a ConnectionLost."""

    def __init__(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, timings: Timings, spool: Path | None
    ) -> None:
        self._reader = reader
        self._writer = writer
        self.timings = timings
        self._spool = spool
        self._inbox = Inbox()
        self.thumbprint = peer_thumbprint(writer.transport)
        self.peer = _peer_address(writer)
        _keep_alive(writer)

    async def read_hello(self) -> str:
        return await self._take(self._inbox.take_hello, self.timings.io)

    async def read_line(self, wait: float | None = None) -> str:
        """The next line that is not empty."""
        while not (line := await self._take(self._inbox.take_line, wait or self.timings.io)):
            continue
        return line

    async def read_blank(self) -> None:
        if await self._take(self._inbox.take_line, self.timings.io):
            raise ProtocolBroken("The identity is not followed by an empty line.")

    async def read_message(self, wait: float) -> Message:
        """The next message with its streams, which are spooled to temporary files."""
        message, streams = await self._take(self._inbox.take_message, wait)
        await self._read_streams({stream.id: stream for stream in streams})
        return message

    async def send(self, message: Message) -> None:
        packed, streams = pack_message(message)
        await self.write(packed)
        for stream in streams:
            await self._send_stream(stream)

    async def write(self, data: bytes) -> None:
        """One unit, one TLS write: older peers lose what is coalesced."""
        try:
            self._writer.write(data)
            async with asyncio.timeout(self.timings.io):
                await self._writer.drain()
        except TimeoutError as error:
            self.abort()
            raise ConnectionLost(f"The other side took no data for {self.timings.io:.0f} s.") from error
        except OSError as error:
            raise ConnectionLost(f"{_ENDED} ({error})") from error

    async def watch_for_end(self) -> None:
        """Returns when the peer ends an idle connection, or says something it should not."""
        data = await self._reader.read(1)
        if data:
            self._inbox.feed(data)

    async def close(self) -> None:
        self._writer.close()
        try:
            async with asyncio.timeout(5):
                await self._writer.wait_closed()
        except (OSError, TimeoutError):
            self.abort()

    def abort(self) -> None:
        """Ends it without a farewell, to which a silent peer would not answer."""
        self._writer.transport.abort()

    async def _take(self, take: Callable[[], T | None], wait: float) -> T:
        try:
            async with asyncio.timeout(wait):
                while (unit := take()) is None:
                    await self._more()
        except TimeoutError as error:
            self.abort()
            raise ConnectionLost(f"The other side said nothing for {wait:.0f} s.") from error
        return unit

    async def _more(self) -> None:
        try:
            data = await self._reader.read(CHUNK)
        except OSError as error:
            raise ConnectionLost(f"{_ENDED} ({error})") from error
        if not data:
            raise ConnectionLost(_ENDED)
        self._inbox.feed(data)

    async def _send_stream(self, stream: DataStream) -> None:
        await self.write(pack_stream_header(stream))
        sent = 0
        for chunk in stream.chunks():
            sent += len(chunk)
            await self.write(chunk)
        if sent != stream.length:
            raise ConnectionLost(f"A file of {stream.length} bytes became {sent} bytes long while it was sent.")
        await self.write(pack_stream_trailer(stream))

    async def _read_streams(self, expected: dict[object, DataStream]) -> None:
        for _ in range(len(expected)):
            identity, length = await self._take(self._inbox.take_stream_header, self.timings.io)
            stream = expected.pop(identity, None)
            if stream is None or (stream.length not in (-1, length)):
                raise ProtocolBroken("A data stream arrived that was not announced.")
            await self._spool_stream(stream, length)
            if await self._take(self._inbox.take_stream_trailer, self.timings.io) != length:
                raise ProtocolBroken("A data stream's length at its end is not the one at its beginning.")

    async def _spool_stream(self, stream: DataStream, length: int) -> None:
        descriptor, name = tempfile.mkstemp(prefix="polpo-stream-", dir=self._spool)
        stream._path, stream._temporary, stream.length = Path(name), True, length  # noqa: SLF001 - it is ours to fill
        left = length
        try:
            with os.fdopen(descriptor, "wb") as file:
                while left:
                    chunk = self._inbox.take_bytes(min(left, CHUNK))
                    if not chunk:
                        async with asyncio.timeout(self.timings.io):
                            await self._more()
                        continue
                    left -= len(chunk)
                    file.write(chunk)
        except BaseException as error:
            stream.discard()
            if isinstance(error, TimeoutError):
                raise ConnectionLost(f"A data stream stopped for {self.timings.io:.0f} s.") from error
            raise


def _peer_address(writer: asyncio.StreamWriter) -> str:
    name = writer.get_extra_info("peername")
    return f"{name[0]}:{name[1]}" if isinstance(name, tuple) else str(name or "unknown")


def _keep_alive(writer: asyncio.StreamWriter) -> None:
    raw = writer.get_extra_info("socket")
    if raw is None or raw.family not in (socket.AF_INET, socket.AF_INET6):
        return
    raw.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for option, value in (("TCP_KEEPIDLE", 15), ("TCP_KEEPINTVL", 5), ("TCP_KEEPCNT", 10)):
        if hasattr(socket, option):
            raw.setsockopt(socket.IPPROTO_TCP, getattr(socket, option), value)
