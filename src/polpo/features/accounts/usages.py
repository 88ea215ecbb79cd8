"""Who uses an account."""

from __future__ import annotations

from collections import defaultdict

import sqlalchemy as sa

from polpo.features.accounts.resource import Account
from polpo.features.processes.usages import StepUsage, owners_of_variables_naming, steps_naming
from polpo.features.projects.resource import Project
from polpo.rest.links import register
from polpo.store.documents import Document, Resource
from polpo.store.kinds import kinds, reference
from polpo.store.session import Session

_PLACES = ("Machines", "Workers")


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
        deployment_processes=steps_naming(session, account.space_id, account.id),
    )
    for owner in owners_of_variables_naming(session, account.space_id, account.id):
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
