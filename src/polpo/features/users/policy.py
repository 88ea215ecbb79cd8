"""What administrators decide about signing in: sections of the configuration, named as clients know them."""

from __future__ import annotations

from datetime import timedelta

import msgspec

from polpo.features.configuration.resource import SECTIONS
from polpo.features.configuration.sections import Section, add_section
from polpo.features.configuration.service import read_section
from polpo.features.users.passwords import LONGEST, SHORTEST
from polpo.kernel.errors import Invalid, NotBuilt
from polpo.store.documents import Document, Resource
from polpo.store.session import Session

_LONGEST_SESSION = 366 * 24 * 3600
_SHORTEST_SESSION = 60
_MOST_DAYS = 36_500


class OidcIssuer(Resource):
    oidc_issuer_url: str | None = None


class AuthenticationConfiguration(Document):
    """Of every way to sign in. A session ends when it was not used for the time-out, unless it is remembered.

    Either ends at the maximum. API keys live for ever unless `api_key_max_expiry_days` says otherwise.
    """

    auto_login_enabled: bool = False
    is_self_service_identity_editing_enabled: bool = False
    trusted_redirect_urls: list[str] = []
    cookie_domain: str | None = None
    session_timeout_in_seconds: int = 20 * 60
    maximum_session_duration_in_seconds: int = 20 * 24 * 3600
    remember_me_enabled: bool = True
    user_api_keys_enabled: bool = True
    api_key_default_expiry_days: int | None = None
    api_key_max_expiry_days: int | None = None
    oidc_configuration_settings: OidcIssuer = msgspec.field(default_factory=OidcIssuer)

    @property
    def idle(self) -> timedelta:
        return timedelta(seconds=self.session_timeout_in_seconds)

    @property
    def longest(self) -> timedelta:
        return timedelta(seconds=self.maximum_session_duration_in_seconds)


class UsernamePasswordConfiguration(Document):
    """`minimum_password_length` is asked of passwords that are set from now on."""

    is_enabled: bool = True
    minimum_password_length: int = SHORTEST


def _settle_authentication(section: AuthenticationConfiguration) -> None:
    section.cookie_domain = (section.cookie_domain or "").strip().lower() or None
    faults = [
        f"{name} is in seconds, from {_SHORTEST_SESSION} to {_LONGEST_SESSION}; it is {number}."
        for name, number in (
            ("SessionTimeoutInSeconds", section.session_timeout_in_seconds),
            ("MaximumSessionDurationInSeconds", section.maximum_session_duration_in_seconds),
        )
        if not _SHORTEST_SESSION <= number <= _LONGEST_SESSION
    ]
    faults += [
        f"{name} must be from 1 to {_MOST_DAYS}, or nothing; it is {days}."
        for name, days in (
            ("ApiKeyDefaultExpiryDays", section.api_key_default_expiry_days),
            ("ApiKeyMaxExpiryDays", section.api_key_max_expiry_days),
        )
        if days is not None and not 0 < days <= _MOST_DAYS
    ]
    if (section.api_key_default_expiry_days or 0) > (section.api_key_max_expiry_days or _MOST_DAYS):
        faults.append("ApiKeyDefaultExpiryDays must not be more than ApiKeyMaxExpiryDays.")
    if section.cookie_domain and not _is_domain(section.cookie_domain):
        faults.append(
            f"CookieDomain must be the name of a domain, such as example.com; it is '{section.cookie_domain}'."
        )
    if faults:
        raise Invalid(faults[0] if len(faults) == 1 else "The section cannot be saved.", faults)
    _refuse_unbuilt(section)


def _refuse_unbuilt(section: AuthenticationConfiguration) -> None:
    if section.trusted_redirect_urls:
        raise NotBuilt("This server leads back to its own pages only after a sign-in; leave TrustedRedirectUrls empty.")
    if section.oidc_configuration_settings.oidc_issuer_url:
        raise NotBuilt("The tokens of this server name its ServerUri as their issuer; set that instead.")


def _is_domain(text: str) -> bool:
    return len(text) <= 253 and all(part.isascii() and part.replace("-", "").isalnum() for part in text.split("."))


def _settle_passwords(section: UsernamePasswordConfiguration) -> None:
    if not SHORTEST <= section.minimum_password_length <= LONGEST:
        sentence = (
            f"MinimumPasswordLength must be from {SHORTEST} to {LONGEST}; it is {section.minimum_password_length}."
        )
        raise Invalid(sentence, [sentence])


AUTHENTICATION = add_section(
    Section(
        "authentication",
        "",
        "Authentication",
        "How long sessions and API keys live, whatever people sign in by.",
        AuthenticationConfiguration,
        _settle_authentication,
    )
)
PASSWORDS = add_section(
    Section(
        "authentication-usernamepassword",
        "",
        "Username / Password",
        "Signing in by user name and password.",
        UsernamePasswordConfiguration,
        _settle_passwords,
    )
)


def authentication_of(session: Session) -> AuthenticationConfiguration:
    return session.remembered((SECTIONS,), AUTHENTICATION.id, lambda: read_section(session, AUTHENTICATION))


def passwords_of(session: Session) -> UsernamePasswordConfiguration:
    return session.remembered((SECTIONS,), PASSWORDS.id, lambda: read_section(session, PASSWORDS))


def shortest_password(session: Session) -> int:
    return passwords_of(session).minimum_password_length


def allow_passwords(session: Session) -> None:
    """Refuses where nobody signs in by password."""
    if not passwords_of(session).is_enabled:
        raise Invalid("Signing in by user name and password is switched off on this server; choose another way.")
