"""The tasks about one machine."""

from __future__ import annotations

from polpo.engine import server_task
from polpo.features.machines.resource import Machine
from polpo.features.tasks.resource import Task
from polpo.features.tasks.service import list_tasks
from polpo.rest.answers import Page
from polpo.rest.call import Call

TASKS_QUERY = ("skip", "take", "type")


def tasks_of(call: Call, machine: Machine) -> Page[Task]:
    """Newest first; `type` names kinds of task. Tasks about many machines at once are not a machine's own."""
    where = [server_task.c.subject_id == machine.id]
    if kinds := call.texts("type"):
        where.append(server_task.c.kind.in_(kinds))
    items, total = list_tasks(call.session, where, call.paging)
    return Page(items, total, call.paging, "Task")
