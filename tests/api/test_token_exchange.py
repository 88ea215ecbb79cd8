"""Service accounts that sign in with tokens of an outside issuer, which really signs and publishes its keys."""

from __future__ import annotations

import base64
import hmac
import json
import time
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from joserfc.jwk import RSAKey
from tests.api.issuer import Issuer, elliptic, rsa, running_issuer
from tests.api.people import also

from polpo.features.issuers.issuers import IssuerFault, Issuers
from polpo.kernel.clock import SystemClock
from polpo.kernel.destinations import Destinations
from polpo.server.application import Server

GRANT = "urn:ietf:params:oauth:grant-type:token-exchange"
JWT = "urn:ietf:params:oauth:token-type:jwt"
KEY = rsa()
FOREIGN_KEY = rsa()


@pytest.fixture
async def issuer() -> AsyncIterator[Issuer]:
    async with running_issuer(KEY, elliptic()) as issuer:
        yield issuer


@pytest.fixture
async def account(client: httpx.AsyncClient, issuer: Issuer) -> Any:
    """What a service account shows of its identities; it trusts the issuer for the branches of one repository."""
    robot = await client.post("/api/users", json={"Username": "robot", "IsService": True})
    path = f"/api/serviceaccounts/{robot.json()['Id']}/oidcidentities"
    body = {"Name": "CI", "Issuer": issuer.address, "Subject": "repo:polpo/shop:ref:*"}
    created = await client.post(f"{path}/create/v1", json=body)
    assert created.status_code == 201, created.text
    return (await client.get(f"{path}/v1")).json()


def claims(account: Any, **more: Any) -> dict[str, Any]:
    said = {"sub": "repo:polpo/shop:ref:main", "aud": account["ExternalId"], "exp": int(time.time()) + 300}
    return said | more


async def exchanged(client: httpx.AsyncClient, token: str, audience: str) -> httpx.Response:
    found = (await client.get("/.well-known/openid-configuration")).json()
    body = {"grant_type": GRANT, "audience": audience, "subject_token_type": JWT, "subject_token": token}
    return await client.post(found["token_endpoint"], json=body)


async def test_a_proven_token_is_exchanged_for_access_as_the_service_account(
    anonymous: httpx.AsyncClient, server: Server, issuer: Issuer, account: Any
) -> None:
    answer = await exchanged(anonymous, issuer.token(**claims(account)), account["ExternalId"])

    assert answer.status_code == 200, answer.text
    got = answer.json()
    assert (got["token_type"], got["expires_in"]) == ("Bearer", 3600)
    assert got["issued_token_type"] == "urn:ietf:params:oauth:token-type:access_token"
    headers = {"Authorization": f"Bearer {got['access_token']}"}
    assert (await anonymous.get("/api/users/me", headers=headers)).json()["Username"] == "robot"
    refused = await anonymous.post("/api/environments", json={"Name": "T"}, headers=headers)
    assert (refused.status_code, refused.json()["Details"]["MissingPermission"]) == (403, "EnvironmentCreate")
    robot = account["OidcIdentities"][0]["ServiceAccountId"]
    await also(server, robot, "robot", "EnvironmentCreate")
    assert (await anonymous.post("/api/environments", json={"Name": "T"}, headers=headers)).status_code == 201


async def test_the_jobs_of_a_pipeline_share_a_token_and_the_trail_tells_of_each(
    client: httpx.AsyncClient, anonymous: httpx.AsyncClient, issuer: Issuer, account: Any
) -> None:
    token = issuer.token(**claims(account, jti="one"))

    answers = [await exchanged(anonymous, token, account["ExternalId"]) for _ in range(2)]

    assert len({answer.json()["access_token"] for answer in answers}) == 2
    told = (await client.get("/api/events", params={"eventCategories": "TokenExchanged"})).json()["Items"]
    assert [one["Message"] for one in told] == ["robot got an access token by its OIDC identity 'CI'."] * 2
    assert {(one["Username"], one["IdentityEstablishedWith"]) for one in told} == {("robot", "OpenID Connect token")}


