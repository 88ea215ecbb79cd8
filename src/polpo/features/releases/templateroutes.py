"""The form for a new release over HTTP: below the process whose packages it asks for."""

from __future__ import annotations

from dataclasses import replace

from polpo.features.channels.service import default_channel, find_channel
from polpo.features.git.service import open_project
from polpo.features.processes.resource import DEPLOYMENT_PROCESSES, ReleaseTemplate
from polpo.features.projects.resource import PROJECTS
from polpo.features.projects.service import project_for, refuse_in_git
from polpo.features.releases.creation import version_by
from polpo.features.releases.resource import RELEASES, NextVersion
from polpo.features.releases.service import find_release, process_of_release
from polpo.features.releases.sources import Source, source_here, source_of
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
    call.guard(DEPLOYMENT_PROCESSES, process)
    source = source_here(call.session, call.session.get(PROJECTS, process.project_id))
    return _template(call, replace(source, process=process))


@routes.get("/projects/{project_id}/deploymentprocesses/template", Permission.PROCESS_VIEW, query=_QUERY)
def template_of_project(call: Call, project_id: str) -> ReleaseTemplate:
    """What a form for a new release of a project shows"""
    project = project_for(call, project_id)
    refuse_in_git(project, "deployment process", "deploymentprocesses/template")
    return _template(call, source_here(call.session, project))


@routes.get(
    "/projects/{project_id}/{git_ref}/deploymentprocesses/template",
    Permission.PROCESS_VIEW,
    query=_QUERY,
    asks_scope=True,
)
async def template_at_reference(call: Call, project_id: str, git_ref: str) -> ReleaseTemplate:
    """What a form for a new release shows for a branch, a tag or a commit"""
    source = await open_project(call, project_id).read(git_ref, source_of)
    with call.reading() as reading:
        template = _template(reading, source)
    template.links["Self"] = call.request.url.path
    return template


@routes.get("/projects/{project_id}/nextversion", Permission.PROCESS_VIEW, query=("template", "channel"))
def next_version_of_project(call: Call, project_id: str) -> NextVersion:
    """Tell which version a template would give the next release of a project; without one, the project's own"""
    project = project_for(call, project_id)
    refuse_in_git(project, "deployment process", "deploymentprocesses/template")
    named, source = call.text("channel"), source_here(call.session, project)
    channel = find_channel(call.session, project.id, named) if named else default_channel(call.session, project.id)
    return NextVersion(version=version_by(call, source, channel, call.text("template")))


def _template(call: Call, source: Source) -> ReleaseTemplate:
    """A release that is edited needs the packages of its own, frozen process."""
    session, project = call.session, source.project
    release_id, named = call.text("releaseId"), call.text("channel")
    release = find_release(session, call.space, release_id) if release_id else None
    if release is not None:
        call.guard(RELEASES, release)
        source = replace(source, process=process_of_release(session, release))
        named = named or release.channel_id
    channel = find_channel(session, project.id, named) if named else default_channel(session, project.id)
    return release_template(call, source, channel, release)
