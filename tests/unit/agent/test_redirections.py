"""Where the server's API leads, as an agent's commands follow it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from polpo.agent.server_api import Credentials, ServerApi, connected
from polpo.kernel.errors import Invalid

ROOT = b'{"ApiVersion": "3.0.0", "Links": {}}'


@asynccontextmanager
async def leading_to(location: str) -> AsyncIterator[tuple[ServerApi, list[bytes]]]:
    """A server whose `/api` leads there, and whose other paths are the API; and all requests that it heard."""
    heard: list[bytes] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        request = await reader.readuntil(b"\r\n\r\n")
        heard.append(request)
        if request.startswith(b"GET /api "):
            port = writer.get_extra_info("sockname")[1]
            head, body = f"302 Found\r\nLocation: {location.format(port=port)}", b""
        else:
            head, body = "200 OK", ROOT
        writer.write(f"HTTP/1.1 {head}\r\nConnection: close\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body)
        await writer.drain()
        writer.close()

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        async with connected(f"http://127.0.0.1:{port}", Credentials(api_key="API-SECRET")) as api:
            yield api, heard


async def test_a_redirection_on_the_same_server_is_followed() -> None:
    async with leading_to("/octopus/api") as (api, heard):
        assert (await api.open())["ApiVersion"] == "3.0.0"
    assert len(heard) == 2


async def test_a_redirection_to_somebody_else_does_not_take_the_key_there() -> None:
    async with leading_to("http://localhost:{port}/steal") as (api, heard):
        with pytest.raises(Invalid, match=r"leads to http://localhost:\d+, which is not told who you are"):
            await api.open()
    assert [request for request in heard if b"localhost" in request] == []
