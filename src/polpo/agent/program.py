"""Running an agent: listen, poll, and follow changes of the configuration, until told to stop."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path

import structlog

from polpo.agent.configuration import (
    DEFAULT_PORT,
    DEFAULT_SERVER_PORT,
    AgentConfiguration,
    Instance,
    TrustedServer,
    split_host_port,
)
from polpo.agent.launcher.child import RESTART_CODE
from polpo.agent.page import page_of
from polpo.agent.reporting import Reports, heard
from polpo.agent.services import services_of
from polpo.halibut.connection import Timings
from polpo.halibut.runtime import HalibutRuntime, PollingHandle
from polpo.kernel.errors import AppError, Conflict
from polpo.kernel.logs import configure_logs
from polpo.scripthost.environment import agent_environment, limits_told_by, machine_variables
from polpo.scripthost.host import Limits, ScriptHost

log = structlog.get_logger("polpo.agent")

_LOOK_EVERY = 2.0
# The server repeats a call for two and a half minutes. After a network that was away for a minute, a polling agent must
# be back within that, so it neither tries one connection nor rests between two for long.
_TIMINGS = Timings(connect=20, reconnect_most=20)


class Agent:
    """One instance at work. `start` and `close`; scripts that run live on after `close`.

    `on_call` hears when a server's call was answered.
    """

    def __init__(
        self,
        instance: Instance,
        *,
        timings: Timings = _TIMINGS,
        limits: Limits | None = None,
        on_call: Callable[[], None] = lambda: None,
    ) -> None:
        self.instance = instance
        self.wants_restart = False
        self.identity = instance.identity()
        self._seen = instance.written  # before it is read: what changes from here on is taken over
        self.configuration = instance.read()
        home = instance.home
        applications = Path(self.configuration.applications or home / "Applications")
        environment = {
            **agent_environment(os.environ),
            **machine_variables(home, applications, self.configuration.name),
        }
        limits = limits or limits_told_by(os.environ)
        self.host = ScriptHost(home, environment=environment, limits=limits)
        self._spool = home / "Spool"
        self._runtime = HalibutRuntime(
            self.identity,
            services=heard(services_of(self.host), on_call),
            spool_dir=self._spool,
            timings=timings,
            advice="If it is your server, trust it: polpo agent configure --trust <its thumbprint>.",
            page=page_of(lambda: self.configuration.name, self.identity.thumbprint),
        )
        self._polls: dict[TrustedServer, PollingHandle] = {}
        self.port: int | None = None

    async def start(self) -> None:
        """Conflict when the port is taken."""
        await asyncio.to_thread(_fresh, self._spool)
        await self.host.open()
        await self._follow(self.configuration)
        if self.configuration.listen:
            host, port = split_host_port(self.configuration.listen, DEFAULT_PORT, "The address to listen on")
            try:
                self.port = await self._runtime.listen(host, port)
            except OSError as error:
                raise Conflict(
                    f"The agent cannot listen on {self.configuration.listen}: {error.strerror or error}. "
                    "Choose another address with 'polpo agent configure --listen host:port'."
                ) from error

    async def watch(self, stopped: asyncio.Event) -> None:
        """Takes over what other commands change: trusted and polled servers at once, all else by a new start."""
        while True:
            await asyncio.sleep(_LOOK_EVERY)
            try:
                if (now := self.instance.written) != self._seen:
                    self._seen = now
                    await self.reload()
            except FileNotFoundError:
                continue  # it is being written, or somebody removes the agent
            except Exception:
                log.exception("a change of the configuration could not be taken over")
            if self.wants_restart:
                stopped.set()
                return

    async def reload(self) -> None:
        try:
            await self._take_over(self.instance.read(), self.instance.identity().thumbprint)
        except AppError as error:
            log.error("the configuration is left as it was", reason=error.message)  # noqa: TRY400 - told in words

    async def _take_over(self, configuration: AgentConfiguration, thumbprint: str) -> None:
        if _needs_start(self.configuration, configuration) or thumbprint != self.identity.thumbprint:
            log.info("starts anew to take over what was changed", listen=configuration.listen, thumbprint=thumbprint)
            self.wants_restart = True
            return
        await self._follow(configuration)
        log.info("took over the changed configuration", servers=len(configuration.servers))

    async def _follow(self, configuration: AgentConfiguration) -> None:
        """Invalid for an address that cannot be read; all is left as it was then."""
        polled = {
            server: split_host_port(server.address, DEFAULT_SERVER_PORT, "The server's address")
            for server in configuration.servers
            if server.mode == "polling" and server.address
        }
        self.configuration = configuration
        wanted = {server.thumbprint for server in configuration.servers}
        for thumbprint in self._runtime.trusted - wanted:
            self._runtime.distrust(thumbprint)
        for thumbprint in wanted:
            self._runtime.trust(thumbprint)
        for server in self._polls.keys() - polled.keys():
            await self._polls.pop(server).close()
        for server in polled.keys() - self._polls.keys():
            self._polls[server] = self._runtime.poll(
                *polled[server],
                server.thumbprint,
                server.subscription,
                configuration.polling_connections,
                proxy=configuration.proxy,
            )

    def describe(self) -> str:
        """Where the agent is to be found, in a sentence."""
        configuration = self.configuration
        by = f" through the proxy {configuration.proxy}" if configuration.proxy else ""
        ways = [f"polls {server.address}{by}" for server in configuration.servers if server.mode == "polling"]
        if configuration.listen:
            host, _ = split_host_port(configuration.listen, DEFAULT_PORT, "The address to listen on")
            ways.insert(0, f"listens on {host}:{self.port}")
        does = " and ".join(ways) or "neither listens nor polls: register it, or configure it with --listen"
        return f"The agent '{configuration.name}' {does}; its thumbprint is {self.identity.thumbprint}."

    async def close(self) -> None:
        await self._runtime.close()
        await self.host.close()


async def run(instance: Instance, reports: Reports) -> int:
    """Until SIGTERM or SIGINT, or until a change needs a new start; the exit code.

    Running scripts go on, and the next run attaches to them.
    """
    with instance.alone():
        agent = Agent(instance, on_call=reports.answered)
        stopped = asyncio.Event()
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, stopped.set)
        watching: asyncio.Task[None] | None = None
        try:
            await agent.start()
            watching = asyncio.create_task(agent.watch(stopped), name="configuration")
            sys.stderr.write(f"{agent.describe()}\n")
            sys.stderr.flush()
            reports.ready()
            await stopped.wait()
            log.info("starts anew" if agent.wants_restart else "stops; running scripts go on")
        finally:
            if watching is not None:
                watching.cancel()
                await asyncio.gather(watching, return_exceptions=True)
            await agent.close()
    return RESTART_CODE if agent.wants_restart else 0


def main() -> None:
    """The program as the launcher starts it. Arguments: the agent's folder, and the level of its log."""
    home, level = sys.argv[1:3]
    reports = Reports.from_environment()
    configure_logs(level)
    try:
        code = asyncio.run(run(Instance(Path(home)), reports))
    except AppError as error:
        sys.stderr.write(f"polpo: {error.message}\n")
        code = 1
    sys.exit(code)


def _needs_start(before: AgentConfiguration, after: AgentConfiguration) -> bool:
    """Whether something changed that an agent only takes up when it starts."""
    fixed = ("listen", "applications", "polling_connections", "proxy", "name")
    return any(getattr(before, name) != getattr(after, name) for name in fixed)


def _fresh(spool: Path) -> None:
    """Streams that a dead agent had not finished receiving are of no use."""
    spool.mkdir(parents=True, exist_ok=True, mode=0o700)
    for path in spool.iterdir():
        path.unlink(missing_ok=True)
