"""The ways of signing in over HTTP: by user name and password, and by each provider that is enabled."""

from __future__ import annotations

from polpo.features.authentication.resource import (
    CLAIMS,
    Authentication,
    AuthenticationProviderElement,
    ExternalSecurityGroupProvider,
    ExternalUserSearchResult,
    IdentityMetadata,
    LoginInitiated,
    UserAuthentication,
    UserIdentityMetadata,
)
from polpo.features.openidconnect.providers import enabled_providers
from polpo.features.users.accounts import own_or_require
from polpo.features.users.resource import USERS
from polpo.rest.call import Call
from polpo.rest.permissions import Permission
from polpo.rest.routes import Routes
from polpo.store.session import Session

routes = Routes("authentication", scope="system")

PASSWORDS = "Username and password"


def _providers(session: Session) -> list[AuthenticationProviderElement]:
    form = AuthenticationProviderElement(
        name=PASSWORDS,
        identity_type="UsernamePassword",
        forms_login_enabled=True,
        links={"Authenticate": "/api/users/login{?returnUrl}"},
    )
    return [form, *_outside(session)]


def _outside(session: Session) -> list[AuthenticationProviderElement]:
    return [
        AuthenticationProviderElement(
            name=provider.button(configuration),
            identity_type="OAuth",
            links={"Authenticate": f"/api/users/authenticate/{provider.route}{{?returnUrl}}"},
        )
        for provider, configuration in enabled_providers(session)
    ]


@routes.get("/authentication", "anonymous")
def authentication(call: Call) -> Authentication:
    """The ways of signing in that this server offers"""
    providers = _providers(call.session)
    return Authentication(
        id="Authentication", authentication_providers=providers, links={"Self": "/api/authentication"}
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
        authentication_providers=[] if user.is_service else _providers(call.session),
        can_current_user_edit_identities_for_user=call.caller.is_administrator,
        links={"Self": f"/api/users/authentication/{user.id}"},
    )


@routes.get("/users/identity-metadata", "signed in")
def identity_metadata(call: Call) -> UserIdentityMetadata:
    """What identifies users to each way of signing in"""
    names = [PASSWORDS, *(provider.name for provider, _ in enabled_providers(call.session))]
    return UserIdentityMetadata(
        id="identity-metadata",
        providers=[_metadata(name) for name in names],
        links={"Self": "/api/users/identity-metadata"},
    )


def _metadata(name: str) -> IdentityMetadata:
    claims = () if name == PASSWORDS else CLAIMS
    return IdentityMetadata(id=name, identity_provider_name=name, claim_descriptors={one.type: one for one in claims})


@routes.get("/users/external-search", Permission.USER_EDIT, query=("partialName",))
def external_users(_call: Call) -> list[ExternalUserSearchResult]:
    """Users that other systems know by a part of their name; no such system is connected"""
    return []


@routes.get("/externalsecuritygroupproviders", "signed in")
def group_providers(call: Call) -> list[ExternalSecurityGroupProvider]:
    """The providers whose groups can be members of teams"""
    return [
        ExternalSecurityGroupProvider(
            id=provider.section.id, name=provider.button(configuration), is_role_based=True, supports_group_lookup=False
        )
        for provider, configuration in enabled_providers(call.session)
        if hasattr(configuration, "role_claim_type")
    ]
