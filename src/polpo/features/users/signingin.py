"""Where every session begins and ends, whatever proved who the user is: so that none is left out of the audit trail."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from litestar.datastructures import Cookie

from polpo.features.users.policy import authentication_of
from polpo.features.users.resource import USERS, User
from polpo.features.users.service import CookieNames
from polpo.features.users.sessions import SignedIn, close_session, open_session
from polpo.kernel.errors import Forbidden, NotSignedIn
from polpo.rest.answers import Reply
from polpo.rest.application import actor_of
from polpo.rest.call import Call
from polpo.rest.links import present
from polpo.store.changes import Actor, Happening
from polpo.store.session import Session

_LONGEST_NAME = 100


async def begin_session(
    call: Call,
    user: User,
    *,
    means: str,
    remembered: bool = False,
    still: Callable[[Session], bool] = lambda _session: True,
) -> Reply:
    """Signs the user in and answers who they are, with the cookies of a new session. For asynchronous routes.

    `means` is how they proved it, in words that people read, such as "password". NotSignedIn when the user may not
    sign in (any more), or what they proved does not hold any more: a new password ends what is under way with the old
    one. A session whose cookie was sent along ends, so that nobody can have planted the new one.
    """
    signed_in = await call.write(lambda inside: _begin(inside, user, means, still, remembered=remembered))
    return Reply(present(signed_in.user), cookies=_cookies(call, signed_in))


async def note_failure(call: Call, username: str, *, means: str, user: User | None = None) -> None:
    """Tells the audit trail that somebody tried to sign in under the name and was refused."""
    await call.write(lambda inside: tell_failure(inside, username, means, user))


async def end_session(call: Call) -> Reply:
    """Ends the session of the browser that calls, if there is one, on the server and in the browser."""
    token = sent_token(call)
    if token:
        await call.write(lambda inside: _end(inside, token))
    with call.reading() as reading:
        domain = authentication_of(reading.session).cookie_domain
    names = call.parts.get(CookieNames)
    gone = [Cookie(key=name, value="", max_age=0, domain=domain) for name in (names.identity, names.csrf)]
    return Reply({}, cookies=gone)


def refuse_foreign_page(call: Call) -> None:
    """A page of another site shall not sign people in, as somebody whom it chose, without their noticing.

    Browsers say where a page comes from over HTTPS only. But they always add an Origin, and let a page of another
    site send JSON only after they have asked this server.
    """
    headers = call.request.headers
    content = headers.get("Content-Type", "").partition(";")[0].lower()
    is_simple = "Origin" in headers and not content.strip().endswith("json")
    if is_simple or headers.get("Sec-Fetch-Site", "").lower() == "cross-site":
        raise Forbidden("A page of another site cannot sign you in; open the sign-in page of this server.")


def sent_token(call: Call) -> str:
    """The token in the session's cookie; empty where there is none."""
    return str(call.request.cookies.get(call.parts.get(CookieNames).identity, ""))


def tell_failure(call: Call, username: str, means: str, user: User | None) -> None:
    """The same as `note_failure` inside a transaction."""
    about = (user.id,) if user is not None else ()
    message = f"A sign-in as '{shown_name(username)}' by {means} was refused."
    call.session.happened(Happening("LoginFailed", message, None, USERS.name, about))


def shown_name(name: str) -> str:
    """A name as somebody typed it, made fit for lines that people read: short, and without characters that steer."""
    kept = "".join(one if one.isprintable() else "\N{REPLACEMENT CHARACTER}" for one in name[: _LONGEST_NAME + 1])
    return kept if len(kept) <= _LONGEST_NAME else f"{kept[:_LONGEST_NAME]}…"


def _begin(call: Call, user: User, means: str, still: Callable[[Session], bool], *, remembered: bool) -> SignedIn:
    session = call.session
    known = session.find(USERS, user.id)
    if known is None or not known.is_active or known.is_service:
        raise NotSignedIn("The user cannot sign in: the account is not active, or is one of a program.")
    if not still(session):
        raise NotSignedIn("The password was changed at this moment; sign in with the new one.")
    if token := sent_token(call):
        close_session(session, token)
    session.actor = _actor(call, known, means)
    session.happened(
        Happening("LoginSucceeded", f"{known.username} signed in by {means}.", None, USERS.name, (known.id,))
    )
    return open_session(session, known, session.actor, remembered=remembered)


def _end(call: Call, token: str) -> None:
    close_session(call.session, token)
    if call.identity is not None:
        message = f"{call.identity.username} signed out."
        call.session.happened(Happening("LoggedOut", message, None, USERS.name, (call.identity.user_id,)))


def _actor(call: Call, user: User, means: str) -> Actor:
    """The request was nobody's until now."""
    return replace(actor_of(call), user_id=user.id, username=user.username, means=means, is_service=user.is_service)


def _cookies(call: Call, signed_in: SignedIn) -> list[Cookie]:
    """The server itself ends what is not remembered; the browser forgets it when it is closed."""
    with call.reading() as reading:
        policy = authentication_of(reading.session)
    names = call.parts.get(CookieNames)
    shared: dict[str, Any] = {
        "path": "/",
        "domain": policy.cookie_domain,
        "max_age": policy.maximum_session_duration_in_seconds if signed_in.remembered else None,
        "secure": call.request.url.scheme == "https",
        "samesite": "lax",
    }
    return [
        Cookie(key=names.identity, value=signed_in.token, httponly=True, **shared),
        Cookie(key=names.csrf, value=signed_in.csrf, httponly=False, **shared),
    ]
