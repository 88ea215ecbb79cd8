"""A piece of network between server and agent that can be cut: a TCP proxy on a thread of its own."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from typing import Any, Literal, Self, TypeVar

T = TypeVar("T")

#: `silent`: nothing gets through and nobody learns of it, as with a pulled cable or a firewall that drops packets.
#: `refused`: connections are reset, and so are new ones, as with a host that went away.
Cut = Literal["silent", "refused"]


class Proxy:
    """Listens on a free port of 127.0.0.1 and passes bytes to and from `port`. Use as a context."""

    def __init__(self, port: int) -> None:
        self.port = 0
        self._to = port
        self._cut: Cut | None = None
        self._pipes: set[_Pipe] = set()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="proxy", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        self.port = self._run(self._listen)
        return self

    def __exit__(self, *_: object) -> None:
        self._run(self._close)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def cut(self, how: Cut) -> None:
        """From now on, until `mend`. Connections that are there never come to life again."""
        self._run(lambda: self._sever(how))

    def mend(self) -> None:
        """New connections get through again; those that were made before stay as they are."""
        self._run(self._restore)

    # -- on the loop

    def _run(self, work: Callable[[], Any]) -> Any:
        async def call() -> Any:
            result = work()
            return await result if asyncio.iscoroutine(result) else result

        return asyncio.run_coroutine_threadsafe(call(), self._loop).result(30)

    async def _listen(self) -> int:
        self._listener = await self._loop.create_server(lambda: _Pipe(self), "127.0.0.1", 0)
        return int(self._listener.sockets[0].getsockname()[1])

    async def _close(self) -> None:
        self._listener.close()
        for pipe in list(self._pipes):
            pipe.reset()
        await asyncio.sleep(0)

    def _sever(self, how: Cut) -> None:
        self._cut = how
        for pipe in list(self._pipes):
            pipe.reset() if how == "refused" else pipe.fall_silent()

    def _restore(self) -> None:
        self._cut = None

    def take(self, pipe: _Pipe) -> None:
        self._pipes.add(pipe)
        if self._cut == "refused":
            pipe.reset()
        elif self._cut == "silent":
            pipe.fall_silent()
        else:
            pipe.connecting = self._loop.create_task(pipe.connect(self._to))

    def leave(self, pipe: _Pipe) -> None:
        self._pipes.discard(pipe)


class _Pipe(asyncio.Protocol):
    """One connection; the far side is a protocol of its own that hands everything back to this one."""

    def __init__(self, proxy: Proxy) -> None:
        self._proxy = proxy
        self._near: asyncio.Transport | None = None
        self._far: asyncio.Transport | None = None
        self._early: list[bytes] = []
        self._is_silent = False
        self.connecting: asyncio.Task[None] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._near = transport
        self._proxy.take(self)

    async def connect(self, port: int) -> None:
        try:
            loop = asyncio.get_running_loop()
            self._far, _ = await loop.create_connection(lambda: _Far(self), "127.0.0.1", port)
        except OSError:
            self.reset()
            return
        for data in self._early:
            self._far.write(data)

    def data_received(self, data: bytes) -> None:
        if self._is_silent:
            return
        if self._far is None:
            self._early.append(data)
        else:
            self._far.write(data)

    def answered(self, data: bytes) -> None:
        if not self._is_silent and self._near is not None:
            self._near.write(data)

    def connection_lost(self, error: Exception | None) -> None:
        """An end that one side makes does not reach the other through a silent network either."""
        if not self._is_silent:
            self.reset()
        elif self._near is not None and self._near.is_closing() and (self._far is None or self._far.is_closing()):
            self._proxy.leave(self)

    def fall_silent(self) -> None:
        self._is_silent = True

    def reset(self) -> None:
        self._proxy.leave(self)
        for transport in (self._near, self._far):
            if transport is not None:
                transport.abort()


class _Far(asyncio.Protocol):
    def __init__(self, pipe: _Pipe) -> None:
        self._pipe = pipe

    def data_received(self, data: bytes) -> None:
        self._pipe.answered(data)

    def connection_lost(self, error: Exception | None) -> None:
        self._pipe.connection_lost(error)
