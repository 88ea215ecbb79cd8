"""Where an account, a certificate, a feed or a pool is named by steps, variables and tenants, as a text: by its id."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, TypeVar

import sqlalchemy as sa

from polpo.features.processes.resource import DEPLOYMENT_PROCESSES, DeploymentStep, Process
from polpo.features.projects.resource import PROJECTS, Project
from polpo.features.variables.resource import VARIABLE_SETS, VariableSet
from polpo.kernel.errors import Conflict
from polpo.rest.call import Call
from polpo.rest.permissions import Permission
from polpo.store.documents import Document, Resource
from polpo.store.kinds import Kind, kinds
from polpo.store.searching import mentions
from polpo.store.session import Session

D = TypeVar("D", bound=Document)

_SHOWN = 10


class StepUsageEntry(Resource):
    step_id: str
    step_name: str


class StepUsage(Resource):
    project_id: str
    project_name: str
    project_slug: str
    steps: list[StepUsageEntry]


class RunbookStepUsage(StepUsage):
    process_id: str
    runbook_id: str
    runbook_name: str


@dataclass(frozen=True)
class TenantNaming:
    """A value that a tenant gives to a template of a project or of a library variable set."""

    tenant: Any
    value_id: str
    owner_id: str


def refuse_when_named(session: Session, kind: Kind[Any], document: Any) -> None:
    """Refuses to delete what a step or a variable of today names; snapshots keep their own account of it."""
    users = [
        f"the step '{step.step_name}' of the project '{usage.project_name}'"
        for usage in steps_naming(session, document.space_id, document.id)
        for step in usage.steps
    ]
    users += [
        f"the step '{step.step_name}' of the runbook '{usage.runbook_name}' of the project '{usage.project_name}'"
        for usage in runbook_steps_naming(session, document.space_id, document.id)
        for step in usage.steps
    ]
    owners = owners_of_variables_naming(session, document.space_id, document.id)
    users += [f"the variables of '{getattr(owner, 'name', owner.id)}'" for owner in owners]
    tenants = {one.tenant.name for one in tenants_naming(session, document.space_id, document.id)}
    users += [f"the variables of the tenant '{name}'" for name in sorted(tenants)]
    if users:
        shown = users[:_SHOWN]
        more = f" and {len(users) - _SHOWN} more" if len(users) > _SHOWN else ""
        sentence = f"The {kind.singular} '{document.name}' cannot be deleted because it is in use by "
        raise Conflict(f"{sentence}{', '.join(shown)}{more}.", [f"In use by {user}." for user in shown])


def steps_naming(session: Session, space_id: str, identity: str) -> list[StepUsage]:
    table = DEPLOYMENT_PROCESSES.table
    found = []
    processes = list(_naming(session, DEPLOYMENT_PROCESSES, space_id, identity, ~table.c.is_snapshot))
    projects = session.by_ids(PROJECTS, [process.project_id for process in processes])
    for process in processes:
        steps = _steps(process, identity)
        project = projects.get(process.project_id)
        if steps and project is not None:
            found.append(
                StepUsage(project_id=project.id, project_name=project.name, project_slug=project.slug, steps=steps)
            )
    return found


def runbook_steps_naming(session: Session, space_id: str, identity: str) -> list[RunbookStepUsage]:
    """Of runbooks that are kept here; those in Git are read where they are run."""
    kind = kinds["RunbookProcesses"]
    found = []
    processes = list(_naming(session, kind, space_id, identity, ~kind.table.c.is_snapshot))
    projects = session.by_ids(PROJECTS, [process.project_id for process in processes])
    runbooks = session.by_ids(kinds["Runbooks"], [process.runbook_id for process in processes])
    for process in processes:
        steps = _steps(process, identity)
        runbook, project = runbooks.get(process.runbook_id), projects.get(process.project_id)
        if steps and runbook is not None and project is not None:
            usage = RunbookStepUsage(
                process_id=process.id,
                project_id=project.id,
                project_name=project.name,
                project_slug=project.slug,
                runbook_id=runbook.id,
                runbook_name=runbook.name,
                steps=steps,
            )
            found.append(usage)
    return found


def tenants_naming(session: Session, space_id: str, identity: str) -> list[TenantNaming]:
    return [
        TenantNaming(tenant, value.id, value.owner_id)
        for values in _naming(session, kinds["TenantValueSets"], space_id, identity)
        if (tenant := session.find(kinds["Tenants"], values.tenant_id)) is not None
        for value in values.values
        if value.value == identity
    ]


def visible_owners(call: Call, owners: Iterable[Document]) -> Iterator[Document]:
    """The owners of variables that the caller may see."""
    for owner in owners:
        is_project = isinstance(owner, Project)
        asked = Permission.PROJECT_VIEW if is_project else Permission.LIBRARY_VARIABLE_SET_VIEW
        if call.may(asked, project_id=owner.id if is_project else None):
            yield owner


def visible_tenants(call: Call, naming: Iterable[TenantNaming]) -> list[TenantNaming]:
    return [one for one in naming if call.may(Permission.TENANT_VIEW, tenant_id=one.tenant.id)]


def _steps(process: Process, identity: str) -> list[StepUsageEntry]:
    return [
        StepUsageEntry(step_id=step.id, step_name=step.name) for step in process.steps if identity in _texts_of(step)
    ]


def owners_of_variables_naming(session: Session, space_id: str, identity: str) -> Iterator[Document]:
    """Projects, library variable sets, or the set of variables itself where its owner is unknown."""
    table = VARIABLE_SETS.table
    for variables in _naming(session, VARIABLE_SETS, space_id, identity, ~table.c.is_snapshot):
        if any(variable.value == identity for variable in variables.variables):
            yield _owner(session, variables)


def _texts_of(step: DeploymentStep) -> Iterator[object]:
    yield from step.properties.values()
    for action in step.actions:
        yield action.worker_pool_id
        yield action.container.feed_id
        yield from (package.feed_id for package in action.packages)
        yield from action.properties.values()


def _owner(session: Session, variables: VariableSet) -> Document:
    kind: Kind[Any] | None = kinds.get(variables.owner_id.rpartition("-")[0])
    owner: Document | None = session.find(kind, variables.owner_id) if kind is not None else None
    return owner or variables


def _naming(session: Session, kind: Kind[D], space_id: str, identity: str, *where: sa.ColumnElement[bool]) -> list[D]:
    """Documents of the space in which the id stands as a text: found by the database, then opened."""
    table = kind.table
    named = mentions(table.c.doc, f'"{identity}"'.encode())
    return session.all(kind, table.c.space_id == space_id, named, *where, order=[table.c.id])
