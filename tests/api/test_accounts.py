"""Accounts over HTTP: every type as its client writes it, secrets that are never read back, and who uses an account."""

from __future__ import annotations

import base64
from typing import Any

import httpx
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

from api.conftest import SPACE, create

GUID = "39b44e47-37d4-4fcd-949c-2d831ebfa65e"
KEPT = {"HasValue": True, "NewValue": None, "Hint": None}
EMPTY = {"HasValue": False, "NewValue": None, "Hint": None}


def secret(text: str) -> dict[str, Any]:
    return {"HasValue": True, "Hint": None, "NewValue": text}


def key_file(
    form: serialization.PrivateFormat = serialization.PrivateFormat.OpenSSH, passphrase: str | None = None
) -> str:
    key = ed25519.Ed25519PrivateKey.generate()
    protection: serialization.KeySerializationEncryption = serialization.NoEncryption()
    if passphrase:
        protection = serialization.BestAvailableEncryption(passphrase.encode())
    return base64.b64encode(key.private_bytes(serialization.Encoding.PEM, form, protection)).decode()


#: What the command line sends (without names), and what of the answer is more than was sent.
OF_CLIENTS: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "AmazonWebServicesAccount": ({"AccessKey": "AK", "SecretKey": secret("SK")}, {"SecretKey": KEPT}),
    "AzureServicePrincipal": (
        {
            "ClientId": GUID,
            "Password": secret("k"),
            "ResourceManagementEndpointBaseUri": "",
            "SubscriptionNumber": GUID,
            "TenantId": GUID,
        },
        {"Password": KEPT},
    ),
    "AzureOidc": (
        {
            "ClientId": GUID,
            "ResourceManagementEndpointBaseUri": "",
            "SubscriptionNumber": GUID,
            "TenantId": GUID,
            "DeploymentSubjectKeys": ["space", "project"],
        },
        {
            "HealthCheckSubjectKeys": [],
            "AccountTestSubjectKeys": [],
            "CustomClaims": {},
            "TenantedSubjectGeneration": False,
        },
    ),
    "AzureSubscription": ({"SubscriptionNumber": GUID}, {"CertificateBytes": EMPTY}),
    "GoogleCloudAccount": ({"JsonKey": secret("eyJhIjoxfQ==")}, {"JsonKey": KEPT}),
    "GoogleCloudOidcAccount": (
        {"Audience": "x", "TokenLifetimeSeconds": "3600", "CustomClaims": {"team": "blue"}},
        {"DeploymentSubjectKeys": [], "HealthCheckSubjectKeys": [], "AccountTestSubjectKeys": []},
    ),
    "GenericOidcAccount": ({"Audience": "x"}, {"DeploymentSubjectKeys": [], "CustomClaims": {}}),
    "AmazonWebServicesOidcAccount": (
        {"RoleArn": "arn:aws:iam::1:role/r", "SessionDuration": "3600", "Region": "eu-west-1", "Audience": "sts"},
        {"DeploymentSubjectKeys": [], "CustomClaims": {}},
    ),
    "AmazonWebServicesRoleAccount": ({"RoleArn": "arn:aws:iam::1:role/r"}, {}),
    "SshKeyPair": (
        {"PrivateKeyFile": secret(key_file()), "PrivateKeyPassphrase": None, "Username": "u"},
        {"PrivateKeyFile": KEPT, "PrivateKeyPassphrase": EMPTY},
    ),
    "Token": ({"Token": secret("t")}, {"Token": KEPT}),
    "UsernamePassword": ({"Username": "u", "Password": secret("p")}, {"Password": KEPT}),
}


def body_of(account_type: str, **more: Any) -> dict[str, Any]:
    sent = OF_CLIENTS[account_type][0]
    base = {"AccountType": account_type, "Name": f"My {account_type}", "TenantedDeploymentParticipation": "Untenanted"}
    return base | sent | more


