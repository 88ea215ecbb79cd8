"""The runtime: listens, polls, calls services of others, and serves its own."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import structlog

from polpo.halibut.certificates import Identity
from polpo.halibut.connecting import Connector, Peer, Proxy
from polpo.halibut.connection import Connection, Timings
from polpo.halibut.dialogues import CLIENT, ask, greet, let_go_on, receive
from polpo.halibut.door import Door, Limits
from polpo.halibut.errors import ConnectionLost, ProtocolBroken
from polpo.halibut.link import Link
from polpo.halibut.messages import Request, Response
from polpo.halibut.polling import Poller, feed
from polpo.halibut.pool import IdlePool
from polpo.halibut.queues import QueueBook
from polpo.halibut.serving import Service, Services
from polpo.halibut.tls import TlsContext, TlsEnd, TlsFailed
from polpo.kernel.clock import Clock, SystemClock

log = structlog.get_logger("polpo.halibut")

#: What a browser is shown: the type and the content of a path.
Page = Callable[[str], tuple[str, str]]


def _plain_page(_path: str) -> tuple[str, str]:
    return "text/html", (
        "<!DOCTYPE html><html lang=en><meta charset=utf-8><title>Polpo</title>"
        "<body style='font-family:sans-serif;margin:4rem'><h1>Polpo is here</h1>"
        "<p>This address speaks the agent protocol; the agent or server behind it is running.</p></body></html>"
    )


_USUAL_PORT = 10933
_BACKLOG = 1024


@dataclass(frozen=True)
class Endpoint:
    """Where a service is: `https://host:port/` (it listens) or `poll://…/` (it comes to us); known by thumbprint.

    `proxy` is on the way to one that listens.
    """

    uri: str
    thumbprint: str
    proxy: Proxy | None = None

    @property
    def is_polling(self) -> bool:
        return self.uri.lower().startswith("poll://")

    @property
    def address(self) -> tuple[str, int]:
        parts = urlsplit(self.uri)
        return parts.hostname or "", parts.port or _USUAL_PORT


@dataclass(frozen=True)
class PollingHandle:
    """Connections to a server that are kept up in the background."""

    tasks: tuple[asyncio.Task[None], ...]

    async def close(self) -> None:
        for task in self.tasks:
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)


class HalibutRuntime:
    """One party. The same port serves callers of our services, polling agents, browsers and handshakes.

    `advice` is for the log: what a person does about a peer that we refuse. `page` is what browsers see.
    """

    def __init__(
        self,
        identity: Identity,
        *,
        services: Mapping[str, Service] | None = None,
        spool_dir: Path | None = None,
        timings: Timings | None = None,
        advice: str = "If it should be trusted, trust its thumbprint.",
        clock: Clock | None = None,
        page: Page = _plain_page,
        limits: Limits | None = None,
    ) -> None:
        self._page = page
        self.identity = identity
        self._advice = advice
        self.timings = timings or Timings()
        self._services = Services(services or {})
        self._spool = spool_dir
        self._context = TlsContext(identity)
        self._connector = Connector(self._context, identity.thumbprint, spool_dir)
        self._trusted: set[str] = set()
        self._queues = QueueBook(clock or SystemClock())
        self._idle = IdlePool(clock or SystemClock())
        self._tasks: set[asyncio.Task[Any]] = set()
        self._listeners: list[asyncio.Server] = []
        self._door = Door(limits or Limits())
        self._hosted: set[Link] = set()
        self._closing = False

    # -- trust

    def trust(self, thumbprint: str) -> None:
        self._trusted.add(thumbprint.upper())

    def distrust(self, thumbprint: str) -> None:
        self._trusted.discard(thumbprint.upper())

    @property
    def trusted(self) -> frozenset[str]:
        return frozenset(self._trusted)

    def allow_subscription(self, uri: str, thumbprint: str) -> None:
        """Hands out to a certificate what is asked of it at a subscription; nobody else gets that."""
        self._queues.allow(uri, thumbprint)

    def forget_subscription(self, uri: str, thumbprint: str) -> None:
        self._queues.forget(uri, thumbprint)

    def last_contact(self, endpoint: Endpoint) -> datetime | None:
        """When a polling agent was last connected; now while it is. None if it has not called in since our start."""
        return self._queues.last_contact(endpoint.uri, endpoint.thumbprint)

    # -- calling

    async def call(
        self,
        endpoint: Endpoint,
        service: str,
        method: str,
        *params: Any,
        timings: Timings | None = None,
    ) -> Any:
        """Calls a remote method; see `errors` for how it can fail. `timings` are for this call only."""
        request = Request(f"{service}::{method} / {uuid.uuid4()}", service, method, params)
        bounds = timings or self.timings
        if endpoint.is_polling:
            response = await self._queues.ask(
                endpoint.uri, endpoint.thumbprint, request, bounds.collect, bounds.response
            )
        else:
            response = await self._call_listening(endpoint, request, bounds)
        if response.error is not None:
            raise response.error.as_error()
        return response.result

    async def _call_listening(self, endpoint: Endpoint, request: Request, bounds: Timings) -> Response:
        connection = await self._usable(endpoint, bounds)
        try:
            answer = await connection.play(ask(request, bounds.response))
        except ConnectionLost:
            self._idle.drop(endpoint)
            await connection.close()
            raise
        except BaseException:
            await connection.close()
            raise
        await self._idle.put(endpoint, connection)
        return answer

    async def _usable(self, endpoint: Endpoint, bounds: Timings) -> Connection:
        """A kept connection that still answers, else a new one."""
        if kept := await self._idle.take(endpoint):
            return kept
        peer = Peer(*endpoint.address, endpoint.thumbprint, endpoint.proxy)
        return await self._connector.introduced(peer, CLIENT, bounds)

    # -- listening

    async def listen(self, host: str, port: int) -> int:
        """Takes connections from now on; returns the port (useful with port 0)."""
        loop = asyncio.get_running_loop()
        listener = await loop.create_server(lambda: Link(self._admit), host, port, backlog=_BACKLOG)
        self._listeners.append(listener)
        return int(listener.sockets[0].getsockname()[1])

    def _admit(self, link: Link) -> TlsEnd | None:
        if self._closing or not self._door.enter(link.host):
            log.debug("sent a connection away: there are too many", peer=link.peer, inside=self._door.inside)
            return None
        self._hosted.add(link)
        self._spawn(self._host(link), f"connection-{link.peer}")
        return self._context.accepting()

    async def _host(self, link: Link) -> None:
        recognised = False
        try:
            async with asyncio.timeout(self.timings.io):
                await link.handshake()
                connection = Connection(link, self.timings, self._spool)
                recognised = await self._recognised(connection)
            if recognised:
                self._door.recognise(link.host)
                await self._converse(connection)
        except (ConnectionLost, ProtocolBroken, TlsFailed, TimeoutError) as error:
            log.debug("a connection ended", peer=link.peer, reason=str(error))
        except Exception:
            log.exception("a connection failed", peer=link.peer)
        finally:
            await link.close()
            self._hosted.discard(link)
            self._door.leave(link.host, recognised=recognised)

    async def _recognised(self, connection: Connection) -> bool:
        """Whether one who is trusted speaks the protocol. Others get a page, or nothing at all."""
        if (path := await connection.play(greet())) is not None:
            await connection.write(_http_page(*self._page(path)))
            return False
        if self._trusts(connection):
            return True
        log.warning(
            "refused a peer whose certificate is not trusted",
            peer=connection.peer, thumbprint=connection.thumbprint or "none", what_to_do=self._advice,
        )  # fmt: skip
        return False

    def _trusts(self, connection: Connection) -> bool:
        return connection.thumbprint in self._trusted

    async def _converse(self, connection: Connection) -> None:
        guest = await connection.play(receive())
        if guest.subscription is None:
            await self._serve_client(connection)
        else:
            await self._feed_subscriber(connection, guest.subscription)

    async def _serve_client(self, connection: Connection) -> None:
        goes_on = True
        while goes_on:
            message = await connection.read_message(self.timings.idle)
            if not isinstance(message, Request):
                raise ProtocolBroken("A request was expected.")
            if not self._trusts(connection):
                return  # the trust has ended meanwhile
            await connection.send(await self._services.answer(message))
            goes_on = await connection.play(let_go_on(self.timings.idle))

    async def _feed_subscriber(self, connection: Connection, uri: str) -> None:
        thumbprint = connection.thumbprint or ""
        queue = self._queues.queue_of(uri, thumbprint)
        if queue is None:
            log.warning(
                "refused a subscriber: the subscription is not its own",
                peer=connection.peer, uri=uri, thumbprint=thumbprint, what_to_do=self._advice,
            )  # fmt: skip
            return
        with self._queues.served(uri, thumbprint):
            await feed(connection, queue, self.timings)

    # -- polling

    def poll(
        self,
        host: str,
        port: int,
        server_thumbprint: str,
        subscription_uri: str,
        connections: int = 1,
        *,
        proxy: Proxy | None = None,
    ) -> PollingHandle:
        """Keeps `connections` connections to the server and carries out what it asks, until closed."""
        peer = Peer(host, port, server_thumbprint, proxy)
        pollers = [Poller(self._connector, peer, subscription_uri, self.timings) for _ in range(connections)]
        tasks = [
            self._spawn(one.poll(self._services.answer), f"poll-{peer}-{number}") for number, one in enumerate(pollers)
        ]
        return PollingHandle(tuple(tasks))

    # -- life

    def _spawn(self, work: Coroutine[Any, Any, None], name: str) -> asyncio.Task[None]:
        task = asyncio.create_task(work, name=name)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def close(self) -> None:
        """Stops listening and polling, ends every connection."""
        self._closing = True
        for listener in self._listeners:
            listener.close()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await asyncio.gather(*(link.close() for link in self._hosted))  # of those that had not begun
        await self._idle.close()
        self._queues.close()


def _http_page(kind: str, content: str) -> bytes:
    body = content.encode()
    head = f"HTTP/1.0 200 OK\r\nContent-Type: {kind}; charset=utf-8\r\nContent-Length: {len(body)}\r\n\r\n"
    return head.encode() + body
