"""Signing in: passwords, sessions and API keys."""

from __future__ import annotations

import hmac
from datetime import datetime
from typing import Any

from litestar import Request

from polpo.features.users.lastuse import LastUse
from polpo.features.users.passwords import set_password_hash
from polpo.features.users.policy import authentication_of
from polpo.features.users.resource import (
    API_KEYS,
    GUEST,
    SESSIONS,
    USERS,
    ApiKey,
    ApiKeyHint,
    PortalSession,
    User,
)
from polpo.features.users.sessions import end_of, token_digest
from polpo.kernel.errors import Forbidden, Invalid, NotSignedIn
from polpo.kernel.secrets import hash_token, is_api_key, new_api_key
from polpo.rest.call import Caller
from polpo.store.session import Session

#: Ends the session whose cookie is sent along, so it needs no proof that the session's own page sends it.
SIGN_IN = "/api/users/login"
#: The means of a caller who is known by an access token.
ACCESS_TOKEN = "access token"  # noqa: S105 - a name, not a secret
_READING = frozenset({"GET", "HEAD"})
#: What the guest may do: become somebody else, or nobody.
_OPEN_TO_GUEST = frozenset({SIGN_IN, "/api/users/logout", "/api/users/register"})


class CookieNames:
    """Cookie names carry the installation's id, so that two servers on one host do not sign each other out."""

    def __init__(self, installation_id: str) -> None:
        self.identity = f"OctopusIdentificationToken_{installation_id}"
        self.csrf = f"Octopus-Csrf-Token_{installation_id}"


class RequestAuthenticator:
    """Finds the caller of a request: an API key first, then an access token, else the portal's cookie."""

    def __init__(self, cookies: CookieNames, last_use: LastUse) -> None:
        self.cookies = cookies
        self._last_use = last_use

    def __call__(self, session: Session, request: Request[Any, Any, Any]) -> Caller | None:
        caller = self._caller(session, request)
        if caller is not None:
            refuse_guest(caller, request)
        return caller

    def _caller(self, session: Session, request: Request[Any, Any, Any]) -> Caller | None:
        for header in ("X-Octopus-ApiKey", "X-NuGet-ApiKey"):
            if key := request.headers.get(header, "").strip():
                return self._caller_of_key(session, key)
        scheme, _, bearer = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() == "bearer" and (bearer := bearer.strip()):
            is_key = bearer.lower().startswith("api-")
            return self._caller_of_key(session, bearer) if is_key else caller_of(session, bearer)
        token = request.cookies.get(self.cookies.identity)
        if not token:
            return None
        return self._caller_of_session(session, token, request)

    def _caller_of_session(self, session: Session, token: str, request: Request[Any, Any, Any]) -> Caller | None:
        digest = hash_token(token)
        kinds = (SESSIONS, USERS)
        found, user = session.remembered(kinds, ("session", digest), lambda: _session_and_user(session, digest))
        if found is None or not found.csrf or user is None or not user.is_active:
            return None
        policy = authentication_of(session)
        if end_of(found, policy) <= session.clock.now():
            return None
        if request.method not in _READING and request.url.path.rstrip("/") != SIGN_IN:
            self._check_csrf(found, request)
        self._last_use.of_session(found, policy)
        return _caller(user, "session", found.id)

    def _caller_of_key(self, session: Session, key: str) -> Caller:
        found, user = proven_key(session, key)
        self._last_use.of_key(found)
        return _caller(user, "api key", found.id)

    def _check_csrf(self, found: PortalSession, request: Request[Any, Any, Any]) -> None:
        sent = request.headers.get("X-Octopus-Csrf-Token", "")
        if not hmac.compare_digest(sent.encode(), found.csrf.encode()):
            raise Forbidden(
                "The request lacks the header X-Octopus-Csrf-Token with the value of the session's CSRF cookie.",
                help_text="Reload the page and try again; scripts use an API key instead of a session.",
            )


