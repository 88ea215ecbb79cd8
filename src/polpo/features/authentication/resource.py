"""The ways of signing in, as sent."""

from __future__ import annotations

import msgspec

from polpo.features.identities.resource import ACCOUNT_NAME, DISPLAY_NAME, EMAIL, EXTERNAL_ID, PRINCIPAL_NAME
from polpo.features.users.resource import Identity
from polpo.store.documents import Document, Resource


class AuthenticationProviderElement(Resource):
    name: str = ""
    identity_type: str = ""
    forms_login_enabled: bool = False
    css_links: list[str] = msgspec.field(default_factory=list, name="CSSLinks")
    javascript_links: list[str] = []
    links: dict[str, str] = {}


class Authentication(Document):
    authentication_providers: list[AuthenticationProviderElement] = []
    any_authentication_providers_support_password_management: bool = True
    auto_login_enabled: bool = False


class UserAuthentication(Document):
    authentication_providers: list[AuthenticationProviderElement] = []
    can_current_user_edit_identities_for_user: bool = True


class ClaimDescriptor(Resource):
    type: str
    label: str
    description: str = ""
    is_identifying_claim: bool = True


CLAIMS = (
    ClaimDescriptor(type=EXTERNAL_ID, label="External id", description="What the provider calls the user for ever."),
    ClaimDescriptor(type=EMAIL, label="E-mail address", description="Counts when the provider has verified it."),
    ClaimDescriptor(type=DISPLAY_NAME, label="Display name", is_identifying_claim=False),
)
DIRECTORY_CLAIMS = (
    ClaimDescriptor(type=PRINCIPAL_NAME, label="User principal name"),
    ClaimDescriptor(type=ACCOUNT_NAME, label="Account name", description="What the user signs in with."),
)


class IdentityMetadata(Document):
    """By which claims a provider tells its users from each other, by the names of the claims."""

    identity_provider_name: str = ""
    claim_descriptors: dict[str, ClaimDescriptor] = {}


class UserIdentityMetadata(Document):
    providers: list[IdentityMetadata] = []


class LoginInitiated(Document):
    provider_name: str | None = None
    was_login_initiated: bool = False


class ExternalUserSearchResult(Resource):
    display_name: str = ""
    identities: list[Identity] = []


class ExternalSecurityGroupProvider(Resource):
    id: str = ""
    name: str = ""
    is_role_based: bool = False
    supports_group_lookup: bool = False
    lookup_uri: str = ""
