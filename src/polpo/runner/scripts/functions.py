"""What Polpo gives to Python scripts: these names stand in the script's own module before its first line."""

from __future__ import annotations

import base64
import os
import sys
from typing import Callable, Dict, Optional

octopusvariables: Dict[str, str] = {}


def encode(value: str) -> str:
    return base64.b64encode(value.encode("utf-8", "surrogateescape")).decode("ascii")


def decode(value: str) -> str:
    return base64.b64decode(value).decode("utf-8")


def get_octopusvariable(key: str) -> str:
    """The value, or the empty text; names compare without case."""
    if key in octopusvariables:
        return octopusvariables[key]
    folded = key.lower()
    return next((value for name, value in octopusvariables.items() if name.lower() == folded), "")


def set_octopusvariable(name: str, value: str, sensitive: bool = False) -> None:
    octopusvariables[name] = str(value)
    secret = " sensitive='" + encode("True") + "'" if sensitive else ""
    print("##octopus[setVariable name='" + encode(name) + "' value='" + encode(str(value)) + "'" + secret + "]")


def createartifact(path: str, fileName: Optional[str] = None) -> None:  # noqa: N803 - scripts may name it so
    """Have the file collected when the step has ended."""
    name = fileName or os.path.basename(path)
    full = os.path.abspath(path)
    length = str(os.stat(full).st_size) if os.path.isfile(full) else "0"
    printverbose("Artifact " + name + " will be collected from " + full + " after this step completes")
    attributes = (("path", full), ("name", name), ("length", length))
    print("##octopus[createArtifact" + "".join(" " + key + "='" + encode(text) + "'" for key, text in attributes) + "]")


def updateprogress(progress: int, message: Optional[str] = None) -> None:
    print("##octopus[progress percentage='" + encode(str(progress)) + "' message='" + encode(message or "") + "']")


def failstep(message: Optional[str] = None) -> None:
    """End the script; the message is told as the step's failure."""
    if message is not None:
        print("##octopus[resultMessage message='" + encode(message) + "']")
    sys.exit(-1)


def _printleveled(level: str, message: object) -> None:
    print("##octopus[stdout-" + level + "]")
    print(message)
    print("##octopus[stdout-default]")


def printverbose(message: object) -> None:
    _printleveled("verbose", message)


def printhighlight(message: object) -> None:
    _printleveled("highlight", message)


def printwait(message: object) -> None:
    _printleveled("wait", message)


def printwarning(message: object) -> None:
    _printleveled("warning", message)


def _order(message: str, attributes: Dict[str, object]) -> None:
    """What is not given is left out."""
    given = {key: str(value) for key, value in attributes.items() if value not in (None, "", False)}
    print("##octopus[" + message + "".join(" " + key + "='" + encode(text) + "'" for key, text in given.items()) + "]")


def _namer(message: str, names: Dict[str, str]) -> Callable[..., None]:
    """A function that sends the message; its keywords are the keys, and stand for attributes."""

    def function(name: str, *, update_if_existing: bool = False, **given: object) -> None:
        unknown = sorted(given.keys() - names.keys())
        if unknown:
            raise TypeError(message + " does not know " + ", ".join(unknown) + "; it knows " + ", ".join(sorted(names)))
        attributes = {names[key]: value for key, value in given.items()}
        _order(message, {"name": name, **attributes, "updateIfExisting": update_if_existing})

    return function


_TARGET = {"roles": "octopusRoles", "worker_pool": "octopusDefaultWorkerPoolIdOrName"}
_WITH_ACCOUNT = {**_TARGET, "account": "octopusAccountIdOrName"}

new_octopustarget = _namer("createStepPackageTarget", {**_TARGET, "target_id": "targetId", "inputs": "inputs"})
new_octopuskubernetestarget = _namer(
    "create-kubernetestarget",
    {
        **_WITH_ACCOUNT,
        "cluster_url": "clusterUrl",
        "cluster_name": "clusterName",
        "cluster_resource_group": "clusterResourceGroup",
        "cluster_admin_login": "clusterAdminLogin",
        "namespace": "namespace",
        "client_certificate": "octopusClientCertificateIdOrName",
        "server_certificate": "octopusServerCertificateIdOrName",
        "skip_tls_verification": "skipTlsVerification",
        "health_check_image": "healthCheckContainerImage",
        "health_check_feed": "healthCheckContainerImageFeedIdOrName",
        "cluster_project": "clusterProject",
        "cluster_region": "clusterRegion",
        "cluster_zone": "clusterZone",
        "cluster_impersonate_service_account": "clusterImpersonateServiceAccount",
        "cluster_service_account_emails": "clusterServiceAccountEmails",
        "cluster_use_vm_service_account": "clusterUseVmServiceAccount",
        "use_worker_credentials": "awsUseWorkerCredentials",
        "assume_role_arn": "awsAssumeRoleArn",
        "assume_role_session": "awsAssumeRoleSession",
        "assume_role_session_duration": "awsAssumeRoleSessionDurationSeconds",
        "assume_role_external_id": "awsAssumeRoleExternalId",
    },
)
new_octopusazurewebapptarget = _namer(
    "create-azurewebapptarget",
    {
        **_WITH_ACCOUNT,
        "web_app": "azureWebApp",
        "slot": "azureWebAppSlot",
        "resource_group": "azureResourceGroupName",
    },
)
new_octopusazurecloudservicetarget = _namer(
    "create-azurecloudservicetarget",
    {
        **_WITH_ACCOUNT,
        "cloud_service": "azureCloudServiceName",
        "storage_account": "azureStorageAccount",
        "slot": "azureDeploymentSlot",
        "swap": "swap",
        "instance_count": "instanceCount",
    },
)
new_octopusazureservicefabrictarget = _namer(
    "create-azureservicefabrictarget",
    {
        **_TARGET,
        "connection_endpoint": "azureConnectionEndpoint",
        "security_mode": "azureSecurityMode",
        "certificate_thumbprint": "azureCertificateThumbprint",
        "username": "azureActiveDirectoryUsername",
        "password": "azureActiveDirectoryPassword",
        "certificate_store_location": "certificateStoreLocation",
        "certificate_store_name": "certificateStoreName",
        "certificate": "octopusCertificateIdOrName",
    },
)
new_octopustokenaccount = _namer("create-tokenaccount", {"token": "token"})
new_octopususerpassaccount = _namer("create-userpassaccount", {"username": "username", "password": "password"})
new_octopusawsaccount = _namer("create-awsaccount", {"access_key": "accessKey", "secret_key": "secretKey"})
new_octopusazureserviceprincipalaccount = _namer(
    "create-azureaccount",
    {
        "subscription": "azSubscriptionId",
        "application_id": "azApplicationId",
        "tenant_id": "azTenantId",
        "password": "azPassword",
        "environment": "azEnvironment",
        "base_uri": "azBaseUri",
        "resource_management_base_uri": "azResourceManagementBaseUri",
    },
)


def remove_octopustarget(machine: str) -> None:
    """Delete a target by its id or name."""
    _order("delete-target", {"machine": machine})
