"""Tokens for clusters in clouds: asked for over HTTP, of a cloud that runs here, and told by `cluster-token`."""

from __future__ import annotations

import base64
import calendar
import json
import socket
import threading
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from polpo.kernel.errors import AppError
from polpo.runner.clusters import amazon, azure, google
from polpo.runner.clusters.amazon import Keys, presigned, signed_headers
from polpo.runner.clusters.rsa import sign_sha256
from polpo.runner.clusters.web import ask
from unit.runner.conftest import Target
from unit.runner.fakecloud import RSA, Cloud, cloud, service_account_key

__all__ = ["cloud"]

_NOW = float(calendar.timegm((2026, 1, 2, 3, 4, 5)))
_KEYS = ("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY")
_EKS = {"Cloud": "Amazon", "Cluster": "shop", "Server": "https://A1B2.gr7.eu-west-1.eks.amazonaws.com"}
_EKS_KEYS = {**_EKS, "AccessKey": _KEYS[0], "SecretKey": _KEYS[1]}


def test_a_service_is_not_followed_to_another(cloud: Cloud) -> None:
    """It would be told what is only for the first one."""
    cloud.says("GET /one", f"{cloud.address}/other", status=302)

    with pytest.raises(AppError, match=rf"Asking failed: 127\.0\.0\.1 answered 302: {cloud.address}/other"):
        ask("Asking", f"{cloud.address}/one", headers={"Authorization": "Bearer t0ken"})

    assert [what for what, _, _ in cloud.asked] == ["GET /one"]


def test_whatever_answers_that_is_no_service_is_told() -> None:
    with socket.create_server(("127.0.0.1", 0)) as stranger:

        def speak() -> None:
            with stranger.accept()[0] as peer:
                peer.recv(1000)
                peer.sendall(b"220 mail ready\r\n")

        thread = threading.Thread(target=speak)
        thread.start()
        with pytest.raises(AppError, match=r"Asking failed: 127\.0\.0\.1 cannot be asked: 220 mail ready"):
            ask("Asking", f"http://127.0.0.1:{stranger.getsockname()[1]}/")
        thread.join()


# -- Amazon


@pytest.mark.parametrize(
    ("session", "address", "header"),
    [
        (
            "",
            "d4c9e45e10b126f642663e3458eba8d8d2a0f9b4cc2d699a0a38f2b4b3298b2f",
            "2620667aef834be1a4bdf703ead6712c155946cf39461798ec4efe1d9ad080b7",
        ),
        (
            "t+/=n",
            "e80d2e15c697c8e20452d1bda1ad64d8012fa9d24c80958d26cc776cd56f1660",
            "3ed35f009e8125286e737a97ab633f08da56f45fd4bafa4d8afd8728f3ad69e2",
        ),
    ],
)
def test_signatures_are_those_of_amazons_own_library(session: str, address: str, header: str) -> None:
    """What botocore 1.43 made of the same keys at the same moment."""
    keys, host, region = Keys(*_KEYS, session), "sts.eu-west-1.amazonaws.com", "eu-west-1"
    query = {"Action": "GetCallerIdentity", "Version": "2011-06-15"}
    form = "Action=AssumeRole&RoleArn=arn%3Aaws%3Aiam%3A%3A1%3Arole%2Fr&RoleSessionName=polpo&Version=2011-06-15"

    made = presigned(keys, region, {"host": host, "x-k8s-aws-id": "my cluster"}, query, _NOW)
    headers = signed_headers(keys, region, host, form, _NOW)

    assert parse_qs(urlsplit(made).query)["X-Amz-Signature"] == [address]
    assert headers["Authorization"].endswith(f"Signature={header}")


def _address_in(token: str) -> dict[str, list[str]]:
    head, coded = token[:11], token[11:]
    assert head == "k8s-aws-v1."
    return parse_qs(urlsplit(base64.urlsafe_b64decode(coded + "=" * (-len(coded) % 4)).decode()).query)


def test_a_key_gives_a_token_without_asking_anybody() -> None:
    made = amazon.token(_EKS_KEYS, {}, _NOW)

    told = _address_in(made.text)
    assert told["X-Amz-Credential"] == ["AKIDEXAMPLE/20260102/eu-west-1/sts/aws4_request"]
    assert told["X-Amz-SignedHeaders"] == ["host;x-k8s-aws-id"]
    assert made.expires == _NOW + 14 * 60


