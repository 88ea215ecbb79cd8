"""Requests that wait for a polling agent to collect them: first in, first out.

There is one queue for a subscription and the certificate that may take from it: trusted agents must not get each
other's requests, whatever subscription they claim to be.
"""

from __future__ import annotations

import asyncio
from collections import Counter, deque
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime

from polpo.halibut.errors import ConnectionLost, RequestTimedOut
from polpo.halibut.messages import Request, Response
from polpo.halibut.streams import DataStream
from polpo.kernel.clock import Clock


@dataclass(eq=False)
class Pending:
    """A request and where its answer goes. While it lies in a queue, it fails with `too_late` at `deadline`."""

    request: Request
    wait: float
    deadline: float
    too_late: Exception
    answer: asyncio.Future[Response] = field(default_factory=lambda: asyncio.get_running_loop().create_future())
    _timer: asyncio.TimerHandle | None = None

    def lies(self) -> None:
        self._timer = asyncio.get_running_loop().call_at(self.deadline, self.fail, self.too_late)

    def is_taken(self) -> bool:
        """Whether somebody still waits for the answer of what was taken out of the queue now."""
        if self._timer is not None:
            self._timer.cancel()
        return not self.answer.done()

    def fail(self, error: Exception) -> None:
        self.is_taken()
        if not self.answer.done():
            self.answer.set_exception(error)


class Queue:
    def __init__(self) -> None:
        self._waiting: deque[Pending] = deque()
        self._arrived = asyncio.Condition()
        self._closed = False

    @property
    def is_empty(self) -> bool:
        return not self._waiting

    async def put(self, pending: Pending) -> None:
        pending.lies()
        async with self._arrived:
            self._waiting.append(pending)
            self._arrived.notify()

    async def put_back(self, pending: Pending) -> None:
        """One that was taken and could not be handed over is the next again, in what is left of its time."""
        pending.lies()
        async with self._arrived:
            self._waiting.appendleft(pending)
            self._arrived.notify()

    def take_out(self, pending: Pending) -> None:
        """One for whose answer nobody waits any more: it may hold files, and its agent may never come."""
        pending.is_taken()
        with suppress(ValueError):
            self._waiting.remove(pending)

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
            if pending.is_taken():
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

    def fail_all(self, error: Exception) -> None:
        while self._waiting:
            self._waiting.popleft().fail(error)


_Key = tuple[str, str]


class QueueBook:
    """The queues by subscription and certificate. Addresses compare in lower case, thumbprints in upper case."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._queues: dict[_Key, Queue] = {}
        self._allowed: set[_Key] = set()
        self._connections: Counter[_Key] = Counter()
        self._last_contact: dict[_Key, datetime] = {}
        self._closing: set[asyncio.Task[None]] = set()

    def allow(self, uri: str, thumbprint: str) -> None:
        """From now on the certificate's requests at this subscription are handed out to it."""
        self._allowed.add(_key(uri, thumbprint))
        self._queues.setdefault(_key(uri, thumbprint), Queue())

    def forget(self, uri: str, thumbprint: str) -> None:
        """Fails what waits, and sends away who is served."""
        key = _key(uri, thumbprint)
        self._allowed.discard(key)
        self._last_contact.pop(key, None)
        queue = self._queues.pop(key, None)
        if queue is not None:
            task = asyncio.ensure_future(queue.close())
            self._closing.add(task)
            task.add_done_callback(self._closing.discard)

    @contextmanager
    def served(self, uri: str, thumbprint: str) -> Iterator[None]:
        """While a connection takes requests from the queue."""
        key = _key(uri, thumbprint)
        self._connections[key] += 1
        try:
            yield
        finally:
            self._connections[key] -= 1
            if self._connections[key] <= 0:
                del self._connections[key]
            if key in self._allowed:
                self._last_contact[key] = self._clock.now()

    def last_contact(self, uri: str, thumbprint: str) -> datetime | None:
        key = _key(uri, thumbprint)
        return self._clock.now() if key in self._connections else self._last_contact.get(key)

    def queue_of(self, uri: str, thumbprint: str | None) -> Queue | None:
        """None for whom nothing is to be handed out there."""
        key = _key(uri, thumbprint or "")
        return self._queues[key] if key in self._allowed else None

    async def ask(self, uri: str, thumbprint: str, request: Request, collect: float, wait: float) -> Response:
        """The answer of the agent with this certificate; it has `collect` seconds to come for the request."""
        key = _key(uri, thumbprint)
        queue = self._queues.setdefault(key, Queue())
        too_late = RequestTimedOut(
            f"The polling agent {uri} did not collect the request within {collect:.0f} s; is it running?"
        )
        pending = Pending(request, wait, asyncio.get_running_loop().time() + collect, too_late)
        await queue.put(pending)
        try:
            return await pending.answer
        finally:
            queue.take_out(pending)
            self._drop_if_unused(key, queue)

    def _drop_if_unused(self, key: _Key, queue: Queue) -> None:
        """One of an agent that was never let in, or was removed, is of no use to anybody."""
        if key not in self._allowed and queue.is_empty and self._queues.get(key) is queue:
            del self._queues[key]

    def close(self) -> None:
        for queue in self._queues.values():
            queue.fail_all(ConnectionLost("The server stops."))


def _key(uri: str, thumbprint: str) -> _Key:
    return uri.strip().lower().rstrip("/") + "/", thumbprint.upper()
