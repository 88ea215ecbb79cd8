"""The packed runner with real kubectl on a real API server: every way of signing in without a cloud, and two with one.

The clouds answer from this machine, in their own words, with a token that the API server knows.
"""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import pytest
from tests.kubernetes import AMAZON_KEY, Cluster

from unit.runner.conftest import Run, Target, target, uploaded_runner
from unit.runner.fakecloud import Cloud, cloud, service_account_key

__all__ = ["cloud", "target", "uploaded_runner"]

_K = "Octopus.Action.Kubernetes."


@pytest.fixture
def known(cluster: Cluster) -> dict[str, str]:
    """The variables of a target of the cluster, without those of an account."""
    trust = {_K + "CertificateAuthority": "Certificates-1", "Certificates-1.CertificatePem": cluster.authority.pem}
    return {_K + "ClusterUrl": cluster.address, _K + "Namespace": "apps", **trust}


def token(cluster: Cluster, user: str) -> dict[str, str]:
    return {"Octopus.Account.AccountType": "Token", "Octopus.Account.Token": cluster.tokens[user]}


def pods(run: Run) -> Any:
    assert run.code == 0, run.stdout + run.stderr
    return json.loads("\n".join(run.lines()))


_PODS = "kubectl get pods -o json"


def test_a_script_works_with_a_token_and_leaves_no_trace(
    target: Target, cluster: Cluster, known: dict[str, str]
) -> None:
    folder = target.workspace()
    body = (
        "kubectl create configmap from-script --from-literal=a=1 >&2\n"
        "stat -c '%a %n' \"$KUBECONFIG\"\n"
        "env | grep -c t0ken\n"
        "tr '\\0' ' ' < /proc/$$/cmdline | grep -c t0ken\n"
        "true\n"
    )
    script = {"Octopus.Action.Script.ScriptBody": body, "Octopus.Action.Script.Syntax": "Bash"}
    target.write_variables(folder, {**known, **token(cluster, "admin"), **script})

    run = target.run("run-script", "--variables", "variables.json", folder=folder)

    assert run.code == 0, run.stdout + run.stderr
    mode, _, kubeconfig = run.lines()[0].partition(" ")
    assert (mode, Path(kubeconfig).parent) == ("600", folder)
    assert run.lines()[1:] == ["0", "0"]
    assert not list(folder.glob(".kubeconfig*"))
    assert cluster.kubectl("get", "configmap", "from-script", "-n", "apps", "-o", "json")["data"] == {"a": "1"}
    assert any(f"kubectl works on {cluster.address}, namespace apps" in line for line in run.lines("verbose"))


def _client_certificate(cluster: Cluster, _folder: Path) -> dict[str, str]:
    pair = cluster.authority.pair("reader", "people")
    named = {_K + "ClientCertificate": "Certificates-2"}
    return {**named, "Certificates-2.CertificatePem": pair.certificate, "Certificates-2.PrivateKeyPem": pair.key}


def _pod(cluster: Cluster, folder: Path) -> dict[str, str]:
    (folder / "token").write_text(cluster.tokens["reader"])
    return {_K + "PodServiceAccountTokenPath": str(folder / "token")}


@pytest.mark.parametrize("way", [_client_certificate, _pod], ids=["client certificate", "pod"])
def test_other_ways_to_sign_in(
    target: Target, cluster: Cluster, known: dict[str, str], tmp_path: Path, way: Any
) -> None:
    target.variables |= {**known, **way(cluster, tmp_path)}

    assert pods(target.script(_PODS))["items"] == []


def test_trust_by_a_file_and_none_at_all(target: Target, cluster: Cluster, tmp_path: Path) -> None:
    (tmp_path / "ca.pem").write_text(cluster.authority.pem)
    own = {_K + "ClusterUrl": cluster.address, _K + "Namespace": "apps", **token(cluster, "reader")}

    for trust in ({_K + "CertificateAuthorityPath": str(tmp_path / "ca.pem")}, {_K + "SkipTlsVerification": "True"}):
        target.variables |= {**own, **trust}
        assert pods(target.script(_PODS))["items"] == []


