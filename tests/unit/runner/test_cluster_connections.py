"""What a script's kubeconfig says, for each way of signing in to a cluster, and what is missing where it cannot be."""

from __future__ import annotations

import base64
import re
from pathlib import Path
from typing import Any

import pytest

from polpo.kernel.errors import AppError
from polpo.runner.clusters.connection import names_cluster, read_connection
from polpo.runner.clusters.context import compose
from polpo.runner.clusters.kubectl import explained, find_kubectl
from polpo.runner.variables import Variables

_K = "Octopus.Action.Kubernetes."
_URL = {_K + "ClusterUrl": "https://k:6443"}
_TOKEN = {"Octopus.Account.AccountType": "Token", "Octopus.Account.Token": "t0ken"}
_CERTIFICATE = {
    _K + "ClientCertificate": "Certificates-1",
    "Certificates-1.CertificatePem": "CERT",
    "Certificates-1.PrivateKeyPem": "KEY",
}


def coded(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def variables(*given: dict[str, str]) -> Variables:
    made = Variables()
    for one in given:
        for name, value in one.items():
            made.set(name, value)
    return made


def kubeconfig(*given: dict[str, str]) -> dict[str, Any]:
    return compose(read_connection(variables(*given), {}), "question.json", "/home/runner.pyz")


@pytest.mark.parametrize(
    ("given", "user"),
    [
        (_TOKEN, {"token": "t0ken"}),
        (
            {
                "Octopus.Account.AccountType": "UsernamePassword",
                "Octopus.Account.Username": "u",
                "Octopus.Account.Password": "p",
            },
            {"username": "u", "password": "p"},
        ),
        (_CERTIFICATE, {"client-certificate-data": coded("CERT"), "client-key-data": coded("KEY")}),
    ],
    ids=["token", "user and password", "client certificate"],
)
def test_who_signs_in(given: dict[str, str], user: dict[str, str]) -> None:
    made = kubeconfig(_URL, given)

    assert made["users"] == [{"name": "octouser", "user": user}]
    assert made["clusters"] == [{"name": "octocluster", "cluster": {"server": "https://k:6443"}}]
    assert made["contexts"][0]["context"]["namespace"] == "default"
    assert made["current-context"] == made["contexts"][0]["name"] == "octocontext"


@pytest.mark.parametrize(
    ("given", "cloud"),
    [
        ({"Octopus.Account.AccountType": "AmazonWebServicesAccount", _K + "EksClusterName": "c"}, "Amazon"),
        ({_K + "EksClusterName": "c", "Octopus.Action.AwsAccount.UseInstanceRole": "True"}, "Amazon"),
    ],
)
def test_a_token_of_a_cloud_is_asked_for_by_kubectl(given: dict[str, str], cloud: str) -> None:
    connection = read_connection(variables(_URL, given), {})
    made = kubeconfig(_URL, given, {"Octopus.Action.Amazon.SecretKey": "s3cret"})

    plugin = made["users"][0]["user"]["exec"]
    assert connection.signin is not None
    assert connection.signin["Cloud"] == cloud
    assert plugin["args"] == ["-I", "/home/runner.pyz", "cluster-token", "--question", "question.json"]
    assert "s3cret" not in str(made)


@pytest.mark.parametrize(
    ("given", "cloud", "facts"),
    [
        (
            {_K + "AksClusterName": "c", _K + "AksClusterResourceGroup": "rg", _K + "AksAdminLogin": "true"},
            "Azure",
            {"Cluster": "c", "ResourceGroup": "rg", "AsAdministrator": "True"},
        ),
        (
            {"Octopus.Account.AccountType": "AzureOidc", "Octopus.OpenIdConnect.Jwt": "jwt"},
            "Azure",
            {"Jwt": "jwt"},
        ),
        (
            {_K + "GkeClusterName": "c", "Octopus.Action.GoogleCloud.Zone": "z"},
            "Google",
            {"Cluster": "c", "Location": "z"},
        ),
        (
            {
                "Octopus.Action.GoogleCloud.UseVMServiceAccount": "True",
                _K + "GkeClusterName": "c",
                "Octopus.Action.GoogleCloud.Region": "r",
            },
            "Google",
            {"Cluster": "c", "Location": "r", "ByMachine": "True"},
        ),
        (
            {
                **_URL,
                _K + "EksClusterName": "c",
                "Octopus.Action.AwsAccount.Variable": "Mine",
                "Mine.AccessKey": "a",
                "Mine.SecretKey": "s",
                "Octopus.Action.Aws.AssumedRoleArn": "arn",
            },
            "Amazon",
            {"Cluster": "c", "Server": "https://k:6443", "AccessKey": "a", "SecretKey": "s"},
        ),
        (
            {
                **_URL,
                _K + "EksClusterName": "c",
                "Octopus.Action.Aws.AssumeRole": "True",
                "Octopus.Action.Aws.AssumedRoleArn": "arn",
                "Octopus.Action.Aws.AssumeRoleExternalId": "x",
            },
            "Amazon",
            {"Cluster": "c", "Server": "https://k:6443", "AssumedRoleArn": "arn", "AssumedRoleExternalId": "x"},
        ),
    ],
)
def test_what_a_cloud_is_asked_with(given: dict[str, str], cloud: str, facts: dict[str, str]) -> None:
    named = given if names_cluster(variables(given)) else {**_URL, **given}

    assert read_connection(variables(named), {}).signin == {"Cloud": cloud, **facts}


def test_a_certificate_or_none_is_trusted(tmp_path: Path) -> None:
    file = tmp_path / "ca.pem"
    file.write_text("CA")
    by_id = {_K + "CertificateAuthority": "Certificates-2", "Certificates-2.CertificatePem": "CA"}
    by_path = {_K + "CertificateAuthorityPath": str(file)}

    def trust(*given: dict[str, str]) -> dict[str, Any]:
        cluster = dict(kubeconfig(_URL, _TOKEN, *given)["clusters"][0]["cluster"])
        del cluster["server"]
        return cluster

    assert trust(by_id) == {"certificate-authority-data": coded("CA")}
    assert trust(by_id, by_path) == {"certificate-authority": str(file)}
    assert trust(by_id, {_K + "SkipTlsVerification": "True"}) == {"insecure-skip-tls-verify": True}
    assert trust({_K + "SkipTlsVerification": "False"}) == {}
    assert trust({_K + "ProxyUrl": "http://p:3128"}) == {"proxy-url": "http://p:3128"}


def test_the_namespace_of_the_step_goes_before_that_of_the_target() -> None:
    given = {**_URL, **_TOKEN, _K + "Namespace": "target", "Octopus.Action.KubernetesContainers.Namespace": "step"}

    assert read_connection(variables(given), {}).namespace == "step"


def test_a_pod_gives_the_file_and_not_what_is_in_it(tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.write_text("t0ken")

    made = kubeconfig(_URL, {_K + "PodServiceAccountTokenPath": str(file)})

    assert made["users"][0]["user"] == {"tokenFile": str(file)}


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({}, "names none: run it for a Kubernetes target, or set Octopus.Action.Kubernetes.ClusterUrl"),
        (_URL, "Nothing says how to sign in to the cluster"),
        ({_K + "EksClusterName": "c"}, "The address of the cluster is missing"),
        ({**_URL, "Octopus.Account.AccountType": "Token"}, "Octopus.Account.Token is empty"),
        ({**_URL, "Octopus.Account.AccountType": "SshKeyPair"}, "of the type SshKeyPair is no way to sign in"),
        ({**_URL, **_CERTIFICATE, "Certificates-1.PrivateKeyPem": ""}, "'Certificates-1' has no private key"),
        ({**_URL, **_TOKEN, _K + "CertificateAuthorityPath": "/no/ca"}, "There is no certificate authority /no/ca"),
        ({**_URL, **_TOKEN, _K + "CertificateAuthority": "C-9"}, "The certificate 'C-9' has no certificate"),
        ({**_URL, _K + "PodServiceAccountTokenPath": "/no/token"}, "at /no/token: this machine is no pod"),
    ],
)
def test_what_is_missing_is_told(given: dict[str, str], sentence: str) -> None:
    with pytest.raises(AppError, match=re.escape(sentence)):
        read_connection(variables(given), {})


