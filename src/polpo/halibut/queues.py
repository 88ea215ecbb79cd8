"""Requests that wait for a polling agent to collect them: first in, first out, one queue a subscription."""

from __future__ import annotations

import asyncio
from collections import Counter, deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime

from polpo.halibut.errors import ConnectionLost, RequestTimedOut
from polpo.halibut.messages import Request, Response
from polpo.halibut.streams import DataStream
from polpo.kernel.clock import Clock


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
        self._closed = False

    async def put(self, pending: Pending) -> None:
        async with self._arrived:
            self._waiting.append(pending)
            self._arrived.notify()

    async def put_back(self, pending: Pending) -> None:
        """One that was taken and could not be handed over is the next again."""
        pending.collected.clear()
        async with self._arrived:
            self._waiting.appendleft(pending)
            self._arrived.notify()

    async def take(self, wait: float) -> Pending | None:
        """The oldest request that somebody still waits for, or None after `wait` seconds.

        ConnectionLost when the queue was closed: whoever serves it has to let go.
        """
        try:
            async with asyncio.timeout(wait), self._arrived:
                while not self._closed:
                    if pending := self._next():
                        return pending
                    try:
                        await self._arrived.wait()
                    except BaseException:
                        self._arrived.notify()  # it may have been meant for us
                        raise
        except TimeoutError:
            return None
        raise ConnectionLost("The agent was removed, or has another certificate now.")

    def _next(self) -> Pending | None:
        while self._waiting:
            pending = self._waiting.popleft()
            if not pending.given_up:
                pending.collected.set()
                return pending
        return None

    async def close(self) -> None:
        """Fails what waits, and sends away who serves."""
        self._closed = True
        self.fail_all(ConnectionLost("The agent was removed, or has another certificate now."))
        async with self._arrived:
            self._arrived.notify_all()

    def finish(self, pending: Pending, response: Response) -> None:
        if not pending.answer.done():
            pending.answer.set_result(response)
        elif isinstance(response.result, DataStream):
            response.result.discard()

    def fail(self, pending: Pending, error: Exception) -> None:
        if not pending.answer.done() and not pending.given_up:
            pending.answer.set_exception(error)
            pending.collected.set()

    def fail_all(self, error: Exception) -> None:
        while self._waiting:
            self.fail(self._waiting.popleft(), error)


class QueueBook:
    """The queues by subscription, each with the certificate that owns it. Addresses compare in lower case."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._queues: dict[str, Queue] = {}
        self._owners: dict[str, str] = {}
        self._connections: Counter[str] = Counter()
        self._last_contact: dict[str, datetime] = {}
        self._closing: set[asyncio.Task[None]] = set()

    def allow(self, uri: str, thumbprint: str) -> None:
        """Makes a certificate the owner; another one that served the queue before is sent away."""
        if self._owners.get(_key(uri), thumbprint.upper()) != thumbprint.upper():
            self.forget(uri)
        self._owners[_key(uri)] = thumbprint.upper()
        self._queues.setdefault(_key(uri), Queue())

    def forget(self, uri: str) -> None:
        self._owners.pop(_key(uri), None)
        queue = self._queues.pop(_key(uri), None)
        if queue is not None:
            task = asyncio.ensure_future(queue.close())
            self._closing.add(task)
            task.add_done_callback(self._closing.discard)

    @contextmanager
    def served(self, uri: str) -> Iterator[None]:
        """While a connection of the owner takes requests from the queue."""
        key = _key(uri)
        self._connections[key] += 1
        try:
            yield
        finally:
            self._connections[key] -= 1
            self._last_contact[key] = self._clock.now()

    def last_contact(self, uri: str) -> datetime | None:
        return self._clock.now() if self._connections[_key(uri)] else self._last_contact.get(_key(uri))

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
