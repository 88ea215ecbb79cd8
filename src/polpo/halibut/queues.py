"""Requests that wait for a polling agent to collect them: first in, first out, one queue a subscription."""

from __future__ import annotations

import asyncio
from collections import deque
from dataclasses import dataclass, field

from polpo.halibut.errors import ConnectionLost, RequestTimedOut
from polpo.halibut.messages import Request, Response


@dataclass(eq=False)
class Pending:
    """A request and where its answer goes. `collected` settles the race between a time-out and an agent that comes."""

    request: Request
    wait: float
    answer: asyncio.Future[Response] = field(default_factory=lambda: asyncio.get_running_loop().create_future())
    collected: asyncio.Event = field(default_factory=asyncio.Event)
    given_up: bool = False


class Queue:
    def __init__(self) -> None:
        self._waiting: deque[Pending] = deque()
        self._arrived = asyncio.Condition()

    async def put(self, pending: Pending) -> None:
        async with self._arrived:
            self._waiting.append(pending)
            self._arrived.notify()

    async def take(self, wait: float) -> Pending | None:
        """The oldest request that somebody still waits for, or None after `wait` seconds."""
        try:
            async with asyncio.timeout(wait), self._arrived:
                while True:
                    while self._waiting:
                        pending = self._waiting.popleft()
                        if not pending.given_up:
                            pending.collected.set()
                            return pending
                    await self._arrived.wait()
        except TimeoutError:
            return None

    def finish(self, pending: Pending, response: Response) -> None:
        if not pending.answer.done():
            pending.answer.set_result(response)

    def fail(self, pending: Pending, error: Exception) -> None:
        if not pending.answer.done():
            pending.answer.set_exception(error)

    def fail_all(self, error: Exception) -> None:
        while self._waiting:
            self.fail(self._waiting.popleft(), error)


class QueueBook:
    """The queues by subscription, each with the certificate that owns it. Addresses compare in lower case."""

    def __init__(self) -> None:
        self._queues: dict[str, Queue] = {}
        self._owners: dict[str, str] = {}

    def allow(self, uri: str, thumbprint: str) -> None:
        self._owners[_key(uri)] = thumbprint.upper()
        self._queues.setdefault(_key(uri), Queue())

    def forget(self, uri: str) -> None:
        self._owners.pop(_key(uri), None)
        queue = self._queues.pop(_key(uri), None)
        if queue is not None:
            queue.fail_all(ConnectionLost("The agent was removed."))

    def queue_of(self, uri: str, thumbprint: str | None) -> Queue | None:
        """The queue, for its owner only: trusted agents must not take each other's requests."""
        if thumbprint is None or self._owners.get(_key(uri)) != thumbprint.upper():
            return None
        return self._queues[_key(uri)]

    async def ask(self, uri: str, request: Request, collect: float, wait: float) -> Response:
        queue = self._queues.setdefault(_key(uri), Queue())
        pending = Pending(request, wait)
        await queue.put(pending)
        try:
            async with asyncio.timeout(collect):
                await pending.collected.wait()
        except TimeoutError as error:
            pending.given_up = True
            raise RequestTimedOut(
                f"The polling agent {uri} did not collect the request within {collect:.0f} s; is it running?"
            ) from error
        except BaseException:
            pending.given_up = True
            raise
        return await pending.answer

    def close(self) -> None:
        for queue in self._queues.values():
            queue.fail_all(ConnectionLost("The server stops."))


def _key(uri: str) -> str:
    return uri.strip().lower().rstrip("/") + "/"
