"""Targets and accounts that scripts make: what is kept of each kind, and that later steps use them."""

from __future__ import annotations

from typing import Any

import pytest
from tests.api.conftest import SPACE, create
from tests.api.test_deployments import Shop, script, shop
from tests.api.test_script_messages import allow, ran

__all__ = ["shop"]

GUID = "dea39b53-1ac8-4adc-b291-a44b205921af"
ACCOUNTS = f"""\
new_octopustokenaccount --name Token --token t0k3n-value
new_octopususerpassaccount --name Login --username bob --password p4ssw0rd-value
new_octopusawsaccount --name Aws --access-key AKIA --secret-key s3cr3t-value
new_octopusazureserviceprincipalaccount --name Azure --subscription {GUID} --application-id {GUID} --tenant-id {GUID} \\
  --password 4zur3-value --environment AzureGermanCloud --base-uri https://login/ --resource-management-base-uri https://m/
"""
TARGETS = """\
new_octopustarget -n Ecs -t aws-ecs-target --inputs '{"clusterName": "c"}' --roles ecs
new_octopuskubernetestarget --name Plain --roles k8s --cluster-url https://k8s/ --account Token --namespace shop \\
  --skip-tls-verification --health-check-image tools:1 --health-check-feed feeds-builtin \\
  --worker-pool "Default Worker Pool"
new_octopuskubernetestarget --name Eks --roles k8s --cluster-url https://eks/ --cluster-name eks --account Aws \\
  --assume-role-arn arn --assume-role-session s --assume-role-session-duration 900 --assume-role-external-id x
new_octopuskubernetestarget --name OwnRight --roles k8s --cluster-url https://eks/ --cluster-name eks \\
  --use-worker-credentials
new_octopuskubernetestarget --name Aks --roles k8s --account Azure --cluster-name aks --cluster-resource-group rg \\
  --cluster-admin-login
new_octopuskubernetestarget --name Gke --roles k8s --cluster-name gke --cluster-project p --cluster-zone z \\
  --cluster-use-vm-service-account --cluster-impersonate-service-account --cluster-service-account-emails a@b
new_octopusazurewebapptarget --name Web --roles web --web-app shop --slot green --resource-group rg --account Azure
new_octopusazureservicefabrictarget --name Fabric --roles sf --connection-endpoint f:19000 \\
  --security-mode certificate --certificate-thumbprint 12 --certificate cert
"""


async def of_kind(shop: Shop, kind: str) -> dict[str, Any]:
    return {one["Name"]: one for one in (await shop.client.get(f"{SPACE}/{kind}/all")).json()}


async def test_all_kinds_of_accounts_and_targets_are_made_by_functions(shop: Shop) -> None:
    await allow(shop)
    task, lines = await ran(shop, ACCOUNTS + TARGETS + "echo t0k3n-value p4ssw0rd-value s3cr3t-value 4zur3-value")
    assert task["State"] == "Success", (task["ErrorMessage"], lines)
    assert not [line for line in lines if "-value" in line]

    accounts, targets = await of_kind(shop, "accounts"), await of_kind(shop, "machines")
    assert {name: one["AccountType"] for name, one in accounts.items()} == {
        "Token": "Token",
        "Login": "UsernamePassword",
        "Aws": "AmazonWebServicesAccount",
        "Azure": "AzureServicePrincipal",
    }
    azure = accounts["Azure"]
    assert (azure["AzureEnvironment"], azure["ActiveDirectoryEndpointBaseUri"]) == (
        "AzureGermanCloud",
        "https://login/",
    )
    ends = {name: one["Endpoint"] for name, one in targets.items()}
    assert ends["Ecs"]["Inputs"] == {"clusterName": "c"}
    assert ends["Plain"]["Container"] == {"Image": "tools:1", "FeedId": "feeds-builtin"}
    assert (ends["Plain"]["SkipTlsVerification"], ends["Plain"]["DefaultWorkerPoolId"]) == ("True", "WorkerPools-1")
    assert ends["Web"]["WebAppSlotName"] == "green"
    assert (ends["Fabric"]["SecurityMode"], ends["Fabric"]["ServerCertThumbprint"]) == ("SecureClientCertificate", "12")
    ways = {name: one["Authentication"] for name, one in ends.items() if one["CommunicationStyle"] == "Kubernetes"}
    assert {name: one["AuthenticationType"] for name, one in ways.items()} == {
        "Plain": "KubernetesStandard",
        "Eks": "KubernetesAws",
        "OwnRight": "KubernetesAws",
        "Aks": "KubernetesAzure",
        "Gke": "KubernetesGoogleCloud",
    }
    assert (
        ways["Eks"].items()
        >= {
            "AssumeRole": True,
            "AssumedRoleArn": "arn",
            "AssumedRoleSession": "s",
            "AssumeRoleSessionDurationSeconds": 900,
            "AssumeRoleExternalId": "x",
        }.items()
    )
    assert ways["OwnRight"]["UseInstanceRole"] is True
    assert ways["Aks"].items() >= {"ClusterResourceGroup": "rg", "AdminLogin": "True"}.items()
    assert ways["Gke"].items() >= {"Project": "p", "Zone": "z", "UseVmServiceAccount": True}.items()


