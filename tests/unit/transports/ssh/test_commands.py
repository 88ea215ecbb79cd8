"""Servers that sign us in and then do not serve: a command has its bound, and its place is given back once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import asyncssh
import pytest

from polpo.halibut.contracts import ScriptTicket
from polpo.halibut.errors import ConnectionLost, RequestNotSent
from polpo.kernel.clock import SystemClock
from polpo.transports.ssh.address import Login, SshAddress
from polpo.transports.ssh.channel import Channel
from polpo.transports.ssh.errors import SshRefused
from polpo.transports.ssh.pool import SshConnections
from polpo.transports.ssh.scripts import Stream
from unit.scripthost.running import until


class _Refuses(asyncssh.SSHServerSession[bytes]):
    def exec_requested(self, command: str) -> bool:
        return False


class _Server(asyncssh.SSHServer):
    def __init__(self, *, answers: bool) -> None:
        self._answers = answers

    def begin_auth(self, username: str) -> bool:
        return False

    def session_requested(self) -> Any:
        return _Refuses() if self._answers else self._never()

    async def _never(self) -> Any:
        await asyncio.Event().wait()


@asynccontextmanager
async def address_of_server(*, answers: bool) -> AsyncIterator[SshAddress]:
    key = asyncssh.generate_private_key("ssh-ed25519")
    server = await asyncssh.create_server(lambda: _Server(answers=answers), "127.0.0.1", 0, server_host_keys=[key])
    async with server:
        yield SshAddress("127.0.0.1", server.sockets[0].getsockname()[1], Login("deploy", "x"), key.get_fingerprint())


async def test_a_command_that_is_refused_gives_its_place_back_once(tmp_path: Path) -> None:
    connections = SshConnections(tmp_path)
    async with address_of_server(answers=True) as address:
        kept = connections.to(address)
        with pytest.raises(SshRefused, match="runs no commands"):
            await kept.run("true", 5)
        connection = kept._connection
        assert connection is not None
        await until(lambda: not connection._channels)
        assert kept._running == 0
        await connections.close()


async def test_a_server_that_does_not_begin_a_command_is_given_up(tmp_path: Path) -> None:
    connections = SshConnections(tmp_path)
    async with address_of_server(answers=False) as address:
        with pytest.raises(RequestNotSent, match="did not begin a command within 1 s"):
            async with asyncio.timeout(20):
                await connections.to(address).run("true", 1)
        assert connections.to(address)._running == 0
        await connections.close()


@pytest.mark.parametrize(
    ("said", "why"), [(b"Olong", "does not end"), (b"Xnone\n", "tells an exit code that is no number")]
)
async def test_a_machine_that_breaks_the_rules_is_refused(
    said: bytes, why: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("polpo.transports.ssh.scripts._LONGEST_LINE", 4)
    channel = Channel("there", lambda: None)
    stream = Stream(channel, ScriptTicket("t1"), 0, SystemClock())
    channel.data_received(said, None)
    with pytest.raises(SshRefused, match=why):
        await stream.answer(0)
    stream.close()


async def test_an_answer_that_does_not_end_is_not_kept() -> None:
    channel = Channel("there", lambda: None)
    channel.data_received(b"x" * 1_100_000, None)
    with pytest.raises(ConnectionLost, match="does not end"):
        await channel.line()
