"""What a run would do, shown from the same plan that would run, and where a runbook may run at all."""

from __future__ import annotations

from collections.abc import Callable

from polpo.features.deployments.gathering import gather
from polpo.features.deployments.previewing import snapshot_version, steps_of
from polpo.features.deployments.prompting import form_of, missing_prompts
from polpo.features.deployments.resource import PromotionTarget
from polpo.features.deployments.service import is_guided
from polpo.features.environments.resource import ENVIRONMENTS
from polpo.features.projects.resource import PROJECTS
from polpo.features.runbookruns.commands import RunbookRunPreview, RunbookRunTemplate
from polpo.features.runbookruns.resource import RunbookRun
from polpo.features.runbookruns.service import place_refusal
from polpo.features.runbookruns.subject import RunbookSubject, facts_of_run, subject_of_draft, subject_of_snapshot
from polpo.features.runbooks.processes import process_of_runbook
from polpo.features.runbooks.resource import Runbook
from polpo.features.runbooks.service import environments_of
from polpo.features.runbooksnapshots.resource import RunbookSnapshot
from polpo.features.tenants.resource import TENANTS
from polpo.features.variables.service import variables_of
from polpo.features.variables.snapshots import changed_library
from polpo.kernel.errors import Invalid, NotFound, TaskError
from polpo.rest.call import Call, Caller
from polpo.rest.permissions import Permission
from polpo.steps.work import Catalogue
from polpo.store.session import Session


def preview_snapshot(  # the parts of one document
    session: Session,
    catalogue: Catalogue,
    caller: Caller,
    runbook: Runbook,
    snapshot: RunbookSnapshot,
    environment_id: str,
    tenant_id: str | None,
    *,
    disabled: bool,
) -> RunbookRunPreview:
    """`disabled`: also show steps that are disabled. Problems are told, not raised."""
    return preview_of(
        session,
        catalogue,
        caller,
        runbook,
        environment_id,
        tenant_id,
        lambda: subject_of_snapshot(session, runbook, snapshot, environment_id),
        disabled=disabled,
    )


def preview_draft(  # the parts of one document
    session: Session,
    catalogue: Catalogue,
    caller: Caller,
    runbook: Runbook,
    environment_id: str,
    tenant_id: str | None,
    *,
    disabled: bool,
) -> RunbookRunPreview:
    """Of the runbook as it is now."""
    return preview_of(
        session,
        catalogue,
        caller,
        runbook,
        environment_id,
        tenant_id,
        lambda: subject_of_draft(session, runbook, environment_id),
        disabled=disabled,
    )


def preview_of(  # the parts of one document
    session: Session,
    catalogue: Catalogue,
    caller: Caller,
    runbook: Runbook,
    environment_id: str,
    tenant_id: str | None,
    find_subject: Callable[[], RunbookSubject],
    *,
    disabled: bool,
) -> RunbookRunPreview:
    environment = session.find(ENVIRONMENTS, environment_id)
    if environment is None or environment.space_id != runbook.space_id:
        raise NotFound(f"There is no environment '{environment_id}' in this space.")
    try:
        subject = find_subject()
    except TaskError as error:
        raise Invalid(error.message) from error
    draft = _draft(session, caller, subject, tenant_id)
    plan = gather(session, subject, draft, facts_of_run(session, subject, draft), catalogue, is_look_ahead=True)
    tenant = session.find(TENANTS, tenant_id) if tenant_id else None
    refusal = place_refusal(session, subject)
    return RunbookRunPreview(
        id=environment_id,
        steps_to_execute=steps_of(session, plan, disabled=disabled),
        form=form_of(subject, tenant),
        use_guided_failure_mode_by_default=is_guided(runbook.default_guided_failure_mode, environment, None),
        problems=[*([refusal] if refusal else []), *plan.problems],
        warnings=plan.warnings,
        missing_variables=missing_prompts(subject, tenant),
    )


def _draft(session: Session, caller: Caller, subject: RunbookSubject, tenant_id: str | None) -> RunbookRun:
    return RunbookRun(
        space_id=subject.runbook.space_id,
        name=f"Run in {subject.environment.name}",
        project_id=subject.project.id,
        runbook_id=subject.runbook.id,
        runbook_snapshot_id=subject.snapshot.id,
        environment_id=subject.environment.id,
        tenant_id=tenant_id,
        created=session.clock.now(),
        deployed_by=caller.display_name,
        deployed_by_id=caller.user_id,
    )


def require_place(call: Call, runbook: Runbook, environment_id: str, tenant_id: str | None) -> None:
    """A look at what a run would do is for those who may see runs there."""
    call.require(
        Permission.RUNBOOK_RUN_VIEW,
        space_id=runbook.space_id,
        project_id=runbook.project_id,
        environment_id=environment_id,
        tenant_id=tenant_id,
    )


def run_template(call: Call, runbook: Runbook, snapshot: RunbookSnapshot | None) -> RunbookRunTemplate:
    """Where the runbook may run, as far as the caller may see of it, and whether the frozen parts of the snapshot
    differ from today's."""
    session = call.session
    call.settle()  # environment by environment
    base = f"/api/{runbook.space_id}/" + (f"runbookSnapshots/{snapshot.id}" if snapshot else f"runbooks/{runbook.id}")
    process, variables = process_of_runbook(session, runbook), variables_of(session, runbook.project_id)
    targets = []
    for environment in call.reached(ENVIRONMENTS, environments_of(session, runbook), Permission.ENVIRONMENT_VIEW):
        preview = f"{base}/runbookRuns/preview/{environment.id}{{?includeDisabledSteps}}"
        links = {"Preview": preview, "RunbookRunPreview": preview}
        targets.append(PromotionTarget(id=environment.id, name=environment.name, links=links))
    return RunbookRunTemplate(
        id=f"runbookruntemplate-{snapshot.id if snapshot else runbook.id}",
        is_runbook_process_modified=snapshot is not None
        and snapshot_version(snapshot.frozen_runbook_process_id) != process.version,
        is_variable_set_modified=snapshot is not None
        and snapshot_version(snapshot.frozen_project_variable_set_id) != variables.version,
        is_library_variable_set_modified=snapshot is not None
        and changed_library(
            session,
            session.get(PROJECTS, runbook.project_id).included_library_variable_set_ids,
            snapshot.library_variable_set_snapshot_ids,
        ),
        promote_to=targets,
        links={"Self": f"{base}/runbookRuns/template"} if snapshot else {},
    )
