"""The form for a new release over HTTP: below the process whose packages it asks for."""

from __future__ import annotations

from polpo.features.channels.service import default_channel, find_channel
from polpo.features.processes.resource import DEPLOYMENT_PROCESSES, DeploymentProcess, ReleaseTemplate
from polpo.features.processes.service import process_of
from polpo.features.projects.resource import PROJECTS, Project
from polpo.features.projects.service import find_project, refuse_in_git
from polpo.features.releases.service import find_release, process_of_release
from polpo.features.releases.template import release_template
from polpo.kernel.errors import NotFound
from polpo.rest.call import Call
from polpo.rest.permissions import Permission
from polpo.rest.routes import Routes

routes = Routes("deploymentprocesses")

_QUERY = ("channel", "releaseId")


@routes.get("/deploymentprocesses/{id}/template", Permission.PROCESS_VIEW, query=_QUERY)
def template_of_process(call: Call, id: str) -> ReleaseTemplate:
    """What a form for a new release shows, for a process or a snapshot of one"""
    process = call.session.find(DEPLOYMENT_PROCESSES, id)
    if process is None or process.space_id != call.space:
        raise NotFound(f"There is no deployment process with the id '{id}' in this space.")
    return _template(call, call.session.get(PROJECTS, process.project_id), process)


@routes.get("/projects/{project_id}/deploymentprocesses/template", Permission.PROCESS_VIEW, query=_QUERY)
def template_of_project(call: Call, project_id: str) -> ReleaseTemplate:
    """What a form for a new release of a project shows"""
    project = find_project(call.session, call.space, project_id)
    refuse_in_git(project, "deployment process", "deploymentprocesses/template")
    return _template(call, project, process_of(call.session, project.id))


def _template(call: Call, project: Project, process: DeploymentProcess) -> ReleaseTemplate:
    """A release that is edited needs the packages of its own, frozen process."""
    session = call.session
    release_id, named = call.text("releaseId"), call.text("channel")
    release = find_release(session, call.space, release_id) if release_id else None
    if release is not None:
        process = process_of_release(session, release)
        named = named or release.channel_id
    channel = find_channel(session, project.id, named) if named else default_channel(session, project.id)
    return release_template(call, project, channel, process, release)