_STS = (
    "<AssumeRoleResponse><Credentials><AccessKeyId>ASIA</AccessKeyId><SecretAccessKey>s</SecretAccessKey>"
    "<SessionToken>session</SessionToken></Credentials></AssumeRoleResponse>"
)


def test_a_role_is_taken_on_first(cloud: Cloud) -> None:
    cloud.says("POST /", _STS)
    role = {"AssumedRoleArn": "arn:r", "AssumedRoleSession": "me", "AssumedRoleSeconds": "900"}
    role["AssumedRoleExternalId"] = "x"

    made = amazon.token({**_EKS_KEYS, **role}, {"AWS_ENDPOINT_URL_STS": cloud.address}, _NOW)

    [(_, headers, _)] = cloud.asked
    [form] = cloud.forms()
    assert headers["authorization"].startswith("AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/")
    assert form["Action"] == "AssumeRole"
    assert (form["RoleArn"], form["RoleSessionName"], form["DurationSeconds"]) == ("arn:r", "me", "900")
    assert form["ExternalId"] == "x"
    assert _address_in(made.text)["X-Amz-Security-Token"] == ["session"]


def test_the_role_of_the_machine_gives_keys(cloud: Cloud) -> None:
    place = "/latest/meta-data/iam/security-credentials/"
    cloud.says("PUT /latest/api/token", "pass")
    cloud.says(f"GET {place}", "worker-role")
    cloud.says(f"GET {place}worker-role", {"AccessKeyId": "ASIA", "SecretAccessKey": "s", "Token": "of the role"})

    made = amazon.token(_EKS, {"AWS_EC2_METADATA_SERVICE_ENDPOINT": cloud.address}, _NOW)

    assert [headers.get("x-aws-ec2-metadata-token") for _, headers, _ in cloud.asked] == [None, "pass", "pass"]
    assert _address_in(made.text)["X-Amz-Security-Token"] == ["of the role"]


def test_a_container_and_a_pod_give_keys(cloud: Cloud, tmp_path: Path) -> None:
    cloud.says("GET /keys", {"AccessKeyId": "ASIA", "SecretAccessKey": "s", "Token": "of the container"})
    cloud.says("POST /", _STS)
    (tmp_path / "jwt").write_text("jwt\n")
    pod = {"AWS_WEB_IDENTITY_TOKEN_FILE": str(tmp_path / "jwt"), "AWS_ROLE_ARN": "arn:pod"}

    container = amazon.token(_EKS, {"AWS_CONTAINER_CREDENTIALS_FULL_URI": f"{cloud.address}/keys"}, _NOW)
    by_identity = amazon.token(_EKS, {**pod, "AWS_ENDPOINT_URL_STS": cloud.address}, _NOW)

    assert _address_in(container.text)["X-Amz-Security-Token"] == ["of the container"]
    assert _address_in(by_identity.text)["X-Amz-Security-Token"] == ["session"]
    assert cloud.forms()[-1]["WebIdentityToken"] == "jwt"


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        ({**_EKS_KEYS, "Cluster": ""}, "the name of the cluster is missing"),
        ({**_EKS_KEYS, "Server": "https://gateway"}, "does not say in which region the cluster is"),
        ({**_EKS, "IsOidc": "True"}, "by OpenID Connect, and this task was given no token"),
        ({**_EKS, "Jwt": "jwt"}, "names no role that its token stands for"),
    ],
)
def test_what_amazon_needs_is_told(facts: dict[str, str], sentence: str) -> None:
    with pytest.raises(AppError, match=sentence):
        amazon.token(facts, {}, _NOW)


def test_no_is_told_with_who_said_it(cloud: Cloud) -> None:
    cloud.says("POST /", "<Error>\n  AccessDenied</Error>", 403)
    facts = {**_EKS_KEYS, "AssumedRoleArn": "arn:r"}

    with pytest.raises(AppError, match=r"arn:r failed: 127\.0\.0\.1 answered 403: <Error> AccessDenied"):
        amazon.token(facts, {"AWS_ENDPOINT_URL_STS": cloud.address}, _NOW)


