"""Machines that are reached by SSH, for the tests of this folder."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from openssh import Sshd
from polpo.halibut.contracts import ProcessOutput, ProcessState, ScriptStatusResponseV2, StartScriptCommandV2
from polpo.kernel.clock import Clock
from polpo.transports.following import run_script
from polpo.transports.retries import RetryPolicy
from polpo.transports.ssh.address import Login, SshAddress
from polpo.transports.ssh.pool import SshConnections
from polpo.transports.ssh.transport import SshTransport

#: Patient with connections that break, not with machines that are not there.
POLICY = RetryPolicy(connect=20, connect_tries=2, connect_pause=0.05, connect_seconds=5, rpc_seconds=30)
HOPELESS = replace(POLICY, rpc_seconds=0, connect_tries=1)


class Machines:
    """One SSH server; a test has connections of its own to it. `at` gives the way to one of its machines."""

    def __init__(self, server: Sshd, spool: Path) -> None:
        self.server = server
        self.connections = SshConnections(spool)
        self.notes: list[str] = []

    def address(self, number: int = 0, **changes: Any) -> SshAddress:
        login = Login(self.server.user, private_key=self.server.key.read_bytes())
        known = SshAddress("127.0.0.1", self.server.ports[number], login, self.server.fingerprint())
        return replace(known, **changes)

    def at(
        self, number: int = 0, policy: RetryPolicy = POLICY, clock: Clock | None = None, **changes: Any
    ) -> SshTransport:
        address, told = self.address(number, **changes), self.notes.append
        return SshTransport(self.connections, lambda: address, name="web-1", policy=policy, notify=told, clock=clock)

    def home(self, number: int = 0) -> Path:
        return self.server.homes[number] / ".octopus/OctopusServer"

    def log_of(self, ticket: str, number: int = 0) -> Path:
        return self.home(number) / "Work" / ticket / ".polpo/log"


class Heard:
    """Every line with its source, and the positions in between."""

    def __init__(self) -> None:
        self.said: list[tuple[str, str]] = []
        self.position = 0
        self.arrived = asyncio.Event()

    async def receive(self, lines: Sequence[ProcessOutput], position: int) -> None:
        self.said += [(line.source.name, line.text) for line in lines]
        self.position = position
        if self.of("STDOUT"):
            self.arrived.set()

    def of(self, source: str) -> list[str]:
        return [text for name, text in self.said if name == source]


async def run(transport: SshTransport, command: StartScriptCommandV2) -> tuple[int, Heard]:
    """Exit code and output; the machine forgets the script."""
    heard = Heard()
    async with asyncio.timeout(60):
        outcome = await run_script(transport, command, heard.receive)
        await transport.complete(command.script_ticket)
    return outcome.exit_code, heard


async def ended(transport: SshTransport, command: StartScriptCommandV2, after: int) -> ScriptStatusResponseV2:
    """The last answer, with all lines from the position on."""
    lines: list[ProcessOutput] = []
    async with asyncio.timeout(60):
        while True:
            answer = await transport.status(command.script_ticket, after, wait=5)
            lines += answer.logs
            if answer.state is ProcessState.COMPLETE:
                return replace(answer, logs=tuple(lines))
            after = answer.next_log_sequence
