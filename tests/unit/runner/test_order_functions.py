"""The functions by which scripts ask for targets and accounts: each is really called, in every language that can be."""

from __future__ import annotations

import re
from importlib.resources import files
from typing import Any

import pytest

from unit.runner.conftest import Target

Call = dict[str, Any]

_COMMON = {"name": "T 1", "roles": "web,db", "worker_pool": "Pool", "update_if_existing": True}
_OF_COMMON = {
    "name": "T 1",
    "octopusRoles": "web,db",
    "octopusDefaultWorkerPoolIdOrName": "Pool",
    "updateIfExisting": "True",
}

#: By function: the message, how it is called, and what the message says.
ORDERS: dict[str, tuple[str, Call, dict[str, str]]] = {
    "new_octopustarget": (
        "createStepPackageTarget",
        {**_COMMON, "target_id": "aws-ecs-target", "inputs": '{"a": "it\'s ü"}'},
        {**_OF_COMMON, "targetId": "aws-ecs-target", "inputs": '{"a": "it\'s ü"}'},
    ),
    "new_octopuskubernetestarget": (
        "create-kubernetestarget",
        {
            **_COMMON,
            "cluster_url": "https://k8s/",
            "cluster_name": "c",
            "cluster_resource_group": "rg",
            "cluster_admin_login": True,
            "namespace": "ns",
            "account": "A",
            "client_certificate": "cc",
            "server_certificate": "sc",
            "skip_tls_verification": True,
            "health_check_image": "i",
            "health_check_feed": "f",
            "cluster_project": "p",
            "cluster_region": "r",
            "cluster_zone": "z",
            "cluster_impersonate_service_account": True,
            "cluster_service_account_emails": "e",
            "cluster_use_vm_service_account": True,
            "use_worker_credentials": True,
            "assume_role_arn": "arn",
            "assume_role_session": "s",
            "assume_role_session_duration": "900",
            "assume_role_external_id": "x",
        },
        {
            **_OF_COMMON,
            "clusterUrl": "https://k8s/",
            "clusterName": "c",
            "clusterResourceGroup": "rg",
            "clusterAdminLogin": "True",
            "namespace": "ns",
            "octopusAccountIdOrName": "A",
            "octopusClientCertificateIdOrName": "cc",
            "octopusServerCertificateIdOrName": "sc",
            "skipTlsVerification": "True",
            "healthCheckContainerImage": "i",
            "healthCheckContainerImageFeedIdOrName": "f",
            "clusterProject": "p",
            "clusterRegion": "r",
            "clusterZone": "z",
            "clusterImpersonateServiceAccount": "True",
            "clusterServiceAccountEmails": "e",
            "clusterUseVmServiceAccount": "True",
            "awsUseWorkerCredentials": "True",
            "awsAssumeRoleArn": "arn",
            "awsAssumeRoleSession": "s",
            "awsAssumeRoleSessionDurationSeconds": "900",
            "awsAssumeRoleExternalId": "x",
        },
    ),
    "new_octopusazurewebapptarget": (
        "create-azurewebapptarget",
        {**_COMMON, "web_app": "w", "slot": "s", "resource_group": "rg", "account": "A"},
        {
            **_OF_COMMON,
            "azureWebApp": "w",
            "azureWebAppSlot": "s",
            "azureResourceGroupName": "rg",
            "octopusAccountIdOrName": "A",
        },
    ),
    "new_octopusazurecloudservicetarget": (
        "create-azurecloudservicetarget",
        {
            **_COMMON,
            "cloud_service": "c",
            "storage_account": "s",
            "slot": "production",
            "swap": "deploy",
            "instance_count": "configuration",
            "account": "A",
        },
        {
            **_OF_COMMON,
            "azureCloudServiceName": "c",
            "azureStorageAccount": "s",
            "azureDeploymentSlot": "production",
            "swap": "deploy",
            "instanceCount": "configuration",
            "octopusAccountIdOrName": "A",
        },
    ),
    "new_octopusazureservicefabrictarget": (
        "create-azureservicefabrictarget",
        {
            **_COMMON,
            "connection_endpoint": "e",
            "security_mode": "aad",
            "certificate_thumbprint": "t",
            "username": "u",
            "password": "p w",
            "certificate_store_location": "l",
            "certificate_store_name": "n",
            "certificate": "c",
        },
        {
            **_OF_COMMON,
            "azureConnectionEndpoint": "e",
            "azureSecurityMode": "aad",
            "azureCertificateThumbprint": "t",
            "azureActiveDirectoryUsername": "u",
            "azureActiveDirectoryPassword": "p w",
            "certificateStoreLocation": "l",
            "certificateStoreName": "n",
            "octopusCertificateIdOrName": "c",
        },
    ),
    "new_octopustokenaccount": ("create-tokenaccount", {"name": "n", "token": "t'"}, {"name": "n", "token": "t'"}),
    "new_octopususerpassaccount": (
        "create-userpassaccount",
        {"name": "n", "username": "u", "password": "$p"},
        {"name": "n", "username": "u", "password": "$p"},
    ),
    "new_octopusawsaccount": (
        "create-awsaccount",
        {"name": "n", "access_key": "a", "secret_key": "s", "update_if_existing": True},
        {"name": "n", "accessKey": "a", "secretKey": "s", "updateIfExisting": "True"},
    ),
    "new_octopusazureserviceprincipalaccount": (
        "create-azureaccount",
        {
            "name": "n",
            "subscription": "s",
            "application_id": "a",
            "tenant_id": "t",
            "password": "p",
            "environment": "AzureCloud",
            "base_uri": "b",
            "resource_management_base_uri": "r",
        },
        {
            "name": "n",
            "azSubscriptionId": "s",
            "azApplicationId": "a",
            "azTenantId": "t",
            "azPassword": "p",
            "azEnvironment": "AzureCloud",
            "azBaseUri": "b",
            "azResourceManagementBaseUri": "r",
        },
    ),
}


