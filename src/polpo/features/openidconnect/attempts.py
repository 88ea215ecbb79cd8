"""Attempts to sign in: each belongs to one browser, is good for ten minutes, and is used once."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import timedelta

from polpo.features.openidconnect.resource import SIGN_IN_ATTEMPTS, SignInAttempt
from polpo.kernel.errors import NotSignedIn, Unavailable
from polpo.kernel.secrets import hash_token
from polpo.store.documents import SensitiveValue
from polpo.store.session import Session

LIFE = timedelta(minutes=10)

_MOST_OPEN = 20_000
_FORGOTTEN = 100


@dataclass(frozen=True)
class Secrets:
    """What is known only where it belongs: `state` and `nonce` to the provider, `browser` to the browser's cookie."""

    state: str
    browser: str
    nonce: str
    verifier: str

    @classmethod
    def new(cls) -> Secrets:
        return cls(*(secrets.token_urlsafe(32) for _ in range(4)))

    @property
    def challenge(self) -> str:
        digest = hashlib.sha256(self.verifier.encode()).digest()
        return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def begin(session: Session, attempt: SignInAttempt, made: Secrets) -> None:
    """Anybody can begin attempts, so there is a bound on those that are open."""
    now = session.clock.now()
    for old in session.all(SIGN_IN_ATTEMPTS, SIGN_IN_ATTEMPTS.table.c.expires < now, take=_FORGOTTEN):
        session.delete(SIGN_IN_ATTEMPTS, old.id)
    if session.count(SIGN_IN_ATTEMPTS) >= _MOST_OPEN:
        raise Unavailable("Too many people are signing in at this moment; try again in some minutes.")
    attempt.state, attempt.browser = hash_token(made.state), hash_token(made.browser)
    attempt.nonce, attempt.verifier = made.nonce, SensitiveValue(new_value=made.verifier)
    attempt.expires = now + LIFE
    session.insert(SIGN_IN_ATTEMPTS, attempt)


def take(session: Session, state: str) -> SignInAttempt | None:
    """The attempt that is open under the state, which nobody can take again."""
    found = session.first(SIGN_IN_ATTEMPTS, SIGN_IN_ATTEMPTS.table.c.state == hash_token(state))
    if found is None:
        return None
    session.delete(SIGN_IN_ATTEMPTS, found.id)
    return found if found.expires is not None and found.expires > session.clock.now() else None


def check_browser(attempt: SignInAttempt, sent: str) -> None:
    """Else somebody could have others sign in as a person of their choice, by giving them an address to follow."""
    if not hmac.compare_digest(hash_token(sent), attempt.browser):
        raise NotSignedIn("The sign-in was begun in another browser; begin it again here.")


def cookie_name(state: str) -> str:
    """One cookie an attempt, so that two tabs do not disturb each other."""
    return f"OctopusSignIn_{hash_token(state)[:16]}"