async def test_the_exchange_takes_a_form_too(anonymous: httpx.AsyncClient, issuer: Issuer, account: Any) -> None:
    form = {
        "grant_type": GRANT,
        "audience": account["ExternalId"],
        "subject_token_type": JWT,
        "subject_token": issuer.token(**claims(account)),
    }

    assert (await anonymous.post("/token/v1", data=form)).status_code == 200


async def test_any_key_of_the_issuer_may_sign(anonymous: httpx.AsyncClient, issuer: Issuer, account: Any) -> None:
    for place, algorithm in ((0, "RS256"), (0, "PS256"), (1, "ES256")):
        for named in (True, False):
            token = issuer.token(issuer.keys[place], algorithm=algorithm, named=named, **claims(account))
            assert (await exchanged(anonymous, token, account["ExternalId"])).status_code == 200, algorithm


WRONG_CLAIMS: list[tuple[dict[str, Any], str]] = [
    ({"sub": "repo:polpo/other:ref:main"}, "fits the subject 'repo:polpo/other:ref:main'"),
    ({"sub": "REPO:polpo/shop:ref:main"}, "fits the subject"),
    ({"aud": "another"}, "audience"),
    ({"aud": ["another", 3]}, "audience"),
    ({"aud": None}, "audience"),
    ({"iss": "https://issuer.example"}, "no OIDC identity with the issuer 'https://issuer.example'"),
    ({"iss": None}, "lacks the claim"),
    ({"sub": 7}, "lacks the claim"),
    ({"exp": int(time.time()) - 3600}, "has expired"),
    ({"exp": None}, "lacks the claim 'exp'"),
    ({"exp": "later"}, "lacks the claim 'exp'"),
    ({"nbf": int(time.time()) + 3600}, "not valid yet"),
    ({"iat": int(time.time()) + 3600}, "not valid yet"),
]


async def test_a_token_that_says_something_else_is_refused_and_told_of(
    client: httpx.AsyncClient, anonymous: httpx.AsyncClient, issuer: Issuer, account: Any
) -> None:
    for change, fault in WRONG_CLAIMS:
        answer = await exchanged(anonymous, issuer.token(**claims(account, **change)), account["ExternalId"])

        assert answer.status_code == 400
        assert answer.json()["error"] == "invalid_request"
        assert fault in answer.json()["error_description"]

    told = (await client.get("/api/events", params={"eventCategories": "TokenExchangeFailed"})).json()
    assert told["TotalResults"] == len(WRONG_CLAIMS)
    assert told["Items"][-1]["Message"].startswith("A token for robot was refused: No OIDC identity of the service")


async def test_an_audience_of_many_may_name_the_account(
    anonymous: httpx.AsyncClient, issuer: Issuer, account: Any
) -> None:
    token = issuer.token(**claims(account, aud=["another", account["ExternalId"]]))

    assert (await exchanged(anonymous, token, account["ExternalId"])).status_code == 200


async def test_an_identity_may_ask_for_an_audience_of_its_own(
    client: httpx.AsyncClient, anonymous: httpx.AsyncClient, issuer: Issuer, account: Any
) -> None:
    [identity] = account["OidcIdentities"]
    await client.put(identity["Links"]["Self"], json=identity | {"Audience": "api://polpo"})

    own = await exchanged(anonymous, issuer.token(**claims(account, aud="api://polpo")), account["ExternalId"])
    usual = await exchanged(anonymous, issuer.token(**claims(account)), account["ExternalId"])

    assert (own.status_code, usual.status_code) == (200, 400)


def confused(token: str) -> str:
    """The token as one who knows the public key only can make it, for a server that takes any algorithm."""
    header = base64.urlsafe_b64encode(json.dumps({"alg": "HS256", "kid": KEY.kid}).encode()).decode().rstrip("=")
    signed = f"{header}.{token.split('.')[1]}"
    signature = hmac.digest(KEY.as_pem(private=False), signed.encode(), "sha256")
    return f"{signed}.{base64.urlsafe_b64encode(signature).decode().rstrip('=')}"


