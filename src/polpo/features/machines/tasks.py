"""The tasks about one machine: deployments to it, runs of runbooks on it, checks of its health, whatever names it."""

from __future__ import annotations

import sqlalchemy as sa

from polpo.engine import server_task
from polpo.engine.tables import task_place
from polpo.features.machines.resource import Machine
from polpo.features.tasks.guarding import visible_tasks
from polpo.features.tasks.resource import Task
from polpo.features.tasks.service import list_tasks
from polpo.rest.answers import Page
from polpo.rest.call import Call

TASKS_QUERY = ("skip", "take", "type")


def tasks_of(call: Call, machine: Machine) -> Page[Task]:
    """Newest first; `type` names kinds of task."""
    named = sa.select(task_place.c.task_id).where(task_place.c.place == machine.id)
    where = [*visible_tasks(call), sa.or_(server_task.c.subject_id == machine.id, server_task.c.id.in_(named))]
    if kinds := call.texts("type"):
        where.append(server_task.c.kind.in_(kinds))
    items, total = list_tasks(call.session, where, call.paging)
    return Page(items, total, call.paging, "Task")
