"""A machine policy, as it is stored and sent. Durations are texts of the form `[d.]hh:mm:ss`."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
import sqlalchemy as sa

from polpo.rest.links import register
from polpo.store.documents import Document, Resource, ref
from polpo.store.kinds import define


class MachineScriptPolicy(Resource):
    run_type: Literal["InheritFromDefault", "Inline", "OnlyConnectivity"] = "InheritFromDefault"
    script_body: str | None = ""


class MachineHealthCheckPolicy(Resource):
    """Targets are checked every `health_check_interval`, or as `health_check_cron` says; never when both are empty."""

    health_check_type: Literal["RunScript", "OnlyConnectivity"] = "RunScript"
    health_check_interval: str | None = "01:00:00"
    health_check_cron: str | None = None
    health_check_cron_timezone: str = "UTC"
    bash_health_check_policy: MachineScriptPolicy = msgspec.field(default_factory=MachineScriptPolicy)
    power_shell_health_check_policy: MachineScriptPolicy = msgspec.field(default_factory=MachineScriptPolicy)


class MachineConnectivityPolicy(Resource):
    machine_connectivity_behavior: Literal["ExpectedToBeOnline", "MayBeOfflineAndCanBeSkipped"] = "ExpectedToBeOnline"


class MachineCleanupPolicy(Resource):
    delete_machines_behavior: Literal["DoNotDelete", "DeleteUnavailableMachines"] = "DoNotDelete"
    delete_machines_elapsed_time_span: str = "00:00:00"


class MachineUpdatePolicy(Resource):
    calamari_update_behavior: Literal["UpdateOnDeployment", "UpdateOnNewMachine", "UpdateAlways"] = "UpdateOnDeployment"
    tentacle_update_behavior: Literal["NeverUpdate", "Update"] = "NeverUpdate"
    tentacle_update_account_id: Annotated[str, ref("Accounts")] | None = None
    kubernetes_agent_update_behavior: Literal["NeverUpdate", "Update", "Block"] = "Update"


class MachineRpcCallRetryPolicy(Resource):
    """For how long calls to an agent are tried again when they are safe to repeat."""

    enabled: bool = True
    retry_duration: str = "00:02:30"
    health_check_retry_duration: str = "00:02:30"


class MachinePackageCacheRetentionPolicy(Resource):
    strategy: Literal["Default", "Quantities"] = "Default"
    quantity_of_packages_to_keep: int | None = None
    package_unit: Literal["Items"] | None = None
    quantity_of_versions_to_keep: int | None = None
    version_unit: Literal["Items"] | None = None


class MachinePolicy(Document):
    """How targets are connected to, checked, updated and cleaned up. One policy of a space is the default."""

    space_id: str = ""
    name: str = ""
    description: str = ""
    is_default: bool = False
    machine_health_check_policy: MachineHealthCheckPolicy = msgspec.field(default_factory=MachineHealthCheckPolicy)
    machine_connectivity_policy: MachineConnectivityPolicy = msgspec.field(default_factory=MachineConnectivityPolicy)
    machine_cleanup_policy: MachineCleanupPolicy = msgspec.field(default_factory=MachineCleanupPolicy)
    machine_update_policy: MachineUpdatePolicy = msgspec.field(default_factory=MachineUpdatePolicy)
    machine_rpc_call_retry_policy: MachineRpcCallRetryPolicy = msgspec.field(default_factory=MachineRpcCallRetryPolicy)
    machine_package_cache_retention_policy: MachinePackageCacheRetentionPolicy = msgspec.field(
        default_factory=MachinePackageCacheRetentionPolicy
    )
    polling_request_queue_timeout: str = "00:02:00"
    polling_request_maximum_message_processing_timeout: str = "00:10:00"
    connection_connect_timeout: str = "00:01:00"
    connection_retry_count_limit: int = 5
    connection_retry_sleep_interval: str = "00:00:01"
    connection_retry_time_limit: str = "00:05:00"


MACHINE_POLICIES = define(
    "MachinePolicies",
    MachinePolicy,
    sa.Column("is_default", sa.Boolean, nullable=False),
    singular="machine policy",
    unique=[("name_key",)],
)

register(
    MachinePolicy,
    {
        "Self": "/api/{SpaceId}/machinepolicies/{Id}",
        "Machines": "/api/{SpaceId}/machinepolicies/{Id}/machines{?skip,take}",
        "Workers": "/api/{SpaceId}/machinepolicies/{Id}/workers{?skip,take}",
    },
)
