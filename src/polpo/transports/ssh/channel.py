"""One command on the far side: bytes both ways, until it ends."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import asyncssh

from polpo.halibut.errors import ConnectionLost

_MOST_UNREAD = 1 << 20
_MOST_ERRORS = 4096


class Channel(asyncssh.SSHClientSession[bytes]):
    """Reading and writing raise ConnectionLost when the connection ends before the command does."""

    def __init__(self, where: str, on_end: Callable[[], None]) -> None:
        self._where = where
        self._on_end = on_end
        self._buffer = bytearray()
        self._news = asyncio.Event()
        self._may_write = asyncio.Event()
        self._may_write.set()
        self._is_paused = False
        self._failure: Exception | None = None
        self._channel: asyncssh.SSHClientChannel[bytes] | None = None
        self.errors = bytearray()
        self.has_ended = False

    # -- what asyncssh tells

    def connection_made(self, chan: asyncssh.SSHClientChannel[bytes]) -> None:
        self._channel = chan

    def data_received(self, data: bytes, datatype: asyncssh.DataType) -> None:
        if datatype is not None:
            self.errors += data[: max(_MOST_ERRORS - len(self.errors), 0)]
            return
        self._buffer += data
        if len(self._buffer) > _MOST_UNREAD and not self._is_paused and self._channel is not None:
            self._is_paused = True
            self._channel.pause_reading()
        self._news.set()

    def connection_lost(self, exc: Exception | None) -> None:
        self._failure = exc
        if not self.has_ended:
            self.has_ended = True
            self._on_end()
        self._news.set()
        self._may_write.set()

    def pause_writing(self) -> None:
        self._may_write.clear()

    def resume_writing(self) -> None:
        self._may_write.set()

    # -- reading

    async def wait(self) -> None:
        """Until there is more to read, or the command has ended; at once in the latter case."""
        if not self.has_ended:
            await self._news.wait()

    def taken(self) -> bytes:
        """What has come and was not read yet; nothing is there for certain when this is empty."""
        data = bytes(self._buffer)
        self._buffer.clear()
        self._rest()
        return data

    async def line(self) -> bytes | None:
        """The next line without its end; None when the command has ended without one."""
        while (end := self._buffer.find(b"\n")) < 0:
            if self.has_ended:
                self._raise_if_lost()
                return None
            if len(self._buffer) > _MOST_UNREAD:
                raise ConnectionLost(f"{self._where} says something that does not end.")
            self._rest()
            await self._news.wait()
        found = bytes(self._buffer[:end])
        del self._buffer[: end + 1]
        return found

    async def some(self) -> bytes:
        """The next bytes, as many as are there; none when the command has ended."""
        while not self._buffer:
            if self.has_ended:
                self._raise_if_lost()
                return b""
            self._rest()
            await self._news.wait()
        return self.taken()

    async def ended(self) -> None:
        """Waits for the end of the command; what it still says is dropped."""
        while not self.has_ended:
            self.taken()
            await self._news.wait()
        self._raise_if_lost()

    def _rest(self) -> None:
        """Nothing is left to read: more may come."""
        if not self.has_ended:
            self._news.clear()
        if self._is_paused and self._channel is not None:
            self._is_paused = False
            self._channel.resume_reading()

    def _raise_if_lost(self) -> None:
        if self._failure is not None:
            reason = str(self._failure) or type(self._failure).__name__
            raise ConnectionLost(f"The connection to {self._where} ended: {reason}.") from self._failure

    @property
    def is_lost(self) -> bool:
        """Whether the connection ended, and not the command."""
        return self._failure is not None

    # -- writing

    async def write(self, data: bytes) -> bool:
        """Returns when more may be written; False when the command has ended and takes nothing any more."""
        if self.has_ended or self._channel is None or self._channel.is_closing():
            return False
        self._channel.write(data)
        await self._may_write.wait()
        return not self.has_ended

    def end_input(self) -> None:
        if not self.has_ended and self._channel is not None and not self._channel.is_closing():
            self._channel.write_eof()

    def disown(self) -> None:
        """Lets go of it where it was given up before its command had begun: its end is nobody's business."""
        self._on_end = _nobody_cares
        self.close()

    def close(self) -> None:
        """Lets go of the command, which hears that nobody listens any more."""
        if not self.has_ended and self._channel is not None:
            self._channel.close()


def _nobody_cares() -> None:
    """Hears of an end that was told already."""