def test_other_services_take_signatures_too() -> None:
    """What botocore 1.43 made of the same."""
    given = {"x-amz-target": "AmazonEC2ContainerServiceV20141113.DescribeClusters"}
    given["content-type"] = "application/x-amz-json-1.1"
    host, body = "ecs.eu-west-1.amazonaws.com", '{"clusters": ["shop"]}'

    headers = signed_headers(Keys(*_KEYS), "eu-west-1", host, body, _NOW, "ecs", given)

    expected = "fe13774ffd9c3d49bac9fe60e4f92c6b8b6a8c33e0112b6f842fea061d197c5d"
    assert headers["Authorization"].endswith(f"Signature={expected}")


# -- Azure

_KUBECONFIG = """\
apiVersion: v1
clusters:
- cluster:
    certificate-authority-data: Q0E=
    server: https://shop.azmk8s.io:443
  name: shop
users:
- name: clusterUser_rg_shop
  user:
{user}
"""
_LOCAL = "    client-certificate-data: Q0VSVA==\n    client-key-data: S0VZ\n    token: t0ken"
_PLUGIN = "    exec:\n      command: kubelogin\n      args:\n      - get-token\n      - --server-id\n      - their-id"
_OLD_PLUGIN = "    auth-provider:\n      config:\n        apiserver-id: old-id\n      name: azure"


def _azure(cloud: Cloud, user: str, whose: str = "User") -> dict[str, str]:
    place = "/subscriptions/sub/resourceGroups/rg/providers/Microsoft.ContainerService/managedClusters/shop"
    value = base64.b64encode(_KUBECONFIG.format(user=user).encode()).decode()
    cloud.says(f"POST {place}/listCluster{whose}Credential", {"kubeconfigs": [{"name": "c", "value": value}]})
    cloud.says("POST /tenant/oauth2/v2.0/token", {"access_token": "of the directory", "expires_in": 3599})
    names = {"Subscription": "sub", "Tenant": "tenant", "Client": "client", "ResourceGroup": "rg", "Cluster": "shop"}
    return {**names, "Directory": cloud.address, "ResourceManager": cloud.address, "Password": "s3cret"}


_TRUSTED = {"server": "https://shop.azmk8s.io:443", "certificate-authority-data": "Q0E="}


def test_azure_tells_where_a_cluster_is_and_who_may_enter(cloud: Cloud) -> None:
    facts = _azure(cloud, _LOCAL, "Admin")

    found = azure.find_cluster({**facts, "AsAdministrator": "True"}, _NOW)

    assert found.cluster == _TRUSTED
    assert found.user == {"client-certificate-data": "Q0VSVA==", "client-key-data": "S0VZ", "token": "t0ken"}
    assert cloud.forms()[0]["client_secret"] == "s3cret"
    assert cloud.forms()[0]["scope"] == f"{cloud.address}/.default"
    assert cloud.asked[1][1]["authorization"] == "Bearer of the directory"


@pytest.mark.parametrize(("user", "audience"), [(_PLUGIN, "their-id"), (_OLD_PLUGIN, "old-id")])
def test_a_cluster_that_trusts_the_directory_gets_its_token(cloud: Cloud, user: str, audience: str) -> None:
    facts = _azure(cloud, user)

    found = azure.find_cluster(facts, _NOW)
    made = azure.token({**facts, "Audience": found.audience}, _NOW)

    assert (found.cluster, found.user) == (_TRUSTED, None)
    assert cloud.forms()[-1]["scope"] == f"{audience}/.default"
    assert (made.text, made.expires) == ("of the directory", _NOW + 3599)


def test_azure_takes_a_token_in_the_place_of_a_password(cloud: Cloud) -> None:
    facts = {**_azure(cloud, _PLUGIN), "Password": "", "Jwt": "jwt"}

    azure.token(facts, _NOW)

    assert cloud.forms()[0]["client_assertion"] == "jwt"
    with pytest.raises(AppError, match="the account has no password, and this task was given no token"):
        azure.token({**facts, "Jwt": ""}, _NOW)


# -- Google

_FORMS = [PrivateFormat.PKCS8, PrivateFormat.TraditionalOpenSSL]


@pytest.mark.parametrize("form", _FORMS, ids=["PKCS 8", "PKCS 1"])
def test_a_signature_is_that_of_the_key(form: PrivateFormat) -> None:
    pem = RSA.private_bytes(Encoding.PEM, form, NoEncryption()).decode()

    RSA.public_key().verify(sign_sha256(pem, b"text"), b"text", padding.PKCS1v15(), hashes.SHA256())


