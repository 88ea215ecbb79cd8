"""Deleting a project with its history.

A project can have very many deployments, and writes wait for each other. So its history goes in parts, once it is clear
that nothing would refuse the deletion, and then the project with the rest of it as a whole. When the server stops in
between, the project is still there with less of its history, and deleting it once more goes on.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa

from polpo.engine import server_task
from polpo.engine.tasks import COMPLETED
from polpo.features.artifacts.resource import ARTIFACTS
from polpo.features.channels.resource import CHANNELS
from polpo.features.deployments.resource import DEPLOYMENTS
from polpo.features.projects.resource import Project
from polpo.features.releases.resource import RELEASES
from polpo.features.runbookruns.resource import RUNBOOK_RUNS
from polpo.features.runbooks.resource import RUNBOOKS
from polpo.features.runbooksnapshots.resource import RUNBOOK_SNAPSHOTS
from polpo.features.tenants.resource import TENANTS
from polpo.rest.call import Call
from polpo.store.kinds import Kind, kinds, reference
from polpo.store.session import Session

_AT_ONCE = 20
#: In the order in which they go: what refers before what is referred to.
_HISTORY: tuple[Kind[Any], ...] = (DEPLOYMENTS, RUNBOOK_RUNS, RELEASES)
_ITS_OWN = [kind.name for kind in (*_HISTORY, RUNBOOK_SNAPSHOTS, ARTIFACTS, TENANTS)]


async def remove_project(call: Call, project: Project, remove: Callable[[Call], None]) -> None:
    """`remove` deletes the project with what is left of it, or refuses."""
    with call.reading() as reading:
        goes_in_parts = not _is_held(reading.session, project)
    while goes_in_parts and await call.write(lambda here: _remove_part(here.session, project.id)):
        pass
    await call.write(remove)


def _remove_part(session: Session, project_id: str) -> bool:
    """Whether there was something left to be removed."""
    for kind in _HISTORY:
        table = kind.table.c
        oldest = sa.select(table.id).where(table.project_id == project_id).order_by(table.seq).limit(_AT_ONCE)
        if found := session.connection.execute(oldest).scalars().all():
            for identity in found:
                session.delete(kind, identity)
            return True
    return False


def _is_held(session: Session, project: Project) -> bool:
    """Whether deleting would be refused: something is under way, or somebody else names the project or its parts."""
    task = server_task.c
    unended = sa.select(task.id).where(task.project_id == project.id, task.state.not_in(COMPLETED)).limit(1)
    if session.connection.execute(unended).first() is not None:
        return True
    parts = [sa.select(one.table.c.id).where(one.table.c.project_id == project.id) for one in (CHANNELS, RUNBOOKS)]
    named = sa.or_(reference.c.to_id == project.id, *(reference.c.to_id.in_(part) for part in parts))
    users = sa.select(reference.c.from_kind, reference.c.from_id).distinct()
    users = users.where(named, reference.c.from_kind.not_in(_ITS_OWN), reference.c.from_id != project.id)
    return any(
        not _belongs(session.find(kinds[from_kind], from_id), project)
        for from_kind, from_id in session.connection.execute(users).all()
    )


def _belongs(document: Any, project: Project) -> bool:
    return project.id in (getattr(document, "project_id", None), getattr(document, "owner_id", None))
