"""People who sign in by an OpenID Connect provider, which really asks them, signs and checks the proof key."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import unquote

import httpx
import pytest
import sqlalchemy as sa
from tests.api.issuer import elliptic, rsa, running
from tests.api.provider import CLIENT, SECRET, OpenIdProvider, question_of

from polpo.features.configuration.resource import SECTIONS
from polpo.features.issuers.issuers import Issuers
from polpo.kernel.clock import SystemClock
from polpo.server.application import Server

KEY = rsa()
SECTION = "/api/configuration/authentication-generic-oidc/values"
START = "/api/users/authenticate/GenericOidc"
BACK = "http://polpo.test/api/users/authenticatedToken/GenericOidc"
ADA = {
    "sub": "7",
    "preferred_username": "ada",
    "name": "Ada Lovelace",
    "email": "Ada@acme.example",
    "email_verified": True,
    "groups": ["Release-Crew", "all"],
}


@pytest.fixture
async def provider() -> AsyncIterator[OpenIdProvider]:
    async with running(OpenIdProvider(keys=[KEY, elliptic()], people={"ada": dict(ADA)}, redirects=[BACK])) as provider:
        yield provider


@pytest.fixture
async def configured(client: httpx.AsyncClient, provider: OpenIdProvider) -> httpx.AsyncClient:
    """The administrator, of a server on which people can sign in by the provider."""
    await configure(client, provider)
    return client


async def configure(client: httpx.AsyncClient, provider: OpenIdProvider, **more: Any) -> Any:
    section = {
        "IsEnabled": True,
        "Issuer": provider.address,
        "ClientId": CLIENT,
        "ClientSecret": {"HasValue": True, "NewValue": SECRET},
        "DisplayName": "Acme accounts",
        **more,
    }
    answer = await client.put(SECTION, json=section)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def started(browser: httpx.AsyncClient, **query: str) -> str:
    """The address of the provider that the browser is sent to."""
    answer = await browser.get(START, params=query)
    assert answer.status_code == 302, answer.text
    return str(answer.headers["Location"])


async def came_back(
    browser: httpx.AsyncClient, provider: OpenIdProvider, person: str = "ada", **query: str
) -> httpx.Response:
    """What the browser is answered after the person has signed in at the provider."""
    back = provider.allow(question_of(await started(browser, **query)), person)
    return await browser.get(back)


def fault(answer: httpx.Response) -> str:
    """The sentence that the sign-in page will show."""
    assert answer.status_code == 302, answer.text
    assert answer.headers["Location"].startswith("/app/sign-in")
    assert not [name for name in answer.cookies if "Identification" in name]
    return unquote(answer.cookies["OctopusSignInFault"])


async def test_a_person_signs_in_and_becomes_a_user_with_the_identity(
    configured: httpx.AsyncClient, anonymous: httpx.AsyncClient, provider: OpenIdProvider
) -> None:
    answer = await came_back(anonymous, provider, returnUrl="/app/Spaces-1/projects?x=1")

    assert (answer.status_code, answer.headers["Location"]) == (302, "/app/Spaces-1/projects?x=1")
    me = (await anonymous.get("/api/users/me")).json()
    assert (me["Username"], me["DisplayName"], me["EmailAddress"]) == ("ada", "Ada Lovelace", "Ada@acme.example")
    [identity] = me["Identities"]
    assert identity["IdentityProviderName"] == "OpenID Connect"
    assert identity["Claims"]["extID"] == {"Value": "7", "IsIdentifyingClaim": True}
    assert identity["Claims"]["email"] == {"Value": "Ada@acme.example", "IsIdentifyingClaim": True}

    again = await came_back(anonymous, provider)

    assert again.headers["Location"] == "/app"
    assert (await anonymous.get("/api/users/me")).json()["Id"] == me["Id"]
    [told] = (await configured.get("/api/events", params={"eventCategories": "LoginSucceeded", "take": 1})).json()[
        "Items"
    ]
    assert told["Message"] == "ada signed in by OpenID Connect (OpenID Connect)."
    assert told["IdentityEstablishedWith"] == "OpenID Connect (OpenID Connect)"

    csrf = next(value for name, value in anonymous.cookies.items() if name.startswith("Octopus-Csrf-Token"))
    own = await anonymous.put(
        f"/api/users/{me['Id']}", json=me | {"Password": "a back door"}, headers={"X-Octopus-Csrf-Token": csrf}
    )
    assert (own.status_code, own.json()["Details"]["MissingPermission"]) == (403, "UserEdit")
    moved, headers = me | {"EmailAddress": "boss@acme.example"}, {"X-Octopus-Csrf-Token": csrf}
    await configure(configured, provider, AllowEmailMatching=True)
    refused = await anonymous.put(f"/api/users/{me['Id']}", json=moved, headers=headers)
    await configure(configured, provider, AllowEmailMatching=False)
    changed = await anonymous.put(f"/api/users/{me['Id']}", json=moved, headers=headers)
    assert (refused.status_code, changed.status_code) == (403, 200)


async def test_the_browser_is_sent_with_a_proof_key_and_what_is_only_its_own(
    configured: httpx.AsyncClient, anonymous: httpx.AsyncClient, provider: OpenIdProvider
) -> None:
    first, second = [question_of(await started(anonymous)) for _ in range(2)]

    assert first["redirect_uri"] == BACK
    assert (first["response_type"], first["scope"]) == ("code", "openid profile email")
    assert (first["tenant"], first["code_challenge_method"], len(first["code_challenge"])) == ("1", "S256", 43)
    assert all(first[name] != second[name] for name in ("state", "nonce", "code_challenge"))
    prepared = await anonymous.post(START, json={"RedirectAfterLoginTo": "/app"})
    assert prepared.json()["ExternalAuthenticationUrl"].startswith(f"{provider.address}/authorize?tenant=1&")


async def test_the_ways_of_signing_in_tell_of_the_provider_while_it_is_enabled(
    configured: httpx.AsyncClient, anonymous: httpx.AsyncClient, provider: OpenIdProvider
) -> None:
    await configured.put("/api/configuration/authentication-guest/values", json={"IsEnabled": True})
    ways = (await anonymous.get("/api/authentication")).json()["AuthenticationProviders"]
    assert [one["Name"] for one in ways] == ["Username and password", "Acme accounts", "Guest Login"]
    await configured.put("/api/configuration/authentication-guest/values", json={"IsEnabled": False})
    assert (ways[1]["IdentityType"], ways[1]["FormsLoginEnabled"]) == ("OAuth", False)
    assert ways[1]["Links"]["Authenticate"] == "/api/users/authenticate/GenericOidc{?returnUrl}"
    groups = (await configured.get("/api/externalsecuritygroupproviders")).json()
    assert [(one["Name"], one["IsRoleBased"], one["SupportsGroupLookup"]) for one in groups] == [
        ("Acme accounts", True, False)
    ]

    attempt = question_of(await started(anonymous))
    await came_back(anonymous, provider)
    await configure(configured, provider, IsEnabled=False)

    assert len((await anonymous.get("/api/authentication")).json()["AuthenticationProviders"]) == 1
    assert (await anonymous.get("/api/users/me")).status_code == 401
    assert "not enabled" in fault(await anonymous.get(provider.allow(attempt, "ada")))
    assert "not enabled" in fault(await anonymous.get(START))


async def test_a_secret_is_never_shown_and_goes_to_no_other_issuer(
    configured: httpx.AsyncClient, provider: OpenIdProvider, server: Server
) -> None:
    with server.database.read() as session:
        stored = session.connection.execute(sa.select(SECTIONS.table.c.doc)).scalars().all()
    assert any(b"ClientId" in bytes(doc) for doc in stored)
    assert not any(SECRET.encode() in bytes(doc) for doc in stored)
    section = (await configured.get(SECTION)).json()
    assert section["ClientSecret"] == {"HasValue": True, "NewValue": None, "Hint": None}

    moved = await configured.put(SECTION, json=section | {"Issuer": "https://elsewhere.example"})

    assert moved.status_code == 400
    assert "enter it again" in moved.text
    assert (await configured.get(SECTION)).json()["Issuer"] == provider.address
    cleared = section | {"Issuer": "https://elsewhere.example", "ClientSecret": {"HasValue": False, "NewValue": None}}
    assert (await configured.put(SECTION, json=cleared)).status_code == 200


async def test_the_provider_is_shown_who_asks_for_the_token(
    client: httpx.AsyncClient, anonymous: httpx.AsyncClient, provider: OpenIdProvider, server: Server
) -> None:
    await configure(client, provider, ClientSecret={"HasValue": True, "NewValue": "wrong"})
    assert "the client is not known" in fault(await came_back(anonymous, provider))

    for secret, in_header in ((SECRET, True), (SECRET, False), ("", False)):
        provider.secret, provider.in_header = secret, in_header
        provider.publish()
        server.parts.get(Issuers)._known.clear()
        await configure(client, provider, ClientSecret={"HasValue": bool(secret), "NewValue": secret or None})
        assert (await came_back(anonymous, provider)).headers["Location"] == "/app"


async def test_a_token_that_is_not_for_this_sign_in_is_refused_and_told_of(
    configured: httpx.AsyncClient, anonymous: httpx.AsyncClient, provider: OpenIdProvider
) -> None:
    now = int(time.time())
    refused = {
        "for another client": {"aud": "another"},
        "of the issuer 'https://evil.example'": {"iss": "https://evil.example"},
        "nonce is another one": {"nonce": "x"},
        "has expired": {"exp": now - 3600},
        "lacks the claim 'exp'": {"exp": None},
    }
    for sentence, changes in refused.items():
        provider.changes = changes
        answer = await came_back(anonymous, provider, returnUrl="/app/x?y")
        assert sentence in fault(answer)
        assert answer.headers["Location"] == "/app/sign-in?from=%2Fapp%2Fx%3Fy"

    assert (await anonymous.get("/api/users/me")).status_code == 401
    told = (await configured.get("/api/events", params={"eventCategories": "LoginFailed"})).json()["Items"]
    assert len(told) == len(refused)
    assert told[0]["Message"].startswith("A sign-in by OpenID Connect (OpenID Connect) was refused: The ID token lacks")


async def test_a_token_of_another_signer_is_refused(
    configured: httpx.AsyncClient, anonymous: httpx.AsyncClient, provider: OpenIdProvider
) -> None:
    await came_back(anonymous, provider)  # the real keys are known now
    now = int(time.time())
    provider.answer = {"id_token": provider.token(rsa(), sub="7", aud=CLIENT, exp=now + 60, iat=now, nonce="n")}
    assert "not signed by a key" in fault(await came_back(anonymous, provider))

    provider.answer = {"id_token": 3}
    assert "gave no ID token" in fault(await came_back(anonymous, provider))


async def test_an_answer_is_good_for_one_browser_once_and_for_ten_minutes(
    configured: httpx.AsyncClient, anonymous: httpx.AsyncClient, provider: OpenIdProvider, server: Server
) -> None:
    back = provider.allow(question_of(await started(anonymous)), "ada")
    stranger = httpx.AsyncClient(transport=anonymous._transport, base_url="http://polpo.test")
    assert "begun in another browser" in fault(await stranger.get(back))
    [told] = (await configured.get("/api/events", params={"eventCategories": "LoginFailed"})).json()["Items"]
    assert "begun in another browser" in told["Message"]
    assert "finished already" in fault(await anonymous.get(back))

    back = provider.allow(question_of(await started(anonymous)), "ada")
    assert (await anonymous.get(back)).headers["Location"] == "/app"
    anonymous.cookies.clear()
    assert "finished already" in fault(await anonymous.get(back))

    back = provider.allow(question_of(await started(anonymous)), "ada")
    server.database.clock = Later()
    assert "longer than ten minutes" in fault(await anonymous.get(back))


class Later(SystemClock):
    """A quarter of an hour later."""

    def now(self) -> datetime:
        return super().now() + timedelta(minutes=15)


async def test_an_answer_without_a_good_code_is_told_on_the_sign_in_page(
    configured: httpx.AsyncClient, anonymous: httpx.AsyncClient, provider: OpenIdProvider
) -> None:
    refused: dict[str, dict[str, str]] = {
        "did not sign you in: You may not.": {"error": "access_denied", "error_description": "You may\r\n not."},
        "comes from another issuer": {"code": "c", "iss": "https://evil.example"},
        "lacks a code": {},
        "the code is not good (any more)": {"code": "unknown"},
    }
    for sentence, query in refused.items():
        state = question_of(await started(anonymous))["state"]
        assert sentence in fault(await anonymous.get(BACK, params={**query, "state": state}))
    assert "finished already" in fault(await anonymous.get(BACK))


async def test_the_configured_address_of_the_server_is_where_people_come_back(
    configured: httpx.AsyncClient, anonymous: httpx.AsyncClient, provider: OpenIdProvider
) -> None:
    await configured.put("/api/serverconfiguration", json={"ServerUri": "https://deploy.acme.example/"})

    question = question_of(await started(anonymous))

    assert question["redirect_uri"] == "https://deploy.acme.example/api/users/authenticatedToken/GenericOidc"


async def test_a_provider_that_cannot_be_asked_is_told(client: httpx.AsyncClient, anonymous: httpx.AsyncClient) -> None:
    section = {"IsEnabled": True, "Issuer": "http://127.0.0.1:9", "ClientId": "x"}
    await client.put(SECTION, json=section)

    assert "is not possible now. http://127.0.0.1:9/" in fault(await anonymous.get(START))
    assert (await anonymous.post(START, json={})).status_code == 503
    assert "Octopus ID is not enabled" in fault(await anonymous.get("/users/authenticate/OctopusID"))
    assert "There is no sign-in provider 'Nobody'" in fault(await anonymous.get("/api/users/authenticate/Nobody"))


async def test_nobody_prepares_a_user_for_the_address_of_another_person(
    configured: httpx.AsyncClient, anonymous: httpx.AsyncClient, provider: OpenIdProvider
) -> None:
    """Whoever has that address would be led to the prepared user, and bring their groups along."""
    await configure(configured, provider, AllowEmailMatching=True)
    provider.people["eve"] = {**ADA, "sub": "8", "preferred_username": "eve", "email_verified": False}
    code = (await configured.post("/api/users/invitations", json={"AddToTeamIds": []})).json()["InvitationCode"]
    registration = {"InvitationCode": code, "Username": "mallory", "Password": "a good password"}

    refused = await anonymous.post("/api/users/register", json=registration | {"EmailAddress": "ada@acme.example"})
    registered = await anonymous.post("/api/users/register", json=registration)
    await came_back(anonymous, provider, "eve")
    eve = (await anonymous.get("/api/users/me")).json()
    await came_back(anonymous, provider, "ada")

    assert (refused.status_code, registered.status_code) == (400, 201)
    assert "an administrator enters it" in refused.text
    assert (eve["Username"], eve["EmailAddress"]) == ("eve", "")
    assert (await anonymous.get("/api/users/me")).json()["Username"] == "ada"


async def test_a_page_with_letters_of_any_script_is_led_back_to(
    configured: httpx.AsyncClient, anonymous: httpx.AsyncClient, provider: OpenIdProvider
) -> None:
    answer = await came_back(anonymous, provider, returnUrl="/app/Spaces-1/projects?name=\u2603%20x")

    assert answer.headers["Location"] == "/app/Spaces-1/projects?name=%E2%98%83%20x"


async def test_groups_lead_into_teams_until_the_next_sign_in(
    configured: httpx.AsyncClient, anonymous: httpx.AsyncClient, provider: OpenIdProvider
) -> None:
    group = {"Id": "release-crew", "DisplayName": "Release crew"}
    team = await configured.post("/api/teams", json={"Name": "Crew", "ExternalSecurityGroups": [group]})
    assert team.status_code == 201, team.text
    await came_back(anonymous, provider)
    me = (await anonymous.get("/api/users/me")).json()["Id"]

    memberships = (await anonymous.get("/api/teammembership", params={"userId": me})).json()
    assert {one["TeamName"]: one["IsDirectlyAssigned"] for one in memberships} == {"Crew": False, "Everyone": True}
    [crew] = [
        one for one in (await anonymous.get(f"/api/users/{me}/permissions")).json()["Teams"] if one["Name"] == "Crew"
    ]
    assert (crew["IsDirectlyAssigned"], crew["ExternalGroupNames"]) == (False, ["Release crew"])

    provider.people["ada"]["groups"] = "all"
    await came_back(anonymous, provider)
    assert [one["Name"] for one in (await configured.get(f"/api/users/{me}/teams")).json()] == ["Everyone"]

    provider.people["ada"]["groups"] = ["RELEASE-CREW"]
    await came_back(anonymous, provider)
    assert len((await configured.get(f"/api/users/{me}/teams")).json()) == 2
    await configure(configured, provider, IsEnabled=False)
    assert [one["Name"] for one in (await configured.get(f"/api/users/{me}/teams")).json()] == ["Everyone"]
