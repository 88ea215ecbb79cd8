"""What the last health check of a target found, and what it said."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Literal

from polpo.features.machines.resource import MACHINES, DeploymentTarget, HealthStatus
from polpo.rest.links import register
from polpo.store.documents import Document, Resource, ref
from polpo.store.kinds import define
from polpo.store.session import Session

_STATUS = {"Healthy": "Online", "HasWarnings": "Online", "Unhealthy": "Online", "Unavailable": "Offline"}


class ConnectionLogLine(Resource):
    category: Literal["Verbose", "Info", "Warning", "Error"]
    occurred_at: datetime
    message_text: str
    detail: str | None = None


class MachineConnectionStatus(Document):
    """Kept with its target. `status` is the health status."""

    space_id: str = ""
    machine_id: Annotated[str, ref("Machines")] = ""
    status: str = "Unknown"
    last_checked: datetime | None = None
    current_tentacle_version: str | None = None
    logs: list[ConnectionLogLine] = []


MACHINE_CONNECTIONS = define(
    "MachineConnections",
    MachineConnectionStatus,
    singular="machine connection",
    order=("seq",),
    owned_by=["Machines"],
)

register(
    MachineConnectionStatus,
    {
        "Self": "/api/{SpaceId}/machines/{MachineId}/connection",
        "Machine": "/api/{SpaceId}/machines/{MachineId}",
        "Health": "/api/{SpaceId}/tasks",
    },
)


def connection_of(session: Session, machine: DeploymentTarget) -> MachineConnectionStatus:
    found = session.find(MACHINE_CONNECTIONS, _connection_id(machine.id))
    return found or MachineConnectionStatus(
        id=_connection_id(machine.id), space_id=machine.space_id, machine_id=machine.id
    )


def record_health(
    session: Session,
    machine_id: str,
    status: HealthStatus,
    summary: str,
    logs: Sequence[ConnectionLogLine] = (),
    *,
    agent_version: str | None = None,
    facts: dict[str, str] | None = None,
) -> DeploymentTarget:
    """Keeps the outcome of a check. `facts` are what the target told of itself, by attribute: `operating_system`…"""
    machine = session.get(MACHINES, machine_id)
    machine.health_status, machine.status_summary = status, summary
    machine.status = _STATUS.get(status, "Unknown")
    for attribute, value in (facts or {}).items():
        setattr(machine, attribute, value)
    session.update(MACHINES, machine)
    _keep(session, machine, logs, agent_version)
    return machine


def _keep(
    session: Session, machine: DeploymentTarget, logs: Sequence[ConnectionLogLine], agent_version: str | None
) -> None:
    connection = connection_of(session, machine)
    connection.status, connection.last_checked = machine.health_status, session.clock.now()
    connection.logs = list(logs)
    connection.current_tentacle_version = agent_version or connection.current_tentacle_version
    if session.find(MACHINE_CONNECTIONS, connection.id) is None:
        session.insert(MACHINE_CONNECTIONS, connection)
    else:
        session.update(MACHINE_CONNECTIONS, connection)


def _connection_id(machine_id: str) -> str:
    return f"connection-{machine_id}"
