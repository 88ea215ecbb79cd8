"""One connection: dialogues and messages over a link, every wait bounded."""

from __future__ import annotations

import asyncio
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from polpo.halibut.dialogues import Dialogue, Hear
from polpo.halibut.errors import ConnectionLost, ProtocolBroken
from polpo.halibut.inbox import Inbox, pack_message, pack_stream_header, pack_stream_trailer, parse_document
from polpo.halibut.link import Link
from polpo.halibut.messages import Message
from polpo.halibut.streams import CHUNK, DataStream

T = TypeVar("T")

_LARGE_DOCUMENT = 128 * 1024
_KEPT_FREE = 64 * 1024 * 1024


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

    def __init__(self, link: Link, timings: Timings, spool: Path | None) -> None:
        self._link = link
        self.timings = timings
        self._spool = spool
        self._inbox = Inbox()
        self.thumbprint = link.thumbprint
        self.peer = link.peer

    async def play(self, dialogue: Dialogue[T]) -> T:
        """Speaks and listens as the dialogue wants, and returns its outcome."""
        heard: Any = None
        try:
            while True:
                step = dialogue.send(heard)
                heard = None
                if isinstance(step, Hear):
                    heard = await self._hear(step)
                elif isinstance(step.unit, bytes):
                    await self.write(step.unit)
                else:
                    await self.send(step.unit)
        except StopIteration as outcome:
            result: T = outcome.value
            return result

    async def read_message(self, wait: float) -> Message:
        """The next message with its streams, which are spooled to temporary files."""
        document = await self._take(self._inbox.take_document, wait)
        is_large = len(document) > _LARGE_DOCUMENT
        message, streams = await asyncio.to_thread(parse_document, document) if is_large else parse_document(document)
        try:
            await self._read_streams({stream.id: stream for stream in streams})
        except BaseException:
            for stream in streams:
                stream.discard()
            raise
        return message

    async def send(self, message: Message) -> None:
        packed, streams = pack_message(message)
        await self.write(packed)
        for stream in streams:
            await self._send_stream(stream)

    async def write(self, data: bytes) -> None:
        """One unit."""
        try:
            async with asyncio.timeout(self.timings.io):
                await self._link.send(data)
        except TimeoutError as error:
            self.abort()
            raise ConnectionLost(f"The other side took no data for {self.timings.io:.0f} s.") from error

    async def watch_for_end(self) -> None:
        """Returns when the peer ends an idle connection, or says something it should not."""
        try:
            self._inbox.feed(await self._link.receive())
        except ConnectionLost:
            return

    async def close(self) -> None:
        await self._link.close()

    def abort(self) -> None:
        """Ends it without a farewell, to which a silent peer would not answer."""
        self._link.abort()

    # -- units

    async def _hear(self, step: Hear) -> Any:
        seconds = step.seconds or self.timings.io
        if step.unit == "message":
            return await self.read_message(seconds)
        return await self._take(self._inbox.take_hello if step.unit == "hello" else self._inbox.take_line, seconds)

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
            self._inbox.feed(await self._link.receive())
        except ConnectionLost:
            if self._inbox.has_ended:
                raise
            self._inbox.end()  # what is there may be a whole unit now

    # -- streams

    async def _send_stream(self, stream: DataStream) -> None:
        await self.write(pack_stream_header(stream))
        sent = 0
        for chunk in _pieces(stream):
            sent += len(chunk)
            await self.write(chunk)
        if sent != stream.length:
            raise ConnectionLost(f"A file of {stream.length} bytes became {sent} bytes long while it was sent.")
        await self.write(pack_stream_trailer(stream))

    async def _read_streams(self, expected: dict[object, DataStream]) -> None:
        for _ in range(len(expected)):
            identity, length = await self._take(self._inbox.take_stream_header, self.timings.io)
            stream = expected.pop(identity, None)
            if stream is None or stream.length != length:
                raise ProtocolBroken("A data stream arrived that was not announced.")
            await self._spool_stream(stream)
            if await self._take(self._inbox.take_stream_trailer, self.timings.io) != length:
                raise ProtocolBroken("A data stream's length at its end is not the one at its beginning.")

    async def _spool_stream(self, stream: DataStream) -> None:
        self._refuse_what_does_not_fit(stream.length)
        try:
            await self._store(stream)
        except OSError as error:
            where = self._spool or tempfile.gettempdir()
            raise ProtocolBroken(f"A data stream could not be kept in {where}: {error.strerror or error}.") from error

    async def _store(self, stream: DataStream) -> None:
        descriptor, name = tempfile.mkstemp(prefix="polpo-stream-", dir=self._spool)
        stream.spooled_to(Path(name))
        left = stream.length
        with os.fdopen(descriptor, "wb") as file:
            while left:
                piece = min(left, CHUNK)
                await self._pass_on(piece, file.write)
                left -= piece

    async def _pass_on(self, count: int, write: Callable[[bytes], object]) -> None:
        """Within the time that one unit may take, so that a trickle does not hold the connection for ever."""
        try:
            async with asyncio.timeout(self.timings.io):
                while count:
                    chunk = self._inbox.take_bytes(count)
                    if not chunk:
                        await self._more()
                    count -= len(chunk)
                    write(chunk)
        except TimeoutError as error:
            self.abort()
            raise ConnectionLost(f"A data stream stopped for {self.timings.io:.0f} s.") from error

    def _refuse_what_does_not_fit(self, length: int) -> None:
        if length <= CHUNK:
            return
        folder = self._spool or Path(tempfile.gettempdir())
        free = shutil.disk_usage(folder).free
        if length > free - _KEPT_FREE:
            raise ProtocolBroken(f"A data stream of {length} bytes does not fit into {folder}, where {free} are free.")


def _pieces(stream: DataStream) -> Iterator[bytes]:
    """What is announced cannot be taken back: when it cannot be read, the conversation ends."""
    try:
        yield from stream.chunks()
    except OSError as error:
        raise ConnectionLost(f"A file could not be read while it was sent: {error.strerror or error}.") from error
