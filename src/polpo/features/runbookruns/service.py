"""Creating runs of runbooks: everything that could refuse one is asked before anything is written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from polpo.engine import QUEUE_EXPIRY, Engine, NewTask
from polpo.features.deployments.concurrency import tag_of
from polpo.features.deployments.gathering import gather
from polpo.features.deployments.prompting import fill_form
from polpo.features.deployments.service import arguments_for, is_guided, settled_times
from polpo.features.environments.resource import Environment
from polpo.features.runbookruns.resource import RUNBOOK_RUNS, RunbookRun
from polpo.features.runbookruns.subject import TASK_KIND, RunbookSubject, facts_of_run, subject_of_snapshot
from polpo.features.runbooks.resource import Runbook
from polpo.features.runbooks.service import environments_of
from polpo.features.runbooksnapshots.resource import RunbookSnapshot
from polpo.features.tasks.prioritizing import priority_of
from polpo.features.tasks.replacing import replace_older
from polpo.features.tenants.resource import TENANTS
from polpo.kernel.errors import Invalid, NotFound, TaskError
from polpo.rest.call import Caller
from polpo.steps.work import Catalogue
from polpo.store.session import Session


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What a person asks for, by ids. `form_values` may name prompted variables by id or by name."""

    runbook: Runbook
    snapshot: RunbookSnapshot
    environment: Environment
    tenant_id: str | None = None
    comments: str | None = None
    skip_actions: Sequence[str] = ()
    specific_machines: Sequence[str] = ()
    excluded_machines: Sequence[str] = ()
    specific_tags: Sequence[str] = ()
    excluded_tags: Sequence[str] = ()
    form_values: Mapping[str, str | None] = field(default_factory=dict)
    use_guided_failure: bool | None = None
    force_package_download: bool = False
    debug_mode: str | None = None
    priority: str | None = None
    not_before: datetime | None = None
    expiry: datetime | None = None
    resumed_from: str | None = None
    include_excluded: bool = False


def find_run(session: Session, space_id: str, run_id: str) -> RunbookRun:
    found = session.find(RUNBOOK_RUNS, run_id)
    if found is None or found.space_id != space_id:
        raise NotFound(f"There is no runbook run with the id '{run_id}' in this space.")
    return found


def create_run(session: Session, engine: Engine, catalogue: Catalogue, caller: Caller, wish: Wish) -> RunbookRun:
    """Stores the run and queues its task, in one transaction; or refuses with every reason at once."""
    runbook, environment = wish.runbook, wish.environment
    priority = priority_of(wish.priority)
    try:
        subject = subject_of_snapshot(session, runbook, wish.snapshot, environment.id)
    except TaskError as error:
        raise Invalid(error.message) from error
    _refuse_place(session, subject)
    not_before, expiry = settled_times(session, wish.not_before, wish.expiry)
    wish = replace(wish, not_before=not_before, expiry=expiry)
    run = _drafted(session, caller, wish, subject)
    tenant = session.find(TENANTS, wish.tenant_id)
    fill_form(session.vault, run, subject, wish.form_values, tenant)
    plan = gather(session, subject, run, facts_of_run(session, subject, run), catalogue, is_look_ahead=True)
    if plan.problems:
        first = plan.problems[0]
        raise Invalid(
            first if len(plan.problems) == 1 else f"{runbook.name} cannot run in {environment.name}.", plan.problems
        )
    run.deployed_to_machine_ids = sorted(plan.targets)
    title = f"Run {runbook.name} snapshot {subject.snapshot.name} in {environment.name}"
    title += f" for {tenant.name}" if tenant else ""
    usual = f"{run.tenant_id or 'Untenanted'}/{run.runbook_id}/{run.environment_id}"
    return _stored(session, engine, run, subject, title, priority, tag_of(plan, run.space_id, usual))


def place_refusal(session: Session, subject: RunbookSubject) -> str | None:
    """Why the runbook may not run in the environment."""
    runbook, environment = subject.runbook, subject.environment
    if subject.project.is_disabled:
        return f"The project {subject.project.name} is disabled; enable it before you run its runbooks."
    allowed = environments_of(session, runbook)
    if environment.id in {one.id for one in allowed}:
        return None
    names = ", ".join(one.name for one in allowed) or "none"
    return f"The runbook '{runbook.name}' does not run in {environment.name}; its environments are {names}."


def _refuse_place(session: Session, subject: RunbookSubject) -> None:
    if refusal := place_refusal(session, subject):
        raise Invalid(refusal, [refusal])


def _drafted(session: Session, caller: Caller, wish: Wish, subject: RunbookSubject) -> RunbookRun:
    now = session.clock.now()
    runbook, snapshot, environment = wish.runbook, wish.snapshot, wish.environment
    identity, _ = session.new_id(RUNBOOK_RUNS.name)
    starts = wish.not_before or now
    return RunbookRun(
        id=identity,
        space_id=runbook.space_id,
        name=f"Run in {environment.name}",
        project_id=runbook.project_id,
        runbook_id=runbook.id,
        runbook_snapshot_id=snapshot.id,
        environment_id=environment.id,
        tenant_id=wish.tenant_id,
        frozen_runbook_process_id=snapshot.frozen_runbook_process_id,
        manifest_variable_set_id=snapshot.frozen_project_variable_set_id,
        comments=wish.comments,
        created=now,
        queue_time=starts,
        queue_time_expiry=wish.expiry or starts + QUEUE_EXPIRY,
        deployed_by=caller.display_name or caller.username,
        deployed_by_id=caller.user_id,
        use_guided_failure=is_guided(runbook.default_guided_failure_mode, environment, wish.use_guided_failure),
        force_package_download=wish.force_package_download or runbook.force_package_download,
        fail_target_discovery=runbook.fail_target_discovery,
        debug_mode=wish.debug_mode,
        priority=wish.priority,
        skip_actions=list(wish.skip_actions),
        specific_machine_ids=list(wish.specific_machines),
        excluded_machine_ids=list(wish.excluded_machines),
        specific_target_tag_ids=list(wish.specific_tags),
        excluded_target_tag_ids=list(wish.excluded_tags),
        resumed_from=wish.resumed_from,
        include_excluded=wish.include_excluded,
        last_modified_on=now,
        last_modified_by=caller.username,
    )


def _stored(
    session: Session,
    engine: Engine,
    run: RunbookRun,
    subject: RunbookSubject,
    title: str,
    priority: int,
    tag: str,
) -> RunbookRun:
    """Runs of one runbook in one place go one after the other; they do not wait for deployments, nor these for them."""
    run.task_id = engine.enqueue(
        session,
        NewTask(
            kind=TASK_KIND,
            description=title,
            space_id=run.space_id,
            arguments=arguments_for("RunbookRunId", run.id, run.resumed_from),
            concurrency_tag=tag,
            priority=priority,
            not_before=run.queue_time if run.queue_time != run.created else None,
            queue_expiry=run.queue_time_expiry,
            project_id=run.project_id,
            environment_id=run.environment_id,
            tenant_id=run.tenant_id,
            subject_id=run.id,
            places=run.deployed_to_machine_ids,
        ),
    )
    replace_older(session, engine, subject.runbook, run.task_id, run.deployed_by)
    return session.insert(RUNBOOK_RUNS, run)
