"""The variables that targets in clouds and clusters give to scripts, with those of the accounts that they name."""

from __future__ import annotations

from typing import Any

import httpx
import msgspec
import pytest

from api.certificatefiles import signed
from api.conftest import create
from api.test_certificates import sent
from polpo.features.machines.endpointvariables import endpoint_variables
from polpo.features.machines.resource import MACHINES, Endpoint
from polpo.server.application import Server

GUID = "0a1b2c3d-0000-0000-0000-000000000001"
SHOP = signed("shop.example.com")
_A = "Octopus.Action."
_IDS = {"SubscriptionNumber": GUID, "ClientId": GUID, "TenantId": GUID}


def secret(text: str) -> dict[str, Any]:
    return {"HasValue": True, "NewValue": text}


def kubernetes(way: str, **more: Any) -> dict[str, Any]:
    signing = {"AuthenticationType": way, **more}
    return {"CommunicationStyle": "Kubernetes", "ClusterUrl": "https://k", "Authentication": signing}


async def variables(server: Server, endpoint: dict[str, Any]) -> tuple[dict[str, str], set[str]]:
    """By their names, and the names of those that are secret."""
    with server.database.read() as session:
        found = endpoint_variables(session, msgspec.convert(endpoint, Endpoint))
    return {one.name: one.value for one in found}, {one.name for one in found if one.is_sensitive}


_AZURE = {"AccountType": "AzureServicePrincipal", "Password": secret("s3cret"), **_IDS}
_AMAZON = {"AccountType": "AmazonWebServicesAccount", "AccessKey": "a", "SecretKey": secret("s3cret"), "Region": "r1"}
_CASES: list[tuple[dict[str, Any], dict[str, Any], dict[str, str], set[str]]] = [
    (
        {"AccountType": "Token", "Token": secret("t0ken")},
        kubernetes("KubernetesStandard") | {"Namespace": "apps", "SkipTlsVerification": "True"},
        {
            _A + "Kubernetes.ClusterUrl": "https://k",
            _A + "Kubernetes.Namespace": "apps",
            _A + "Kubernetes.SkipTlsVerification": "True",
            "Octopus.Account.AccountType": "Token",
            "Octopus.Account.Token": "t0ken",
        },
        {"Octopus.Account.Token"},
    ),
    (
        {"AccountType": "UsernamePassword", "Username": "u", "Password": secret("p")},
        kubernetes("KubernetesStandard"),
        {"Octopus.Account.Username": "u", "Octopus.Account.Password": "p"},
        {"Octopus.Account.Password"},
    ),
    (
        _AZURE,
        kubernetes("KubernetesAzure", ClusterName="c", ClusterResourceGroup="rg", AdminLogin="true"),
        {
            _A + "Azure.SubscriptionId": GUID,
            _A + "Azure.ClientId": GUID,
            _A + "Azure.TenantId": GUID,
            _A + "Azure.Password": "s3cret",
            _A + "Kubernetes.AksClusterName": "c",
            _A + "Kubernetes.AksClusterResourceGroup": "rg",
            _A + "Kubernetes.AksAdminLogin": "true",
        },
        {_A + "Azure.Password"},
    ),
    (
        _AMAZON,
        kubernetes("KubernetesAws", ClusterName="c", UseInstanceRole=False, AssumeRole=True, AssumedRoleArn="arn"),
        {
            _A + "Amazon.AccessKey": "a",
            _A + "Amazon.SecretKey": "s3cret",
            _A + "Aws.Region": "r1",
            _A + "Aws.AssumeRole": "True",
            _A + "Aws.AssumedRoleArn": "arn",
            _A + "AwsAccount.UseInstanceRole": "False",
            _A + "Kubernetes.EksClusterName": "c",
        },
        {_A + "Amazon.SecretKey"},
    ),
    (
        {"AccountType": "GoogleCloudAccount", "JsonKey": secret("e30=")},
        kubernetes("KubernetesGoogleCloud", ClusterName="c", Project="p", Zone="z"),
        {
            _A + "GoogleCloudAccount.JsonKey": "e30=",
            _A + "GoogleCloud.Project": "p",
            _A + "GoogleCloud.Zone": "z",
            _A + "Kubernetes.GkeClusterName": "c",
        },
        {_A + "GoogleCloudAccount.JsonKey"},
    ),
    (
        _AZURE,
        {
            "CommunicationStyle": "AzureWebApp",
            "ResourceGroupName": "rg",
            "WebAppName": "app",
            "WebAppSlotName": "blue",
        },
        {
            _A + "Azure.ResourceGroupName": "rg",
            _A + "Azure.WebAppName": "app",
            _A + "Azure.DeploymentSlot": "blue",
            "Octopus.Account.AccountType": "AzureServicePrincipal",
        },
        {_A + "Azure.Password"},
    ),
    (
        {"AccountType": "AzureSubscription", "SubscriptionNumber": GUID, "CertificateBytes": secret("Q0VSVA==")},
        {"CommunicationStyle": "AzureCloudService", "CloudServiceName": "c", "Slot": "Staging"},
        {_A + "Azure.CloudServiceName": "c", _A + "Azure.Slot": "Staging", _A + "Azure.CertificateBytes": "Q0VSVA=="},
        {_A + "Azure.CertificateBytes"},
    ),
    (
        _AMAZON,
        {"CommunicationStyle": "AwsEcsCluster", "ClusterName": "c", "Region": "r2"},
        {_A + "Aws.Ecs.ClusterName": "c", _A + "Aws.Region": "r2", _A + "Amazon.AccessKey": "a"},
        {_A + "Amazon.SecretKey"},
    ),
]


