"""Asking for a script to be run once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from polpo.engine import Engine, NewTask
from polpo.features.adhocscripts.choosing import machines_for
from polpo.features.adhocscripts.wanted import Wanted, opened, refuse_nothing, sealed, secret_of, template_of
from polpo.features.deployments.staffing import WORKER_STYLES
from polpo.features.machines.requesting import require_on
from polpo.features.machines.resource import DeploymentTarget, Machine
from polpo.features.machines.service import machines_by_ids
from polpo.features.spaces.resource import SPACES
from polpo.features.tasks.adhoc import DESCRIPTION, SEALED, offer
from polpo.features.workers.hosting import is_done_here
from polpo.kernel.errors import AppError, Invalid, TaskError
from polpo.rest.binding import convert
from polpo.rest.call import Call
from polpo.rest.permissions import Permission
from polpo.store.documents import SensitiveValue

TASK_KIND = "AdHocScript"
_NAMED = 3


def start_script(call: Call, arguments: Mapping[str, Any]) -> str:
    """Queues the task; refuses what cannot be run at all, before anybody waits for it."""
    wanted = convert(Wanted, {key: value for key, value in arguments.items() if key not in {DESCRIPTION, SEALED}})
    space_id = _space(call)
    refuse_nothing(wanted)
    template = template_of(call.session, space_id, wanted)
    named = machines_by_ids(call.session, [*(wanted.machine_ids or ()), *(wanted.worker_ids or ())]).values()
    here = [machine for machine in named if machine.space_id == space_id]
    require_on(call, here, Permission.MACHINE_EDIT, Permission.WORKER_EDIT)  # before any fault tells their names
    try:
        machines = machines_for(call.session, space_id, wanted)
    except TaskError as error:
        raise Invalid(error.message, [error.message]) from error
    _refuse_unpermitted(call, machines)
    what = f"the step template {template.name}" if template else f"a {wanted.syntax or 'PowerShell'} script"
    wish = NewTask(
        kind=TASK_KIND,
        description=str(arguments.get(DESCRIPTION) or "").strip() or f"Run {what} on {_names(machines)}",
        space_id=space_id,
        arguments=_stored(call, wanted, arguments.get(SEALED)),
        subject_id=machines[0].id if len(machines) == 1 else None,
        places=[machine.id for machine in machines],
    )
    return call.parts.get(Engine).enqueue(call.session, wish)


def _space(call: Call) -> str:
    if call.space_id is not None:
        return call.space_id
    default = call.session.first(SPACES, SPACES.table.c.is_default)
    if default is None:
        raise Invalid("There is no default space; start the script below /api/{space}/tasks.")
    return default.id


def _refuse_unpermitted(call: Call, machines: Sequence[Machine]) -> None:
    """A script can do on a machine whatever its owner can; on the server, whatever an administrator can.

    That goes by where it runs: what workers do for a target, or the server for want of any, needs the right to them.
    """
    if not machines:
        call.require(Permission.ADMINISTER_SYSTEM)
    for machine in machines:
        if isinstance(machine, DeploymentTarget) and machine.endpoint.communication_style in WORKER_STYLES:
            is_here = is_done_here(call.session, machine)
            needed = Permission.ADMINISTER_SYSTEM if is_here else Permission.WORKER_EDIT
            call.require(needed, space_id=machine.space_id)
    require_on(call, machines, Permission.MACHINE_EDIT, Permission.WORKER_EDIT)


def _names(machines: Sequence[Machine]) -> str:
    if not machines:
        return "the server"
    more = f" and {len(machines) - _NAMED} more" if len(machines) > _NAMED else ""
    return ", ".join(machine.name for machine in machines[:_NAMED]) + more


def _stored(call: Call, wanted: Wanted, before: object) -> dict[str, Any]:
    """The arguments as they are kept and shown; secrets are sealed apart, where nobody is shown them.

    `before` are those of the task that is repeated.
    """
    secrets = _opened(call, before) if before else {}
    for name, value in (wanted.properties or {}).items():
        if (text := secret_of(value)) is not None:
            secrets[name] = text
            wanted.properties = {**(wanted.properties or {}), name: SensitiveValue(has_value=True)}
    kept: dict[str, Any] = {key: value for key, value in msgspec.to_builtins(wanted).items() if value is not None}
    if secrets:
        kept[SEALED] = sealed(call.session, secrets)
    return kept


def _opened(call: Call, before: object) -> dict[str, str]:
    try:
        return opened(call.session, str(before))
    except AppError as error:
        raise Invalid(f"{SEALED} is not what this server has sealed; write the secrets into Properties.") from error


offer(TASK_KIND, "Run a script", start_script, takes_description=True)
