"""Which sections there are, where they stand, and what each refuses."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar
from urllib.parse import urlsplit

from polpo.features.configuration.resource import (
    FeaturesConfiguration,
    LetsEncryptConfiguration,
    MaintenanceConfiguration,
    PerformanceConfiguration,
    RetentionDefaultConfiguration,
    ServerConfiguration,
    SmtpConfiguration,
    SmtpCredentialDetails,
    TelemetryConfiguration,
    UpgradeConfiguration,
    WebPortalConfiguration,
)
from polpo.features.configuration.webportal import settle_web_portal
from polpo.kernel.errors import Invalid, NotBuilt
from polpo.rest.links import register
from polpo.rest.permissions import Permission
from polpo.rest.routes import Access
from polpo.store.documents import Document
from polpo.store.session import Session

T = TypeVar("T", bound=Document)

_MOST_DAYS = 36_500
_LONGEST_TIMEOUT = 600_000
_LARGEST_PORT = 65_535


@dataclass(frozen=True)
class Section(Generic[T]):
    """`settle` completes what a client wrote, or refuses it. Without a path it is read and replaced by its id only.

    `replaced` is told what the section was before and is now, in the transaction that changes it.
    """

    id: str
    path: str
    name: str
    description: str
    document: type[T]
    settle: Callable[[T], None] = lambda _document: None
    view: Access = Permission.CONFIGURE_SERVER
    replaced: Callable[[Session, T, T], None] = lambda _session, _before, _after: None


def _settle_smtp(smtp: SmtpConfiguration) -> None:
    details = smtp.details
    if details is not None:
        smtp.smtp_login = details.smtp_login or smtp.smtp_login
        if details.new_smtp_password is not None:
            details.smtp_password.new_value, details.new_smtp_password = details.new_smtp_password, None
        if details.smtp_password.new_value is not None or details.smtp_password.has_value:
            smtp.smtp_password = details.smtp_password
    faults = []
    if smtp.smtp_port is not None and not 0 < smtp.smtp_port <= _LARGEST_PORT:
        faults.append(f"SmtpPort must be from 1 to {_LARGEST_PORT}; it is {smtp.smtp_port}.")
    if smtp.timeout is not None and not 0 < smtp.timeout <= _LONGEST_TIMEOUT:
        faults.append(f"Timeout is in milliseconds, from 1 to {_LONGEST_TIMEOUT}; it is {smtp.timeout}.")
    if smtp.send_email_from and "@" not in smtp.send_email_from:
        faults.append("SendEmailFrom must be an e-mail address.")
    if faults:
        raise Invalid(faults[0], faults)
    smtp.details = _only_other_credentials(details)


def _only_other_credentials(details: SmtpCredentialDetails | None) -> SmtpCredentialDetails | None:
    """Login and password are kept once, in the section itself; `show_details` puts them back."""
    if details is not None:
        details.smtp_login, details.smtp_password = None, type(details.smtp_password)()
    return details


def show_details(smtp: SmtpConfiguration) -> SmtpConfiguration:
    smtp.details = smtp.details or SmtpCredentialDetails()
    smtp.details.smtp_login, smtp.details.smtp_password = smtp.smtp_login, smtp.smtp_password
    return smtp


def _settle_server(server: ServerConfiguration) -> None:
    if not server.server_uri:
        return
    try:
        parts = urlsplit(server.server_uri)
        fits = parts.scheme in {"http", "https"} and bool(parts.hostname) and (parts.port or 0) >= 0
    except ValueError:
        fits = False
    if not fits:
        sentence = "ServerUri must be an address that begins with https:// or http://."
        raise Invalid(sentence, [sentence])


def _refuse_certificates(letsencrypt: LetsEncryptConfiguration) -> None:
    if letsencrypt.enabled:
        raise NotBuilt(
            "This server fetches no certificates itself: let certbot do it, and name its files in tls_certificate and"
            " tls_key."
        )


def _refuse_telemetry(telemetry: TelemetryConfiguration) -> None:
    if telemetry.enabled:
        raise NotBuilt("This server sends nothing about itself, so there is nothing to enable.")


def _settle_retention(retention: RetentionDefaultConfiguration) -> None:
    if retention.retention_days is not None and not 0 < retention.retention_days <= _MOST_DAYS:
        sentence = f"RetentionDays must be from 1 to {_MOST_DAYS}; it is {retention.retention_days}."
        raise Invalid(sentence, [sentence])


MAINTENANCE = Section(
    "maintenance",
    "/maintenanceconfiguration",
    "Maintenance mode",
    "Lets only administrators change anything, while running and queued tasks go on.",
    MaintenanceConfiguration,
)
SMTP = Section(
    "smtp",
    "/smtpconfiguration",
    "SMTP",
    "The mail server that steps and subscriptions send by.",
    SmtpConfiguration,
    _settle_smtp,
)
SERVER = Section(
    "server",
    "/serverconfiguration",
    "Server",
    "The address by which people reach this server.",
    ServerConfiguration,
    _settle_server,
    view="signed in",
)
RETENTION = Section(
    "retention-default",
    "/configuration/retention-default",
    "Retention",
    "How many days events stay in the database before they go to the archive.",
    RetentionDefaultConfiguration,
    _settle_retention,
)
WEB_PORTAL = Section(
    "webportal",
    "",
    "Web portal",
    "How browsers are told to protect the portal, who else may read the API, and which proxies are trusted.",
    WebPortalConfiguration,
    settle_web_portal,
)
FEATURES = Section(
    "features",
    "/featuresconfiguration",
    "Features",
    "Which parts of the server people see, and whether steps may run on the server itself.",
    FeaturesConfiguration,
    view="signed in",
)

ALL: dict[str, Section[Any]] = {
    section.id: section
    for section in (
        FEATURES,
        Section(
            "performance",
            "/performanceconfiguration",
            "Performance",
            "How large dashboards are drawn.",
            PerformanceConfiguration,
            view="signed in",
        ),
        MAINTENANCE,
        Section(
            "upgrade",
            "/upgradeconfiguration",
            "Upgrades",
            "Whether people are told of newer versions.",
            UpgradeConfiguration,
            view="signed in",
        ),
        SMTP,
        Section(
            "letsencrypt",
            "/letsencryptconfiguration",
            "Let's Encrypt",
            "Certificates for the portal.",
            LetsEncryptConfiguration,
            _refuse_certificates,
        ),
        SERVER,
        Section(
            "telemetry",
            "/telemetryconfiguration",
            "Telemetry",
            "What the server tells its makers.",
            TelemetryConfiguration,
            _refuse_telemetry,
        ),
        RETENTION,
        WEB_PORTAL,
    )
}

for _section in ALL.values():
    register(_section.document, {"Self": f"/api{_section.path or '/configuration/{Id}/values'}"})


def add_section(section: Section[T]) -> Section[T]:
    """Makes a section of another feature one of the server's, at /api/configuration."""
    ALL[section.id] = section
    register(section.document, {"Self": f"/api/configuration/{section.id}/values"})
    return section