async def test_a_token_that_another_key_signed_is_refused(
    anonymous: httpx.AsyncClient, issuer: Issuer, account: Any
) -> None:
    forged = RSAKey.import_key(FOREIGN_KEY.as_dict(private=True) | {"kid": KEY.kid})
    good = issuer.token(**claims(account))
    head, body, _ = good.split(".")
    tokens = {
        "a foreign key under the issuer's key id": issuer.token(forged, **claims(account)),
        "an unknown key": issuer.token(FOREIGN_KEY, **claims(account)),
        "a foreign key without an id": issuer.token(FOREIGN_KEY, named=False, **claims(account)),
        "the public key as a shared secret": confused(good),
        "no signature": f"{head}.{body}.",
    }

    for token in tokens.values():
        answer = await exchanged(anonymous, token, account["ExternalId"])
        assert answer.status_code == 400
        assert "not signed by a key of its issuer" in answer.json()["error_description"]


NO_EXCHANGES: list[tuple[dict[str, Any], str]] = [
    ({"grant_type": "password"}, "grant_type"),
    ({"subject_token_type": "x"}, "subject_token_type"),
    ({"subject_token": "tok"}, "no signed JSON Web Token"),
    ({"subject_token": "a.b.c"}, "no signed JSON Web Token"),
    ({"subject_token": "e30.e30.e30"}, "JSON Web Token"),
    ({"subject_token": "x" * 40000}, "too long"),
    ({"subject_token": "x" * 70000}, "larger than 64 KB"),
    ({"audience": "nobody"}, "no active service account with the id 'nobody'"),
    ({"audience": 3}, "audience: expected"),
    ({"audience": {}}, "audience"),
]


async def test_a_request_that_is_no_exchange_is_refused(
    client: httpx.AsyncClient, anonymous: httpx.AsyncClient, issuer: Issuer, account: Any
) -> None:
    body = {
        "grant_type": GRANT,
        "audience": account["ExternalId"],
        "subject_token_type": JWT,
        "subject_token": issuer.token(**claims(account)),
    }
    for change, fault in NO_EXCHANGES:
        answer = await anonymous.post("/token/v1", json=body | change)

        assert answer.status_code == 400
        assert fault in answer.json()["error_description"]
    for nothing in (b"", b"{", b"[]", b"null"):
        answer = await anonymous.post("/token/v1", content=nothing)
        assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")

    told = (await client.get("/api/events", params={"eventCategories": "TokenExchangeFailed"})).json()["Items"]
    assert all("for robot was refused: The subject token" in one["Message"] for one in told)


@pytest.mark.parametrize(
    ("path", "document", "fault"),
    [
        ("/.well-known/openid-configuration", None, "status 404"),
        ("/.well-known/openid-configuration", b"<html>", "JSON object"),
        ("/.well-known/openid-configuration", b'{"issuer": "https://other.example"}', "another issuer"),
        ("/keys", b'{"keys": 3}', "set of keys"),
        ("/keys", b'{"keys": [3]}', "set of keys"),
        ("/keys", b'{"keys": [{"kty": "RSA", "n": "x"}]}', "set of keys"),
        ("/keys", b'{"keys": []}', "set of keys"),
        ("/keys", b" " * 300_000, "more than 256 KB"),
    ],
)
async def test_an_issuer_that_does_not_show_its_keys_proves_nothing(
    anonymous: httpx.AsyncClient, issuer: Issuer, account: Any, path: str, document: bytes | None, fault: str
) -> None:
    issuer.documents.pop(path)
    if document is not None:
        issuer.documents[path] = document

    answer = await exchanged(anonymous, issuer.token(**claims(account)), account["ExternalId"])

    assert answer.status_code == 400
    assert fault in answer.json()["error_description"]


async def test_keys_elsewhere_without_https_are_not_trusted(
    anonymous: httpx.AsyncClient, issuer: Issuer, account: Any
) -> None:
    discovery = {"issuer": issuer.address, "jwks_uri": "http://keys.example/keys"}
    issuer.documents["/.well-known/openid-configuration"] = json.dumps(discovery).encode()

    answer = await exchanged(anonymous, issuer.token(**claims(account)), account["ExternalId"])

    assert "names no jwks_uri with HTTPS" in answer.json()["error_description"]


