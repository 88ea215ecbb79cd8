"""What accounts are good for: every type expands into its variables, shows its public key, and is tried out."""

from __future__ import annotations

import asyncio
import base64
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs

import httpx
import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_ssh_private_key
from tests.api.certificatefiles import signed
from tests.api.conftest import SPACE, create
from tests.api.runbooks import cared_for
from tests.api.test_accounts import GUID, body_of, key_file, secret

from polpo.features.accounts.parts import account_parts
from polpo.features.accounts.resource import ACCOUNTS
from polpo.server.application import Server

AZURE = {"SubscriptionNumber": GUID, "Client": GUID, "TenantId": GUID}
_AZURE_ENDS = {
    "AzureEnvironment": "AzureCloud",
    "ResourceManagementEndpointBaseUri": "https://rm/",
    "ActiveDirectoryEndpointBaseUri": "https://ad/",
}
_ROLE = {"RoleArn": "arn:aws:iam::1:role/r", "SessionDuration": "3600", "Region": "eu-west-1"}
KEY = key_file()


@pytest.mark.parametrize(
    ("account_type", "more", "plain", "hidden"),
    [
        ("UsernamePassword", {}, {"Username": "u"}, {"Password": "p"}),
        (
            "SshKeyPair",
            {"PrivateKeyFile": secret(KEY), "PrivateKeyPassphrase": secret("open")},
            {"Username": "u"},
            {"PrivateKeyFile": KEY, "PrivateKeyPassphrase": "open"},
        ),
        ("Token", {}, {}, {"Token": "t"}),
        (
            "AzureSubscription",
            {"CertificateBytes": secret("Y2VydA=="), "CertificateThumbprint": "AB", "AzureEnvironment": "AzureCloud"},
            {"SubscriptionNumber": GUID, "CertificateThumbprint": "AB", "AzureEnvironment": "AzureCloud"},
            {"CertificateBytes": "Y2VydA=="},
        ),
        ("AzureServicePrincipal", _AZURE_ENDS, {**AZURE, **_AZURE_ENDS}, {"Password": "k"}),
        ("AzureOidc", {"Audience": "a"}, {**AZURE, "Audience": "a"}, {"OpenIdConnect.Jwt": ""}),
        ("AmazonWebServicesAccount", {"Region": "r"}, {"AccessKey": "AK", "Region": "r"}, {"SecretKey": "SK"}),
        ("AmazonWebServicesRoleAccount", _ROLE, _ROLE, {}),
        ("AmazonWebServicesOidcAccount", {}, {**_ROLE, "Audience": "sts"}, {"OpenIdConnect.Jwt": ""}),
        ("GoogleCloudAccount", {}, {}, {"JsonKey": "eyJhIjoxfQ=="}),
        (
            "GoogleCloudOidcAccount",
            {},
            {"Audience": "x", "OpenIdConnect.TokenLifetimeSeconds": "3600"},
            {"OpenIdConnect.Jwt": ""},
        ),
        ("GenericOidcAccount", {}, {"Audience": "x"}, {"OpenIdConnect.Jwt": ""}),
    ],
)
async def test_account_of_each_type_expands_into_its_variables(
    client: httpx.AsyncClient,
    server: Server,
    account_type: str,
    more: dict[str, Any],
    plain: dict[str, str],
    hidden: dict[str, str],
) -> None:
    made = await create(client, "accounts", **body_of(account_type, **more))
    with server.database.read() as session:
        parts = list(account_parts(session, session.get(ACCOUNTS, made["Id"])))
    known = {"Id": made["Id"], "Name": made["Name"], "AccountType": account_type}
    assert {one.name: one.value for one in parts if not one.is_sensitive} == {**known, **plain}
    assert {one.name: one.value for one in parts if one.is_sensitive} == hidden


