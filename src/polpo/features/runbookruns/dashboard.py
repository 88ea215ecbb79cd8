"""Runs as cells of a dashboard: what ran where, and how it came out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from polpo.engine import TaskRecord, server_task
from polpo.engine.tasks import record_columns
from polpo.features.environments.resource import ENVIRONMENTS
from polpo.features.runbookruns.resource import RUNBOOK_RUNS, RunbookRun
from polpo.features.runbooks.resource import Runbook
from polpo.features.runbooks.service import environments_of
from polpo.features.runbooksnapshots.resource import RUNBOOK_SNAPSHOTS, RunbookSnapshot
from polpo.features.tasks.presenting import task_of
from polpo.features.tasks.resource import Task
from polpo.features.variables.resource import ReferenceDataItem
from polpo.rest.call import Call, Paging
from polpo.rest.permissions import Permission
from polpo.rest.protection import protection_of
from polpo.store.documents import Document, Resource
from polpo.store.session import Session, Where

#: How many runs of each environment a progression shows.
_SHOWN = 10
_t = RUNBOOK_RUNS.table


class RunbooksDashboardItem(Document, kw_only=True):
    """A run with its snapshot and its task."""

    project_id: str
    environment_id: str
    runbook_id: str
    runbook_snapshot_id: str
    runbook_snapshot_name: str
    runbook_snapshot_notes: str | None
    tenant_id: str | None
    task_id: str
    run_by: str
    created: datetime | None
    queue_time: datetime | None
    start_time: datetime | None
    completed_time: datetime | None
    duration: str
    state: str
    is_completed: bool
    has_pending_interruptions: bool
    has_warnings_or_errors: bool
    error_message: str | None


class RunbookProgression(Resource):
    """The newest runs of a runbook by environment."""

    environments: list[ReferenceDataItem]
    runbook_runs: dict[str, list[RunbooksDashboardItem]]


def items(session: Session, paging: Paging, *where: Where) -> list[RunbooksDashboardItem]:
    """Newest first."""
    newest = [_t.c.seq.desc()]
    runs = session.all(RUNBOOK_RUNS, *where, order=newest, skip=paging.skip, take=paging.take)
    snapshots = session.by_ids(RUNBOOK_SNAPSHOTS, {run.runbook_snapshot_id for run in runs})
    tasks = _tasks(session, [run.task_id for run in runs])
    return [_item(run, snapshots[run.runbook_snapshot_id], tasks[run.task_id]) for run in runs]


def progression(call: Call, runbook: Runbook) -> RunbookProgression:
    """Of the environments, and the runs in them, that the caller may see."""
    session, seen = call.session, call.narrowed(Permission.RUNBOOK_RUN_VIEW, protection_of(RUNBOOK_RUNS))
    environments = call.reached(ENVIRONMENTS, environments_of(session, runbook), Permission.ENVIRONMENT_VIEW)
    paging = Paging(take=_SHOWN)
    return RunbookProgression(
        environments=[ReferenceDataItem(id=one.id, name=one.name) for one in environments],
        runbook_runs={
            one.id: items(session, paging, _t.c.runbook_id == runbook.id, _t.c.environment_id == one.id, *seen)
            for one in environments
        },
    )


def _tasks(session: Session, ids: Sequence[str]) -> dict[str, Task]:
    rows = session.connection.execute(sa.select(*record_columns).where(server_task.c.id.in_(ids)))
    now = session.clock.now()
    return {task.id: task for task in (task_of(TaskRecord.of(row), now) for row in rows)}


def _item(run: RunbookRun, snapshot: RunbookSnapshot, task: Task) -> RunbooksDashboardItem:
    return RunbooksDashboardItem(
        id=run.id,
        project_id=run.project_id,
        environment_id=run.environment_id,
        runbook_id=run.runbook_id,
        runbook_snapshot_id=snapshot.id,
        runbook_snapshot_name=snapshot.name,
        runbook_snapshot_notes=snapshot.notes,
        tenant_id=run.tenant_id,
        task_id=run.task_id,
        run_by=run.deployed_by,
        created=run.created,
        queue_time=task.queue_time,
        start_time=task.start_time,
        completed_time=task.completed_time,
        duration=task.duration,
        state=task.state,
        is_completed=task.is_completed,
        has_pending_interruptions=task.has_pending_interruptions,
        has_warnings_or_errors=task.has_warnings_or_errors,
        error_message=task.error_message,
        links={"Self": f"/api/{run.space_id}/runbookRuns/{run.id}", "Task": f"/api/tasks/{run.task_id}"},
    )
