"""Who uses an account."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any, TypeVar

import sqlalchemy as sa

from polpo.features.accounts.resource import Account
from polpo.features.processes.resource import DEPLOYMENT_PROCESSES, DeploymentStep
from polpo.features.projects.resource import PROJECTS, Project
from polpo.features.variables.resource import VARIABLE_SETS, VariableSet
from polpo.rest.links import register
from polpo.store.documents import Document, Resource
from polpo.store.kinds import Kind, kinds, reference
from polpo.store.session import Session

D = TypeVar("D", bound=Document)

_PLACES = ("Machines", "Workers")
_SHOWN = 10


class StepUsageEntry(Resource):
    step_id: str
    step_name: str


class StepUsage(Resource):
    project_id: str
    project_name: str
    project_slug: str
    steps: list[StepUsageEntry]


class ProjectVariableSetUsage(Resource):
    project_id: str
    project_name: str
    project_slug: str
    is_currently_being_used_in_project: bool = True
    releases: list[object] = []
    runbook_snapshots: list[object] = []


class LibraryVariableSetUsageEntry(Resource):
    library_variable_set_id: str
    library_variable_set_name: str


class TargetUsageEntry(Resource):
    target_id: str
    target_name: str


class AccountUsage(Document):
    """Where the account is used now. Snapshots of releases and runbooks are not searched."""

    space_id: str = ""
    account_id: str = ""
    targets: list[TargetUsageEntry] = []
    deployment_processes: list[StepUsage] = []
    project_variable_sets: list[ProjectVariableSetUsage] = []
    library_variable_sets: list[LibraryVariableSetUsageEntry] = []
    releases: list[object] = []
    runbook_processes: list[object] = []
    runbook_snapshots: list[object] = []
    common_tenant_variables: list[object] = []
    project_tenant_variables: list[object] = []


register(
    AccountUsage,
    {"Self": "/api/{SpaceId}/accounts/{AccountId}/usages", "Account": "/api/{SpaceId}/accounts/{AccountId}"},
)


def usages_of(session: Session, account: Account) -> AccountUsage:
    usage = AccountUsage(
        id=f"{account.id}-usages",
        space_id=account.space_id,
        account_id=account.id,
        targets=_targets(session, account),
        deployment_processes=_steps(session, account),
    )
    for owner in _variable_owners(session, account):
        if isinstance(owner, Project):
            usage.project_variable_sets.append(
                ProjectVariableSetUsage(project_id=owner.id, project_name=owner.name, project_slug=owner.slug)
            )
        else:
            name = getattr(owner, "name", owner.id)
            usage.library_variable_sets.append(
                LibraryVariableSetUsageEntry(library_variable_set_id=owner.id, library_variable_set_name=name)
            )
    return usage


def users_outside_targets(session: Session, account: Account) -> list[str]:
    """The steps and variables that use the account, in words; not more than fit into a sentence."""
    steps = [
        f"the step '{step.step_name}' of the project '{usage.project_name}'"
        for usage in _steps(session, account)
        for step in usage.steps
    ]
    variables = [
        f"the variables of '{getattr(owner, 'name', owner.id)}'" for owner in _variable_owners(session, account)
    ]
    return [*steps, *variables][:_SHOWN]


def _targets(session: Session, account: Account) -> list[TargetUsageEntry]:
    statement = sa.select(reference.c.from_kind, reference.c.from_id).distinct()
    users: dict[str, list[str]] = defaultdict(list)
    for kind, identity in session.connection.execute(statement.where(reference.c.to_id == account.id)):
        users[kind].append(identity)
    return [
        TargetUsageEntry(target_id=place.id, target_name=place.name)
        for kind in _PLACES
        if users[kind]
        for place in session.by_ids(kinds[kind], users[kind]).values()
    ]


def _steps(session: Session, account: Account) -> list[StepUsage]:
    table = DEPLOYMENT_PROCESSES.table
    found = []
    for process in _naming(session, DEPLOYMENT_PROCESSES, account, ~table.c.is_snapshot):
        steps = [
            StepUsageEntry(step_id=step.id, step_name=step.name)
            for step in process.steps
            if account.id in _property_values(step)
        ]
        project = session.find(PROJECTS, process.project_id)
        if steps and project is not None:
            found.append(
                StepUsage(project_id=project.id, project_name=project.name, project_slug=project.slug, steps=steps)
            )
    return found


def _property_values(step: DeploymentStep) -> Iterator[object]:
    yield from step.properties.values()
    for action in step.actions:
        yield from action.properties.values()


def _variable_owners(session: Session, account: Account) -> Iterator[Document]:
    table = VARIABLE_SETS.table
    for variables in _naming(session, VARIABLE_SETS, account, ~table.c.is_snapshot):
        if any(variable.value == account.id for variable in variables.variables):
            yield _owner(session, variables)


def _owner(session: Session, variables: VariableSet) -> Document:
    kind: Kind[Any] | None = kinds.get(variables.owner_id.rpartition("-")[0])
    owner: Document | None = session.find(kind, variables.owner_id) if kind is not None else None
    return owner or variables


def _naming(session: Session, kind: Kind[D], account: Account, *where: sa.ColumnElement[bool]) -> list[D]:
    """Documents of the account's space in which its id stands as a text: found by the database, then opened."""
    table = kind.table
    needle = sa.literal(f'"{account.id}"'.encode(), sa.LargeBinary)
    return session.all(
        kind, table.c.space_id == account.space_id, sa.func.instr(table.c.doc, needle) > 0, *where, order=[table.c.id]
    )
