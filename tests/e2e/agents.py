"""An agent as a process that a test deploys to."""

from __future__ import annotations

import asyncio
import signal
import sys
from asyncio.subprocess import PIPE, Process
from pathlib import Path

from polpo.agent.configuration import AgentConfiguration, Instance, TrustedServer, new_subscription
from polpo.halibut.certificates import Identity
from polpo.halibut.connection import Timings
from polpo.halibut.runtime import Endpoint, HalibutRuntime
from polpo.transports.agent import AgentTransport
from polpo.transports.retries import RetryPolicy

SERVER = Identity.generate("server")
POLPO = [sys.executable, "-c", "from polpo.cli.main import main; main()"]
PATIENT = RetryPolicy(connect=10, connect_tries=100, connect_pause=0.1, rpc_seconds=60, collect=30)


async def start(*arguments: str) -> Process:
    return await asyncio.create_subprocess_exec(*POLPO, *arguments, stdout=PIPE, stderr=PIPE)


async def tell(*arguments: str) -> tuple[int | None, str, str]:
    """Runs a command to its end: exit code, standard output, standard error."""
    process = await start(*arguments)
    output, errors = await asyncio.wait_for(process.communicate(), 60)
    return process.returncode, output.decode(), errors.decode()


class Target:
    """A machine with an agent that this test process deploys to."""

    def __init__(self, folder: Path, port: int) -> None:
        self.instance = Instance(folder / "agent")
        self.port = port
        self.subscription = new_subscription()
        self.runtime = HalibutRuntime(SERVER, timings=Timings(keep_alive=0.5))
        self.process: Process | None = None
        self.said: list[str] = []

    async def prepare(self, mode: str) -> None:
        thumbprint = self.instance.identity().thumbprint
        if mode == "listening":
            server = TrustedServer(thumbprint=SERVER.thumbprint, mode="listening")
            self.instance.write(AgentConfiguration(name="web-1", listen=f"127.0.0.1:{self.port}", servers=(server,)))
            self.endpoint = Endpoint(f"https://127.0.0.1:{self.port}/", thumbprint)
            return
        self.runtime.trust(thumbprint)
        self.runtime.allow_subscription(self.subscription, thumbprint)
        port = await self.runtime.listen("127.0.0.1", 0)
        server = TrustedServer(
            thumbprint=SERVER.thumbprint,
            mode="polling",
            address=f"127.0.0.1:{port}",
            subscription=self.subscription,
        )
        self.instance.write(AgentConfiguration(name="web-1", servers=(server,)))
        self.endpoint = Endpoint(self.subscription, thumbprint)

    async def start(self, after: str = "") -> None:
        """`after` is in a line that it says first."""
        self.process = await start("agent", "run", "--home", str(self.instance.home))
        assert self.process.stderr is not None
        line = await asyncio.wait_for(self.process.stderr.readline(), 60)
        if after:
            assert after in line.decode()
            line = await asyncio.wait_for(self.process.stderr.readline(), 60)
        assert b"The agent 'web-1'" in line, line + await self.process.stderr.read()

    async def stop(self, number: signal.Signals) -> int:
        assert self.process is not None
        self.process.send_signal(number)
        await asyncio.wait_for(self.process.communicate(), 30)
        return self.process.returncode or 0

    def transport(self) -> AgentTransport:
        return AgentTransport(self.runtime, self.endpoint, name="web-1", policy=PATIENT)
