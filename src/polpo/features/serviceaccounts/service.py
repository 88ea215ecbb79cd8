"""Rules of OIDC identities, and the exchange of an outside token for an access token."""

from __future__ import annotations

import uuid
from dataclasses import replace

from polpo.features.issuers.addresses import is_safe
from polpo.features.issuers.issuers import IssuerFault, Issuers
from polpo.features.issuers.tokens import TokenFault, prove, read
from polpo.features.serviceaccounts.matching import matching
from polpo.features.serviceaccounts.resource import OIDC_IDENTITIES, OidcIdentity, TokenExchange
from polpo.features.users.resource import CREDENTIALS, USERS, Credentials, User
from polpo.features.users.sessions import issue_token
from polpo.kernel.errors import Invalid, NotFound
from polpo.store.changes import Happening
from polpo.store.database import Database
from polpo.store.session import Session

GRANT = "urn:ietf:params:oauth:grant-type:token-exchange"
JWT = "urn:ietf:params:oauth:token-type:jwt"
ACCESS_TOKEN = "urn:ietf:params:oauth:token-type:access_token"  # noqa: S105 - a name, not a secret

_LONGEST = 1000


def service_account(session: Session, user_id: str) -> User:
    user = session.get(USERS, user_id)
    if not user.is_service:
        raise NotFound(f"The user '{user.username}' is no service account, so it has no OIDC identities.")
    return user


def find_external_id(session: Session, user_id: str) -> str | None:
    found = session.first(CREDENTIALS, CREDENTIALS.table.c.user_id == user_id)
    return found.external_id if found else None


def ensure_external_id(session: Session, user_id: str) -> str:
    """The id that outside issuers know the account by; accounts of older servers get it when it is asked for."""
    found = session.first(CREDENTIALS, CREDENTIALS.table.c.user_id == user_id)
    if found is None:
        found = session.insert(CREDENTIALS, Credentials(user_id=user_id, external_id=str(uuid.uuid4())))
    elif not found.external_id:
        found.external_id = str(uuid.uuid4())
        session.update(CREDENTIALS, found)
    return str(found.external_id)


def settle_identity(identity: OidcIdentity) -> None:
    """The issuer is kept as it is written: tokens must name it in the same way."""
    identity.issuer, identity.subject = identity.issuer.strip(), identity.subject.strip()
    identity.audience = (identity.audience or "").strip() or None
    faults = [
        f"{place} is missing."
        for place, text in (("Issuer", identity.issuer), ("Subject", identity.subject))
        if not text
    ]
    for place, text in (
        ("Issuer", identity.issuer),
        ("Subject", identity.subject),
        ("Audience", identity.audience or ""),
    ):
        if len(text) > _LONGEST:
            faults.append(f"{place}: {len(text)} characters are too many; {_LONGEST} is the most.")
    if identity.issuer and not is_safe(identity.issuer):
        faults.append(f"Issuer: '{identity.issuer}' must be an address with https:// (http:// on this machine only).")
    if faults:
        raise Invalid(faults[0] if len(faults) == 1 else "The OIDC identity cannot be saved.", faults)


async def exchange(database: Database, issuers: Issuers, asked: TokenExchange) -> str:
    """An access token for the account whose identity the subject token proves. TokenFault says why not.

    A token may be exchanged as often as it is shown while it is valid: the jobs of one pipeline share it. What became
    of it is told to the audit trail, but not what is asked for accounts that do not exist: anybody can ask that.
    """
    if asked.grant_type != GRANT:
        raise TokenFault(f"The grant_type must be '{GRANT}'.")
    if asked.subject_token_type != JWT:
        raise TokenFault(f"The subject_token_type must be '{JWT}'.")
    with database.read() as session:
        user = _account(session, asked.audience)
    try:
        identity = await _proven(database, issuers, asked, user)
    except TokenFault as fault:
        sentence = f"A token for {user.username} was refused: {fault}"
        await database.write(lambda session: session.happened(_happening("TokenExchangeFailed", sentence, user)))
        raise
    return await database.write(lambda session: _exchanged(session, user, identity))


def _account(session: Session, audience: str) -> User:
    found = session.first(CREDENTIALS, CREDENTIALS.table.c.external_id == audience) if audience else None
    user = session.find(USERS, found.user_id) if found else None
    if user is None or not user.is_service:
        raise _nobody(audience)
    return user


def _nobody(audience: str) -> TokenFault:
    return TokenFault(f"There is no active service account with the id '{audience[:100]}'.")


async def _proven(database: Database, issuers: Issuers, asked: TokenExchange, user: User) -> OidcIdentity:
    """The identity that the token is proven to be of."""
    if not user.is_active:
        raise _nobody(asked.audience)
    token = read(asked.subject_token, "subject token")
    table = OIDC_IDENTITIES.table
    with database.read() as session:
        identities = session.all(OIDC_IDENTITIES, table.c.service_account_id == user.id, table.c.issuer == token.issuer)
    identity = matching(token, identities, asked.audience)
    try:
        keys = await issuers.keys(identity.issuer, token.key_id)
    except IssuerFault as fault:
        raise TokenFault(str(fault)) from fault
    prove(token, keys, database.clock.now())
    return identity


def _exchanged(session: Session, user: User, identity: OidcIdentity) -> str:
    """The request was nobody's until now."""
    session.actor = replace(
        session.actor, user_id=user.id, username=user.username, means="OpenID Connect token", is_service=True
    )
    sentence = f"{user.username} got an access token by its OIDC identity '{identity.name}'."
    session.happened(_happening("TokenExchanged", sentence, user))
    return issue_token(session, user)


def _happening(category: str, message: str, user: User) -> Happening:
    return Happening(category, message, None, USERS.name, (user.id,))
