"""Rules of tenants."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from polpo.features.environments.service import unlasting_faults
from polpo.features.tagsets.service import check_tags, tag_condition, unmatched
from polpo.features.tenants.connections import connected_to_projects
from polpo.features.tenants.resource import TENANTS, TagTest, Tenant
from polpo.kernel.errors import Invalid
from polpo.rest.call import Call
from polpo.rest.collection import Filter, column_filter
from polpo.rest.permissions import Permission
from polpo.store.session import Session, Where

_columns = TENANTS.table.c


def settle_tenant(call: Call, tenant: Tenant, before: Tenant | None) -> None:
    """Where a tenant was cloned from is said once, when it is made."""
    tenant.cloned_from_tenant_id = before.cloned_from_tenant_id if before else _source(call, tenant)
    tenant.icon = before.icon if before else None
    for project_id, environment_ids in tenant.project_environments.items():
        tenant.project_environments[project_id] = list(dict.fromkeys(environment_ids))
    if "" in tenant.project_environments:
        sentence = "ProjectEnvironments: a connection needs the id of a project; one of them is empty."
        raise Invalid(sentence, [sentence])
    check_tags(call.session, call.space, tenant, describes=True)
    _require_new_connections(call, tenant, before)
    places = {one for ids in tenant.project_environments.values() for one in ids}
    if faults := unlasting_faults(call.session, places, "ProjectEnvironments", "a tenant"):
        raise Invalid(faults[0], faults)


def _require_new_connections(call: Call, tenant: Tenant, before: Tenant | None) -> None:
    """A tenant is connected only to what whoever does so may see; connections that are there stay as they are."""
    known = before.project_environments if before else {}
    for project_id, environment_ids in tenant.project_environments.items():
        if project_id not in known:
            call.require(Permission.PROJECT_VIEW, project_id=project_id)
        for environment_id in set(environment_ids) - set(known.get(project_id, ())):
            call.require(Permission.ENVIRONMENT_VIEW, environment_id=environment_id)


def _source(call: Call, tenant: Tenant) -> str | None:
    named = (tenant.cloned_from_tenant_id or "").strip()
    if not named:
        return None
    source = call.session.find(TENANTS, named)
    if source is not None:
        call.guard(TENANTS, source, Permission.TENANT_VIEW)
    if source is None or source.space_id != call.space:
        sentence = f"ClonedFromTenantId names the tenant '{named}', which does not exist in this space."
        raise Invalid(sentence, [sentence])
    return named


def start_from(source: Tenant, tenant: Tenant) -> None:
    """Prepares a request for a clone: tags and connections are the source's, name and description its own."""
    tenant.cloned_from_tenant_id = source.id
    tenant.tenant_tags = list(source.tenant_tags)
    tenant.project_environments = {project: list(ids) for project, ids in source.project_environments.items()}
    tenant.description = tenant.description or source.description


def test_tags(
    session: Session, space_id: str, tenant_ids: Sequence[str], wanted: Sequence[str], visible: Sequence[Where]
) -> dict[str, TagTest]:
    """Whether each of the visible tenants (all of them, where none is named) passes the filter of tags."""
    where = [_columns.space_id == space_id, *visible, *([_columns.id.in_(tenant_ids)] if tenant_ids else [])]
    return {tenant.id: _test(tenant, wanted) for tenant in session.all(TENANTS, *where)}


def _test(tenant: Tenant, wanted: Sequence[str]) -> TagTest:
    missing = unmatched(tenant.tenant_tags, wanted)
    reason = f"{tenant.name} has a tag of each set that is asked for."
    if missing:
        reason = f"{tenant.name} has none of the tags {', '.join(missing)}."
    return TagTest(is_matched=not missing, reason=reason, missing_tags=missing)


def _is_disabled(_session: Session, values: list[str]) -> sa.ColumnElement[bool]:
    return _columns.is_disabled.is_(values[-1].casefold() == "true")


#: The query parameters that lists of tenants know.
TENANT_FILTERS: dict[str, Filter] = {
    "projectId": connected_to_projects,
    "tags": lambda _session, values: tag_condition(_columns.tag_lines, values),
    "isDisabled": _is_disabled,
    "clonedFromTenantId": column_filter(_columns.cloned_from_tenant_id),
}
