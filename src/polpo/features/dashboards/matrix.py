"""The dashboard in pages: what a person looks at is read and sent, however many projects a space has."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence

from polpo.engine import TaskState
from polpo.features.dashboards.configuring import (
    DashboardConfiguration,
    chosen_environments,
    chosen_projects,
    configuration_of,
    only_environments,
)
from polpo.features.dashboards.items import newest_items
from polpo.features.dashboards.resource import (
    Dashboard,
    DashboardCell,
    DashboardItem,
    DashboardMatrix,
    DashboardRow,
    DashboardTenant,
)
from polpo.features.dashboards.service import dashboard
from polpo.features.dashboards.sight import Sight, visible_projects
from polpo.features.dashboards.tenants import of_tenants
from polpo.features.lifecycles.service import environments_in_order
from polpo.features.projectgroups.resource import PROJECT_GROUPS
from polpo.features.projects.resource import Project
from polpo.features.tagsets.service import matches_tags
from polpo.features.tenants.resource import TENANTS
from polpo.kernel.errors import Invalid
from polpo.rest.call import Call
from polpo.store.session import Session

MATRIX_QUERY = (
    "skip", "take", "partialName", "projectGroup", "projectTag", "environment", "tenant", "state", "showAll",
)  # fmt: skip

_FAILED = {TaskState.FAILED.value, TaskState.TIMED_OUT.value}

#: What may be asked for by `state`.
_STATES: Mapping[str, Callable[[DashboardItem], bool]] = {
    "failed": lambda item: item.state in _FAILED,
    "active": lambda item: not item.is_completed,
    "waiting": lambda item: item.has_pending_interruptions,
}


def matrix(call: Call) -> DashboardMatrix:
    """What the query asks for, within what the caller has configured."""
    shows_all = call.flag("showAll")
    wanted = DashboardConfiguration() if shows_all else configuration_of(call.session, call.space, call.caller.user_id)
    every, sight, paging = visible_projects(call), Sight.of(call), call.paging
    chosen = _by_group(call.session, call.space, _sought(call, chosen_projects(wanted, every)))
    if call.text("state"):
        chosen = _in_state(call, chosen, sight)
    page = chosen[paging.skip : paging.skip + paging.take]
    found = dashboard(call.session, call.space, page, sight, is_filtered=False)
    columns = call.texts("environment") or chosen_environments(wanted, environments_in_order(call.session, call.space))
    if columns:
        found = only_environments(found, columns)
    asked = call.texts("tenant")
    tags = [] if asked else wanted.included_tenant_tags
    found = of_tenants(found, asked or wanted.included_tenant_ids, tags)
    return DashboardMatrix(
        id="dashboard-matrix",
        environments=found.environments,
        project_groups=found.project_groups,
        rows=_rows(found),
        total_results=len(chosen),
        is_filtered=_narrows(wanted),
    )


def _narrows(wanted: DashboardConfiguration) -> bool:
    lists = (
        wanted.included_project_ids, wanted.included_project_group_ids, wanted.included_project_tags,
        wanted.included_environment_ids, wanted.included_environment_tags, wanted.included_tenant_ids,
        wanted.included_tenant_tags,
    )  # fmt: skip
    return wanted.project_limit is not None or any(lists)


def _sought(call: Call, projects: Sequence[Project]) -> list[Project]:
    words = (call.text("partialName") or "").casefold()
    groups, tags, tenants = call.texts("projectGroup"), call.texts("projectTag"), call.texts("tenant")
    connected = _connected_to(call, tenants) if tenants else None
    return [
        project
        for project in projects
        if words in project.name.casefold()
        and (not groups or project.project_group_id in groups)
        and (not tags or matches_tags(project.project_tags, tags))
        and (connected is None or project.id in connected)
    ]


def _connected_to(call: Call, tenant_ids: Sequence[str]) -> set[str]:
    found = call.session.by_ids(TENANTS, tenant_ids)
    return {project for tenant in found.values() for project in tenant.project_environments}


def _by_group(session: Session, space_id: str, projects: Sequence[Project]) -> list[Project]:
    groups = session.all(PROJECT_GROUPS, PROJECT_GROUPS.table.c.space_id == space_id)
    place = {group.id: number for number, group in enumerate(groups)}
    return sorted(projects, key=lambda project: place.get(project.project_group_id, len(place)))


def _in_state(call: Call, projects: Sequence[Project], sight: Sight) -> list[Project]:
    """Those with a newest deployment anywhere that is in the state."""
    asked = call.text("state") or ""
    is_meant = _STATES.get(asked)
    if is_meant is None:
        raise Invalid(f"state must be one of {', '.join(_STATES)}; it is '{asked}'.")
    items = newest_items(call.session, call.space, projects, sight.deployments)
    meant = {item.project_id for item in items if is_meant(item)}
    return [project for project in projects if project.id in meant]


def _rows(found: Dashboard) -> list[DashboardRow]:
    items: dict[tuple[str, str], list[DashboardItem]] = defaultdict(list)
    for item in found.items:
        items[item.project_id, item.environment_id].append(item)
    tenants: dict[tuple[str, str], set[str]] = defaultdict(set)
    for tenant in found.tenants:
        for place in _places(tenant):
            tenants[place].add(tenant.id)
    return [
        DashboardRow(
            project=project,
            cells=[
                _cell(one.id, items[project.id, one.id], tenants[project.id, one.id])
                for one in found.environments
                if items[project.id, one.id]
            ],
        )
        for project in found.projects
    ]


def _places(tenant: DashboardTenant) -> list[tuple[str, str]]:
    return [(project, environment) for project, ids in tenant.project_environments.items() for environment in ids]


def _cell(environment_id: str, items: Sequence[DashboardItem], connected: set[str]) -> DashboardCell:
    """`items` are one for each tenant, and one without: the last of each."""
    newest = max(items, key=lambda item: int(item.deployment_id.rpartition("-")[2]))
    of_tenant = [item for item in items if item.tenant_id in connected]
    return DashboardCell(
        environment_id=environment_id,
        item=newest,
        connected_tenants=len(connected),
        current_tenants=sum(
            item.release_id == newest.release_id and item.state == TaskState.SUCCESS for item in of_tenant
        ),
        failed_tenants=sum(item.state in _FAILED for item in of_tenant),
        active_tenants=sum(not item.is_completed for item in of_tenant),
    )
