"""Snapshots of runbooks over HTTP: by their own ids, below their project and below their runbook."""

from __future__ import annotations

from typing import Any

from polpo.features.projects.service import project_for
from polpo.features.releases.resource import SnapshotVariablesByNameCommand
from polpo.features.runbooks.processes import find_runbook_process, process_of_runbook
from polpo.features.runbooks.resource import RUNBOOK_PROCESSES, RUNBOOKS, Runbook
from polpo.features.runbooks.service import find_runbook, find_runbook_of
from polpo.features.runbooksnapshots.resource import RUNBOOK_SNAPSHOTS, RunbookSnapshot, RunbookSnapshotTemplate
from polpo.features.runbooksnapshots.service import (
    delete_snapshot,
    edit_snapshot,
    find_snapshot,
    find_snapshot_of,
    make_snapshot,
    newest_snapshot,
    publish_snapshot,
    refresh_named_variables,
    refresh_variables,
    snapshot_template,
)
from polpo.kernel.errors import Invalid
from polpo.rest.answers import Page, stored_page
from polpo.rest.call import Call
from polpo.rest.collection import Where, stamp
from polpo.rest.permissions import Permission
from polpo.rest.protection import protection_of
from polpo.rest.routes import Routes

routes = Routes("runbooks")

_VIEW, _CREATE, _EDIT = Permission.RUNBOOK_VIEW, Permission.RUNBOOK_SNAPSHOT_CREATE, Permission.RUNBOOK_EDIT
_LIST: dict[str, Any] = {"paged": True, "response": RunbookSnapshot, "query": ("skip", "take", "searchByName")}
_t = RUNBOOK_SNAPSHOTS.table


@routes.get("/runbookSnapshots", _VIEW, paged=True, response=RunbookSnapshot, query=("skip", "take", "ids"))
def list_snapshots(call: Call) -> Page[RunbookSnapshot]:
    """List snapshots of runbooks, newest first"""
    ids = call.texts("ids")
    return _newest(call, *([_t.c.id.in_(ids)] if ids else []))


@routes.post("/runbookSnapshots", _CREATE, status=201, query=("publish",))
def create_snapshot(call: Call, body: RunbookSnapshot) -> RunbookSnapshot:
    """Freeze a runbook as it is now; with `publish` it becomes what is run"""
    if not body.runbook_id:
        sentence = "RunbookId is missing; a snapshot is made of a runbook."
        raise Invalid(sentence, [sentence])
    return _create(call, _runbook_by_id(call, body.runbook_id), body)


@routes.get("/runbookSnapshots/{id}", _VIEW)
def get_snapshot(call: Call, id: str) -> RunbookSnapshot:
    """Get a snapshot of a runbook"""
    return _snapshot(call, id)


@routes.put("/runbookSnapshots/{id}", _EDIT)
def replace_snapshot(call: Call, id: str, body: RunbookSnapshot) -> RunbookSnapshot:
    """Change the name or the notes of a snapshot; the rest of it is frozen"""
    snapshot = _snapshot(call, id)
    stamp(call, snapshot)
    return edit_snapshot(call.session, snapshot, body)


@routes.delete("/runbookSnapshots/{id}", _EDIT)
def remove_snapshot(call: Call, id: str) -> None:
    """Delete a snapshot with its runs; refused while it is the published one"""
    delete_snapshot(call.session, _snapshot(call, id))


@routes.post("/runbookSnapshots/{id}/snapshot-variables", _EDIT)
def snapshot_variables(call: Call, id: str) -> RunbookSnapshot:
    """Take the project's variables into a snapshot as they are now"""
    snapshot = _snapshot(call, id)
    stamp(call, snapshot)
    return refresh_variables(call.session, snapshot)


@routes.post("/runbookSnapshots/{id}/snapshot-variables-by-name", _EDIT)
def snapshot_variables_by_name(call: Call, id: str, body: SnapshotVariablesByNameCommand) -> RunbookSnapshot:
    """Take only the named variables of the project into a snapshot as they are now"""
    snapshot = _snapshot(call, id)
    stamp(call, snapshot)
    return refresh_named_variables(call.session, snapshot, [variable.name for variable in body.variables])


# -- below a project


@routes.get("/projects/{project_id}/runbookSnapshots", _VIEW, **_LIST)
def snapshots_of_project(call: Call, project_id: str) -> Page[RunbookSnapshot]:
    """List the snapshots of a project's runbooks, newest first"""
    return _newest(call, _t.c.project_id == project_for(call, project_id).id)


