"""What the last health check of a machine found, and what it said."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, Literal

from polpo.features.machines.resource import MACHINES, HealthStatus, Machine, TentacleVersionDetails, status_of
from polpo.rest.links import register
from polpo.store.documents import Document, Resource, ref
from polpo.store.kinds import Kind, define, kinds
from polpo.store.session import Session


class ConnectionLogLine(Resource):
    category: Literal["Verbose", "Info", "Warning", "Error"]
    occurred_at: datetime
    message_text: str
    detail: str | None = None


class MachineConnectionStatus(Document):
    """Kept with its machine. `status` is the health status, `unavailable_since` the first of the checks in a row that
    did not reach it.
    """

    space_id: str = ""
    machine_id: Annotated[str, ref("Machines")] = ""
    status: str = "Unknown"
    last_checked: datetime | None = None
    current_tentacle_version: str | None = None
    unavailable_since: datetime | None = None
    logs: list[ConnectionLogLine] = []


MACHINE_CONNECTIONS = define(
    "MachineConnections",
    MachineConnectionStatus,
    singular="machine connection",
    audited=False,
    order=("seq",),
    owned_by=["Machines"],
)

#: Where the checks of each kind of machine are kept; features add theirs.
connections: dict[str, Kind[Any]] = {MACHINES.name: MACHINE_CONNECTIONS}

register(
    MachineConnectionStatus,
    {
        "Self": "/api/{SpaceId}/machines/{MachineId}/connection",
        "Machine": "/api/{SpaceId}/machines/{MachineId}",
        "Health": "/api/{SpaceId}/tasks",
    },
)


def connection_of(session: Session, machine: Machine) -> MachineConnectionStatus:
    kind = connections[kind_of(machine.id).name]
    found: MachineConnectionStatus | None = session.find(kind, _connection_id(machine.id))
    if found is not None:
        return found
    made: MachineConnectionStatus = kind.document(
        id=_connection_id(machine.id), space_id=machine.space_id, machine_id=machine.id
    )
    return made


def record_health(
    session: Session,
    machine_id: str,
    status: HealthStatus,
    summary: str,
    logs: Sequence[ConnectionLogLine] = (),
    *,
    agent: TentacleVersionDetails | None = None,
    facts: dict[str, str] | None = None,
    has_runner: bool | None = None,
) -> Machine:
    """Keeps the outcome of a check. `facts` are what the target told of itself, by attribute: `operating_system`…

    `has_runner`: the runner of this server is there; None leaves what is known of that.
    """
    kind = kind_of(machine_id)
    machine: Machine = session.get(kind, machine_id)
    machine.health_status, machine.status_summary = status, summary
    machine.status = status_of(machine)
    if has_runner is not None:
        machine.has_latest_calamari = has_runner
    for attribute, value in (facts or {}).items():
        setattr(machine, attribute, value)
    if agent:
        machine.endpoint.tentacle_version_details = agent
    session.update(kind, machine)
    _keep(session, machine, logs, agent.version if agent else None)
    return machine


def _keep(session: Session, machine: Machine, logs: Sequence[ConnectionLogLine], agent_version: str | None) -> None:
    connection = connection_of(session, machine)
    now = session.clock.now()
    connection.status, connection.last_checked = machine.health_status, now
    is_away = machine.health_status == "Unavailable"
    connection.unavailable_since = (connection.unavailable_since or now) if is_away else None
    connection.logs = list(logs)
    connection.current_tentacle_version = agent_version or connection.current_tentacle_version
    kind = connections[kind_of(machine.id).name]
    if session.find(kind, connection.id) is None:
        session.insert(kind, connection)
    else:
        session.update(kind, connection)


def kind_of(machine_id: str) -> Kind[Any]:
    """The kind of machine that the id belongs to."""
    return kinds[machine_id.rpartition("-")[0]]


def _connection_id(machine_id: str) -> str:
    return f"connection-{machine_id}"
