"""Health checks: connect to machines, ask what they are, run their policy's script, and keep what was found."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import msgspec

from polpo.engine import TaskRun, together
from polpo.engine.log import Status
from polpo.features.machinepolicies.resource import MACHINE_POLICIES, MachinePolicy
from polpo.features.machines.examining import Examination, Finding, Means, Place, checks, examine
from polpo.features.machines.health import ConnectionLogLine, record_health
from polpo.features.machines.healthscript import check_machine
from polpo.features.machines.resource import HealthStatus, Machine
from polpo.features.machines.service import machines_by_ids
from polpo.kernel.errors import TaskError
from polpo.store.session import Session

_PARALLEL = 20
_NAMED = 10
_FACTS = {"operating_system", "operating_system_version", "architecture", "shell_name", "shell_version"}
_TOLD: dict[HealthStatus, Literal["Info", "Warning", "Error"]] = {
    "Healthy": "Info",
    "HasWarnings": "Info",
    "Unknown": "Warning",
    "Unhealthy": "Error",
    "Unavailable": "Error",
}
_SHOWN: dict[HealthStatus, Status] = {
    "Healthy": "Success",
    "HasWarnings": "SuccessWithWarning",
    "Unknown": "SuccessWithWarning",
    "Unhealthy": "Failed",
    "Unavailable": "Failed",
}

#: Machines that run scripts themselves.
checks.update(dict.fromkeys(("TentaclePassive", "TentacleActive", "Ssh", "KubernetesTentacle"), check_machine))


class HealthTask:
    """The run function of health checks."""

    def __init__(self, means: Means) -> None:
        self._means = means
        self._database = means.database

    async def __call__(self, run: TaskRun) -> None:
        ids = [str(identity) for identity in run.task.arguments["MachineIds"]]
        with self._database.read() as session:
            known = machines_by_ids(session, ids)
            policies = session.by_ids(MACHINE_POLICIES, {machine.machine_policy_id for machine in known.values()})
        checks = [
            self._check(run, known[identity], policies.get(known[identity].machine_policy_id) or MachinePolicy())
            for identity in ids
            if identity in known
        ]
        results = await together(*checks, limit=_PARALLEL)
        for result in results:
            if isinstance(result, Exception):
                raise result
        if failed := {name: why for name, why in results if why is not None}:
            raise TaskError(_unusable(failed, len(results)), list(failed.values()))

    async def _check(self, run: TaskRun, machine: Machine, policy: MachinePolicy) -> tuple[str, str | None]:
        """The target's name, and why it cannot be used if it cannot."""
        node = run.log.node(f"check/{machine.id}", machine.name)
        node.status("Running")
        place = Place(run, node, f"check/{machine.id}")
        raw = await run.activity(place.key, self.find, place, machine, policy)
        finding = msgspec.convert(raw, Finding)
        run.log.once(f"told/{machine.id}", node, _TOLD[finding.status], finding.summary)
        node.status(_SHOWN[finding.status])
        return machine.name, finding.summary if finding.is_bad else None

    async def find(
        self, place: Place, machine: Machine, policy: MachinePolicy, *, connection_only: bool = False
    ) -> Finding:
        """Checks a machine and keeps what was found."""
        only = connection_only or policy.machine_health_check_policy.health_check_type == "OnlyConnectivity"
        finding = await examine(Examination(place, machine, policy, self._means, only))

        def keep(session: Session) -> None:
            if not machines_by_ids(session, [machine.id]):
                return
            line = ConnectionLogLine(
                category=_TOLD[finding.status],
                occurred_at=session.clock.now(),
                message_text=finding.summary,
            )
            facts = {name: text for name, text in finding.facts.items() if name in _FACTS}
            version = finding.agent_version
            record_health(
                session, machine.id, finding.status, finding.summary, [line], agent_version=version, facts=facts
            )

        await self._database.write(keep)
        return finding


def _unusable(failed: Mapping[str, str], checked: int) -> str:
    if len(failed) == 1:
        [(name, why)] = failed.items()
        return why if name in why else f"{name}: {why}"
    named = ", ".join(list(failed)[:_NAMED])
    more = f" and {len(failed) - _NAMED} more" if len(failed) > _NAMED else ""
    return f"{len(failed)} of {checked} machines cannot be used: {named}{more}; the log says why."