async def test_runbooks_and_tenants_that_use_an_account_are_told_and_hold_off_deletion(
    client: httpx.AsyncClient, server: Server, project: Any
) -> None:
    account = await create(client, "accounts", **body_of("UsernamePassword"))
    care = await cared_for(client, server)
    named = {"Name": "Log in", "ActionType": "Octopus.Script", "Properties": {"Account": account["Id"]}}
    await care.process({"Name": "Log in", "Actions": [named]})
    template = {"Name": "Login", "DisplaySettings": {"Octopus.ControlType": "UsernamePasswordAccount"}}
    changed = (await client.put(project["Links"]["Self"], json={**project, "Templates": [template]})).json()
    places = {project["Id"]: list(care.environments.values())}
    tenant = await create(client, "tenants", Name="Acme", ProjectEnvironments=places)
    value = {"ProjectId": project["Id"], "TemplateId": changed["Templates"][0]["Id"], "Value": account["Id"]}
    scoped = {**value, "Scope": {"EnvironmentIds": []}}
    answer = await client.put(f"{SPACE}/tenants/{tenant['Id']}/projectvariables", json={"Variables": [scoped]})
    assert answer.is_success, answer.text

    usage = (await client.get(f"{SPACE}/accounts/{account['Id']}/usages")).json()
    [used] = usage["RunbookProcesses"]
    assert (used["RunbookName"], [step["StepName"] for step in used["Steps"]]) == ("Restart", ["Log in"])
    [given] = usage["ProjectTenantVariables"]
    assert (given["TenantId"], given["Projects"][0]["ProjectId"]) == (tenant["Id"], project["Id"])
    refused = await client.delete(f"{SPACE}/accounts/{account['Id']}")
    assert refused.json()["Errors"] == [
        "In use by the step 'Log in' of the runbook 'Restart' of the project 'Web Shop'.",
        "In use by the variables of the tenant 'Acme'.",
    ]


# -- public keys


async def test_public_key_of_a_key_pair_is_a_line_for_the_host(client: httpx.AsyncClient) -> None:
    sealed = key_file(passphrase="open")
    made = await create(
        client, "accounts", **body_of("SshKeyPair", PrivateKeyFile=secret(sealed), PrivateKeyPassphrase=secret("open"))
    )
    answer = await client.get(f"{SPACE}/accounts/{made['Id']}/pk")
    expected = load_ssh_private_key(base64.b64decode(sealed), b"open").public_key()
    assert answer.text == expected.public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH).decode() + " my-sshkeypair\n"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="my-sshkeypair.pub"'


async def test_public_key_of_a_subscription_is_its_certificate(client: httpx.AsyncClient) -> None:
    pair = signed("management")
    sealed = secret(base64.b64encode(pair.pfx(None)).decode())
    made = await create(client, "accounts", **body_of("AzureSubscription", CertificateBytes=sealed))
    answer = await client.get(f"{SPACE}/accounts/{made['Id']}/pk")
    assert answer.content == pair.certificate.public_bytes(Encoding.DER)


@pytest.mark.parametrize(
    ("account_type", "why"),
    [("Token", "is of the type Token, which has none"), ("AzureSubscription", "has no certificate")],
)
async def test_account_without_a_key_has_no_public_one(client: httpx.AsyncClient, account_type: str, why: str) -> None:
    made = await create(client, "accounts", **body_of(account_type))
    answer = await client.get(f"{SPACE}/accounts/{made['Id']}/pk")
    assert (answer.status_code, why in answer.text) == (400, True)


# -- trying out


