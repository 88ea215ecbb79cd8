"""The API keys of users over HTTP."""

from __future__ import annotations

from datetime import datetime

from polpo.features.users.accounts import own_or_require
from polpo.features.users.keys import allow_key, expiry_of
from polpo.features.users.resource import API_KEYS, USERS, ApiKey
from polpo.features.users.service import add_api_key
from polpo.kernel.errors import Invalid, NotFound
from polpo.rest.answers import Page, stored_page
from polpo.rest.call import Call
from polpo.rest.permissions import Permission
from polpo.rest.routes import Routes
from polpo.store.documents import Resource

routes = Routes("users", scope="system")

_LONGEST_PURPOSE = 200


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


@routes.get("/users/{id}/apikeys", "signed in", paged=True, response=ApiKey)
def api_keys(call: Call, id: str) -> Page[ApiKey]:
    """The API keys of a user, without their texts."""
    own_or_require(call, id, Permission.USER_EDIT)
    paging = call.paging
    found = call.session.page(API_KEYS, API_KEYS.table.c.user_id == id, skip=paging.skip, take=paging.take)
    page = stored_page(API_KEYS, found, paging)
    page.items = [_shown(API_KEYS.decoder.decode(row.doc)) for row in found.rows]
    return page


@routes.get("/users/{id}/apikeys/{key}", "signed in")
def api_key(call: Call, id: str, key: str) -> ApiKey:
    """One API key of a user, without its text."""
    own_or_require(call, id, Permission.USER_EDIT)
    return _shown(_key_of(call, id, key))


@routes.post("/users/{id}/apikeys", "signed in", status=201)
def create_api_key(call: Call, id: str, body: NewApiKey) -> CreatedApiKey:
    """Create an API key; the answer shows its text, once."""
    own_or_require(call, id, Permission.USER_EDIT)
    allow_key(call, call.session.get(USERS, id))
    record, text = add_api_key(call.session, id, _purpose(body), expiry_of(call, body.expires))
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
    own_or_require(call, id, Permission.USER_EDIT)
    call.session.delete(API_KEYS, _key_of(call, id, key).id)


def _purpose(key: NewApiKey) -> str:
    purpose = key.purpose.strip()
    if not purpose:
        raise Invalid("An API key needs a purpose, so that you know later what it is for.", ["Purpose is missing."])
    if len(purpose) > _LONGEST_PURPOSE:
        sentence = f"Purpose: {len(purpose)} characters are too many; {_LONGEST_PURPOSE} is the most."
        raise Invalid(sentence, [sentence])
    return purpose


def _key_of(call: Call, user_id: str, key: str) -> ApiKey:
    found = call.session.find(API_KEYS, key)
    if found is None or found.user_id != user_id:
        raise NotFound(f"The user has no API key '{key}'.")
    return found


def _shown(key: ApiKey) -> ApiKey:
    key.digest = ""
    return key
