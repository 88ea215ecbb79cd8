"""A load of GET requests over kept connections, from one process; counts the answers."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Mapping
from urllib.parse import urlsplit

_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)


class _Connection(asyncio.Protocol):
    """Sends the next request when an answer is whole. Any status but 200 ends the measurement."""

    def __init__(self, request: bytes, until: float, ended: asyncio.Future[None]) -> None:
        self.request = request
        self.until = until
        self.ended = ended
        self.answers = 0
        self._buffer = bytearray()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        transport.write(self.request)

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        head = self._buffer.find(b"\r\n\r\n")
        if head < 0:
            return
        length = _LENGTH.search(self._buffer, 0, head + 2)
        if not self._buffer.startswith(b"HTTP/1.1 200 ") or length is None:
            self._fail(ValueError(f"an answer is not 200 with a length: {bytes(self._buffer[:200])!r}"))
            return
        if len(self._buffer) < head + 4 + int(length[1]):
            return
        self._buffer.clear()
        self.answers += 1
        if time.monotonic() < self.until:
            self.transport.write(self.request)
            return
        self.transport.close()
        if not self.ended.done():
            self.ended.set_result(None)

    def connection_lost(self, error: Exception | None) -> None:
        self._fail(error or ConnectionError("the server closed the connection"))

    def _fail(self, error: Exception) -> None:
        if not self.ended.done():
            self.ended.set_exception(error)
            self.transport.close()


def requests_per_second(url: str, headers: Mapping[str, str], seconds: float, connections: int = 8) -> float:
    """The rate at which the server answers this one GET."""
    return asyncio.run(_measure(url, headers, seconds, connections))


async def _measure(url: str, headers: Mapping[str, str], seconds: float, connections: int) -> float:
    parts = urlsplit(url)
    path = parts.path + (f"?{parts.query}" if parts.query else "")
    lines = [f"GET {path} HTTP/1.1", f"Host: {parts.netloc}", *(f"{name}: {text}" for name, text in headers.items())]
    request = ("\r\n".join(lines) + "\r\n\r\n").encode()
    loop = asyncio.get_running_loop()
    began = time.monotonic()
    made = []
    for _ in range(connections):
        ended = loop.create_future()
        connection = _Connection(request, began + seconds, ended)
        await loop.create_connection(lambda connection=connection: connection, parts.hostname, parts.port)  # type: ignore[misc]
        made.append(connection)
    async with asyncio.timeout(seconds + 30):
        await asyncio.gather(*(connection.ended for connection in made))
    return sum(connection.answers for connection in made) / (time.monotonic() - began)
