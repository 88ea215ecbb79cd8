"""Health checks: connect to machines, ask what they are, run their policy's script, and keep what was found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from polpo.engine import Engine, LogNode, NewTask, TaskRun, together
from polpo.features.machinepolicies.resource import MACHINE_POLICIES, MachinePolicy, MachineScriptPolicy
from polpo.features.machines.addressing import address_of
from polpo.features.machines.health import ConnectionLogLine, record_health
from polpo.features.machines.resource import MACHINES, HealthStatus, Machine
from polpo.features.machines.service import in_environments, machine_kinds, machines_by_ids
from polpo.features.tasks.adhoc import offer
from polpo.kernel.errors import AppError, Invalid, TaskError
from polpo.rest.call import Call
from polpo.rest.collection import Filter
from polpo.steps.console import Console
from polpo.steps.places import Places
from polpo.steps.remote import Outcome, Script, run_script
from polpo.store.database import Database
from polpo.store.kinds import Kind
from polpo.store.session import Session, Where

TASK_KIND = "Health"
_PARALLEL = 20
_NAMED = 10
_FACT = "polpo-fact"
_FACTS = {"operating_system", "operating_system_version", "architecture", "shell_name", "shell_version"}

_SCRIPT = """\
coded() { printf %s "$1" | base64 | tr -d '\\n'; }
fact() { echo "##octopus[polpo-fact name='$(coded "$1")' value='$(coded "$2")']"; }
fact operating_system "$(uname -s)"
fact operating_system_version "$( (. /etc/os-release 2> /dev/null && printf %s "$PRETTY_NAME") || uname -r)"
fact architecture "$(uname -m)"
fact shell_name bash
fact shell_version "${BASH_VERSION:-}"
fact agent_version "${TentacleVersion:-}"
if ! command -v python3 > /dev/null 2>&1; then
  echo "##octopus[stdout-warning]"
  echo "python3 (3.8 or newer) was not found: steps that use the runner cannot work here."
  echo "##octopus[stdout-default]"
fi
free=$(df -Pk "${TentacleHome:-.}" | awk 'NR == 2 {print int($4 / 1024)}')
echo "Free space where the agent works: $free MB."
if [ "${free:-0}" -lt 500 ]; then
  echo "##octopus[stdout-warning]"
  echo "Less than 500 MB are free."
  echo "##octopus[stdout-default]"
fi
"""


class Finding(msgspec.Struct):
    status: HealthStatus
    summary: str
    facts: dict[str, str] = {}
    agent_version: str | None = None


def request_check(session: Session, engine: Engine, space_id: str, machines: Sequence[Machine]) -> str:
    """Queues a health check of the targets and returns its task's id."""
    names = ", ".join(machine.name for machine in machines[:3])
    more = f" and {len(machines) - 3} more" if len(machines) > 3 else ""
    wish = NewTask(
        kind=TASK_KIND,
        description=f"Check the health of {names}{more}",
        space_id=space_id,
        arguments={"MachineIds": [machine.id for machine in machines]},
        subject_id=machines[0].id if len(machines) == 1 else None,
    )
    return engine.enqueue(session, wish)


def check_when_new(call: Call, machine: Machine) -> None:
    """A new machine is checked at once, unless it asks not to be."""
    if machine.endpoint.is_tentacle and not machine.skip_initial_health_check:
        request_check(call.session, call.parts.get(Engine), call.space, [machine])


#: Arguments that name a group of machines: their kind, and what narrows it. Features add theirs.
groups: dict[str, tuple[Kind[Any], Filter]] = {"EnvironmentId": (MACHINES, in_environments)}


def _ids(given: object) -> list[str]:
    if not isinstance(given, list):
        sentence = "Arguments.MachineIds must be a list of ids."
        raise Invalid(sentence, [sentence])
    return [str(identity) for identity in given]


def start_check(call: Call, arguments: Mapping[str, Any]) -> str:
    """A health check that a person asked for: of `MachineIds`, of a group of machines, or of every target."""
    ids = _ids(arguments.get("MachineIds") or [])
    if ids:
        machines = [one for kind in machine_kinds for one in _of_space(call, kind, kind.table.c.id.in_(ids))]
    else:
        machines = [one for one in _grouped(call, arguments) if not one.is_disabled]
    missing = set(ids) - {machine.id for machine in machines}
    if missing:
        raise Invalid(f"MachineIds names the machine '{min(missing)}', which does not exist.")
    if not machines:
        raise Invalid("There is no enabled machine to be checked.")
    return request_check(call.session, call.parts.get(Engine), machines[0].space_id, machines)


