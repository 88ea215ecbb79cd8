"""A deployment target, as it is stored and sent."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import sqlalchemy as sa

from polpo.features.machines.kubernetes import (
    AgentEndpointConfiguration,
    KubernetesAgentDetails,
    KubernetesAuthentication,
    KubernetesContainer,
)
from polpo.rest.links import register
from polpo.rest.protection import by_references, protect
from polpo.store.documents import Document, Resource, SensitiveValue, ref
from polpo.store.kinds import define
from polpo.store.lines import as_lines

CommunicationStyle = Literal[
    "None",
    "TentaclePassive",
    "TentacleActive",
    "Ssh",
    "OfflineDrop",
    "AzureWebApp",
    "Ftp",
    "AzureCloudService",
    "AzureServiceFabricCluster",
    "Kubernetes",
    "StepPackage",
    "KubernetesTentacle",
    "AwsEcsCluster",
]
HealthStatus = Literal["Healthy", "Unavailable", "Unknown", "HasWarnings", "Unhealthy"]
#: Styles of machines that are never reached, so that there is nothing to be checked.
ALWAYS_HEALTHY = ("None", "OfflineDrop")
Participation = Literal["Untenanted", "TenantedOrUntenanted", "Tenanted"]


class TentacleVersionDetails(Resource):
    upgrade_locked: bool = False
    upgrade_required: bool = False
    upgrade_suggested: bool = False
    version: str | None = None


class OfflineDropDestination(Resource):
    destination_type: Literal["Artifact", "FileSystem"] = "Artifact"
    drop_folder_path: str | None = None


class Endpoint(Resource, kw_only=True, omit_defaults=True):
    """How a target is reached. `communication_style` says which of the other properties mean something.

    One struct holds the properties of every style; those without a value are left out on the wire, so that each style
    looks as the contract describes it. Styles that this server cannot deploy to are kept as they were sent.
    """

    communication_style: CommunicationStyle
    id: str | None = None
    name: str | None = None
    # Tentacles (listening: https://host:port/; polling: poll://subscription/) and SSH
    uri: str | None = None
    thumbprint: str | None = None
    proxy_id: Annotated[str, ref("Proxies")] | None = None
    certificate_signature_algorithm: str | None = None
    tentacle_version_details: TentacleVersionDetails | None = None
    account_id: Annotated[str, ref("Accounts")] | None = None
    host: str | None = None
    port: int | None = None
    fingerprint: str | None = None
    host_key_algorithm: str | None = None
    dot_net_core_platform: str | None = None
    # Cloud regions, and every style whose steps run on a worker
    default_worker_pool_id: Annotated[str, ref("WorkerPools")] | None = None
    # Offline drops
    applications_directory: str | None = None
    octopus_working_directory: str | None = None
    destination: OfflineDropDestination | None = None
    sensitive_variables_encryption_password: SensitiveValue | None = None
    # Kubernetes
    account_type: str | None = None
    authentication: KubernetesAuthentication | None = None
    cluster_certificate: Annotated[str, ref("Certificates")] | None = None
    cluster_certificate_path: str | None = None
    cluster_url: str | None = None
    container: KubernetesContainer | None = None
    container_options: str | None = None
    namespace: str | None = None
    default_namespace: str | None = None
    running_in_container: bool | None = None
    skip_tls_verification: str | bool | None = None
    kubernetes_agent_details: KubernetesAgentDetails | None = None
    tentacle_endpoint_configuration: AgentEndpointConfiguration | None = None
    upgrade_locked: bool | None = None
    # Azure and AWS
    resource_group_name: str | None = None
    web_app_name: str | None = None
    web_app_slot_name: str | None = None
    cloud_service_name: str | None = None
    storage_account_name: str | None = None
    slot: str | None = None
    swap_if_possible: bool | None = None
    use_current_instance_count: bool | None = None
    connection_endpoint: str | None = None
    security_mode: str | None = None
    server_cert_thumbprint: str | None = None
    client_cert_variable: str | None = None
    certificate_store_location: str | None = None
    certificate_store_name: str | None = None
    aad_credential_type: str | None = None
    aad_client_credential_secret: str | None = None
    aad_user_credential_username: str | None = None
    aad_user_credential_password: SensitiveValue | None = None
    cluster_name: str | None = None
    region: str | None = None
    use_instance_role: bool | None = None
    assume_role: bool | None = None
    assumed_role_arn: str | None = None
    assumed_role_session: str | None = None
    assume_role_session_duration_seconds: int | None = None
    assume_role_external_id: str | None = None
    # Step packages
    deployment_target_type_id: str | None = None
    step_package_id: str | None = None
    step_package_version: str | None = None
    inputs: dict[str, object] | None = None

    @property
    def is_tentacle(self) -> bool:
        return self.communication_style in ("TentaclePassive", "TentacleActive")

    @property
    def is_inside_cluster(self) -> bool:
        """An agent that would run each script as a pod, which this server cannot ask of it."""
        return self.communication_style == "KubernetesTentacle"

    @property
    def agent(self) -> Endpoint | AgentEndpointConfiguration:
        """Where the address and the thumbprint are: agents in a cluster keep theirs in a part of their own."""
        if self.is_inside_cluster and self.tentacle_endpoint_configuration is not None:
            return self.tentacle_endpoint_configuration
        return self


class Machine(Document, kw_only=True):
    """What deployment targets and workers share. `thumbprint` and `uri` repeat those of the endpoint.

    What a health check found is read-only.
    """

    space_id: str = ""
    name: str = ""
    slug: str = ""
    is_disabled: bool = False
    machine_policy_id: Annotated[str, ref("MachinePolicies")] = ""
    endpoint: Endpoint
    thumbprint: str | None = None
    uri: str | None = None
    skip_initial_health_check: bool = False
    health_status: HealthStatus = "Unknown"
    status: str = "Unknown"
    status_summary: str = "This machine has not been checked yet."
    has_latest_calamari: bool = False
    is_in_process: bool = False
    operating_system: str = "Unknown"
    operating_system_version: str | None = None
    architecture: str | None = None
    shell_name: str = "Unknown"
    shell_version: str = "Unknown"


def status_of(machine: Machine) -> str:
    """The one word that older clients know: whether the machine is used, and was reached by the last check."""
    if machine.is_disabled:
        return "Disabled"
    if machine.health_status == "Unknown":
        return "Unknown"
    return "Offline" if machine.health_status == "Unavailable" else "Online"


class DeploymentTarget(Machine, kw_only=True):
    environment_ids: list[Annotated[str, ref("Environments")]] = []
    roles: list[str] = []
    tenanted_deployment_participation: Participation = "Untenanted"
    tenant_ids: list[Annotated[str, ref("Tenants")]] = []
    tenant_tags: list[str] = []


def machine_columns() -> tuple[sa.Column[Any], ...]:
    """The columns by which lists of machines are narrowed; made anew for each table."""
    return (
        sa.Column("is_disabled", sa.Boolean, nullable=False),
        sa.Column("machine_policy_id", sa.Text, nullable=False),
        sa.Column("health_status", sa.Text, nullable=False),
        sa.Column("communication_style", sa.Text, nullable=False),
        sa.Column("shell_name", sa.Text),
        sa.Column("operating_system", sa.Text),
        sa.Column("thumbprint", sa.Text),
        sa.Column("uri", sa.Text),
    )


def communication_style(machine: Machine) -> str:
    return machine.endpoint.communication_style


#: What a health check finds besides the health itself; a client cannot set it.
FOUND_BY_CHECKS = (
    "status",
    "status_summary",
    "has_latest_calamari",
    "is_in_process",
    "operating_system",
    "operating_system_version",
    "architecture",
    "shell_name",
    "shell_version",
)

MACHINES = define(
    "Machines",
    DeploymentTarget,
    *machine_columns(),
    sa.Column("role_lines", sa.Text, nullable=False),
    sa.Column("tenant_lines", sa.Text, nullable=False),
    sa.Column("tenant_tag_lines", sa.Text, nullable=False),
    singular="machine",
    computed={
        "communication_style": communication_style,
        "role_lines": lambda machine: as_lines(machine.roles),
        "tenant_lines": lambda machine: as_lines(machine.tenant_ids),
        "tenant_tag_lines": lambda machine: as_lines(machine.tenant_tags),
    },
    unique=[("name_key",), ("slug",)],
    indexes=[("thumbprint",), ("uri",)],
    quiet=FOUND_BY_CHECKS,
)
protect(
    MACHINES,
    lambda machine: {"Environments": machine.environment_ids, "Tenants": machine.tenant_ids},
    {"Environments": by_references(MACHINES, "Environments"), "Tenants": by_references(MACHINES, "Tenants")},
)

register(
    DeploymentTarget,
    {
        "Self": "/api/{SpaceId}/machines/{Id}",
        "Connection": "/api/{SpaceId}/machines/{Id}/connection",
        "TasksTemplate": "/api/{SpaceId}/machines/{Id}/tasks{?skip,take,type}",
    },
)
