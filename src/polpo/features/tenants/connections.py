"""Which tenants are connected to which projects and environments."""

from __future__ import annotations

from collections.abc import Iterable

import sqlalchemy as sa

from polpo.features.tenants.resource import TENANTS, Tenant
from polpo.features.tenants.variables import forget_project
from polpo.store.kinds import reference
from polpo.store.session import Session


def connected_to_projects(_session: Session, project_ids: Iterable[str]) -> sa.ColumnElement[bool]:
    """Answered by the index of references, not by opening each tenant."""
    found = sa.select(reference.c.from_id).where(
        reference.c.to_id.in_(list(project_ids)), reference.c.from_kind == TENANTS.name
    )
    return TENANTS.table.c.id.in_(found)


def tenants_of_projects(session: Session, project_ids: Iterable[str]) -> list[Tenant]:
    """Every tenant that is connected to one of the projects, by name."""
    return session.all(TENANTS, connected_to_projects(session, project_ids))


def environments_of(tenant: Tenant, project_id: str) -> list[str]:
    """The environments in which the tenant has the project."""
    return tenant.project_environments.get(project_id, [])


def disconnect_project(session: Session, project_id: str) -> None:
    """A project that goes takes its connections along, and what was given to its templates."""
    connected = tenants_of_projects(session, [project_id])
    forget_project(session, project_id, connected)
    for tenant in connected:
        del tenant.project_environments[project_id]
        session.update(TENANTS, tenant)
