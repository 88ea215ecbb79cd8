"""The tenants of a project, each with what is deployed for it: a page of them, found by what became of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from polpo.engine import TaskState
from polpo.features.dashboards.items import newest_items
from polpo.features.dashboards.resource import DashboardItem
from polpo.features.dashboards.sight import Sight
from polpo.features.deployments.resource import DEPLOYMENTS
from polpo.features.projects.resource import PROJECTS, Project
from polpo.features.projects.service import find_project
from polpo.features.tagsets.service import tag_condition
from polpo.features.tenants.connections import connected_to_projects, environments_of
from polpo.features.tenants.resource import TENANTS, Tenant
from polpo.rest.answers import Page
from polpo.rest.call import Call
from polpo.rest.permissions import Permission
from polpo.rest.routes import Routes
from polpo.store.documents import Document

routes = Routes("dashboards")

_t = TENANTS.table.c
_QUERY = ("partialName", "tags", "environment", "state", "lacksRelease", "skip", "take")
#: What a filter of states calls a place to which nothing was deployed.
NOTHING = "None"


class ProjectTenant(Document, kw_only=True):
    """`environment_ids` are those in which the tenant has the project; `items` the newest deployment in each."""

    name: str
    slug: str
    tenant_tags: list[str]
    is_disabled: bool
    environment_ids: list[str]
    items: list[DashboardItem]


@dataclass(frozen=True)
class _Wish:
    """What is asked of a tenant's places: that one of them is in a state, or has not got a release."""

    environment_id: str | None
    states: frozenset[str]
    release_id: str | None

    @property
    def judges(self) -> bool:
        return bool(self.states) or self.release_id is not None

    def places(self, environment_ids: Iterable[str]) -> list[str]:
        return [one for one in environment_ids if self.environment_id in (None, one)]

    def is_met(self, environment_ids: Iterable[str], items: Iterable[DashboardItem]) -> bool:
        newest = {item.environment_id: item for item in items}
        return any(self._fits(newest.get(one)) for one in self.places(environment_ids))

    def _fits(self, item: DashboardItem | None) -> bool:
        if self.states and (item.state if item else NOTHING) not in self.states:
            return False
        has_it = item is not None and item.release_id == self.release_id and item.state == TaskState.SUCCESS.value
        return self.release_id is None or not has_it


@routes.get(
    "/projects/{id}/tenants", Permission.DEPLOYMENT_VIEW, paged=True, response=ProjectTenant, query=_QUERY, depends=()
)
def tenants_of_project(call: Call, id: str) -> Page[ProjectTenant]:
    """List the tenants that a project is connected to; `lacksRelease` names a release that has yet to succeed there"""
    project = find_project(call.session, call.space, id)
    call.guard(PROJECTS, project)
    sight, paging = Sight.of(call), call.paging
    wish = _Wish(call.text("environment"), frozenset(call.texts("state")), call.text("lacksRelease"))
    found = [
        (tenant, environment_ids)
        for tenant in _connected(call, project, sight)
        if wish.places(environment_ids := sight.ids(environments_of(tenant, project.id))) or not wish.environment_id
    ]
    items: dict[str, list[DashboardItem]] = {}
    if wish.judges:
        items = _items(call, project, sight, [tenant for tenant, _ in found])
        found = [(tenant, ids) for tenant, ids in found if wish.is_met(ids, items[tenant.id])]
    shown = found[paging.skip : paging.skip + paging.take]
    if not wish.judges:
        items = _items(call, project, sight, [tenant for tenant, _ in shown])
    rows = [_row(tenant, ids, items[tenant.id]) for tenant, ids in shown]
    call.is_passing = not all(item.is_completed for row in rows for item in row.items)
    return Page(rows, len(found), paging, "ProjectTenant")


def _connected(call: Call, project: Project, sight: Sight) -> list[Tenant]:
    where = [_t.space_id == call.space, connected_to_projects(call.session, [project.id]), *sight.tenants]
    if (part := call.text("partialName")) is not None:
        where.append(_t.name_key.contains(part.casefold(), autoescape=True))
    if tags := call.texts("tags"):
        where.append(tag_condition(_t.tag_lines, tags))
    return call.session.all(TENANTS, *where)


def _items(call: Call, project: Project, sight: Sight, tenants: Iterable[Tenant]) -> dict[str, list[DashboardItem]]:
    grouped: dict[str, list[DashboardItem]] = defaultdict(list)
    ids = [tenant.id for tenant in tenants]
    if ids:
        where = [*sight.deployments, DEPLOYMENTS.table.c.tenant_id.in_(ids)]
        for item in newest_items(call.session, call.space, [project], where):
            if sight.sees(item.environment_id) and item.tenant_id is not None:
                grouped[item.tenant_id].append(item)
    return grouped


def _row(tenant: Tenant, environment_ids: list[str], items: list[DashboardItem]) -> ProjectTenant:
    return ProjectTenant(
        id=tenant.id,
        name=tenant.name,
        slug=tenant.slug,
        tenant_tags=tenant.tenant_tags,
        is_disabled=tenant.is_disabled,
        environment_ids=environment_ids,
        items=items,
        links={"Self": f"/api/{tenant.space_id}/tenants/{tenant.id}"},
    )
