"""How a cluster is reached and signed in to, read from the variables of a step."""

from __future__ import annotations

import os
from base64 import b64encode
from typing import Any, Dict, Mapping, NamedTuple, Optional

from polpo.runner.errors import RunnerError
from polpo.runner.variables import Variables

PREFIX = "Octopus.Action.Kubernetes."
_OF_STEP = "Octopus.Action.KubernetesContainers.Namespace"
_POD = "/var/run/secrets/kubernetes.io/serviceaccount"
_AMAZON = ("amazonwebservicesaccount", "amazonwebservicesoidcaccount", "amazonwebservicesroleaccount")
_AZURE = ("azureserviceprincipal", "azureoidc")
_GOOGLE = ("googlecloudaccount", "googlecloudoidcaccount")


class Connection(NamedTuple):
    """`cluster` and `user` are as in a kubeconfig. `signin` are the facts by which a token is asked for; `how` says to
    a person what is used.

    Where `cluster` has no `server`, the cloud is asked for it.
    """

    cluster: Dict[str, Any]
    user: Dict[str, Any]
    namespace: str
    how: str
    signin: Optional[Dict[str, str]] = None


def names_cluster(variables: Variables) -> bool:
    """Whether scripts of the step are meant to work on a cluster."""
    names = ("ClusterUrl", "AksClusterName", "EksClusterName", "GkeClusterName")
    return any(variables.get(PREFIX + name) for name in names)


def namespace_of(variables: Variables) -> str:
    """What the step says goes before what its target does."""
    return (variables.get(_OF_STEP) or variables.get(PREFIX + "Namespace") or "default").strip()


def read_connection(variables: Variables, environment: Mapping[str, str]) -> Connection:
    """RunnerError says what is missing."""
    if not names_cluster(variables):
        return _inside(variables, environment)
    account = _account_type(variables)
    if variables.get(PREFIX + "AksClusterName") or account in _AZURE:
        return _cloud(variables, "Azure", azure_facts(variables))
    if variables.get(PREFIX + "GkeClusterName") or account in _GOOGLE:
        return _cloud(variables, "Google", _google_facts(variables))
    if not variables.get(PREFIX + "ClusterUrl"):
        raise RunnerError(f"The address of the cluster is missing: set {PREFIX}ClusterUrl.")
    if variables.get(PREFIX + "PodServiceAccountTokenPath"):
        return _direct(variables, _pod_user(variables), "the token of the pod's service account")
    if account == "token":
        return _direct(variables, {"token": _needed(variables, "Octopus.Account.Token")}, "a token")
    if account == "usernamepassword":
        name, password = (_needed(variables, f"Octopus.Account.{part}") for part in ("Username", "Password"))
        return _direct(variables, {"username": name, "password": password}, "a user's name and password")
    if account in _AMAZON or variables.get(PREFIX + "EksClusterName"):
        return _cloud(variables, "Amazon", amazon_facts(variables))
    if account:
        raise RunnerError(
            f"An account of the type {variables.get('Octopus.Account.AccountType')} is no way to sign in to a cluster. "
            f"Choose a token, a user's name and password, or an account at Amazon, Azure or Google."
        )
    if variables.get(PREFIX + "ClientCertificate"):
        return _direct(variables, _certified_user(variables), "a client certificate")
    # kubectl cannot do without: it would ask for a name and a password.
    raise RunnerError(
        "Nothing says how to sign in to the cluster: choose an account, a client certificate, or the service account "
        "of a pod."
    )


def _account_type(variables: Variables) -> str:
    return (variables.get("Octopus.Account.AccountType") or "").strip().lower()


def _needed(variables: Variables, name: str) -> str:
    value = variables.get(name)
    if not value:
        raise RunnerError(f"{name} is empty, and is needed to sign in to the cluster. Look at the target's account.")
    return value


# -- where the cluster is


