"""Sessions of browsers, and access tokens of programs: how they begin and end."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from polpo.features.users.policy import AuthenticationConfiguration, authentication_of
from polpo.features.users.resource import SESSIONS, PortalSession, User
from polpo.kernel.secrets import hash_token
from polpo.store.changes import Actor
from polpo.store.session import Session

TOKEN_LIFE = timedelta(hours=1)


@dataclass(frozen=True)
class SignedIn:
    """A new session: the cookie's token is known only here, the store keeps its digest."""

    user: User
    token: str
    csrf: str
    remembered: bool


def open_session(session: Session, user: User, actor: Actor, *, remembered: bool) -> SignedIn:
    """A session with a token that nobody has seen before; `actor` says by what means and from where."""
    now, policy = session.clock.now(), authentication_of(session)
    signed_in = SignedIn(
        user, secrets.token_urlsafe(32), secrets.token_urlsafe(24), remembered and policy.remember_me_enabled
    )
    _forget_expired(session, now)
    opened = PortalSession(
        user_id=user.id,
        digest=hash_token(signed_in.token),
        csrf=signed_in.csrf,
        created=now,
        last_seen=now,
        is_remembered=signed_in.remembered,
        means=actor.means,
        device=actor.user_agent,
        address=actor.address,
    )
    opened.expires = end_of(opened, policy)
    session.insert(SESSIONS, opened)
    return signed_in


def end_of(found: PortalSession, policy: AuthenticationConfiguration) -> datetime:
    """When it ends unless it is used. What administrators decide holds at once, for sessions that are open as well."""
    stored = found.expires or datetime.max.replace(tzinfo=UTC)
    if not found.csrf:
        return stored
    created = found.created or datetime.min.replace(tzinfo=UTC)
    idle = (found.last_seen or created) + policy.idle
    longest = created + policy.longest
    return longest if found.is_remembered else min(longest, idle)


def token_digest(token: str) -> str:
    """Differs from a cookie's digest, so that neither passes for the other."""
    return hash_token(f"access token {token}")


def issue_token(session: Session, user: User) -> str:
    """A new access token, which is good for `TOKEN_LIFE`; it is known only here."""
    now = session.clock.now()
    _forget_expired(session, now)
    token = secrets.token_urlsafe(48)
    session.insert(
        SESSIONS,
        PortalSession(
            user_id=user.id, digest=token_digest(token), created=now, expires=now + TOKEN_LIFE, means="access token"
        ),
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