def _grouped(call: Call, arguments: Mapping[str, Any]) -> list[Machine]:
    for argument, (kind, narrow) in groups.items():
        if identity := arguments.get(argument):
            return _of_space(call, kind, narrow(call.session, [str(identity)]))
    return _of_space(call, MACHINES)


def _of_space(call: Call, kind: Kind[Any], *where: Where) -> list[Machine]:
    scoped = [kind.table.c.space_id == call.space_id] if call.space_id else []
    return call.session.all(kind, *scoped, *where)


offer(TASK_KIND, "Health check", start_check)


@dataclass(frozen=True)
class Place:
    """Where in a task's run a machine is checked: its scripts are named by key and attempt."""

    run: TaskRun
    node: LogNode
    key: str
    attempt: int = 1


class HealthTask:
    """The run function of health checks."""

    def __init__(self, database: Database, places: Places) -> None:
        self._database = database
        self._places = places

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
        is_well = finding.status in {"Healthy", "HasWarnings"}
        run.log.once(f"told/{machine.id}", node, "Info" if is_well else "Error", finding.summary)
        node.status({"Healthy": "Success", "HasWarnings": "SuccessWithWarning"}.get(finding.status, "Failed"))  # type: ignore[arg-type]
        return machine.name, None if is_well else finding.summary

    async def find(
        self, place: Place, machine: Machine, policy: MachinePolicy, *, connection_only: bool = False
    ) -> Finding:
        """Checks a machine and keeps what was found."""
        only = connection_only or policy.machine_health_check_policy.health_check_type == "OnlyConnectivity"
        finding = await self._ask(place, machine, policy, connection_only=only)
        category = "Info" if finding.status in {"Healthy", "HasWarnings"} else "Error"

        def keep(session: Session) -> None:
            if not machines_by_ids(session, [machine.id]):
                return
            line = ConnectionLogLine(
                category=category,  # type: ignore[arg-type]
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

    async def _ask(self, place: Place, machine: Machine, policy: MachinePolicy, *, connection_only: bool) -> Finding:
        run, node = place.run, place.node
        console = Console(node, run.masker)
        try:
            transport = self._places.reach(address_of(machine, policy), node.verbose)
            capabilities = await transport.capabilities()
            node.verbose(f"It answers and offers {', '.join(capabilities)}.")
            if connection_only:
                return Finding("Healthy", "The machine answers.")
            own = _own_script(policy.machine_health_check_policy.bash_health_check_policy)
            script = Script(bash=_SCRIPT + own, alone=False, mutex="PolpoHealth")
            outcome = await run_script(run, transport, console, place.key, script, place.attempt)
        except AppError as error:
            return Finding("Unavailable", error.message)
        return _judge(outcome)


def _unusable(failed: Mapping[str, str], checked: int) -> str:
    if len(failed) == 1:
        [(name, why)] = failed.items()
        return why if name in why else f"{name}: {why}"
    named = ", ".join(list(failed)[:_NAMED])
    more = f" and {len(failed) - _NAMED} more" if len(failed) > _NAMED else ""
    return f"{len(failed)} of {checked} machines cannot be used: {named}{more}; the log says why."


def _own_script(policy: MachineScriptPolicy) -> str:
    return f"\n{policy.script_body}\n" if policy.run_type == "Inline" and policy.script_body else ""


def _judge(outcome: Outcome) -> Finding:
    facts = {one["name"]: one["value"] for name, one in outcome.console.found if name == _FACT and "name" in one}
    version = facts.get("agent_version") or None
    if outcome.exit_code:
        text = outcome.console.failure or f"The health check's script ended with exit code {outcome.exit_code}."
        return Finding("Unhealthy", text, facts, version)
    if outcome.console.has_warnings:
        return Finding("HasWarnings", "The machine answers; the check has warnings.", facts, version)
    return Finding("Healthy", "The machine answers and is well.", facts, version)
