"""The runtime: listens, polls, calls services of others, and serves its own."""

from __future__ import annotations

import asyncio
import random
import ssl
import uuid
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import structlog

from polpo.halibut.certificates import Identity
from polpo.halibut.connection import LIMIT, Connection, Timings
from polpo.halibut.errors import (
    CannotConnect,
    ConnectionLost,
    ProtocolBroken,
    RequestNotSent,
)
from polpo.halibut.messages import Failure, Request, Response
from polpo.halibut.queues import Pending, Queue, QueueBook
from polpo.halibut.streams import DataStream
from polpo.halibut.tls import MutualContext
from polpo.kernel.errors import AppError

log = structlog.get_logger("polpo.halibut")

Method = Callable[..., Awaitable[Any]]
Service = Mapping[str, Method]

_PAGE = (
    b"<!DOCTYPE html><html lang=en><meta charset=utf-8><title>Polpo</title>"
    b"<body style='font-family:sans-serif;margin:4rem'><h1>Polpo is here</h1>"
    b"<p>This address speaks the agent protocol; the agent or server behind it is running.</p></body></html>"
)
_HELLO = b"MX\r\n\r\n"
_MAX_CONNECTIONS = 2048


@dataclass(frozen=True)
class Endpoint:
    """Where a service is: `https://host:port/` (it listens) or `poll://…/` (it comes to us); known by thumbprint."""

    uri: str
    thumbprint: str

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
    """One party. The same port serves callers of our services, polling agents, browsers and handshakes."""

    def __init__(
        self,
        identity: Identity,
        *,
        services: Mapping[str, Service] | None = None,
        spool_dir: Path | None = None,
        timings: Timings | None = None,
    ) -> None:
        self.identity = identity
        self.timings = timings or Timings()
        self._services = {name.lower(): _lowered(service) for name, service in (services or {}).items()}
        self._spool = spool_dir
        self._context = MutualContext.of(identity)
        self._trusted: set[str] = set()
        self._queues = QueueBook()
        self._idle: dict[Endpoint, list[Connection]] = {}
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

    # -- calling

    async def call(
        self,
        endpoint: Endpoint,
        service: str,
        method: str,
        *params: Any,
        timeout: float | None = None,  # noqa: ASYNC109
    ) -> Any:
        """Calls a remote method; see `errors` for how it can fail."""
        request = Request(f"{service}::{method} / {uuid.uuid4()}", service, method, params)
        wait = timeout or self.timings.response
        if endpoint.is_polling:
            response = await self._queues.ask(endpoint.uri, request, self.timings.collect, wait)
        else:
            response = await self._call_listening(endpoint, request, wait)
        if response.error is not None:
            raise response.error.as_error()
        return response.result

    async def _call_listening(self, endpoint: Endpoint, request: Request, wait: float) -> Response:
        connection = await self._usable(endpoint)
        try:
            await connection.send(request)
            answer = await connection.read_message(wait)
        except BaseException:
            await connection.close()
            raise
        if not isinstance(answer, Response) or answer.id != request.id:
            await connection.close()
            raise ProtocolBroken("The agent answered something other than what it was asked.")
        self._idle.setdefault(endpoint, []).append(connection)
        return answer

    async def _usable(self, endpoint: Endpoint) -> Connection:
        """A pooled connection that still answers, else a new one."""
        while self._idle.get(endpoint):
            connection = self._idle[endpoint].pop()
            try:
                await connection.write(b"NEXT\r\n")
                if await connection.read_line() == "PROCEED":
                    return connection
            except (ConnectionLost, ProtocolBroken):
                log.debug("an idle connection had ended", uri=endpoint.uri)
            await connection.close()
        connection = await self._connect(*endpoint.address, endpoint.thumbprint)
        try:
            await self._introduce(connection, "MX-CLIENT 1.0")
        except ConnectionLost as error:
            await connection.close()
            raise RequestNotSent(f"{error.message} {self._distrusted()}") from error
        return connection

    def _distrusted(self) -> str:
        return f"The other side may not trust our thumbprint {self.identity.thumbprint}."

    async def _introduce(self, connection: Connection, identity: str) -> None:
        await connection.write(_HELLO)
        await connection.write(f"{identity}\r\n\r\n".encode())
        answer = await connection.read_line()
        if not answer.startswith("MX-SERVER"):
            raise ProtocolBroken(f"The other side introduced itself as '{answer[:50]}'.")
        await connection.read_blank()

    async def _connect(self, host: str, port: int, thumbprint: str) -> Connection:
        where = f"{host}:{port}"
        try:
            async with asyncio.timeout(self.timings.connect):
                reader, writer = await asyncio.open_connection(
                    host, port, ssl=self._context, server_hostname="", limit=LIMIT
                )
        except TimeoutError as error:
            raise CannotConnect(f"{where} did not answer within {self.timings.connect:.0f} s.") from error
        except ssl.SSLError as error:
            raise CannotConnect(f"{where} took the connection but TLS failed: {error.reason or error}.") from error
        except OSError as error:
            raise CannotConnect(f"{where} cannot be reached: {error.strerror or error}.") from error
        connection = Connection(reader, writer, self.timings, self._spool)
        if connection.thumbprint != thumbprint.upper():
            await connection.close()
            shown = connection.thumbprint or "none"
            raise CannotConnect(f"{where} showed the certificate {shown}; expected was {thumbprint.upper()}.")
        return connection

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
        connection = Connection(reader, writer, self.timings, self._spool)
        try:
            if len(self._tasks) <= _MAX_CONNECTIONS:
                await self._converse(connection)
        except (ConnectionLost, ProtocolBroken) as error:
            log.debug("a connection ended", reason=error.message)
        except asyncio.CancelledError:
            if not self._closing:
                raise
        except Exception:
            log.exception("a connection failed")
        finally:
            await connection.close()

    async def _converse(self, connection: Connection) -> None:
        hello = await connection.read_hello()
        if not hello.startswith("MX"):
            if hello:
                await connection.write(_http_page())
            return
        if connection.thumbprint is None or connection.thumbprint not in self._trusted:
            log.warning("refused a peer", thumbprint=connection.thumbprint or "none")
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

    # -- the server's side of polling

    async def _feed_subscriber(self, connection: Connection, uri: str) -> None:
        queue = self._queues.queue_of(uri, connection.thumbprint)
        if queue is None:
            log.warning("refused a subscriber", uri=uri, thumbprint=connection.thumbprint)
            return
        while True:
            pending = await self._next_request(connection, queue)
            await self._hand_over(connection, queue, pending)
            if await connection.read_line(self.timings.io) != "NEXT":
                return
            await connection.write(b"PROCEED\r\n")

    async def _next_request(self, connection: Connection, queue: Queue) -> Pending | None:
        """The next request, or None when it is time for a keep-alive. Notices when the agent goes away meanwhile."""
        taking = asyncio.ensure_future(queue.take(self.timings.keep_alive))
        ending = asyncio.ensure_future(connection.watch_for_end())
        try:
            done, _ = await asyncio.wait({taking, ending}, return_when=asyncio.FIRST_COMPLETED)
            if taking in done:
                return taking.result()
            raise ConnectionLost("The polling agent ended its connection.")
        finally:
            ending.cancel()
            if not taking.done():
                taking.cancel()
            await asyncio.gather(taking, ending, return_exceptions=True)

    async def _hand_over(self, connection: Connection, queue: Queue, pending: Pending | None) -> None:
        if pending is None:
            await connection.send(None)
            return
        try:
            await connection.send(pending.request)
            answer = await connection.read_message(pending.wait)
        except BaseException as error:
            lost = error if isinstance(error, ConnectionLost | ProtocolBroken) else ConnectionLost("The server stops.")
            queue.fail(pending, lost)
            raise
        if not isinstance(answer, Response):
            raise ProtocolBroken("The agent did not answer with a response.")
        queue.finish(pending, answer)

    # -- the agent's side of polling

    def poll(
        self, host: str, port: int, server_thumbprint: str, subscription_uri: str, connections: int = 1
    ) -> PollingHandle:
        """Keeps `connections` connections to the server and carries out what it asks, until closed."""
        tasks = tuple(
            self._spawn(self._poll_forever(host, port, server_thumbprint, subscription_uri), f"poll-{host}:{port}-{n}")
            for n in range(connections)
        )
        return PollingHandle(tasks)

    async def _poll_forever(self, host: str, port: int, thumbprint: str, uri: str) -> None:
        loop = asyncio.get_running_loop()
        failing_since: float | None = None
        while True:
            try:
                connection = await self._connect(host, port, thumbprint)
                try:
                    await self._introduce(connection, f"MX-SUBSCRIBER 1.0 {uri}")
                    failing_since = None
                    await self._obey(connection)
                finally:
                    await connection.close()
            except (CannotConnect, ConnectionLost, ProtocolBroken) as error:
                failing_since = failing_since or loop.time()
                log.warning("polling is interrupted", server=f"{host}:{port}", reason=error.message)
            except Exception:
                failing_since = failing_since or loop.time()
                log.exception("polling failed", server=f"{host}:{port}")
            await asyncio.sleep(self._back_off(loop.time() - (failing_since or loop.time())))

    def _back_off(self, failing: float) -> float:
        spread = failing * (1 + random.random())  # noqa: S311 - spreads reconnects, guards nothing
        return min(max(spread, self.timings.reconnect_least), self.timings.reconnect_most)

    async def _obey(self, connection: Connection) -> None:
        while True:
            message = await connection.read_message(self.timings.poll_wait)
            if isinstance(message, Request):
                await connection.send(await self._answer(message))
            await connection.write(b"NEXT\r\n")
            if await connection.read_line() != "PROCEED":
                raise ProtocolBroken("The server did not let the conversation go on.")

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
        for connection in [one for pool in self._idle.values() for one in pool]:
            await connection.close()
        self._idle.clear()
        self._queues.close()


def _lowered(service: Service) -> dict[str, Method]:
    return {name.lower(): method for name, method in service.items()}


def _http_page() -> bytes:
    head = f"HTTP/1.0 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {len(_PAGE)}\r\n\r\n"
    return head.encode() + _PAGE


def _discard(params: tuple[Any, ...]) -> None:
    for value in params:
        if isinstance(value, DataStream):
            value.discard()
        for file in getattr(value, "files", ()):
            file.contents.discard()
