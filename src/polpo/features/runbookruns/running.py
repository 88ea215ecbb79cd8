"""The task of a runbook run: the same walk through a plan as a deployment's."""

from __future__ import annotations

from polpo.engine import TaskRecord
from polpo.features.deployments.gathering import gather
from polpo.features.deployments.plan import Plan
from polpo.features.deployments.running import PlanTask, Regarding
from polpo.features.runbookruns.resource import RUNBOOK_RUNS
from polpo.features.runbookruns.subject import facts_of_run, subject_of_snapshot
from polpo.features.runbooksnapshots.resource import RUNBOOK_SNAPSHOTS
from polpo.features.runbooksnapshots.service import runbook_of_snapshot
from polpo.kernel.errors import TaskError
from polpo.steps.work import Catalogue
from polpo.store.session import Session


class RunbookTask(PlanTask):
    """The run function of runbooks."""

    def regarding(self, session: Session, task: TaskRecord) -> Regarding:
        found = session.find(RUNBOOK_RUNS, str(task.arguments["RunbookRunId"]))
        if found is None:
            raise TaskError("The run was deleted before it began.")
        documents = (
            found.id,
            found.project_id,
            found.runbook_id,
            found.runbook_snapshot_id,
            found.environment_id,
            found.tenant_id or "",
        )
        return Regarding(found.space_id, documents)

    def plan(self, session: Session, task: TaskRecord, catalogue: Catalogue) -> Plan:
        run = session.get(RUNBOOK_RUNS, str(task.arguments["RunbookRunId"]))
        snapshot = session.find(RUNBOOK_SNAPSHOTS, run.runbook_snapshot_id)
        runbook = runbook_of_snapshot(session, snapshot) if snapshot else None
        if runbook is None or snapshot is None:
            raise TaskError("The runbook or its snapshot was deleted before the run began.")
        subject = subject_of_snapshot(session, runbook, snapshot, run.environment_id)
        return gather(session, subject, run, facts_of_run(session, subject, run), catalogue)
