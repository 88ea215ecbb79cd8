"""The documents that a plan speaks of; those of a deployment are found by its release."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from polpo.features.channels.resource import CHANNELS, Channel
from polpo.features.environments.resource import ENVIRONMENTS, Environment
from polpo.features.processes.resource import DEPLOYMENT_PROCESSES, DeploymentAction, Process
from polpo.features.processes.service import actions_of
from polpo.features.projects.resource import PROJECTS, DeploymentConnectivityPolicy, Project
from polpo.features.projects.service import apply_settings
from polpo.features.releases.resource import (
    Release,
    SelectedGitResource,
    SelectedPackage,
    SnapshotGitReference,
)
from polpo.features.variables.resource import VARIABLE_SETS, Variable
from polpo.features.variables.snapshots import frozen_variables
from polpo.kernel.errors import TaskError
from polpo.store.documents import SensitiveValue
from polpo.store.session import Session


class Order(Protocol):
    """What a person asked for: a deployment, or the run of a runbook."""

    form_values: dict[str, str | None]
    sensitive_form_values: dict[str, SensitiveValue]
    skip_actions: list[str]
    specific_machine_ids: list[str]
    excluded_machine_ids: list[str]
    specific_target_tag_ids: list[str]
    excluded_target_tag_ids: list[str]
    force_package_download: bool
    use_guided_failure: bool
    resumed_from: str | None
    include_excluded: bool
    tenant_id: str | None


@dataclass(frozen=True, kw_only=True)
class Subject:
    """What is to be done, and with what. `owner_id` says whose process it is: values may be scoped to that.

    `library` has the variables of the library sets, in their order. `frozen_as` is how sentences call what holds the
    steps and the versions of packages. `own_reference` is where the process was read, for a project in Git.
    """

    project: Project
    environment: Environment
    process: Process
    variables: Sequence[Variable]
    selected_packages: Sequence[SelectedPackage]
    policy: DeploymentConnectivityPolicy
    owner_id: str
    channel_id: str = ""
    library: Sequence[Variable] = ()
    selected_git_resources: Sequence[SelectedGitResource] = ()
    own_reference: SnapshotGitReference | None = None
    frozen_as: str = "release"

    @property
    def all_variables(self) -> Sequence[Variable]:
        """The project's first, which win where all else is equal."""
        return [*self.variables, *self.library]


@dataclass(frozen=True, kw_only=True)
class ReleaseSubject(Subject):
    """The documents that a deployment speaks of."""

    release: Release
    channel: Channel


def subject_of(session: Session, release: Release, environment_id: str) -> ReleaseSubject:
    process = session.find(DEPLOYMENT_PROCESSES, release.project_deployment_process_snapshot_id)
    variables = session.find(VARIABLE_SETS, release.project_variable_set_snapshot_id)
    if process is None or variables is None:
        raise TaskError(f"The frozen process or variables of release {release.version} are gone; make a new release.")
    project = project_of(session, release)
    return ReleaseSubject(
        project=project,
        release=release,
        environment=session.get(ENVIRONMENTS, environment_id),
        channel=session.get(CHANNELS, release.channel_id),
        process=process,
        variables=variables.variables,
        library=frozen_variables(session, release.library_variable_set_snapshot_ids),
        selected_packages=release.selected_packages,
        selected_git_resources=release.selected_git_resources,
        own_reference=release.version_control_reference,
        policy=project.project_connectivity_policy or DeploymentConnectivityPolicy(),
        owner_id=project.id,
        channel_id=release.channel_id,
    )


def project_of(session: Session, release: Release) -> Project:
    """The project with the settings that hold for the release: for one in Git, those of its commit."""
    project = session.get(PROJECTS, release.project_id)
    return apply_settings(project, release.deployment_settings) if release.deployment_settings else project


def named_actions(process: Process) -> dict[str, DeploymentAction]:
    """Actions by id, slug and name without case."""
    found: dict[str, DeploymentAction] = {}
    for action in actions_of(process.steps):
        for key in (action.name, action.slug, action.id):
            found[key.casefold()] = action
    return found