@pytest.mark.parametrize("pem", ["", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----"])
def test_what_is_no_key_is_refused(pem: str) -> None:
    with pytest.raises(AppError, match="no RSA key in PEM"):
        sign_sha256(pem, b"text")


def test_another_kind_of_key_is_refused() -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()

    with pytest.raises(AppError, match="no RSA key in PEM"):
        sign_sha256(pem, b"text")


def _google(cloud: Cloud) -> tuple[dict[str, str], dict[str, str]]:
    """The facts of a cluster with a key, and the environment in which Google is found here."""
    cloud.says("POST /token", {"access_token": "of the key", "expires_in": 3600})
    facts = {"Project": "p", "Location": "z", "Cluster": "shop"}
    facts["JsonKey"] = service_account_key(f"{cloud.address}/token")
    names = ("CONTAINER", "IAMCREDENTIALS")
    places = {f"CLOUDSDK_API_ENDPOINT_OVERRIDES_{name}": cloud.address for name in names}
    return facts, {**places, "GCE_METADATA_HOST": cloud.address.removeprefix("http://")}


def test_a_key_is_exchanged_for_a_token(cloud: Cloud) -> None:
    facts, environment = _google(cloud)

    made = google.token(facts, environment, _NOW)

    head, claims, signature = cloud.forms()[0]["assertion"].split(".")
    content = json.loads(base64.urlsafe_b64decode(claims + "=" * (-len(claims) % 4)))
    RSA.public_key().verify(
        base64.urlsafe_b64decode(signature + "=="), f"{head}.{claims}".encode(), padding.PKCS1v15(), hashes.SHA256()
    )
    assert (content["iss"], content["aud"], content["exp"] - content["iat"]) == (
        "polpo@shop",
        f"{cloud.address}/token",
        3600,
    )
    assert made.text == "of the key"


def test_google_tells_where_a_cluster_is(cloud: Cloud) -> None:
    facts, environment = _google(cloud)
    about = {"endpoint": "1.2.3.4", "masterAuth": {"clusterCaCertificate": "Q0E="}}
    cloud.says(
        "GET /v1/projects/p/locations/z/clusters/shop",
        {**about, "privateClusterConfig": {"privateEndpoint": "10.0.0.2"}},
    )

    found = google.find_cluster(facts, environment, _NOW)
    inside = google.find_cluster({**facts, "InternalAddress": "True"}, environment, _NOW)

    assert found == {"server": "https://1.2.3.4", "certificate-authority-data": "Q0E="}
    assert inside["server"] == "https://10.0.0.2"


def test_the_machine_acts_for_another_account(cloud: Cloud) -> None:
    _, environment = _google(cloud)
    machine = "GET /computeMetadata/v1/instance/service-accounts/default/token"
    cloud.says(machine, {"access_token": "of the machine", "expires_in": 100})
    cloud.says("POST /v1/projects/-/serviceAccounts/last@p:generateAccessToken", {"accessToken": "of the last"})

    own = google.token({"ByMachine": "True"}, environment, _NOW)
    other = google.token({"ByMachine": "True", "Impersonated": "first@p, last@p"}, environment, _NOW)

    assert (own.text, other.text) == ("of the machine", "of the last")
    assert json.loads(cloud.asked[-1][2])["delegates"] == ["projects/-/serviceAccounts/first@p"]


def test_a_token_of_the_server_is_exchanged(cloud: Cloud) -> None:
    cloud.says("POST /v1/token", {"access_token": "of the pool", "expires_in": 3600})
    facts = {"Jwt": "jwt", "Audience": "https://iam.googleapis.com/projects/1/locations/global"}

    made = google.token(facts, {"CLOUDSDK_API_ENDPOINT_OVERRIDES_STS": cloud.address}, _NOW)

    assert made.text == "of the pool"
    assert cloud.forms()[0]["subject_token"] == "jwt"
    assert cloud.forms()[0]["audience"] == "//iam.googleapis.com/projects/1/locations/global"


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        ({}, "the account has no key"),
        ({"JsonKey": "e30="}, "is not the JSON file of a service account"),
        ({"JsonKey": "?"}, "is not the JSON file of a service account"),
    ],
)
def test_what_google_needs_is_told(facts: dict[str, str], sentence: str) -> None:
    with pytest.raises(AppError, match=sentence):
        google.token(facts, {}, _NOW)


