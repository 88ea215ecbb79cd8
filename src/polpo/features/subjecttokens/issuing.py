"""Issuing a token: who signs, for whom, to whom, and for how long."""

from __future__ import annotations

import asyncio
import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from joserfc import jwt
from joserfc.jwk import RSAKey

from polpo.features.accounts.resource import ACCOUNTS, Account
from polpo.features.configuration.sections import SERVER
from polpo.features.configuration.service import read_section
from polpo.features.environments.resource import ENVIRONMENTS
from polpo.features.machines.resource import MACHINES
from polpo.features.projects.resource import PROJECTS
from polpo.features.runbooks.resource import RUNBOOKS
from polpo.features.spaces.resource import SPACES
from polpo.features.subjecttokens.keys import ALGORITHM, ensure_key, signing
from polpo.features.subjecttokens.subjects import Purpose, subject_of
from polpo.features.tenants.resource import TENANTS
from polpo.kernel.errors import TaskError
from polpo.store.database import Database
from polpo.store.kinds import Kind
from polpo.store.session import Session

_LIFE = 3600  # seconds
_SHORTEST_LIFE = 60
_LEEWAY = 30  # seconds by which the clock of whoever checks the token may be behind

#: What the clouds expect where the account says nothing else.
_AUDIENCES = {
    "AmazonWebServicesOidcAccount": "sts.amazonaws.com",
    "AzureOidc": "api://AzureADTokenExchange",
    "GenericOidcAccount": "api://default",
}
_SLUGGED: dict[str, Kind[Any]] = {
    "space": SPACES,
    "project": PROJECTS,
    "runbook": RUNBOOKS,
    "tenant": TENANTS,
    "environment": ENVIRONMENTS,
    "target": MACHINES,
}


@dataclass(frozen=True)
class TokenWish:
    """`places` are the ids of what the work is about, by the parts of a subject: `project`, `environment`, …"""

    account_id: str
    purpose: Purpose
    places: Mapping[str, str]


class SubjectTokens:
    """Signs in the name of the server."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def issue(self, wish: TokenWish) -> str:
        """A fresh token; TaskError when the account is gone, or the server does not know its own address."""
        await ensure_key(self._database)
        with self._database.read() as session:
            claims = _claims(session, wish)
            private = session.reveal(signing(session).private_key) or ""
        return await asyncio.to_thread(_signed, claims, private)


def issuer(session: Session) -> str | None:
    """The address by which the world knows the server, as tokens name it; None when nobody has set it."""
    address = read_section(session, SERVER).server_uri
    return address.rstrip("/") if address else None


def _claims(session: Session, wish: TokenWish) -> dict[str, Any]:
    account = session.find(ACCOUNTS, wish.account_id)
    if account is None:
        raise TaskError(f"The account {wish.account_id} was deleted, so no token can be issued for it.")
    named = issuer(session)
    if named is None:
        raise TaskError(
            f"No token can be issued for the account '{account.name}', because the server does not know the address by"
            " which the world reaches it: set the server's address (ServerUri) in its configuration."
        )
    slugs = {part: _slug(session, _SLUGGED[part], identity) for part, identity in wish.places.items() if identity}
    now = int(session.clock.now().timestamp())
    return {
        **(account.custom_claims or {}),
        "iss": named,
        "sub": subject_of(account, wish.purpose, slugs),
        "aud": account.audience or _usual_audience(account),
        "iat": now,
        "nbf": now - _LEEWAY,
        "exp": now + _life(account),
        "jti": uuid.uuid4().hex,
    }


def _usual_audience(account: Account) -> str:
    usual = _AUDIENCES.get(account.account_type)
    if usual is None:
        raise TaskError(
            f"No token can be issued for the account '{account.name}', because it names no audience: enter the one of"
            " the workload identity provider."
        )
    return usual


def _life(account: Account) -> int:
    asked = (account.token_lifetime_seconds or "").strip()
    return min(max(int(asked), _SHORTEST_LIFE), _LIFE) if asked.isdecimal() and len(asked) < 9 else _LIFE


def _slug(session: Session, kind: Kind[Any], identity: str) -> str:
    found = session.find(kind, identity)
    return str(found.slug) if found is not None else ""


def _signed(claims: dict[str, Any], private: str) -> str:
    signer = RSAKey.import_key(json.loads(private))
    return jwt.encode({"alg": ALGORITHM, "kid": signer.kid, "typ": "JWT"}, claims, signer, algorithms=[ALGORITHM])
