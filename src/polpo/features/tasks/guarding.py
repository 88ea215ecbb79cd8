"""Who may see tasks and do something to them: by the project, environment and tenant that each is for.

A task that is for no environment, but about machines, such as a check of their health, concerns their environments.
What belongs to no space is the server's own: that takes the right at the level of the server.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from polpo.engine import TaskRecord, find_task, server_task
from polpo.engine.tables import task_place
from polpo.features.machines.resource import MACHINES
from polpo.rest.authorization import Subject
from polpo.rest.call import Call
from polpo.rest.permissions import Permission
from polpo.rest.protection import Protection, Scoping, Where, by_column
from polpo.store.kinds import reference
from polpo.store.session import Session

_VIEW = Permission.TASK_VIEW
_t = server_task.c


@dataclass(frozen=True)
class PlacedTask:
    """A task with the environments that it concerns."""

    task: TaskRecord
    environment_ids: Sequence[str]

    @property
    def space_id(self) -> str | None:
        return self.task.space_id


def placed(session: Session, task: TaskRecord) -> PlacedTask:
    if task.environment_id is not None:
        return PlacedTask(task, [task.environment_id])
    machines = session.by_ids(MACHINES, places_of(session, task.id))
    return PlacedTask(task, [one for machine in machines.values() for one in machine.environment_ids])


def places_of(session: Session, task_id: str) -> frozenset[str]:
    """The ids of the machines that the task was made about."""
    named = sa.select(task_place.c.place).where(task_place.c.task_id == task_id)
    return frozenset(session.connection.execute(named).scalars())


def _of_machines(environment_ids: Sequence[str]) -> Where:
    inside = sa.select(reference.c.from_id).where(
        reference.c.from_kind == MACHINES.name,
        reference.c.to_kind == "Environments",
        reference.c.to_id.in_(environment_ids),
    )
    return _t.id.in_(sa.select(task_place.c.task_id).where(task_place.c.place.in_(inside)))


TASK_PROTECTION: Protection[PlacedTask] = Protection(
    of=lambda one: {
        "Projects": [one.task.project_id],
        "Environments": one.environment_ids,
        "Tenants": [one.task.tenant_id],
    },
    scopings={
        "Projects": by_column(_t.project_id),
        "Environments": Scoping(
            lambda ids: sa.or_(
                _t.environment_id.in_(ids), sa.and_(_t.environment_id.is_(None), _of_machines(list(ids)))
            ),
            lambda: _t.environment_id.is_(None),
        ),
        "Tenants": by_column(_t.tenant_id),
    },
    space=_t.space_id,
)


def by_task(column: sa.ColumnElement[str]) -> dict[str, Scoping]:
    """The scopings of what belongs to the task that the column names."""
    return {kind: _by_task(column, scoping) for kind, scoping in TASK_PROTECTION.scopings.items()}


def _by_task(column: sa.ColumnElement[str], scoping: Scoping) -> Scoping:
    tasks = sa.select(_t.id)
    return Scoping(
        lambda ids: column.in_(tasks.where(scoping.among(ids))),
        lambda: sa.or_(column == "", column.in_(tasks.where(scoping.none()))),
    )


def subject_of_task(call: Call, task_id: str) -> Subject:
    """What belongs to a task concerns what the task does; without one, nothing but its space."""
    task = find_task(call.session, task_id) if task_id else None
    if task is None:
        return Subject(call.space_id)
    return TASK_PROTECTION.subject(placed(call.session, task), task.space_id)


def guard_task(call: Call, task: TaskRecord, permission: Permission | None = None) -> None:
    """Refuses what the permission, else the route's own, does not reach."""
    call.guard_by(TASK_PROTECTION, placed(call.session, task), permission)


def visible_tasks(call: Call) -> list[Where]:
    """What narrows a list to the tasks that the caller may see: of the space and of the server, or of all spaces."""
    narrowed = call.narrowed(_VIEW, TASK_PROTECTION)
    if call.space_id is None:
        return narrowed
    in_space = _t.space_id == call.space_id
    if not call.rights.decide(_VIEW, Subject()).is_allowed:
        return [in_space, *narrowed]
    if narrowed:
        return [sa.or_(_t.space_id.is_(None), sa.and_(in_space, *narrowed))]
    # Not as an "or" of two conditions: for that, SQLite looks at every task of the space, and sorts them.
    return [sa.func.coalesce(_t.space_id, call.space_id) == call.space_id]


def sees_every_task(call: Call) -> bool:
    """Of the space, or of all that it sees any of: then what is visible does not depend on where machines are."""
    places = call.rights.places(_VIEW) if call.space_id is None else {call.space_id}
    return call.rights.is_everything or all(call.rights.reach(_VIEW, place).is_everywhere for place in places)
