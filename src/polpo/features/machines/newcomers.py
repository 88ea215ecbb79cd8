"""The first check of machines that were registered before they could answer: it is done when they do.

A machine that is registered with `SkipInitialHealthCheck` and was never checked is looked for: at first every few
seconds, then ever more rarely, and no more after a day, when the schedule of its policy has long taken over. Every node
looks: an agent that polls may answer at one of them only.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from polpo.engine import Engine, together
from polpo.engine.rounds import Rounds
from polpo.features.machinepolicies.resource import MACHINE_POLICIES, MachinePolicy
from polpo.features.machines.addressing import address_of
from polpo.features.machines.health import kind_of
from polpo.features.machines.requesting import request_check
from polpo.features.machines.resource import Machine
from polpo.features.machines.service import machine_kinds, machines_by_ids
from polpo.kernel.clock import Clock
from polpo.kernel.errors import AppError
from polpo.steps.places import MachineAddress, Places
from polpo.store.database import Database
from polpo.store.session import Session

_AT_ONCE = 20
_FIRST_WAIT, _GROWTH, _LONGEST_WAIT = 1.0, 1.2, 60.0
_GIVE_UP_AFTER = 24 * 3600.0
_CONNECT_SECONDS, _COLLECT_SECONDS = 5.0, 2.0
_STYLES = ("TentaclePassive", "TentacleActive")


@dataclass
class _Watched:
    """Since when we look for a machine, when next, and how long we wait after that; monotonic seconds."""

    since: float
    next: float
    wait: float = _FIRST_WAIT


class Newcomers(Rounds):
    """Machines that answer for the first time are checked."""

    PAUSE = 1.0

    def __init__(self, database: Database, engine: Engine, places: Places, clock: Clock) -> None:
        super().__init__()
        self._database = database
        self._engine = engine
        self._places = places
        self._clock = clock
        self._watched: dict[str, _Watched] = {}

    async def round(self) -> None:
        """Looks for those whose turn it is."""
        with self._database.read() as session:
            known = {machine.id: machine for machine in _unchecked(session)}
            policies = session.by_ids(MACHINE_POLICIES, {one.machine_policy_id for one in known.values()})
        due = self._due(known)
        addresses = [_impatient(known[one], policies.get(known[one].machine_policy_id)) for one in due]
        answered = await together(*(self._answers(address) for address in addresses), limit=_AT_ONCE)
        found = [identity for identity, answers in zip(due, answered, strict=True) if answers is True]
        if found:
            await self._database.write(lambda session: self._request(session, found))

    def _due(self, known: dict[str, Machine]) -> list[str]:
        now = self._clock.monotonic()
        self._watched = {identity: self._watched.get(identity) or _Watched(now, now) for identity in known}
        due = []
        for identity, watched in self._watched.items():
            if watched.next <= now and now - watched.since < _GIVE_UP_AFTER:
                watched.next, watched.wait = now + watched.wait, min(watched.wait * _GROWTH, _LONGEST_WAIT)
                due.append(identity)
        return due

    async def _answers(self, address: MachineAddress) -> bool:
        try:
            await self._places.reach(address).capabilities()
        except AppError:
            return False
        return True

    def _request(self, session: Session, ids: list[str]) -> None:
        """Once: another node may have found the same machine."""
        for machine in machines_by_ids(session, ids).values():
            if _is_unchecked(machine):
                machine.skip_initial_health_check = False
                session.update(kind_of(machine.id), machine)
                request_check(session, self._engine, [machine], {"MachineIds": [machine.id]})


def _unchecked(session: Session) -> list[Machine]:
    found: list[Any] = []
    for kind in machine_kinds:
        c = kind.table.c
        where = (c.health_status == "Unknown", c.communication_style.in_(_STYLES), c.is_disabled.is_(False))
        found += session.all(kind, *where)
    return [machine for machine in found if _is_unchecked(machine)]


def _is_unchecked(machine: Machine) -> bool:
    return machine.skip_initial_health_check and machine.health_status == "Unknown" and not machine.is_disabled


def _impatient(machine: Machine, policy: MachinePolicy | None) -> MachineAddress:
    """One short try: there will be more."""
    address = address_of(machine, policy or MachinePolicy())
    address.connect_tries, address.retry_duration = 1, 0.0
    address.connect_timeout = min(address.connect_timeout, _CONNECT_SECONDS)
    address.collect = min(address.collect, _COLLECT_SECONDS)
    return address
