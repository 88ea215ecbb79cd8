"""Requests to addresses of users, against real servers on this machine: what is connected to, followed and taken."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest

from polpo.kernel.destinations import Destinations, Refused
from polpo.kernel.outgoing import outgoing_client


@asynccontextmanager
async def web(answer: Callable[[str], bytes]) -> AsyncIterator[tuple[int, list[str]]]:
    """A server that answers a path with the bytes; its port, and what it was asked."""
    asked: list[str] = []
    writers: list[asyncio.StreamWriter] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        asked.append(head)
        writers.append(writer)
        writer.write(answer(head.split(" ")[1]))
        await writer.drain()
        if "/silent" not in head:
            writer.close()
            writers.remove(writer)

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        yield server.sockets[0].getsockname()[1], asked
        for writer in writers:
            writer.close()
            await writer.wait_closed()


def told(body: bytes, *headers: str, status: str = "200 OK") -> bytes:
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", "Connection: close", *headers]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def to(port: int) -> str:
    return f"http://named.test:{port}"


def guard(allowed: str, *answers: str) -> Destinations:
    """Names lead where the answers say, one after the other; the last stays."""
    left = list(answers)
    return Destinations([allowed], resolve=lambda _host, _port: [left.pop(0) if len(left) > 1 else left[0]])


def to_here(**bounds: Any) -> httpx.AsyncClient:
    return outgoing_client(guard("127.0.0.1", "127.0.0.1"), **bounds)


async def test_the_host_stays_the_name_and_the_connection_goes_to_what_was_judged() -> None:
    async with web(lambda _path: told(b"yes")) as (port, asked):
        async with outgoing_client(guard("127.0.0.1", "127.0.0.1", "10.0.0.1")) as client:
            assert (await client.get(f"{to(port)}/x")).text == "yes"
        assert f"Host: named.test:{port}" in asked[0]
        assert "Accept-Encoding: identity" in asked[0]


async def test_a_second_answer_of_the_name_server_that_leads_inside_is_refused() -> None:
    async with web(lambda _path: told(b"yes")) as (port, asked):
        async with outgoing_client(guard("127.0.0.1", "127.0.0.1", "10.0.0.1")) as client:
            await client.get(f"{to(port)}/x")
            with pytest.raises(Refused, match="private network"):
                await client.get(f"{to(port)}/x")
        assert len(asked) == 1


async def test_a_redirect_inside_is_refused() -> None:
    answer = told(b"", "Location: http://10.0.0.1/secret", status="302 Found")
    async with web(lambda _path: answer) as (port, _), to_here(redirects=3) as client:
        with pytest.raises(Refused, match=r"10\.0\.0\.1:80: this address is in a private network"):
            await client.get(f"{to(port)}/x")


async def test_redirects_are_not_followed_unless_asked_for_and_never_without_end() -> None:
    async with web(lambda _path: told(b"", "Location: /again", status="302 Found")) as (port, _):
        async with to_here() as client:
            assert (await client.get(f"{to(port)}/x")).status_code == 302
        async with to_here(redirects=2) as client:
            with pytest.raises(httpx.TooManyRedirects):
                await client.get(f"{to(port)}/x")


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (told(b"x" * 2000), httpx.ReadError),
        (told(b"\x1f\x8b" + b"x" * 20, "Content-Encoding: gzip"), httpx.DecodingError),
        (b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 2000, httpx.ReadError),
    ],
)
async def test_an_answer_that_is_too_large_or_packed_is_cut_off(answer: bytes, error: type[Exception]) -> None:
    async with web(lambda _path: answer) as (port, _), to_here(most_bytes=1000) as client:
        with pytest.raises(error):
            await client.get(f"{to(port)}/x")


@pytest.mark.parametrize("begun", [b"", b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc"])
async def test_an_answer_that_does_not_end_is_given_up(begun: bytes) -> None:
    async with web(lambda _path: begun) as (port, _), to_here(seconds=0.05) as client:
        with pytest.raises(httpx.TimeoutException):
            await client.get(f"{to(port)}/silent")


async def test_another_scheme_than_the_use_takes_is_refused() -> None:
    async with outgoing_client(guard("*", "127.0.0.1"), schemes=("https",)) as client:
        with pytest.raises(Refused, match="must begin with https://"):
            await client.get("http://named.test/x")


async def test_an_address_that_does_not_answer_gives_way_to_the_next() -> None:
    async with web(lambda _path: told(b"yes")) as (port, _):
        two = Destinations(["127.0.0.0/8"], resolve=lambda _host, _port: ["127.0.0.2", "127.0.0.1"])
        async with outgoing_client(two) as client:
            assert (await client.get(f"{to(port)}/x")).text == "yes"
