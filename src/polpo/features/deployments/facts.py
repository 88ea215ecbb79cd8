"""The system variables that hold in a whole deployment, from one look at the database."""

from __future__ import annotations

from collections.abc import Iterable

import sqlalchemy as sa

from polpo.engine import TaskState, find_task, server_task
from polpo.features.configuration.sections import SERVER
from polpo.features.configuration.service import read_section
from polpo.features.deployments.changes import change_facts
from polpo.features.deployments.plan import Plan, PlannedTarget
from polpo.features.deployments.resource import DEPLOYMENTS, Deployment
from polpo.features.deployments.subject import ReleaseSubject, Subject
from polpo.features.machinepolicies.resource import MachinePolicy
from polpo.features.machines.addressing import address_facts
from polpo.features.machines.endpointvariables import endpoint_variables, gives_variables
from polpo.features.machines.resource import MACHINES, DeploymentTarget, Machine
from polpo.features.machines.signingin import sign_in_misuse
from polpo.features.projectgroups.resource import PROJECT_GROUPS
from polpo.features.releases.resource import RELEASES, Release, SnapshotGitReference
from polpo.features.spaces.resource import SPACES
from polpo.features.users.resource import USERS
from polpo.kernel.clock import iso
from polpo.kernel.errors import TaskError
from polpo.store.session import Session

_d, _r = DEPLOYMENTS.table, RELEASES.table
_BRANCHES, _TAGS = "refs/heads/", "refs/tags/"
_EXCLUDED = "Octopus.Deployment.ExcludedMachines"


def facts_of(session: Session, subject: ReleaseSubject, deployment: Deployment) -> dict[str, str]:
    """The system variables that hold in the whole deployment."""
    project, release = subject.project, subject.release
    facts: dict[str, str | None] = {
        **place_facts(session, subject),
        "Release.Id": release.id,
        "Release.Number": release.version,
        "Release.Notes": release.release_notes or "",
        "Release.Created": iso(release.assembled) if release.assembled else "",
        **git_facts("Release.Git", release.version_control_reference),
        "Release.Channel.Id": subject.channel.id,
        "Release.Channel.Name": subject.channel.name,
        **{f"Release.CustomFields[{name}]": text for name, text in release.custom_fields.items()},
        **_deployment_facts(session, deployment),
        **change_facts(deployment),
        **_history_facts(session, subject, deployment),
        "Web.ReleaseLink": f"/app#/{project.space_id}/releases/{release.id}",
        "Web.DeploymentLink": f"/app#/{project.space_id}/deployments/{deployment.id}",
    }
    return {f"Octopus.{name}": text for name, text in facts.items() if text is not None}


def place_facts(session: Session, subject: Subject) -> dict[str, str | None]:
    """Of server, space, project and environment, under names without the prefix."""
    address = read_section(session, SERVER).server_uri
    project, environment = subject.project, subject.environment
    group, space = session.find(PROJECT_GROUPS, project.project_group_id), session.find(SPACES, project.space_id)
    return {
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
        "Web.ServerUri": address,
        "Web.BaseUrl": address,
        "Web.ProjectLink": f"/app#/{project.space_id}/projects/{project.slug}",
    }


def git_facts(place: str, source: SnapshotGitReference | None) -> dict[str, str | None]:
    """Where a process in Git was read; none of them for one in the database. `place` is what the names begin with."""
    if source is None:
        return {}
    ref = source.git_ref or ""
    return {
        f"{place}.Ref": ref,
        f"{place}.BranchName": ref.removeprefix(_BRANCHES) if ref.startswith(_BRANCHES) else None,
        f"{place}.TagName": ref.removeprefix(_TAGS) if ref.startswith(_TAGS) else None,
        f"{place}.CommitHash": source.git_commit,
    }


def task_facts(session: Session, task_id: str) -> dict[str, str | None]:
    """Of the task that does it; there is none while one looks ahead."""
    task = find_task(session, task_id) if task_id else None
    return {"Task.Id": task_id, "Task.Name": task.description if task else ""}


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
        **task_facts(session, deployment.task_id),
        "Task.Argument[DeploymentId]": deployment.id,
        "Task.QueueTime": iso(deployment.queue_time) if deployment.queue_time else "",
        "Task.QueueTimeExpiry": iso(deployment.queue_time_expiry) if deployment.queue_time_expiry else "",
    }


