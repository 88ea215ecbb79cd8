"""Users, their API keys and sessions."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import msgspec
import sqlalchemy as sa

from polpo.rest.links import register
from polpo.store.documents import Document, Resource, ref
from polpo.store.kinds import define

#: The id of the guest, who looks and changes nothing.
GUEST = "users-guest"


class IdentityClaim(Resource):
    """Something that a provider says of a person. Only what identifies them tells them from others."""

    value: str | None = None
    is_identifying_claim: bool = False


class Identity(Resource):
    """Who the user is to a provider outside, by the claims of that provider."""

    identity_provider_name: str = ""
    claims: dict[str, IdentityClaim] = {}

    def claim(self, name: str) -> str:
        found = self.claims.get(name)
        return (found.value or "") if found else ""


class User(Document):
    """On the wire `password` is write-only. A service account has none: programs use keys and tokens in its name."""

    username: str = ""
    display_name: str = ""
    email_address: str = ""
    is_active: bool = True
    is_service: bool = False
    is_requestor: bool = False
    can_password_be_edited: bool = True
    created: datetime | None = None
    identities: list[Identity] = []
    password: str | None = None


class Credentials(Document):
    """What a user signs in with; a document of its own so that it can never be rendered by mistake.

    `external_id` is what outside token issuers know a service account by.
    """

    user_id: Annotated[str, ref("Users")] = ""
    password_hash: str = ""
    external_id: str | None = None


class ApiKeyHint(Resource):
    has_value: bool = True
    hint: str = ""


class ApiKey(Document):
    """A key as it is listed: only its first characters are known again. `last_used` is true to an hour."""

    user_id: Annotated[str, ref("Users")] = ""
    purpose: str = ""
    created: datetime | None = None
    expires: datetime | None = None
    last_used: datetime | None = None
    api_key: ApiKeyHint = msgspec.field(default_factory=ApiKeyHint)
    digest: str = ""


class PortalSession(Document):
    """A signed-in browser, or a program with an access token. The token itself is stored as a digest.

    `means` is how they signed in; `device` and `address` are those of that moment. Only browsers have a `csrf` token.
    `expires` is when it ends unless it is used, as far as that was known when it was last written.
    """

    user_id: Annotated[str, ref("Users")] = ""
    digest: str = ""
    csrf: str = ""
    created: datetime | None = None
    expires: datetime | None = None
    last_seen: datetime | None = None
    is_remembered: bool = False
    means: str = ""
    device: str = ""
    address: str = ""


def _searched(user: User) -> str:
    """What a list of users is filtered by, and what finds those whom providers speak of."""
    claims = [claim.value or "" for identity in user.identities for claim in identity.claims.values()]
    return "\n".join([user.username, user.display_name, user.email_address, *claims]).casefold()


USERS = define(
    "Users",
    User,
    sa.Column("username", sa.Text, nullable=False),
    sa.Column("username_key", sa.Text, nullable=False),
    sa.Column("search_key", sa.Text),
    singular="user",
    computed={"username_key": lambda user: user.username.casefold(), "search_key": _searched},
    unique=[("username_key",)],
    order=("username_key",),
)
CREDENTIALS = define(
    "Credentials",
    Credentials,
    sa.Column("user_id", sa.Text, nullable=False),
    sa.Column("external_id", sa.Text),
    singular="credentials",
    audited=False,
    unique=[("user_id",), ("external_id",)],
    order=("seq",),
    owned_by=["Users"],
)
API_KEYS = define(
    "APIKeys",
    ApiKey,
    sa.Column("user_id", sa.Text, nullable=False),
    sa.Column("digest", sa.Text, nullable=False),
    singular="API key",
    quiet=["digest", "last_used"],
    unique=[("digest",)],
    order=("seq",),
    indexes=[("user_id", "seq")],
    owned_by=["Users"],
)
SESSIONS = define(
    "Sessions",
    PortalSession,
    sa.Column("user_id", sa.Text, nullable=False),
    sa.Column("digest", sa.Text, nullable=False),
    sa.Column("expires", sa.DateTime(timezone=True), nullable=False),
    singular="portal session",
    audited=False,
    unique=[("digest",)],
    order=("seq",),
    indexes=[("user_id",)],
    owned_by=["Users"],
)

register(
    User,
    {
        "Self": "/api/users/{Id}",
        "ApiKeys": "/api/users/{Id}/apikeys{/id}{?skip,take}",
        "Permissions": "/api/users/{Id}/permissions{?spaces,includeSystem}",
        "PermissionsConfiguration": "/api/users/{Id}/permissions/configuration{?spaces,includeSystem}",
        "RevokeSessions": "/api/users/{Id}/revoke-sessions",
        "Sessions": "/api/users/{Id}/sessions",
        "AccessToken": "/api/users/{Id}/access-token",
        "Spaces": "/api/users/{Id}/spaces",
        "Teams": "/api/users/{Id}/teams{?spaces,includeSystem}",
    },
)
register(ApiKey, {"Self": "/api/users/{UserId}/apikeys/{Id}"})
