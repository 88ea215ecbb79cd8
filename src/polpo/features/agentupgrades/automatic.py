"""After a health check: what it found out about old agents is told, and they are updated where their policy says so."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from polpo.engine import Engine, TaskRun
from polpo.features.agentupgrades.requesting import open_upgrades, request_upgrade
from polpo.features.machinepolicies.resource import MACHINE_POLICIES
from polpo.features.machines.agentversions import is_outdated
from polpo.features.machines.resource import Machine
from polpo.features.machines.service import machines_by_ids
from polpo.store.database import Database
from polpo.store.session import Session
from polpo.version import __version__

_REACHED = {"Healthy", "HasWarnings", "Unhealthy"}


class OldAgents:
    """Looks at machines that were just checked. One task updates all of them that are to be updated and wait for none.

    An update that has not ended is not asked for again, whoever asked first: another check, or this one before a crash.
    """

    def __init__(self, database: Database, engine: Engine) -> None:
        self._database = database
        self._engine = engine

    async def __call__(self, run: TaskRun, machine_ids: Sequence[str]) -> None:
        found = await run.activity("agents", self._queue, list(machine_ids))
        for machine_id, text in found.items():
            node = run.log.node(f"check/{machine_id}", machine_id)
            run.log.once(f"agent/{machine_id}", node, "Info", text)

    async def _queue(self, machine_ids: list[str]) -> dict[str, str]:
        """A sentence for each machine with an old agent."""
        with self._database.read() as session:
            is_needed = bool(_outdated(session, machine_ids))
        return await self._database.write(lambda session: self._queued(session, machine_ids)) if is_needed else {}

    def _queued(self, session: Session, machine_ids: list[str]) -> dict[str, str]:
        outdated = _outdated(session, machine_ids)
        policies = session.by_ids(MACHINE_POLICIES, {machine.machine_policy_id for machine in outdated})
        wanted = [one for one in outdated if _is_updated_by(policies.get(one.machine_policy_id))]
        tasks = open_upgrades(session, [machine.id for machine in wanted])
        if new := [machine for machine in wanted if machine.id not in tasks]:
            tasks |= dict.fromkeys([machine.id for machine in new], request_upgrade(session, self._engine, new))
        return {machine.id: _told(machine, tasks.get(machine.id, "")) for machine in outdated}


def _outdated(session: Session, machine_ids: list[str]) -> list[Machine]:
    machines = machines_by_ids(session, machine_ids).values()
    return [one for one in machines if one.health_status in _REACHED and not one.is_disabled and is_outdated(one)]


def _is_updated_by(policy: Any) -> bool:
    return policy is not None and policy.machine_update_policy.tentacle_update_behavior == "Update"


def _told(machine: Machine, task_id: str) -> str:
    details = machine.endpoint.tentacle_version_details
    version = details.version if details else ""
    what = f"Its agent has the version {version}; this server brings {__version__}."
    if task_id:
        return f"{what} Its policy says that agents are updated, which the task {task_id} does."
    return f"{what} Its policy leaves updates to people: start a task 'Upgrade' for it."
