"""Every way of reaching a target, as clients write it and read it again."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from api.conftest import SPACE, create

THUMBPRINT = "8A3B" * 10
GUID = "0a1b2c3d-0000-0000-0000-000000000001"
AZURE, OLD_AZURE, AMAZON, GOOGLE = "Accounts-2", "Accounts-3", "Accounts-4", "Accounts-5"
KEPT = {"HasValue": True, "NewValue": None, "Hint": None}
POOL = {"DefaultWorkerPoolId": "WorkerPools-1"}
NEW = {"HasValue": True, "NewValue": "s3cret", "Hint": None}
KUBERNETES = {"CommunicationStyle": "Kubernetes", "ClusterUrl": "https://k", "SkipTlsVerification": "False"}
WEB_APP = {"CommunicationStyle": "AzureWebApp", "WebAppName": "a", "ResourceGroupName": "rg"}

#: What is sent; what comes back is the same, apart from the second part.
ENDPOINTS: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "cloud region": ({"CommunicationStyle": "None", **POOL}, {}),
    "listening": (
        {
            "CommunicationStyle": "TentaclePassive",
            "ProxyId": "Proxies-1",
            "Uri": "https://127.0.0.1:9",
            "Thumbprint": THUMBPRINT,
        },
        {},
    ),
    "polling": ({"CommunicationStyle": "TentacleActive", "Uri": "poll://x/", "Thumbprint": THUMBPRINT}, {}),
    "ssh": (
        {
            "CommunicationStyle": "Ssh",
            "AccountId": "Accounts-1",
            "ProxyId": "Proxies-1",
            "Host": "h",
            "Port": 2222,
            "Fingerprint": "SHA256:x",
            "HostKeyAlgorithm": "ssh-ed25519",
            "DotNetCorePlatform": "linux-x64",
        },
        {"Uri": "ssh://h:2222/"},
    ),
    "offline drop": (
        {
            "CommunicationStyle": "OfflineDrop",
            "Destination": {"DestinationType": "FileSystem", "DropFolderPath": "/drop"},
            "ApplicationsDirectory": "/apps",
            "OctopusWorkingDirectory": "/work",
            "SensitiveVariablesEncryptionPassword": NEW,
        },
        {"SensitiveVariablesEncryptionPassword": KEPT},
    ),
    "web app": (
        {
            "CommunicationStyle": "AzureWebApp",
            "AccountId": AZURE,
            "ResourceGroupName": "rg",
            "WebAppName": "app",
            "WebAppSlotName": "",
            "DefaultWorkerPoolId": "",
        },
        {},
    ),
    "cloud service": (
        {
            "CommunicationStyle": "AzureCloudService",
            "AccountId": OLD_AZURE,
            "CloudServiceName": "c",
            "StorageAccountName": "s",
            "Slot": "Staging",
            "SwapIfPossible": False,
            "UseCurrentInstanceCount": True,
            **POOL,
        },
        {},
    ),
    "service fabric": (
        {
            "CommunicationStyle": "AzureServiceFabricCluster",
            "ConnectionEndpoint": "cluster:19000",
            "SecurityMode": "SecureAzureAD",
            "AadCredentialType": "UserCredential",
            "AadUserCredentialUsername": "u",
            "AadUserCredentialPassword": NEW,
            "AadClientCredentialSecret": "",
            "ServerCertThumbprint": THUMBPRINT,
            "ClientCertVariable": "Cert",
            "CertificateStoreLocation": "CurrentUser",
            "CertificateStoreName": "My",
            **POOL,
        },
        {"AadUserCredentialPassword": KEPT},
    ),
    "kubernetes agent": (
        {
            "CommunicationStyle": "KubernetesTentacle",
            "DefaultNamespace": "apps",
            "UpgradeLocked": False,
            "KubernetesAgentDetails": {
                "AgentVersion": "2.0.0",
                "TentacleVersion": "8.0.0",
                "UpgradeStatus": "NoUpgrades",
                "HelmReleaseName": "agent",
                "KubernetesNamespace": "octopus",
            },
            "TentacleEndpointConfiguration": {
                "CommunicationMode": "Polling",
                "Uri": "poll://k/",
                "Thumbprint": THUMBPRINT,
            },
        },
        {},
    ),
    "ecs": (
        {
            "CommunicationStyle": "AwsEcsCluster",
            "AccountId": AMAZON,
            "ClusterName": "c",
            "Region": "eu-west-1",
            "UseInstanceRole": False,
            "AssumeRole": True,
            "AssumedRoleArn": "arn",
            "AssumedRoleSession": "s",
            "AssumeRoleSessionDurationSeconds": 900,
            "AssumeRoleExternalId": "x",
            **POOL,
        },
        {},
    ),
    "step package": (
        {
            "CommunicationStyle": "StepPackage",
            "DeploymentTargetTypeId": "aws-ecs-target",
            "StepPackageId": "aws-ecs-target",
            "StepPackageVersion": "1.0.0",
            "Inputs": {"clusterName": "c", "deep": [{"a": 1}]},
            **POOL,
        },
        {},
    ),
    "kubernetes": (
        {
            **KUBERNETES,
            "Namespace": "apps",
            "ClusterCertificatePath": "/ca.pem",
            "ProxyId": "Proxies-1",
            "RunningInContainer": False,
            "Container": {"FeedId": "feeds-builtin", "Image": "octopusdeploy/worker-tools:6"},
            "ContainerOptions": "--privileged",
            "Authentication": {"AuthenticationType": "KubernetesStandard", "AccountId": "Accounts-1"},
            **POOL,
        },
        {},
    ),
}

AUTHENTICATIONS: list[dict[str, Any]] = [
    {"AuthenticationType": "KubernetesStandard", "AccountId": "Accounts-1"},
    {"AuthenticationType": "KubernetesPodService", "TokenPath": "/token"},
    {
        "AuthenticationType": "KubernetesAzure",
        "AccountId": AZURE,
        "AdminLogin": "false",
        "ClusterName": "c",
        "ClusterResourceGroup": "rg",
    },
    {
        "AuthenticationType": "KubernetesAws",
        "AccountId": AMAZON,
        "ClusterName": "c",
        "UseInstanceRole": False,
        "AssumeRole": True,
        "AssumedRoleArn": "arn",
        "AssumedRoleSession": "s",
        "AssumeRoleSessionDurationSeconds": 900,
        "AssumeRoleExternalId": "x",
    },
    {
        "AuthenticationType": "KubernetesGoogleCloud",
        "AccountId": GOOGLE,
        "ClusterName": "c",
        "Project": "p",
        "Zone": "z",
        "UseVmServiceAccount": False,
        "ImpersonateServiceAccount": True,
        "ServiceAccountEmails": "a@b",
    },
]


@pytest.fixture
async def environment(client: httpx.AsyncClient) -> Any:
    """An environment; beside it the proxy and the accounts that endpoints name, one of each type that they need."""
    await create(client, "accounts", AccountType="UsernamePassword", Name="a", Username="u")
    guids = {"SubscriptionNumber": GUID, "ClientId": GUID, "TenantId": GUID}
    await create(client, "accounts", AccountType="AzureServicePrincipal", Name="azure", Password=NEW, **guids)
    await create(client, "accounts", AccountType="AzureSubscription", Name="old azure", SubscriptionNumber=GUID)
    keys = {"AccessKey": "k", "SecretKey": NEW}
    await create(client, "accounts", AccountType="AmazonWebServicesAccount", Name="amazon", **keys)
    await create(client, "accounts", AccountType="GoogleCloudAccount", Name="google", JsonKey=NEW)
    await create(client, "proxies", Name="p", Host="proxy")
    return await create(client, "environments", Name="Dev")


async def make(client: httpx.AsyncClient, environment: Any, endpoint: dict[str, Any]) -> httpx.Response:
    body = {"Name": "m", "EnvironmentIds": [environment["Id"]], "Roles": ["web"], "SkipInitialHealthCheck": True}
    return await client.post(f"{SPACE}/machines", json=body | {"Endpoint": endpoint})


@pytest.mark.parametrize("kind", ENDPOINTS)
async def test_an_endpoint_of_each_kind_comes_back_as_it_was_written(
    client: httpx.AsyncClient, environment: Any, kind: str
) -> None:
    sent, other = ENDPOINTS[kind]

    answer = await make(client, environment, sent)
    assert answer.status_code == 201, answer.text
    machine = answer.json()
    again = (await client.put(machine["Links"]["Self"], json=machine)).json()

    assert machine["Endpoint"] == again["Endpoint"] == sent | other
    assert "s3cret" not in (await client.get(f"{SPACE}/machines")).text


@pytest.mark.parametrize("authentication", AUTHENTICATIONS, ids=lambda one: one["AuthenticationType"])
async def test_a_cluster_keeps_how_it_is_signed_in_to(
    client: httpx.AsyncClient, environment: Any, authentication: dict[str, Any]
) -> None:
    answer = await make(client, environment, KUBERNETES | {"Authentication": authentication})

    assert answer.json()["Endpoint"]["Authentication"] == authentication


async def test_a_secret_of_an_endpoint_that_is_left_out_stays(client: httpx.AsyncClient, environment: Any) -> None:
    machine = (await make(client, environment, ENDPOINTS["offline drop"][0])).json()
    del machine["Endpoint"]["SensitiveVariablesEncryptionPassword"]

    kept = (await client.put(machine["Links"]["Self"], json=machine)).json()

    assert kept["Endpoint"]["SensitiveVariablesEncryptionPassword"] == KEPT


@pytest.mark.parametrize("host", ["fe80::1", "[fe80::1]"])
async def test_an_ipv6_address_is_written_so_that_it_can_be_read(
    client: httpx.AsyncClient, environment: Any, host: str
) -> None:
    machine = (await make(client, environment, {"CommunicationStyle": "Ssh", "Host": host})).json()
    assert (machine["Endpoint"]["Host"], machine["Uri"]) == ("fe80::1", "ssh://[fe80::1]:22/")


async def test_clients_read_whether_tls_is_checked_as_a_text(client: httpx.AsyncClient, environment: Any) -> None:
    answer = await make(client, environment, KUBERNETES | {"SkipTlsVerification": True})

    assert answer.json()["Endpoint"]["SkipTlsVerification"] == "True"


@pytest.mark.parametrize(
    ("endpoint", "place"),
    [
        ({"CommunicationStyle": "AzureWebApp", "AccountId": "", "WebAppName": "a"}, "Endpoint.AccountId is missing"),
        (WEB_APP | {"AccountId": "Accounts-9"}, "account 'Accounts-9'"),
        (WEB_APP | {"AccountId": AMAZON}, "'amazon', which is of the type AmazonWebServicesAccount; a target of the"),
        ({"CommunicationStyle": "Ssh", "Host": "h", "AccountId": AMAZON}, "needs one of the type SshKeyPair or User"),
        ({"CommunicationStyle": "None", "DefaultWorkerPoolId": "WorkerPools-9"}, "worker pool 'WorkerPools-9'"),
        ({"CommunicationStyle": "Kubernetes"}, "Endpoint.ClusterUrl is missing"),
        (KUBERNETES | {"Authentication": {"AuthenticationType": "Magic"}}, "AuthenticationType"),
        (
            KUBERNETES | {"Authentication": {"AuthenticationType": "KubernetesStandard", "AccountId": "Accounts-9"}},
            "Endpoint.Authentication.AccountId names the account 'Accounts-9'",
        ),
        (
            KUBERNETES | {"Authentication": {"AuthenticationType": "KubernetesAws", "AccountId": AZURE}},
            "'azure', which is of the type AzureServicePrincipal; signing in by KubernetesAws needs one of the type",
        ),
        (KUBERNETES | {"Container": {"FeedId": "Feeds-9"}}, "Endpoint.Container.FeedId names the feed 'Feeds-9'"),
        ({"CommunicationStyle": "KubernetesTentacle"}, "TentacleEndpointConfiguration is missing"),
        (
            {
                "CommunicationStyle": "KubernetesTentacle",
                "TentacleEndpointConfiguration": {"CommunicationMode": "Polling", "Uri": "https://h/"},
            },
            "Endpoint.TentacleEndpointConfiguration.Thumbprint must be",
        ),
        (
            {"CommunicationStyle": "OfflineDrop", "Destination": {"DestinationType": "FileSystem"}},
            "DropFolderPath is missing",
        ),
        ({"CommunicationStyle": "AwsEcsCluster"}, "Endpoint.ClusterName is missing"),
        ({"CommunicationStyle": "AzureServiceFabricCluster"}, "Endpoint.ConnectionEndpoint is missing"),
        ({"CommunicationStyle": "AzureCloudService", "AccountId": OLD_AZURE}, "CloudServiceName is missing"),
    ],
)
async def test_an_endpoint_that_lacks_something_is_refused(
    client: httpx.AsyncClient, environment: Any, endpoint: dict[str, Any], place: str
) -> None:
    answer = await make(client, environment, endpoint)

    assert answer.status_code == 400
    assert any(place in error for error in answer.json()["Errors"]), answer.text


async def test_the_version_of_the_agent_is_what_checks_say(client: httpx.AsyncClient, environment: Any) -> None:
    sent = ENDPOINTS["polling"][0] | {"TentacleVersionDetails": {"Version": "9.9.9"}}

    answer = await make(client, environment, sent)

    assert "TentacleVersionDetails" not in answer.json()["Endpoint"]


async def test_tasks_of_a_target_are_listed(client: httpx.AsyncClient, environment: Any) -> None:
    machine = (await make(client, environment, ENDPOINTS["listening"][0])).json()
    task = (
        await client.post(f"{SPACE}/tasks", json={"Name": "Health", "Arguments": {"MachineIds": [machine["Id"]]}})
    ).json()

    listed = (await client.get(machine["Links"]["TasksTemplate"].partition("{")[0] + "?type=Health")).json()
    other = (await client.get(f"{SPACE}/machines/{machine['Id']}/tasks?type=Deploy")).json()

    assert [one["Id"] for one in listed["Items"]] == [task["Id"]]
    assert other["TotalResults"] == 0
