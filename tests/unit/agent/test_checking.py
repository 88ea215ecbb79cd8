"""What `polpo agent check` finds: the layer in which a connection ends."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.tinyproxy import tinyproxy

from polpo.agent.checking import answers, check_connectivity
from polpo.agent.configuration import AgentConfiguration, Instance, TrustedServer, new_subscription
from polpo.agent.program import Agent
from polpo.halibut.certificates import Identity
from polpo.halibut.connecting import Proxy
from polpo.halibut.runtime import HalibutRuntime

SERVER = Identity.generate("server")


@pytest.fixture
def instance(tmp_path: Path) -> Instance:
    return Instance(tmp_path / "agent")


@pytest.fixture
async def comms(instance: Instance) -> AsyncIterator[str]:
    """Where a server takes this agent."""
    runtime = HalibutRuntime(SERVER)
    runtime.trust(instance.identity().thumbprint)
    yield f"127.0.0.1:{await runtime.listen('127.0.0.1', 0)}"
    await runtime.close()


def polling(instance: Instance, address: str, thumbprint: str = SERVER.thumbprint, proxy: Proxy | None = None) -> None:
    server = TrustedServer(thumbprint=thumbprint, mode="polling", address=address, subscription=new_subscription())
    instance.write(AgentConfiguration(name="web-1", servers=(server,), proxy=proxy))


async def told(instance: Instance) -> dict[str, list[tuple[str, str]]]:
    """By connection: verdict and layer of each check."""
    return {title: [(one.verdict, one.layer) for one in checks] async for title, checks in check_connectivity(instance)}


WELL = [("ok", "name"), ("ok", "TCP"), ("ok", "TLS"), ("ok", "certificate"), ("ok", "trust")]


async def test_a_server_that_is_polled_is_reached_through_every_layer(instance: Instance, comms: str) -> None:
    polling(instance, comms)
    assert await told(instance) == {f"Polling {comms}": [*WELL, ("warning", "agent")]}


async def test_the_layer_that_fails_is_named(instance: Instance, comms: str, unused_tcp_port: int) -> None:
    polling(instance, "no-such-host.invalid:10943")
    assert list((await told(instance)).values()) == [[("failed", "name")]]
    polling(instance, f"127.0.0.1:{unused_tcp_port}")
    assert list((await told(instance)).values()) == [[*WELL[:1], ("failed", "TCP")]]
    polling(instance, comms, thumbprint="A" * 40)
    assert list((await told(instance)).values()) == [[*WELL[:3], ("failed", "certificate")]]
    polling(instance, comms)
    instance.adopt(Identity.generate("another"))
    assert list((await told(instance)).values()) == [[*WELL[:4], ("failed", "trust")]]


async def test_a_port_that_speaks_no_tls_is_told(instance: Instance) -> None:
    async def hang_up(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 mail.example.com\r\n")
        writer.close()

    listener = await asyncio.start_server(hang_up, "127.0.0.1", 0)
    async with listener:
        polling(instance, f"127.0.0.1:{listener.sockets[0].getsockname()[1]}")
        assert list((await told(instance)).values()) == [[*WELL[:2], ("failed", "TLS")]]


async def test_the_proxy_is_a_layer_of_its_own(instance: Instance, comms: str, unused_tcp_port: int) -> None:
    with tinyproxy() as port:
        polling(instance, comms, proxy=Proxy("127.0.0.1", port))
        assert list((await told(instance)).values()) == [[("ok", "proxy"), *WELL[1:], ("warning", "agent")]]
    polling(instance, comms, proxy=Proxy("127.0.0.1", unused_tcp_port))
    assert list((await told(instance)).values()) == [[("failed", "proxy")]]


async def test_a_listening_agent_is_asked_as_a_server_would(instance: Instance) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    trusted = TrustedServer(thumbprint=SERVER.thumbprint, mode="listening")
    instance.write(AgentConfiguration(name="web-1", listen=f"0.0.0.0:{port}", servers=(trusted,)))
    title = f"Listening on 0.0.0.0:{port}"
    assert await told(instance) == {title: [("failed", "TCP")]}
    assert not await answers(instance)
    agent = Agent(instance)
    try:
        with instance.alone():
            await agent.start()
            assert await told(instance) == {title: [("ok", "certificate")]}
            assert await answers(instance)
        instance.adopt(SERVER)
        assert await told(instance) == {title: [("failed", "certificate")]}
    finally:
        await agent.close()


async def test_an_agent_that_trusts_nobody_is_told_what_to_do(instance: Instance) -> None:
    instance.write(AgentConfiguration(name="web-1"))
    ((_, (check,)),) = [found async for found in check_connectivity(instance)]
    assert "polpo agent register" in str(check)


async def test_an_api_that_is_away_is_a_warning_only(instance: Instance, unused_tcp_port: int) -> None:
    web = f"http://127.0.0.1:{unused_tcp_port}"
    trusted = TrustedServer(thumbprint=SERVER.thumbprint, mode="listening", web=web)
    instance.write(AgentConfiguration(name="web-1", servers=(trusted,)))
    assert await told(instance) == {f"The API of {web}": [("warning", "API")]}


@pytest.mark.parametrize(
    ("date", "verdicts"),
    [
        ("Fri, 27 Nov 2026 12:00:30 GMT", [("ok", "clock")]),
        ("Fri, 27 Nov 2026 12:05:00 GMT", [("warning", "clock")]),
        (None, []),
        ("yesterday", []),
    ],
)
def test_clocks_are_compared(date: str | None, verdicts: list[tuple[str, str]]) -> None:
    from datetime import UTC, datetime

    from polpo.agent.checking import _clock

    now = datetime(2026, 11, 27, 12, tzinfo=UTC)
    assert [(one.verdict, one.layer) for one in _clock(date, now, now)] == verdicts
