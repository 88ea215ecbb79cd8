"""What the variables of a set can be scoped to, by name: clients look up ids here before they write.

It is what the caller may see of it.
"""

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
from polpo.features.variables.permitted import Permitted
from polpo.features.variables.resource import (
    ProcessReferenceDataItem,
    ReferenceDataItem,
    VariableScopeValues,
    VariableSet,
)
from polpo.rest.call import Call
from polpo.rest.permissions import Permission
from polpo.rest.protection import Where, protection_of
from polpo.store.kinds import Kind
from polpo.store.session import Session


class _Roles(msgspec.Struct, rename="pascal"):
    """As much of a target as is needed here."""

    id: str
    name: str
    roles: list[str] = []


_machine_decoder = msgspec.json.Decoder(_Roles)


def shown(call: Call, variables: VariableSet) -> VariableSet:
    """The set as the caller reads it."""
    variables.variables = Permitted.of(call, variables).seen(variables.variables)
    variables.scope_values = scope_values(call, variables)
    return variables


def scope_values(call: Call, variables: VariableSet) -> VariableScopeValues:
    session, space_id, owner_id = call.session, variables.space_id, variables.owner_id
    machines = _machines(call, space_id)
    roles = sorted({role for machine in machines for role in machine.roles}, key=str.casefold)
    process = session.find(DEPLOYMENT_PROCESSES, process_id_of(owner_id))
    actions = actions_of(process.steps) if process and call.may(Permission.PROCESS_VIEW, project_id=owner_id) else ()
    channels = CHANNELS.table.c.project_id == owner_id
    return VariableScopeValues(
        environments=_names(call, ENVIRONMENTS, ENVIRONMENTS.table.c.space_id == space_id, Permission.ENVIRONMENT_VIEW),
        machines=[ReferenceDataItem(id=machine.id, name=machine.name) for machine in machines],
        roles=[ReferenceDataItem(id=role, name=role) for role in roles],
        tenant_tags=[ReferenceDataItem(id=tag, name=tag) for tag in tags_of_scope(session, space_id, "Tenant")],
        channels=_names(call, CHANNELS, channels, Permission.PROCESS_VIEW) if process else [],
        actions=[ReferenceDataItem(id=one.id, name=one.name) for one in actions],
        processes=_processes(call, owner_id) if process else [],
    )


def _processes(call: Call, project_id: str) -> list[ProcessReferenceDataItem]:
    """The deployment process, which goes by the project's id, and the runbooks."""
    deployment = ProcessReferenceDataItem(process_type="Deployment", id=project_id, name="Deployment process")
    runbooks = _names(call, RUNBOOKS, RUNBOOKS.table.c.project_id == project_id, Permission.RUNBOOK_VIEW)
    named = [ProcessReferenceDataItem(process_type="Runbook", id=one.id, name=one.name) for one in runbooks]
    return [deployment, *named]


def _names(call: Call, kind: Kind[Any], where: Where, permission: Permission) -> list[ReferenceDataItem]:
    table = kind.table
    statement = sa.select(table.c.id, table.c.name).where(where, *call.narrowed(permission, protection_of(kind)))
    rows = call.session.connection.execute(statement.order_by(*(table.c[name] for name in kind.order)))
    return [ReferenceDataItem(id=row.id, name=row.name) for row in rows]


def _machines(call: Call, space_id: str) -> list[_Roles]:
    table = MACHINES.table
    seen = call.narrowed(Permission.MACHINE_VIEW, protection_of(MACHINES))
    statement = sa.select(table.c.doc).where(table.c.space_id == space_id, *seen).order_by(table.c.name_key)
    return [_machine_decoder.decode(doc) for (doc,) in call.session.connection.execute(statement)]


def machine_roles(session: Session, machine_id: str) -> list[str]:
    """The tags of a target; none when there is no such target."""
    table = MACHINES.table
    doc = session.connection.execute(sa.select(table.c.doc).where(table.c.id == machine_id)).scalar()
    return _machine_decoder.decode(doc).roles if doc else []
