"""What targets in clouds and clusters are refused for."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from polpo.features.machines.endpoints import settle_endpoint
from polpo.features.machines.resource import Endpoint

_CLUSTER = {"CommunicationStyle": "Kubernetes", "ClusterUrl": "https://k:6443"}
_FABRIC = {"CommunicationStyle": "AzureServiceFabricCluster", "ConnectionEndpoint": "c:19000"}
_ECS = {"CommunicationStyle": "AwsEcsCluster", "ClusterName": "c", "Region": "eu-west-1"}


def faults(endpoint: dict[str, Any]) -> list[str]:
    return settle_endpoint(msgspec.convert(endpoint, Endpoint))


def signing(way: str, **more: Any) -> dict[str, Any]:
    return _CLUSTER | {"Authentication": {"AuthenticationType": way, **more}}


_AKS = {"AccountId": "Accounts-1", "ClusterName": "c", "ClusterResourceGroup": "rg"}
_EKS = {"AccountId": "Accounts-1", "ClusterName": "c"}
_GKE = {"AccountId": "Accounts-1", "ClusterName": "c", "Project": "p", "Region": "r"}


@pytest.mark.parametrize(
    "endpoint",
    [
        _CLUSTER,
        _CLUSTER | {"ClusterUrl": "#{Cluster}", "Namespace": "#{Name}", "SkipTlsVerification": "#{Skip}"},
        _CLUSTER | {"Container": {"Image": "tools:1", "FeedId": "Feeds-1"}},
        signing("KubernetesStandard", AccountId="Accounts-1"),
        signing("KubernetesCertificate", ClientCertificate="Certificates-1"),
        signing("KubernetesPodService"),
        signing("KubernetesAzure", **_AKS) | {"ClusterUrl": ""},
        signing("KubernetesAws", **_EKS),
        signing("KubernetesAws", ClusterName="c", UseInstanceRole=True),
        signing("KubernetesAws", **_EKS, AssumeRole=True, AssumedRoleArn="arn", AssumeRoleSessionDurationSeconds=900),
        signing("KubernetesGoogleCloud", **_GKE, Zone="z"),
        signing("KubernetesGoogleCloud", **_GKE) | {"ClusterUrl": None},
        signing("KubernetesGoogleCloud", ClusterName="c", Project="p", Zone="z", UseVmServiceAccount=True),
        _FABRIC,
        _FABRIC | {"SecurityMode": "SecureClientCertificate", "ServerCertThumbprint": "A", "ClientCertVariable": "C"},
        _ECS | {"UseInstanceRole": True},
    ],
    ids=str,
)
def test_what_is_complete_is_taken(endpoint: dict[str, Any]) -> None:
    assert faults(endpoint) == []


@pytest.mark.parametrize(
    ("endpoint", "fault"),
    [
        (_CLUSTER | {"ClusterUrl": "k:6443"}, "ClusterUrl must be an address like https://host:6443; it is 'k:6443'"),
        (_CLUSTER | {"ClusterUrl": "https://u:p@k"}, "ClusterUrl must be an address"),
        (_CLUSTER | {"ClusterUrl": "https://k:port"}, "ClusterUrl must be an address"),
        (_CLUSTER | {"Namespace": "My Apps"}, "Endpoint.Namespace must consist of"),
        (_CLUSTER | {"Namespace": "apps-"}, "with no hyphen at the ends; it is 'apps-'"),
        (_CLUSTER | {"SkipTlsVerification": "maybe"}, "SkipTlsVerification must be True or False; it is 'maybe'"),
        (_CLUSTER | {"Container": {"Image": "tools:1"}}, "Container.FeedId is missing"),
        (signing("KubernetesStandard"), "Authentication.AccountId is missing; signing in by KubernetesStandard"),
        (signing("KubernetesCertificate"), "Authentication.ClientCertificate is missing"),
        (signing("KubernetesAzure", **_AKS | {"ClusterName": ""}), "Authentication.ClusterName is missing"),
        (signing("KubernetesAzure", **_AKS | {"ClusterResourceGroup": ""}), "ClusterResourceGroup is missing"),
        (signing("KubernetesAws", **_EKS) | {"ClusterUrl": ""}, "Endpoint.ClusterUrl is missing"),
        (signing("KubernetesAws", ClusterName="c"), "name an account, or set UseInstanceRole"),
        (signing("KubernetesAws", **_EKS, AssumeRole=True), "Authentication.AssumedRoleArn is missing"),
        (
            signing("KubernetesAws", **_EKS, AssumeRole=True, AssumedRoleArn="a", AssumeRoleSessionDurationSeconds=60),
            "must be between 900 and 43200; it is 60",
        ),
        (signing("KubernetesGoogleCloud", **_GKE | {"Region": ""}), "needs a Zone or a Region"),
        (signing("KubernetesGoogleCloud", **_GKE | {"AccountId": ""}), "name an account, or set UseVmServiceAccount"),
        (signing("KubernetesGoogleCloud", **_GKE, ImpersonateServiceAccount=True), "ServiceAccountEmails is missing"),
        (_FABRIC | {"SecurityMode": "Locked"}, "SecurityMode of a target of the style AzureServiceFabricCluster can"),
        (_FABRIC | {"SecurityMode": "SecureClientCertificate"}, "ClientCertVariable is missing"),
        (_FABRIC | {"SecurityMode": "SecureAzureAD"}, "ServerCertThumbprint is missing"),
        (_ECS | {"AssumeRole": True}, "Endpoint.AssumedRoleArn is missing"),
    ],
    ids=str,
)
def test_what_is_missing_or_wrong_is_told(endpoint: dict[str, Any], fault: str) -> None:
    assert [told for told in faults(endpoint) if fault in told], faults(endpoint)


def test_clients_read_texts_where_some_write_booleans() -> None:
    endpoint = msgspec.convert(signing("KubernetesAzure", **_AKS, AdminLogin=True), Endpoint)
    endpoint.skip_tls_verification = True

    assert settle_endpoint(endpoint) == []

    assert endpoint.skip_tls_verification == "True"
    assert endpoint.authentication is not None
    assert endpoint.authentication.admin_login == "true"