def _cluster(variables: Variables) -> Dict[str, Any]:
    cluster: Dict[str, Any] = {}
    if address := (variables.get(PREFIX + "ClusterUrl") or "").strip():
        cluster["server"] = address
    if proxy := variables.get(PREFIX + "ProxyUrl"):
        cluster["proxy-url"] = proxy
    path, named = variables.get(PREFIX + "CertificateAuthorityPath"), variables.get(PREFIX + "CertificateAuthority")
    if variables.get_flag(PREFIX + "SkipTlsVerification", False):
        cluster["insecure-skip-tls-verify"] = True
    elif path:
        if not os.path.isfile(path):
            raise RunnerError(f"There is no certificate authority {path} on this machine. Look at the target's path.")
        cluster["certificate-authority"] = path
    elif named:
        cluster["certificate-authority-data"] = _pem(variables, named, "CertificatePem")
    return cluster


def _pem(variables: Variables, certificate: str, part: str) -> str:
    """In base64, as a kubeconfig has it."""
    text = variables.get(f"{certificate}.{part}")
    if not text:
        missing = "private key" if part == "PrivateKeyPem" else "certificate"
        raise RunnerError(f"The certificate '{certificate}' has no {missing}. Store it again, complete.")
    return b64encode(text.encode()).decode()


# -- signing in without asking anybody


def _direct(variables: Variables, user: Dict[str, Any], how: str) -> Connection:
    return Connection(_cluster(variables), user, namespace_of(variables), how)


def _pod_user(variables: Variables) -> Dict[str, Any]:
    """kubectl reads the file itself, and again when the token in it has been renewed."""
    path = variables.get(PREFIX + "PodServiceAccountTokenPath") or ""
    if not os.path.isfile(path):
        raise RunnerError(
            f"There is no token of a pod's service account at {path}: this machine is no pod, or its service account "
            f"is not mounted."
        )
    if not os.path.getsize(path):
        raise RunnerError(f"The token of the pod's service account at {path} is empty.")
    return {"tokenFile": path}


def _certified_user(variables: Variables) -> Dict[str, Any]:
    named = variables.get(PREFIX + "ClientCertificate") or ""
    return {
        "client-certificate-data": _pem(variables, named, "CertificatePem"),
        "client-key-data": _pem(variables, named, "PrivateKeyPem"),
    }


def _inside(variables: Variables, environment: Mapping[str, str]) -> Connection:
    """The cluster that this machine is a pod of."""
    host, port = environment.get("KUBERNETES_SERVICE_HOST"), environment.get("KUBERNETES_SERVICE_PORT")
    if not (host and port and os.path.isfile(f"{_POD}/token")):
        raise RunnerError(
            f"The step works on a cluster and names none: run it for a Kubernetes target, or set {PREFIX}ClusterUrl "
            f"and Octopus.Account.AccountType."
        )
    host = f"[{host}]" if ":" in host else host
    cluster = {"server": f"https://{host}:{port}", "certificate-authority": f"{_POD}/ca.crt"}
    how = "the token of the pod's service account"
    return Connection(cluster, {"tokenFile": f"{_POD}/token"}, namespace_of(variables), how)


# -- signing in by a cloud


def _cloud(variables: Variables, cloud: str, facts: Dict[str, str]) -> Connection:
    how = f"{cloud}, for the cluster {facts.get('Cluster', '')}"
    return Connection(_cluster(variables), {}, namespace_of(variables), how, {"Cloud": cloud, **facts})


def _told(facts: Dict[str, Optional[str]]) -> Dict[str, str]:
    """Those that have a value."""
    return {name: value.strip() for name, value in facts.items() if value and value.strip()}


def _of_account(variables: Variables, kind: str, part: str, otherwise: str) -> Optional[str]:
    """A part of the account that the step names by a variable, else of the target's."""
    account = variables.get(f"Octopus.Action.{kind}.Variable")
    return (variables.get(f"{account}.{part}") if account else None) or variables.get(otherwise)


def _jwt(variables: Variables, kind: str) -> Optional[str]:
    """The token that stands for the account: of the variable that the step names, of the target, or of the step."""
    of_target = variables.get("Octopus.Account.OpenIdConnect.Jwt") or variables.get("Octopus.OpenIdConnect.Jwt")
    account = variables.get(f"Octopus.Action.{kind}.Variable")
    return (variables.get(f"{account}.OpenIdConnect.Jwt") if account else None) or of_target