@pytest.mark.parametrize("account_type", OF_CLIENTS)
async def test_an_account_of_each_type_comes_back_as_it_was_written(
    client: httpx.AsyncClient, account_type: str
) -> None:
    sent, more = OF_CLIENTS[account_type]
    await create(client, "tagsets", Name="Tier", Scopes=["Tenant"], Tags=[{"Name": "Gold"}])
    made = await create(client, "accounts", **body_of(account_type, EnvironmentIds=[], TenantTags=["Tier/Gold"]))
    read = (await client.get(f"{SPACE}/accounts/{made['Id']}")).json()

    assert read == made
    assert made["Slug"] == f"my-{account_type.lower()}"
    assert made["TenantTags"] == ["Tier/Gold"]
    assert made["EnvironmentIds"] == made["TenantIds"] == []
    assert made["Description"] == ""
    expected = sent | more
    assert {name: made[name] for name in expected} == expected

    changed = (await client.put(f"{SPACE}/accounts/{made['Id']}", json=made | {"Description": "new"})).json()
    times = ("LastModifiedOn",)
    assert {**changed, "LastModifiedOn": None} == {**made, "Description": "new", **dict.fromkeys(times)}


async def test_lists_are_narrowed_by_type_because_clients_panic_at_a_foreign_one(client: httpx.AsyncClient) -> None:
    for account_type in OF_CLIENTS:
        await create(client, "accounts", **body_of(account_type))

    for account_type in OF_CLIENTS:
        page = (await client.get(f"{SPACE}/accounts?accountType={account_type.upper()}")).json()
        assert [one["AccountType"] for one in page["Items"]] == [account_type]
    everything = (await client.get(f"{SPACE}/accounts/all")).json()
    assert {one["AccountType"] for one in everything} == set(OF_CLIENTS)
    found = (await client.get(f"{SPACE}/accounts?partialName=my%20azure")).json()
    assert found["TotalResults"] == 3


async def test_properties_of_other_types_are_not_kept(client: httpx.AsyncClient) -> None:
    made = await create(client, "accounts", **body_of("Token", Username="u", AccessKey="a", Password=secret("p")))

    assert {"Username", "AccessKey", "Password", "ClientId"}.isdisjoint(made)


async def test_a_secret_that_is_left_out_stays_and_a_cleared_one_that_is_needed_is_refused(
    client: httpx.AsyncClient,
) -> None:
    made = await create(client, "accounts", **body_of("UsernamePassword"))
    path = f"{SPACE}/accounts/{made['Id']}"
    without = {name: value for name, value in made.items() if name != "Password"}

    kept = (await client.put(path, json=without)).json()
    cleared = (await client.put(path, json=made | {"Password": EMPTY})).json()
    token = await create(client, "accounts", **body_of("Token"))
    refused = await client.put(f"{SPACE}/accounts/{token['Id']}", json=token | {"Token": EMPTY})

    assert kept["Password"] == KEPT
    assert cleared["Password"] == EMPTY
    assert refused.status_code == 400
    assert refused.json()["Errors"] == ["Token is missing; an account of the type Token needs it."]


@pytest.mark.parametrize(
    ("account_type", "change", "place"),
    [
        ("AmazonWebServicesAccount", {"AccessKey": " "}, "AccessKey is missing"),
        ("AmazonWebServicesAccount", {"SecretKey": None}, "SecretKey is missing"),
        ("AzureServicePrincipal", {"ClientId": "app"}, "ClientId must be a GUID"),
        ("AzureServicePrincipal", {"TenantId": None}, "TenantId is missing"),
        ("AzureOidc", {"SubscriptionNumber": f"{GUID}0"}, "SubscriptionNumber must be a GUID"),
        ("SshKeyPair", {"Username": ""}, "Username is missing"),
        ("SshKeyPair", {"PrivateKeyFile": secret("UFJJVkFURQ==")}, "no private key in the OpenSSH or PEM format"),
        ("SshKeyPair", {"PrivateKeyFile": secret("not base64!")}, "send the file's content as base64"),
        ("SshKeyPair", {"PrivateKeyFile": secret(key_file(passphrase="open"))}, "PrivateKeyPassphrase is missing"),
        ("Token", {"EnvironmentIds": ["Environments-99"]}, "'Environments-99', which does not exist"),
        ("Token", {"Name": ""}, "needs a name"),
        ("Token", {"AccountType": "Nonsense"}, "AccountType"),
        ("Token", {"AccountType": None}, "AccountType"),
        ("GenericOidcAccount", {"CustomClaims": {"a": 1}}, "CustomClaims"),
    ],
)
async def test_an_account_that_could_not_be_used_is_refused(
    client: httpx.AsyncClient, account_type: str, change: dict[str, Any], place: str
) -> None:
    answer = await client.post(f"{SPACE}/accounts", json=body_of(account_type) | change)

    assert answer.status_code == 400
    assert any(place in error for error in answer.json()["Errors"]), answer.text