class Azure(ThreadingHTTPServer):
    """The directory and the management service, as far as signing in needs them."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answers)
        self.forms: list[dict[str, str]] = []

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/"


class _Answers(BaseHTTPRequestHandler):
    server: Azure

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        form = {name: values[0] for name, values in parse_qs(body).items()}
        self.server.forms.append(form)
        if form.get("client_secret") == "wrong":
            self._send(401, {"error": "invalid_client", "error_description": "AADSTS7000215: the secret wrong"})
        else:
            self._send(200, {"access_token": "pass", "expires_in": 3600})

    def do_GET(self) -> None:
        is_known = self.headers["Authorization"] == "Bearer pass" and GUID in self.path
        self._send(200 if is_known else 403, {"displayName": "Production"})

    def _send(self, status: int, body: dict[str, Any]) -> None:
        self.send_response(status)
        self.end_headers()
        self.wfile.write(json.dumps(body).encode())

    def log_message(self, *_arguments: object) -> None:
        pass


@pytest.fixture
def azure() -> Iterator[Azure]:
    with Azure() as cloud:
        thread = threading.Thread(target=cloud.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield cloud
        cloud.shutdown()
        thread.join()


async def tried(client: httpx.AsyncClient, server: Server, account: Any, name: str = "TestAzureAccount") -> Any:
    task = await create(client, "tasks", Name=name, Arguments={"AccountId": account["Id"]})
    async with asyncio.timeout(60):
        async for _ in server.engine.watch(task["Id"]):
            pass
    return (await client.get(f"/api/tasks/{task['Id']}")).json()


def ends(azure: Azure) -> dict[str, str]:
    return {
        "ActiveDirectoryEndpointBaseUri": azure.address,
        "ResourceManagementEndpointBaseUri": azure.address,
    }


async def test_service_principal_is_tried_out(client: httpx.AsyncClient, server: Server, azure: Azure) -> None:
    account = await create(client, "accounts", **body_of("AzureServicePrincipal", **ends(azure)))
    task = await tried(client, server, account)
    assert task["State"] == "Success", task["ErrorMessage"]
    log = (await client.get(f"/api/tasks/{task['Id']}/raw")).text
    assert "Azure let the account in; its subscription is 'Production'." in log
    assert azure.forms[0]["client_secret"] == "k"
    [used] = (await client.get(f"/api/events?regarding={account['Id']}&eventCategories=SecretUsed")).json()["Items"]
    assert used["Message"] == f"The password of the account {account['Name']} was opened to try it out"
    assert task["Id"] in used["RelatedDocumentIds"]


async def test_account_with_a_wrong_password_is_not_let_in(
    client: httpx.AsyncClient, server: Server, azure: Azure
) -> None:
    body = body_of("AzureServicePrincipal", Password=secret("wrong"), **ends(azure))
    task = await tried(client, server, await create(client, "accounts", **body), "TestAccount")
    assert task["ErrorMessage"].startswith("Signing in at Azure failed: 127.0.0.1 answered 401")
    assert "the secret ****" in task["ErrorMessage"]


async def test_account_without_a_password_proves_itself_by_a_token(
    client: httpx.AsyncClient, server: Server, azure: Azure
) -> None:
    section = (await client.get("/api/configuration/server/values")).json()
    answer = await client.put("/api/configuration/server/values", json={**section, "ServerUri": "https://polpo.test"})
    assert answer.is_success, answer.text
    account = await create(client, "accounts", **body_of("AzureOidc", **ends(azure)))
    task = await tried(client, server, account)
    assert task["State"] == "Success", task["ErrorMessage"]
    claims = json.loads(base64.urlsafe_b64decode(azure.forms[0]["client_assertion"].split(".")[1] + "=="))
    assert (claims["iss"], claims["sub"]) == ("https://polpo.test", "space:default:account:my-azureoidc")


@pytest.mark.parametrize("account_type", ["Token", "AzureSubscription"])
async def test_only_accounts_of_azure_are_tried_out(client: httpx.AsyncClient, account_type: str) -> None:
    account = await create(client, "accounts", **body_of(account_type))
    body = {"Name": "TestAzureAccount", "Arguments": {"AccountId": account["Id"]}}
    answer = await client.post(f"{SPACE}/tasks", json=body)
    assert (answer.status_code, "can be tried out" in answer.text) == (400, True)