def test_a_namespace_that_is_missing_is_made(target: Target, cluster: Cluster, known: dict[str, str]) -> None:
    target.variables |= {**known, **token(cluster, "admin")}
    target.variables["Octopus.Action.KubernetesContainers.Namespace"] = "made"

    run = target.script("get_octopusvariable Octopus.Action.Kubernetes.Namespace; kubectl get pods -o json > /dev/null")

    assert run.lines() == ["Made the namespace made.", "made"]
    assert cluster.kubectl("get", "namespace", "made", "-o", "json")["status"]["phase"] == "Active"


def test_who_may_not_look_at_namespaces_can_work_all_the_same(
    target: Target, cluster: Cluster, known: dict[str, str]
) -> None:
    target.variables |= {**known, **token(cluster, "reader")}

    run = target.script(_PODS)

    assert pods(run)["items"] == []
    assert run.lines("warning") == []
    assert any("may not be asked" in line and "forbidden" in line for line in run.lines("verbose"))


def test_a_script_runs_though_the_cluster_does_not_answer(
    target: Target, cluster: Cluster, known: dict[str, str]
) -> None:
    target.variables |= {**known, **token(cluster, "admin"), _K + "ClusterUrl": "https://127.0.0.1:1"}

    run = target.script("echo starting it")

    assert run.code == 0
    assert run.lines() == ["starting it"]
    [warning] = run.lines("warning")
    assert warning.startswith("The cluster cannot be used (address): The connection to the server 127.0.0.1:1 was")


def test_a_kubectl_of_ones_own_is_the_one_that_scripts_call(
    target: Target, cluster: Cluster, known: dict[str, str], tmp_path: Path
) -> None:
    own = tmp_path / "my-kubectl"
    own.write_text('#!/bin/sh\n[ "$1" = hello ] && echo mine && exit\nexec /usr/bin/kubectl "$@"\n')
    own.chmod(0o755)
    target.variables |= {**known, **token(cluster, "reader"), _K + "CustomKubectlExecutable": str(own)}

    assert target.script("kubectl hello").lines() == ["mine"]


def test_a_step_that_needs_a_cluster_says_so_without_one(target: Target) -> None:
    folder = target.workspace()
    target.write_variables(folder, {"Octopus.Action.Script.ScriptBody": "true"})

    run = target.run("run-script", "--variables", "variables.json", "--cluster", "needed", folder=folder)

    assert run.code == 1
    assert "The step works on a cluster and names none" in run.failure


# -- clouds


def test_a_cluster_at_google_is_found_and_signed_in_to(target: Target, cluster: Cluster, cloud: Cloud) -> None:
    place = "GET /v1/projects/p/locations/z/clusters/shop"
    authority = base64.b64encode(cluster.authority.pem.encode()).decode()
    endpoint = cluster.address.removeprefix("https://")
    cloud.says(place, {"endpoint": endpoint, "masterAuth": {"clusterCaCertificate": authority}})
    cloud.says("POST /token", {"access_token": cluster.tokens["admin"], "expires_in": 3600})
    names = {"Project": "p", "Zone": "z"}
    target.variables |= {f"Octopus.Action.GoogleCloud.{name}": value for name, value in names.items()}
    target.variables |= {_K + "GkeClusterName": "shop", "Octopus.Account.AccountType": "GoogleCloudAccount"}
    target.variables["Octopus.Action.GoogleCloudAccount.JsonKey"] = service_account_key(f"{cloud.address}/token")
    target.extra["CLOUDSDK_API_ENDPOINT_OVERRIDES_CONTAINER"] = cloud.address

    run = target.script("kubectl get pods -o name && kubectl create configmap google && env | grep -c PRIVATE; true")

    assert run.code == 0, run.stdout + run.stderr
    assert run.lines() == ["configmap/google created", "0"]


def test_a_cluster_at_amazon_takes_what_a_key_has_signed(
    target: Target, cluster: Cluster, known: dict[str, str]
) -> None:
    keys = {"Amazon.AccessKey": AMAZON_KEY, "Amazon.SecretKey": "s3cret", "Aws.Region": "eu-west-1"}
    target.variables |= {f"Octopus.Action.{name}": value for name, value in keys.items()}
    target.variables |= {**known, _K + "EksClusterName": "shop"}
    target.variables["Octopus.Account.AccountType"] = "AmazonWebServicesAccount"

    run = target.script("kubectl create configmap amazon && env | grep -c s3cret; true")

    assert run.lines() == ["configmap/amazon created", "0"], run.stdout + run.stderr


