"""An identity by which a service account is known to an outside issuer, and the messages of the token exchange."""

from __future__ import annotations

from typing import Annotated

import msgspec
import sqlalchemy as sa

from polpo.rest.links import register
from polpo.store.documents import Document, Resource, ref
from polpo.store.kinds import define


class OidcIdentity(Document):
    """`subject` may hold the wildcards `*` and `?`. Without an audience, tokens must name the account's external id."""

    service_account_id: Annotated[str, ref("Users")] = ""
    name: str = ""
    issuer: str = ""
    subject: str = ""
    audience: str | None = None


class ServiceAccountOidcIdentities(Resource):
    """What the owner of an outside system needs to know: `external_id` is the audience of the token exchange."""

    server_url: str
    external_id: str
    oidc_identities: list[OidcIdentity]
    count: int


class OpenIdConfiguration(msgspec.Struct):
    """What is needed to send tokens here, and to check those that are issued here."""

    issuer: str
    token_endpoint: str
    jwks_uri: str
    subject_types_supported: list[str]
    id_token_signing_alg_values_supported: list[str]
    grant_types_supported: list[str]
    response_types_supported: list[str]


class TokenExchange(msgspec.Struct):
    """What a system asks for (RFC 8693); whatever is missing is empty."""

    grant_type: str = ""
    audience: str = ""
    subject_token_type: str = ""
    subject_token: str = ""


class ExchangedToken(msgspec.Struct):
    access_token: str
    expires_in: int
    token_type: str
    issued_token_type: str


OIDC_IDENTITIES = define(
    "ServiceAccountOidcIdentities",
    OidcIdentity,
    sa.Column("service_account_id", sa.Text, nullable=False),
    sa.Column("issuer", sa.Text, nullable=False),
    singular="OIDC identity",
    unique=[("service_account_id", "name_key")],
    indexes=[("service_account_id", "issuer")],
    order=("seq",),
    owned_by=["Users"],
)

register(OidcIdentity, {"Self": "/api/serviceaccounts/{ServiceAccountId}/oidcidentities/{Id}/v1"})
