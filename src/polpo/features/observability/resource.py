"""A Kubernetes monitor as registered, and what is asked of monitors."""

from __future__ import annotations

from typing import Annotated

import sqlalchemy as sa

from polpo.rest.links import register
from polpo.store.documents import Document, Resource, ref
from polpo.store.kinds import define


class KubernetesMonitor(Document):
    """A monitor that is installed beside a target's agent."""

    space_id: str = ""
    machine_id: Annotated[str, ref("Machines")] = ""
    installation_id: str = ""


class RegisterKubernetesMonitorCommand(Resource):
    machine_id: str = ""
    installation_id: str = ""
    preserve_authentication_token: bool = False


class RegisterKubernetesMonitorResponse(Resource):
    """The token is told here only."""

    resource: KubernetesMonitor
    authentication_token: str | None
    certificate_thumbprint: str


class GetKubernetesMonitorResponse(Resource):
    resource: KubernetesMonitor


class BeginSessionCommand(Resource):
    """What to listen to: the log of a container, or the events of a resource."""

    project_id: str = ""
    environment_id: str = ""
    tenant_id: str | None = None
    machine_id: str = ""
    desired_or_kubernetes_monitored_resource_id: str = ""
    pod_name: str = ""
    container_name: str = ""
    show_previous_container: bool = False


KUBERNETES_MONITORS = define(
    "KubernetesMonitors",
    KubernetesMonitor,
    sa.Column("machine_id", sa.Text, nullable=False),
    singular="kubernetes monitor",
    unique=[("machine_id",)],
    order=("seq",),
    owned_by=["Machines"],
)

register(KubernetesMonitor, {"Self": "/api/{SpaceId}/observability/kubernetes-monitors/{Id}"})
