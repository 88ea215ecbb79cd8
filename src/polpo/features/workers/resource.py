"""A worker, as it is stored and sent."""

from __future__ import annotations

from typing import Annotated

from polpo.features.machines.health import MachineConnectionStatus
from polpo.features.machines.resource import FOUND_BY_CHECKS, Machine, communication_style, machine_columns
from polpo.rest.links import register
from polpo.store.documents import ref
from polpo.store.kinds import define


class Worker(Machine, kw_only=True):
    """A machine with an agent, or one that is reached by SSH, in one pool or more."""

    worker_pool_ids: list[Annotated[str, ref("WorkerPools")]] = []


class WorkerConnectionStatus(MachineConnectionStatus):
    """The same as for targets, kept with the worker."""

    machine_id: Annotated[str, ref("Workers")] = ""


WORKERS = define(
    "Workers",
    Worker,
    *machine_columns(),
    singular="worker",
    computed={"communication_style": communication_style},
    unique=[("name_key",), ("slug",)],
    indexes=[("thumbprint",), ("uri",)],
    quiet=FOUND_BY_CHECKS,
)

WORKER_CONNECTIONS = define(
    "WorkerConnections",
    WorkerConnectionStatus,
    singular="worker connection",
    audited=False,
    order=("seq",),
    owned_by=["Workers"],
)

register(
    Worker,
    {
        "Self": "/api/{SpaceId}/workers/{Id}",
        "Connection": "/api/{SpaceId}/workers/{Id}/connection",
        "TasksTemplate": "/api/{SpaceId}/workers/{Id}/tasks{?skip,take,type}",
    },
)
register(
    WorkerConnectionStatus,
    {
        "Self": "/api/{SpaceId}/workers/{MachineId}/connection",
        "Machine": "/api/{SpaceId}/workers/{MachineId}",
        "Health": "/api/{SpaceId}/tasks",
    },
)
