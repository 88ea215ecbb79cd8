"""Asking for health checks: of a machine that is new, of those that a person names, of a whole group of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from polpo.engine import Engine, NewTask
from polpo.features.machines.examining import checks
from polpo.features.machines.resource import ALWAYS_HEALTHY, DeploymentTarget, Machine
from polpo.features.machines.wishing import CheckWish, subjects
from polpo.features.tasks.adhoc import offer
from polpo.kernel.errors import Invalid
from polpo.rest.call import Call
from polpo.rest.permissions import Permission
from polpo.store.session import Session

TASK_KIND = "Health"
_NAMED = 3


def request_check(session: Session, engine: Engine, machines: Sequence[Machine], arguments: Mapping[str, Any]) -> str:
    """Queues a health check and returns its task's id. `machines` are those that the arguments mean by now."""
    return engine.enqueue(session, task_about(machines, TASK_KIND, "Check the health of", arguments))


def task_about(machines: Sequence[Machine], kind: str, does: str, arguments: Mapping[str, Any]) -> NewTask:
    """A task on machines of one space or of several; `does` begins its description, which goes on with their names."""
    names = ", ".join(machine.name for machine in machines[:_NAMED])
    more = f" and {len(machines) - _NAMED} more" if len(machines) > _NAMED else ""
    spaces = {machine.space_id for machine in machines}
    return NewTask(
        kind=kind,
        description=f"{does} {names}{more}",
        space_id=spaces.pop() if len(spaces) == 1 else None,
        arguments=arguments,
        subject_id=machines[0].id if len(machines) == 1 else None,
        places=[machine.id for machine in machines],
    )


def check_when_new(call: Call, machine: Machine) -> None:
    """A new machine is checked at once, unless it asks not to be."""
    style = machine.endpoint.communication_style
    if (
        style in checks
        and style not in ALWAYS_HEALTHY
        and not (machine.skip_initial_health_check or machine.is_disabled)
    ):
        request_check(call.session, call.parts.get(Engine), [machine], {"MachineIds": [machine.id]})


def require_on(call: Call, machines: Iterable[Machine], of_targets: Permission, of_workers: Permission) -> None:
    """Refuses unless the caller may start tasks about each of the machines, and has the right to it besides."""
    for machine in machines:
        place, right = {}, of_workers
        if isinstance(machine, DeploymentTarget):
            place, right = {"environment_id": machine.environment_ids, "tenant_id": machine.tenant_ids}, of_targets
        for needed in dict.fromkeys((right, Permission.TASK_CREATE)):  # the same one is refused each time
            call.require(needed, space_id=machine.space_id, **place)


def start_check(call: Call, arguments: Mapping[str, Any]) -> str:
    """A health check that a person asked for: of `MachineIds`, of a group of machines, or of all."""
    wish = CheckWish.of(arguments)
    machines = subjects(call.session, call.space_id, wish)
    missing = set(wish.ids) - {machine.id for machine in machines}
    if missing:
        raise Invalid(f"MachineIds names the machine '{min(missing)}', which does not exist.")
    if all(machine.is_disabled for machine in machines):
        raise Invalid("There is no enabled machine to be checked.")
    require_on(call, machines, Permission.TASK_CREATE, Permission.TASK_CREATE)
    given = {name: value for name, value in arguments.items() if value is not None}
    return request_check(call.session, call.parts.get(Engine), machines, given)


offer(TASK_KIND, "Health check", start_check)
