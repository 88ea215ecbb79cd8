"""Asking a proxy for the way: the dialogue as bytes, then a real proxy between two real parties."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import pytest
from tests.tinyproxy import tinyproxy

from polpo.halibut.certificates import Identity
from polpo.halibut.connecting import Proxy, reach
from polpo.halibut.connection import Timings
from polpo.halibut.discovery import discover
from polpo.halibut.errors import CannotConnect, ProxyRefused
from polpo.halibut.proxying import ConnectDialogue
from polpo.halibut.runtime import Endpoint, HalibutRuntime
from unit.halibut.parties import AGENT, SERVER

FAST = Timings(connect=5, io=5, response=5, poll_wait=5, keep_alive=0.2, idle=5, collect=5, reconnect_least=0.02)
SUBSCRIPTION = "poll://bcdefghjkl/"

# -- the dialogue


@pytest.mark.parametrize(
    ("host", "told"),
    [
        ("agent.example", "agent.example:10933"),
        ("::1", "[::1]:10933"),
        ("bücher.example", "xn--bcher-kva.example:10933"),
    ],
)
def test_the_proxy_is_asked_by_name(host: str, told: str) -> None:
    request = f"CONNECT {told} HTTP/1.0\r\nHost: {told}\r\n\r\n"
    assert ConnectDialogue("proxy:3128", host, 10933).request == request.encode()


def test_the_password_goes_to_the_proxy_and_into_no_message() -> None:
    dialogue = ConnectDialogue("proxy:3128", "a", 1, "ünal", "s:cret")
    head = f"Proxy-Authorization: Basic {base64.b64encode('ünal:s:cret'.encode()).decode()}\r\n"
    assert head.encode() in dialogue.request
    with pytest.raises(ProxyRefused, match="does not accept the user name 'ünal'") as caught:
        _feed(dialogue, b"HTTP/1.1 407 Proxy Authentication Required\r\n\r\n")
    assert "cret" not in str(caught.value) + repr(Proxy("a", 1, "ünal", "s:cret"))


@pytest.mark.parametrize("host", ["", "a\r\nX-Evil: 1", "a b", "ü" * 100])
def test_a_host_that_would_add_to_the_request_is_refused(host: str) -> None:
    with pytest.raises(CannotConnect, match="no name of a host"):
        ConnectDialogue("proxy:3128", host, 1)


@pytest.mark.parametrize(
    "answer", [b"HTTP/1.0 200 Connection established\r\nProxy-Agent: x\r\n\r\n", b"HTTP/1.1 200\n\n"]
)
def test_the_way_is_free_after_the_last_byte_of_the_answer(answer: bytes) -> None:
    dialogue = ConnectDialogue("proxy:3128", "a", 1)
    assert [dialogue.feed(bytes([one])) for one in answer] == [False] * (len(answer) - 1) + [True]


@pytest.mark.parametrize(
    ("answer", "layer", "sentence"),
    [
        (b"HTTP/1.1 403 Filtered.\r\n\r\n", "proxy", "The proxy proxy:3128 refuses to connect to a:1: 403 Filtered."),
        (
            b"HTTP/1.0 407 Who?\r\nProxy-Authenticate: Basic\r\n\r\n",
            "proxy",
            "The proxy proxy:3128 wants a user name and a password, and none are set: 407 Who?.",
        ),
        (b"HTTP/1.1 503 Nobody\r\n\r\n", "connect", "The proxy proxy:3128 cannot connect to a:1: 503 Nobody."),
        (b"SSH-2.0-x\r\n\r\n", "proxy", "proxy:3128 is no HTTP proxy: it answered 'SSH-2.0-x'."),
        (b"HTTP/1.1 9\x1b[2J\r\n\r\n", "proxy", "proxy:3128 is no HTTP proxy: it answered 'HTTP/1.1 9[2J'."),
        (b"HTTP/1.1 200" + b"x" * 20_000, "proxy", "proxy:3128 is no HTTP proxy: its answer does not end."),
        (b"HTTP/1.1 200 OK\r\n", "proxy", "The proxy proxy:3128 ended the connection without an answer."),
    ],
)
def test_every_other_answer_is_told(answer: bytes, layer: str, sentence: str) -> None:
    with pytest.raises(CannotConnect) as caught:
        _feed(ConnectDialogue("proxy:3128", "a", 1), answer)
    assert (caught.value.message, caught.value.layer) == (sentence, layer)


def _feed(dialogue: ConnectDialogue, answer: bytes) -> None:
    for one in answer:
        dialogue.feed(bytes([one]))
    dialogue.feed(b"")


# -- a real proxy


@pytest.fixture(scope="module")
def open_proxy() -> Iterator[Proxy]:
    with tinyproxy() as port:
        yield Proxy("127.0.0.1", port)


@pytest.fixture(scope="module")
def closed_proxy() -> Iterator[int]:
    """One that wants a password, and connects to the port 443 only."""
    with tinyproxy("BasicAuth user pass", "ConnectPort 443") as port:
        yield port


@asynccontextmanager
async def party(identity: Identity, trusted: Identity) -> AsyncIterator[HalibutRuntime]:
    async def ask() -> str:
        return "yes"

    runtime = HalibutRuntime(identity, services={"Test": {"Ask": ask}}, timings=FAST)
    runtime.trust(trusted.thumbprint)
    yield runtime
    await runtime.close()


async def test_a_listening_agent_is_called_through_a_proxy(open_proxy: Proxy) -> None:
    async with party(SERVER, AGENT) as server, party(AGENT, SERVER) as agent:
        port = await agent.listen("127.0.0.1", 0)
        endpoint = Endpoint(f"https://127.0.0.1:{port}/", AGENT.thumbprint, open_proxy)
        assert [await server.call(endpoint, "Test", "Ask") for _ in range(2)] == ["yes", "yes"]
        assert await discover("127.0.0.1", port, 5, open_proxy) == AGENT.thumbprint


async def test_an_agent_polls_through_a_proxy(open_proxy: Proxy) -> None:
    async with party(SERVER, AGENT) as server, party(AGENT, SERVER) as agent:
        server.allow_subscription(SUBSCRIPTION, AGENT.thumbprint)
        port = await server.listen("127.0.0.1", 0)
        agent.poll("127.0.0.1", port, SERVER.thumbprint, SUBSCRIPTION, proxy=open_proxy)
        assert await server.call(Endpoint(SUBSCRIPTION, AGENT.thumbprint), "Test", "Ask") == "yes"


async def test_a_proxy_takes_nothing_from_an_other_end_that_speaks_first(open_proxy: Proxy) -> None:
    async def greet(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"SSH-2.0-x\r\n")
        writer.close()
        await writer.wait_closed()

    async with await asyncio.start_server(greet, "127.0.0.1", 0) as listener:
        port = listener.sockets[0].getsockname()[1]
        raw = await reach("127.0.0.1", port, asyncio.get_running_loop().time() + 5, 5, open_proxy)
        reader, writer = await asyncio.open_connection(sock=raw)
        assert await reader.read() == b"SSH-2.0-x\r\n"
        writer.close()
        await writer.wait_closed()


async def test_nobody_behind_a_proxy_is_told(open_proxy: Proxy, unused_tcp_port: int) -> None:
    with pytest.raises(CannotConnect, match=f"The proxy {open_proxy} cannot connect to 127.0.0.1:") as caught:
        await discover("127.0.0.1", unused_tcp_port, 5, open_proxy)
    assert caught.value.layer == "connect"


async def test_a_proxy_that_is_not_there_is_told(unused_tcp_port: int) -> None:
    with pytest.raises(CannotConnect, match=r"ends there: 127.0.0.1:.* cannot be reached") as caught:
        await discover("127.0.0.1", 1, 5, Proxy("127.0.0.1", unused_tcp_port))
    assert caught.value.layer == "proxy"


@pytest.mark.parametrize(
    ("username", "password", "said"),
    [
        ("", "", "wants a user name and a password, and none are set: 407"),
        ("user", "wrong", "does not accept the user name 'user' with its password: 401"),
        ("user", "pass", "refuses to connect to 127.0.0.1:1: 403"),
    ],
)
async def test_a_proxy_that_refuses_is_told(closed_proxy: int, username: str, password: str, said: str) -> None:
    with pytest.raises(ProxyRefused, match=said):
        await discover("127.0.0.1", 1, 5, Proxy("127.0.0.1", closed_proxy, username, password))


async def test_a_proxy_that_says_nothing_is_given_up() -> None:
    gone = asyncio.Event()

    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()
        await writer.wait_closed()
        gone.set()

    async with await asyncio.start_server(silent, "127.0.0.1", 0) as listener:
        port = listener.sockets[0].getsockname()[1]
        with pytest.raises(CannotConnect, match="did not connect to a:1 within 0 s") as caught:
            await discover("a", 1, 0.05, Proxy("127.0.0.1", port))
        await asyncio.wait_for(gone.wait(), 5)
    assert caught.value.layer == "connect"
