"""Creating deployments: everything that could refuse one is asked before anything is written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from polpo.engine import PRIORITY_HIGH, PRIORITY_NORMAL, QUEUE_EXPIRY, Engine, NewTask, TaskRecord
from polpo.features.channels.resource import CHANNELS
from polpo.features.deploymentfreezes.service import Override, pass_freezes
from polpo.features.deployments.changes import changes_markdown, changes_of
from polpo.features.deployments.concurrency import tag_of
from polpo.features.deployments.gathering import plan_for
from polpo.features.deployments.holding import holding_freezes, tell_overrides
from polpo.features.deployments.promotion import history_of, progression_of
from polpo.features.deployments.prompting import fill_form
from polpo.features.deployments.resource import DEPLOYMENTS, Deployment
from polpo.features.deployments.subject import ReleaseSubject, subject_of
from polpo.features.deployments.tenancy import tenant_refusals
from polpo.features.environments.resource import Environment
from polpo.features.projects.resource import PROJECTS, Project
from polpo.features.releases.resource import Release
from polpo.features.tasks.prioritizing import priority_of
from polpo.features.tasks.replacing import replace_older
from polpo.features.tenants.resource import Tenant
from polpo.kernel.errors import Invalid, TaskError
from polpo.rest.call import Caller
from polpo.steps.work import Catalogue
from polpo.store.documents import SensitiveValue
from polpo.store.session import Session

TASK_KIND = "Deploy"
_FURTHEST = timedelta(days=30)
_LAST = datetime(9998, 12, 30, tzinfo=UTC)


@dataclass(frozen=True)
class Origin:
    """The step of another deployment that asks. `name` stays the same when it asks again; a person's repeat has none.

    `values` go to variables; `secrets` names those among them that are not to be shown.
    """

    name: str | None
    deployment_id: str | None
    values: Mapping[str, str]
    secrets: Sequence[str] = ()


@dataclass(frozen=True)
class Wish:
    """What a person asks for, by ids. `form_values` may name prompted variables by id or by name.

    `automatic_because` is set where no person asks: it is the reason.
    """

    release: Release
    environment: Environment
    tenant: Tenant | None = None
    comments: str | None = None
    skip_actions: Sequence[str] = ()
    specific_machines: Sequence[str] = ()
    excluded_machines: Sequence[str] = ()
    specific_tags: Sequence[str] = ()
    excluded_tags: Sequence[str] = ()
    form_values: Mapping[str, str | None] = field(default_factory=dict)
    use_guided_failure: bool | None = None
    force_package_download: bool = False
    force_package_redeployment: bool = False
    priority: str | None = None
    not_before: datetime | None = None
    expiry: datetime | None = None
    resumed_from: str | None = None
    include_excluded: bool = False
    override: Override = field(default_factory=Override)
    is_catch_up: bool = False
    automatic_because: str | None = None
    origin: Origin | None = None


@dataclass(frozen=True)
class Draft:
    """A deployment that nothing refuses, ready to be stored; it has no id yet."""

    deployment: Deployment
    project: Project
    title: str
    priority: int
    tag: str
    origin: str | None = None


def create_deployment(session: Session, engine: Engine, catalogue: Catalogue, caller: Caller, wish: Wish) -> Deployment:
    """Stores the deployment and queues its task, in one transaction; or refuses with every reason at once."""
    return store_deployment(session, engine, draft_deployment(session, catalogue, caller, wish))


def draft_deployment(session: Session, catalogue: Catalogue, caller: Caller, wish: Wish) -> Draft:
    """Asks everything that could refuse the deployment. Only reads: many are asked about before any is stored."""
    release, environment = wish.release, wish.environment
    project = session.get(PROJECTS, release.project_id)
    _refuse_for_tenant(session, project, wish)
    priority = priority_of(wish.priority, _refuse_unpromotable(session, project, wish))
    not_before, expiry = settled_times(session, wish.not_before, wish.expiry)
    wish = replace(wish, not_before=not_before, expiry=expiry)
    subject = _subject(session, release, environment)
    deployment = _drafted(session, caller, wish, subject)
    fill_form(session.vault, deployment, subject, wish.form_values, wish.tenant)
    deployment.changes = changes_of(session, subject, deployment)
    plan = plan_for(session, subject, deployment, catalogue, is_look_ahead=True)
    if plan.problems:
        first = plan.problems[0]
        raise Invalid(
            first if len(plan.problems) == 1 else f"{release.version} cannot be deployed to {environment.name}.",
            plan.problems,
        )
    deployment.deployed_to_machine_ids = sorted(plan.targets)
    deployment.changes_markdown = changes_markdown(subject, plan)
    _refuse_frozen(session, caller, wish, deployment)
    title = f"Deploy {project.name} release {release.version} to {environment.name}"
    title += f" for {wish.tenant.name}" if wish.tenant else ""
    usual = f"{deployment.tenant_id or 'Untenanted'}/{deployment.project_id}/{deployment.environment_id}"
    tag = tag_of(plan, deployment.space_id, usual)
    return Draft(deployment, subject.project, title, priority, tag, wish.origin.name if wish.origin else None)


def _subject(session: Session, release: Release, environment: Environment) -> ReleaseSubject:
    try:
        return subject_of(session, release, environment.id)
    except TaskError as error:
        raise Invalid(error.message) from error


def _refuse_for_tenant(session: Session, project: Project, wish: Wish) -> None:
    channel = session.get(CHANNELS, wish.release.channel_id)
    if refusals := list(tenant_refusals(project, channel, wish.environment, wish.tenant)):
        raise Invalid(refusals[0] if len(refusals) == 1 else "The release cannot be deployed for the tenant.", refusals)


def _refuse_unpromotable(session: Session, project: Project, wish: Wish) -> int:
    """Returns the priority that the phase gives to its deployments."""
    release, environment = wish.release, wish.environment
    if project.is_disabled:
        raise Invalid(f"The project {project.name} is disabled; enable it before you deploy.")
    state, _ = progression_of(session, release, history_of(wish.tenant, project.id))
    refusal = state.refusal(environment, release.version)
    if refusal is not None:
        raise Invalid(refusal)
    phases = [one.phase for one in state.phases if environment.id in one.environments]
    return PRIORITY_HIGH if any(phase.is_priority_phase for phase in phases) else PRIORITY_NORMAL


def settled_times(
    session: Session, not_before: datetime | None, expiry: datetime | None
) -> tuple[datetime | None, datetime | None]:
    """As moments in UTC, which is also meant where no offset is given; refuses what is over already or never comes."""
    now = session.clock.now()
    not_before, expiry = zoned(not_before), zoned(expiry)
    if not_before and not_before < now - timedelta(minutes=5):
        raise Invalid(f"The time to run at ({not_before.isoformat()}) has passed.")
    if expiry and expiry <= (not_before or now):
        raise Invalid("It would expire before it starts; choose a later expiry.")
    if not_before and not_before > now + _FURTHEST:
        raise Invalid(f"The time to run at must be within {_FURTHEST.days} days from now.")
    if expiry and expiry > _LAST:
        raise Invalid("The time to expire must be before the year 9999.")
    return (not_before and not_before.astimezone(UTC), expiry and expiry.astimezone(UTC))


def zoned(moment: datetime | None) -> datetime | None:
    return moment.replace(tzinfo=UTC) if moment is not None and moment.tzinfo is None else moment


def is_guided(mode: str, environment: Environment, wished: bool | None) -> bool:
    """Whether failures are put to a person: as wished, else as project or runbook say, else the environment."""
    usual = {"On": True, "Off": False}.get(mode, environment.use_guided_failure)
    return usual if wished is None else wished


def _refuse_frozen(session: Session, caller: Caller, wish: Wish, deployment: Deployment) -> None:
    """A deployment for later is asked about the time at which it is to start, and once more when it does."""
    starts = deployment.queue_time or session.clock.now()
    frozen = holding_freezes(session, deployment, starts)
    passed = pass_freezes(caller, deployment.space_id, frozen, wish.override)
    deployment.overridden_freeze_ids = passed
    deployment.freeze_override_reason = wish.override.reason if passed else None


def _drafted(session: Session, caller: Caller, wish: Wish, subject: ReleaseSubject) -> Deployment:
    now = session.clock.now()
    project, release, environment = subject.project, wish.release, wish.environment
    starts = wish.not_before or now
    return Deployment(
        space_id=project.space_id,
        name=f"Deploy to {environment.name}",
        project_id=project.id,
        release_id=release.id,
        environment_id=environment.id,
        tenant_id=wish.tenant.id if wish.tenant else None,
        channel_id=release.channel_id,
        deployment_process_id=release.project_deployment_process_snapshot_id,
        manifest_variable_set_id=release.project_variable_set_snapshot_id,
        comments=wish.comments,
        created=now,
        queue_time=starts,
        queue_time_expiry=wish.expiry or starts + QUEUE_EXPIRY,
        deployed_by=caller.display_name or caller.username,
        deployed_by_id=caller.user_id,
        use_guided_failure=is_guided(project.default_guided_failure_mode, environment, wish.use_guided_failure),
        force_package_download=wish.force_package_download,
        force_package_redeployment=wish.force_package_redeployment,
        priority=wish.priority,
        skip_actions=list(wish.skip_actions),
        specific_machine_ids=list(wish.specific_machines),
        excluded_machine_ids=list(wish.excluded_machines),
        is_catch_up=wish.is_catch_up,
        automatic_because=wish.automatic_because,
        specific_target_tag_ids=list(wish.specific_tags),
        excluded_target_tag_ids=list(wish.excluded_tags),
        parent_deployment_id=wish.origin.deployment_id if wish.origin else None,
        passed_values=_sealed(session, wish.origin),
        passed_secrets=list(wish.origin.secrets) if wish.origin else [],
        resumed_from=wish.resumed_from,
        include_excluded=wish.include_excluded,
        last_modified_on=now,
        last_modified_by=caller.username,
    )


def _sealed(session: Session, origin: Origin | None) -> dict[str, SensitiveValue]:
    """All are sealed, also those that are no secrets: what runs of the other project hold is not this one's to show."""
    values = origin.values if origin else {}
    return {
        name: SensitiveValue(has_value=True, new_value=session.vault.encrypt(text)) for name, text in values.items()
    }


