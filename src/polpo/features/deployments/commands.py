"""From what clients send to what is asked for: names become ids, and a command becomes one wish for each place."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

import sqlalchemy as sa

from polpo.features.deploymentfreezes.service import Override
from polpo.features.deployments.resource import CreateDeploymentsV1, Deployment
from polpo.features.deployments.service import Wish, zoned
from polpo.features.deployments.subject import named_actions
from polpo.features.environments.resource import ENVIRONMENTS, Environment
from polpo.features.machines.resource import MACHINES
from polpo.features.processes.resource import Process
from polpo.features.projects.service import find_project_by_any_name
from polpo.features.releases.resource import RELEASES
from polpo.features.releases.service import process_of_release, release_of_version, take_variables_anew
from polpo.features.tenants.finding import tenant_of
from polpo.kernel.errors import Invalid, NotFound
from polpo.store.documents import Document
from polpo.store.kinds import Kind
from polpo.store.session import Session

N = TypeVar("N", bound=Document)


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
            not_before=zoned(command.run_at) if command.run_at else None,
            expiry=zoned(command.no_run_after) if command.no_run_after else None,
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
        specific_tags=wanted.specific_target_tag_ids,
        excluded_tags=wanted.excluded_target_tag_ids,
        form_values=wanted.form_values,
        use_guided_failure=wanted.use_guided_failure or None,
        force_package_download=wanted.force_package_download,
        force_package_redeployment=wanted.force_package_redeployment,
        priority=wanted.priority,
        not_before=zoned(wanted.queue_time) if wanted.queue_time else None,
        expiry=zoned(wanted.queue_time_expiry) if wanted.queue_time_expiry else None,
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
