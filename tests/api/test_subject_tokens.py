"""Subject tokens: what a deployment gets in its hand, and how whoever gets it checks it against the public keys."""

from __future__ import annotations

import asyncio
import base64
import json
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import httpx
import pytest
import sqlalchemy as sa
from joserfc import jwt
from joserfc.errors import InvalidKeyIdError
from joserfc.jwk import KeySet
from tests.api.conftest import create
from tests.api.test_deployments import Shop, script, shop

from polpo.engine import server_task, task_activity
from polpo.features.accounts.resource import Account
from polpo.features.machines.clusterchecks import health_token
from polpo.features.machines.endpointvariables import endpoint_variables
from polpo.features.machines.resource import MACHINES
from polpo.features.subjecttokens.issuing import SubjectTokens, TokenWish
from polpo.features.subjecttokens.keys import KNOWN_AFTER, KNOWN_BEFORE, SIGNS, rotate
from polpo.features.subjecttokens.resource import SIGNING_KEYS
from polpo.features.subjecttokens.subjects import subject_of
from polpo.kernel.clock import Clock
from polpo.kernel.errors import TaskError
from polpo.server.application import Server

__all__ = ["shop"]

ISSUER = "https://deploy.example"
#: Prints the token so that no mask finds it: each character on a line of its own.
REVEAL = 'get_octopusvariable "Cloud.OpenIdConnect.Jwt" | sed "s/./&\\n/g"\n'


async def public_address(client: httpx.AsyncClient, address: str = ISSUER) -> None:
    path = "/api/serverconfiguration"
    known = (await client.get(path)).json()
    answer = await client.put(path, json={**known, "ServerUri": address})
    assert answer.status_code == 200, answer.text


async def keys_of(client: httpx.AsyncClient) -> KeySet:
    return KeySet.import_key_set((await client.get("/.well-known/jwks")).json())


async def oidc(client: httpx.AsyncClient, account_type: str = "GenericOidcAccount", **more: Any) -> Any:
    return await create(client, "accounts", Name="Cloud Account", AccountType=account_type, **more)


async def cloud(shop: Shop, account: Any, **kind: str) -> None:
    await shop.variables({"Name": "Cloud", "Type": kind.get("Type", account["AccountType"]), "Value": account["Id"]})


async def test_a_deployment_gets_a_token_that_the_public_keys_prove(
    shop: Shop, client: httpx.AsyncClient, anonymous: httpx.AsyncClient, server: Server
) -> None:
    await public_address(client)
    account = await oidc(client, Audience="api://shop", CustomClaims={"team": "web", "iss": "forged"})
    await cloud(shop, account)
    same = '[ "$(get_octopusvariable Octopus.OpenIdConnect.Jwt)" = "$(get_octopusvariable Cloud.OpenIdConnect.Jwt)" ]'
    await shop.process(script("Sign in", f'{REVEAL}echo "is $(get_octopusvariable Cloud.OpenIdConnect.Jwt)"\n{same}'))
    await shop.release()
    task = await shop.deploy()
    assert (await shop.ended(task))["State"] == "Success", await shop.lines(task)

    lines = await shop.lines(task)
    token = "".join(line for line in lines if len(line) == 1)
    assert "is *****" in lines
    configuration = (await anonymous.get("/.well-known/openid-configuration")).json()
    assert (configuration["issuer"], configuration["jwks_uri"]) == (ISSUER, f"{ISSUER}/.well-known/jwks")
    proven = jwt.decode(token, await keys_of(anonymous), algorithms=["RS256"])
    said = proven.claims
    assert (said["iss"], said["aud"], said["team"]) == (ISSUER, "api://shop", "web")
    assert said["sub"] == "space:default:project:web-shop:environment:dev"
    assert said["exp"] - said["iat"] == 3600
    with server.database.read() as session:
        stored = [session.connection.execute(sa.select(server_task.c.plan)).scalar_one()]
        stored += session.connection.execute(sa.select(task_activity.c.result)).scalars()
    assert not [text for text in stored if text and token in str(text)]


