"""What each way of reaching a target needs."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import SplitResult, urlsplit

from polpo.features.machines.clusters import assumed_role_faults, settle_cluster
from polpo.features.machines.kubernetes import AgentEndpointConfiguration
from polpo.features.machines.resource import Endpoint, OfflineDropDestination
from polpo.halibut.proxying import authority
from polpo.store.documents import kept_secret

_THUMBPRINT = re.compile(r"[0-9A-F]{40}")
_SEPARATORS = re.compile(r"[\s:]")
_LARGEST_PORT = 65535
_SECURITY_MODES = ("Unsecure", "SecureClientCertificate", "SecureAzureAD")
_CREDENTIAL_TYPES = ("UserCredential", "ClientCredential")


def settle_endpoint(endpoint: Endpoint, before: Endpoint | None = None) -> list[str]:
    """Brings the endpoint into the form that connections use; returns what is wrong, one sentence each."""
    keep = before if before is not None and before.communication_style == endpoint.communication_style else None
    endpoint.tentacle_version_details = keep.tentacle_version_details if keep else None
    check = _CHECKS.get(endpoint.communication_style)
    return check(endpoint, keep) if check else []


def _settle_listening(endpoint: Endpoint, _before: Endpoint | None) -> list[str]:
    return [*_settle_thumbprint(endpoint, "Endpoint"), *_listening_faults(endpoint.uri, "Endpoint")]


def _settle_polling(endpoint: Endpoint, _before: Endpoint | None) -> list[str]:
    return [*_settle_thumbprint(endpoint, "Endpoint"), *_polling_faults(endpoint.uri, "Endpoint")]


def _settle_kubernetes_agent(endpoint: Endpoint, _before: Endpoint | None) -> list[str]:
    endpoint.upgrade_locked = bool(endpoint.upgrade_locked)
    configuration, place = endpoint.tentacle_endpoint_configuration, "Endpoint.TentacleEndpointConfiguration"
    if configuration is None:
        return [f"{place} is missing; say how the agent in the cluster is reached."]
    check = _polling_faults if configuration.communication_mode == "Polling" else _listening_faults
    return [*_settle_thumbprint(configuration, place), *check(configuration.uri, place)]


def _listening_faults(uri: str | None, place: str) -> list[str]:
    parts = _split(uri)
    if parts is None or parts.scheme != "https" or not parts.hostname or parts.path not in ("", "/"):
        return [f"{place}.Uri must be the agent's address, https://host:port/; it is '{uri or ''}'."]
    return []


def _polling_faults(uri: str | None, place: str) -> list[str]:
    parts = _split(uri)
    if parts is None or parts.scheme != "poll" or not parts.hostname:
        return [f"{place}.Uri must be the agent's subscription, poll://name/; it is '{uri or ''}'."]
    return []


def _settle_ssh(endpoint: Endpoint, _before: Endpoint | None) -> list[str]:
    faults = []
    endpoint.host = (endpoint.host or "").strip().strip("[]")
    if not endpoint.host:
        faults.append("Endpoint.Host is missing; name the host to connect to.")
    endpoint.port = endpoint.port or 22
    if not 0 < endpoint.port <= _LARGEST_PORT:
        faults.append(f"Endpoint.Port must be between 1 and {_LARGEST_PORT}; it is {endpoint.port}.")
    endpoint.uri = f"ssh://{authority(endpoint.host or '', endpoint.port)}/"
    return faults


def _settle_offline_drop(endpoint: Endpoint, before: Endpoint | None) -> list[str]:
    stored = before.sensitive_variables_encryption_password if before else None
    endpoint.sensitive_variables_encryption_password = kept_secret(
        endpoint.sensitive_variables_encryption_password, stored
    )
    endpoint.destination = endpoint.destination or OfflineDropDestination()
    if endpoint.destination.destination_type == "FileSystem" and not endpoint.destination.drop_folder_path:
        return ["Endpoint.Destination.DropFolderPath is missing; name the folder to drop packages into."]
    return []


def _settle_kubernetes(endpoint: Endpoint, _before: Endpoint | None) -> list[str]:
    return settle_cluster(endpoint)


def _settle_service_fabric(endpoint: Endpoint, before: Endpoint | None) -> list[str]:
    stored = before.aad_user_credential_password if before else None
    endpoint.aad_user_credential_password = kept_secret(endpoint.aad_user_credential_password, stored)
    faults = _missing(endpoint, ConnectionEndpoint=endpoint.connection_endpoint)
    if endpoint.security_mode == "SecureClientCertificate":
        faults += _missing(endpoint, ClientCertVariable=endpoint.client_cert_variable)
    if endpoint.security_mode in ("SecureClientCertificate", "SecureAzureAD"):
        faults += _missing(endpoint, ServerCertThumbprint=endpoint.server_cert_thumbprint)
    if endpoint.security_mode == "SecureAzureAD":
        faults += _directory_faults(endpoint)
    return faults + _unknown_words(endpoint, SecurityMode=(endpoint.security_mode, _SECURITY_MODES))


def _directory_faults(endpoint: Endpoint) -> list[str]:
    """Of how a cluster is signed in to by the directory: as a user, or as a client with a secret."""
    faults = _unknown_words(endpoint, AadCredentialType=(endpoint.aad_credential_type, _CREDENTIAL_TYPES))
    if endpoint.aad_credential_type == "UserCredential":
        faults += _missing(endpoint, AadUserCredentialUsername=endpoint.aad_user_credential_username)
    if endpoint.aad_credential_type == "ClientCredential":
        faults += _missing(endpoint, AadClientCredentialSecret=endpoint.aad_client_credential_secret)
    return faults


def _settle_web_app(endpoint: Endpoint, _before: Endpoint | None) -> list[str]:
    names = {"WebAppName": endpoint.web_app_name, "ResourceGroupName": endpoint.resource_group_name}
    return _missing(endpoint, AccountId=endpoint.account_id, **names)


def _settle_cloud_service(endpoint: Endpoint, _before: Endpoint | None) -> list[str]:
    names = {"CloudServiceName": endpoint.cloud_service_name, "StorageAccountName": endpoint.storage_account_name}
    faults = _missing(endpoint, AccountId=endpoint.account_id, **names)
    return faults + _unknown_words(endpoint, Slot=(endpoint.slot, ("Production", "Staging")))


def _settle_ecs(endpoint: Endpoint, _before: Endpoint | None) -> list[str]:
    """Without an account, the worker's own role is meant."""
    faults = _missing(endpoint, ClusterName=endpoint.cluster_name, Region=endpoint.region)
    return [*faults, *assumed_role_faults(endpoint, "Endpoint")]


