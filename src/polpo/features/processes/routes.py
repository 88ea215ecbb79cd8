"""Deployment processes over HTTP: by their own id (also snapshots), and below their project."""

from __future__ import annotations

from polpo.features.processes.resource import DEPLOYMENT_PROCESSES, DeploymentProcess, process_id_of
from polpo.features.processes.service import process_of, save_process
from polpo.features.projects.resource import Project
from polpo.features.projects.service import project_for, refuse_in_git
from polpo.kernel.errors import NotFound
from polpo.rest.answers import Page, stored_page
from polpo.rest.call import Call
from polpo.rest.collection import stamp
from polpo.rest.permissions import Permission
from polpo.rest.protection import protection_of
from polpo.rest.routes import Routes

routes = Routes("deploymentprocesses")


def find_process(call: Call, process_id: str) -> DeploymentProcess:
    """A process or a snapshot of one, by id."""
    found = call.session.find(DEPLOYMENT_PROCESSES, process_id)
    if found is None or found.space_id != call.space:
        raise NotFound(f"There is no deployment process with the id '{process_id}' in this space.")
    call.guard(DEPLOYMENT_PROCESSES, found)
    if found.id == process_id_of(found.project_id):
        _refuse_in_git(call, found.project_id)
    return found


def _refuse_in_git(call: Call, project_id: str) -> Project:
    project = project_for(call, project_id)
    refuse_in_git(project, "deployment process", "deploymentprocesses")
    return project


@routes.get(
    "/deploymentprocesses",
    Permission.PROCESS_VIEW,
    paged=True,
    response=DeploymentProcess,
    query=("skip", "take", "ids"),
)
def list_processes(call: Call) -> Page[DeploymentProcess]:
    """List deployment processes; snapshots only when their ids are given"""
    table, paging, ids = DEPLOYMENT_PROCESSES.table, call.paging, call.texts("ids")
    chosen = table.c.id.in_(ids) if ids else table.c.is_snapshot.is_(False)
    where = (
        table.c.space_id == call.space,
        chosen,
        *call.narrowed(Permission.PROCESS_VIEW, protection_of(DEPLOYMENT_PROCESSES)),
    )
    found = call.session.page(DEPLOYMENT_PROCESSES, *where, skip=paging.skip, take=paging.take)
    return stored_page(DEPLOYMENT_PROCESSES, found, paging)


@routes.get("/deploymentprocesses/{id}", Permission.PROCESS_VIEW)
def get_process(call: Call, id: str) -> DeploymentProcess:
    """Get a deployment process, or a snapshot of one"""
    return find_process(call, id)


@routes.put("/deploymentprocesses/{id}", Permission.PROCESS_EDIT)
def replace_process(call: Call, id: str, body: DeploymentProcess) -> DeploymentProcess:
    """Replace the steps of a process; Version must be the one that was read"""
    before = find_process(call, id)
    stamp(call, body)
    return save_process(call.session, before, body)


@routes.get("/projects/{project_id}/deploymentprocesses", Permission.PROCESS_VIEW)
def get_project_process(call: Call, project_id: str) -> DeploymentProcess:
    """Get the deployment process of a project"""
    return process_of(call.session, _refuse_in_git(call, project_id).id)


@routes.put("/projects/{project_id}/deploymentprocesses", Permission.PROCESS_EDIT)
def replace_project_process(call: Call, project_id: str, body: DeploymentProcess) -> DeploymentProcess:
    """Replace the steps of a project; Version must be the one that was read"""
    project = _refuse_in_git(call, project_id)
    stamp(call, body)
    return save_process(call.session, process_of(call.session, project.id), body)
