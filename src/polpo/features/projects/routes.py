"""Projects over HTTP."""

from __future__ import annotations

from collections.abc import Sequence

from polpo.features.logos.routes import logo_routes
from polpo.features.projects.cloning import clone_parts, clone_settings
from polpo.features.projects.removing import remove_project
from polpo.features.projects.resource import PROJECTS, DeploymentSettings, Project, ProjectSummary
from polpo.features.projects.service import (
    apply_settings,
    end_project,
    equip_project,
    find_project,
    project_for,
    refuse_in_git,
    settings_of,
    settle_project,
    summary_of,
)
from polpo.rest.call import Call
from polpo.rest.collection import Collection, column_filter, permissions_of, stamp
from polpo.rest.permissions import Permission
from polpo.rest.routes import Routes

routes = Routes("projects")


class _Projects(Collection[Project]):
    def insert(self, call: Call, document: Project) -> Project:
        """With `?clone={id}` the new project starts as a copy of that one."""
        named = call.text("clone")
        source = project_for(call, named, Permission.PROJECT_VIEW) if named else None
        document.cloned_from_project_id = None
        if source is not None:
            clone_settings(source, document)
        project = super().insert(call, document)
        equip_project(call.session, project)
        if source is not None:
            clone_parts(call, source, project)
        return project


_permissions = permissions_of("Project")
_permissions.pop("delete")  # a route of its own: history goes in parts
projects = _Projects(
    PROJECTS,
    "/projects",
    **_permissions,
    prepare=settle_project,
    removing=end_project,
    filters={
        "clonedFromProjectId": column_filter(PROJECTS.table.c.cloned_from_project_id),
        "projectGroupId": column_filter(PROJECTS.table.c.project_group_id),
    },
)


@routes.get("/projects/experimental/summaries", Permission.PROJECT_VIEW, query=("ids",))
def summaries(call: Call) -> Sequence[ProjectSummary]:
    """Summaries of several projects"""
    where = projects.where(call)
    return [summary_of(call.session, project) for project in call.session.all(PROJECTS, *where)]


projects.register(routes)
logo_routes(routes, "/projects", PROJECTS, find_project, view=Permission.PROJECT_VIEW, edit=Permission.PROJECT_EDIT)


@routes.delete("/projects/{id}", Permission.PROJECT_DELETE, asks_scope=True)
async def delete_project(call: Call, id: str) -> None:
    """Delete a project with everything that belongs to it"""
    with call.reading() as reading:
        project = projects.find(reading, id)
    await remove_project(call, project, lambda here: projects.remove(here, project.id))


@routes.get("/projects/{id}/summary", Permission.PROJECT_VIEW)
def summary(call: Call, id: str) -> ProjectSummary:
    """What a project has, in a few flags"""
    return summary_of(call.session, projects.find(call, id))


@routes.get("/projects/{id}/metadata", Permission.PROJECT_VIEW)
def metadata(call: Call, id: str) -> list[dict[str, object]]:
    """The settings that extensions add to a project; this server has no such extensions"""
    projects.find(call, id)
    return []


@routes.get("/projects/{id}/deploymentsettings", Permission.PROJECT_VIEW)
def deployment_settings(call: Call, id: str) -> DeploymentSettings:
    """How deployments of a project behave"""
    project = projects.find(call, id)
    refuse_in_git(project, "deployment settings", "deploymentsettings")
    return settings_of(project)


@routes.put("/projects/{id}/deploymentsettings", Permission.PROJECT_EDIT)
def replace_deployment_settings(call: Call, id: str, body: DeploymentSettings) -> DeploymentSettings:
    """Replace how deployments of a project behave"""
    before = projects.find(call, id)
    refuse_in_git(before, "deployment settings", "deploymentsettings")
    project = apply_settings(before, body)
    stamp(call, project)
    return settings_of(call.session.update(PROJECTS, project))