def _history_facts(session: Session, subject: ReleaseSubject, deployment: Deployment) -> dict[str, str | None]:
    """What was there before: of the project, and of the project in this environment."""
    attempted, current = (
        _last_deployed(session, subject, deployment, is_successful=wanted) for wanted in (False, True)
    )
    previous = _release_before(session, subject)
    return {
        "Release.Previous.Id": previous[0],
        "Release.Previous.Number": previous[1],
        "Release.PreviousForEnvironment.Id": attempted[1],
        "Release.PreviousForEnvironment.Number": attempted[2],
        "Release.CurrentForEnvironment.Id": current[1],
        "Release.CurrentForEnvironment.Number": current[2],
        "Deployment.PreviousSuccessful.Id": current[0],
    }


def _last_deployed(
    session: Session, subject: ReleaseSubject, deployment: Deployment, *, is_successful: bool
) -> tuple[str, str, str]:
    """Ids of the deployment and its release, and the release's number; empty when there is none."""
    place = (
        _d.c.project_id == subject.project.id,
        _d.c.environment_id == subject.environment.id,
        _d.c.tenant_id == deployment.tenant_id,
    )
    statement = sa.select(_d.c.id, _r.c.id, _r.c.version).join(_r, _r.c.id == _d.c.release_id)
    statement = statement.where(*place, _d.c.id != deployment.id).order_by(_d.c.seq.desc()).limit(1)
    if is_successful:
        statement = statement.join(server_task, server_task.c.id == _d.c.task_id)
        statement = statement.where(server_task.c.state == TaskState.SUCCESS)
    row = session.connection.execute(statement).first()
    return (row[0], row[1], row[2]) if row else ("", "", "")


def current_release(session: Session, project_id: str, environment_id: str, tenant_id: str | None) -> Release | None:
    """The release of the last deployment that succeeded there."""
    place = (_d.c.project_id == project_id, _d.c.environment_id == environment_id, _d.c.tenant_id == tenant_id)
    statement = sa.select(_d.c.release_id).join(server_task, server_task.c.id == _d.c.task_id)
    statement = statement.where(*place, server_task.c.state == TaskState.SUCCESS).order_by(_d.c.seq.desc()).limit(1)
    return session.find(RELEASES, session.connection.execute(statement).scalar())


def _release_before(session: Session, subject: ReleaseSubject) -> tuple[str, str]:
    own = sa.select(_r.c.seq).where(_r.c.id == subject.release.id).scalar_subquery()
    statement = sa.select(_r.c.id, _r.c.version).where(_r.c.project_id == subject.project.id, _r.c.seq < own)
    row = session.connection.execute(statement.order_by(_r.c.seq.desc()).limit(1)).first()
    return (row[0], row[1]) if row else ("", "")


def planned_target(machine: Machine, policy: MachinePolicy | None) -> PlannedTarget:
    """A machine as it is now."""
    return PlannedTarget(
        **address_facts(machine, policy or MachinePolicy()),
        roles=machine.roles if isinstance(machine, DeploymentTarget) else [],
        health_status=machine.health_status,
    )


def add_variables(session: Session, targets: Iterable[PlannedTarget], *, opens: bool = True) -> None:
    """Gives the targets the variables that their endpoints stand for now. Without `opens`, some of them are empty.

    TaskError for a target whose account or certificate is restricted to others; without `opens` it is given nothing.
    """
    giving = {target.id: target for target in targets if gives_variables(target.style)}
    for machine_id, machine in session.by_ids(MACHINES, giving).items():
        if fault := sign_in_misuse(session, machine):
            if opens:
                raise TaskError(fault)
            continue
        giving[machine_id].variables = endpoint_variables(session, machine.endpoint, opens=opens)


def machine_facts(plan: Plan) -> dict[str, str]:
    """What is known of targets once the plan is made: who takes part, and who was left out for whatever reason."""
    roles: dict[str, list[str]] = {}
    for target in plan.targets.values():
        for role in target.roles:
            roles.setdefault(role, []).append(target.id)
    found = {f"Octopus.Environment.MachinesInRole[{role}]": ",".join(ids) for role, ids in roles.items()}
    actions = [action for step in plan.steps for action in step.actions]
    left_out = {one for action in actions for one in (*action.left_out, *action.unavailable)}
    asked = filter(None, plan.fixed.get(_EXCLUDED, "").split(","))
    excluded = sorted({*asked, *(left_out - plan.targets.keys())})
    return {**found, "Octopus.Deployment.Machines": ",".join(plan.targets), _EXCLUDED: ",".join(excluded)}