@pytest.mark.parametrize(
    "form",
    [
        serialization.PrivateFormat.OpenSSH,
        serialization.PrivateFormat.PKCS8,
    ],
)
async def test_a_private_key_opens_with_its_passphrase_only(
    client: httpx.AsyncClient, form: serialization.PrivateFormat
) -> None:
    key = key_file(form, "open sesame")
    body = body_of("SshKeyPair", PrivateKeyFile=secret(key))

    right = await client.post(f"{SPACE}/accounts", json=body | {"PrivateKeyPassphrase": secret("open sesame")})
    wrong = await client.post(f"{SPACE}/accounts", json=body | {"PrivateKeyPassphrase": secret("open"), "Name": "B"})
    none = await client.post(f"{SPACE}/accounts", json=body | {"Name": "C"})
    made = right.json()
    changed = await client.put(
        f"{SPACE}/accounts/{made['Id']}", json=made | {"PrivateKeyPassphrase": secret("something else")}
    )
    cleared = await client.put(f"{SPACE}/accounts/{made['Id']}", json=made | {"PrivateKeyPassphrase": EMPTY})

    assert right.status_code == 201
    assert made["PrivateKeyPassphrase"] == KEPT
    assert wrong.status_code == changed.status_code == 400
    assert "the passphrase is not the right one" in wrong.json()["ErrorMessage"]
    assert none.status_code == cleared.status_code == 400
    assert "PrivateKeyPassphrase is missing" in cleared.json()["ErrorMessage"]


@pytest.mark.parametrize(
    "key",
    [
        rsa.generate_private_key(65537, 2048).private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
        ),
        ec.generate_private_key(ec.SECP256R1()).private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        ),
    ],
    ids=["rsa", "ec"],
)
async def test_keys_of_other_kinds_are_taken_and_a_needless_passphrase_is_no_fault(
    client: httpx.AsyncClient, key: bytes
) -> None:
    sent = body_of("SshKeyPair", PrivateKeyFile=secret(base64.b64encode(key).decode()))

    answer = await client.post(f"{SPACE}/accounts", json=sent | {"PrivateKeyPassphrase": secret("needless")})

    assert answer.status_code == 201, answer.text


async def test_the_type_of_an_account_cannot_be_changed(client: httpx.AsyncClient) -> None:
    made = await create(client, "accounts", **body_of("Token"))

    answer = await client.put(f"{SPACE}/accounts/{made['Id']}", json=body_of("UsernamePassword", Name="Other"))

    assert answer.status_code == 400
    assert answer.json()["Errors"] == ["AccountType cannot be changed; the account is of the type Token."]


async def test_a_name_is_taken_once(client: httpx.AsyncClient) -> None:
    await create(client, "accounts", **body_of("Token"))

    answer = await client.post(f"{SPACE}/accounts", json=body_of("Token", Name="MY TOKEN"))

    assert answer.status_code == 400
    assert "already taken" in answer.json()["Errors"][0]


async def test_an_unused_account_can_be_deleted(client: httpx.AsyncClient) -> None:
    made = await create(client, "accounts", **body_of("Token"))

    deleted = await client.delete(f"{SPACE}/accounts/{made['Id']}")
    gone = await client.get(f"{SPACE}/accounts/{made['Id']}")

    assert (deleted.status_code, deleted.json()) == (200, {})
    assert gone.status_code == 404
    assert "Errors" not in gone.json()


