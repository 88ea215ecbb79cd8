"""Reading all that a plan is made of: the release's frozen parts, the environment's targets, the values, the facts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from polpo.features.channels.resource import CHANNELS, Channel
from polpo.features.deployments.plan import Plan, PlannedTarget, PlannedValue
from polpo.features.deployments.planning import Candidate, Situation, Wishes, make_plan
from polpo.features.deployments.resource import Deployment
from polpo.features.environments.resource import ENVIRONMENTS, Environment
from polpo.features.machinepolicies.resource import MACHINE_POLICIES, MachinePolicy
from polpo.features.machines.checking import address_of
from polpo.features.machines.resource import MACHINES, DeploymentTarget
from polpo.features.machines.service import in_environments
from polpo.features.packages.resource import Package
from polpo.features.packages.service import find_package
from polpo.features.processes.resource import DEPLOYMENT_PROCESSES, DeploymentAction, DeploymentProcess
from polpo.features.processes.service import actions_of
from polpo.features.projectgroups.resource import PROJECT_GROUPS
from polpo.features.projects.resource import PROJECTS, DeploymentConnectivityPolicy, Project
from polpo.features.releases.resource import RELEASES, Release
from polpo.features.spaces.resource import SPACES
from polpo.features.users.resource import USERS
from polpo.features.variables.resource import VARIABLE_SETS, Variable
from polpo.features.variables.service import text_of
from polpo.kernel.clock import iso
from polpo.kernel.errors import NotBuilt, NotFound, TaskError
from polpo.languages.substitution import VariableDictionary
from polpo.steps.work import Catalogue, PackageFile
from polpo.store.documents import SensitiveValue
from polpo.store.session import Session


@dataclass(frozen=True)
class Subject:
    """The documents that a deployment speaks of."""

    project: Project
    release: Release
    environment: Environment
    channel: Channel
    process: DeploymentProcess
    variables: Sequence[Variable]


def subject_of(session: Session, release: Release, environment_id: str) -> Subject:
    process = session.find(DEPLOYMENT_PROCESSES, release.project_deployment_process_snapshot_id)
    variables = session.find(VARIABLE_SETS, release.project_variable_set_snapshot_id)
    if process is None or variables is None:
        raise TaskError(f"The frozen process or variables of release {release.version} are gone; make a new release.")
    return Subject(
        project=session.get(PROJECTS, release.project_id),
        release=release,
        environment=session.get(ENVIRONMENTS, environment_id),
        channel=session.get(CHANNELS, release.channel_id),
        process=process,
        variables=variables.variables,
    )


def plan_for(session: Session, subject: Subject, deployment: Deployment, catalogue: Catalogue) -> Plan:
    """The plan of a deployment as things are now."""
    values = planned_values(session, subject.variables, deployment)
    facts = facts_of(session, subject, deployment)
    situation = _situation(session, subject, catalogue, [*values, *_as_values(facts)])
    wishes = Wishes(
        skip_actions=frozenset(deployment.skip_actions),
        specific_machines=frozenset(deployment.specific_machine_ids),
        excluded_machines=frozenset(deployment.excluded_machine_ids),
    )
    plan = make_plan(subject.process.steps, situation, wishes)
    plan.values = values
    plan.fixed = {**facts, **_machines_in_role(plan)}
    return plan


def planned_values(session: Session, variables: Sequence[Variable], deployment: Deployment) -> list[PlannedValue]:
    """Every value of the set; what a person entered for a prompt stands in the place of the stored one."""
    return [
        PlannedValue(
            name=variable.name,
            value=_entered(session, variable, deployment) or text_of(session, variable),
            is_sensitive=variable.is_sensitive,
            scope=_scope_of(variable),
        )
        for variable in variables
    ]


def _entered(session: Session, variable: Variable, deployment: Deployment) -> str | None:
    if variable.prompt is None:
        return None
    sealed = deployment.sensitive_form_values.get(variable.id)
    return session.reveal(sealed) if sealed else deployment.form_values.get(variable.id)


def _scope_of(variable: Variable) -> dict[str, list[str]]:
    scope = variable.scope
    return {name: list(ids) for name in scope.__struct_fields__ if (ids := getattr(scope, name))}


# -- the situation


def _situation(session: Session, subject: Subject, catalogue: Catalogue, values: Sequence[PlannedValue]) -> Situation:
    policy = subject.project.project_connectivity_policy or DeploymentConnectivityPolicy()
    kinds = list(catalogue)
    packages = _packages(session, subject, values)
    return Situation(
        environment_id=subject.environment.id,
        environment_name=subject.environment.name,
        channel_id=subject.channel.id,
        candidates=_candidates(session, subject.environment),
        server_types=frozenset(kind.type for kind in kinds if kind.place == "server"),
        known_types=frozenset(kind.type for kind in kinds),
        packages=packages.files,
        package_faults=packages.faults,
        secrets=_secret_properties(session, subject.process),
        skip_unavailable=policy.skip_machine_behavior == "SkipUnavailableMachines",
        exclude_unhealthy=policy.exclude_unhealthy_targets,
        no_targets_permitted=policy.allow_deployments_to_no_targets,
    )


def _candidates(session: Session, environment: Environment) -> list[Candidate]:
    table = MACHINES.table
    here = in_environments(session, [environment.id])
    machines = session.all(MACHINES, table.c.space_id == environment.space_id, here)
    policies = session.by_ids(MACHINE_POLICIES, {machine.machine_policy_id for machine in machines})
    return [_candidate(machine, policies.get(machine.machine_policy_id)) for machine in machines]


def _candidate(machine: DeploymentTarget, policy: MachinePolicy | None) -> Candidate:
    policy = policy or MachinePolicy()
    behaviour = policy.machine_connectivity_policy.machine_connectivity_behavior
    return Candidate(
        target=PlannedTarget(**address_of(machine, policy), roles=machine.roles, health_status=machine.health_status),
        is_disabled=machine.is_disabled,
        may_be_skipped=behaviour == "MayBeOfflineAndCanBeSkipped",
    )


@dataclass
class _Packages:
    """The release's selection, with the files that the built-in repository has for it, or why it has none."""

    files: dict[tuple[str, str], PackageFile] = field(default_factory=dict)
    faults: dict[tuple[str, str], str] = field(default_factory=dict)