@pytest.mark.parametrize(
    ("said", "layer"),
    [
        ("The connection to the server 127.0.0.1:1 was refused - did you specify the right host or port?", "address"),
        ("Unable to connect to the server: dial tcp: lookup nowhere.invalid: no such host", "address"),
        ("Unable to connect to the server: net/http: TLS handshake timeout", "address"),
        ("Unable to connect to the server: tls: failed to verify certificate: x509: unknown authority", "certificate"),
        ("error: You must be logged in to the server (Unauthorized)", "sign-in"),
        ('Error from server (Forbidden): namespaces "x" is forbidden: User "u" cannot get', "authorisation"),
        ('Error from server (NotFound): namespaces "x" not found', "missing"),
        ("error: something new", "other"),
        ("", "other"),
        (
            "polpo: Signing in at Amazon failed: no.\nUnable to connect: getting credentials: exec: exit 1",
            "sign-in",
        ),
    ],
)
def test_the_layer_that_failed_is_named(said: str, layer: str) -> None:
    assert explained(said).layer == layer


def test_repetitions_of_kubectl_are_left_out() -> None:
    answer = explained("E1127 13:32:35 21518 memcache.go:265] again\nerror: You must be logged in\n")

    assert answer.text == "error: You must be logged in"


def test_kubectl_is_found_or_refused(tmp_path: Path) -> None:
    program = tmp_path / "kubectl-1.30"
    program.write_text("#!/bin/sh\n")
    custom = {_K + "CustomKubectlExecutable": str(program)}

    with pytest.raises(AppError, match="is no program on this machine"):
        find_kubectl(variables(custom), {})
    program.chmod(0o755)

    assert find_kubectl(variables(custom), {}) == str(program)
    with pytest.raises(AppError, match="kubectl was not found on this machine"):
        find_kubectl(variables(), {"PATH": str(tmp_path)})
