"""The runtime: listens, polls, calls services of others, and serves its own."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import structlog

from polpo.halibut.certificates import Identity
from polpo.halibut.connecting import Connector, Proxy
from polpo.halibut.connection import LIMIT, Connection, Timings
from polpo.halibut.errors import (
    ConnectionLost,
    ProtocolBroken,
)
from polpo.halibut.messages import Failure, Request, Response
from polpo.halibut.polling import Poller, feed
from polpo.halibut.pool import IdlePool
from polpo.halibut.queues import QueueBook
from polpo.halibut.streams import DataStream
from polpo.halibut.tls import MutualContext
from polpo.kernel.clock import Clock, SystemClock
from polpo.kernel.errors import AppError

log = structlog.get_logger("polpo.halibut")

Method = Callable[..., Awaitable[Any]]
Service = Mapping[str, Method]

#: What a browser is shown: the type and the content of a path.
Page = Callable[[str], tuple[str, str]]


def _plain_page(_path: str) -> tuple[str, str]:
    return "text/html", (
        "<!DOCTYPE html><html lang=en><meta charset=utf-8><title>Polpo</title>"
        "<body style='font-family:sans-serif;margin:4rem'><h1>Polpo is here</h1>"
        "<p>This address speaks the agent protocol; the agent or server behind it is running.</p></body></html>"
    )


_MAX_CONNECTIONS = 2048


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
        return parts.hostname or "", parts.port or 10933


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
    ) -> None:
        self._page = page
        self.identity = identity
        self._advice = advice
        self.timings = timings or Timings()
        self._services = {name.lower(): _lowered(service) for name, service in (services or {}).items()}
        self._spool = spool_dir
        self._context = MutualContext.of(identity)
        self._connector = Connector(self._context, identity.thumbprint, spool_dir)
        self._trusted: set[str] = set()
        self._queues = QueueBook(clock or SystemClock())
        self._idle = IdlePool(clock or SystemClock())
        self._tasks: set[asyncio.Task[Any]] = set()
        self._listeners: list[asyncio.Server] = []
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
        """Says which certificate owns a polling queue; nobody else may take requests from it."""
        self._queues.allow(uri, thumbprint)

    def forget_subscription(self, uri: str) -> None:
        self._queues.forget(uri)

    def last_contact(self, uri: str) -> datetime | None:
        """When a polling agent was last connected; now while it is. None if it has not called in since our start."""
        return self._queues.last_contact(uri)

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
            response = await self._queues.ask(endpoint.uri, request, bounds.collect, bounds.response)
        else:
            response = await self._call_listening(endpoint, request, bounds)
        if response.error is not None:
            raise response.error.as_error()
        return response.result

    async def _call_listening(self, endpoint: Endpoint, request: Request, bounds: Timings) -> Response:
        connection = await self._usable(endpoint, bounds)
        try:
            await connection.send(request)
            answer = await connection.read_message(bounds.response)
        except ConnectionLost:
            self._idle.drop(endpoint)
            await connection.close()
            raise
        except BaseException:
            await connection.close()
            raise
        if not isinstance(answer, Response) or answer.id != request.id:
            await connection.close()
            raise ProtocolBroken("The agent answered something other than what it was asked.")
        await self._idle.put(endpoint, connection)
        return answer

    async def _usable(self, endpoint: Endpoint, bounds: Timings) -> Connection:
        """A kept connection that still answers, else a new one."""
        if kept := await self._idle.take(endpoint):
            return kept
        return await self._connector.introduced(
            *endpoint.address, endpoint.thumbprint, "MX-CLIENT 1.0", bounds, endpoint.proxy
        )

    # -- listening

    async def listen(self, host: str, port: int) -> int:
        """Takes connections from now on; returns the port (useful with port 0)."""
        listener = await asyncio.start_server(self._accept, host, port, ssl=self._context, limit=LIMIT, backlog=512)
        self._listeners.append(listener)
        return int(listener.sockets[0].getsockname()[1])

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        if task is not None:
            self._keep(task)
        try:
            await self._host(Connection(reader, writer, self.timings, self._spool))
        except asyncio.CancelledError:
            if not self._closing:
                raise

    async def _host(self, connection: Connection) -> None:
        try:
            if len(self._tasks) <= _MAX_CONNECTIONS:
                await self._converse(connection)
        except (ConnectionLost, ProtocolBroken) as error:
            log.debug("a connection ended", reason=error.message)
        except Exception:
            log.exception("a connection failed")
        finally:
            await connection.close()

    async def _converse(self, connection: Connection) -> None:
        hello = await connection.read_hello()
        if not hello.startswith("MX"):
            if hello:
                await connection.write(_http_page(*self._page(_path_of(hello))))
            return
        if connection.thumbprint is None or connection.thumbprint not in self._trusted:
            shown = connection.thumbprint or "none"
            log.warning(
                "refused a peer whose certificate is not trusted",
                peer=connection.peer, thumbprint=shown, what_to_do=self._advice,
            )  # fmt: skip
            return
        words = (await connection.read_line()).split(" ")
        await connection.read_blank()
        await connection.write(b"MX-SERVER 1.0\r\n\r\n")
        if words[0] == "MX-CLIENT":
            await self._serve_client(connection)
        elif words[0] == "MX-SUBSCRIBER" and len(words) == 3:
            await self._feed_subscriber(connection, words[2])

    async def _serve_client(self, connection: Connection) -> None:
        while True:
            message = await connection.read_message(self.timings.idle)
            if not isinstance(message, Request):
                raise ProtocolBroken("A request was expected.")
            if connection.thumbprint not in self._trusted:
                return  # the trust has ended meanwhile
            await connection.send(await self._answer(message))
            if await connection.read_line(self.timings.idle) != "NEXT":
                return
            await connection.write(b"PROCEED\r\n")

    async def _answer(self, request: Request) -> Response:
        service = self._services.get(request.service.lower())
        if service is None:
            return Response(request.id, error=Failure.unknown_service(request.service))
        method = service.get(request.method.lower())
        if method is None:
            return Response(request.id, error=Failure(f"Service {request.service}::{request.method} not found"))
        try:
            return Response(request.id, await method(*request.params))
        except AppError as error:
            return Response(request.id, error=Failure.of_service(error.message))
        except Exception as error:
            log.exception("a service failed", service=request.service, method=request.method)
            return Response(request.id, error=Failure.of_service(f"{type(error).__name__}: {error}"))
        finally:
            _discard(request.params)

    async def _feed_subscriber(self, connection: Connection, uri: str) -> None:
        queue = self._queues.queue_of(uri, connection.thumbprint)
        if queue is None:
            log.warning(
                "refused a subscriber: the subscription is not its own",
                peer=connection.peer, uri=uri, thumbprint=connection.thumbprint, what_to_do=self._advice,
            )  # fmt: skip
            return
        with self._queues.served(uri):
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
        pollers = [
            Poller(self._connector, host, port, server_thumbprint, subscription_uri, self.timings, proxy)
            for _ in range(connections)
        ]
        names = [f"poll-{host}:{port}-{number}" for number in range(connections)]
        tasks = [self._spawn(one.poll(self._answer), name) for one, name in zip(pollers, names, strict=True)]
        return PollingHandle(tuple(tasks))

    # -- life

    def _spawn(self, work: Coroutine[Any, Any, None], name: str) -> asyncio.Task[None]:
        task = asyncio.create_task(work, name=name)
        self._keep(task)
        return task

    def _keep(self, task: asyncio.Task[Any]) -> None:
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def close(self) -> None:
        """Stops listening and polling, ends every connection."""
        self._closing = True
        for listener in self._listeners:
            listener.close()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._idle.close()
        self._queues.close()


def _lowered(service: Service) -> dict[str, Method]:
    return {name.lower(): method for name, method in service.items()}


def _path_of(hello: str) -> str:
    """What an HTTP request line asks for."""
    words = hello.split(" ")
    return words[1] if len(words) > 1 else "/"


def _http_page(kind: str, content: str) -> bytes:
    body = content.encode()
    head = f"HTTP/1.0 200 OK\r\nContent-Type: {kind}; charset=utf-8\r\nContent-Length: {len(body)}\r\n\r\n"
    return head.encode() + body


def _discard(params: tuple[Any, ...]) -> None:
    for value in params:
        if isinstance(value, DataStream):
            value.discard()
        for file in getattr(value, "files", ()):
            file.contents.discard()
