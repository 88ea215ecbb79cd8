"""The sessions of a user over HTTP: to see where one is signed in, and to end what should not be. Routes of Polpo."""

from __future__ import annotations

from datetime import datetime

from polpo.features.users.accounts import own_or_require
from polpo.features.users.policy import authentication_of
from polpo.features.users.resource import SESSIONS, USERS, PortalSession
from polpo.features.users.sessions import close_sessions, end_of
from polpo.features.users.signingin import sent_token
from polpo.kernel.errors import NotFound
from polpo.kernel.secrets import hash_token
from polpo.rest.call import Call
from polpo.rest.permissions import Permission
from polpo.rest.routes import Routes
from polpo.store.changes import Happening
from polpo.store.documents import Resource

routes = Routes("users", scope="system")


class UserSession(Resource):
    """A browser that is signed in, or a program with an access token. `device` is what it called itself at the start.

    `last_seen` is true to a minute. `is_current` marks the session that asks.
    """

    id: str
    user_id: str
    means: str
    device: str
    address: str
    created: datetime | None
    last_seen: datetime | None
    expires: datetime | None
    is_current: bool
    links: dict[str, str]


@routes.get("/users/{id}/sessions", "signed in")
def sessions(call: Call, id: str) -> list[UserSession]:
    """Where a user is signed in, the latest first."""
    own_or_require(call, id, Permission.USER_EDIT)
    table, now = SESSIONS.table, call.clock.now()
    of_user = call.session.all(SESSIONS, table.c.user_id == call.session.get(USERS, id).id, order=[table.c.seq.desc()])
    shown = [_shown(call, one) for one in of_user]
    return [one for one in shown if one.expires is not None and one.expires > now]


@routes.delete("/users/{id}/sessions/{session}", "signed in")
def end_session(call: Call, id: str, session: str) -> None:
    """End one session of a user."""
    own_or_require(call, id, Permission.USER_EDIT)
    found = call.session.find(SESSIONS, session)
    if found is None or found.user_id != id:
        raise NotFound(f"The user has no session '{session}'.")
    call.session.delete(SESSIONS, found.id)
    _tell(call, id, "a session")


@routes.put("/users/{id}/revoke-sessions", "signed in")
def revoke_sessions(call: Call, id: str) -> None:
    """End all sessions of a user and revoke the access tokens; API keys stay."""
    own_or_require(call, id, Permission.USER_EDIT)
    close_sessions(call.session, call.session.get(USERS, id).id)
    _tell(call, id, "all sessions")


def _shown(call: Call, found: PortalSession) -> UserSession:
    token = sent_token(call)
    return UserSession(
        id=found.id,
        user_id=found.user_id,
        means=found.means,
        device=found.device,
        address=found.address,
        created=found.created,
        last_seen=found.last_seen,
        expires=end_of(found, authentication_of(call.session)),
        is_current=bool(token) and found.digest == hash_token(token),
        links={"Self": f"/api/users/{found.user_id}/sessions/{found.id}"},
    )


def _tell(call: Call, user_id: str, what: str) -> None:
    user = call.session.get(USERS, user_id)
    message = f"{call.caller.username} ended {what} of {user.username}."
    call.session.happened(Happening("SessionsRevoked", message, None, USERS.name, (user.id,)))
