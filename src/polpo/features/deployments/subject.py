"""The documents that a deployment speaks of, found by its release."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from polpo.features.channels.resource import CHANNELS, Channel
from polpo.features.environments.resource import ENVIRONMENTS, Environment
from polpo.features.processes.resource import DEPLOYMENT_PROCESSES, DeploymentAction, DeploymentProcess
from polpo.features.processes.service import actions_of
from polpo.features.projects.resource import PROJECTS, Project
from polpo.features.releases.resource import Release
from polpo.features.variables.resource import VARIABLE_SETS, Variable
from polpo.features.variables.snapshots import frozen_library
from polpo.kernel.errors import TaskError
from polpo.store.session import Session


@dataclass(frozen=True)
class Subject:
    """The documents that a deployment speaks of. `library`: the variables of the library sets, in their order."""

    project: Project
    release: Release
    environment: Environment
    channel: Channel
    process: DeploymentProcess
    variables: Sequence[Variable]
    library: Sequence[Variable] = ()

    @property
    def all_variables(self) -> Sequence[Variable]:
        """The project's first, which win where all else is equal."""
        return [*self.variables, *self.library]


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
        library=[
            variable
            for one in frozen_library(session, release.library_variable_set_snapshot_ids)
            for variable in one.variables
        ],
    )


def named_actions(process: DeploymentProcess) -> dict[str, DeploymentAction]:
    """Actions by id, slug and name without case."""
    found: dict[str, DeploymentAction] = {}
    for action in actions_of(process.steps):
        for key in (action.name, action.slug, action.id):
            found[key.casefold()] = action
    return found
