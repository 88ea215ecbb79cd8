"""Both sides of a polling connection: the server hands over requests, the agent carries them out."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable

import structlog

from polpo.halibut.connecting import Connector, Peer
from polpo.halibut.connection import Connection, Timings
from polpo.halibut.dialogues import ask, go_on, let_go_on, subscriber
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
        if pending is None:
            await connection.send(None)
        else:
            await _hand_over(connection, queue, pending)
        if not await connection.play(let_go_on()):
            return


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


async def _hand_over(connection: Connection, queue: Queue, pending: Pending) -> None:
    """The protocol has no word for "never mind": when nobody waits for the answer any more, the connection ends."""
    asking = asyncio.ensure_future(connection.play(ask(pending.request, pending.wait)))
    try:
        await asyncio.wait({asking, pending.answer}, return_when=asyncio.FIRST_COMPLETED)
        queue.finish(pending, asking.result() if asking.done() else _unwanted())
    except BaseException as error:
        asking.cancel()
        await asyncio.gather(asking, return_exceptions=True)
        lost = error if isinstance(error, ConnectionLost | ProtocolBroken) else ConnectionLost("The server stops.")
        pending.fail(lost)
        raise


def _unwanted() -> Response:
    raise ConnectionLost("Nobody waits for the answer any more.")


# -- the agent's side


class Poller:
    """Keeps one connection to a server, and carries out what comes over it."""

    def __init__(self, connector: Connector, server: Peer, subscription: str, timings: Timings) -> None:
        self._connector = connector
        self._server = server
        self._subscription = subscription
        self._timings = timings
        self._was_heard = False

    async def poll(self, answer: Answer) -> None:
        """For ever. A connection that was good is made anew at once, one that fails ever more rarely."""
        loop = asyncio.get_running_loop()
        failing_since = loop.time()
        while True:
            self._was_heard = False
            started = loop.time()
            try:
                await self._hold(answer)
            except (CannotConnect, NotTrusted, ConnectionLost, ProtocolBroken) as error:
                log.warning("polling is interrupted", server=str(self._server), reason=error.message)
            except Exception:
                log.exception("polling failed", server=str(self._server))
            ended = loop.time()
            if self._was_heard:
                failing_since = ended
                if ended - started > self._timings.reconnect_least:
                    continue
            await asyncio.sleep(back_off(ended - failing_since, self._timings, random.random()))  # noqa: S311 - no secret

    async def _hold(self, answer: Answer) -> None:
        connection = await self._connector.introduced(self._server, subscriber(self._subscription), self._timings)
        try:
            while True:
                message = await connection.read_message(self._timings.poll_wait)
                self._was_heard = True
                if isinstance(message, Request):
                    await connection.send(await answer(message))
                elif message is not None:
                    raise ProtocolBroken("The server sent an answer where a request was expected.")
                if not await connection.play(go_on()):
                    raise ProtocolBroken("The server did not let the conversation go on.")
        finally:
            await connection.close()


def back_off(failing: float, timings: Timings, chance: float) -> float:
    """Seconds until the next attempt, when all have failed for so long; `chance` in [0, 1) spreads the agents."""
    return min(max(failing * (1 + chance), timings.reconnect_least), timings.reconnect_most)