def _packages(session: Session, subject: Subject, values: Sequence[PlannedValue]) -> _Packages:
    selected = {
        (one.action_name.casefold(), (one.package_reference_name or "").casefold()): one.version
        for one in subject.release.selected_packages
    }
    texts = VariableDictionary()
    for value in values:
        if not value.scope or subject.environment.id in value.scope.get("environment", []):
            texts.set(value.name, value.value)
    packages = _Packages()
    for action in actions_of(subject.process.steps):
        for package in action.packages:
            key = (action.name.casefold(), (package.name or "").casefold())
            if key not in selected:
                continue
            package_id, feed_id = texts.evaluate(package.package_id), texts.evaluate(package.feed_id)
            try:
                stored = find_package(session, subject.project.space_id, feed_id, package_id, selected[key])
            except (NotFound, NotBuilt) as error:
                packages.faults[key] = f"Step '{action.name}': {error.message}"
            else:
                packages.files[key] = _file(package.name or "", feed_id, stored)
    return packages


def _file(reference_name: str, feed_id: str, stored: Package) -> PackageFile:
    return PackageFile(
        reference=reference_name,
        package_id=stored.package_id,
        version=stored.version,
        feed_id=feed_id,
        extension=stored.extension,
        sha1=stored.hash,
        sha256=stored.sha256,
        size=stored.size,
        blob_key=stored.blob_key,
    )


def _secret_properties(session: Session, process: DeploymentProcess) -> dict[tuple[str, str], str]:
    return {
        (action.id, name): session.reveal(value) or ""
        for action in actions_of(process.steps)
        for name, value in action.properties.items()
        if isinstance(value, SensitiveValue)
    }


