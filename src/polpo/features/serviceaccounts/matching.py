"""Which identity of a service account a token speaks of."""

from __future__ import annotations

from collections.abc import Iterable

from polpo.features.issuers.tokens import Token, TokenFault
from polpo.features.serviceaccounts.resource import OidcIdentity
from polpo.features.serviceaccounts.wildcards import fits

_SHOWN = 200


def matching(token: Token, identities: Iterable[OidcIdentity], external_id: str) -> OidcIdentity:
    """The identity that the token speaks of; a fault says which claim fits none."""
    of_issuer = [identity for identity in identities if identity.issuer == token.issuer]
    if not of_issuer:
        raise TokenFault(f"The service account has no OIDC identity with the issuer '{token.issuer[:_SHOWN]}'.")
    of_subject = [identity for identity in of_issuer if fits(identity.subject, token.subject)]
    if not of_subject:
        raise TokenFault(f"No OIDC identity of the service account fits the subject '{token.subject[:_SHOWN]}'.")
    for identity in of_subject:
        if (identity.audience or external_id) in token.audiences:
            return identity
    raise TokenFault("The audience of the subject token is not the one that the OIDC identity asks for.")
