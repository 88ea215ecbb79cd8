"""Dashboards of runs over HTTP."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from polpo.features.projects.service import project_for
from polpo.features.runbookruns.dashboard import RunbookProgression, RunbooksDashboardItem, items, progression
from polpo.features.runbookruns.resource import RUNBOOK_RUNS
from polpo.features.runbooks.resource import RUNBOOKS
from polpo.features.runbooks.service import find_runbook
from polpo.rest.call import Call
from polpo.rest.permissions import Permission
from polpo.rest.protection import protection_of
from polpo.rest.routes import Routes
from polpo.store.session import Where

routes = Routes("dashboards")

_VIEW = Permission.RUNBOOK_RUN_VIEW
_t = RUNBOOK_RUNS.table
_FILTERS = {
    "projectIds": _t.c.project_id,
    "runbookIds": _t.c.runbook_id,
    "environmentIds": _t.c.environment_id,
    "taskIds": _t.c.task_id,
}
_QUERY = ("skip", "take", "newestOnly", *_FILTERS)


@routes.get("/progression/runbooks/taskRuns", _VIEW, query=_QUERY)
def task_runs(call: Call) -> Sequence[RunbooksDashboardItem]:
    """Show the newest runs of runbooks"""
    return items(call.session, call.paging, *_where(call))


@routes.get("/progression/runbooks/{id}", _VIEW)
def progression_of_runbook(call: Call, id: str) -> RunbookProgression:
    """Show the newest runs of a runbook by environment"""
    runbook = find_runbook(call.session, call.space, id)
    call.guard(RUNBOOKS, runbook)
    return progression(call, runbook)


@routes.get("/projects/{project_id}/runbookTaskRunDashboardItems", _VIEW, query=_QUERY)
def task_runs_of_project(call: Call, project_id: str) -> Sequence[RunbooksDashboardItem]:
    """Show the newest runs of a project's runbooks"""
    project = project_for(call, project_id)
    return items(call.session, call.paging, _t.c.project_id == project.id, *_where(call))


def _where(call: Call) -> list[Where]:
    """With `newestOnly` the newest run of each runbook in each environment, and no other."""
    where: list[Where] = [_t.c.space_id == call.space, *call.narrowed(_VIEW, protection_of(RUNBOOK_RUNS))]
    for parameter, column in _FILTERS.items():
        if values := call.texts(parameter):
            where.append(column.in_(values))
    if call.flag("newestOnly"):
        newest = sa.select(sa.func.max(_t.c.seq)).where(*where).group_by(_t.c.runbook_id, _t.c.environment_id)
        where.append(_t.c.seq.in_(newest))
    return where
