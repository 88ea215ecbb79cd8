"""From the proven claims of an ID token to the person whom the provider vouches for."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import structlog

from polpo.features.identities.resource import Person
from polpo.features.issuers.tokens import Token, TokenFault
from polpo.features.openidconnect.providers import Provider
from polpo.features.openidconnect.resource import GoogleAppsConfiguration, OpenIdConnectConfiguration

log = structlog.get_logger("polpo.openidconnect")

_LONGEST = 200
_LONGEST_SUBJECT = 255
_LONGEST_GROUP = 500
_MOST_GROUPS = 1000
_OLDEST = 900.0  # seconds: a token is made when the code is exchanged, a moment ago


def check_claims(
    token: Token, claims: Mapping[str, Any], configuration: OpenIdConnectConfiguration, nonce: str, now: datetime
) -> None:
    """Whether the token is for this server and for this attempt; its issuer and signature are proven already."""
    client_id = configuration.client_id
    if client_id not in token.audiences:
        raise TokenFault("The ID token is for another client than the ClientId of this server.")
    party = claims.get("azp")
    if (len(token.audiences) > 1 or party is not None) and party != client_id:
        raise TokenFault("The ID token was given to another client than the ClientId of this server.")
    sent = claims.get("nonce")
    if not isinstance(sent, str) or not hmac.compare_digest(sent.encode(), nonce.encode()):
        raise TokenFault("The ID token does not belong to this sign-in: its nonce is another one.")
    issued = claims.get("iat")
    if not isinstance(issued, int | float) or isinstance(issued, bool) or now.timestamp() - issued > _OLDEST:
        raise TokenFault("The ID token lacks the claim 'iat', or was issued long ago.")
    if not token.subject or len(token.subject) > _LONGEST_SUBJECT or not token.subject.isprintable():
        raise TokenFault(f"The claim 'sub' of the ID token must be from 1 to {_LONGEST_SUBJECT} printable characters.")
    if isinstance(configuration, GoogleAppsConfiguration):
        domain = claims.get("hd")
        if not isinstance(domain, str) or domain.lower() != configuration.hosted_domain:
            raise TokenFault(f"Only accounts of {configuration.hosted_domain} may sign in.")


def person_of(
    provider: Provider, configuration: OpenIdConnectConfiguration, token: Token, claims: Mapping[str, Any]
) -> Person:
    email = _text(claims, "email")
    default = "email" if isinstance(configuration, GoogleAppsConfiguration) else "preferred_username"
    username = _text(claims, getattr(configuration, "username_claim_type", None) or default)
    return Person(
        provider=provider.section.id,
        provider_name=provider.name,
        issuer=token.issuer,
        subject=token.subject,
        username=username or email,
        display_name=_text(claims, "name"),
        email=email,
        is_email_proven=_is_true(claims.get("email_verified")) or _is_true(claims.get("xms_edov")),
        groups=_groups(provider, getattr(configuration, "role_claim_type", None), claims),
    )


def _text(claims: Mapping[str, Any], claim: str) -> str:
    value = claims.get(claim)
    if not isinstance(value, str):
        return ""
    return "".join(one for one in value[:_LONGEST] if one.isprintable()).strip()


def _is_true(value: object) -> bool:
    """Some providers write their truths as texts or numbers."""
    return value is True or value == 1 or (isinstance(value, str) and value.lower() in {"true", "1"})


def _groups(provider: Provider, claim: str | None, claims: Mapping[str, Any]) -> tuple[str, ...]:
    if not claim:
        return ()
    if claim in (claims.get("_claim_names") or ()):
        log.warning("a token does not list its groups, because there are too many", provider=provider.name)
    value = claims.get(claim)
    found = [value] if isinstance(value, str) else value if isinstance(value, list) else []
    groups = [one for one in found if isinstance(one, str) and 0 < len(one) <= _LONGEST_GROUP and one.isprintable()]
    if len(groups) > _MOST_GROUPS:
        log.warning("a token lists too many groups; the first ones count", provider=provider.name, most=_MOST_GROUPS)
    return tuple(dict.fromkeys(groups[:_MOST_GROUPS]))
