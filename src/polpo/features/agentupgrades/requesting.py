"""Asking for updates of agents: of machines that a person names, of a group of them, or of all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from polpo.engine import Engine, server_task
from polpo.engine.tables import task_place
from polpo.engine.tasks import COMPLETED
from polpo.features.machines.requesting import require_on, task_about
from polpo.features.machines.resource import Machine
from polpo.features.machines.wishing import CheckWish, subjects
from polpo.features.tasks.adhoc import offer
from polpo.kernel.errors import Invalid
from polpo.rest.call import Call
from polpo.rest.permissions import Permission
from polpo.store.session import Session

TASK_KIND = "Upgrade"


def request_upgrade(session: Session, engine: Engine, machines: Sequence[Machine]) -> str:
    """Queues the update of these machines' agents and returns its task's id; they are of one space or of several."""
    arguments = {"MachineIds": [machine.id for machine in machines]}
    return engine.enqueue(session, task_about(machines, TASK_KIND, "Update the agents of", arguments))


def open_upgrades(session: Session, machine_ids: Sequence[str]) -> dict[str, str]:
    """For each machine whose update is queued or goes on, the id of its task."""
    joined = server_task.join(task_place, task_place.c.task_id == server_task.c.id)
    where = (server_task.c.kind == TASK_KIND, server_task.c.state.not_in(COMPLETED))
    found = sa.select(task_place.c.place, server_task.c.id).select_from(joined).where(*where)
    wanted = set(machine_ids)
    return {row.place: row.id for row in session.connection.execute(found) if row.place in wanted}


def start_upgrade(call: Call, arguments: Mapping[str, Any]) -> str:
    """An update that a person asked for: of `MachineIds`, of an environment or a worker pool, or of every agent."""
    wish = CheckWish.of(arguments)
    machines = subjects(call.session, call.space_id, wish)
    if missing := set(wish.ids) - {machine.id for machine in machines}:
        raise Invalid(f"MachineIds names the machine '{min(missing)}', which does not exist.")
    agents = [machine for machine in machines if machine.endpoint.is_tentacle and not machine.is_disabled]
    if not agents:
        raise Invalid("There is no enabled machine with an agent among them, so there is nothing to update.")
    require_on(call, agents, Permission.MACHINE_EDIT, Permission.WORKER_EDIT)
    return request_upgrade(call.session, call.parts.get(Engine), agents)


offer(TASK_KIND, "Update agents", start_upgrade)
