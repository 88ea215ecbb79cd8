"""The providers there can be, and what each one's configuration must say before it may be used."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from polpo.features.configuration.sections import Section, add_section
from polpo.features.configuration.service import read_section
from polpo.features.identities.ending import end_sessions
from polpo.features.issuers.addresses import is_safe
from polpo.features.openidconnect.resource import (
    AzureAdConfiguration,
    GenericOidcConfiguration,
    GoogleAppsConfiguration,
    OctopusIdConfiguration,
    OktaConfiguration,
    OpenIdConnectConfiguration,
)
from polpo.kernel.errors import Invalid, NotBuilt, NotFound
from polpo.store.session import Session

C = TypeVar("C", bound=OpenIdConnectConfiguration)

SCOPES = ("openid", "profile", "email")

_DISPLAY_NAME = re.compile(r"[\w -]{1,60}")


@dataclass(frozen=True)
class Provider:
    """One way of signing in. `route` stands in addresses, `name` in identities and in what people read."""

    route: str
    name: str
    section: Section[Any]

    @property
    def means(self) -> str:
        return f"OpenID Connect ({self.name})"

    def configuration(self, session: Session) -> OpenIdConnectConfiguration:
        found: OpenIdConnectConfiguration = read_section(session, self.section)
        return found

    def button(self, configuration: OpenIdConnectConfiguration) -> str:
        return getattr(configuration, "display_name", None) or self.name


def provider_of(route: str) -> Provider:
    found = PROVIDERS.get(route.casefold())
    if found is None:
        named = ", ".join(provider.route for provider in PROVIDERS.values())
        raise NotFound(f"There is no sign-in provider '{route[:100]}'; there are {named}.")
    return found


def _settle(configuration: OpenIdConnectConfiguration, more: list[str]) -> None:
    configuration.issuer = (configuration.issuer or "").strip() or None
    configuration.client_id = (configuration.client_id or "").strip() or None
    faults = [*more]
    if configuration.issuer and not is_safe(configuration.issuer):
        faults.append(f"Issuer: '{configuration.issuer}' must begin with https:// (http:// on this machine only).")
    if configuration.is_enabled:
        for place, value in (("Issuer", configuration.issuer), ("ClientId", configuration.client_id)):
            if not value:
                faults.append(f"{place} is missing; a provider that is enabled needs it.")
    if faults:
        raise Invalid(faults[0] if len(faults) == 1 else "The provider cannot be saved.", faults)


def _settle_azure(configuration: AzureAdConfiguration) -> None:
    if configuration.scim_enabled:
        raise NotBuilt("ScimEnabled: this server does not take users from a directory by SCIM.")
    _settle(configuration, [])


def _settle_google(configuration: GoogleAppsConfiguration) -> None:
    configuration.hosted_domain = (configuration.hosted_domain or "").strip().lower() or None
    missing = configuration.is_enabled and not configuration.hosted_domain
    _settle(
        configuration, ["HostedDomain is missing: without it everybody at Google could sign in."] if missing else []
    )


def _settle_octopus(configuration: OctopusIdConfiguration) -> None:
    if configuration.allow_dynamic_registration:
        raise NotBuilt("AllowDynamicRegistration: register this server as a client, and enter its ClientId.")
    _settle(configuration, [])


def _settle_generic(configuration: GenericOidcConfiguration) -> None:
    scopes = list(dict.fromkeys(scope.strip() for scope in configuration.scopes or () if scope.strip()))
    configuration.scopes = scopes or None
    configuration.display_name = (configuration.display_name or "").strip() or None
    faults = []
    if scopes and "openid" not in scopes:
        faults.append("Scopes must contain 'openid'.")
    if any(re.search(r"[\s\"\\]", scope) for scope in scopes):
        faults.append("Scopes: each is one word.")
    if configuration.display_name and not _DISPLAY_NAME.fullmatch(configuration.display_name):
        faults.append("DisplayName: use up to 60 letters, digits, hyphens and spaces.")
    _settle(configuration, faults)


def _replaced(name: str) -> Callable[[Session, C, C], None]:
    def replaced(session: Session, before: C, after: C) -> None:
        """A secret goes to the issuer that it was entered for; and who signed in by what is now off, goes."""
        is_kept = after.client_secret.has_value and after.client_secret.new_value == before.client_secret.new_value
        if is_kept and after.issuer != before.issuer:
            sentence = "ClientSecret: enter it again, or clear it; the stored one was entered for another Issuer."
            raise Invalid(sentence, [sentence])
        if before.is_enabled and not after.is_enabled:
            end_sessions(session, f"OpenID Connect ({name})")

    return replaced


def _provider(
    route: str, name: str, section: str, document: type[C], settle: Callable[[C], None], description: str
) -> Provider:
    added = add_section(Section(section, "", name, description, document, settle, replaced=_replaced(name)))
    return Provider(route, name, added)


PROVIDERS = {
    provider.route.casefold(): provider
    for provider in (
        _provider(
            "GenericOidc",
            "OpenID Connect",
            "authentication-generic-oidc",
            GenericOidcConfiguration,
            _settle_generic,
            "Signing in by any provider that speaks OpenID Connect.",
        ),
        _provider(
            "AzureAD",
            "Azure AD",
            "authentication-aad",
            AzureAdConfiguration,
            _settle_azure,
            "Signing in by Microsoft Entra ID; the issuer names the tenant.",
        ),
        _provider(
            "GoogleApps",
            "Google Apps",
            "authentication-googleapps",
            GoogleAppsConfiguration,
            _settle_google,
            "Signing in by the Google accounts of one domain.",
        ),
        _provider(
            "Okta",
            "Okta",
            "authentication-od",
            OktaConfiguration,
            lambda configuration: _settle(configuration, []),
            "Signing in by Okta.",
        ),
        _provider(
            "OctopusID",
            "Octopus ID",
            "authentication-octopusid",
            OctopusIdConfiguration,
            _settle_octopus,
            "Signing in by an Octopus ID.",
        ),
    )
}


def enabled_providers(session: Session) -> list[tuple[Provider, OpenIdConnectConfiguration]]:
    """Those by which people can sign in now."""
    found = [(provider, provider.configuration(session)) for provider in PROVIDERS.values()]
    return [(provider, configuration) for provider, configuration in found if configuration.is_enabled]