async def test_an_issuer_is_asked_once_and_not_for_tokens_that_fit_no_identity(
    anonymous: httpx.AsyncClient, issuer: Issuer, account: Any
) -> None:
    for subject in ("repo:other", "repo:polpo/shop:ref:a", "repo:polpo/shop:ref:b"):
        await exchanged(anonymous, issuer.token(**claims(account, sub=subject)), account["ExternalId"])
    unknown = issuer.token(FOREIGN_KEY, **claims(account))
    await exchanged(anonymous, unknown, account["ExternalId"])

    assert issuer.asked == ["/.well-known/openid-configuration", "/keys"]


async def test_an_account_that_is_off_or_lost_its_identity_gets_nothing(
    client: httpx.AsyncClient, anonymous: httpx.AsyncClient, issuer: Issuer, account: Any
) -> None:
    token, audience = issuer.token(**claims(account)), account["ExternalId"]
    access = (await exchanged(anonymous, token, audience)).json()["access_token"]
    robot = (await client.get(f"/api/users/{account['OidcIdentities'][0]['ServiceAccountId']}")).json()

    await client.put(robot["Links"]["Self"], json=robot | {"IsActive": False})
    off = await exchanged(anonymous, token, audience)
    refused = await anonymous.get("/api/users/me", headers={"Authorization": f"Bearer {access}"})
    await client.put(robot["Links"]["Self"], json=robot)
    await client.delete(account["OidcIdentities"][0]["Links"]["Self"])
    lost = await exchanged(anonymous, token, audience)

    assert (off.status_code, refused.status_code, lost.status_code) == (400, 401, 400)


# -- the identities as resources


async def test_an_identity_comes_back_as_it_was_written(
    client: httpx.AsyncClient, issuer: Issuer, account: Any
) -> None:
    [identity] = account["OidcIdentities"]

    assert account["Count"] == 1
    assert account["ServerUrl"] == "http://polpo.test"
    assert (identity["Name"], identity["Audience"]) == ("CI", None)
    changed = await client.put(identity["Links"]["Self"], json=identity | {"Subject": "*"})
    assert changed.status_code == 200
    assert (await client.get(identity["Links"]["Self"])).json()["Subject"] == "*"
    assert (await client.delete(identity["Links"]["Self"])).status_code == 200
    assert (await client.get(identity["Links"]["Self"])).status_code == 404


NO_IDENTITIES: list[tuple[dict[str, Any], str]] = [
    ({"Name": ""}, "needs a name"),
    ({"Name": "ci"}, "already taken"),
    ({"Issuer": ""}, "Issuer is missing."),
    ({"Subject": " "}, "Subject is missing."),
    ({"Issuer": "http://issuer.example"}, "https://"),
    ({"Issuer": "issuer"}, "https://"),
    ({"Issuer": "https://user:secret@issuer.example"}, "https://"),
    ({"Issuer": "https://[::1"}, "https://"),
    ({"Subject": "s" * 1001}, "too many"),
]


async def test_an_identity_that_cannot_be_is_refused(client: httpx.AsyncClient, account: Any) -> None:
    path = f"/api/serviceaccounts/{account['OidcIdentities'][0]['ServiceAccountId']}/oidcidentities/create/v1"
    body = {"Name": "Other", "Issuer": "https://issuer.example", "Subject": "s"}
    for change, fault in NO_IDENTITIES:
        answer = await client.post(path, json=body | change)

        assert answer.status_code == 400
        assert fault in answer.json()["ErrorMessage"]


async def test_people_have_no_identities_of_this_kind(client: httpx.AsyncClient) -> None:
    assert (await client.get("/api/serviceaccounts/Users-1/oidcidentities/v1")).status_code == 404
    assert (await client.get("/api/serviceaccounts/Users-99/oidcidentities/v1")).status_code == 404


async def test_an_issuer_inside_the_network_is_not_asked_unless_an_administrator_allows_it(issuer: Issuer) -> None:
    with pytest.raises(IssuerFault, match=r"own machine\..* setting outbound_allow"):
        await Issuers(SystemClock(), Destinations()).keys(issuer.address, None)
    assert issuer.asked == []