async def test_usages_name_targets_steps_and_variables_and_hold_off_deletion(
    client: httpx.AsyncClient, project: Any
) -> None:
    account = await create(client, "accounts", **body_of("SshKeyPair"))
    environment = await create(client, "environments", Name="Dev")
    endpoint = {"CommunicationStyle": "Ssh", "AccountId": account["Id"], "Host": "h", "Fingerprint": "SHA256:x"}
    machine = await create(
        client, "machines", Name="box", EnvironmentIds=[environment["Id"]], Roles=["web"], Endpoint=endpoint
    )
    path = f"{SPACE}/projects/{project['Id']}/deploymentprocesses"
    process = (await client.get(path)).json()
    process["Steps"] = [
        {"Name": "Run", "Actions": [{"Name": "Run", "ActionType": "X", "Properties": {"Account": account["Id"]}}]}
    ]
    saved = await client.put(path, json=process)
    assert saved.status_code == 200, saved.text
    variables = (await client.get(f"{SPACE}/variables/{project['VariableSetId']}")).json()
    variables["Variables"] = [{"Name": "Key", "Type": "UsernamePasswordAccount", "Value": account["Id"]}]
    saved = await client.put(f"{SPACE}/variables/{variables['Id']}", json=variables)
    assert saved.status_code == 200, saved.text

    usage = (await client.get(f"{SPACE}/accounts/{account['Id']}/usages")).json()
    refused = await client.delete(f"{SPACE}/accounts/{account['Id']}")
    await client.delete(f"{SPACE}/machines/{machine['Id']}")
    still = await client.delete(f"{SPACE}/accounts/{account['Id']}")

    assert usage["Targets"] == [{"TargetId": machine["Id"], "TargetName": "box"}]
    [used] = usage["DeploymentProcesses"]
    assert (used["ProjectId"], [step["StepName"] for step in used["Steps"]]) == (project["Id"], ["Run"])
    assert [one["ProjectId"] for one in usage["ProjectVariableSets"]] == [project["Id"]]
    assert refused.status_code == still.status_code == 409
    assert still.json()["Errors"] == [
        "In use by the step 'Run' of the project 'Web Shop'.",
        "In use by the variables of 'Web Shop'.",
    ]


async def test_a_used_account_names_its_targets_when_it_is_to_be_deleted(client: httpx.AsyncClient) -> None:
    account = await create(client, "accounts", **body_of("SshKeyPair"))
    environment = await create(client, "environments", Name="Dev")
    endpoint = {"CommunicationStyle": "Ssh", "AccountId": account["Id"], "Host": "h", "Fingerprint": "SHA256:x"}
    await create(client, "machines", Name="box", EnvironmentIds=[environment["Id"]], Roles=["web"], Endpoint=endpoint)

    refused = await client.delete(f"{SPACE}/accounts/{account['Id']}")

    assert refused.status_code == 409
    assert refused.json()["Errors"] == ["In use by the machine 'box'."]


async def test_what_only_azure_knows_is_refused_instead_of_invented(client: httpx.AsyncClient) -> None:
    azure = await create(client, "accounts", **body_of("AzureServicePrincipal"))
    token = await create(client, "accounts", **body_of("Token"))

    for lookup in ("websites", "resourceGroups", "storageAccounts", "rg/websites/shop/slots"):
        answer = await client.get(f"{SPACE}/accounts/{azure['Id']}/{lookup}")
        assert answer.status_code == 400
        assert "cannot ask Azure" in answer.json()["Errors"][0]
    foreign = await client.get(f"{SPACE}/accounts/{token['Id']}/websites")
    assert "only Azure has web apps" in foreign.json()["Errors"][0]
    assert (await client.get(f"{SPACE}/accounts/Accounts-99/websites")).status_code == 404


async def test_the_clouds_of_azure_are_well_known(client: httpx.AsyncClient) -> None:
    for path in ("/api/accounts/azureenvironments", f"{SPACE}/accounts/azureenvironments"):
        clouds = (await client.get(path)).json()
        assert [one["Name"] for one in clouds] == [
            "AzureCloud",
            "AzureChinaCloud",
            "AzureGermanCloud",
            "AzureUSGovernment",
        ]
        assert all(one["ResourceManagerEndpoint"].startswith("https://") for one in clouds)


async def test_an_account_carries_the_links_that_clients_follow(client: httpx.AsyncClient) -> None:
    made = await create(client, "accounts", **body_of("Token"))

    assert made["Links"]["Usages"] == f"{SPACE}/accounts/{made['Id']}/usages"
    assert made["Links"]["WebSiteSlots"].endswith("/{resourceGroupName}/websites/{webSiteName}/slots")


async def test_an_account_for_tenants_or_tags_that_do_not_exist_is_refused(client: httpx.AsyncClient) -> None:
    account = {"Name": "Ada", "AccountType": "UsernamePassword", "Username": "ada"}
    for narrowed, named in (({"TenantIds": ["Tenants-9"]}, "Tenants-9"), ({"TenantTags": ["Tier/Gold"]}, "Tier/Gold")):
        answer = await client.post(f"{SPACE}/accounts", json={**account, **narrowed})
        assert answer.status_code == 400
        assert named in answer.json()["Errors"][0]
