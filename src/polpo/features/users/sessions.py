"""Sessions of browsers, and access tokens of programs: how they begin and end."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from polpo.features.users.resource import SESSIONS, PortalSession, User
from polpo.kernel.secrets import hash_token
from polpo.store.changes import Actor
from polpo.store.session import Session

SESSION_LIFE = timedelta(days=1)
REMEMBERED_LIFE = timedelta(days=30)
TOKEN_LIFE = timedelta(hours=1)


@dataclass(frozen=True)
class SignedIn:
    """A new session: the cookie's token is known only here, the store keeps its digest."""

    user: User
    token: str
    csrf: str
    expires: datetime


def open_session(session: Session, user: User, actor: Actor, *, remembered: bool) -> SignedIn:
    """A session with a token that nobody has seen before; `actor` says by what means and from where."""
    now = session.clock.now()
    expires = now + (REMEMBERED_LIFE if remembered else SESSION_LIFE)
    signed_in = SignedIn(user, secrets.token_urlsafe(32), secrets.token_urlsafe(24), expires)
    _forget_expired(session, now)
    session.insert(
        SESSIONS,
        PortalSession(
            user_id=user.id,
            digest=hash_token(signed_in.token),
            csrf=signed_in.csrf,
            created=now,
            expires=expires,
            means=actor.means,
            device=actor.user_agent,
            address=actor.address,
        ),
    )
    return signed_in


def token_digest(token: str) -> str:
    """Differs from a cookie's digest, so that neither passes for the other."""
    return hash_token(f"access token {token}")


def issue_token(session: Session, user: User) -> str:
    """A new access token, which is good for `TOKEN_LIFE`; it is known only here."""
    now = session.clock.now()
    _forget_expired(session, now)
    token = secrets.token_urlsafe(48)
    session.insert(
        SESSIONS, PortalSession(user_id=user.id, digest=token_digest(token), created=now, expires=now + TOKEN_LIFE)
    )
    return token


def _forget_expired(session: Session, now: datetime) -> None:
    for found in session.all(SESSIONS, SESSIONS.table.c.expires < now, take=100):
        session.delete(SESSIONS, found.id)


def close_sessions(session: Session, user_id: str, *, but: str = "") -> None:
    """Ends all sessions of the user, those of access tokens included, but the one with this cookie."""
    kept = hash_token(but) if but else ""
    table = SESSIONS.table
    for found in session.all(SESSIONS, table.c.user_id == user_id, table.c.digest != kept):
        session.delete(SESSIONS, found.id)


def close_session(session: Session, token: str) -> None:
    found = session.first(SESSIONS, SESSIONS.table.c.digest == hash_token(token))
    if found is not None:
        session.delete(SESSIONS, found.id)
