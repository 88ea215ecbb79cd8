"""The ways of signing in over HTTP. There is one, by user name and password; none that lives outside this server."""

from __future__ import annotations

from polpo.features.authentication.resource import (
    Authentication,
    AuthenticationProviderElement,
    ExternalSecurityGroupProvider,
    ExternalUserSearchResult,
    IdentityMetadata,
    LoginInitiated,
    UserAuthentication,
    UserIdentityMetadata,
)
from polpo.features.users.accounts import own_or_require
from polpo.features.users.resource import USERS
from polpo.rest.call import Call
from polpo.rest.permissions import Permission
from polpo.rest.routes import Routes

routes = Routes("authentication", scope="system")

PASSWORDS = "Username and password"


def _providers() -> list[AuthenticationProviderElement]:
    form = AuthenticationProviderElement(
        name=PASSWORDS,
        identity_type="UsernamePassword",
        forms_login_enabled=True,
        links={"Authenticate": "/api/users/login{?returnUrl}"},
    )
    return [form]


@routes.get("/authentication", "anonymous")
def authentication(_call: Call) -> Authentication:
    """The ways of signing in that this server offers"""
    return Authentication(
        id="Authentication", authentication_providers=_providers(), links={"Self": "/api/authentication"}
    )


@routes.post("/authentication/checklogininitiated", "anonymous")
async def login_initiated(_call: Call, body: LoginInitiated) -> LoginInitiated:
    """Whether a sign-in that another system began is under way; there is no such system"""
    return LoginInitiated(id=body.id, provider_name=body.provider_name)


@routes.get("/users/authentication", "signed in")
def own_authentication(call: Call) -> UserAuthentication:
    """How the caller can sign in"""
    return _of_user(call, call.caller.user_id)


@routes.get("/users/authentication/{id}", "signed in")
def user_authentication(call: Call, id: str) -> UserAuthentication:
    """How a user can sign in; a service account cannot"""
    own_or_require(call, id, Permission.USER_VIEW)
    return _of_user(call, id)


def _of_user(call: Call, user_id: str) -> UserAuthentication:
    user = call.session.get(USERS, user_id)
    return UserAuthentication(
        id=user.id,
        authentication_providers=[] if user.is_service else _providers(),
        can_current_user_edit_identities_for_user=call.caller.is_administrator,
        links={"Self": f"/api/users/authentication/{user.id}"},
    )


@routes.get("/users/identity-metadata", "signed in")
def identity_metadata(_call: Call) -> UserIdentityMetadata:
    """What identifies users to each way of signing in"""
    passwords = IdentityMetadata(id=PASSWORDS, identity_provider_name=PASSWORDS)
    return UserIdentityMetadata(
        id="identity-metadata", providers=[passwords], links={"Self": "/api/users/identity-metadata"}
    )


@routes.get("/users/external-search", Permission.USER_EDIT, query=("partialName",))
def external_users(_call: Call) -> list[ExternalUserSearchResult]:
    """Users that other systems know by a part of their name; no such system is connected"""
    return []


@routes.get("/externalsecuritygroupproviders", "signed in")
def group_providers(_call: Call) -> list[ExternalSecurityGroupProvider]:
    """The systems whose groups can be members of teams; none is connected"""
    return []
