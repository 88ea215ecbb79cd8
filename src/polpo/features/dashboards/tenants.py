"""The tenants on a dashboard."""

from __future__ import annotations

from collections.abc import Sequence

from polpo.features.dashboards.resource import Dashboard, DashboardTenant
from polpo.features.dashboards.sight import Sight
from polpo.features.tagsets.service import matches_tags
from polpo.features.tenants.resource import TENANTS
from polpo.store.session import Session


def shown_tenants(session: Session, space_id: str, project_ids: Sequence[str], sight: Sight) -> list[DashboardTenant]:
    """Those that are connected to one of the projects, with these connections alone."""
    shown = set(project_ids)
    found = session.all(TENANTS, TENANTS.table.c.space_id == space_id, *sight.tenants) if shown else []
    return [
        DashboardTenant(
            id=tenant.id,
            name=tenant.name,
            project_environments={
                one: sight.ids(ids) for one, ids in tenant.project_environments.items() if one in shown
            },
            tenant_tags=tenant.tenant_tags,
            is_disabled=tenant.is_disabled,
            links={"Self": f"/api/{space_id}/tenants/{tenant.id}", "Logo": f"/api/{space_id}/tenants/{tenant.id}/logo"},
        )
        for tenant in found
        if not shown.isdisjoint(tenant.project_environments)
    ]


def of_tenants(found: Dashboard, tenant_ids: Sequence[str], tags: Sequence[str]) -> Dashboard:
    """Narrowed to the tenants that are named or pass the filter of tags; what has no tenant is left out then."""
    if not tenant_ids and not tags:
        return found
    found.tenants = [one for one in found.tenants if one.id in tenant_ids or matches_tags(one.tenant_tags, tags)]
    chosen = {tenant.id for tenant in found.tenants}
    found.items = [item for item in found.items if item.tenant_id in chosen]
    found.previous_items = [item for item in found.previous_items if item.tenant_id in chosen]
    found.is_filtered = True
    return found