async def test_what_only_looks_like_an_account_gets_no_token(shop: Shop, client: httpx.AsyncClient) -> None:
    await public_address(client)
    account = await oidc(client, EnvironmentIds=[shop.environments["Prod"]], DeploymentSubjectKeys=["account"])
    forged = {"Cloud.AccountType": "GenericOidcAccount", "Cloud.Id": account["Id"]}
    await shop.variables(*({"Name": name, "Value": value} for name, value in forged.items()))
    await shop.process(script("Sign in", 'echo "[$(get_octopusvariable Cloud.OpenIdConnect.Jwt)]"'))
    await shop.release()
    task = await shop.deploy()
    assert (await shop.ended(task))["State"] == "Success"
    assert "[]" in await shop.lines(task)


async def test_without_a_public_address_the_log_says_why_there_is_no_token(
    shop: Shop, client: httpx.AsyncClient
) -> None:
    await cloud(shop, await oidc(client))
    await shop.process(script("Sign in", 'echo "[$(get_octopusvariable Cloud.OpenIdConnect.Jwt)]"'))
    await shop.release()
    task = await shop.deploy()
    assert (await shop.ended(task))["State"] == "Success"
    lines = await shop.lines(task)
    assert "[]" in lines
    assert any(
        line.startswith("No token can be issued for the account 'Cloud Account', because the server does not know")
        for line in lines
    )


SLUGS = {name: f"a-{name}" for name in ("space", "project", "runbook", "tenant", "environment", "target")}


@pytest.mark.parametrize(
    ("purpose", "keys", "subject"),
    [
        ("deployment", [], "space:a-space:project:a-project:tenant:a-tenant:environment:a-environment"),
        ("runbook", [], "space:a-space:project:a-project:tenant:a-tenant:environment:a-environment"),
        ("deployment", ["type", "runbook", "project", "space"], "space:a-space:project:a-project:type:deployment"),
        (
            "runbook",
            ["type", "runbook", "project", "space"],
            "space:a-space:project:a-project:runbook:a-runbook:type:runbook",
        ),
        ("deployment", ["Account", "ENVIRONMENT"], "environment:a-environment:account:mine"),
        ("health", [], "space:a-space:target:a-target"),
        ("health", ["space", "target", "type"], "space:a-space:target:a-target:type:health"),
        ("test", [], "space:a-space:account:mine"),
        ("test", ["type", "project"], "type:test"),
    ],
)
def test_a_subject_has_the_parts_that_its_account_asks_for(purpose: Any, keys: list[str], subject: str) -> None:
    account = Account(
        account_type="GenericOidcAccount",
        slug="mine",
        deployment_subject_keys=keys,
        health_check_subject_keys=keys,
        account_test_subject_keys=keys,
    )
    assert subject_of(account, purpose, SLUGS) == subject


def test_a_part_that_is_not_there_is_left_out() -> None:
    account = Account(account_type="AzureOidc", slug="mine")
    assert subject_of(account, "deployment", {"space": "s", "project": "p", "tenant": "", "environment": "e"}) == (
        "space:s:project:p:environment:e"
    )


async def issued(server: Server, account_id: str) -> str:
    return await SubjectTokens(server.database).issue(TokenWish(account_id, "test", {"space": "Spaces-1"}))


def said_by(token: str) -> dict[str, Any]:
    part = token.split(".")[1]
    return dict(json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))))


@pytest.mark.parametrize(
    ("account_type", "more", "audience", "life"),
    [
        ("AmazonWebServicesOidcAccount", {"RoleArn": "arn:aws:iam::1:role/x"}, "sts.amazonaws.com", 3600),
        (
            "AzureOidc",
            dict.fromkeys(("SubscriptionNumber", "ClientId", "TenantId"), "dea39b53-1ac8-4adc-b291-a44b205921af"),
            "api://AzureADTokenExchange",
            3600,
        ),
        (
            "GoogleCloudOidcAccount",
            {"Audience": "//iam.googleapis.com/x", "TokenLifetimeSeconds": "900"},
            "",
            900,
        ),
        ("GoogleCloudOidcAccount", {"Audience": "a", "TokenLifetimeSeconds": "999999"}, "a", 3600),
        ("GenericOidcAccount", {}, "api://default", 3600),
    ],
)
async def test_each_type_of_account_has_its_audience_and_a_short_life(
    client: httpx.AsyncClient, server: Server, account_type: str, more: dict[str, Any], audience: str, life: int
) -> None:
    await public_address(client)
    account = await oidc(client, account_type, **more)
    said = said_by(await issued(server, account["Id"]))
    assert (said["aud"], said["exp"] - said["iat"]) == (audience or more["Audience"], life)
    assert said["sub"] == f"space:default:account:{account['Slug']}"


