"""The configuration of each provider as sent, and an attempt to sign in."""

from __future__ import annotations

from datetime import datetime

import msgspec
import sqlalchemy as sa

from polpo.store.documents import Document, Resource, SensitiveValue
from polpo.store.kinds import define


class OpenIdConnectConfiguration(Document):
    """What all providers need. Without a client secret, the proof key alone shows that the code is this server's.

    `allow_email_matching` lets a person whose e-mail address the provider has verified be the user who has it.
    """

    is_enabled: bool = False
    issuer: str | None = None
    client_id: str | None = None
    client_secret: SensitiveValue = msgspec.field(default_factory=SensitiveValue)
    allow_auto_user_creation: bool | None = True
    allow_email_matching: bool = False


class AzureAdConfiguration(OpenIdConnectConfiguration):
    role_claim_type: str | None = "roles"
    scim_enabled: bool | None = False


class GoogleAppsConfiguration(OpenIdConnectConfiguration):
    """`hosted_domain` is the one whose people may sign in; Google signs for everybody."""

    issuer: str | None = "https://accounts.google.com"
    hosted_domain: str | None = None


class OctopusIdConfiguration(OpenIdConnectConfiguration):
    allow_dynamic_registration: bool | None = False
    m2m_client_id: str | None = msgspec.field(default=None, name="M2MClientId")
    m2m_resource_server_identifier: str | None = msgspec.field(default=None, name="M2MResourceServerIdentifier")
    m2m_registered_at: datetime | None = msgspec.field(default=None, name="M2MRegisteredAt")


class OktaConfiguration(OpenIdConnectConfiguration):
    role_claim_type: str | None = "groups"
    username_claim_type: str | None = "preferred_username"


class GenericOidcConfiguration(OpenIdConnectConfiguration):
    """`display_name` stands on the button of the sign-in page. `resource` is what some providers want to be told."""

    role_claim_type: str | None = "groups"
    username_claim_type: str | None = "preferred_username"
    resource: str | None = None
    scopes: list[str] | None = None
    display_name: str | None = None


class SignInAttempt(Document):
    """Somebody who was sent to a provider. `state` and `browser` are digests of what only that browser has.

    `verifier` is sealed: together with the code it is what the provider takes for a token.
    """

    provider: str = ""
    issuer: str = ""
    state: str = ""
    browser: str = ""
    nonce: str = ""
    verifier: SensitiveValue = msgspec.field(default_factory=SensitiveValue)
    redirect_uri: str = ""
    return_to: str = ""
    expires: datetime | None = None


class StartSignIn(Resource):
    redirect_after_login_to: str | None = None


class LoginRedirect(Resource):
    """Where the browser is to go."""

    external_authentication_url: str


SIGN_IN_ATTEMPTS = define(
    "SignInAttempts",
    SignInAttempt,
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("expires", sa.DateTime(timezone=True), nullable=False),
    singular="sign-in attempt",
    audited=False,
    unique=[("state",)],
    order=("seq",),
    indexes=[("expires",)],
)