async def test_a_cloud_service_needs_a_management_certificate(shop: Shop) -> None:
    await allow(shop)
    account = {"AccountType": "AzureSubscription", "SubscriptionNumber": GUID, "CertificateBytes": {"NewValue": "eA=="}}
    await create(shop.client, "accounts", Name="Management", **account)
    body = "new_octopusazurecloudservicetarget --name C --roles c --cloud-service s --storage-account a --account "
    task, lines = await ran(shop, f"{body}Management --slot production --swap deploy --instance-count configuration")
    assert task["State"] == "Success", lines
    endpoint = (await of_kind(shop, "machines"))["C"]["Endpoint"]
    assert (endpoint["CommunicationStyle"], endpoint["Slot"]) == ("AzureCloudService", "Production")
    assert "SwapIfPossible" not in endpoint or not endpoint["SwapIfPossible"]


# -- later steps


def on(tag: str, name: str, body: str, **more: Any) -> dict[str, Any]:
    return script(name, body, StepProperties={"Octopus.Action.TargetRoles": tag}, **more)


MAKE = "new_octopustarget -n {} -t kind --inputs '{{}}' --roles {} --update-if-existing\n"
WHERE = 'echo "runs for $(get_octopusvariable Octopus.Machine.Name)"'


async def deployed(shop: Shop, *steps: dict[str, Any], version: str = "1.0.0", **more: Any) -> tuple[str, list[str]]:
    await allow(shop)
    await shop.process(*steps)
    settings = f"{SPACE}/projects/Projects-1"
    project = (await shop.client.get(settings)).json()
    project["ProjectConnectivityPolicy"] = {"AllowDeploymentsToNoTargets": True}
    assert (await shop.client.put(settings, json=project)).is_success
    await shop.release(version)
    task = await shop.ended(await shop.deploy(version=version, **more))
    return str(task["State"]), await shop.lines(task["Id"])


async def test_later_steps_run_on_what_a_script_made(shop: Shop) -> None:
    state, lines = await deployed(
        shop,
        script("Make", MAKE.format("New", "fresh")),
        on("fresh", "Use", WHERE),
        script("Drop", "remove-octopustarget New"),
        on("fresh", "Miss", "echo not there any more"),
    )
    assert state == "Success", lines
    assert lines.count("runs for New") == 1
    assert "not there any more" not in lines
    assert any(line.startswith("Left out: It was deleted by Deploy Web Shop") for line in lines), lines
    [told] = (await shop.client.get(f"{SPACE}/events?eventCategories=MachineDeleted")).json()["Items"]
    assert told["Username"].startswith("Deploy Web Shop")
    assert (told["IdentityEstablishedWith"], told["OnBehalfOf"]) == ("task", "admin")


@pytest.mark.parametrize("ends", ["exit 3", "fail_step 'no'"])
async def test_what_was_made_counts_although_the_script_failed(shop: Shop, ends: str) -> None:
    state, lines = await deployed(
        shop, script("Make", MAKE.format("New", "fresh") + ends), on("fresh", "Use", WHERE, Condition="Always")
    )
    assert state == "Failed"
    assert "runs for New" in lines


async def test_a_target_that_is_given_another_tag_is_used_by_it(shop: Shop) -> None:
    state, lines = await deployed(shop, script("Make", MAKE.format("Box", "blue")), on("blue", "Use", WHERE))
    assert (state, lines.count("runs for Box")) == ("Success", 1)
    state, lines = await deployed(
        shop,
        on("blue", "Before", WHERE),
        script("Make", MAKE.format("Box", "blue,green")),
        on("green", "Use", WHERE),
        version="1.0.1",
    )
    assert (state, lines.count("runs for Box")) == ("Success", 2)


async def test_nothing_joins_where_a_person_has_chosen_the_targets(shop: Shop) -> None:
    await deployed(shop, script("Make", MAKE.format("Old", "fresh")))
    steps = (script("Make", MAKE.format("New", "fresh")), on("fresh", "Use", WHERE))
    state, lines = await deployed(shop, *steps, version="1.0.1", specificMachineNames=["Old"])
    assert state == "Success", lines
    assert "runs for Old" in lines
    assert "runs for New" not in lines


async def test_what_other_environments_have_too_is_left_alone(shop: Shop) -> None:
    """Dev lets scripts make and delete things, Prod does not."""
    await allow(shop)
    both, everywhere = list(shop.environments.values()), {"AccountType": "Token", "Token": {"NewValue": "t0k3n-value"}}
    region = {"Endpoint": {"CommunicationStyle": "None"}, "Roles": ["web"], "EnvironmentIds": both}
    await create(shop.client, "machines", Name="Shared", **region)
    await create(shop.client, "accounts", Name="Everywhere", **everywhere)
    known = await of_kind(shop, "machines"), await of_kind(shop, "accounts")
    orders = (
        "remove_octopustarget Shared",
        MAKE.format("Shared", "web"),
        "new_octopustokenaccount --name Everywhere --token other --update-if-existing",
    )
    task, _ = await ran(shop, "\n".join(orders))
    assert task["State"] == "Failed"
    for what in ("the target Shared", "the account Everywhere"):
        assert f"{what} is also for Prod, where dynamic infrastructure is not allowed." in task["ErrorMessage"]
    assert (await of_kind(shop, "machines"), await of_kind(shop, "accounts")) == known