# -- facts


def facts_of(session: Session, subject: Subject, deployment: Deployment) -> dict[str, str]:
    """The system variables that hold in the whole deployment."""
    project, release, environment = subject.project, subject.release, subject.environment
    group, space = session.find(PROJECT_GROUPS, project.project_group_id), session.find(SPACES, project.space_id)
    facts: dict[str, str | None] = {
        "Space.Id": project.space_id,
        "Space.Name": space.name if space else "",
        "Project.Id": project.id,
        "Project.Name": project.name,
        "Project.Slug": project.slug,
        "ProjectGroup.Id": project.project_group_id,
        "ProjectGroup.Name": group.name if group else "",
        "Environment.Id": environment.id,
        "Environment.Name": environment.name,
        "Environment.Slug": environment.slug,
        "Environment.SortOrder": str(environment.sort_order),
        "Release.Id": release.id,
        "Release.Number": release.version,
        "Release.Notes": release.release_notes or "",
        "Release.Created": iso(release.assembled) if release.assembled else "",
        "Release.Channel.Id": subject.channel.id,
        "Release.Channel.Name": subject.channel.name,
        **{f"Release.CustomFields[{name}]": text for name, text in release.custom_fields.items()},
        **_deployment_facts(session, deployment),
        "Web.ProjectLink": f"/app#/{project.space_id}/projects/{project.slug}",
        "Web.ReleaseLink": f"/app#/{project.space_id}/releases/{release.id}",
        "Web.DeploymentLink": f"/app#/{project.space_id}/deployments/{deployment.id}",
    }
    return {f"Octopus.{name}": text for name, text in facts.items() if text is not None}


def _deployment_facts(session: Session, deployment: Deployment) -> dict[str, str | None]:
    user = session.find(USERS, deployment.deployed_by_id)
    return {
        "Deployment.Id": deployment.id,
        "Deployment.Name": deployment.name,
        "Deployment.Comments": deployment.comments or "",
        "Deployment.Created": iso(deployment.created) if deployment.created else "",
        "Deployment.CreatedBy.Id": deployment.deployed_by_id,
        "Deployment.CreatedBy.Username": user.username if user else None,
        "Deployment.CreatedBy.DisplayName": deployment.deployed_by,
        "Deployment.CreatedBy.EmailAddress": user.email_address if user else None,
        "Deployment.ForcePackageDownload": str(deployment.force_package_download),
        "Deployment.SpecificMachines": ",".join(deployment.specific_machine_ids),
        "Deployment.ExcludedMachines": ",".join(deployment.excluded_machine_ids),
        "Task.Id": deployment.task_id,
        "Task.QueueTime": iso(deployment.queue_time) if deployment.queue_time else "",
    }


def _machines_in_role(plan: Plan) -> dict[str, str]:
    roles: dict[str, list[str]] = {}
    for target in plan.targets.values():
        for role in target.roles:
            roles.setdefault(role, []).append(target.id)
    found = {f"Octopus.Environment.MachinesInRole[{role}]": ",".join(ids) for role, ids in roles.items()}
    return {**found, "Octopus.Deployment.Machines": ",".join(plan.targets)}


def _as_values(facts: Mapping[str, str]) -> list[PlannedValue]:
    return [PlannedValue(name=name, value=text) for name, text in facts.items()]


def named_actions(process: DeploymentProcess) -> dict[str, DeploymentAction]:
    """Actions by id, slug and name without case."""
    found: dict[str, DeploymentAction] = {}
    for action in actions_of(process.steps):
        for key in (action.name, action.slug, action.id):
            found[key.casefold()] = action
    return found


def release_named(session: Session, project: Project, version: str) -> Release | None:
    table = RELEASES.table
    return session.first(RELEASES, table.c.project_id == project.id, table.c.version_key == version.strip().casefold())
