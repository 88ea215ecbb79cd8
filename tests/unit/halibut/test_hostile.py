"""Peers that mean harm or are broken: each costs its own connection, and bounded memory, time and disk."""

from __future__ import annotations

import asyncio
import os
import struct
import tracemalloc
import uuid
import zlib
from collections import namedtuple
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from polpo.halibut import bson, connection, inbox
from polpo.halibut.dialogues import CLIENT, HELLO
from polpo.halibut.door import Door, Limits
from polpo.halibut.errors import ConnectionLost, ProtocolBroken
from polpo.halibut.inbox import Inbox, pack_message, pack_stream_header, parse_document
from polpo.halibut.link import Link
from polpo.halibut.messages import Request, Response
from polpo.halibut.runtime import Endpoint, HalibutRuntime
from polpo.halibut.streams import DataStream
from unit.halibut.parties import AGENT, FAST, SERVER, STRANGER, caller, heard, party

IDENTITY = f"{CLIENT}\r\n\r\n".encode()
INTRODUCED = HELLO + IDENTITY
HASTY = replace(FAST, io=0.05, idle=0.05)


@pytest.fixture
async def agent(tmp_path: Path) -> AsyncIterator[HalibutRuntime]:
    """An agent that trusts the server; nothing of what was spooled for it is left at the end."""

    async def ask() -> str:
        return "yes"

    async def take(stream: DataStream) -> int:
        return stream.length

    async with party(AGENT, SERVER, services={"Test": {"Ask": ask, "Take": take}}, spool_dir=tmp_path) as agent:
        yield agent
    assert os.listdir(tmp_path) == []  # noqa: PTH208


async def is_well(port: int) -> bool:
    async with party(SERVER) as server:
        endpoint = Endpoint(f"https://127.0.0.1:{port}/", AGENT.thumbprint)
        return bool(await server.call(endpoint, "Test", "Ask") == "yes")


# -- what is said


def deflated(*documents: bytes, level: int = 9) -> bytes:
    deflater = zlib.compressobj(level, zlib.DEFLATED, -15)
    return b"".join(deflater.compress(one) for one in documents) + deflater.flush()


def request(*params: Any) -> bytes:
    return pack_message(Request("1", "Test", "Take", params))[0]


STREAM = DataStream.of_bytes(b"12345")
HEADER, TRAILER = pack_stream_header(STREAM), struct.pack("<q", 5)


def header(length: int, identity: uuid.UUID = STREAM.id) -> bytes:
    return struct.pack("<16sq", identity.bytes_le, length)


@pytest.mark.parametrize(
    "said",
    [
        b"\0" * 100_000,
        HELLO + b"\xff" * 50 + b"\r\n",
        INTRODUCED + b"\xff" * 50,
        INTRODUCED + deflated(b"no document"),
        INTRODUCED + deflated(struct.pack("<i", 2**31 - 1) + b"\0" * 100),
        INTRODUCED + deflated(bson.encode({"Message": 1})),
        INTRODUCED + pack_message(None)[0],
        INTRODUCED + pack_message(Response("1", "yes"))[0],
        INTRODUCED + request(STREAM) + header(6),
        INTRODUCED + request(STREAM) + header(-1),
        INTRODUCED + request(STREAM) + header(5, uuid.uuid4()),
        INTRODUCED + request(STREAM) + HEADER + b"12345" + struct.pack("<q", 4),
        INTRODUCED + request(STREAM, STREAM) + HEADER + b"12345" + TRAILER,
        INTRODUCED + request(DataStream(2**62)) + b"x" * 100_000,
        INTRODUCED + request(*(DataStream(0) for _ in range(1001))),
        INTRODUCED + request(STREAM) + HEADER + b"12345" + TRAILER + b"NEXT\n",
        INTRODUCED + request(STREAM) + HEADER + b"12345" + TRAILER + b"x" * 20_001,
    ],
    ids=[
        "nulls",
        "no identity",
        "no message",
        "no document",
        "a giant length",
        "no object",
        "nothing where a request is expected",
        "an answer where a request is expected",
        "a stream longer than announced",
        "a negative length",
        "a stream that was not announced",
        "a stream with two lengths",
        "a stream announced twice",
        "a stream larger than the disk",
        "a thousand streams",
        "a line without CR",
        "a line without end",
    ],
)
async def test_garbage_ends_only_its_own_connection(agent: HalibutRuntime, said: bytes) -> None:
    port = await agent.listen("127.0.0.1", 0)
    async with caller(port) as link:
        await link.send(said)
        await heard(link)
        assert await is_well(port)


