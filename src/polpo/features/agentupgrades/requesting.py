"""Asking for updates of agents: of machines that a person names, of a group of them, or of all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from polpo.engine import Engine, NewTask, server_task
from polpo.engine.tables import task_place
from polpo.engine.tasks import COMPLETED
from polpo.features.machines.resource import Machine
from polpo.features.machines.wishing import CheckWish, subjects
from polpo.features.tasks.adhoc import offer
from polpo.kernel.errors import Invalid
from polpo.rest.call import Call
from polpo.store.session import Session

TASK_KIND = "Upgrade"
_NAMED = 3


def request_upgrade(session: Session, engine: Engine, machines: Sequence[Machine]) -> str:
    """Queues the update of these machines' agents and returns its task's id; they are of one space or of several."""
    names = ", ".join(machine.name for machine in machines[:_NAMED])
    more = f" and {len(machines) - _NAMED} more" if len(machines) > _NAMED else ""
    spaces = {machine.space_id for machine in machines}
    wish = NewTask(
        kind=TASK_KIND,
        description=f"Update the agents of {names}{more}",
        space_id=spaces.pop() if len(spaces) == 1 else None,
        arguments={"MachineIds": [machine.id for machine in machines]},
        subject_id=machines[0].id if len(machines) == 1 else None,
        places=[machine.id for machine in machines],
    )
    return engine.enqueue(session, wish)


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
    return request_upgrade(call.session, call.parts.get(Engine), agents)


offer(TASK_KIND, "Update agents", start_upgrade)