async def test_google_needs_an_audience_of_its_own(client: httpx.AsyncClient, server: Server) -> None:
    await public_address(client)
    account = await oidc(client, "GoogleCloudOidcAccount")
    with pytest.raises(TaskError, match="because it names no audience"):
        await issued(server, account["Id"])


async def test_a_health_check_of_a_cluster_has_a_token_of_its_own(
    shop: Shop, client: httpx.AsyncClient, server: Server
) -> None:
    await public_address(client)
    account = await oidc(client, "AmazonWebServicesOidcAccount", RoleArn="arn:aws:iam::1:role/x")
    way = {"AuthenticationType": "KubernetesAws", "AccountId": account["Id"], "ClusterName": "eks"}
    endpoint = {"CommunicationStyle": "Kubernetes", "ClusterUrl": "https://eks.example", "Authentication": way}
    places = [shop.environments["Dev"]]
    body = {"EnvironmentIds": places, "Roles": ["k8s"], "SkipInitialHealthCheck": True, "Endpoint": endpoint}
    made = await create(client, "machines", Name="Big Cluster", **body)
    with server.database.read() as session:
        machine = session.get(MACHINES, made["Id"])
        parts = endpoint_variables(session, machine.endpoint)
    examination: Any = SimpleNamespace(
        machine=machine, means=SimpleNamespace(database=server.database), place=SimpleNamespace(run=_Hiding())
    )

    [token] = [part async for part in health_token(examination, parts)]

    assert (token.name, token.is_sensitive) == ("Octopus.Account.OpenIdConnect.Jwt", True)
    assert said_by(token.value)["sub"] == "space:default:target:big-cluster"
    assert examination.place.run.hidden == [token.value]


class _Hiding:
    """As much of a run as has to do with secrets."""

    def __init__(self) -> None:
        self.hidden: list[str] = []

    async def keep_secret(self, value: str) -> None:
        self.hidden.append(value)