def refuse_guest(caller: Caller, request: Request[Any, Any, Any]) -> None:
    """The guest is many people whom nobody knows, so it changes nothing, whatever rights its teams have."""
    if (
        caller.user_id == GUEST
        and request.method not in _READING
        and request.url.path.rstrip("/") not in _OPEN_TO_GUEST
    ):
        raise Forbidden("The guest looks and changes nothing; sign in as yourself to do that.")


def caller_of(session: Session, token: str) -> Caller:
    """Whom an access token speaks for."""
    digest = token_digest(token)
    found, user = session.remembered((SESSIONS, USERS), ("token", digest), lambda: _session_and_user(session, digest))
    if found is None or found.expires is None or user is None or not user.is_active:
        raise NotSignedIn("The access token you provided was not valid.")
    if found.expires <= session.clock.now():
        raise NotSignedIn(f"The access token expired at {found.expires:%Y-%m-%d %H:%M} UTC; ask for a new one.")
    return _caller(user, ACCESS_TOKEN, found.id)


def _session_and_user(session: Session, digest: str) -> tuple[PortalSession | None, User | None]:
    found = session.first(SESSIONS, SESSIONS.table.c.digest == digest)
    return found, session.find(USERS, found.user_id) if found else None


def proven_key(session: Session, key: str) -> tuple[ApiKey, User]:
    """The key of that text, and whom it speaks for. Found by its digest, so that no time tells how much is right."""
    refused = NotSignedIn("The API key you provided was not valid. Check it, or create a new one in your profile.")
    if not is_api_key(key.upper()):
        raise refused
    digest = hash_token(key.upper())
    found, user = session.remembered((API_KEYS, USERS), ("api key", digest), lambda: _key_and_user(session, digest))
    if found is None:
        raise refused
    if found.expires is not None and found.expires <= session.clock.now():
        raise NotSignedIn(f"The API key '{found.purpose}' expired at {found.expires:%Y-%m-%d %H:%M} UTC.")
    if user is None or not user.is_active:
        raise refused
    return found, user


def _key_and_user(session: Session, digest: str) -> tuple[ApiKey | None, User | None]:
    found = session.first(API_KEYS, API_KEYS.table.c.digest == digest)
    return found, session.find(USERS, found.user_id) if found else None


def caller_for(user: User) -> Caller:
    """The user as one on whose behalf the server does something, later than they asked for it."""
    return _caller(user, "deployment")


def _caller(user: User, means: str, credential: str = "") -> Caller:
    name = user.display_name or user.username
    return Caller(user.id, user.username, name, means, is_service=user.is_service, credential=credential)


def find_by_username(session: Session, username: str) -> User | None:
    return session.first(USERS, USERS.table.c.username_key == username.strip().casefold())


def add_api_key(
    session: Session, user_id: str, purpose: str, expires: datetime | None, key: str = ""
) -> tuple[ApiKey, str]:
    """A new key for the user; the second value is its text, which is shown once and not kept."""
    key = key or new_api_key()
    record = ApiKey(
        user_id=user_id,
        purpose=purpose,
        created=session.clock.now(),
        expires=expires,
        api_key=ApiKeyHint(hint=key[:8]),
        digest=hash_token(key),
    )
    return session.insert(API_KEYS, record), key


def ensure_administrator(session: Session, username: str, hashed: str | None, api_key: str | None) -> User:
    """Creates the first administrator, or resets the password and key of the user of that name."""
    user = find_by_username(session, username)
    if user is None:
        now = session.clock.now()
        user = session.insert(USERS, User(username=username, display_name=username, created=now))
    if hashed is not None:
        set_password_hash(session, user.id, hashed)
    if api_key:
        if not is_api_key(api_key):
            raise Invalid("POLPO_ADMIN_API_KEY must be 'API-' followed by capital letters and digits.")
        if session.first(API_KEYS, API_KEYS.table.c.digest == hash_token(api_key)) is None:
            add_api_key(session, user.id, "Administrator key from the server's settings", None, api_key)
    return user
