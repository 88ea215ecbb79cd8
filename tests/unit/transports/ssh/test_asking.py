"""Being shown the host key of an SSH server, and of what is none."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from openssh import Sshd
from polpo.halibut.errors import CannotConnect
from polpo.transports.ssh.asking import NoSshServer, ask_host_key


class _Speaker(asyncio.Protocol):
    """Says everything at once, and listens to nothing."""

    def __init__(self, says: bytes, *, ends: bool) -> None:
        self._says = says
        self._ends = ends

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.WriteTransport)
        transport.write(self._says)
        if self._ends:
            transport.close()


@asynccontextmanager
async def speaker(says: bytes, *, ends: bool) -> AsyncIterator[int]:
    """Its port on the loopback."""
    loop = asyncio.get_running_loop()
    async with await loop.create_server(lambda: _Speaker(says, ends=ends), "127.0.0.1", 0) as server:
        yield server.sockets[0].getsockname()[1]


async def test_the_fingerprint_is_the_one_that_openssh_shows(server: Sshd) -> None:
    found = await ask_host_key("127.0.0.1", server.ports[0], 20)
    assert (found.algorithm, found.fingerprint) == ("ssh-ed25519", server.fingerprint())


@pytest.mark.parametrize(
    "says",
    [
        b"220 mail.example.com ready\r\n" * 60,
        b"x" * 300_000,
        b"SSH-2.0-x\r\n" + b"\xff" * 64,
        b"SSH-2.0-x\r\n" + bytes(64),
        b"",
    ],
    ids=["another protocol", "no line", "a huge packet", "an empty packet", "nothing"],
)
async def test_what_does_not_speak_ssh_is_told(says: bytes) -> None:
    async with speaker(says, ends=True) as port:
        with pytest.raises(NoSshServer, match="does not speak SSH"):
            await ask_host_key("127.0.0.1", port, 20)


async def test_silence_is_told() -> None:
    async with speaker(b"", ends=False) as port:
        with pytest.raises(NoSshServer, match="did not answer within 0 s"):
            await ask_host_key("127.0.0.1", port, 0.05)


async def test_nobody_is_told(unused_tcp_port: int) -> None:
    with pytest.raises(CannotConnect, match="cannot be reached"):
        await ask_host_key("127.0.0.1", unused_tcp_port, 5)