# -- targets that are no clusters


def _look(target: Target, style: str, variables: dict[str, str]) -> tuple[str, str]:
    folder = target.workspace()
    target.write_variables(folder, variables)
    run = target.run("check-target", "--variables=variables.json", f"--style={style}", folder=folder)
    [found] = run.messages("polpo-target")
    return found["state"], found["summary"]


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        (
            {"properties": {"state": "Running"}},
            ("Healthy", "The web app shop, slot blue, is there; its state is Running."),
        ),
        ({"properties": {"state": "Stopped"}}, ("HasWarnings", "its state is Stopped.")),
        (None, ("Unavailable", "Asking Azure for the web app shop failed: 127.0.0.1 answered 404")),
    ],
)
def test_a_web_app_is_looked_at(
    target: Target, cloud: Cloud, told: dict[str, Any] | None, expected: tuple[str, str]
) -> None:
    cloud.says("POST /t/oauth2/v2.0/token", {"access_token": "of the directory", "expires_in": 3600})
    if told is not None:
        place = "/subscriptions/s/resourceGroups/rg/providers/Microsoft.Web/sites/shop/slots/blue"
        cloud.says(f"GET {place}", told)
    facts = {"SubscriptionId": "s", "TenantId": "t", "ClientId": "c", "Password": "p", "DeploymentSlot": "blue"}
    facts |= {"ResourceManagementEndPoint": cloud.address, "ActiveDirectoryEndPoint": cloud.address}
    facts |= {"ResourceGroupName": "rg", "WebAppName": "shop"}

    state, summary = _look(target, "AzureWebApp", {f"Octopus.Action.Azure.{name}": facts[name] for name in facts})

    assert state == expected[0]
    assert expected[1] in summary


@pytest.mark.parametrize(
    ("clusters", "expected"),
    [
        ([{"status": "ACTIVE"}], ("Healthy", "The cluster shop is there; its state is ACTIVE.")),
        ([{"status": "INACTIVE"}], ("HasWarnings", "The cluster shop is there; its state is INACTIVE.")),
        ([], ("Unavailable", "Asking Amazon for the cluster shop failed: there is no such cluster in eu-west-1.")),
    ],
)
def test_a_container_cluster_is_looked_at(
    target: Target, cloud: Cloud, clusters: list[dict[str, str]], expected: tuple[str, str]
) -> None:
    cloud.says("POST /", {"clusters": clusters})
    target.extra["AWS_ENDPOINT_URL_ECS"] = cloud.address
    facts = {"Aws.Ecs.ClusterName": "shop", "Aws.Region": "eu-west-1"}
    facts |= {"Amazon.AccessKey": _KEYS[0], "Amazon.SecretKey": _KEYS[1]}

    assert _look(target, "AwsEcsCluster", {f"Octopus.Action.{name}": facts[name] for name in facts}) == expected
    assert cloud.asked[0][1]["x-amz-target"].endswith("DescribeClusters")


# -- what kubectl hears


def test_kubectl_is_answered_and_a_token_is_kept_while_it_lives(target: Target, cloud: Cloud) -> None:
    facts, _ = _google(cloud)
    folder = target.workspace()
    (folder / "q.json").write_text(json.dumps({"Cloud": "Google", **facts}))

    answers = [target.run("cluster-token", "--question", "q.json", folder=folder) for _ in range(2)]

    told = [json.loads(answer.stdout) for answer in answers]
    assert [one["status"]["token"] for one in told] == ["of the key"] * 2
    assert told[0]["apiVersion"] == "client.authentication.k8s.io/v1beta1"
    assert len(cloud.asked) == 1
    assert (folder / "q.json.token").stat().st_mode & 0o777 == 0o600


def test_kubectl_hears_why_there_is_no_token(target: Target) -> None:
    folder = target.workspace()
    (folder / "q.json").write_text(json.dumps({"Cloud": "Google"}))

    answer = target.run("cluster-token", "--question", "q.json", folder=folder)

    assert answer.code == 1
    assert answer.stdout == ""
    assert answer.stderr.startswith("polpo: Signing in at Google failed: the account has no key")
