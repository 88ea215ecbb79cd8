"""What an ID token must say, who is meant by it, and where the portal leads afterwards."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from polpo.features.issuers.tokens import Token, TokenFault
from polpo.features.openidconnect.flow import own_path
from polpo.features.openidconnect.people import check_claims, person_of
from polpo.features.openidconnect.providers import PROVIDERS, provider_of
from polpo.features.openidconnect.resource import GoogleAppsConfiguration, OpenIdConnectConfiguration

NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)
GOOD: dict[str, Any] = {"aud": "polpo", "iat": NOW.timestamp(), "nonce": "n", "sub": "7"}


def checked(claims: dict[str, Any], configuration: OpenIdConnectConfiguration) -> None:
    audiences = claims["aud"] if isinstance(claims["aud"], list) else [claims["aud"]]
    token = Token("", "ID token", "https://issuer.example", claims["sub"], frozenset(audiences), None)
    check_claims(token, claims, configuration, "n", NOW)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"aud": "another"}, "for another client"),
        ({"aud": ["polpo", "another"]}, "given to another client"),
        ({"aud": ["polpo", "another"], "azp": "another"}, "given to another client"),
        ({"azp": "another"}, "given to another client"),
        ({"nonce": "x"}, "nonce"),
        ({"nonce": None}, "nonce"),
        ({"nonce": 3}, "nonce"),
        ({"iat": None}, "'iat'"),
        ({"iat": True}, "'iat'"),
        ({"iat": NOW.timestamp() - 3600}, "long ago"),
        ({"sub": ""}, "'sub'"),
        ({"sub": "x" * 256}, "'sub'"),
        ({"sub": "7\x00"}, "'sub'"),
    ],
)
def test_a_token_for_another_client_or_sign_in_is_refused(change: dict[str, Any], sentence: str) -> None:
    with pytest.raises(TokenFault, match=sentence):
        checked(GOOD | change, OpenIdConnectConfiguration(client_id="polpo"))


@pytest.mark.parametrize("change", [{}, {"azp": "polpo"}, {"aud": ["polpo", "another"], "azp": "polpo"}])
def test_a_token_for_this_client_is_taken(change: dict[str, Any]) -> None:
    checked(GOOD | change, OpenIdConnectConfiguration(client_id="polpo"))


@pytest.mark.parametrize("domain", [None, "evil.example", 3])
def test_google_accounts_of_other_domains_are_refused(domain: Any) -> None:
    configuration = GoogleAppsConfiguration(client_id="polpo", hosted_domain="acme.example")

    checked(GOOD | {"hd": "ACME.example"}, configuration)
    with pytest.raises(TokenFault, match="Only accounts of acme"):
        checked(GOOD | {"hd": domain}, configuration)


TOKEN = Token("", "ID token", "https://issuer.example", "7", frozenset(), None)


@pytest.mark.parametrize(
    ("route", "claims", "username", "groups"),
    [
        (
            "AzureAD",
            {"preferred_username": "ada@acme", "roles": ["r", 3, "r", ""], "groups": ["g"]},
            "ada@acme",
            ("r",),
        ),
        ("GoogleApps", {"preferred_username": "x", "email": "ada@acme", "groups": ["g"]}, "ada@acme", ()),
        ("Okta", {"preferred_username": "ada", "groups": "one"}, "ada", ("one",)),
        ("OctopusID", {"email": "ada@acme", "roles": ["r"]}, "ada@acme", ()),
        ("GenericOidc", {"preferred_username": "a" * 300, "groups": {}}, "a" * 200, ()),
        ("GenericOidc", {"preferred_username": " a\x00d\na ", "groups": ["a\x00", "b"]}, "ada", ("b",)),
    ],
)
def test_each_provider_has_its_claims(
    route: str, claims: dict[str, Any], username: str, groups: tuple[str, ...]
) -> None:
    provider = provider_of(route.lower())

    person = person_of(provider, provider.section.document(), TOKEN, claims)

    assert (person.username, person.groups, person.provider) == (username, groups, provider.section.id)


@pytest.mark.parametrize(
    ("claims", "is_proven"),
    [
        ({}, False),
        ({"email_verified": False}, False),
        ({"email_verified": "false"}, False),
        ({"email_verified": True}, True),
        ({"email_verified": "true"}, True),
        ({"xms_edov": 1}, True),
        ({"xms_edov": "0"}, False),
    ],
)
def test_an_address_is_proven_when_the_provider_says_so(claims: dict[str, Any], is_proven: bool) -> None:
    provider = PROVIDERS["azuread"]

    person = person_of(provider, provider.section.document(), TOKEN, {"email": "a@b", **claims})

    assert person.is_email_proven is is_proven


@pytest.mark.parametrize(
    ("wanted", "followed"),
    [
        ("/app", "/app"),
        ("/app/Spaces-1/projects?x=1#y", "/app/Spaces-1/projects?x=1#y"),
        ("/app#/projects", "/app#/projects"),
        (None, "/app"),
        ("", "/app"),
        ("https://evil.example", "/app"),
        ("//evil.example", "/app"),
        ("/api/users", "/app"),
        ("/application", "/app"),
        ("/app\\evil.example", "/app"),
        ("/app/\nSet-Cookie: x", "/app"),
        ("/app/" + "x" * 3000, "/app"),
    ],
)
def test_nobody_is_led_out_of_the_portal(wanted: str | None, followed: str) -> None:
    assert own_path(wanted) == followed
