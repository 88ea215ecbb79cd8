"""The queue of a polling agent, and what becomes of requests when connections come and go."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest
from structlog.testing import capture_logs

from polpo.halibut.connection import Timings
from polpo.halibut.discovery import discover
from polpo.halibut.errors import CannotConnect, ConnectionLost, RequestTimedOut
from polpo.halibut.messages import Request, Response
from polpo.halibut.queues import Queue, QueueBook
from polpo.halibut.runtime import Endpoint, HalibutRuntime
from unit.halibut.parties import AGENT, SERVER

URI = "poll://bcdefghjkl/"
FAST = Timings(connect=5, io=5, response=5, poll_wait=5, keep_alive=0.2, idle=5, collect=5, reconnect_least=0.02)


class StoppedClock:
    def now(self) -> datetime:
        return datetime(2026, 1, 1, tzinfo=UTC)

    def monotonic(self) -> float:
        return 0.0


@pytest.fixture
def book() -> QueueBook:
    return QueueBook(StoppedClock())


def request(number: int) -> Request:
    return Request(str(number), "Test", "X")


async def test_requests_are_handed_out_in_order_and_answered_to_who_asked(book: QueueBook) -> None:
    book.allow(URI, "AB")
    asking = [asyncio.create_task(book.ask(URI, "AB", request(number), 5, 5)) for number in range(3)]
    queue = book.queue_of(URI.upper(), "ab")
    assert queue is not None
    for number in range(3):
        pending = await queue.take(5)
        assert pending is not None
        queue.finish(pending, Response(pending.request.id, number))
    assert [answer.result for answer in await asyncio.gather(*asking)] == [0, 1, 2]


async def test_a_request_that_is_put_back_is_the_next(book: QueueBook) -> None:
    book.allow(URI, "AB")
    asking = [asyncio.create_task(book.ask(URI, "AB", request(number), 5, 5)) for number in range(2)]
    queue = book.queue_of(URI, "AB")
    assert queue is not None
    first = await queue.take(5)
    assert first is not None
    await queue.put_back(first)
    again = await queue.take(5)
    assert again is first
    for one in asking:
        one.cancel()
    await asyncio.gather(*asking, return_exceptions=True)


async def test_a_request_that_is_put_back_after_its_time_fails(book: QueueBook) -> None:
    """As when an agent went away for good at the very moment at which it was to be handed over."""
    book.allow(URI, "AB")
    asking = asyncio.create_task(book.ask(URI, "AB", request(1), 0.05, 5))
    queue = book.queue_of(URI, "AB")
    assert queue is not None
    taken = await queue.take(5)
    assert taken is not None
    await queue.put_back(taken)
    with pytest.raises(RequestTimedOut):
        await asyncio.wait_for(asking, 5)
    assert await queue.take(0) is None


async def test_a_request_is_for_the_certificate_that_it_is_meant_for(book: QueueBook) -> None:
    """Whoever registers a machine can claim a subscription that he has seen elsewhere."""
    for thumbprint in ("AB", "CD"):
        book.allow(URI, thumbprint)
    asking = asyncio.create_task(book.ask(URI, "AB", request(1), 5, 5))
    await asyncio.sleep(0)
    thief, owner = book.queue_of(URI, "CD"), book.queue_of(URI, "AB")
    assert thief is not None
    assert owner is not None
    assert await thief.take(0) is None
    pending = await owner.take(5)
    assert pending is not None
    owner.finish(pending, Response("1", "done"))
    assert (await asking).result == "done"


async def test_nothing_is_kept_of_agents_that_are_not_let_in(book: QueueBook) -> None:
    with pytest.raises(RequestTimedOut):
        await book.ask(URI, "AB", request(1), 0, 5)
    assert not book._queues


async def test_nobody_but_the_owner_gets_the_queue(book: QueueBook) -> None:
    book.allow(URI, "AB")
    assert book.queue_of(URI, "CD") is None
    assert book.queue_of(URI, None) is None
    assert book.queue_of("poll://other/", "AB") is None


async def test_a_request_that_was_given_up_is_not_handed_out(book: QueueBook) -> None:
    book.allow(URI, "AB")
    with pytest.raises(RequestTimedOut):
        await book.ask(URI, "AB", request(1), 0, 5)
    queue = book.queue_of(URI, "AB")
    assert queue is not None
    assert queue.is_empty
    assert await queue.take(0) is None


async def test_a_removed_agent_is_sent_away_and_its_requests_fail_at_once(book: QueueBook) -> None:
    book.allow(URI, "AB")
    queue = book.queue_of(URI, "AB")
    assert queue is not None
    asking = asyncio.create_task(book.ask(URI, "AB", request(1), 60, 60))
    pending = await queue.take(5)
    assert pending is not None
    waiting = asyncio.create_task(book.ask(URI, "AB", request(2), 60, 60))
    await asyncio.sleep(0)
    book.forget(URI, "AB")
    with pytest.raises(ConnectionLost, match="removed, or has another certificate"):
        await asyncio.wait_for(waiting, 5)
    with pytest.raises(ConnectionLost):
        await queue.take(5)
    queue.finish(pending, Response("1", "late"))
    assert (await asking).result == "late"


async def test_a_taker_who_is_cancelled_leaves_the_request_for_another() -> None:
    book, takers = QueueBook(StoppedClock()), []
    book.allow(URI, "AB")
    queue = book.queue_of(URI, "AB")
    assert isinstance(queue, Queue)
    takers = [asyncio.create_task(queue.take(5)) for _ in range(2)]
    await asyncio.sleep(0)
    asking = asyncio.create_task(book.ask(URI, "AB", request(1), 5, 5))
    takers[0].cancel()
    taken = await asyncio.wait_for(takers[1], 5)
    assert taken is not None
    queue.finish(taken, Response("1", "done"))
    assert (await asking).result == "done"


async def test_the_last_contact_is_now_while_connected_and_remembered_afterwards(book: QueueBook) -> None:
    book.allow(URI, "AB")
    assert book.last_contact(URI, "AB") is None
    with book.served(URI, "AB"):
        assert book.last_contact(URI, "AB") == StoppedClock().now()
    assert book.last_contact(URI.upper(), "ab") == StoppedClock().now()


# -- over TLS


@pytest.fixture
async def server() -> AsyncIterator[HalibutRuntime]:
    server = HalibutRuntime(SERVER, timings=FAST)
    yield server
    await server.close()


async def test_an_agent_whose_subscription_is_not_allowed_is_refused_in_the_log(server: HalibutRuntime) -> None:
    server.trust(AGENT.thumbprint)
    port = await server.listen("127.0.0.1", 0)
    agent = HalibutRuntime(AGENT, timings=FAST)
    with capture_logs() as logs:
        agent.poll("127.0.0.1", port, SERVER.thumbprint, URI)
        async with asyncio.timeout(5):
            while not any("refused a subscriber" in entry["event"] for entry in logs):  # noqa: ASYNC110
                await asyncio.sleep(0.01)
    await agent.close()
    (refusal, *_) = [entry for entry in logs if "refused a subscriber" in entry["event"]]
    assert (refusal["uri"], refusal["thumbprint"]) == (URI, AGENT.thumbprint)


async def test_discovery_tells_the_thumbprint_to_strangers(server: HalibutRuntime) -> None:
    port = await server.listen("127.0.0.1", 0)
    assert await discover("127.0.0.1", port, 5) == SERVER.thumbprint


async def test_discovery_of_something_else_says_so(unused_tcp_port: int) -> None:
    with pytest.raises(CannotConnect, match="cannot be reached") as caught:
        await discover("127.0.0.1", unused_tcp_port, 5)
    assert caught.value.layer == "connect"


async def test_a_server_that_is_not_trusted_any_more_gets_no_more_answers(server: HalibutRuntime) -> None:
    async def capabilities() -> str:
        return "yes"

    agent = HalibutRuntime(AGENT, services={"Test": {"Ask": capabilities}}, timings=FAST)
    agent.trust(SERVER.thumbprint)
    port = await agent.listen("127.0.0.1", 0)
    endpoint = Endpoint(f"https://127.0.0.1:{port}/", AGENT.thumbprint)
    assert await server.call(endpoint, "Test", "Ask") == "yes"
    agent.distrust(SERVER.thumbprint)
    with pytest.raises(ConnectionLost):
        await server.call(endpoint, "Test", "Ask")
    await agent.close()


async def test_idle_connections_are_bounded(server: HalibutRuntime) -> None:
    entered, release = asyncio.Semaphore(0), asyncio.Event()

    async def hold() -> None:
        entered.release()
        await release.wait()

    agent = HalibutRuntime(AGENT, services={"Test": {"Hold": hold}}, timings=FAST)
    agent.trust(SERVER.thumbprint)
    endpoint = Endpoint(f"https://127.0.0.1:{await agent.listen('127.0.0.1', 0)}/", AGENT.thumbprint)
    calls = [asyncio.create_task(server.call(endpoint, "Test", "Hold")) for _ in range(8)]
    async with asyncio.timeout(10):
        for _ in calls:
            await entered.acquire()
    release.set()
    await asyncio.gather(*calls)
    assert [len(kept) for kept in server._idle._places.values()] == [5]
    await agent.close()
