"""Two real parties over TLS on loopback."""

from __future__ import annotations

import asyncio
import hashlib
import os
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from polpo.halibut.certificates import Identity
from polpo.halibut.connection import Timings
from polpo.halibut.contracts import CapabilitiesResponseV2, UploadResult
from polpo.halibut.errors import (
    CannotConnect,
    ConnectionLost,
    RequestTimedOut,
    ServiceFailed,
    ServiceNotFound,
)
from polpo.halibut.runtime import Endpoint, HalibutRuntime
from polpo.halibut.streams import DataStream
from unit.halibut.parties import AGENT, SERVER, STRANGER

SUBSCRIPTION = "poll://bcdefghjkl0123456789/"
FAST = Timings(connect=5, io=5, response=10, poll_wait=5, keep_alive=0.2, idle=10, collect=5, reconnect_least=0.05)


class Services:
    def __init__(self) -> None:
        self.entered = asyncio.Event()
        self.release = asyncio.Event()

    async def capabilities(self) -> CapabilitiesResponseV2:
        return CapabilitiesResponseV2(("IScriptServiceV2",))

    async def upload(self, path: str, stream: DataStream) -> UploadResult:
        content = await stream.read()
        return UploadResult(path, hashlib.sha1(content, usedforsecurity=False).hexdigest(), len(content))

    async def download(self, path: str) -> DataStream:
        return DataStream.of_bytes(path.encode() * 300_000)

    async def fail(self) -> None:
        raise ValueError("boom")

    async def hang(self) -> None:
        self.entered.set()
        await self.release.wait()

    def table(self) -> dict:
        names = ("capabilities", "upload", "download", "fail", "hang")
        return {"Test": {name: getattr(self, name) for name in names}}


Make = Callable[..., HalibutRuntime]


@pytest.fixture
async def make(tmp_path: Path) -> AsyncIterator[Make]:
    made: list[HalibutRuntime] = []

    def build(identity: Identity, services: dict | None = None, timings: Timings = FAST) -> HalibutRuntime:
        made.append(HalibutRuntime(identity, services=services, spool_dir=tmp_path, timings=timings))
        return made[-1]

    yield build
    for runtime in made:
        await runtime.close()
    assert os.listdir(tmp_path) == [], "spooled streams were left behind"  # noqa: PTH208


async def listening(make: Make) -> tuple[HalibutRuntime, Endpoint]:
    agent = make(AGENT, Services().table())
    agent.trust(SERVER.thumbprint)
    port = await agent.listen("127.0.0.1", 0)
    return make(SERVER), Endpoint(f"https://127.0.0.1:{port}/", AGENT.thumbprint)


async def polling(make: Make, services: Services | None = None) -> tuple[HalibutRuntime, Endpoint]:
    server = make(SERVER)
    server.trust(AGENT.thumbprint)
    server.allow_subscription(SUBSCRIPTION, AGENT.thumbprint)
    port = await server.listen("127.0.0.1", 0)
    agent = make(AGENT, (services or Services()).table())
    agent.poll("127.0.0.1", port, SERVER.thumbprint, SUBSCRIPTION)
    return server, Endpoint(SUBSCRIPTION, AGENT.thumbprint)


@pytest.mark.parametrize("mode", [listening, polling])
async def test_calls_streams_and_errors_travel_both_ways(make: Make, mode: Callable) -> None:
    server, endpoint = await mode(make)
    answer = await server.call(endpoint, "Test", "Capabilities")
    assert answer.supported_capabilities == ("IScriptServiceV2",)
    content = bytes(range(256)) * 20_000
    stored = await server.call(endpoint, "Test", "Upload", "x", DataStream.of_bytes(content))
    assert (stored.length, stored.hash) == (len(content), hashlib.sha1(content, usedforsecurity=False).hexdigest())
    stream = await server.call(endpoint, "Test", "Download", "y")
    assert await stream.read() == b"y" * 300_000
    stream.discard()
    with pytest.raises(ServiceFailed, match="boom"):
        await server.call(endpoint, "Test", "Fail")
    with pytest.raises(ServiceNotFound):
        await server.call(endpoint, "Nothing", "X")
    with pytest.raises(ServiceNotFound):
        await server.call(endpoint, "Test", "X")


async def test_nobody_there_is_told_as_such(make: Make, unused_tcp_port: int) -> None:
    with pytest.raises(CannotConnect, match="cannot be reached"):
        await make(SERVER).call(Endpoint(f"https://127.0.0.1:{unused_tcp_port}/", "AA"), "Test", "X")


@pytest.mark.parametrize("trusted", [True, False])
async def test_a_stranger_cannot_take_another_agents_requests(make: Make, *, trusted: bool) -> None:
    server, endpoint = await polling(make)
    assert await server.call(endpoint, "Test", "Capabilities")
    if trusted:
        server.trust(STRANGER.thumbprint)
    port = server._listeners[0].sockets[0].getsockname()[1]
    thief = make(STRANGER, {"Test": {"capabilities": Services().fail}})
    thief.poll("127.0.0.1", port, SERVER.thumbprint, SUBSCRIPTION)
    for _ in range(10):
        assert await server.call(endpoint, "Test", "Capabilities")


async def test_a_request_that_nobody_collects_times_out(make: Make) -> None:
    server = make(SERVER, timings=Timings(collect=0.05))
    with pytest.raises(RequestTimedOut, match="did not collect"):
        await server.call(Endpoint(SUBSCRIPTION, AGENT.thumbprint), "Test", "Capabilities")


async def test_an_agent_that_dies_in_a_call_is_noticed(make: Make) -> None:
    services = Services()
    server, endpoint = await polling(make, services)
    call = asyncio.create_task(server.call(endpoint, "Test", "Hang"))
    await asyncio.wait_for(services.entered.wait(), 5)
    for task in asyncio.all_tasks():
        if task.get_name().startswith("poll-"):
            task.cancel()
    with pytest.raises(ConnectionLost):
        await asyncio.wait_for(call, 5)


async def test_a_polling_agent_comes_back_after_the_server_restarts(make: Make) -> None:
    server, endpoint = await polling(make)
    assert await server.call(endpoint, "Test", "Capabilities")
    port = server._listeners[0].sockets[0].getsockname()[1]
    await server.close()
    again = make(SERVER)
    again.trust(AGENT.thumbprint)
    again.allow_subscription(SUBSCRIPTION, AGENT.thumbprint)
    await again.listen("127.0.0.1", port)
    assert await again.call(endpoint, "Test", "Capabilities")
