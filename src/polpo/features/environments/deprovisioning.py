"""Taking away what a project built for an ephemeral environment: its runbook first, then the environment."""

from __future__ import annotations

from polpo.engine import Engine, TaskState, get_task
from polpo.features.deployments.resource import DEPLOYMENTS
from polpo.features.environments.resource import Environment
from polpo.features.projects.resource import Project
from polpo.features.runbookruns.resource import RUNBOOK_RUNS, RunbookRun
from polpo.features.runbookruns.service import Wish, create_run
from polpo.features.runbooks.resource import RUNBOOKS, Runbook
from polpo.features.runbooksnapshots.service import published_snapshot
from polpo.kernel.errors import Invalid
from polpo.rest.call import Call
from polpo.rest.permissions import Permission
from polpo.steps.work import Catalogue
from polpo.store.documents import Resource
from polpo.store.session import Session


class DeprovisioningRun(Resource):
    runbook_run_id: str
    task_id: str


def start_deprovisioning(call: Call, environment: Environment, project: Project) -> DeprovisioningRun | None:
    """The run of the project's runbook that has to end before the project can leave the environment; None when nothing
    has to run: the project has no such runbook, or has run it since it was last deployed there.
    """
    if not project.deprovisioning_runbook_id:
        return None
    runbook = call.session.find(RUNBOOKS, project.deprovisioning_runbook_id)
    if runbook is None or runbook.project_id != project.id:
        sentence = f"DeprovisioningRunbookId of {project.name} names a runbook that it does not have; correct it first."
        raise Invalid(sentence, [sentence])
    before = _last_run(call.session, runbook, environment)
    state = get_task(call.session, before.task_id).state if before else None
    if before is not None and state is not None and not state.is_completed:
        return DeprovisioningRun(before.id, before.task_id)
    if before is not None and state is TaskState.SUCCESS and not _is_deployed_since(call.session, before):
        return None
    call.require(Permission.RUNBOOK_RUN_CREATE, project_id=project.id, environment_id=environment.id)
    wish = Wish(runbook=runbook, snapshot=published_snapshot(call.session, runbook), environment=environment)
    run = create_run(call.session, call.parts.get(Engine), call.parts.get(Catalogue), call.caller, wish)
    return DeprovisioningRun(run.id, run.task_id)


def _last_run(session: Session, runbook: Runbook, environment: Environment) -> RunbookRun | None:
    table = RUNBOOK_RUNS.table
    where = (table.c.runbook_id == runbook.id, table.c.environment_id == environment.id)
    return session.first(RUNBOOK_RUNS, *where, order=[table.c.seq.desc()])


def _is_deployed_since(session: Session, run: RunbookRun) -> bool:
    table = DEPLOYMENTS.table
    where = (table.c.project_id == run.project_id, table.c.environment_id == run.environment_id)
    return session.first(DEPLOYMENTS, *where, table.c.created > run.created) is not None
