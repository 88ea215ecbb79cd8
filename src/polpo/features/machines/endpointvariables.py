"""The variables that a target in a cloud or a cluster gives to what runs on its behalf, with those of its account.

Names are the ones that scripts written for the original read. Accounts and certificates are read when this is asked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from polpo.features.accounts.parts import TOKEN, account_parts
from polpo.features.accounts.resource import ACCOUNTS
from polpo.features.certificates.parts import certificate_parts
from polpo.features.certificates.resource import CERTIFICATES
from polpo.features.machines.kubernetes import KubernetesAuthentication
from polpo.features.machines.resource import Endpoint
from polpo.features.proxies.addressing import address_of_proxy
from polpo.features.variables.parts import Part
from polpo.store.session import Session

_DEFAULT_TOKEN = "/var/run/secrets/kubernetes.io/serviceaccount/token"  # noqa: S105 - a path

#: By the part of an account, the names that it goes by besides `Octopus.Account.<part>`.
_ACCOUNT_NAMES = {
    "SubscriptionNumber": "Azure.SubscriptionId",
    "Client": "Azure.ClientId",
    "TenantId": "Azure.TenantId",
    "AzureEnvironment": "Azure.Environment",
    "ResourceManagementEndpointBaseUri": "Azure.ResourceManagementEndPoint",
    "ActiveDirectoryEndpointBaseUri": "Azure.ActiveDirectoryEndPoint",
    "ServiceManagementEndpointBaseUri": "Azure.ServiceManagementEndPoint",
    "ServiceManagementEndpointSuffix": "Azure.StorageEndpointSuffix",
    "CertificateThumbprint": "Azure.CertificateThumbprint",
    "CertificateBytes": "Azure.CertificateBytes",
    "AccessKey": "Amazon.AccessKey",
    "SecretKey": "Amazon.SecretKey",
    "RoleArn": "Amazon.RoleArn",
    "SessionDuration": "Amazon.SessionDuration",
    "Region": "Aws.Region",
    "JsonKey": "GoogleCloudAccount.JsonKey",
}
_OWN_NAMES = ("Id", "Name", "AccountType", "Username", "Token", "Audience", TOKEN)
_ROLE = {
    "use_instance_role": "AwsAccount.UseInstanceRole",
    "assume_role": "Aws.AssumeRole",
    "assumed_role_arn": "Aws.AssumedRoleArn",
    "assumed_role_session": "Aws.AssumedRoleSession",
    "assume_role_session_duration_seconds": "Aws.AssumeRoleSessionDurationSeconds",
    "assume_role_external_id": "Aws.AssumeRoleExternalId",
}
_CLUSTER = {
    "cluster_url": "Kubernetes.ClusterUrl",
    "namespace": "Kubernetes.Namespace",
    "skip_tls_verification": "Kubernetes.SkipTlsVerification",
    "cluster_certificate": "Kubernetes.CertificateAuthority",
    "cluster_certificate_path": "Kubernetes.CertificateAuthorityPath",
}
_WAYS: dict[str, dict[str, str]] = {
    "KubernetesAws": {"cluster_name": "Kubernetes.EksClusterName", **_ROLE},
    "KubernetesAzure": {
        "cluster_name": "Kubernetes.AksClusterName",
        "cluster_resource_group": "Kubernetes.AksClusterResourceGroup",
        "admin_login": "Kubernetes.AksAdminLogin",
    },
    "KubernetesGoogleCloud": {
        "cluster_name": "Kubernetes.GkeClusterName",
        "project": "GoogleCloud.Project",
        "region": "GoogleCloud.Region",
        "zone": "GoogleCloud.Zone",
        "use_vm_service_account": "GoogleCloud.UseVMServiceAccount",
        "impersonate_service_account": "GoogleCloud.ImpersonateServiceAccount",
        "service_account_emails": "GoogleCloud.ServiceAccountEmails",
    },
    "KubernetesCertificate": {"client_certificate": "Kubernetes.ClientCertificate"},
}
_FABRIC = {
    attribute: f"ServiceFabric.{name}"
    for attribute, name in {
        "connection_endpoint": "ConnectionEndpoint",
        "security_mode": "SecurityMode",
        "server_cert_thumbprint": "ServerCertThumbprint",
        "client_cert_variable": "ClientCertVariable",
        "certificate_store_location": "CertificateStoreLocation",
        "certificate_store_name": "CertificateStoreName",
        "aad_credential_type": "AadCredentialType",
        "aad_user_credential_username": "AadUserCredentialUsername",
    }.items()
}
_STYLES: dict[str, dict[str, str]] = {
    "AzureWebApp": {
        "resource_group_name": "Azure.ResourceGroupName",
        "web_app_name": "Azure.WebAppName",
        "web_app_slot_name": "Azure.DeploymentSlot",
    },
    "AzureCloudService": {
        "cloud_service_name": "Azure.CloudServiceName",
        "storage_account_name": "Azure.StorageAccountName",
        "slot": "Azure.Slot",
        "swap_if_possible": "Azure.SwapIfPossible",
        "use_current_instance_count": "Azure.UseCurrentInstanceCount",
    },
    "AwsEcsCluster": {"cluster_name": "Aws.Ecs.ClusterName", "region": "Aws.Region", **_ROLE},
    "KubernetesTentacle": {"default_namespace": "Kubernetes.Namespace"},
}


def gives_variables(style: str) -> bool:
    return style in _SPECIAL or style in _STYLES


def endpoint_variables(session: Session, endpoint: Endpoint, *, opens: bool = True) -> list[Part]:
    """By their full names; nothing for styles that are reached themselves. Without `opens` certificates stay closed."""
    style = endpoint.communication_style
    of_style = _SPECIAL.get(style)
    if of_style is not None:
        return list(of_style(session, endpoint, opens))
    if style not in _STYLES:
        return []
    account = _of_account(session, endpoint.account_id)
    return list(_latest_of([*account, *_named(endpoint, _STYLES[style])]))


def _of_cluster(session: Session, endpoint: Endpoint, opens: bool) -> Iterator[Part]:
    signing = endpoint.authentication or KubernetesAuthentication()
    yield from _named(endpoint, _CLUSTER)
    yield from _of_account(session, signing.account_id)
    yield from _named(signing, _WAYS.get(signing.authentication_type, {}))
    yield from _of_certificate(session, endpoint.cluster_certificate, ("CertificatePem",), opens=opens)
    if signing.authentication_type == "KubernetesCertificate":
        wanted = ("CertificatePem", "PrivateKeyPem")
        yield from _of_certificate(session, signing.client_certificate, wanted, opens=opens)
    if signing.authentication_type == "KubernetesPodService":
        yield Part("Octopus.Action.Kubernetes.PodServiceAccountTokenPath", signing.token_path or _DEFAULT_TOKEN)
    if (proxy := address_of_proxy(session, endpoint.proxy_id)) is not None:
        yield Part("Octopus.Action.Kubernetes.ProxyUrl", proxy, is_sensitive=True)
    if endpoint.container is not None and endpoint.container.image:
        yield Part("Octopus.Action.Kubernetes.ContainerImage", endpoint.container.image)


def _of_fabric(session: Session, endpoint: Endpoint, _opens: bool) -> Iterator[Part]:
    yield from _named(endpoint, _FABRIC)
    if endpoint.aad_client_credential_secret:
        name = "Octopus.Action.ServiceFabric.AadClientCredentialSecret"
        yield Part(name, endpoint.aad_client_credential_secret, is_sensitive=True)
    if password := session.reveal(endpoint.aad_user_credential_password):
        yield Part("Octopus.Action.ServiceFabric.AadUserCredentialPassword", password, is_sensitive=True)


_SPECIAL: Mapping[str, Callable[[Session, Endpoint, bool], Iterator[Part]]] = {
    "Kubernetes": _of_cluster,
    "AzureServiceFabricCluster": _of_fabric,
}


def _named(thing: Any, names: Mapping[str, str]) -> Iterator[Part]:
    """The properties that have a value, as texts."""
    for attribute, name in names.items():
        value = getattr(thing, attribute)
        if value is not None and value != "":
            yield Part(f"Octopus.Action.{name}", str(value))


def _of_account(session: Session, account_id: str | None) -> Iterator[Part]:
    """A password is the account's own, and with Azure that of its client besides."""
    account = session.find(ACCOUNTS, account_id) if account_id else None
    if account is None:
        return
    for part in account_parts(session, account):
        if part.name in _OWN_NAMES:
            yield Part(f"Octopus.Account.{part.name}", part.value, part.is_sensitive)
        elif part.name == "Password":
            name = "Octopus.Action.Azure.Password" if "Azure" in account.account_type else "Octopus.Account.Password"
            yield Part(name, part.value, part.is_sensitive)
        elif part.name in _ACCOUNT_NAMES:
            yield Part(f"Octopus.Action.{_ACCOUNT_NAMES[part.name]}", part.value, part.is_sensitive)


def _of_certificate(
    session: Session, certificate_id: str | None, wanted: tuple[str, ...], *, opens: bool
) -> Iterator[Part]:
    """Under the certificate's id, which is what the variables that name it hold."""
    certificate = session.find(CERTIFICATES, certificate_id) if certificate_id else None
    if certificate is None:
        return
    for part in certificate_parts(session, certificate, opens=opens):
        if part.name in wanted:
            yield Part(f"{certificate.id}.{part.name}", part.value, part.is_sensitive)


def _latest_of(parts: list[Part]) -> Iterator[Part]:
    """Of parts with one name the last: what a target says of itself goes before what its account does."""
    yield from {part.name: part for part in parts}.values()
