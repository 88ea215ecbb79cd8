"""Routes of the dashboard and the progressions."""

from __future__ import annotations

from collections.abc import Sequence

from polpo.features.dashboards import service
from polpo.features.dashboards.configuring import (
    chosen_environments,
    chosen_projects,
    configuration_of,
    only_environments,
)
from polpo.features.dashboards.matrix import MATRIX_QUERY, matrix
from polpo.features.dashboards.resource import Dashboard, DashboardMatrix, LifecycleProgression, Progression
from polpo.features.dashboards.sight import Sight, visible_projects
from polpo.features.dashboards.tenants import of_tenants
from polpo.features.lifecycles.service import environments_in_order
from polpo.features.projects.resource import PROJECTS, Project
from polpo.features.projects.service import find_project
from polpo.features.releases.service import find_release
from polpo.features.tasks.guarding import TASK_PROTECTION
from polpo.features.tenants.finding import find_tenant
from polpo.kernel.errors import Invalid
from polpo.rest.call import Call
from polpo.rest.permissions import Permission
from polpo.rest.routes import Routes

routes = Routes("dashboards")

_VIEW = Permission.DEPLOYMENT_VIEW
_MOST_RELEASES = 500
_QUERY = ("projectId", "selectedProjects", "selectedTenants", "selectedTags", "showAll")
_DEPENDS = (
    "Projects", "ProjectGroups", "Environments", "Lifecycles", "Channels", "Releases", "Defects", "Deployments",
    "ServerTasks", "Tenants", "DashboardConfigurations",
)  # fmt: skip


@routes.get("/dashboard", _VIEW, query=_QUERY, depends=_DEPENDS)
def dashboard(call: Call) -> Dashboard:
    """Show what is deployed where in the space; as you have configured it, unless you name projects or ask for all"""
    ids = [*call.texts("projectId"), *call.texts("selectedProjects")]
    found = _dashboard(call, ids) if ids or call.flag("showAll") else _configured(call)
    return of_tenants(found, call.texts("selectedTenants"), call.texts("selectedTags"))


def _configured(call: Call) -> Dashboard:
    wanted = configuration_of(call.session, call.space, call.caller.user_id)
    every = visible_projects(call)
    projects = chosen_projects(wanted, every)
    found = _shown(call, projects, is_filtered=len(projects) < len(every))
    environments = chosen_environments(wanted, environments_in_order(call.session, call.space))
    found = only_environments(found, environments) if environments else found
    return of_tenants(found, wanted.included_tenant_ids, wanted.included_tenant_tags)


@routes.get("/dashboard/matrix", _VIEW, query=MATRIX_QUERY, depends=_DEPENDS)
def dashboard_matrix(call: Call) -> DashboardMatrix:
    """Show what is deployed where, some projects at a time and the tenants of a cell counted; as you have configured
    the dashboard, unless you ask for all"""
    found = matrix(call)
    call.is_passing = any(not cell.item.is_completed or cell.active_tenants for row in found.rows for cell in row.cells)
    return found


@routes.get("/dashboard/dynamic", _VIEW, query=("projects", "environments", "includePrevious"), depends=_DEPENDS)
def dynamic_dashboard(call: Call) -> Dashboard:
    """Show what is deployed where, for chosen projects and environments"""
    found = _dashboard(call, call.texts("projects"))
    environments = call.texts("environments")
    return only_environments(found, environments) if environments else found


def _dashboard(call: Call, ids: list[str]) -> Dashboard:
    return _shown(call, visible_projects(call, ids), is_filtered=bool(ids))


def _shown(call: Call, projects: Sequence[Project], *, is_filtered: bool) -> Dashboard:
    found = service.dashboard(call.session, call.space, projects, Sight.of(call), is_filtered=is_filtered)
    call.is_passing = not all(item.is_completed for item in found.items)
    return found


@routes.get("/projects/{id}/progression", _VIEW, query=("releaseHistoryCount",), depends=_DEPENDS)
@routes.get("/progression/{id}", _VIEW, query=("releaseHistoryCount",), depends=_DEPENDS)
def progression(call: Call, id: str) -> Progression:
    """Show a project's releases against its environments"""
    project = find_project(call.session, call.space, id)
    call.guard(PROJECTS, project)
    text = call.text("releaseHistoryCount") or "30"
    if not text.isascii() or not text.isdigit() or not 0 < int(text) <= _MOST_RELEASES:
        raise Invalid(f"releaseHistoryCount must be a number from 1 to {_MOST_RELEASES}; it is '{text}'.")
    take = int(text) if call.may(Permission.RELEASE_VIEW, project_id=project.id) else 0
    found = service.project_progression(call.session, project, Sight.of(call), take)
    call.is_passing = not all(
        item.is_completed for one in found.releases for items in one.deployments.values() for item in items
    )
    return found


@routes.get("/releases/{id}/progression", _VIEW, query=("tenant",))
def release_progression(call: Call, id: str) -> LifecycleProgression:
    """Show how far a release has come in its lifecycle, and where it may go next; for one tenant, if it is named"""
    release = find_release(call.session, call.space, id)
    call.guard(PROJECTS, call.session.get(PROJECTS, release.project_id))
    named = call.text("tenant")
    tenant = find_tenant(call.session, call.space, named) if named else None
    sight, tasks = Sight.of(call), call.narrowed(Permission.TASK_VIEW, TASK_PROTECTION)
    return service.release_progression(call.session, release, tenant, sight, tasks)
