"""Asking for health checks: of a machine that is new, of those that a person names, of a whole group of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from polpo.engine import Engine, NewTask
from polpo.features.machines.examining import checks
from polpo.features.machines.resource import ALWAYS_HEALTHY, MACHINES, Machine
from polpo.features.machines.service import in_environments, machine_kinds
from polpo.features.tasks.adhoc import offer
from polpo.kernel.errors import Invalid
from polpo.rest.call import Call
from polpo.rest.collection import Filter
from polpo.store.kinds import Kind
from polpo.store.session import Session, Where

TASK_KIND = "Health"


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
    style = machine.endpoint.communication_style
    if style in checks and style not in ALWAYS_HEALTHY and not machine.skip_initial_health_check:
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
