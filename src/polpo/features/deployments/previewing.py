"""What a deployment would do, shown from the same plan that would run."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from polpo.features.deployments.changes import changes_markdown, changes_of
from polpo.features.deployments.gathering import plan_for
from polpo.features.deployments.holding import holding_freezes
from polpo.features.deployments.plan import Plan, PlannedAction
from polpo.features.deployments.planning import can_be_skipped
from polpo.features.deployments.promotion import history_of, progression_of
from polpo.features.deployments.prompting import form_of, missing_prompts
from polpo.features.deployments.resource import (
    Deployment,
    DeploymentPreview,
    DeploymentPreviewRequest,
    DeploymentTemplateStep,
    MachineDeploymentPreview,
    PackageDeploymentPreview,
    PromotionTarget,
    ReleaseDeploymentTemplate,
)
from polpo.features.deployments.service import is_guided
from polpo.features.deployments.subject import subject_of
from polpo.features.deployments.tenancy import tenant_refusals
from polpo.features.deployments.tenanted import tenant_promotions
from polpo.features.environments.resource import ENVIRONMENTS
from polpo.features.machines.resource import MACHINES, DeploymentTarget
from polpo.features.processes.service import process_of
from polpo.features.projects.resource import PROJECTS
from polpo.features.releases.resource import Release
from polpo.features.tenants.finding import tenant_of
from polpo.features.variables.resource import ReferenceDataItem
from polpo.features.variables.service import variables_of
from polpo.features.variables.snapshots import changed_library
from polpo.kernel.errors import Invalid, NotFound, TaskError
from polpo.rest.call import Caller
from polpo.steps.work import Catalogue
from polpo.store.session import Session


def preview(
    session: Session, catalogue: Catalogue, caller: Caller, release: Release, wanted: DeploymentPreviewRequest
) -> DeploymentPreview:
    """Problems are told, not raised."""
    environment_id = wanted.environment_id
    environment = session.find(ENVIRONMENTS, environment_id)
    if environment is None or environment.space_id != release.space_id:
        raise NotFound(f"There is no environment '{environment_id}' in this space.")
    tenant = tenant_of(session, release.space_id, wanted.tenant_id) if wanted.tenant_id else None
    try:
        subject = subject_of(session, release, environment_id)
    except TaskError as error:
        raise Invalid(error.message) from error
    draft = Deployment(
        space_id=release.space_id,
        name=f"Deploy to {environment.name}",
        project_id=release.project_id,
        release_id=release.id,
        environment_id=environment_id,
        tenant_id=tenant.id if tenant else None,
        created=session.clock.now(),
        deployed_by=caller.display_name,
        deployed_by_id=caller.user_id,
    )
    draft.changes = changes_of(session, subject, draft)
    plan = plan_for(session, subject, draft, catalogue, is_look_ahead=True)
    state, _ = progression_of(session, release, history_of(tenant, release.project_id))
    frozen = holding_freezes(session, draft, session.clock.now())
    refusals = [
        *tenant_refusals(subject.project, subject.channel, environment, tenant),
        *filter(None, [state.refusal(environment, release.version)]),
        *(one.sentence() for one in frozen),
    ]
    return DeploymentPreview(
        id=environment_id,
        steps_to_execute=steps_of(session, plan, disabled=wanted.include_disabled_steps),
        form=form_of(subject, tenant),
        changes=draft.changes,
        changes_markdown=changes_markdown(subject, plan),
        release_notes=draft.changes,
        use_guided_failure_mode_by_default=is_guided(subject.project.default_guided_failure_mode, environment, None),
        problems=[*refusals, *plan.problems],
        warnings=plan.warnings,
        missing_variables=missing_prompts(subject, tenant),
    )


def steps_of(session: Session, plan: Plan, *, disabled: bool) -> list[DeploymentTemplateStep]:
    """`disabled`: also steps that are disabled."""
    actions = [action for step in plan.steps for action in step.actions if disabled or not action.is_disabled]
    named = {identity for action in actions for identity in _mentioned(action)}
    machines = session.by_ids(MACHINES, named)
    return [_step(action, machines) for action in actions]


def _mentioned(action: PlannedAction) -> Iterable[str]:
    yield from action.targets
    yield from action.left_out
    yield from action.unavailable


def _step(action: PlannedAction, machines: dict[str, DeploymentTarget]) -> DeploymentTemplateStep:
    def named(ids: Sequence[str]) -> list[ReferenceDataItem]:
        return [ReferenceDataItem(id=one, name=machines[one].name) for one in ids if one in machines]

    chosen = [machines[one] for one in action.targets if one in machines]
    return DeploymentTemplateStep(
        action_id=action.id,
        action_name=action.name,
        action_number=action.number,
        roles=action.roles,
        machines=[
            MachineDeploymentPreview(id=machine.id, name=machine.name, health_status=machine.health_status)
            for machine in chosen
        ],
        machine_names=[machine.name for machine in chosen],
        excluded_machines=named(action.left_out),
        unavailable_machines=named(action.unavailable),
        can_be_skipped=can_be_skipped(action),
        is_disabled=action.is_disabled,
        has_no_applicable_machines=not action.targets and (bool(action.roles) or not action.on_server),
        runs_on_server=action.on_server,
        skip_reason=action.skip_reason,
        worker_pool_name=action.worker_pool_name,
        packages=[
            PackageDeploymentPreview(one.reference, one.package_id, one.version, one.feed_id, one.size)
            for one in action.packages
        ],
    )


def template(session: Session, release: Release) -> ReleaseDeploymentTemplate:
    """Where the release may go now, and whether its frozen parts differ from today's."""
    project = session.get(PROJECTS, release.project_id)
    state, found = progression_of(session, release, history_of(None, project.id))
    names = found.environment_names
    is_for_tenants_only = project.tenanted_deployment_mode == "Tenanted"
    process, variables = process_of(session, project.id), variables_of(session, project.id)
    in_git = project.persistence_settings.in_git  # a commit does not change
    targets = [
        PromotionTarget(
            id=identity,
            name=names[identity],
            links={
                "Preview": f"/api/{release.space_id}/releases/{release.id}/deployments/preview/{identity}"
                "{?includeDisabledSteps}"
            },
        )
        for identity in state.open_environments
        if not is_for_tenants_only
    ]
    return ReleaseDeploymentTemplate(
        id=f"deploymenttemplate-{release.id}",
        is_library_variable_set_modified=changed_library(
            session, project.included_library_variable_set_ids, release.library_variable_set_snapshot_ids
        ),
        is_deployment_process_modified=not in_git
        and snapshot_version(release.project_deployment_process_snapshot_id) != process.version,
        is_variable_set_modified=not in_git
        and snapshot_version(release.project_variable_set_snapshot_id) != variables.version,
        promote_to=targets,
        tenant_promotions=tenant_promotions(session, project, release),
    )


def snapshot_version(snapshot_id: str) -> int:
    """Snapshots are named `{owner}-s-{version}-{suffix}`."""
    parts = snapshot_id.rsplit("-", 2)
    return int(parts[1]) if len(parts) == 3 and parts[1].isdigit() else -1