@pytest.mark.parametrize("said", [b"", b"\x16\x03\x01"], ids=["nothing", "a piece of TLS"])
async def test_who_is_slow_before_tls_is_sent_away(said: bytes) -> None:
    async with party(AGENT, timings=HASTY) as agent:
        reader, writer = await asyncio.open_connection("127.0.0.1", await agent.listen("127.0.0.1", 0))
        if said:
            writer.write(said)
        assert await _ended(reader, writer)


@pytest.mark.parametrize(
    "said",
    [
        b"",
        b"MX",
        HELLO,
        HELLO + b"MX-CLI",
        INTRODUCED,
        INTRODUCED + request(STREAM)[:20],
        INTRODUCED + request(STREAM),
        INTRODUCED + request(STREAM) + HEADER + b"123",
        INTRODUCED + request(STREAM) + HEADER + b"12345" + TRAILER[:3],
        INTRODUCED + request(STREAM) + HEADER + b"12345" + TRAILER,
    ],
    ids=[
        "nothing",
        "half a hello",
        "no identity",
        "half an identity",
        "no request",
        "half a request",
        "no stream",
        "half a stream",
        "half a length",
        "no NEXT",
    ],
)
async def test_who_is_slow_at_any_point_is_sent_away(tmp_path: Path, said: bytes) -> None:
    async def take(stream: DataStream) -> int:
        return stream.length

    async with party(AGENT, SERVER, timings=HASTY, services={"Test": {"Take": take}}, spool_dir=tmp_path) as agent:
        async with caller(await agent.listen("127.0.0.1", 0)) as link:
            if said:
                await link.send(said)
            await heard(link)
        assert os.listdir(tmp_path) == []  # noqa: PTH208


async def test_a_trickle_does_not_hold_a_connection_for_ever(tmp_path: Path) -> None:
    """Each byte comes in time, and all of them would take days."""
    async with party(AGENT, SERVER, timings=replace(FAST, io=0.2), spool_dir=tmp_path) as agent:
        port = await agent.listen("127.0.0.1", 0)
        async with caller(port) as link, asyncio.timeout(5):
            await link.send(INTRODUCED + request(large := DataStream(50_000)) + pack_stream_header(large))
            with pytest.raises(ConnectionLost):
                await _trickle(link)


async def _trickle(link: Link) -> None:
    while True:
        await link.send(b"x")
        await asyncio.sleep(0.01)


async def test_an_unread_flood_stops_at_its_source(tmp_path: Path) -> None:
    """While an agent works, what a server sends it stays with the server."""
    release = asyncio.Event()

    async def hang(stream: DataStream) -> None:
        await release.wait()

    async with party(AGENT, SERVER, services={"Test": {"Take": hang}}, spool_dir=tmp_path) as agent:
        async with caller(await agent.listen("127.0.0.1", 0)) as link:
            await link.send(INTRODUCED + request(STREAM) + HEADER + b"12345" + TRAILER)
            assert await _flooded(link) < 30, "megabytes: what the system's own buffers hold"
            link.abort()
        release.set()


async def _flooded(link: Link) -> int:
    for sent in range(100):
        try:
            async with asyncio.timeout(0.3):
                await link.send(bytes(1024 * 1024))
        except TimeoutError:
            return sent
    return 100


async def test_who_takes_no_data_is_sent_away(tmp_path: Path) -> None:
    async def give() -> DataStream:
        return DataStream.of_bytes(bytes(64 * 1024 * 1024))

    service = {"Test": {"Give": give}}
    async with party(AGENT, SERVER, timings=replace(FAST, io=0.2), services=service, spool_dir=tmp_path) as agent:
        port = await agent.listen("127.0.0.1", 0)
        async with caller(port) as link:
            link._transport.pause_reading()
            await link.send(INTRODUCED + pack_message(Request("1", "Test", "Give"))[0])
            async with asyncio.timeout(10):
                while agent._door.inside:  # noqa: ASYNC110 - it tells nobody
                    await asyncio.sleep(0.01)
            link.abort()


# -- what it costs


def test_a_bomb_is_refused_before_it_is_inflated(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inbox, "MAX_MESSAGE", 1024 * 1024)
    bomb = deflated(*(bytes(1024 * 1024) for _ in range(30)))
    assert _peak(lambda: _refused(bomb, "larger than 1 MB")) < 4 * 1024 * 1024


