"""Tokens that outside issuers sign: what one says, and whether it is what an identity asks for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeGuard

import msgspec
from joserfc import jws, jwt
from joserfc.errors import JoseError
from joserfc.jwk import Key

from polpo.features.serviceaccounts.resource import OidcIdentity
from polpo.features.serviceaccounts.wildcards import fits

_LONGEST_TOKEN = 32 * 1024
_SHOWN = 200
_LEEWAY = 60  # seconds by which clocks may differ
_ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"]


class _Registry(jws.JWSRegistry):
    """Issuers put certificates and words of their own into the header; neither decides anything here."""

    max_header_length = 16 * 1024


_REGISTRY = _Registry(algorithms=_ALGORITHMS, strict_check_header=False)


class TokenFault(Exception):
    """The token cannot be exchanged; the message is a sentence."""


@dataclass(frozen=True)
class Claims:
    issuer: str
    subject: str
    audiences: frozenset[str]
    key_id: str | None


def read(token: str) -> Claims:
    """What the token says. Nothing of it is proven yet."""
    if len(token) > _LONGEST_TOKEN:
        raise TokenFault("The subject token is too long.")
    try:
        signed = jws.extract_compact(token.encode(), registry=_REGISTRY)
        said = msgspec.json.decode(signed.payload, type=dict[str, Any])
    except (JoseError, msgspec.DecodeError, ValueError, TypeError) as error:
        raise TokenFault("The subject token is no signed JSON Web Token.") from error
    issuer, subject, key_id = said.get("iss"), said.get("sub"), signed.headers().get("kid")
    if not isinstance(issuer, str) or not isinstance(subject, str):
        raise TokenFault("The subject token lacks the claim 'iss' or 'sub'.")
    return Claims(issuer, subject, _audiences(said.get("aud")), key_id if isinstance(key_id, str) else None)


def _audiences(said: object) -> frozenset[str]:
    values = said if isinstance(said, list) else [said]
    return frozenset(value for value in values if isinstance(value, str))


def matching(claims: Claims, identities: Iterable[OidcIdentity], external_id: str) -> OidcIdentity:
    """The identity that the token speaks of; a fault says which claim fits none."""
    of_issuer = [identity for identity in identities if identity.issuer == claims.issuer]
    if not of_issuer:
        raise TokenFault(f"The service account has no OIDC identity with the issuer '{claims.issuer[:_SHOWN]}'.")
    of_subject = [identity for identity in of_issuer if fits(identity.subject, claims.subject)]
    if not of_subject:
        raise TokenFault(f"No OIDC identity of the service account fits the subject '{claims.subject[:_SHOWN]}'.")
    for identity in of_subject:
        if (identity.audience or external_id) in claims.audiences:
            return identity
    raise TokenFault("The audience of the subject token is not the one that the OIDC identity asks for.")


def prove(token: str, keys: Iterable[Key], now: datetime) -> None:
    """Checks that one of the keys signed the token and that it is valid at this moment."""
    said = _proven(token, keys)
    moment = now.timestamp()
    expires = said.get("exp")
    if not _is_moment(expires):
        raise TokenFault("The subject token lacks the claim 'exp'.")
    if expires + _LEEWAY <= moment:
        raise TokenFault("The subject token has expired.")
    for claim in ("nbf", "iat"):
        starts = said.get(claim)
        if starts is not None and (not _is_moment(starts) or starts - _LEEWAY > moment):
            raise TokenFault(f"The subject token is not valid yet, by its claim '{claim}'.")


def _is_moment(value: object) -> TypeGuard[float]:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _proven(token: str, keys: Iterable[Key]) -> dict[str, Any]:
    for key in keys:
        try:
            return jwt.decode(token, key, registry=_REGISTRY).claims
        except (JoseError, ValueError, TypeError):  # another key may fit
            continue
    raise TokenFault("The subject token is not signed by a key of its issuer.")
