"""Runs of runbooks over HTTP: create, list, read, delete, repeat."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import sqlalchemy as sa

from polpo.engine import Engine, TaskRecord, find_task, server_task
from polpo.features.git.mirrors import BRANCHES
from polpo.features.projects.resource import PROJECTS
from polpo.features.projects.service import project_for
from polpo.features.runbookruns.commands import (
    RunbookRunCommandV1,
    RunbookRunParameters,
    RunbookRunResponseV1,
    RunbookRunServerTask,
)
from polpo.features.runbookruns.resource import RUNBOOK_RUNS, RunbookRun
from polpo.features.runbookruns.service import Wish, create_run, find_run
from polpo.features.runbookruns.subject import TASK_KIND
from polpo.features.runbookruns.wishes import (
    wish_of_run,
    wish_to_repeat,
    wishes_of_command,
    wishes_of_parameters,
)
from polpo.features.runbooks.resource import RUNBOOKS, Runbook
from polpo.features.runbooks.service import find_runbook, find_runbook_of
from polpo.features.runbooksnapshots.resource import RUNBOOK_SNAPSHOTS
from polpo.features.runbooksnapshots.service import find_snapshot
from polpo.features.tasks.prioritizing import require_prioritizing
from polpo.features.tasks.rerunning import repeatable
from polpo.features.tasks.resuming import resumable
from polpo.features.tasks.service import states_named
from polpo.kernel.errors import Conflict, NotFound
from polpo.rest.answers import Page, stored_page
from polpo.rest.call import Call
from polpo.rest.permissions import Permission
from polpo.rest.protection import protection_of
from polpo.rest.routes import Routes
from polpo.steps.work import Catalogue
from polpo.store.session import Where

routes = Routes("runbooks")

_VIEW, _CREATE = Permission.RUNBOOK_RUN_VIEW, Permission.RUNBOOK_RUN_CREATE
_t = RUNBOOK_RUNS.table
_FILTERS = {
    "ids": _t.c.id,
    "projects": _t.c.project_id,
    "environments": _t.c.environment_id,
    "tenants": _t.c.tenant_id,
    "runbooks": _t.c.runbook_id,
}


@routes.get("/runbookRuns", _VIEW, query=(*_FILTERS, "taskState", "partialName"), response=RunbookRun, paged=True)
def list_runs(call: Call) -> Page[RunbookRun]:
    """List runs of runbooks, newest first"""
    where: list[Where] = []
    for parameter, column in _FILTERS.items():
        if values := call.texts(parameter):
            where.append(column.in_(values))
    if states := call.texts("taskState"):
        in_state = server_task.c.state.in_(states_named(states))
        where.append(sa.exists().where(server_task.c.id == _t.c.task_id, in_state))
    if (part := call.text("partialName")) is not None:
        where.append(_t.c.name_key.contains(part.casefold(), autoescape=True))
    return _newest(call, *where)


@routes.post("/runbookRuns", _CREATE, status=201)
def create(call: Call, body: RunbookRun) -> RunbookRun:
    """Run a snapshot of a runbook in an environment"""
    return start_run(call, wish_of_run(call.session, call.space, body))


@routes.get("/runbookRuns/{id}", _VIEW)
def read_run(call: Call, id: str) -> RunbookRun:
    """Get a run of a runbook"""
    return _run(call, id)


@routes.delete("/runbookRuns/{id}", Permission.RUNBOOK_RUN_DELETE)
def delete(call: Call, id: str) -> None:
    """Delete a run that has ended"""
    call.session.delete(RUNBOOK_RUNS, _run(call, id).id)


@routes.post("/runbook-runs/create/v1", _CREATE)
def create_by_names(call: Call, body: RunbookRunCommandV1) -> RunbookRunResponseV1:
    """Run a runbook in one or several environments; everything is named by id, slug or name"""
    made = [start_run(call, wish) for wish in wishes_of_command(call.session, call.space, body)]
    return RunbookRunResponseV1(
        runbook_run_server_tasks=[
            RunbookRunServerTask(runbook_run_id=one.id, server_task_id=one.task_id) for one in made
        ]
    )


@routes.post("/runbooks/{id}/runbookRuns/create", _CREATE, status=201)
def create_of_runbook(call: Call, id: str, body: RunbookRunParameters) -> Sequence[RunbookRun]:
    """Run a runbook in one or several environments"""
    return _create_all(call, _runbook_by_id(call, id), body)


@routes.post("/projects/{project_id}/runbooks/{id}/runbookRuns/create", _CREATE, status=201)
def create_in_project(call: Call, project_id: str, id: str, body: RunbookRunParameters) -> Sequence[RunbookRun]:
    """Run a runbook of a project in one or several environments"""
    project = project_for(call, project_id)
    return _create_all(call, find_runbook_of(call.session, project, id), body)


@routes.post("/projects/{project_id}/runbookRuns/{id}/retry/v1", _CREATE, status=201)
def retry(call: Call, project_id: str, id: str) -> RunbookRun:
    """Run the same snapshot in the same place once more"""
    run = _run(call, id)
    if run.project_id != project_for(call, project_id).id:
        raise NotFound(f"The project has no runbook run with the id '{id}'.")
    task = find_task(call.session, run.task_id)
    if task is not None and not task.state.is_completed:
        raise Conflict(f"{id} has not ended ({task.id} is {task.state.value}), so it cannot be tried again yet.")
    return start_run(call, wish_to_repeat(call.session, run), is_repeated=True)


@routes.get("/runbookSnapshots/{id}/runbookRuns", _VIEW, response=RunbookRun, paged=True)
def runs_of_snapshot(call: Call, id: str) -> Page[RunbookRun]:
    """List the runs of a snapshot, newest first"""
    snapshot = find_snapshot(call.session, call.space, id)
    call.guard(RUNBOOK_SNAPSHOTS, snapshot)
    return _newest(call, _t.c.runbook_snapshot_id == snapshot.id)


def _run_again(call: Call, task: TaskRecord) -> str:
    run = call.session.get(RUNBOOK_RUNS, str(task.arguments["RunbookRunId"]))
    return start_run(call, wish_to_repeat(call.session, run), is_repeated=True).task_id


def _resume(call: Call, task: TaskRecord, include_excluded: bool) -> str:
    run = call.session.get(RUNBOOK_RUNS, str(task.arguments["RunbookRunId"]))
    wish = wish_to_repeat(call.session, run)
    again = replace(wish, resumed_from=task.id, include_excluded=include_excluded)
    return start_run(call, again, is_repeated=True).task_id


repeatable(TASK_KIND, _run_again)
resumable(TASK_KIND, _resume)


def _create_all(call: Call, runbook: Runbook, body: RunbookRunParameters) -> list[RunbookRun]:
    return [start_run(call, wish) for wish in wishes_of_parameters(call, runbook, body)]


def start_run(call: Call, wish: Wish, *, is_repeated: bool = False) -> RunbookRun:
    """Who may run a runbook runs what is published; anything else is for those who may change the runbook, except for
    doing once more what was done before."""
    engine, catalogue = call.parts.get(Engine), call.parts.get(Catalogue)
    runbook = wish.runbook
    place = {"environment_id": wish.environment.id, "tenant_id": wish.tenant_id}
    call.require(_CREATE, space_id=runbook.space_id, project_id=runbook.project_id, **place)
    require_prioritizing(call, wish.priority, runbook.space_id)
    if not is_repeated and not _is_published(call, wish):
        call.require(Permission.RUNBOOK_EDIT, space_id=runbook.space_id, project_id=runbook.project_id)
    return create_run(call.session, engine, catalogue, call.caller, wish)


def _is_published(call: Call, wish: Wish) -> bool:
    """In Git, what is on the default branch is what is published."""
    reference = wish.snapshot.git_reference
    if reference is None:
        return wish.snapshot.id == wish.runbook.published_runbook_snapshot_id
    settings = call.session.get(PROJECTS, wish.runbook.project_id).persistence_settings
    return reference.git_ref in (settings.default_branch, f"{BRANCHES}{settings.default_branch}")


def _run(call: Call, run_id: str) -> RunbookRun:
    """A run that the route's permission reaches."""
    found = find_run(call.session, call.space, run_id)
    call.guard(RUNBOOK_RUNS, found)
    return found


def _runbook_by_id(call: Call, runbook_id: str) -> Runbook:
    found = find_runbook(call.session, call.space, runbook_id)
    call.guard(RUNBOOKS, found)
    return found


def _newest(call: Call, *where: Where) -> Page[RunbookRun]:
    paging, newest = call.paging, [_t.c.seq.desc()]
    conditions = (_t.c.space_id == call.space, *call.narrowed(_VIEW, protection_of(RUNBOOK_RUNS)), *where)
    found = call.session.page(RUNBOOK_RUNS, *conditions, order=newest, skip=paging.skip, take=paging.take)
    return stored_page(RUNBOOK_RUNS, found, paging)
