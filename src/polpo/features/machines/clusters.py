"""What a Kubernetes cluster needs to be reached, for each way of signing in to it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from polpo.features.machines.kubernetes import AuthenticationType, KubernetesAuthentication
from polpo.features.machines.resource import Endpoint

_NAMESPACE = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
_TEMPLATE = "#{"
_SHORTEST_SESSION, _LONGEST_SESSION = 900, 43_200

#: Clouds tell the address of a cluster by its name.
_FOUND_BY_NAME: frozenset[AuthenticationType] = frozenset({"KubernetesAzure", "KubernetesGoogleCloud"})
#: What each way cannot do without, by attribute, with the name on the wire.
_NEEDED: dict[AuthenticationType, dict[str, str]] = {
    "KubernetesStandard": {"account_id": "AccountId"},
    "KubernetesCertificate": {"client_certificate": "ClientCertificate"},
    "KubernetesAws": {"cluster_name": "ClusterName"},
    "KubernetesAzure": {
        "account_id": "AccountId",
        "cluster_name": "ClusterName",
        "cluster_resource_group": "ClusterResourceGroup",
    },
    "KubernetesGoogleCloud": {"cluster_name": "ClusterName", "project": "Project"},
}


def settle_cluster(endpoint: Endpoint) -> list[str]:
    """Brings texts into the form that clients read; returns what is wrong. Texts with variables are not judged."""
    if isinstance(endpoint.skip_tls_verification, bool):
        endpoint.skip_tls_verification = str(endpoint.skip_tls_verification)
    signing = endpoint.authentication or KubernetesAuthentication()
    if isinstance(signing.admin_login, bool):
        signing.admin_login = str(signing.admin_login).lower()
    return [*_address_faults(endpoint, signing), *_text_faults(endpoint), *signing_in_faults(signing)]


def _address_faults(endpoint: Endpoint, signing: KubernetesAuthentication) -> Iterator[str]:
    address = (endpoint.cluster_url or "").strip()
    if not address:
        if signing.authentication_type not in _FOUND_BY_NAME:
            yield "Endpoint.ClusterUrl is missing; say where the cluster's API is."
        return
    if _TEMPLATE not in address and not _is_address(address):
        yield f"Endpoint.ClusterUrl must be an address like https://host:6443; it is '{address}'."


def _is_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
        _ = parts.port  # raises for a port that is no number
    except ValueError:
        return False
    return parts.scheme in ("https", "http") and bool(parts.hostname) and not parts.username


def _text_faults(endpoint: Endpoint) -> Iterator[str]:
    namespace, skip = endpoint.namespace or "", endpoint.skip_tls_verification or ""
    if namespace and _TEMPLATE not in namespace and not _NAMESPACE.fullmatch(namespace):
        yield (
            "Endpoint.Namespace must consist of up to 63 lower-case letters, digits and hyphens, with no hyphen at the"
            f" ends; it is '{namespace}'."
        )
    if isinstance(skip, str) and _TEMPLATE not in skip and skip.casefold() not in ("", "true", "false"):
        yield f"Endpoint.SkipTlsVerification must be True or False; it is '{skip}'."
    container = endpoint.container
    if container is not None and container.image and not container.feed_id:
        yield "Endpoint.Container.FeedId is missing; say which feed the image comes from."


def signing_in_faults(signing: KubernetesAuthentication) -> Iterator[str]:
    """What is missing, or says two things, in how the cluster is signed in to."""
    way, place = signing.authentication_type, "Endpoint.Authentication"
    for attribute, name in _NEEDED.get(way, {}).items():
        if not getattr(signing, attribute):
            yield f"{place}.{name} is missing; signing in by {way} needs it."
    if way == "KubernetesAws":
        yield from _role_faults(signing)
    if way == "KubernetesGoogleCloud":
        yield from _google_faults(signing)


def _role_faults(signing: KubernetesAuthentication) -> Iterator[str]:
    place = "Endpoint.Authentication"
    if not signing.account_id and not signing.use_instance_role:
        yield f"{place}.AccountId is missing; name an account, or set UseInstanceRole to use the worker's own role."
    yield from assumed_role_faults(signing, place)


def assumed_role_faults(signing: KubernetesAuthentication | Endpoint, place: str) -> Iterator[str]:
    """Of a role at Amazon that is taken on after signing in."""
    if not signing.assume_role:
        return
    if not signing.assumed_role_arn:
        yield f"{place}.AssumedRoleArn is missing; AssumeRole needs the role to be taken on."
    seconds = signing.assume_role_session_duration_seconds
    if seconds and not _SHORTEST_SESSION <= seconds <= _LONGEST_SESSION:
        yield (
            f"{place}.AssumeRoleSessionDurationSeconds must be between {_SHORTEST_SESSION} and {_LONGEST_SESSION}; it"
            f" is {seconds}."
        )


def _google_faults(signing: KubernetesAuthentication) -> Iterator[str]:
    place = "Endpoint.Authentication"
    if not signing.account_id and not signing.use_vm_service_account:
        yield f"{place}.AccountId is missing; name an account, or set UseVmServiceAccount to use the worker's own."
    if not (signing.region or signing.zone):
        yield f"{place} needs a Zone or a Region, whichever the cluster was made for."
    if signing.impersonate_service_account and not signing.service_account_emails:
        yield f"{place}.ServiceAccountEmails is missing; name the service account to be impersonated."
