"""What the variables of a set can be scoped to, by name: clients look up ids here before they write."""

from __future__ import annotations

from typing import Any

import msgspec
import sqlalchemy as sa

from polpo.features.channels.resource import CHANNELS
from polpo.features.environments.resource import ENVIRONMENTS
from polpo.features.machines.resource import MACHINES
from polpo.features.processes.resource import DEPLOYMENT_PROCESSES, process_id_of
from polpo.features.processes.service import actions_of
from polpo.features.runbooks.resource import RUNBOOKS
from polpo.features.tagsets.service import tags_of_scope
from polpo.features.variables.resource import (
    ProcessReferenceDataItem,
    ReferenceDataItem,
    VariableScopeValues,
    VariableSet,
)
from polpo.store.kinds import Kind
from polpo.store.session import Session


class _Roles(msgspec.Struct, rename="pascal"):
    """As much of a target as is needed here."""

    id: str
    name: str
    roles: list[str] = []


_machine_decoder = msgspec.json.Decoder(_Roles)


def with_scope_values(session: Session, variables: VariableSet) -> VariableSet:
    """The set as clients read it."""
    variables.scope_values = scope_values(session, variables)
    return variables


def scope_values(session: Session, variables: VariableSet) -> VariableScopeValues:
    space_id, owner_id = variables.space_id, variables.owner_id
    machines = _machines(session, space_id)
    roles = sorted({role for machine in machines for role in machine.roles}, key=str.casefold)
    process = session.find(DEPLOYMENT_PROCESSES, process_id_of(owner_id))
    channels = CHANNELS.table.c.project_id == owner_id
    return VariableScopeValues(
        environments=_names(session, ENVIRONMENTS, ENVIRONMENTS.table.c.space_id == space_id),
        machines=[ReferenceDataItem(id=machine.id, name=machine.name) for machine in machines],
        roles=[ReferenceDataItem(id=role, name=role) for role in roles],
        tenant_tags=[ReferenceDataItem(id=tag, name=tag) for tag in tags_of_scope(session, space_id, "Tenant")],
        channels=_names(session, CHANNELS, channels) if process else [],
        actions=[ReferenceDataItem(id=one.id, name=one.name) for one in actions_of(process.steps)] if process else [],
        processes=_processes(session, owner_id) if process else [],
    )


def _processes(session: Session, project_id: str) -> list[ProcessReferenceDataItem]:
    """The deployment process, which goes by the project's id, and the runbooks."""
    deployment = ProcessReferenceDataItem(process_type="Deployment", id=project_id, name="Deployment process")
    runbooks = _names(session, RUNBOOKS, RUNBOOKS.table.c.project_id == project_id)
    named = [ProcessReferenceDataItem(process_type="Runbook", id=one.id, name=one.name) for one in runbooks]
    return [deployment, *named]


def _names(session: Session, kind: Kind[Any], where: sa.ColumnElement[bool]) -> list[ReferenceDataItem]:
    table = kind.table
    statement = sa.select(table.c.id, table.c.name).where(where).order_by(*(table.c[name] for name in kind.order))
    return [ReferenceDataItem(id=row.id, name=row.name) for row in session.connection.execute(statement)]


def _machines(session: Session, space_id: str) -> list[_Roles]:
    table = MACHINES.table
    statement = sa.select(table.c.doc).where(table.c.space_id == space_id).order_by(table.c.name_key)
    return [_machine_decoder.decode(doc) for (doc,) in session.connection.execute(statement)]


def machine_roles(session: Session, machine_id: str) -> list[str]:
    """The tags of a target; none when there is no such target."""
    table = MACHINES.table
    doc = session.connection.execute(sa.select(table.c.doc).where(table.c.id == machine_id)).scalar()
    return _machine_decoder.decode(doc).roles if doc else []