def in_bash(function: str, call: Call) -> str:
    def option(key: str, value: object) -> str:
        quoted = "'" + str(value).replace("'", "'\\''") + "'"
        return f"--{key.replace('_', '-')}" + ("" if value is True else f" {quoted}")

    return " ".join([function, *(option(key, value) for key, value in call.items())])


def in_python(function: str, call: Call) -> str:
    return f"{function}({', '.join(f'{key}={value!r}' for key, value in call.items())})"


WRITTEN = {"Bash": in_bash, "Python": in_python}


@pytest.mark.parametrize("syntax", WRITTEN)
def test_each_function_sends_its_message(target: Target, syntax: str) -> None:
    calls = [WRITTEN[syntax](function, call) for function, (_, call, _) in ORDERS.items()]
    removal = {"Bash": "remove-octopustarget 'T 1'\nremove_octopustarget T2", "Python": "remove_octopustarget('T 1')"}
    run = target.script("\n".join([*calls, removal[syntax], "set -x" if syntax == "Bash" else ""]), syntax)
    assert run.code == 0, run
    for function, (name, _, said) in ORDERS.items():
        sent = [{key: text.replace("true", "True") for key, text in one.items()} for one in run.messages(name)]
        assert sent == [said], function
    assert run.messages("delete-target")[0] == {"machine": "T 1"}


@pytest.mark.parametrize(
    ("syntax", "body", "sentence"),
    [
        ("Bash", "new_octopusawsaccount --nane x", 'new_octopusawsaccount does not know the option "--nane".'),
        ("Bash", "new_octopustarget web", 'new_octopustarget does not know the option "web".'),
        ("Bash", "new_octopustarget --name", 'new_octopustarget: the option "--name" needs a value.'),
        ("Python", "new_octopusawsaccount('x', nane='y')", "create-awsaccount does not know nane; it knows access_key"),
    ],
)
def test_a_slip_of_the_pen_is_told(target: Target, syntax: str, body: str, sentence: str) -> None:
    run = target.script(body, syntax)
    assert run.code != 0
    assert sentence in run.stderr


def test_bash_knows_the_options_of_the_original(target: Target) -> None:
    run = target.script("new_octopustarget -n a -t b --inputs '{}' --roles c --worker-pool d --update-if-existing")
    expected = {"targetId": "b", "inputs": "{}", "octopusRoles": "c", "octopusDefaultWorkerPoolIdOrName": "d"}
    assert run.messages("createStepPackageTarget") == [{"name": "a", **expected, "updateIfExisting": "true"}]
    assert target.script("new_octopustarget --targetId b").messages("createStepPackageTarget") == [{"targetId": "b"}]


