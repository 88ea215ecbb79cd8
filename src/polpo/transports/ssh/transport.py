"""A machine that is reached by SSH."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from polpo.halibut.contracts import (
    ProcessState,
    ScriptStatusResponseV2,
    ScriptTicket,
    StartScriptCommandV2,
    UploadResult,
)
from polpo.halibut.errors import CannotConnect, ConnectionLost
from polpo.halibut.streams import DataStream
from polpo.kernel.clock import Clock, SystemClock
from polpo.kernel.errors import Invalid, TaskError, WireError
from polpo.scripthost.supervision.exitcodes import ExitCode
from polpo.scripthost.workspace import check_ticket
from polpo.transports.retries import Retries, RetryPolicy
from polpo.transports.ssh import files
from polpo.transports.ssh.address import SshAddress
from polpo.transports.ssh.channel import Channel
from polpo.transports.ssh.errors import SshRefused, StationRefused
from polpo.transports.ssh.packing import packed
from polpo.transports.ssh.pool import SshConnections
from polpo.transports.ssh.scripts import Stream
from polpo.transports.ssh.station import Station, accepted, within
from polpo.transports.transport import Layer, MachineUnreachable, known, verified

T = TypeVar("T")

_TOOLS_SECONDS = 30.0
#: A position behind every line: who only wants to tell the script something need not hear it all again.
_BEHIND_ALL = 10**9


class SshTransport:
    """Calls are repeated as the policy says, over a new connection where the old one broke; `notify` hears of it.

    `locate` says where the machine is, when that is first needed; it may raise a TaskError.
    """

    holds_answers = True

    def __init__(
        self,
        connections: SshConnections,
        locate: Callable[[], SshAddress],
        *,
        name: str,
        policy: RetryPolicy | None = None,
        notify: Callable[[str], None] | None = None,
        clock: Clock | None = None,
    ) -> None:
        self.name = name
        self._connections = connections
        self._locate = locate
        self._policy = policy or RetryPolicy()
        self._retries = Retries(self._policy, notify=notify and (lambda text: notify(f"{self.name}: {text}")))
        self._clock = clock or SystemClock()
        self._address: SshAddress | None = None
        self._streams: dict[str, Stream] = {}

    @property
    def _station(self) -> Station:
        if self._address is None:
            self._address = self._locate()
        return Station(self._connections.to(self._address), self._policy.connect)

    # -- scripts

    async def capabilities(self) -> tuple[str, ...]:
        """`SSH`, and the programs on the machine that matter to us."""
        return ("SSH", *await self._call(self._probe))

    async def _probe(self) -> tuple[str, ...]:
        channel = await self._station.ask("probe")
        try:
            await accepted(channel)
            found = []
            while line := await within(channel.line, _TOOLS_SECONDS):
                found.append(line.decode("ascii", "replace"))
            return tuple(found)
        finally:
            channel.close()

    async def start(self, command: StartScriptCommandV2) -> ScriptStatusResponseV2:
        ticket, pause = command.script_ticket, command.duration_to_wait_for_script_to_finish

        async def start() -> ScriptStatusResponseV2:
            check_ticket(ticket.task_id)
            content = await asyncio.to_thread(packed, command)
            channel = await self._station.ask("start", ticket.task_id.lower(), str(len(content)), payload=content)
            stream = await self._stream(channel, ticket, 0)
            if stream is None:
                return _unknown(ticket)
            return await self._said(stream, stream.outcome(pause.total_seconds() if pause else 0.0))

        return await self._call(start)

    async def status(
        self, ticket: ScriptTicket, last_log_sequence: int, *, wait: float = 0.0
    ) -> ScriptStatusResponseV2:
        async def ask() -> ScriptStatusResponseV2:
            stream = await self._following(ticket, last_log_sequence)
            return await self._said(stream, stream.answer(wait)) if stream else _unknown(ticket)

        return known(await self._call(ask), self.name)

    async def cancel(self, ticket: ScriptTicket, last_log_sequence: int) -> ScriptStatusResponseV2:
        async def tell() -> ScriptStatusResponseV2:
            stream = await self._following(ticket, last_log_sequence)
            if stream is None:
                return _unknown(ticket)
            await stream.tell("cancel")
            return await self._said(stream, stream.answer(0.0))

        return known(await self._call(tell), self.name)

    async def complete(self, ticket: ScriptTicket) -> None:
        """Not repeated: what it does not delete, the machine's own cleaning will."""
        try:
            stream = self._streams.pop(_key(ticket), None)
            if stream is None or not stream.can_be_told():
                channel = await self._station.ask("follow", ticket.task_id.lower(), str(_BEHIND_ALL))
                stream = await self._stream(channel, ticket, _BEHIND_ALL)
                if stream is None:
                    return
                del self._streams[_key(ticket)]
            await stream.dismiss()
        except WireError as error:
            raise self._told(error) from error

    async def _following(self, ticket: ScriptTicket, position: int) -> Stream | None:
        """What goes on from the position: the command that runs, or a new one. None: there is no such script."""
        stream = self._streams.get(_key(ticket))
        if stream is not None and stream.is_open and stream.position == position:
            return stream
        if stream is not None:
            stream.close()
        channel = await self._station.ask("follow", ticket.task_id.lower(), str(position))
        return await self._stream(channel, ticket, position)

    async def _stream(self, channel: Channel, ticket: ScriptTicket, position: int) -> Stream | None:
        try:
            if not await accepted(channel):
                channel.close()
                return None
        except BaseException:
            channel.close()
            raise
        if (before := self._streams.get(_key(ticket))) is not None:
            before.close()
        stream = self._streams[_key(ticket)] = Stream(channel, ticket, position, self._clock)
        return stream

    async def _said(self, stream: Stream, answer: Awaitable[ScriptStatusResponseV2]) -> ScriptStatusResponseV2:
        """Leaves the place to others who wait for one; the script is heard again from where it was left."""
        said = await answer
        if said.state is not ProcessState.COMPLETE and self._station.kept.is_crowded:
            stream.close()
        return said

    # -- files

    async def upload(self, remote_path: str, source: DataStream) -> UploadResult:
        result, digest = await self._call(lambda: files.send(self._station, remote_path, source), is_long=True)
        return verified(result, digest, source.length, self.name)

    async def download(self, remote_path: str) -> DataStream | None:
        spool = self._connections.spool
        return await self._call(lambda: files.fetch(self._station, remote_path, spool), is_long=True)

    # -- failures

    async def _call(self, call: Callable[[], Awaitable[T]], *, is_long: bool = False) -> T:
        try:
            return await self._retries.repeat(call, is_long=is_long)
        except Invalid as error:
            raise TaskError(f"{self.name}: {error.message}") from error
        except WireError as error:
            raise self._told(error) from error

    def _told(self, error: WireError) -> TaskError:
        if isinstance(error, StationRefused):
            return TaskError(f"{self.name} ({self._address}) cannot do it: {error.message}")
        layer: Layer = "answer"
        if isinstance(error, CannotConnect | SshRefused):
            layer = error.layer
        elif not isinstance(error, ConnectionLost):
            layer = "connect"
        reason = error.message.removeprefix(f"{self._address} cannot be reached: ")  # it is said once, with the name
        told = f"{self.name} ({self._address}) cannot be reached: {reason} {_ADVICE.get(layer, '')}"
        return MachineUnreachable(told.strip(), layer)


_ADVICE: dict[Layer, str] = {
    "resolve": "Check the target's address and the server's name service.",
    "proxy": "Check the proxy in the target's settings.",
    "connect": "Check that the machine is up, that its SSH server runs, and that no firewall is in between.",
    "protocol": "Check that it is an SSH server that listens there, and that it is not a very old one.",
    "host key": (
        "If the machine got a new key, enter its fingerprint in the target's settings or among the known hosts; if not,"
        " somebody else answers at this address."
    ),
    "sign-in": "Check the account in the target's settings, and whom the SSH server lets in and how.",
    "shell": "The account needs a shell that runs commands, a home that it can write to, and no forced command.",
}


def _key(ticket: ScriptTicket) -> str:
    return ticket.task_id.lower()


def _unknown(ticket: ScriptTicket) -> ScriptStatusResponseV2:
    return ScriptStatusResponseV2(ticket, ProcessState.COMPLETE, int(ExitCode.UNKNOWN_TICKET))
