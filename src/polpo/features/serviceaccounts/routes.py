"""OIDC identities of service accounts, discovery and the token exchange over HTTP."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs

import msgspec
from litestar import Request

from polpo.features.issuers.issuers import Issuers
from polpo.features.issuers.tokens import TokenFault
from polpo.features.rights.administration import require_over
from polpo.features.serviceaccounts.resource import (
    OIDC_IDENTITIES,
    ExchangedToken,
    OidcIdentity,
    OpenIdConfiguration,
    ServiceAccountOidcIdentities,
    TokenExchange,
)
from polpo.features.serviceaccounts.service import (
    ACCESS_TOKEN,
    GRANT,
    ensure_external_id,
    exchange,
    find_external_id,
    service_account,
    settle_identity,
)
from polpo.features.subjecttokens.issuing import issuer
from polpo.features.subjecttokens.keys import ALGORITHM
from polpo.features.users.sessions import TOKEN_LIFE
from polpo.kernel.errors import Invalid, NotFound, TooLarge
from polpo.rest.answers import Reply
from polpo.rest.binding import bind, convert
from polpo.rest.bodies import whole
from polpo.rest.call import Call
from polpo.rest.collection import checked_name, stamp
from polpo.rest.links import present
from polpo.rest.permissions import Permission
from polpo.rest.routes import Routes

routes = Routes("serviceaccounts", scope="system")
token_routes = Routes("tokens", scope="system", prefix="")

_BASE = "/serviceaccounts/{account}/oidcidentities"
_LARGEST_BODY = 64 * 1024


@routes.get(f"{_BASE}/v1", Permission.USER_VIEW, query=("skip", "take"))
async def identities(call: Call, account: str) -> ServiceAccountOidcIdentities:
    """The OIDC identities of a service account, and the id to be sent as the audience of a token exchange"""
    table, paging = OIDC_IDENTITIES.table, call.paging
    of_account = table.c.service_account_id == account
    with call.database.read() as session:
        service_account(session, account)
        external_id = find_external_id(session, account)
        found = session.all(OIDC_IDENTITIES, of_account, skip=paging.skip, take=paging.take)
        count = session.count(OIDC_IDENTITIES, of_account)
    if external_id is None:
        external_id = await call.database.write(lambda session: ensure_external_id(session, account))
    return ServiceAccountOidcIdentities(
        server_url=call.server_url,
        external_id=external_id,
        oidc_identities=[present(one) for one in found],
        count=count,
    )


@routes.post(f"{_BASE}/create/v1", Permission.USER_EDIT, status=201)
def create_identity(call: Call, account: str, body: OidcIdentity) -> OidcIdentity:
    """Trust an outside issuer to speak for a service account"""
    require_over(call, account)
    ensure_external_id(call.session, service_account(call.session, account).id)
    body.id = ""
    return call.session.insert(OIDC_IDENTITIES, _settled(call, account, body))


@routes.get(f"{_BASE}/{{id}}/v1", Permission.USER_VIEW)
def identity(call: Call, account: str, id: str) -> OidcIdentity:
    """One OIDC identity"""
    found = call.session.find(OIDC_IDENTITIES, id)
    if found is None or found.service_account_id != account:
        raise NotFound(f"The service account has no OIDC identity with the id '{id}'.")
    return found


@routes.put(f"{_BASE}/{{id}}/v1", Permission.USER_EDIT)
def change_identity(call: Call, account: str, id: str, body: OidcIdentity) -> OidcIdentity:
    """Replace an OIDC identity"""
    require_over(call, account)
    body.id = identity(call, account, id).id
    return call.session.update(OIDC_IDENTITIES, _settled(call, account, body))


@routes.delete(f"{_BASE}/{{id}}/v1", Permission.USER_EDIT)
def delete_identity(call: Call, account: str, id: str) -> None:
    """Trust an issuer no longer; access tokens that it was given stay good for up to an hour"""
    call.session.delete(OIDC_IDENTITIES, identity(call, account, id).id)


def _settled(call: Call, account: str, body: OidcIdentity) -> OidcIdentity:
    body.service_account_id = account
    body.name = checked_name(body.name, OIDC_IDENTITIES.singular)
    settle_identity(body)
    stamp(call, body)
    return body


@token_routes.get("/.well-known/openid-configuration", "anonymous")
def configuration(call: Call) -> OpenIdConfiguration:
    """Where outside systems exchange their tokens, and how they check those of this server"""
    named = issuer(call.session) or call.server_url
    return OpenIdConfiguration(
        issuer=named,
        token_endpoint=f"{call.server_url}/token/v1",
        jwks_uri=f"{named}/.well-known/jwks",
        subject_types_supported=["public"],
        id_token_signing_alg_values_supported=[ALGORITHM],
        grant_types_supported=[GRANT],
        response_types_supported=["token", "id_token"],
    )


@token_routes.post("/token/v1", "anonymous", response=ExchangedToken)
async def exchange_token(call: Call) -> Reply:
    """Exchange the token of an outside issuer for an access token (RFC 8693), as JSON or as a form"""
    try:
        asked = await _asked(call.request)
        token = await exchange(call.database, call.parts.get(Issuers), asked)
    except (TokenFault, Invalid, TooLarge) as fault:
        return Reply({"error": "invalid_request", "error_description": str(fault)}, status=400)
    issued = ExchangedToken(token, int(TOKEN_LIFE.total_seconds()), "Bearer", ACCESS_TOKEN)
    return Reply(msgspec.to_builtins(issued))


async def _asked(request: Request[Any, Any, Any]) -> TokenExchange:
    body = await whole(request, _LARGEST_BODY)
    if "x-www-form-urlencoded" not in request.headers.get("content-type", ""):
        return bind(TokenExchange, body)
    form = parse_qs(body.decode("utf-8", "replace"))
    return convert(TokenExchange, {name: values[-1] for name, values in form.items()})
