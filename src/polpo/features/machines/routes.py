"""Deployment targets over HTTP."""

from __future__ import annotations

from polpo.features.environments.resource import ENVIRONMENTS
from polpo.features.environments.routes import environments
from polpo.features.machines.discovery import DISCOVERY_QUERY, discover_endpoint
from polpo.features.machines.health import MachineConnectionStatus, connection_of
from polpo.features.machines.requesting import check_when_new
from polpo.features.machines.resource import MACHINES, DeploymentTarget
from polpo.features.machines.service import (
    MACHINE_FILTERS,
    distinct_values,
    in_environments,
    roles_of,
    settle_machine,
)
from polpo.features.machines.summary import SUMMARY_QUERY, EnvironmentsSummary, summarise
from polpo.features.machines.tasks import TASKS_QUERY, tasks_of
from polpo.features.tasks.resource import Task
from polpo.kernel.errors import NotFound
from polpo.rest.answers import Page
from polpo.rest.call import Call
from polpo.rest.collection import Collection, permissions_of
from polpo.rest.permissions import Permission
from polpo.rest.protection import Where, protection_of
from polpo.rest.routes import Routes

routes = Routes("machines")


class _Machines(Collection[DeploymentTarget]):
    def insert(self, call: Call, document: DeploymentTarget) -> DeploymentTarget:
        machine = super().insert(call, document)
        check_when_new(call, machine)
        return machine


machines = _Machines(
    MACHINES,
    "/machines",
    **permissions_of("Machine"),
    prepare=settle_machine,
    filters=MACHINE_FILTERS,
    depends=("Deployments",),
)


@routes.get("/machines/discover", Permission.MACHINE_CREATE, query=DISCOVERY_QUERY, asks_scope=True)
async def discover_machine(call: Call) -> DeploymentTarget:
    """Ask an address who is there; the answer is a target to be confirmed, which is not stored"""
    call.settle()
    name, endpoint = await discover_endpoint(call)
    return DeploymentTarget(
        space_id=call.space, name=name, endpoint=endpoint, thumbprint=endpoint.thumbprint, uri=endpoint.uri
    )


@routes.get("/machines/operatingsystem/names/all", Permission.MACHINE_VIEW)
def operating_systems(call: Call) -> list[str]:
    """The operating systems that health checks have found"""
    return distinct_values(call.session, call.space, MACHINES.table.c.operating_system, _visible(call))


@routes.get("/machines/operatingsystem/shells/all", Permission.MACHINE_VIEW)
def shells(call: Call) -> list[str]:
    """The shells that health checks have found"""
    return distinct_values(call.session, call.space, MACHINES.table.c.shell_name, _visible(call))


@routes.get("/machineroles/all", Permission.MACHINE_VIEW)
def roles(call: Call) -> list[str]:
    """Every tag that a target has"""
    return roles_of(call.session, call.space, _visible(call))


def _visible(call: Call) -> list[Where]:
    return call.narrowed(Permission.MACHINE_VIEW, protection_of(MACHINES))


@routes.get(
    "/environments/summary",
    Permission.ENVIRONMENT_VIEW,
    query=SUMMARY_QUERY,
    depends=(ENVIRONMENTS.name, MACHINES.name, "Deployments"),
)
def summary(call: Call) -> EnvironmentsSummary:
    """The environments with the numbers of their targets, by health and style"""
    return summarise(call, call.session.all(ENVIRONMENTS, *environments.where(call)))


machines.register(routes)


@routes.get("/machines/{id}/connection", Permission.MACHINE_VIEW)
def connection(call: Call, id: str) -> MachineConnectionStatus:
    """What the last health check of a target found"""
    return connection_of(call.session, machines.find(call, id))


@routes.get("/machines/{id}/tasks", Permission.TASK_VIEW, response=Task, paged=True, query=TASKS_QUERY)
def machine_tasks(call: Call, id: str) -> Page[Task]:
    """The tasks about a target alone, newest first"""
    return tasks_of(call, machines.find(call, id))


@routes.get(
    "/environments/{id}/machines",
    Permission.MACHINE_VIEW,
    paged=True,
    response=DeploymentTarget,
    query=("skip", "take", "partialName", *MACHINE_FILTERS),
)
def machines_of_environment(call: Call, id: str) -> Page[DeploymentTarget]:
    """The targets of an environment"""
    table = ENVIRONMENTS.table
    scoped = table.c.space_id == call.space
    found = call.session.first(ENVIRONMENTS, table.c.id == id, scoped) or call.session.first(
        ENVIRONMENTS, table.c.slug == id, scoped
    )
    if found is None:
        raise NotFound(f"There is no environment with the id or slug '{id}' in this space.")
    return machines.page(call, in_environments(call.session, [found.id]))