@pytest.mark.parametrize(("account", "endpoint", "texts", "secrets"), _CASES)
async def test_an_account_stands_behind_a_target(
    client: httpx.AsyncClient,
    server: Server,
    account: dict[str, Any],
    endpoint: dict[str, Any],
    texts: dict[str, str],
    secrets: set[str],
) -> None:
    identity = (await create(client, "accounts", Name="a", **account))["Id"]
    if "Authentication" in endpoint:
        endpoint = endpoint | {"Authentication": endpoint["Authentication"] | {"AccountId": identity}}
    else:
        endpoint = endpoint | {"AccountId": identity}

    found, hidden = await variables(server, endpoint)

    assert texts.items() <= found.items(), found
    assert found["Octopus.Account.Id"] == identity
    assert hidden == secrets


async def test_certificates_and_a_proxy_stand_behind_a_cluster(client: httpx.AsyncClient, server: Server) -> None:
    own = (await create(client, "certificates", **sent(SHOP.pem() + SHOP.key_pem())))["Id"]
    proxy = await create(client, "proxies", Name="p", Host="proxy", Port=3128, Username="u@x", Password=secret("p w"))
    endpoint = kubernetes("KubernetesCertificate", ClientCertificate=own) | {"ClusterCertificate": own}

    found, hidden = await variables(server, endpoint | {"ProxyId": proxy["Id"]})

    assert found[_A + "Kubernetes.CertificateAuthority"] == found[_A + "Kubernetes.ClientCertificate"] == own
    assert found[f"{own}.CertificatePem"] == SHOP.pem().decode()
    assert "PRIVATE KEY" in found[f"{own}.PrivateKeyPem"]
    assert found[_A + "Kubernetes.ProxyUrl"] == "http://u%40x:p%20w@proxy:3128"
    assert hidden == {f"{own}.PrivateKeyPem", _A + "Kubernetes.ProxyUrl"}


async def test_a_fabric_cluster_gives_its_own_secrets(client: httpx.AsyncClient, server: Server) -> None:
    environment = await create(client, "environments", Name="Dev")
    endpoint = {
        "CommunicationStyle": "AzureServiceFabricCluster",
        "ConnectionEndpoint": "c:19000",
        "SecurityMode": "SecureAzureAD",
        "AadCredentialType": "UserCredential",
        "AadUserCredentialUsername": "u",
        "AadUserCredentialPassword": secret("s3cret"),
        "ServerCertThumbprint": "AB",
    }
    made = await create(
        client, "machines", Name="f", EnvironmentIds=[environment["Id"]], Roles=["x"], Endpoint=endpoint
    )
    with server.database.read() as session:
        stored = session.get(MACHINES, made["Id"]).endpoint
        found = {one.name: one for one in endpoint_variables(session, stored)}

    assert found["Octopus.Action.ServiceFabric.ConnectionEndpoint"].value == "c:19000"
    assert found["Octopus.Action.ServiceFabric.AadUserCredentialPassword"].value == "s3cret"
    assert found["Octopus.Action.ServiceFabric.AadUserCredentialPassword"].is_sensitive


async def test_a_pod_without_a_path_has_the_usual_one(server: Server) -> None:
    found, _ = await variables(server, kubernetes("KubernetesPodService"))

    assert found[_A + "Kubernetes.PodServiceAccountTokenPath"].endswith("/kubernetes.io/serviceaccount/token")


async def test_targets_that_are_reached_themselves_give_none(server: Server) -> None:
    assert await variables(server, {"CommunicationStyle": "None"}) == ({}, set())
