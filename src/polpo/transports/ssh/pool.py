"""Connections that are kept: one for each address, with as many commands at once as the server allows."""

from __future__ import annotations

import asyncio
import contextlib
from pathlib import Path

import asyncssh
import structlog

from polpo.halibut.errors import RequestNotSent
from polpo.transports.ssh.address import SshAddress
from polpo.transports.ssh.channel import Channel
from polpo.transports.ssh.connecting import connect
from polpo.transports.ssh.errors import SshRefused

log = structlog.get_logger("polpo.ssh")

_IDLE_SECONDS = 120.0
_CLOSING_SECONDS = 5.0
#: OpenSSH allows ten unless its MaxSessions says otherwise; a few are left to others who share the account.
_MOST_COMMANDS = 8
_WINDOW = 2 << 20
#: A server may count a command for a moment after its end.
_TRIES_ALONE, _PAUSE_ALONE = 20, 0.05


class SshConnections:
    """All connections of this server. `spool` is where files that are fetched are put."""

    def __init__(self, spool: Path, idle_seconds: float = _IDLE_SECONDS) -> None:
        self.spool = spool
        self._idle_seconds = idle_seconds
        self._kept: dict[SshAddress, Kept] = {}

    def to(self, address: SshAddress) -> Kept:
        """The connection to the address; it is made when it is first used."""
        if address not in self._kept:
            self._kept = {one: kept for one, kept in self._kept.items() if kept.is_of_use}
            self._kept[address] = Kept(address, self._idle_seconds)
        return self._kept[address]

    def __len__(self) -> int:
        """How many are open."""
        return sum(kept.is_open for kept in self._kept.values())

    async def close(self) -> None:
        await asyncio.gather(*(kept.close() for kept in self._kept.values()))
        self._kept.clear()


class Kept:
    """One connection; made anew when it is found broken, closed when nobody has used it for a while."""

    def __init__(self, address: SshAddress, idle_seconds: float = _IDLE_SECONDS) -> None:
        self.address = address
        self._idle_seconds = idle_seconds
        self._connection: asyncssh.SSHClientConnection | None = None
        self._connecting = asyncio.Lock()
        self._freed = asyncio.Condition()
        self._most = _MOST_COMMANDS
        self._running = 0
        self._waiting = 0
        self._idle: asyncio.TimerHandle | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def is_open(self) -> bool:
        return self._connection is not None and not self._connection.is_closed()

    @property
    def is_of_use(self) -> bool:
        return self.is_open or self._running > 0 or self._waiting > 0 or self._connecting.locked()

    @property
    def is_crowded(self) -> bool:
        """Whether somebody waits for another command to end."""
        return self._waiting > 0

    async def run(self, command: str, seconds: float) -> Channel:
        """Begins a command; waits while as many run as are allowed. `seconds` bound the making of a connection.

        The channel is to be closed, or followed to its end.
        """
        await self._take_place()
        try:
            return await self._begin(command, seconds)
        except BaseException:
            self._leave_place()
            raise

    # -- places

    async def _take_place(self) -> None:
        self._waiting += 1
        try:
            async with self._freed:
                await self._freed.wait_for(lambda: self._running < self._most)
                self._running += 1
        finally:
            self._waiting -= 1
        self._stop_idling()

    def _leave_place(self) -> None:
        self._running -= 1
        task = asyncio.get_running_loop().create_task(self._tell_free())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        if self._running == 0:
            self._stop_idling()
            self._idle = asyncio.get_running_loop().call_later(self._idle_seconds, self._hang_up)

    async def _tell_free(self) -> None:
        async with self._freed:
            self._freed.notify()

    def _stop_idling(self) -> None:
        if self._idle is not None:
            self._idle.cancel()
            self._idle = None

    # -- commands

    async def _begin(self, command: str, seconds: float) -> Channel:
        """Once more over a new connection when the kept one turns out to be broken."""
        tries = 0
        while True:
            was_open = self.is_open
            connection = await self._connected(seconds)
            try:
                return await self._open(connection, command, seconds)
            except TimeoutError as error:
                connection.abort()  # it lives, since it answers what keeps it alive, and serves nobody
                raise RequestNotSent(f"{self.address} did not begin a command within {seconds:.0f} s.") from error
            except (asyncssh.Error, OSError) as error:
                if isinstance(error, asyncssh.ChannelOpenError) and not connection.is_closed():
                    await self._fewer(error, tries)
                    tries += 1
                elif not was_open:
                    raise RequestNotSent(f"The connection to {self.address} ended: {error}.") from error

    async def _open(self, connection: asyncssh.SSHClientConnection, command: str, seconds: float) -> Channel:
        channel = Channel(str(self.address), self._leave_place)
        try:
            async with asyncio.timeout(seconds):
                await connection.create_session(
                    lambda: channel, command, encoding=None, window=_WINDOW, send_env=None, request_pty=False
                )
        except BaseException:
            channel.disown()  # its place is given back by whoever hears of this
            raise
        return channel

    async def _fewer(self, error: asyncssh.ChannelOpenError, tries: int) -> None:
        """The server takes no more commands at once than run now: waits for one of them to end."""
        others = self._running - 1
        if error.code == asyncssh.OPEN_REQUEST_SESSION_FAILED or (others <= 0 and tries >= _TRIES_ALONE):
            raise SshRefused(f"{self.address} lets us in but runs no commands: {error.reason}.", "shell") from error
        if others <= 0:
            await asyncio.sleep(_PAUSE_ALONE)
            return
        log.info("an SSH server takes no more commands at once", address=str(self.address), commands=others)
        self._most = min(self._most, others)
        self._running -= 1
        try:
            await self._take_place()
        except BaseException:
            self._running += 1  # it was given back already
            raise

    async def _connected(self, seconds: float) -> asyncssh.SSHClientConnection:
        async with self._connecting:
            if self._connection is None or self._connection.is_closed():
                self._connection = None
                self._most = _MOST_COMMANDS
                self._connection = await connect(self.address, seconds)
            return self._connection

    # -- the end

    def _hang_up(self) -> None:
        if self._running == 0 and self._connection is not None:
            self._connection.close()
            self._connection = None

    async def close(self) -> None:
        self._stop_idling()
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_CLOSING_SECONDS):
                    await connection.wait_closed()
        await asyncio.gather(*self._tasks, return_exceptions=True)