def arguments_for(name: str, identity: str, resumed_from: str | None) -> dict[str, str]:
    """Of a task; people see there, too, where it goes on."""
    return {name: identity, **({"ResumedFrom": resumed_from} if resumed_from else {})}


def resumed_from(task: TaskRecord) -> str | None:
    """The id of the task with which this one goes on, as `arguments_for` has noted it."""
    return task.arguments.get("ResumedFrom")


def store_deployment(session: Session, engine: Engine, draft: Draft) -> Deployment:
    """Short: what it writes for a deployment takes a few milliseconds."""
    deployment = draft.deployment
    deployment.id, _ = session.new_id(DEPLOYMENTS.name)
    deployment.task_id = engine.enqueue(
        session,
        NewTask(
            kind=TASK_KIND,
            description=draft.title,
            space_id=deployment.space_id,
            arguments=arguments_for("DeploymentId", deployment.id, deployment.resumed_from),
            concurrency_tag=draft.tag,
            priority=draft.priority,
            not_before=deployment.queue_time if deployment.queue_time != deployment.created else None,
            queue_expiry=deployment.queue_time_expiry,
            project_id=deployment.project_id,
            environment_id=deployment.environment_id,
            tenant_id=deployment.tenant_id,
            subject_id=deployment.id,
            origin=draft.origin,
            places=deployment.deployed_to_machine_ids,
        ),
    )
    replace_older(session, engine, draft.project, deployment.task_id, deployment.deployed_by)
    tell_overrides(session, deployment, draft.title)
    return session.insert(DEPLOYMENTS, deployment)
