"""Users, and signing in and out, over HTTP."""

from __future__ import annotations

from typing import Any

from polpo.features.rights.administration import require_over
from polpo.features.rights.authority import rights_of
from polpo.features.spaces.managers import with_managers
from polpo.features.spaces.resource import SPACES
from polpo.features.teams.service import leave_all
from polpo.features.users.accounts import (
    add_user,
    change_password,
    check_change,
    check_new,
    own_or_require,
    replace_user,
)
from polpo.features.users.keys import refuse_token
from polpo.features.users.passwords import Passwords, refuse_weak
from polpo.features.users.passwordsignin import sign_in as sign_in_by_password
from polpo.features.users.policy import shortest_password
from polpo.features.users.resource import USERS, User
from polpo.features.users.sessions import close_sessions, issue_token
from polpo.features.users.signingin import end_session, sent_token
from polpo.kernel.errors import Conflict, Forbidden, Invalid
from polpo.rest.answers import Reply
from polpo.rest.call import Call
from polpo.rest.collection import Collection, Where, stamp
from polpo.rest.permissions import Permission
from polpo.rest.routes import Routes
from polpo.store.changes import Happening
from polpo.store.documents import Resource

routes = Routes("users", scope="system")


class Login(Resource):
    username: str
    password: str
    remember_me: bool = False


class GeneratedAccessToken(Resource):
    access_token: str


class _Users(Collection[User]):
    def where(self, call: Call) -> list[Where]:
        conditions = super().where(call)
        if wanted := call.text("filter"):
            conditions.append(USERS.table.c.search_key.contains(wanted.casefold(), autoescape=True))
        return conditions


users = _Users(USERS, "/users", view=Permission.USER_VIEW, scope="system", query=("filter",))


@routes.post("/users/login", "anonymous", response=User)
async def sign_in(call: Call, body: Login) -> Reply:
    """Sign in with user name and password; answers the user and sets the session's cookies."""
    return await sign_in_by_password(call, body.username, body.password, remembered=body.remember_me)


@routes.post("/users/logout", "anonymous")
async def sign_out(call: Call) -> None:
    """End the session of this browser."""
    return await end_session(call)  # type: ignore[return-value]


@routes.get("/users/me", "signed in")
def me(call: Call) -> User:
    """The signed-in user."""
    user = call.session.get(USERS, call.caller.user_id)
    user.is_requestor = True
    return user


users.register(routes)


@routes.post("/users", Permission.USER_EDIT, status=201)
async def create_user(call: Call, body: User) -> User:
    """Create a user; needs Username and, for people, a Password or an identity at a provider outside."""
    if not body.password and not body.is_service and not body.identities:
        raise Invalid("A user needs a Password.", ["Password is missing."])
    with call.reading() as reading:
        check_new(reading, body)
    hashed = await _hashed(call, body)

    def store(inside: Call) -> User:
        check_new(inside, body)
        stamp(call, body)
        return add_user(inside.session, body, hashed)

    return await call.write(store)


@routes.put("/users/{id}", "signed in")
async def change_user(call: Call, id: str, body: User) -> User:
    """Replace a user; a Password that is given becomes the new one. People change their own names and password."""
    with call.reading() as reading:
        check_change(reading, body, reading.session.get(USERS, id))
    hashed = await _hashed(call, body)

    def store(inside: Call) -> User:
        before = inside.session.get(USERS, id)
        check_change(inside, body, before)
        stamp(call, body)
        changed = replace_user(inside.session, body, before)
        if hashed and changed.can_password_be_edited:
            change_password(inside, changed, hashed, but=sent_token(call))
        elif not changed.is_active:
            close_sessions(inside.session, id)
        return changed

    return await call.write(store)


async def _hashed(call: Call, body: User) -> str | None:
    """The hash of the body's password, which is taken out. Hashing takes long, so no transaction waits for it."""
    password, body.password = body.password, None
    if not password or body.is_service:
        return None
    with call.reading() as reading:
        refuse_weak(password, body, shortest_password(reading.session))
    return await call.parts.get(Passwords).hash(password)


@routes.delete("/users/{id}", Permission.USER_EDIT)
def delete_user(call: Call, id: str) -> None:
    """Delete a user with all keys, sessions and memberships."""
    if id == call.caller.user_id:
        raise Conflict("You cannot delete yourself.")
    require_over(call, id)
    leave_all(call.session, call.session.get(USERS, id).id)
    call.session.delete(USERS, id)


@routes.post("/users/{id}/access-token", "signed in")
def create_access_token(call: Call, id: str) -> GeneratedAccessToken:
    """Create an access token for oneself; it is good for an hour and shown once."""
    if id != call.caller.user_id:
        raise Forbidden("An access token can only be made for oneself.")
    refuse_token(call, id)
    user = call.session.get(USERS, id)
    message = f"{user.username} made an access token for an hour."
    call.session.happened(Happening("AccessTokenCreated", message, None, USERS.name, (user.id,)))
    return GeneratedAccessToken(access_token=issue_token(call.session, user))


@routes.get("/users/{id}/spaces", "signed in")
def spaces_of_user(call: Call, id: str) -> list[Any]:
    """The spaces that the user may see, as far as the caller may see them."""
    own_or_require(call, id, Permission.USER_VIEW)
    rights = rights_of(call.session, call.session.get(USERS, id).id)
    seen = [one for one in call.session.all(SPACES) if rights.sees_space(one.id) and call.rights.sees_space(one.id)]
    return list(with_managers(call.session, seen))
