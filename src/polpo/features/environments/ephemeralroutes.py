"""Ephemeral environments over HTTP."""

from __future__ import annotations

from polpo.features.deployments.resource import DEPLOYMENTS
from polpo.features.environments.deprovisioning import DeprovisioningRun, start_deprovisioning
from polpo.features.environments.ephemeral import disconnect, ephemeral_channel, open_environment
from polpo.features.environments.resource import ENVIRONMENTS, Environment
from polpo.features.projects.resource import PROJECTS, Project
from polpo.features.projects.service import find_project
from polpo.kernel.errors import Invalid, NotFound
from polpo.rest.call import Call
from polpo.rest.permissions import Permission
from polpo.rest.routes import Routes
from polpo.store.documents import Resource

routes = Routes("environments")


class CreateEphemeralEnvironment(Resource):
    environment_name: str = ""


class CreatedEphemeralEnvironment(Resource):
    id: str


class EphemeralEnvironmentStatus(Resource):
    """`NotConnected`, `NotProvisioned` or `Provisioned`, as the project sees it."""

    status: str


class DeprovisionedForProject(Resource):
    """The run of the runbook that takes the project's infrastructure away, where it has one."""

    deprovisioning_run: DeprovisioningRun | None = None


class Deprovisioned(Resource):
    deprovisioning_runs: list[DeprovisioningRun] = []


class Deprovision(Resource):
    """Nothing is asked for yet."""


@routes.post("/projects/{project_id}/environments/ephemeral", Permission.ENVIRONMENT_CREATE, status=201)
def create(call: Call, project_id: str, body: CreateEphemeralEnvironment) -> CreatedEphemeralEnvironment:
    """Create an ephemeral environment for a project, or let the project use the one of that name"""
    project = find_project(call.session, call.space, project_id)
    channel = ephemeral_channel(call.session, project)
    call.require(Permission.ENVIRONMENT_CREATE, environment_id=channel.parent_environment_id)
    made = open_environment(call, project, channel, body.environment_name)
    return CreatedEphemeralEnvironment(made.id)


@routes.get("/projects/{project_id}/environments/ephemeral/{id}/status", Permission.ENVIRONMENT_VIEW)
def status(call: Call, project_id: str, id: str) -> EphemeralEnvironmentStatus:
    """Say how a project stands with an ephemeral environment"""
    project, environment = find_project(call.session, call.space, project_id), _ephemeral(call, id)
    if project.id not in environment.connected_project_ids:
        return EphemeralEnvironmentStatus("NotConnected")
    table = DEPLOYMENTS.table
    used = call.session.count(DEPLOYMENTS, table.c.project_id == project.id, table.c.environment_id == environment.id)
    return EphemeralEnvironmentStatus("Provisioned" if used else "NotProvisioned")


@routes.post("/projects/{project_id}/environments/ephemeral/{id}/deprovision", Permission.ENVIRONMENT_DELETE)
def deprovision_for_project(call: Call, project_id: str, id: str, body: Deprovision) -> DeprovisionedForProject:
    """Take an ephemeral environment from a project; the last one takes it away altogether"""
    project, environment = find_project(call.session, call.space, project_id), _ephemeral(call, id)
    if project.id not in environment.connected_project_ids:
        sentence = f"{environment.name} is not connected to {project.name}."
        raise Invalid(sentence, [sentence])
    return DeprovisionedForProject(next(iter(_end(call, environment, [project])), None))


@routes.post("/environments/ephemeral/{id}/deprovision", Permission.ENVIRONMENT_DELETE)
def deprovision(call: Call, id: str, body: Deprovision) -> Deprovisioned:
    """Take an ephemeral environment away from all of its projects"""
    environment = _ephemeral(call, id)
    projects = call.session.by_ids(PROJECTS, environment.connected_project_ids)
    return Deprovisioned(_end(call, environment, list(projects.values())))


def _end(call: Call, environment: Environment, projects: list[Project]) -> list[DeprovisioningRun]:
    """Projects whose runbook has to run first stay connected; asked again once it has succeeded, they leave, too."""
    runs = {project.id: start_deprovisioning(call, environment, project) for project in projects}
    started = {project_id: run for project_id, run in runs.items() if run is not None}
    disconnect(call.session, environment, [project.id for project in projects if project.id not in started])
    return list(started.values())


def _ephemeral(call: Call, identity: str) -> Environment:
    found = call.session.find(ENVIRONMENTS, identity)
    if found is None or found.space_id != call.space or found.type != "Ephemeral":
        raise NotFound(f"There is no ephemeral environment with the id '{identity}' in this space.")
    call.guard(ENVIRONMENTS, found)
    return found