def test_a_message_that_never_ends_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Empty blocks inflate to nothing."""
    monkeypatch.setattr(inbox, "MAX_MESSAGE", 64 * 1024)
    _refused(b"\0\0\0\xff\xff" * 30_000, "larger than")


def test_values_cost_many_times_their_bytes_and_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bson, "_MAX_ELEMENTS", 10_000)
    names = (f"{number:x}".encode() for number in range(400_000))
    body = b"".join(b"\x0a" + name + b"\0" for name in names)
    document = struct.pack("<i", len(body) + 5) + body + b"\0"
    assert _peak(lambda: _refused(deflated(document), "holds more than 10000 values")) < 12 * 1024 * 1024


def test_lists_do_not_remember_what_their_positions_are_called() -> None:
    document = bson.encode({"list": {"9": 1, "1": 2, "01": 3}}).replace(b"\x03list", b"\x04list")
    assert bson.decode(document) == {"list": [1, 2, 3]}


def _refused(data: bytes, said: str) -> None:
    with pytest.raises(ProtocolBroken, match=said):
        _read(data)


def _read(data: bytes) -> None:
    box = Inbox()
    for at in range(0, len(data), 16 * 1024):
        box.feed(data[at : at + 16 * 1024])
        if document := box.take_document():
            parse_document(document)


def _peak(work: Callable[[], None]) -> int:
    """The most memory that is taken by Python meanwhile, in bytes."""
    tracemalloc.start()
    try:
        before, _ = tracemalloc.get_traced_memory()
        work()
        return tracemalloc.get_traced_memory()[1] - before
    finally:
        tracemalloc.stop()


async def test_a_stream_may_not_fill_the_disk(agent: HalibutRuntime, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = namedtuple("usage", "free")  # noqa: PYI024 - as the library's
    monkeypatch.setattr(connection.shutil, "disk_usage", lambda _: usage(65 * 1024 * 1024))
    port = await agent.listen("127.0.0.1", 0)
    async with party(SERVER) as server:
        endpoint = Endpoint(f"https://127.0.0.1:{port}/", AGENT.thumbprint)
        assert await server.call(endpoint, "Test", "Take", DataStream.of_bytes(bytes(1_000_000))) == 1_000_000
        with pytest.raises(ConnectionLost):
            await server.call(endpoint, "Test", "Take", DataStream.of_bytes(bytes(2_000_000)))


# -- how many


def test_the_door_counts_strangers_and_forgets_them() -> None:
    door = Door(Limits(strangers=3, strangers_of_address=2, all=4))
    assert [door.enter(address) for address in "aaabb"] == [True, True, False, True, False]
    door.recognise("a")
    assert door.enter("a")
    assert not door.enter("b"), "three strangers"
    door.leave("b", recognised=False)
    assert door.enter("c")
    assert not door.enter("d"), "four in all"
    door.leave("a", recognised=True)
    door.leave("a", recognised=False)
    door.leave("a", recognised=False)
    door.leave("c", recognised=False)
    assert (door.inside, dict(door._strangers)) == (0, {})


async def test_one_address_cannot_keep_everybody_out() -> None:
    async def ask() -> str:
        return "yes"

    limits = Limits(strangers=10, strangers_of_address=3)
    async with party(AGENT, SERVER, services={"Test": {"Ask": ask}}, limits=limits) as agent, party(SERVER) as server:
        port = await agent.listen("127.0.0.1", 0)
        endpoint = Endpoint(f"https://127.0.0.1:{port}/", AGENT.thumbprint)
        assert await server.call(endpoint, "Test", "Ask") == "yes"
        async with AsyncExitStack() as idle:
            for _ in range(3):
                await idle.enter_async_context(caller(port, STRANGER))
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            assert await _ended(reader, writer)
            assert await server.call(endpoint, "Test", "Ask") == "yes", "one who is known is no stranger"
        async with caller(port, STRANGER) as link:
            await link.send(b"GET / HTTP/1.1\r\n\r\n")
            assert (await heard(link)).startswith(b"HTTP/1.0 200 OK\r\n")


async def _ended(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
    """Whether the other side ends it, without a word."""
    try:
        async with asyncio.timeout(5):
            return await reader.read() == b""
    except ConnectionResetError:
        return True
    finally:
        writer.close()
        with suppress(ConnectionResetError):
            await writer.wait_closed()
