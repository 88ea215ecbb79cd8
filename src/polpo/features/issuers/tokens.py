"""Tokens that outside issuers sign: what one says, and whether its issuer signed it and it is valid now."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeGuard

import msgspec
from joserfc import jws, jwt
from joserfc.errors import JoseError
from joserfc.jwk import Key

_LONGEST_TOKEN = 32 * 1024
_LEEWAY = 60  # seconds by which clocks may differ
_ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"]


class _Registry(jws.JWSRegistry):
    """Issuers put certificates and words of their own into the header; neither decides anything here."""

    max_header_length = 16 * 1024


_REGISTRY = _Registry(algorithms=_ALGORITHMS, strict_check_header=False)


class TokenFault(Exception):
    """The token is not taken; the message is a sentence."""


@dataclass(frozen=True)
class Token:
    """A token as it came: nothing that it says is proven before `prove`. `name` is what sentences call it."""

    text: str
    name: str
    issuer: str
    subject: str
    audiences: frozenset[str]
    key_id: str | None


def read(text: str, name: str) -> Token:
    """What the token says of itself; a fault when it is none."""
    if len(text) > _LONGEST_TOKEN:
        raise TokenFault(f"The {name} is too long.")
    try:
        signed = jws.extract_compact(text.encode(), registry=_REGISTRY)
        said = msgspec.json.decode(signed.payload, type=dict[str, Any])
    except (JoseError, msgspec.DecodeError, ValueError, TypeError) as error:
        raise TokenFault(f"The {name} is no signed JSON Web Token.") from error
    issuer, subject, key_id = said.get("iss"), said.get("sub"), signed.headers().get("kid")
    if not isinstance(issuer, str) or not isinstance(subject, str):
        raise TokenFault(f"The {name} lacks the claim 'iss' or 'sub'.")
    return Token(text, name, issuer, subject, _audiences(said.get("aud")), key_id if isinstance(key_id, str) else None)


def _audiences(said: object) -> frozenset[str]:
    values = said if isinstance(said, list) else [said]
    return frozenset(value for value in values if isinstance(value, str))


def prove(token: Token, keys: Iterable[Key], now: datetime) -> dict[str, Any]:
    """The claims of a token that one of the keys signed and that is valid at this moment."""
    said = _proven(token, keys)
    moment = now.timestamp()
    expires = said.get("exp")
    if not _is_moment(expires):
        raise TokenFault(f"The {token.name} lacks the claim 'exp'.")
    if expires + _LEEWAY <= moment:
        raise TokenFault(f"The {token.name} has expired.")
    for claim in ("nbf", "iat"):
        starts = said.get(claim)
        if starts is not None and (not _is_moment(starts) or starts - _LEEWAY > moment):
            raise TokenFault(f"The {token.name} is not valid yet, by its claim '{claim}'.")
    return said


def _is_moment(value: object) -> TypeGuard[float]:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _proven(token: Token, keys: Iterable[Key]) -> dict[str, Any]:
    for key in keys:
        try:
            return jwt.decode(token.text, key, registry=_REGISTRY).claims
        except (JoseError, ValueError, TypeError):  # another key may fit
            continue
    raise TokenFault(f"The {token.name} is not signed by a key of its issuer.")