class Later(Clock):
    """The server's clock, some time ahead."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.ahead = timedelta()

    def now(self) -> Any:
        return self._clock.now() + self.ahead

    def monotonic(self) -> float:
        return self._clock.monotonic() + self.ahead.total_seconds()


async def test_keys_rotate_so_that_every_token_can_be_checked_all_its_life(
    client: httpx.AsyncClient, server: Server
) -> None:
    database = server.database
    clock = database.clock = Later(database.clock)
    await public_address(client)
    account = (await oidc(client))["Id"]

    async def after(more: timedelta) -> tuple[str, list[str]]:
        """The key that signs, and those that are published, after so much more time; all that is issued is proven."""
        clock.ahead += more
        await rotate(database)
        token, keys = await issued(server, account), await keys_of(client)
        jwt.decode(token, keys, algorithms=["RS256"])
        jwt.decode(last[0], keys, algorithms=["RS256"])
        last[0] = token
        return str(jwt.decode(token, keys, algorithms=["RS256"]).header["kid"]), [str(key.kid) for key in keys.keys]

    await rotate(database)
    with database.read() as session:
        assert session.count(SIGNING_KEYS) == 0  # nobody has asked for a token yet
    last = [await issued(server, account)]
    first, published = await after(timedelta())
    assert published == [first]
    hour = timedelta(hours=1)
    assert await after(SIGNS - KNOWN_BEFORE - hour) == (first, [first])
    signs, published = await after(hour)
    assert (signs, published[0], len(published)) == (first, first, 2)  # its successor is known before it signs
    second = published[1]
    assert (await after(KNOWN_BEFORE - hour))[0] == first
    assert await after(hour) == (second, [first, second])
    assert await after(KNOWN_AFTER - hour) == (second, [first, second])
    assert await after(hour) == (second, [second])


async def test_two_nodes_make_one_key(client: httpx.AsyncClient, server: Server) -> None:
    await public_address(client)
    account = (await oidc(client))["Id"]
    tokens = await asyncio.gather(*(issued(server, account) for _ in range(3)))
    keys = await keys_of(client)
    assert len(keys.keys) == 1
    assert len({jwt.decode(token, keys, algorithms=["RS256"]).claims["jti"] for token in tokens}) == 3


async def test_the_private_key_is_sealed_and_on_no_route(client: httpx.AsyncClient, server: Server) -> None:
    shown = (await client.get("/.well-known/jwks")).json()["keys"]
    assert [set(key) for key in shown] == [{"kty", "n", "e", "kid", "use", "alg"}]
    with server.database.read() as session:
        [key] = session.all(SIGNING_KEYS)
        stored = session.connection.execute(sa.select(SIGNING_KEYS.table)).one()
        private = json.loads(session.reveal(key.private_key) or "")
    assert private["d"] not in str(stored)


async def test_an_administrator_replaces_and_revokes_keys(
    client: httpx.AsyncClient, anonymous: httpx.AsyncClient, server: Server
) -> None:
    await public_address(client)
    account = (await oidc(client))["Id"]
    token = await issued(server, account)
    [first] = (await client.get("/api/signingkeys")).json()
    assert (first["State"], first["KeyId"]) == ("Signing", jwt_header(token)["kid"])

    answer = await client.post("/api/signingkeys/rotate")
    assert [one["State"] for one in answer.json()] == ["Former", "Signing"]
    second = answer.json()[1]
    newer = await issued(server, account)
    assert jwt_header(newer)["kid"] == second["KeyId"]
    keys = await keys_of(client)
    assert all(jwt.decode(one, keys, algorithms=["RS256"]) for one in (token, newer))

    for gone, left in ((first, 1), (second, 1)):  # whoever revokes the one that signs gets another one
        answer = await client.post(f"/api/signingkeys/{gone['Id']}/revoke")
        assert [one["State"] for one in answer.json()] == ["Signing"] * left
        assert gone["KeyId"] not in str((await anonymous.get("/.well-known/jwks")).json())
    with pytest.raises(InvalidKeyIdError, match="No key for kid"):
        jwt.decode(newer, await keys_of(client), algorithms=["RS256"])
    jwt.decode(await issued(server, account), await keys_of(client), algorithms=["RS256"])
    assert (await client.post(f"/api/signingkeys/{first['Id']}/revoke")).status_code == 404
    assert (await anonymous.get("/api/signingkeys")).status_code == 401
    trail = await client.get("/api/events?documentTypes=SigningKeys")
    told = [one["Category"] for one in trail.json()["Items"]]
    assert told == ["SigningKeyRotated", "SigningKeyRevoked", "SigningKeyRevoked", "SigningKeyRotated"]
    assert first["KeyId"] in trail.text


async def test_a_successor_that_is_known_already_takes_over_earlier(client: httpx.AsyncClient, server: Server) -> None:
    clock = server.database.clock = Later(server.database.clock)
    await client.get("/.well-known/jwks")
    clock.ahead = SIGNS - KNOWN_BEFORE
    await rotate(server.database)
    first, following = (await client.get("/api/signingkeys")).json()
    assert (first["State"], following["State"]) == ("Signing", "Next")
    shown = (await client.post(f"/api/signingkeys/{first['Id']}/revoke")).json()
    assert [(one["KeyId"], one["State"]) for one in shown] == [(following["KeyId"], "Signing")]


def jwt_header(token: str) -> dict[str, Any]:
    head = token.partition(".")[0]
    found: dict[str, Any] = json.loads(base64.urlsafe_b64decode(head + "=" * (-len(head) % 4)))
    return found
