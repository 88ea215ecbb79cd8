"""Who uses an account."""

from __future__ import annotations

from collections import defaultdict

import sqlalchemy as sa

from polpo.features.accounts.resource import Account
from polpo.features.processes.usages import (
    RunbookStepUsage,
    StepUsage,
    TenantNaming,
    owners_of_variables_naming,
    runbook_steps_naming,
    steps_naming,
    tenants_naming,
    visible_owners,
    visible_tenants,
)
from polpo.features.projects.resource import Project
from polpo.rest.call import Call
from polpo.rest.links import register
from polpo.rest.permissions import Permission
from polpo.store.documents import Document, Resource
from polpo.store.kinds import kinds, reference

_PLACES = {"Machines": Permission.MACHINE_VIEW, "Workers": Permission.WORKER_VIEW}
_PROJECT = "Projects-"


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


class CommonTenantVariableUsageEntry(Resource):
    library_variable_set_id: str
    tenant_variable_id: str


class CommonTenantVariableUsage(Resource):
    tenant_id: str
    library_variable_sets: list[CommonTenantVariableUsageEntry] = []


class ProjectTenantVariableEntry(Resource):
    project_id: str
    tenant_variable_ids: list[str]


class ProjectTenantVariableUsage(Resource):
    tenant_id: str
    projects: list[ProjectTenantVariableEntry] = []


class AccountUsage(Document):
    """Where the account is used now. Snapshots of releases and runbooks are not searched."""

    space_id: str = ""
    account_id: str = ""
    targets: list[TargetUsageEntry] = []
    deployment_processes: list[StepUsage] = []
    project_variable_sets: list[ProjectVariableSetUsage] = []
    library_variable_sets: list[LibraryVariableSetUsageEntry] = []
    releases: list[object] = []
    runbook_processes: list[RunbookStepUsage] = []
    runbook_snapshots: list[object] = []
    common_tenant_variables: list[CommonTenantVariableUsage] = []
    project_tenant_variables: list[ProjectTenantVariableUsage] = []


register(
    AccountUsage,
    {"Self": "/api/{SpaceId}/accounts/{AccountId}/usages", "Account": "/api/{SpaceId}/accounts/{AccountId}"},
)


def usages_of(call: Call, account: Account) -> AccountUsage:
    """As far as the caller may see who uses it."""
    session, may = call.session, call.may
    steps = steps_naming(session, account.space_id, account.id)
    runbook_steps = runbook_steps_naming(session, account.space_id, account.id)
    usage = AccountUsage(
        id=f"{account.id}-usages",
        space_id=account.space_id,
        account_id=account.id,
        targets=_targets(call, account),
        deployment_processes=[one for one in steps if may(Permission.PROCESS_VIEW, project_id=one.project_id)],
        runbook_processes=[one for one in runbook_steps if may(Permission.RUNBOOK_VIEW, project_id=one.project_id)],
    )
    _add_tenants(usage, visible_tenants(call, tenants_naming(session, account.space_id, account.id)))
    for owner in visible_owners(call, owners_of_variables_naming(session, account.space_id, account.id)):
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


def _add_tenants(usage: AccountUsage, found: list[TenantNaming]) -> None:
    """Values are kept by tenant, and there by the project or the library variable set whose template they are for."""
    values: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for one in found:
        values[one.tenant.id][one.owner_id].append(one.value_id)
    for tenant_id, owners in values.items():
        projects = [
            ProjectTenantVariableEntry(project_id=owner_id, tenant_variable_ids=ids)
            for owner_id, ids in owners.items()
            if owner_id.startswith(_PROJECT)
        ]
        common = [
            CommonTenantVariableUsageEntry(library_variable_set_id=owner_id, tenant_variable_id=identity)
            for owner_id, ids in owners.items()
            if not owner_id.startswith(_PROJECT)
            for identity in ids
        ]
        if projects:
            usage.project_tenant_variables.append(ProjectTenantVariableUsage(tenant_id=tenant_id, projects=projects))
        if common:
            usage.common_tenant_variables.append(
                CommonTenantVariableUsage(tenant_id=tenant_id, library_variable_sets=common)
            )


def _targets(call: Call, account: Account) -> list[TargetUsageEntry]:
    session = call.session
    statement = sa.select(reference.c.from_kind, reference.c.from_id).distinct()
    users: dict[str, list[str]] = defaultdict(list)
    for kind, identity in session.connection.execute(statement.where(reference.c.to_id == account.id)):
        users[kind].append(identity)
    return [
        TargetUsageEntry(target_id=place.id, target_name=place.name)
        for kind, permission in _PLACES.items()
        if users[kind]
        for place in call.reached(kinds[kind], session.by_ids(kinds[kind], users[kind]).values(), permission)
    ]
