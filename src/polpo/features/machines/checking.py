"""Health checks: connect to machines, ask what they are, run their policy's script, and keep what was found."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Literal

import msgspec

from polpo.engine import TaskRun, together
from polpo.engine.log import HeardNode, Status
from polpo.features.deployments.timing import FINDING, in_time
from polpo.features.machinepolicies.resource import MACHINE_POLICIES, MachinePolicy
from polpo.features.machinepolicies.service import with_scripts
from polpo.features.machines.cleaning import CleanUp
from polpo.features.machines.clusterchecks import (
    LOOKED_AT,
    UNASKED,
    check_agent_inside,
    leave_unknown,
    look_from_worker,
)
from polpo.features.machines.examining import Examination, Finding, Means, Place, checks, examine
from polpo.features.machines.health import ConnectionLogLine, record_health
from polpo.features.machines.healthscript import check_machine
from polpo.features.machines.resource import HealthStatus, Machine
from polpo.features.machines.service import machines_by_ids
from polpo.features.machines.wishing import MACHINE_TIME, CheckWish, subjects
from polpo.kernel.errors import TaskError
from polpo.store.session import Session

#: Machines that are slow to answer, or do not answer, take a place each; the others go on in what is left.
_AT_ONCE = 50
_NAMED = 10
_LINES = 200
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
_CATEGORIES: dict[str, Literal["Verbose", "Info", "Warning", "Error"]] = {
    "Trace": "Verbose",
    "Verbose": "Verbose",
    "Warning": "Warning",
    "Error": "Error",
    "Fatal": "Error",
}

#: The styles of machines that run scripts themselves.
SCRIPTED = ("TentaclePassive", "TentacleActive", "Ssh")
checks.update(dict.fromkeys(SCRIPTED, check_machine))
checks.update({**dict.fromkeys(LOOKED_AT, look_from_worker), **dict.fromkeys(UNASKED, leave_unknown)})
checks["KubernetesTentacle"] = check_agent_inside

#: What else is done for machines that were checked, by their ids; errors end the task.
AfterCheck = Callable[[TaskRun, Sequence[str]], Awaitable[None]]


class _Checked(msgspec.Struct):
    """What became of one machine in a task: what was found, or why nothing was looked for."""

    finding: Finding | None = None
    skipped: str = ""
    is_late: bool = False
    may_be_offline: bool = False


class HealthTask:
    """The run function of health checks."""

    def __init__(self, means: Means, after_check: AfterCheck | None = None) -> None:
        self._after_check = after_check
        self._means = means
        self._database = means.database
        self._clean_up = CleanUp(means.database)
        self._leftovers: set[asyncio.Task[object]] = set()

    async def __call__(self, run: TaskRun) -> None:
        wish = CheckWish.of(run.task.arguments)
        names: dict[str, str] = await run.activity("machines", self._subjects, run, wish, pure=True)
        works = (self._check(run, identity, name, wish) for identity, name in names.items())
        results = await together(*works, limit=_AT_ONCE)
        if self._after_check is not None:
            await self._after_check(run, list(names))
        await self._clean_up(run, list(names))
        for result in results:
            if isinstance(result, Exception):  # none that is foreseen; the other machines have had their due
                raise result
        if failed := {name: why for name, why in zip(names.values(), results, strict=True) if why is not None}:
            raise TaskError(_unusable(failed, len(results)), list(failed.values()))

    async def _subjects(self, run: TaskRun, wish: CheckWish) -> dict[str, str]:
        with self._database.read() as session:
            return {machine.id: machine.name for machine in subjects(session, run.task.space_id, wish)}

    # -- one machine of a task

    async def _check(self, run: TaskRun, machine_id: str, name: str, wish: CheckWish) -> str | None:
        """Why the machine cannot be used, if it cannot."""
        node = run.log.node(f"check/{machine_id}", name)
        node.enter()
        place = Place(run, node, f"check/{machine_id}")
        checked = msgspec.convert(await run.activity(place.key, self._checked, place, machine_id, wish), _Checked)
        category, text, status, why = _verdict(checked)
        run.log.once(f"told/{machine_id}", node, category, text)
        node.status(status)
        return why

    async def _checked(self, place: Place, machine_id: str, wish: CheckWish) -> _Checked:
        left = _seconds_left(place.run, wish)
        if left <= 0:
            return _Checked(skipped="The time of the whole check was up before its turn came.", is_late=True)
        with self._database.read() as session:
            machine = machines_by_ids(session, [machine_id]).get(machine_id)
            policy = policy_of(session, machine) if machine else None
        if machine is None or policy is None:
            return _Checked(skipped="It was deleted in the meantime.")
        if machine.is_disabled:
            return _Checked(skipped="It is disabled, so it is not checked.")
        seconds = min(left, wish.machine_time.total_seconds())
        finding = await self.find(place, machine, policy, connection_only=wish.connection_only, seconds=seconds)
        behaviour = policy.machine_connectivity_policy.machine_connectivity_behavior
        is_tolerated = finding.status == "Unavailable" and behaviour == "MayBeOfflineAndCanBeSkipped"
        return _Checked(finding, may_be_offline=is_tolerated)

    # -- one machine, wherever it is checked

    async def find(
        self,
        place: Place,
        machine: Machine,
        policy: MachinePolicy,
        *,
        connection_only: bool = False,
        seconds: float = MACHINE_TIME.total_seconds(),
    ) -> Finding:
        """Checks a machine by its policy, as `policy_of` gives it, and keeps what was found; `seconds` it may take."""
        only = connection_only or policy.machine_health_check_policy.health_check_type == "OnlyConnectivity"
        heard = place.node.listened_to(_LINES)
        finding = await self._examine(
            Examination(replace(place, node=heard), machine, policy, self._means, only), seconds
        )
        finding.summary = place.run.masker.mask(finding.summary)  # it is kept with the machine, beside the task's log
        await self._database.write(lambda session: _keep(session, machine.id, finding, heard))
        return finding

    async def _examine(self, examination: Examination, seconds: float) -> Finding:
        place, over = examination.place, examination.over
        left = max(seconds, FINDING) if place.run.resumed else seconds
        time = timedelta(seconds=seconds)
        try:
            return await in_time(examine(examination), "The check", time, left, over, self._leftovers)
        except TaskError as error:
            if place.is_broken_off:
                raise
            return Finding("Unhealthy" if examination.answered.is_set() else "Unavailable", error.message)


def _seconds_left(run: TaskRun, wish: CheckWish) -> float:
    if wish.time is None or run.task.started is None:
        return float("inf")
    return (run.task.started + wish.time - run.log.clock.now()).total_seconds()


def _verdict(checked: _Checked) -> tuple[Literal["Info", "Warning", "Error"], str, Status, str | None]:
    """The line about a machine, how its place in the log ends, and why it cannot be used, if it cannot."""
    finding = checked.finding
    if finding is None:
        return "Warning", checked.skipped, "Skipped", checked.skipped if checked.is_late else None
    if checked.may_be_offline:
        return "Info", f"{finding.summary} By its policy it may be offline, so this is no failure.", "Skipped", None
    return _TOLD[finding.status], finding.summary, _SHOWN[finding.status], finding.summary if finding.is_bad else None


def policy_of(session: Session, machine: Machine) -> MachinePolicy:
    """The policy of the machine with the scripts that hold for it."""
    policy = session.find(MACHINE_POLICIES, machine.machine_policy_id)
    return MachinePolicy() if policy is None else with_scripts(session, policy)


def _keep(session: Session, machine_id: str, finding: Finding, heard: HeardNode) -> None:
    if not machines_by_ids(session, [machine_id]):
        return
    now = session.clock.now()
    lines = [
        ConnectionLogLine(
            category=_CATEGORIES.get(one.category, "Info"),
            occurred_at=one.occurred or now,
            message_text=one.text,
            detail=one.detail,
        )
        for one in heard.heard
    ]
    lines.append(ConnectionLogLine(category=_TOLD[finding.status], occurred_at=now, message_text=finding.summary))
    facts = {name: text for name, text in finding.facts.items() if name in _FACTS}
    record_health(
        session,
        machine_id,
        finding.status,
        finding.summary,
        lines,
        agent=finding.agent,
        facts=facts,
        has_runner=finding.has_runner,
    )


def _unusable(failed: Mapping[str, str], checked: int) -> str:
    if len(failed) == 1:
        [(name, why)] = failed.items()
        return why if name in why else f"{name}: {why}"
    named = ", ".join(list(failed)[:_NAMED])
    more = f" and {len(failed) - _NAMED} more" if len(failed) > _NAMED else ""
    return f"{len(failed)} of {checked} machines cannot be used: {named}{more}; the log says why."