def amazon_facts(variables: Variables) -> Dict[str, str]:
    def part(name: str, otherwise: str) -> Optional[str]:
        return _of_account(variables, "AwsAccount", name, otherwise)

    role = "Octopus.Action.Aws."
    assumes = variables.get_flag(role + "AssumeRole", False)
    facts: Dict[str, Optional[str]] = {
        "Cluster": variables.get(PREFIX + "EksClusterName"),
        "Server": variables.get(PREFIX + "ClusterUrl"),
        "Region": variables.get(role + "Region"),
        "AccessKey": part("AccessKey", "Octopus.Action.Amazon.AccessKey"),
        "SecretKey": part("SecretKey", "Octopus.Action.Amazon.SecretKey"),
        "RoleArn": part("RoleArn", "Octopus.Action.Amazon.RoleArn"),
        "SessionDuration": part("SessionDuration", "Octopus.Action.Amazon.SessionDuration"),
        "Jwt": _jwt(variables, "AwsAccount"),
        "IsOidc": "True" if "oidc" in _account_type(variables) else None,
        "AssumedRoleArn": variables.get(role + "AssumedRoleArn") if assumes else None,
        "AssumedRoleSession": variables.get(role + "AssumedRoleSession") if assumes else None,
        "AssumedRoleSeconds": variables.get(role + "AssumeRoleSessionDurationSeconds") if assumes else None,
        "AssumedRoleExternalId": variables.get(role + "AssumeRoleExternalId") if assumes else None,
    }
    return _told(facts)


def azure_facts(variables: Variables) -> Dict[str, str]:
    def part(name: str, own: str) -> Optional[str]:
        return _of_account(variables, "AzureAccount", name, f"Octopus.Action.Azure.{own}")

    facts: Dict[str, Optional[str]] = {
        "Cluster": variables.get(PREFIX + "AksClusterName"),
        "ResourceGroup": variables.get(PREFIX + "AksClusterResourceGroup"),
        "AsAdministrator": "True" if variables.get_flag(PREFIX + "AksAdminLogin", False) else None,
        "Subscription": part("SubscriptionNumber", "SubscriptionId"),
        "Tenant": part("TenantId", "TenantId"),
        "Client": part("Client", "ClientId"),
        "Password": part("Password", "Password"),
        "Environment": part("AzureEnvironment", "Environment"),
        "ResourceManager": part("ResourceManagementEndpointBaseUri", "ResourceManagementEndPoint"),
        "Directory": part("ActiveDirectoryEndpointBaseUri", "ActiveDirectoryEndPoint"),
        "Jwt": _jwt(variables, "AzureAccount"),
    }
    return _told(facts)


def _google_facts(variables: Variables) -> Dict[str, str]:
    cloud = "Octopus.Action.GoogleCloud."
    impersonates = variables.get_flag(cloud + "ImpersonateServiceAccount", False)
    by_machine = variables.get_flag(cloud + "UseVMServiceAccount", False)
    key = _of_account(variables, "GoogleCloudAccount", "JsonKey", "Octopus.Action.GoogleCloudAccount.JsonKey")
    facts: Dict[str, Optional[str]] = {
        "Cluster": variables.get(PREFIX + "GkeClusterName"),
        "Project": variables.get(cloud + "Project"),
        "Location": variables.get(cloud + "Zone") or variables.get(cloud + "Region"),
        "JsonKey": None if by_machine else key,
        "Jwt": None if by_machine else _jwt(variables, "GoogleCloudAccount"),
        "Audience": _of_account(variables, "GoogleCloudAccount", "Audience", "Octopus.Account.Audience"),
        "ByMachine": "True" if by_machine else None,
        "Impersonated": variables.get(cloud + "ServiceAccountEmails") if impersonates else None,
        "InternalAddress": "True" if variables.get_flag(PREFIX + "GkeUseClusterInternalIp", False) else None,
    }
    return _told(facts)
