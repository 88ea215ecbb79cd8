"""TLS over an asyncio transport, with as little kept for each connection as can be: a server has thousands.

asyncio's own TLS gives every connection large buffers for as long as it lives, and waits for farewells.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import Callable

from polpo.halibut.errors import ConnectionLost
from polpo.halibut.tls import TlsEnd, TlsEnded, TlsFailed

#: Encrypted bytes that may wait for us before the other side has to.
_UNREAD = 256 * 1024
_FAREWELL_SECONDS = 5.0
_ENDED = "The other side ended the connection."


class Link(asyncio.Protocol):
    """`made` is called with each that is connected, and gives it its end of TLS; without one the connection is cut."""

    def __init__(self, made: Callable[[Link], TlsEnd | None]) -> None:
        self._made = made
        self._tls: TlsEnd | None = None
        self._transport: asyncio.Transport | None = None
        self._unread = 0
        self._is_held = self._is_over = self._has_gone = False
        self._reason: Exception | None = None
        self._arrival: asyncio.Future[None] | None = None
        self._room: asyncio.Future[None] | None = None
        self._end: asyncio.Future[None] | None = None
        self.host, self.port = "", 0

    # -- what asyncio calls

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport  # type: ignore[assignment] # of a stream, always
        name = transport.get_extra_info("peername")
        self.host, self.port = (str(name[0]), int(name[1])) if isinstance(name, tuple) else (str(name or ""), 0)
        _keep_alive(transport.get_extra_info("socket"))
        self._tls = self._made(self)
        if self._tls is None:
            self.abort()

    def data_received(self, data: bytes) -> None:
        if self._tls is None or self._transport is None:
            return
        self._tls.feed(data)
        self._unread += len(data)
        if self._unread > _UNREAD and not self._is_held:
            self._is_held = True
            self._transport.pause_reading()
        _settle(self._arrival)

    def eof_received(self) -> bool:
        self._is_over = True
        _settle(self._arrival)
        return True  # there may be something to say still

    def connection_lost(self, exc: Exception | None) -> None:
        self._is_over = self._has_gone = True
        self._reason = exc
        for waiting in (self._arrival, self._room, self._end):
            _settle(waiting)

    def pause_writing(self) -> None:
        self._room = asyncio.get_running_loop().create_future()

    def resume_writing(self) -> None:
        _settle(self._room)
        self._room = None

    # -- what a connection does with it

    @property
    def is_new(self) -> bool:
        """Whether it never got a connection."""
        return self._transport is None

    @property
    def thumbprint(self) -> str | None:
        return self.tls.thumbprint()

    @property
    def tls(self) -> TlsEnd:
        if self._tls is None:
            raise self._lost()
        return self._tls

    @property
    def peer(self) -> str:
        return f"{self.host}:{self.port}"

    async def handshake(self) -> None:
        """TlsFailed when the other side does not speak TLS, ConnectionLost when it ends the connection."""
        try:
            while not self.tls.handshake():
                self._flush()
                await self._more()
        except TlsEnded as error:
            raise self._lost() from error
        finally:
            self._flush()

    async def receive(self) -> bytes:
        """What has arrived, up to a record; waits for it. ConnectionLost at the end. Cancelled, it loses nothing."""
        while True:
            try:
                data = self.tls.read()
            except TlsEnded as error:
                raise self._lost() from error
            except TlsFailed as error:
                raise ConnectionLost(f"The connection was damaged on the way: {error}.") from error
            if data:
                return data
            self._flush()
            await self._more()

    async def send(self, data: bytes) -> None:
        """One unit, in records of its own, as older peers lose what is put together. Waits until there is room."""
        try:
            self.tls.write(data)
        except (TlsEnded, TlsFailed) as error:
            raise self._lost() from error
        self._flush()
        if self._room is not None:
            await asyncio.shield(self._room)
        if self._has_gone:
            raise self._lost()

    async def close(self) -> None:
        """Says farewell, to which nobody has to answer, and waits until all is sent."""
        if self._transport is None or self._has_gone:
            return
        if self._tls is not None:
            with contextlib.suppress(TlsEnded, TlsFailed):
                self._tls.farewell()
            self._flush()
        self._transport.close()
        self._end = self._end or asyncio.get_running_loop().create_future()
        try:
            async with asyncio.timeout(_FAREWELL_SECONDS):
                await asyncio.shield(self._end)
        except BaseException as error:
            self.abort()
            if not isinstance(error, TimeoutError):
                raise

    def abort(self) -> None:
        """Ends it at once, without waiting for a peer that is silent."""
        if self._transport is not None:
            self._transport.abort()

    def _flush(self) -> None:
        outgoing = self.tls.outgoing()
        if outgoing and self._transport is not None and not self._transport.is_closing():
            self._transport.write(outgoing)

    async def _more(self) -> None:
        """Until something has arrived that was not there yet."""
        if self._is_over:
            raise self._lost()
        self._unread = 0
        if self._is_held and self._transport is not None:
            self._is_held = False
            self._transport.resume_reading()
        self._arrival = asyncio.get_running_loop().create_future()
        try:
            await self._arrival
        finally:
            self._arrival = None

    def _lost(self) -> ConnectionLost:
        return ConnectionLost(f"{_ENDED} ({self._reason})" if self._reason else _ENDED)


def _settle(waiting: asyncio.Future[None] | None) -> None:
    if waiting is not None and not waiting.done():
        waiting.set_result(None)


def _keep_alive(raw: socket.socket | None) -> None:
    if raw is None or raw.family not in (socket.AF_INET, socket.AF_INET6):
        return
    raw.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for option, value in (("TCP_KEEPIDLE", 15), ("TCP_KEEPINTVL", 5), ("TCP_KEEPCNT", 10)):
        if hasattr(socket, option):
            raw.setsockopt(socket.IPPROTO_TCP, getattr(socket, option), value)
