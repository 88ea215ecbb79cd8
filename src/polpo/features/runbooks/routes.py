"""Runbooks and their processes over HTTP: by their own ids, and below their project."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from polpo.features.environments.resource import ENVIRONMENTS, Environment
from polpo.features.projects.resource import Project
from polpo.features.projects.service import project_for
from polpo.features.runbooks.processes import find_runbook_process, save_runbook_process
from polpo.features.runbooks.resource import RUNBOOK_PROCESSES, RUNBOOKS, Runbook, RunbookProcess
from polpo.features.runbooks.service import (
    clone_settings,
    end_runbook,
    environments_of,
    equip_runbook,
    find_runbook,
    find_runbook_of,
    settle_runbook,
)
from polpo.kernel.errors import NotFound
from polpo.rest.answers import Page, stored_page
from polpo.rest.call import Call
from polpo.rest.collection import Collection, Where, column_filter, stamp
from polpo.rest.permissions import Permission
from polpo.rest.protection import protection_of
from polpo.rest.routes import Routes

routes = Routes("runbooks")

_VIEW, _EDIT = Permission.RUNBOOK_VIEW, Permission.RUNBOOK_EDIT
_t = RUNBOOKS.table


class _Runbooks(Collection[Runbook]):
    def insert(self, call: Call, document: Runbook) -> Runbook:
        """With `?clone={id}` the new runbook starts as a copy of that one."""
        named = call.text("clone")
        source = find_runbook(call.session, call.space, named) if named else None
        if source is not None:
            call.guard(RUNBOOKS, source, _VIEW)
            clone_settings(source, document)
        runbook = super().insert(call, document)
        equip_runbook(call.session, runbook, source)
        return runbook


runbooks = _Runbooks(
    RUNBOOKS,
    "/runbooks",
    view=_VIEW,
    create=_EDIT,
    edit=_EDIT,
    delete=_EDIT,
    prepare=settle_runbook,
    removing=end_runbook,
    filters={"projectIds": column_filter(_t.c.project_id)},
)
runbooks.register(routes)


@routes.get("/runbooks/{id}/environments", _VIEW)
def environments(call: Call, id: str) -> Sequence[Environment]:
    """The environments in which a runbook may run"""
    runbook = find_runbook(call.session, call.space, id)
    call.guard(RUNBOOKS, runbook)
    return _seen_environments(call, runbook)


def _seen_environments(call: Call, runbook: Runbook) -> list[Environment]:
    return call.reached(ENVIRONMENTS, environments_of(call.session, runbook), Permission.ENVIRONMENT_VIEW)


# -- below a project

_LIST: dict[str, Any] = {"response": Runbook, "query": ("skip", "take", "ids", "partialName", "searchByName")}


def _project(call: Call, named: str) -> Project:
    return project_for(call, named)


def _runbook(call: Call, project_id: str, named: str) -> Runbook:
    return find_runbook_of(call.session, _project(call, project_id), named)


def _of_project(call: Call, project_id: str) -> list[Where]:
    where: list[Where] = [_t.c.project_id == _project(call, project_id).id]
    if (part := call.text("searchByName")) is not None:
        where.append(_t.c.name_key.contains(part.casefold(), autoescape=True))
    return where


@routes.get("/projects/{project_id}/runbooks", _VIEW, paged=True, **_LIST)
def runbooks_of_project(call: Call, project_id: str) -> Page[Runbook]:
    """List the runbooks of a project"""
    return runbooks.page(call, *_of_project(call, project_id))


@routes.get("/projects/{project_id}/runbooks/all", _VIEW)
def all_runbooks_of_project(call: Call, project_id: str) -> list[Runbook]:
    """All runbooks of a project"""
    return call.session.all(RUNBOOKS, *runbooks.where(call), *_of_project(call, project_id))


@routes.post("/projects/{project_id}/runbooks", _EDIT, status=201, query=("clone",))
def create_in_project(call: Call, project_id: str, body: Runbook) -> Runbook:
    """Create a runbook in a project"""
    body.project_id = _project(call, project_id).id
    return runbooks.insert(call, body)


@routes.get("/projects/{project_id}/runbooks/{id}", _VIEW)
def runbook_of_project(call: Call, project_id: str, id: str) -> Runbook:
    """Get a runbook of a project by its id or slug"""
    return _runbook(call, project_id, id)


@routes.put("/projects/{project_id}/runbooks/{id}", _EDIT)
def replace_in_project(call: Call, project_id: str, id: str, body: Runbook) -> Runbook:
    """Replace a runbook of a project"""
    return runbooks.replace(call, _runbook(call, project_id, id).id, body)


@routes.delete("/projects/{project_id}/runbooks/{id}", _EDIT)
def delete_from_project(call: Call, project_id: str, id: str) -> None:
    """Delete a runbook of a project with its snapshots and runs"""
    runbooks.remove(call, _runbook(call, project_id, id).id)


@routes.get("/projects/{project_id}/runbooks/{id}/environments", _VIEW)
def environments_in_project(call: Call, project_id: str, id: str) -> Sequence[Environment]:
    """The environments in which a runbook of a project may run"""
    return _seen_environments(call, _runbook(call, project_id, id))


# -- processes


@routes.get("/runbookProcesses", _VIEW, paged=True, response=RunbookProcess, query=("skip", "take", "ids"))
def list_processes(call: Call) -> Page[RunbookProcess]:
    """List the processes of runbooks; snapshots only when their ids are given"""
    table, paging, ids = RUNBOOK_PROCESSES.table, call.paging, call.texts("ids")
    chosen = table.c.id.in_(ids) if ids else table.c.is_snapshot.is_(False)
    where = (table.c.space_id == call.space, chosen, *call.narrowed(_VIEW, protection_of(RUNBOOK_PROCESSES)))
    found = call.session.page(RUNBOOK_PROCESSES, *where, skip=paging.skip, take=paging.take)
    return stored_page(RUNBOOK_PROCESSES, found, paging)


@routes.get("/runbookProcesses/{id}", _VIEW)
def get_process(call: Call, id: str) -> RunbookProcess:
    """Get the process of a runbook, or a snapshot of one"""
    return _process_by_id(call, id)


def _process_by_id(call: Call, process_id: str) -> RunbookProcess:
    found = find_runbook_process(call.session, call.space, process_id)
    call.guard(RUNBOOK_PROCESSES, found)
    return found


@routes.put("/runbookProcesses/{id}", _EDIT)
def replace_process(call: Call, id: str, body: RunbookProcess) -> RunbookProcess:
    """Replace the steps of a runbook; Version must be the one that was read"""
    before = _process_by_id(call, id)
    stamp(call, body)
    return save_runbook_process(call.session, before, body)


@routes.get("/projects/{project_id}/runbookProcesses/{id}", _VIEW)
def get_process_in_project(call: Call, project_id: str, id: str) -> RunbookProcess:
    """Get the process of a runbook of a project, or a snapshot of one"""
    return _process(call, project_id, id)


@routes.put("/projects/{project_id}/runbookProcesses/{id}", _EDIT)
def replace_process_in_project(call: Call, project_id: str, id: str, body: RunbookProcess) -> RunbookProcess:
    """Replace the steps of a runbook of a project; Version must be the one that was read"""
    before = _process(call, project_id, id)
    stamp(call, body)
    return save_runbook_process(call.session, before, body)


def _process(call: Call, project_id: str, process_id: str) -> RunbookProcess:
    project = _project(call, project_id)
    found = find_runbook_process(call.session, call.space, process_id)
    if found.project_id != project.id:
        raise NotFound(f"The project '{project.name}' has no runbook process with the id '{process_id}'.")
    return found
