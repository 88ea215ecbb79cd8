"""The check of one machine, by its communication style.

A style is checked by a plain function from an `Examination` to a `Finding`; features add theirs to `checks`. The
function may raise any AppError: then the machine counts as unavailable, for the error's reason.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Protocol

import msgspec

from polpo.engine import LogNode, TaskRun
from polpo.features.machinepolicies.resource import MachinePolicy
from polpo.features.machines.addressing import address_for_check
from polpo.features.machines.resource import ALWAYS_HEALTHY, HealthStatus, Machine, TentacleVersionDetails
from polpo.kernel.errors import AppError, StoreUnavailable
from polpo.runner.archive import RunnerArchive
from polpo.steps.acquire import Delivery, Terms
from polpo.steps.console import Console
from polpo.steps.places import Places
from polpo.steps.remote import Outcome, Script, run_script
from polpo.steps.work import Depot
from polpo.store.database import Database
from polpo.transports.transport import Transport

#: Machines to which the runner is sent at one time.
_SENDING = min(max(2 * (os.cpu_count() or 1), 2), 32)


class Finding(msgspec.Struct):
    """What a check found. `facts` are what the machine said of itself, by name: `operating_system`, `shell_name`…

    `has_runner`: the runner of this server is there; None when that was not looked at.
    """

    status: HealthStatus
    summary: str
    facts: dict[str, str] = {}
    agent: TentacleVersionDetails | None = None
    has_runner: bool | None = None

    @property
    def is_bad(self) -> bool:
        return self.status in {"Unhealthy", "Unavailable"}


@dataclass(frozen=True)
class Place:
    """Where in a task's run a machine is checked: its scripts are named by key and attempt."""

    run: TaskRun
    node: LogNode
    key: str
    attempt: int = 1

    @property
    def is_broken_off(self) -> bool:
        """The server stops, or another one has the task: what fails from now on says nothing about the machine."""
        return self.run.leaving or self.run.lost


class Hosts(Protocol):
    async def host_for(self, place: Place, machine: Machine) -> Transport:
        """The worker that does the work of a machine which runs none itself; TaskError says why there is none."""
        ...


@dataclass(frozen=True)
class Means:
    """What checks are done with."""

    database: Database
    places: Places
    hosts: Hosts
    archive: RunnerArchive
    depot: Depot
    sending: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(_SENDING))


@dataclass(frozen=True)
class Examination:
    """One check of one machine. The scripts of `policy` are those that hold, whether its own or the default policy's.

    `connection_only`: nothing is to be run that could change or burden the machine. `over` is set when its time is up;
    a check sets `answered` as soon as the machine has answered, so that one which then takes too long is told from one
    that is not there.
    """

    place: Place
    machine: Machine
    policy: MachinePolicy
    means: Means
    connection_only: bool = False
    over: asyncio.Event = field(default_factory=asyncio.Event)
    answered: asyncio.Event = field(default_factory=asyncio.Event)

    def reach(self) -> Transport:
        """The way to the machine, with the patience that checks have."""
        return self.means.places.reach(address_for_check(self.machine, self.policy), self.place.node.verbose)

    async def host(self) -> Transport:
        """Where the work of a machine is done that runs none itself: a worker, chosen by the rules of steps."""
        return await self.means.hosts.host_for(self.place, self.machine)

    async def run(self, transport: Transport, script: Script, name: str = "") -> Outcome:
        """Runs a script; `name` tells several of one check apart."""
        place = self.place
        console = Console(place.node, place.run.masker)
        key = f"{place.key}/{name}" if name else place.key
        return await run_script(place.run, transport, console, key, script, place.attempt, time_is_up=self.over.is_set)

    async def bring_runner(self, transport: Transport) -> None:
        """Afterwards the runner is there."""
        place, means = self.place, self.means
        key = f"{place.key}/runner" if place.attempt == 1 else f"{place.key}/runner-{place.attempt}"
        async with means.sending:
            delivery = Delivery(place.run, transport, place.node, key, means.archive, means.depot)
            await delivery.bring([], Terms())


Check = Callable[[Examination], Awaitable[Finding]]

#: By communication style; features add theirs.
checks: dict[str, Check] = {}


async def examine(examination: Examination) -> Finding:
    """Checks the machine by the rules of its style. A style without any is left Unknown."""
    style = examination.machine.endpoint.communication_style
    check = checks.get(style)
    if check is None:
        return Finding("Unknown", f"There is no health check for machines of the style {style}.")
    try:
        return await check(examination)
    except AppError as error:
        if examination.place.is_broken_off or isinstance(error, StoreUnavailable):
            raise
        return Finding("Unavailable", error.message)


async def rest(_examination: Examination) -> Finding:
    """For styles that stand for something which is not reached at all."""
    return Finding("Healthy", "There is nothing to be reached, so it is always healthy.")


checks.update(dict.fromkeys(ALWAYS_HEALTHY, rest))
