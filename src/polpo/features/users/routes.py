"""Users, and signing in and out, over HTTP."""

from __future__ import annotations

import asyncio
from typing import Any

from polpo.features.spaces.managers import with_managers
from polpo.features.spaces.resource import SPACES
from polpo.features.teams.service import leave_all
from polpo.features.users.accounts import add_user, own_or_require, refuse_weak, replace_user
from polpo.features.users.resource import USERS, User
from polpo.features.users.service import (
    find_by_username,
    hash_password,
    password_hash_of,
    set_password_hash,
    verify_password,
)
from polpo.features.users.sessions import close_sessions, issue_token
from polpo.features.users.signingin import begin_session, end_session, note_failure, refuse_foreign_page, sent_token
from polpo.kernel.errors import Conflict, Forbidden, Invalid, NotSignedIn
from polpo.rest.call import Call
from polpo.rest.collection import Collection, Where, stamp
from polpo.rest.permissions import Permission
from polpo.rest.routes import Routes
from polpo.store.documents import Resource
from polpo.store.session import Session

routes = Routes("users", scope="system")

_MEANS = "password"


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


@routes.post("/users/login", "anonymous")
async def sign_in(call: Call, body: Login) -> User:
    """Sign in with user name and password; answers the user and sets the session's cookies."""
    refuse_foreign_page(call)
    with call.database.read() as session:
        user = find_by_username(session, body.username)
        stored = password_hash_of(session, user)
    matches = await asyncio.to_thread(verify_password, stored, body.password)
    if user is None or not matches or not user.is_active or user.is_service:
        await note_failure(call, body.username, means=_MEANS, user=user)
        raise NotSignedIn("The user name or the password is not correct.")
    return await begin_session(call, user, means=_MEANS, remembered=body.remember_me)  # type: ignore[return-value]


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
    """Create a user; needs Username and, for people, Password."""
    if not body.password and not body.is_service:
        raise Invalid("A user needs a Password.", ["Password is missing."])
    hashed = await _hashed(body)

    def store(session: Session) -> User:
        stamp(call, body)
        return add_user(session, body, hashed)

    return await call.database.write(store)


@routes.put("/users/{id}", Permission.USER_EDIT)
async def change_user(call: Call, id: str, body: User) -> User:
    """Replace a user; a Password that is given becomes the new one."""
    hashed = await _hashed(body)

    def store(session: Session) -> User:
        before = session.get(USERS, id)
        if before.id == call.caller.user_id and not body.is_active:
            raise Conflict("You cannot deactivate yourself.")
        stamp(call, body)
        changed = replace_user(session, body, before)
        if hashed and not changed.is_service:
            set_password_hash(session, id, hashed)
            close_sessions(session, id, but=sent_token(call))
        return changed

    return await call.database.write(store)


async def _hashed(body: User) -> str | None:
    """The hash of the body's password, which is taken out. Hashing takes long, so no transaction waits for it."""
    password, body.password = body.password, None
    if not password:
        return None
    refuse_weak(password, body.username)
    return await asyncio.to_thread(hash_password, password)


@routes.delete("/users/{id}", Permission.USER_EDIT)
def delete_user(call: Call, id: str) -> None:
    """Delete a user with all keys, sessions and memberships."""
    if id == call.caller.user_id:
        raise Conflict("You cannot delete yourself.")
    leave_all(call.session, call.session.get(USERS, id).id)
    call.session.delete(USERS, id)


@routes.put("/users/{id}/revoke-sessions", "signed in")
def revoke_sessions(call: Call, id: str) -> None:
    """End all sessions of a user and revoke the access tokens; API keys stay."""
    own_or_require(call, id, Permission.USER_EDIT)
    close_sessions(call.session, call.session.get(USERS, id).id)


@routes.post("/users/{id}/access-token", "signed in")
def create_access_token(call: Call, id: str) -> GeneratedAccessToken:
    """Create an access token for oneself; it is good for an hour and shown once."""
    if id != call.caller.user_id:
        raise Forbidden("An access token can only be made for oneself.")
    return GeneratedAccessToken(access_token=issue_token(call.session, call.session.get(USERS, id)))


@routes.get("/users/{id}/spaces", "signed in")
def spaces_of_user(call: Call, id: str) -> list[Any]:
    """The spaces that the user may see."""
    call.session.get(USERS, id)
    return list(with_managers(call.session, call.session.all(SPACES)))
