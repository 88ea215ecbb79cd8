"""Creating deployments: everything that could refuse one is asked before anything is written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import TypeVar

import sqlalchemy as sa

from polpo.engine import PRIORITY_HIGH, PRIORITY_NORMAL, QUEUE_EXPIRY, Engine, NewTask
from polpo.features.channels.resource import CHANNELS
from polpo.features.deploymentfreezes.service import Override, pass_freezes
from polpo.features.deployments.changes import changes_markdown, changes_of
from polpo.features.deployments.gathering import plan_for
from polpo.features.deployments.holding import holding_freezes, tell_overrides
from polpo.features.deployments.promotion import history_of, progression_of
from polpo.features.deployments.prompting import fill_form
from polpo.features.deployments.resource import DEPLOYMENTS, CreateDeploymentsV1, Deployment
from polpo.features.deployments.subject import ReleaseSubject, named_actions, subject_of
from polpo.features.deployments.tenancy import tenant_refusals
from polpo.features.environments.resource import ENVIRONMENTS, Environment
from polpo.features.machines.resource import MACHINES
from polpo.features.processes.resource import Process
from polpo.features.projects.resource import PROJECTS, Project
from polpo.features.projects.service import find_project_by_any_name
from polpo.features.releases.resource import RELEASES, Release
from polpo.features.releases.service import process_of_release, release_of_version, take_variables_anew
from polpo.features.tasks.prioritizing import priority_of
from polpo.features.tasks.replacing import replace_older
from polpo.features.tenants.finding import tenant_of
from polpo.features.tenants.resource import Tenant
from polpo.kernel.errors import Invalid, NotFound, TaskError
from polpo.rest.call import Caller
from polpo.steps.work import Catalogue
from polpo.store.documents import Document
from polpo.store.kinds import Kind
from polpo.store.session import Session

N = TypeVar("N", bound=Document)

TASK_KIND = "Deploy"
_FURTHEST = timedelta(days=30)
_LAST = datetime(9998, 12, 30, tzinfo=UTC)


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
    form_values: Mapping[str, str | None] = field(default_factory=dict)
    use_guided_failure: bool | None = None
    force_package_download: bool = False
    force_package_redeployment: bool = False
    priority: str | None = None
    not_before: datetime | None = None
    expiry: datetime | None = None
    override: Override = field(default_factory=Override)
    is_catch_up: bool = False
    automatic_because: str | None = None


def create_deployment(session: Session, engine: Engine, catalogue: Catalogue, caller: Caller, wish: Wish) -> Deployment:
    """Stores the deployment and queues its task, in one transaction; or refuses with every reason at once."""
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
    plan = plan_for(session, subject, deployment, catalogue)
    if plan.problems:
        first = plan.problems[0]
        raise Invalid(
            first if len(plan.problems) == 1 else f"{release.version} cannot be deployed to {environment.name}.",
            plan.problems,
        )
    deployment.deployed_to_machine_ids = sorted(plan.targets)
    deployment.changes_markdown = changes_markdown(subject, plan)
    _refuse_frozen(session, caller, wish, deployment)
    return _stored(session, engine, deployment, subject, wish, priority)


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
    not_before, expiry = _zoned(not_before), _zoned(expiry)
    if not_before and not_before < now - timedelta(minutes=5):
        raise Invalid(f"The time to run at ({not_before.isoformat()}) has passed.")
    if expiry and expiry <= (not_before or now):
        raise Invalid("It would expire before it starts; choose a later expiry.")
    if not_before and not_before > now + _FURTHEST:
        raise Invalid(f"The time to run at must be within {_FURTHEST.days} days from now.")
    if expiry and expiry > _LAST:
        raise Invalid("The time to expire must be before the year 9999.")
    return (not_before and not_before.astimezone(UTC), expiry and expiry.astimezone(UTC))


def _zoned(moment: datetime | None) -> datetime | None:
    return moment.replace(tzinfo=UTC) if moment is not None and moment.tzinfo is None else moment


def is_guided(mode: str, environment: Environment, wished: bool | None) -> bool:
    """Whether failures are put to a person: as wished, else as project or runbook say, else the environment."""
    usual = {"On": True, "Off": False}.get(mode, environment.use_guided_failure)
    return usual if wished is None else wished


def _refuse_frozen(session: Session, caller: Caller, wish: Wish, deployment: Deployment) -> None:
    """A deployment for later is asked about the time at which it is to start, and once more when it does."""
    starts = deployment.queue_time or session.clock.now()
    passed = pass_freezes(caller, holding_freezes(session, deployment, starts), wish.override)
    deployment.overridden_freeze_ids = passed
    deployment.freeze_override_reason = wish.override.reason if passed else None


def _drafted(session: Session, caller: Caller, wish: Wish, subject: ReleaseSubject) -> Deployment:
    now = session.clock.now()
    project, release, environment = subject.project, wish.release, wish.environment
    identity, _ = session.new_id(DEPLOYMENTS.name)
    starts = wish.not_before or now
    return Deployment(
        id=identity,
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
        last_modified_on=now,
        last_modified_by=caller.username,
    )


def _stored(
    session: Session, engine: Engine, deployment: Deployment, subject: ReleaseSubject, wish: Wish, priority: int
) -> Deployment:
    tenant = deployment.tenant_id or "Untenanted"
    title = f"Deploy {subject.project.name} release {subject.release.version} to {subject.environment.name}"
    title += f" for {wish.tenant.name}" if wish.tenant else ""
    deployment.task_id = engine.enqueue(
        session,
        NewTask(
            kind=TASK_KIND,
            description=title,
            space_id=deployment.space_id,
            arguments={"DeploymentId": deployment.id},
            concurrency_tag=f"{tenant}/{deployment.project_id}/{deployment.environment_id}",
            priority=priority,
            not_before=deployment.queue_time if deployment.queue_time != deployment.created else None,
            queue_expiry=deployment.queue_time_expiry,
            project_id=deployment.project_id,
            environment_id=deployment.environment_id,
            tenant_id=deployment.tenant_id,
            subject_id=deployment.id,
        ),
    )
    replace_older(session, engine, subject.project, deployment.task_id, deployment.deployed_by)
    tell_overrides(session, deployment, title)
    return session.insert(DEPLOYMENTS, deployment)


# -- from the commands of clients


def wishes_of(session: Session, space_id: str, command: CreateDeploymentsV1) -> list[Wish]:
    """The command of the executions API, its names resolved; one wish for each environment."""
    if not command.project_name.strip():
        raise Invalid("ProjectName is missing; name the project by id, slug or name.")
    project = find_project_by_any_name(session, space_id, command.project_name)
    release = release_of_version(session, project.id, command.release_version)
    if release is None:
        raise NotFound(f"There is no release {command.release_version or '(none given)'} of {project.name}.")
    environments = named_environments(session, space_id, command.environment_names)
    if command.update_variable_snapshot:
        release = take_variables_anew(session, release)
    process = process_of_release(session, release)
    return [
        Wish(
            release=release,
            environment=environment,
            comments=command.comments,
            skip_actions=action_ids(process, command.skip_step_names),
            specific_machines=machine_ids(session, space_id, command.specific_machine_names),
            excluded_machines=machine_ids(session, space_id, command.excluded_machine_names),
            form_values=command.variables,
            use_guided_failure=command.use_guided_failure,
            force_package_download=command.force_package_download,
            force_package_redeployment=command.force_package_redeployment,
            priority=command.priority,
            not_before=_zoned(command.run_at) if command.run_at else None,
            expiry=_zoned(command.no_run_after) if command.no_run_after else None,
            override=Override(command.deployment_freeze_names, command.deployment_freeze_override_reason),
        )
        for environment in environments
    ]


def wish_of(session: Session, space_id: str, wanted: Deployment) -> Wish:
    """A deployment as it is posted, by ids."""
    release = session.find(RELEASES, wanted.release_id)
    if release is None or release.space_id != space_id:
        raise Invalid(f"ReleaseId names the release '{wanted.release_id}', which does not exist in this space.")
    environment = session.find(ENVIRONMENTS, wanted.environment_id)
    if environment is None or environment.space_id != space_id:
        raise Invalid(
            f"EnvironmentId names the environment '{wanted.environment_id}', which does not exist in this space."
        )
    return Wish(
        release=release,
        environment=environment,
        tenant=tenant_of(session, space_id, wanted.tenant_id) if wanted.tenant_id else None,
        comments=wanted.comments,
        skip_actions=wanted.skip_actions,
        specific_machines=machine_ids(session, space_id, wanted.specific_machine_ids),
        excluded_machines=machine_ids(session, space_id, wanted.excluded_machine_ids),
        form_values=wanted.form_values,
        use_guided_failure=wanted.use_guided_failure or None,
        force_package_download=wanted.force_package_download,
        force_package_redeployment=wanted.force_package_redeployment,
        priority=wanted.priority,
        not_before=_zoned(wanted.queue_time) if wanted.queue_time else None,
        expiry=_zoned(wanted.queue_time_expiry) if wanted.queue_time_expiry else None,
    )


def action_ids(process: Process, names: Sequence[str], holder: str = "release") -> list[str]:
    """The actions that are named by name, slug or id. `holder` says in errors where there is no such step."""
    known = named_actions(process)
    unknown = [name for name in names if name.casefold() not in known]
    if unknown:
        raise Invalid(f"The {holder} has no step '{unknown[0]}'; its steps are {', '.join(_labels(process))}.")
    return [known[name.casefold()].id for name in names]


def _labels(process: Process) -> list[str]:
    return [step.name for step in process.steps]


def named_environments(session: Session, space_id: str, names: Sequence[str]) -> list[Environment]:
    """Each once, in the order in which they are named."""
    if not names:
        raise Invalid("EnvironmentNames is empty; name at least one environment.")
    found = (named(session, ENVIRONMENTS, space_id, name) for name in names)
    return list({environment.id: environment for environment in found}.values())


def machine_ids(session: Session, space_id: str, names: Sequence[str]) -> list[str]:
    return [named(session, MACHINES, space_id, name).id for name in names]


def named(session: Session, kind: Kind[N], space_id: str, name: str) -> N:
    """By name without case, id or slug."""
    table = kind.table
    wanted = name.strip()
    is_meant = sa.or_(table.c.name_key == wanted.casefold(), table.c.id == wanted, table.c.slug == wanted)
    found = session.first(kind, table.c.space_id == space_id, is_meant)
    if found is None:
        raise NotFound(f"There is no {kind.singular} '{name}' in this space.")
    return found