def _unknown_words(endpoint: Endpoint, **said: tuple[str | None, tuple[str, ...]]) -> list[str]:
    return [
        f"Endpoint.{name} of a target of the style {endpoint.communication_style} can be {', '.join(known)}; it is"
        f" '{word}'."
        for name, (word, known) in said.items()
        if word and word not in known
    ]


def _missing(endpoint: Endpoint, **needed: str | None) -> list[str]:
    style = endpoint.communication_style
    return [
        f"Endpoint.{name} is missing; a target of the style {style} needs it."
        for name, value in needed.items()
        if not value
    ]


def _settle_thumbprint(agent: Endpoint | AgentEndpointConfiguration, place: str) -> list[str]:
    plain = _SEPARATORS.sub("", agent.thumbprint or "").upper()
    if not _THUMBPRINT.fullmatch(plain):
        given = agent.thumbprint or ""
        return [f"{place}.Thumbprint must be the 40 hexadecimal digits that the agent shows; it is '{given}'."]
    agent.thumbprint = plain
    return []


def _split(address: str | None) -> SplitResult | None:
    try:
        parts = urlsplit(address or "")
        _ = parts.port  # raises for a port that is no number
    except ValueError:
        return None
    return parts


_CHECKS: dict[str, Callable[[Endpoint, Endpoint | None], list[str]]] = {
    "TentaclePassive": _settle_listening,
    "TentacleActive": _settle_polling,
    "KubernetesTentacle": _settle_kubernetes_agent,
    "Ssh": _settle_ssh,
    "OfflineDrop": _settle_offline_drop,
    "Kubernetes": _settle_kubernetes,
    "AzureServiceFabricCluster": _settle_service_fabric,
    "AzureWebApp": _settle_web_app,
    "AzureCloudService": _settle_cloud_service,
    "AwsEcsCluster": _settle_ecs,
}
