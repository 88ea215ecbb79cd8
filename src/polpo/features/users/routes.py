"""Users, signing in and out, and API keys over HTTP."""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import Any

from litestar.datastructures import Cookie

from polpo.features.spaces.resource import SPACES
from polpo.features.users.resource import API_KEYS, USERS, ApiKey, User
from polpo.features.users.service import (
    CookieNames,
    SignedIn,
    add_api_key,
    close_session,
    find_by_username,
    hash_password,
    open_session,
    password_hash_of,
    set_password_hash,
    verify_password,
)
from polpo.kernel.errors import Conflict, Invalid, NotFound, NotSignedIn
from polpo.rest.answers import Page, Reply, stored_page
from polpo.rest.call import Call
from polpo.rest.collection import Collection, stamp
from polpo.rest.links import present
from polpo.rest.permissions import Permission
from polpo.rest.routes import Routes
from polpo.store.documents import Resource
from polpo.store.session import Session

routes = Routes("users", scope="system")


class Login(Resource):
    username: str
    password: str
    remember_me: bool = False


class NewApiKey(Resource):
    purpose: str = ""
    expires: datetime | None = None


class CreatedApiKey(Resource):
    """The answer that shows the key, once."""

    id: str
    purpose: str
    user_id: str
    api_key: str
    created: datetime | None
    expires: datetime | None
    links: dict[str, str]


users = Collection(USERS, "/users", view=Permission.USER_VIEW, scope="system")


@routes.post("/users/login", "anonymous")
async def sign_in(call: Call, body: Login) -> User:
    """Sign in with user name and password; answers the user and sets the session's cookies."""
    with call.database.read() as session:
        user = find_by_username(session, body.username)
        stored = password_hash_of(session, user)
    matches = await asyncio.to_thread(verify_password, stored, body.password)
    if user is None or not matches or not user.is_active:
        raise NotSignedIn("The user name or the password is not correct.")
    known: User = user
    signed_in = await call.database.write(lambda session: open_session(session, known, remembered=body.remember_me))
    return _with_cookies(call, signed_in, remembered=body.remember_me)  # type: ignore[return-value]


def _with_cookies(call: Call, signed_in: SignedIn, *, remembered: bool) -> Reply:
    names = call.parts.get(CookieNames)
    age = int((signed_in.expires - call.clock.now()).total_seconds()) if remembered else None
    secure = call.request.url.scheme == "https"
    shared: dict[str, Any] = {"path": "/", "max_age": age, "secure": secure, "samesite": "lax"}
    cookies = [
        Cookie(key=names.identity, value=signed_in.token, httponly=True, **shared),
        Cookie(key=names.csrf, value=signed_in.csrf, httponly=False, **shared),
    ]
    return Reply(present(signed_in.user), cookies=cookies)


@routes.post("/users/logout", "anonymous")
async def sign_out(call: Call) -> None:
    """End the session of this browser."""
    names = call.parts.get(CookieNames)
    token = call.request.cookies.get(names.identity)
    if token:
        await call.database.write(lambda session: close_session(session, token))
    gone = [Cookie(key=name, value="", max_age=0) for name in (names.identity, names.csrf)]
    return Reply({}, cookies=gone)  # type: ignore[return-value]


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
    if not body.username.strip():
        raise Invalid("A user needs a Username.", ["Username is missing."])
    if not body.password and not body.is_service:
        raise Invalid("A user needs a Password.", ["Password is missing."])
    hashed = await asyncio.to_thread(hash_password, body.password) if body.password else None
    body.password = None

    def store(session: Session) -> User:
        body.id, body.created = "", session.clock.now()
        body.username = body.username.strip()
        body.display_name = body.display_name.strip() or body.username
        stamp(call, body)
        created = session.insert(USERS, body)
        if hashed:
            set_password_hash(session, created.id, hashed)
        return created

    return await call.database.write(store)


@routes.put("/users/{id}", Permission.USER_EDIT)
async def change_user(call: Call, id: str, body: User) -> User:
    """Replace a user; a Password that is given becomes the new one."""
    hashed = await asyncio.to_thread(hash_password, body.password) if body.password else None
    body.password = None

    def store(session: Session) -> User:
        before = session.get(USERS, id)
        body.id, body.created, body.is_service = before.id, before.created, before.is_service
        body.username = body.username.strip() or before.username
        if before.id == call.caller.user_id and not body.is_active:
            raise Conflict("You cannot deactivate yourself.")
        stamp(call, body)
        if hashed:
            set_password_hash(session, id, hashed)
        return session.update(USERS, body)

    return await call.database.write(store)


@routes.delete("/users/{id}", Permission.USER_EDIT)
def delete_user(call: Call, id: str) -> None:
    """Delete a user with all keys and sessions."""
    if id == call.caller.user_id:
        raise Conflict("You cannot delete yourself.")
    call.session.delete(USERS, id)


@routes.get("/users/{id}/spaces", "signed in")
def spaces_of_user(call: Call, id: str) -> list[Any]:
    """The spaces that the user may see."""
    call.session.get(USERS, id)
    return list(call.session.all(SPACES))


@routes.get("/users/{id}/apikeys", "signed in", paged=True, response=ApiKey)
def api_keys(call: Call, id: str) -> Page[ApiKey]:
    """The API keys of a user, without their texts."""
    _own_or_administer(call, id)
    paging = call.paging
    found = call.session.page(API_KEYS, API_KEYS.table.c.user_id == id, skip=paging.skip, take=paging.take)
    page = stored_page(API_KEYS, found, paging)
    page.items = [_shown(API_KEYS.decoder.decode(row.doc)) for row in found.rows]
    return page


@routes.get("/users/{id}/apikeys/{key}", "signed in")
def api_key(call: Call, id: str, key: str) -> ApiKey:
    """One API key of a user, without its text."""
    _own_or_administer(call, id)
    return _shown(_key_of(call, id, key))


@routes.post("/users/{id}/apikeys", "signed in", status=201)
def create_api_key(call: Call, id: str, body: NewApiKey) -> CreatedApiKey:
    """Create an API key; the answer shows its text, once."""
    _own_or_administer(call, id)
    call.session.get(USERS, id)
    if not body.purpose.strip():
        raise Invalid("An API key needs a purpose, so that you know later what it is for.", ["Purpose is missing."])
    record, text = add_api_key(call.session, id, body.purpose.strip(), body.expires)
    links = {"Self": f"/api/users/{id}/apikeys/{record.id}"}
    return CreatedApiKey(
        id=record.id,
        purpose=record.purpose,
        user_id=id,
        api_key=text,
        created=record.created,
        expires=record.expires,
        links=links,
    )


@routes.delete("/users/{id}/apikeys/{key}", "signed in")
def delete_api_key(call: Call, id: str, key: str) -> None:
    """Revoke an API key."""
    _own_or_administer(call, id)
    call.session.delete(API_KEYS, _key_of(call, id, key).id)


def _key_of(call: Call, user_id: str, key: str) -> ApiKey:
    found = call.session.find(API_KEYS, key)
    if found is None or found.user_id != user_id:
        raise NotFound(f"The user has no API key '{key}'.")
    return found


def _own_or_administer(call: Call, user_id: str) -> None:
    if call.caller.user_id != user_id:
        call.caller.require(Permission.USER_EDIT)


def _shown(key: ApiKey) -> ApiKey:
    key.digest = ""
    return key
