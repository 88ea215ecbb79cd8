"""Whether sign-ins under a user's name are refused, and ending that, over HTTP. Routes of Polpo's own."""

from __future__ import annotations

from datetime import datetime

from polpo.features.users.lockout import by_name, failures_of, forget
from polpo.features.users.resource import USERS
from polpo.rest.call import Call
from polpo.rest.permissions import Permission
from polpo.rest.routes import Routes
from polpo.store.changes import Happening
from polpo.store.documents import Resource

routes = Routes("users", scope="system")


class UserLockout(Resource):
    """`locked_until` is null when the user can sign in."""

    user_id: str
    failed_sign_ins: int
    locked_until: datetime | None
    links: dict[str, str]


@routes.get("/users/{id}/lockout", Permission.USER_EDIT)
def read_lockout(call: Call, id: str) -> UserLockout:
    """How often signing in as the user has failed, and until when it is refused."""
    user = call.session.get(USERS, id)
    found = failures_of(call.session, by_name(user.username, user.username))
    links = {"Self": f"/api/users/{id}/lockout"}
    return UserLockout(user_id=id, failed_sign_ins=found.count, locked_until=found.until, links=links)


@routes.delete("/users/{id}/lockout", Permission.USER_EDIT)
def end_lockout(call: Call, id: str) -> None:
    """Let the user sign in again at once."""
    user = call.session.get(USERS, id)
    if forget(call.session, by_name(user.username, user.username)):
        message = f"{call.caller.username} ended the lock-out of {user.username}."
        call.session.happened(Happening("UserUnlocked", message, None, USERS.name, (user.id,)))