#: PowerShell cannot run where there is none, so its text is looked at: the parameters that people know by name.
PARAMETERS = {
    "New-OctopusTarget": "Name TargetId Inputs Roles WorkerPoolIdOrName UpdateIfExisting",
    "Remove-OctopusTarget": "targetIdOrName",
    "New-OctopusKubernetesTarget": (
        "name clusterUrl octopusServerCertificateIdOrName octopusRoles octopusAccountIdOrName"
        " octopusClientCertificateIdOrName clusterResourceGroup clusterAdminLogin clusterName namespace"
        " updateIfExisting skipTlsVerification octopusDefaultWorkerPoolIdOrName healthCheckContainerImageFeedIdOrName"
        " healthCheckContainerImage clusterProject clusterRegion clusterZone clusterImpersonateServiceAccount"
        " clusterServiceAccountEmails clusterUseVmServiceAccount awsUseWorkerCredentials awsAssumeRoleArn"
        " awsAssumeRoleSession awsAssumeRoleSessionDurationSeconds awsAssumeRoleExternalId"
    ),
    "New-OctopusAzureWebAppTarget": (
        "name azureWebApp azureWebAppSlot azureResourceGroupName octopusAccountIdOrName octopusRoles updateIfExisting"
        " octopusDefaultWorkerPoolIdOrName"
    ),
    "New-OctopusAzureCloudServiceTarget": (
        "name azureCloudServiceName azureStorageAccount azureDeploymentSlot swap instanceCount octopusAccountIdOrName"
        " octopusRoles updateIfExisting octopusDefaultWorkerPoolIdOrName"
    ),
    "New-OctopusAzureServiceFabricTarget": (
        "name azureConnectionEndpoint azureSecurityMode azureCertificateThumbprint azureActiveDirectoryUsername"
        " azureActiveDirectoryPassword certificateStoreLocation certificateStoreName octopusCertificateIdOrName"
        " octopusRoles updateIfExisting octopusDefaultWorkerPoolIdOrName"
    ),
    "New-OctopusTokenAccount": "name token updateIfExisting",
    "New-OctopusUserPassAccount": "name username password updateIfExisting",
    "New-OctopusAwsAccount": "name secretKey accessKey updateIfExisting",
    "New-OctopusAzureServicePrincipalAccount": (
        "name azureSubscription azureApplicationId azureTenantId azurePassword azureEnvironment azureBaseUri"
        " azureResourceManagementBaseUri azureResourceManagementUri updateIfExisting"
    ),
}
_TEXT = files("polpo.runner.scripts").joinpath("functions.ps1").read_text()
_FUNCTIONS = dict(re.findall(r"^function ([A-Za-z-]+)(.*?^\})", _TEXT, re.MULTILINE | re.DOTALL))


@pytest.mark.parametrize("name", PARAMETERS)
def test_powershell_has_the_parameters_of_the_original(name: str) -> None:
    text = _FUNCTIONS[name]
    head, _, body = text.partition("Write-OctopusMessage")
    declared = {*re.findall(r"\$(\w+)", head), *re.findall(r'Alias\("(\w+)"\)', head)}
    assert {one.casefold() for one in PARAMETERS[name].split()} <= {one.casefold() for one in declared}
    used = {one.casefold() for one in re.findall(r"\$(\w+)", body)}
    assert used == {one.casefold() for one in re.findall(r"\$(\w+)", head)}  # each of them is sent, and nothing else
    assert text.count("(") == text.count(")")
    assert text.count("{") == text.count("}")


def test_powershell_sends_what_bash_and_python_send() -> None:
    sent = {
        message.casefold(): {key.casefold() for key in re.findall(r"(\w+) = ", attributes)}
        for message, attributes in re.findall(
            r'Write-OctopusMessage "([\w-]+)" \(\[ordered\] @\{(.*?)\}\)', "\n".join(_FUNCTIONS.values()), re.DOTALL
        )
    }
    for message, _, said in ORDERS.values():
        assert {key.casefold() for key in said} <= sent[message.casefold()], message