@routes.post("/projects/{project_id}/runbookSnapshots", _CREATE, status=201, query=("publish",))
def create_in_project(call: Call, project_id: str, body: RunbookSnapshot) -> RunbookSnapshot:
    """Freeze a runbook of a project as it is now"""
    project = project_for(call, project_id)
    return _create(call, find_runbook_of(call.session, project, body.runbook_id), body)


@routes.get("/projects/{project_id}/runbookSnapshots/{name}", _VIEW)
def snapshot_of_project(call: Call, project_id: str, name: str) -> RunbookSnapshot:
    """Get a snapshot of a project's runbook by its id or name"""
    return find_snapshot_of(call.session, project_for(call, project_id), name)


@routes.get("/projects/{project_id}/runbooks/{id}/runbookSnapshots", _VIEW, **_LIST)
def snapshots_of_runbook(call: Call, project_id: str, id: str) -> Page[RunbookSnapshot]:
    """List the snapshots of a runbook, newest first"""
    return _newest(call, _t.c.runbook_id == _runbook(call, project_id, id).id)


@routes.get("/projects/{project_id}/runbooks/{id}/runbookSnapshots/{name}", _VIEW)
def snapshot_of_runbook(call: Call, project_id: str, id: str, name: str) -> RunbookSnapshot:
    """Get a snapshot of a runbook by its id or name"""
    project = project_for(call, project_id)
    return find_snapshot_of(call.session, project, name, find_runbook_of(call.session, project, id).id)


# -- the form for a new one


@routes.get("/runbooks/{id}/runbookSnapshotTemplate", _VIEW)
def template(call: Call, id: str) -> RunbookSnapshotTemplate:
    """What a form for a new snapshot of a runbook shows"""
    return _template(call, _runbook_by_id(call, id))


@routes.get("/projects/{project_id}/runbooks/{id}/runbookSnapshotTemplate", _VIEW)
def template_in_project(call: Call, project_id: str, id: str) -> RunbookSnapshotTemplate:
    """What a form for a new snapshot of a project's runbook shows"""
    return _template(call, _runbook(call, project_id, id))


@routes.get("/runbookProcesses/{id}/runbookSnapshotTemplate", _VIEW, query=("runbookSnapshotId",))
def template_of_process(call: Call, id: str) -> RunbookSnapshotTemplate:
    """What a form for a new snapshot shows, for a process or a snapshot of one"""
    process = find_runbook_process(call.session, call.space, id)
    call.guard(RUNBOOK_PROCESSES, process)
    named = call.text("runbookSnapshotId")
    snapshot = _snapshot(call, named) if named else newest_snapshot(call.session, process.runbook_id)
    return snapshot_template(call, _runbook_by_id(call, process.runbook_id), process, snapshot)


def _template(call: Call, runbook: Runbook) -> RunbookSnapshotTemplate:
    session = call.session
    return snapshot_template(call, runbook, process_of_runbook(session, runbook), newest_snapshot(session, runbook.id))


def _create(call: Call, runbook: Runbook, body: RunbookSnapshot) -> RunbookSnapshot:
    if call.flag("publish"):
        call.guard(RUNBOOKS, runbook, _EDIT)
    snapshot = make_snapshot(call, runbook, body)
    if call.flag("publish"):
        publish_snapshot(call, runbook, snapshot)
    return snapshot


def _snapshot(call: Call, snapshot_id: str) -> RunbookSnapshot:
    """A snapshot that the route's permission reaches."""
    found = find_snapshot(call.session, call.space, snapshot_id)
    call.guard(RUNBOOK_SNAPSHOTS, found)
    return found


def _runbook_by_id(call: Call, runbook_id: str) -> Runbook:
    found = find_runbook(call.session, call.space, runbook_id)
    call.guard(RUNBOOKS, found)
    return found


def _runbook(call: Call, project_id: str, named: str) -> Runbook:
    return find_runbook_of(call.session, project_for(call, project_id), named)


def _newest(call: Call, *where: Where) -> Page[RunbookSnapshot]:
    paging = call.paging
    conditions = [_t.c.space_id == call.space, *call.narrowed(_VIEW, protection_of(RUNBOOK_SNAPSHOTS)), *where]
    if (part := call.text("searchByName") or call.text("partialName")) is not None:
        conditions.append(_t.c.name_key.contains(part.casefold(), autoescape=True))
    newest = [_t.c.seq.desc()]
    found = call.session.page(RUNBOOK_SNAPSHOTS, *conditions, order=newest, skip=paging.skip, take=paging.take)
    return stored_page(RUNBOOK_SNAPSHOTS, found, paging)