def test_a_cluster_at_azure_is_found_and_signed_in_to(target: Target, cluster: Cluster, cloud: Cloud) -> None:
    place = "/subscriptions/s/resourceGroups/rg/providers/Microsoft.ContainerService/managedClusters/shop"
    cloud.says(f"POST {place}/listClusterUserCredential", {"kubeconfigs": [{"value": cluster.kubeconfig("user")}]})
    cloud.says("POST /t/oauth2/v2.0/token", {"access_token": cluster.tokens["admin"], "expires_in": 3600})
    facts = {"SubscriptionId": "s", "TenantId": "t", "ClientId": "c", "Password": "p"}
    facts |= {"ResourceManagementEndPoint": cloud.address, "ActiveDirectoryEndPoint": cloud.address}
    target.variables |= {f"Octopus.Action.Azure.{name}": value for name, value in facts.items()}
    target.variables |= {_K + "AksClusterName": "shop", _K + "AksClusterResourceGroup": "rg"}
    target.variables["Octopus.Account.AccountType"] = "AzureServicePrincipal"

    run = target.script("kubectl create configmap azure")

    assert run.lines() == ["configmap/azure created"], run.stdout + run.stderr


# -- checks


def _checked(target: Target, variables: dict[str, str], *options: str) -> tuple[str, str]:
    folder = target.workspace()
    target.write_variables(folder, variables)
    run = target.run("check-target", "--variables=variables.json", "--style=Kubernetes", *options, folder=folder)
    [found] = run.messages("polpo-target")
    return found["state"], found["summary"]


@pytest.mark.parametrize(
    ("user", "changes", "state", "said"),
    [
        ("admin", {}, "Healthy", "answers (Kubernetes v"),
        ("reader", {}, "Healthy", "and the namespace apps can be read."),
        ("nobody", {}, "HasWarnings", "may not look at the pods of the namespace apps"),
        ("admin", {"Octopus.Account.Token": "wrong"}, "Unhealthy", "does not take how it is signed in to"),
        ("admin", {_K + "ClusterUrl": "https://127.0.0.1:1"}, "Unavailable", "does not answer at its address"),
        ("admin", {_K + "ClusterUrl": "https://nowhere.invalid"}, "Unavailable", "does not answer at its address"),
        ("admin", {_K + "CertificateAuthority": ""}, "Unavailable", "TLS certificate is not trusted"),
        ("admin", {_K + "CustomKubectlExecutable": "/no/kubectl"}, "Unavailable", "names /no/kubectl, which is no"),
        ("admin", {"Octopus.Account.Token": ""}, "Unavailable", "Octopus.Account.Token is empty"),
    ],
)
def test_the_layer_at_fault_is_named(
    target: Target, cluster: Cluster, known: dict[str, str], user: str, changes: dict[str, str], state: str, said: str
) -> None:
    found, summary = _checked(target, {**known, **token(cluster, user), **changes})

    assert found == state, summary
    assert said in summary


def test_a_cluster_behind_another_address_is_asked_there(target: Target, cloud: Cloud) -> None:
    """Rancher hands its clusters on under paths of its own."""
    cloud.says("GET /k8s/clusters/c-1/version", {"gitVersion": "v1.30.1"})
    given = {_K + "ClusterUrl": f"{cloud.address}/k8s/clusters/c-1"}
    given |= {"Octopus.Account.AccountType": "Token", "Octopus.Account.Token": "t0ken"}

    found = _checked(target, given, "--only", "connection")

    assert found == ("Healthy", f"The cluster at {cloud.address}/k8s/clusters/c-1 answers (Kubernetes v1.30.1).")


def test_the_connection_alone_can_be_checked(target: Target, cluster: Cluster, known: dict[str, str]) -> None:
    found = _checked(target, {**known, **token(cluster, "nobody")}, "--only", "connection")

    assert found[0] == "Healthy"
    assert found[1].startswith(f"The cluster at {cluster.address} answers (Kubernetes v")
    assert "namespace" not in found[1]
