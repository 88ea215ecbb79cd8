"""The ways of signing in over HTTP: by user name and password, and by each provider that is enabled."""

from __future__ import annotations

from polpo.features.authentication.resource import (
    CLAIMS,
    DIRECTORY_CLAIMS,
    Authentication,
    AuthenticationProviderElement,
    ExternalSecurityGroupProvider,
    ExternalUserSearchResult,
    IdentityMetadata,
    LoginInitiated,
    UserAuthentication,
    UserIdentityMetadata,
)
from polpo.features.identities.resource import DISPLAY_NAME
from polpo.features.ldap.section import LDAP
from polpo.features.ldap.section import is_enabled as ldap_is_enabled
from polpo.features.ldap.service import find_people
from polpo.features.openidconnect.providers import enabled_providers
from polpo.features.users.accounts import own_or_require
from polpo.features.users.guest import GUESTS, guest_is_enabled
from polpo.features.users.policy import authentication_of, passwords_of
from polpo.features.users.resource import USERS
from polpo.rest.call import Call
from polpo.rest.permissions import Permission
from polpo.rest.routes import Routes
from polpo.store.session import Session

routes = Routes("authentication", scope="system")

PASSWORDS = "Username and password"

_DIRECTORY_GROUPS = ExternalSecurityGroupProvider(
    id=LDAP.id, name=LDAP.name, supports_group_lookup=True, lookup_uri="/api/externalgroups/ldap{?partialName}"
)


def _providers(session: Session) -> list[AuthenticationProviderElement]:
    forms = {PASSWORDS: "UsernamePassword"} if passwords_of(session).is_enabled else {}
    if ldap_is_enabled(session):
        forms[LDAP.name] = "ActiveDirectory"
    return [*(_form(name, kind) for name, kind in forms.items()), *_outside(session), *_guests(session)]


def _form(name: str, kind: str) -> AuthenticationProviderElement:
    return AuthenticationProviderElement(
        name=name,
        identity_type=kind,
        forms_login_enabled=True,
        links={"Authenticate": "/api/users/login{?returnUrl}"},
    )


def _guests(session: Session) -> list[AuthenticationProviderElement]:
    """Signing in under the name `guest` takes no password, so there is nothing to fill in."""
    way = {"Authenticate": "/api/users/login{?returnUrl}"}
    guests = AuthenticationProviderElement(name=GUESTS.name, identity_type="Guest", links=way)
    return [guests] if guest_is_enabled(session) else []


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
    session = call.session
    return Authentication(
        id="Authentication",
        authentication_providers=_providers(session),
        any_authentication_providers_support_password_management=passwords_of(session).is_enabled,
        auto_login_enabled=authentication_of(session).auto_login_enabled,
        links={"Self": "/api/authentication"},
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
    if ldap_is_enabled(call.session):
        names.append(LDAP.name)
    return UserIdentityMetadata(
        id="identity-metadata",
        providers=[_metadata(name) for name in names],
        links={"Self": "/api/users/identity-metadata"},
    )


def _metadata(name: str) -> IdentityMetadata:
    claims = {PASSWORDS: (), LDAP.name: (*CLAIMS, *DIRECTORY_CLAIMS)}.get(name, CLAIMS)
    links = {"UserSearch": "/api/externalusers/ldap{?partialName}"} if name == LDAP.name else {}
    described = {one.type: one for one in claims}
    return IdentityMetadata(id=name, identity_provider_name=name, claim_descriptors=described, links=links)


@routes.get("/users/external-search", Permission.USER_EDIT, query=("partialName",))
async def external_users(call: Call) -> list[ExternalUserSearchResult]:
    """People whom the directory knows by a part of their name"""
    with call.reading() as reading:
        if not ldap_is_enabled(reading.session):
            return []
    found = await find_people(call, call.text("partialName") or "")
    return [ExternalUserSearchResult(display_name=one.claim(DISPLAY_NAME), identities=[one]) for one in found]


@routes.get("/externalsecuritygroupproviders", "signed in")
def group_providers(call: Call) -> list[ExternalSecurityGroupProvider]:
    """The providers whose groups can be members of teams"""
    of_tokens = [
        ExternalSecurityGroupProvider(
            id=provider.section.id, name=provider.button(configuration), is_role_based=True, supports_group_lookup=False
        )
        for provider, configuration in enabled_providers(call.session)
        if hasattr(configuration, "role_claim_type")
    ]
    return [*of_tokens, _DIRECTORY_GROUPS] if ldap_is_enabled(call.session) else of_tokens
