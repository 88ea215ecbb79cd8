"""Variables whose value is an account or a certificate: what a step reads of them, and where they may not be used."""

from __future__ import annotations

import base64
from typing import Any

import httpx
import pytest
from tests.api.certificatefiles import secret, sent, signed
from tests.api.conftest import SPACE, create
from tests.api.test_deployments import Shop, script

from polpo.server.application import Server

PARTS = """\
for name in "Login.Username" "Login.AccountType" "Cloud.AccessKey" "Cloud.Region" "Site.Type" "Site.Name" \\
  "Site.SubjectCommonName" "Site.NotAfter" "Explicit.Username"; do echo "$name=$(get_octopusvariable "$name")"; done
get_octopusvariable Site.CertificatePem | head -n 1
get_octopusvariable Login.Password
get_octopusvariable Site.PrivateKeyPem
echo "$(get_octopusvariable Google.JsonKey | base64 -d)"
echo "pfx of $(get_octopusvariable Site.Pfx | base64 -d | wc -c | tr -d ' ')"
"""


async def account(client: httpx.AsyncClient, kind: str, name: str, **more: Any) -> str:
    made = await create(client, "accounts", AccountType=kind, Name=name, **more)
    return str(made["Id"])


@pytest.fixture
async def shop(client: httpx.AsyncClient, server: Server, project: Any) -> Shop:
    made = {name: (await create(client, "environments", Name=name))["Id"] for name in ("Dev", "Prod")}
    return Shop(client, server, made)


async def test_a_step_reads_the_parts_of_accounts_and_certificates(client: httpx.AsyncClient, shop: Shop) -> None:
    login = await account(client, "UsernamePassword", "Login", Username="bob", Password=secret("hunter2-and-more"))
    other = await account(client, "UsernamePassword", "Other", Username="eve", Password=secret("hunter3-and-more"))
    cloud = {"AccessKey": "AKIA", "SecretKey": secret("very-secret-key"), "Region": "eu-west-1"}
    amazon = await account(client, "AmazonWebServicesAccount", "Cloud", **cloud)
    key = base64.b64encode(b'{"private_key": "abcdefgh-ijkl"}').decode()
    google = await account(client, "GoogleCloudAccount", "Google", JsonKey=secret(key))
    pair = signed("shop.example")
    certificate = (await create(client, "certificates", **sent(pair.pem() + pair.key_pem())))["Id"]
    prod = {"Environment": [shop.environments["Prod"]]}
    await shop.variables(
        {"Name": "Login", "Type": "UsernamePasswordAccount", "Value": login},
        {
            "Name": "Login",
            "Type": "UsernamePasswordAccount",
            "Value": other,
            "Scope": prod,
        },
        {"Name": "Cloud", "Type": "AmazonWebServicesAccount", "Value": "#{Which}"},
        {"Name": "Which", "Value": amazon},
        {"Name": "Google", "Type": "GoogleCloudAccount", "Value": google},
        {"Name": "Site", "Type": "Certificate", "Value": certificate},
        {"Name": "Explicit", "Type": "UsernamePasswordAccount", "Value": login},
        {"Name": "explicit.username", "Value": "by hand"},
    )
    await shop.process(script("Parts", PARTS))
    await shop.release()
    task = await shop.deploy()
    assert (await shop.ended(task))["State"] == "Success"
    lines = await shop.lines(task)
    assert [line for line in lines if "=" in line][:9] == [
        "Login.Username=bob",
        "Login.AccountType=UsernamePassword",
        "Cloud.AccessKey=AKIA",
        "Cloud.Region=eu-west-1",
        "Site.Type=Certificate",
        "Site.Name=shop",
        "Site.SubjectCommonName=shop.example",
        next(line for line in lines if line.startswith("Site.NotAfter=2")),
        "Explicit.Username=by hand",
    ]
    said = "\n".join(lines)
    assert "-----BEGIN CERTIFICATE-----" in said
    assert "pfx of 0" not in said
    assert not [one for one in ("hunter", "PRIVATE KEY", "abcdefgh-ijkl", "very-secret") if one in said]
    [told] = (await client.get(f"{SPACE}/events?eventCategories=SecretUsed&regarding={login}")).json()["Items"]
    assert told["Message"] == (
        f"Deploy Web Shop release 1.0.0 to Dev was given the secrets Cloud (#{{Which}}), Explicit ({login}),"
        f" Google ({google}), Login ({login}), Site ({certificate})"
    )
    assert (told["Username"], told["OnBehalfOf"]) == ("Deploy Web Shop release 1.0.0 to Dev", "admin")
    assert {"Deployments-1", google, certificate} < set(told["RelatedDocumentIds"])
    assert other not in told["RelatedDocumentIds"]


async def test_an_account_is_used_only_where_it_may_be(client: httpx.AsyncClient, shop: Shop) -> None:
    """What does not hold here refuses nothing; what nothing speaks of is only not handed out."""
    dev, prod = shop.environments["Dev"], shop.environments["Prod"]

    async def login(name: str, **more: Any) -> str:
        return await account(client, "UsernamePassword", name, Username="bob", Password=secret("hunter2"), **more)

    for_prod = await login("For Prod", EnvironmentIds=[prod])
    for_both = await login("For both", EnvironmentIds=[dev, prod])
    for_tenants = await login("For tenants", TenantedDeploymentParticipation="Tenanted")
    token = await account(client, "GenericOidcAccount", "Token", Audience="x")
    kind = "UsernamePasswordAccount"
    await shop.variables(
        {"Name": "Elsewhere", "Type": kind, "Value": for_prod},
        {"Name": "Unspoken", "Type": kind, "Value": for_prod},
        {"Name": "Fine", "Type": kind, "Value": for_both},
        {"Name": "Beaten", "Type": kind, "Value": for_prod},
        {"Name": "Beaten", "Type": kind, "Value": for_both, "Scope": {"Environment": [dev]}},
        {"Name": "Scoped", "Type": kind, "Value": for_prod, "Scope": {"Environment": [prod]}},
        {"Name": "Tenants", "Type": kind, "Value": for_tenants},
        {"Name": "Gone", "Type": kind, "Value": "Accounts-99"},
        {"Name": "Oidc", "Type": "GenericOidcAccount", "Value": token},
    )
    body = "echo #{Elsewhere.Username} #{Fine.Username} #{Beaten.Password} #{Tenants} #{Gone.Token}"
    await shop.process(script("Say", body + " #{if Scoped}x#{/if} $(get_octopusvariable Oidc.OpenIdConnect.Jwt)"))
    release = await shop.release()
    shown = (await client.get(f"{SPACE}/releases/{release}/deployments/preview/{dev}")).json()
    assert [one.partition(";")[0] for one in shown["Problems"]] == [
        "The account 'For Prod' of the variable 'Elsewhere' may not be used in Dev, only in Prod",
        "The account 'For tenants' of the variable 'Tenants' may not be used without a tenant",
        "The variable 'Gone' names the account 'Accounts-99', which does not exist in this space",
    ]
    assert [one.partition(";")[0] for one in shown["Warnings"] if "Step" not in one[:4]] == [
        "The account 'For Prod' of the variable 'Unspoken' may not be used in Dev, only in Prod",
    ]
