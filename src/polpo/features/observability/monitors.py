"""Kubernetes monitors over HTTP, and what nobody can be asked as long as none reports."""

from __future__ import annotations

import secrets
import uuid

from polpo.features.machines.resource import MACHINES
from polpo.features.observability.resource import (
    KUBERNETES_MONITORS,
    BeginSessionCommand,
    GetKubernetesMonitorResponse,
    KubernetesMonitor,
    RegisterKubernetesMonitorCommand,
    RegisterKubernetesMonitorResponse,
)
from polpo.features.serverinfo.installation import Installation
from polpo.kernel.errors import Invalid, NotFound
from polpo.rest.call import Call
from polpo.rest.collection import stamp
from polpo.rest.links import present
from polpo.rest.permissions import Permission
from polpo.rest.routes import Routes

routes = Routes("monitors")

_VIEW = Permission.DEPLOYMENT_VIEW
_PATH = "/observability/kubernetes-monitors"
_PLACE = "/projects/{project}/environments/{environment}"
_RESOURCES = "machines/{machine}/resources/{resource}"


@routes.post(_PATH, Permission.MACHINE_EDIT, status=201)
def register_monitor(call: Call, body: RegisterKubernetesMonitorCommand) -> RegisterKubernetesMonitorResponse:
    """Register the monitor of a target; anew, it takes the place of the one before"""
    session, table = call.session, KUBERNETES_MONITORS.table
    machine = session.first(MACHINES, MACHINES.table.c.id == body.machine_id, MACHINES.table.c.space_id == call.space)
    if machine is None:
        raise Invalid(f"MachineId names the target '{body.machine_id}', which does not exist in this space.")
    call.guard(MACHINES, machine)
    monitor = KubernetesMonitor(
        space_id=call.space, machine_id=machine.id, installation_id=_installation(body.installation_id)
    )
    stamp(call, monitor)
    before = session.first(KUBERNETES_MONITORS, table.c.machine_id == machine.id)
    if before is not None:
        monitor.id = before.id
        session.update(KUBERNETES_MONITORS, monitor)
    else:
        session.insert(KUBERNETES_MONITORS, monitor)
    # The token is kept nowhere: as long as no monitor can connect, there is nothing to compare it with.
    return RegisterKubernetesMonitorResponse(
        resource=present(monitor),
        authentication_token=None if before and body.preserve_authentication_token else secrets.token_urlsafe(32),
        certificate_thumbprint=call.parts.get(Installation).identity.thumbprint,
    )


@routes.get(_PATH + "/{id}", Permission.MACHINE_VIEW)
def read_monitor(call: Call, id: str) -> GetKubernetesMonitorResponse:
    """Get a Kubernetes monitor"""
    return GetKubernetesMonitorResponse(resource=present(_monitor(call, id)))


@routes.delete(_PATH + "/{id}", Permission.MACHINE_EDIT)
def delete_monitor(call: Call, id: str) -> None:
    """Forget a Kubernetes monitor"""
    call.session.delete(KUBERNETES_MONITORS, _monitor(call, id).id)


@routes.get(f"{_PLACE}/untenanted/{_RESOURCES}", _VIEW)
@routes.get(f"{_PLACE}/untenanted/{_RESOURCES}/manifest", _VIEW)
def read_resource(call: Call, project: str, environment: str, machine: str, resource: str) -> None:
    """Get a resource of a cluster; none is known"""
    call.require(_VIEW, project_id=project, environment_id=environment)
    raise _unknown(resource, machine, f"{project} in {environment}")


@routes.get(f"{_PLACE}/tenants/{{tenant}}/{_RESOURCES}", _VIEW)
@routes.get(f"{_PLACE}/tenants/{{tenant}}/{_RESOURCES}/manifest", _VIEW)
def read_resource_of_tenant(
    call: Call, project: str, environment: str, tenant: str, machine: str, resource: str
) -> None:
    """Get a tenant's resource of a cluster; none is known"""
    call.require(_VIEW, project_id=project, environment_id=environment, tenant_id=tenant)
    raise _unknown(resource, machine, f"{project} in {environment} for {tenant}")


@routes.post("/observability/logs/sessions", _VIEW)
@routes.post("/observability/events/sessions", _VIEW)
def begin_session(call: Call, body: BeginSessionCommand) -> None:
    """Begin to listen to a cluster; no monitor is connected that could tell"""
    place = {"environment_id": body.environment_id, "tenant_id": body.tenant_id}
    call.require(_VIEW, project_id=body.project_id, **place)
    sentence = f"No Kubernetes monitor of the target '{body.machine_id}' is connected, so nothing can be listened to."
    raise Invalid(sentence, [sentence])


@routes.get("/observability/logs/sessions/{id}", _VIEW)
@routes.get("/observability/events/sessions/{id}", _VIEW)
def read_session(_call: Call, id: str) -> None:
    """Get what was heard in a session; there are none"""
    raise NotFound(f"There is no session with the id '{id}'.")


def _monitor(call: Call, identity: str) -> KubernetesMonitor:
    table = KUBERNETES_MONITORS.table
    found = call.session.first(KUBERNETES_MONITORS, table.c.id == identity, table.c.space_id == call.space)
    if found is None:
        raise NotFound(f"There is no Kubernetes monitor with the id '{identity}' in this space.")
    call.guard(MACHINES, call.session.get(MACHINES, found.machine_id))
    return found


def _installation(text: str) -> str:
    try:
        return str(uuid.UUID(text))
    except ValueError:
        sentence = f"InstallationId must be a GUID; it is '{text}'."
        raise Invalid(sentence, [sentence]) from None


def _unknown(resource: str, machine: str, place: str) -> NotFound:
    return NotFound(f"Nothing is known of the resource '{resource}' of {place}: no monitor of '{machine}' reports.")
