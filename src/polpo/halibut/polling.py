"""Both sides of a polling connection: the server hands over requests, the agent carries them out."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable

import structlog

from polpo.halibut.connecting import Connector, Proxy
from polpo.halibut.connection import Connection, Timings
from polpo.halibut.errors import CannotConnect, ConnectionLost, NotTrusted, ProtocolBroken
from polpo.halibut.messages import Request, Response
from polpo.halibut.queues import Pending, Queue

log = structlog.get_logger("polpo.halibut")

Answer = Callable[[Request], Awaitable[Response]]


# -- the server's side


async def feed(connection: Connection, queue: Queue, timings: Timings) -> None:
    """Hands over what comes into the queue until the agent goes away."""
    while True:
        pending = await _next_request(connection, queue, timings.keep_alive)
        await _hand_over(connection, queue, pending)
        if await connection.read_line(timings.io) != "NEXT":
            return
        await connection.write(b"PROCEED\r\n")


async def _next_request(connection: Connection, queue: Queue, keep_alive: float) -> Pending | None:
    """The next request, or None when it is time for a keep-alive. Notices when the agent goes away meanwhile."""
    taking = asyncio.ensure_future(queue.take(keep_alive))
    ending = asyncio.ensure_future(connection.watch_for_end())
    try:
        await asyncio.wait({taking, ending}, return_when=asyncio.FIRST_COMPLETED)
        gone = ending.done()
    except asyncio.CancelledError:
        await _give_back(taking, queue)
        raise
    finally:
        ending.cancel()
        await asyncio.gather(ending, return_exceptions=True)
    if gone:
        await _give_back(taking, queue)
        raise ConnectionLost("The polling agent ended its connection.")
    return await taking


async def _give_back(taking: asyncio.Future[Pending | None], queue: Queue) -> None:
    """What was taken and cannot be handed over is for another connection."""
    taking.cancel()
    await asyncio.gather(taking, return_exceptions=True)
    if not taking.cancelled() and taking.exception() is None and (taken := taking.result()) is not None:
        await queue.put_back(taken)


async def _hand_over(connection: Connection, queue: Queue, pending: Pending | None) -> None:
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
    if not isinstance(answer, Response) or answer.id != pending.request.id:
        broken = ProtocolBroken("The agent answered something other than what it was asked.")
        queue.fail(pending, broken)
        raise broken
    queue.finish(pending, answer)


# -- the agent's side


class Poller:
    """Keeps one connection to a server, and carries out what comes over it."""

    def __init__(
        self,
        connector: Connector,
        host: str,
        port: int,
        thumbprint: str,
        uri: str,
        timings: Timings,
        proxy: Proxy | None = None,
    ) -> None:
        self._connector = connector
        self._host = host
        self._port = port
        self._thumbprint = thumbprint
        self._uri = uri
        self._timings = timings
        self._proxy = proxy
        self._was_heard = False

    async def poll(self, answer: Answer) -> None:
        """For ever. A connection that was good is made anew at once, one that fails ever more rarely."""
        loop = asyncio.get_running_loop()
        where = f"{self._host}:{self._port}"
        failing_since = loop.time()
        while True:
            self._was_heard = False
            started = loop.time()
            try:
                await self._hold(answer)
            except (CannotConnect, NotTrusted, ConnectionLost, ProtocolBroken) as error:
                log.warning("polling is interrupted", server=where, reason=error.message)
            except Exception:
                log.exception("polling failed", server=where)
            ended = loop.time()
            if self._was_heard:
                failing_since = ended
                if ended - started > self._timings.reconnect_least:
                    continue
            await asyncio.sleep(self._back_off(ended - failing_since))

    def _back_off(self, failing: float) -> float:
        spread = failing * (1 + random.random())  # noqa: S311 - spreads reconnects, guards nothing
        return min(max(spread, self._timings.reconnect_least), self._timings.reconnect_most)

    async def _hold(self, answer: Answer) -> None:
        introduction = f"MX-SUBSCRIBER 1.0 {self._uri}"
        connection = await self._connector.introduced(
            self._host, self._port, self._thumbprint, introduction, self._timings, self._proxy
        )
        try:
            while True:
                message = await connection.read_message(self._timings.poll_wait)
                self._was_heard = True
                if isinstance(message, Request):
                    await connection.send(await answer(message))
                await connection.write(b"NEXT\r\n")
                if await connection.read_line() != "PROCEED":
                    raise ProtocolBroken("The server did not let the conversation go on.")
        finally:
            await connection.close()
