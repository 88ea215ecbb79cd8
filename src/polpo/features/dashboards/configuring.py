"""What each person wants to see on the dashboard of a space."""

from __future__ import annotations

from collections.abc import Sequence

from polpo.features.dashboards.resource import Dashboard
from polpo.features.environments.resource import Environment
from polpo.features.projects.resource import Project
from polpo.features.tagsets.service import matches_tags
from polpo.kernel.errors import Invalid
from polpo.rest.call import Call
from polpo.rest.collection import stamp
from polpo.rest.links import register
from polpo.rest.permissions import Permission
from polpo.rest.routes import Routes
from polpo.store.documents import Document
from polpo.store.kinds import define
from polpo.store.session import Session

routes = Routes("dashboardconfiguration")

_MOST_PROJECTS = 1000


class DashboardConfiguration(Document):
    """Empty lists choose everything. Ids may be of what is gone by now: a choice keeps nothing from being deleted."""

    space_id: str = ""
    user_id: str = ""
    included_project_ids: list[str] = []
    included_project_group_ids: list[str] = []
    included_project_tags: list[str] = []
    included_environment_ids: list[str] = []
    included_environment_tags: list[str] = []
    included_tenant_ids: list[str] = []
    included_tenant_tags: list[str] = []
    project_limit: int | None = None


DASHBOARD_CONFIGURATIONS = define(
    "DashboardConfigurations", DashboardConfiguration, singular="dashboard configuration", order=("seq",)
)
register(DashboardConfiguration, {"Self": "/api/{SpaceId}/dashboardconfiguration"})


def configuration_of(session: Session, space_id: str, user_id: str) -> DashboardConfiguration:
    identity = f"dashboardconfiguration-{user_id}-{space_id}"
    stored = session.find(DASHBOARD_CONFIGURATIONS, identity)
    return stored or DashboardConfiguration(id=identity, space_id=space_id, user_id=user_id)


def chosen_projects(wanted: DashboardConfiguration, projects: Sequence[Project]) -> list[Project]:
    """In the order given; with a limit, the first ones."""
    tags = {tag.casefold() for tag in wanted.included_project_tags}
    chosen = [
        project
        for project in projects
        if (not wanted.included_project_ids or project.id in wanted.included_project_ids)
        and (not wanted.included_project_group_ids or project.project_group_id in wanted.included_project_group_ids)
        and (not tags or tags & {tag.casefold() for tag in project.project_tags})
    ]
    return chosen[: wanted.project_limit]


def chosen_environments(wanted: DashboardConfiguration, environments: Sequence[Environment]) -> list[str]:
    """The ids of the columns that are wanted; none stands for all of them."""
    tags = wanted.included_environment_tags
    tagged = [one.id for one in environments if matches_tags(one.environment_tags, tags)]
    return [*wanted.included_environment_ids, *tagged]


def only_environments(dashboard: Dashboard, ids: Sequence[str]) -> Dashboard:
    """The same dashboard with fewer columns."""
    dashboard.items = [item for item in dashboard.items if item.environment_id in ids]
    dashboard.previous_items = [item for item in dashboard.previous_items if item.environment_id in ids]
    dashboard.environments = [one for one in dashboard.environments if one.id in ids]
    dashboard.is_filtered = True
    return dashboard


@routes.get("/dashboardconfiguration", Permission.PROJECT_VIEW)
def read_configuration(call: Call) -> DashboardConfiguration:
    """Get what you want to see on the dashboard"""
    call.settle()
    return configuration_of(call.session, call.space, call.caller.user_id)


@routes.put("/dashboardconfiguration", Permission.PROJECT_VIEW)
def replace_configuration(call: Call, body: DashboardConfiguration) -> DashboardConfiguration:
    """Choose what you want to see on the dashboard"""
    call.settle()
    before = configuration_of(call.session, call.space, call.caller.user_id)
    if body.project_limit is not None and not 0 < body.project_limit <= _MOST_PROJECTS:
        sentence = f"ProjectLimit must be from 1 to {_MOST_PROJECTS}; it is {body.project_limit}."
        raise Invalid(sentence, [sentence])
    body.id, body.space_id, body.user_id = before.id, before.space_id, before.user_id
    stamp(call, body)
    if call.session.find(DASHBOARD_CONFIGURATIONS, body.id) is None:
        return call.session.insert(DASHBOARD_CONFIGURATIONS, body)
    return call.session.update(DASHBOARD_CONFIGURATIONS, body)
