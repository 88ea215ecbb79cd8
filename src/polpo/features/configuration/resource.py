"""The sections as they are sent, and the one kind that keeps them all."""

from __future__ import annotations

from typing import Any, Literal

import msgspec

from polpo.rest.links import register
from polpo.store.documents import Document, Resource, SensitiveValue
from polpo.store.kinds import define


class StoredSection(Document):
    """`values` are the section's as sent, without its secrets; `secrets` are those, by their place in it."""

    name: str = ""
    values: dict[str, Any] = {}
    secrets: dict[str, SensitiveValue] = {}


SECTIONS = define("Configuration", StoredSection, singular="configuration section", order=("seq",))


class FeaturesConfiguration(Document):
    """Which parts of the server people see."""

    is_built_in_worker_enabled: bool = True
    is_community_action_templates_enabled: bool = True
    is_automatic_step_updates_enabled: bool = True
    is_composite_docker_hub_registry_feed_enabled: bool = False
    is_configuration_as_code_enabled: bool = True
    is_configuration_as_code_for_runbooks_enabled: bool = True
    is_configure_feeds_with_local_or_smb_paths_enabled: bool = False
    is_git_hub_app_enabled: bool = False
    is_help_sidebar_enabled: bool = True
    is_kubernetes_cloud_target_discovery_enabled: bool = False
    is_kubernetes_enabled: bool = True
    is_navigation_visual_uplift_enabled: bool = False
    is_projects_page_onboarding_enabled: bool = False
    is_projects_page_optimization_enabled: bool = False
    is_service_message_resource_creation_enabled: bool = True
    is_step_ui_framework_enabled: bool = False
    is_webhook_trigger_enabled: bool = False
    default_power_shell_edition: str = "Desktop"
    help_sidebar_support_link: str | None = None
    help_sidebar_support_link_label: str | None = None


class PerformanceConfiguration(Document):
    default_dashboard_render_mode: Literal["VirtualizeColumns", "VirtualizeRowsAndColumns"] = "VirtualizeColumns"


class MaintenanceConfiguration(Document):
    """In maintenance mode only administrators change anything; tasks go on."""

    is_in_maintenance_mode: bool = False


class UpgradeConfiguration(Document):
    notification_mode: Literal["AlwaysShow", "ShowOnlyMajorMinor", "NeverShow"] = "NeverShow"
    include_statistics: bool = False
    allow_checking: bool = False


class SmtpCredentialDetails(Resource):
    """`new_smtp_password` is how some clients send a password; it is never sent back."""

    credential_type: str = "UsernamePassword"
    smtp_login: str | None = None
    smtp_password: SensitiveValue = msgspec.field(default_factory=SensitiveValue)
    new_smtp_password: str | None = None
    google_audience: str | None = None
    google_service_account: str | None = None
    azure_audience: str | None = None
    azure_client_id: str | None = None
    azure_tenant_id: str | None = None


class SmtpConfiguration(Document):
    """How mail is sent. Login and password are also the `details`, as newer clients write them."""

    smtp_host: str = ""
    smtp_port: int | None = 25
    send_email_from: str = ""
    enable_ssl: bool = False
    timeout: int | None = 12000
    smtp_login: str | None = None
    smtp_password: SensitiveValue = msgspec.field(default_factory=SensitiveValue)
    details: SmtpCredentialDetails | None = None


class SmtpIsConfigured(Document):
    is_configured: bool = False


class LetsEncryptConfiguration(Document):
    """The server is given its certificates as files and fetches none, so this cannot be enabled."""

    enabled: bool = False
    dns_name: str = ""
    registration_email_address: str = ""
    accept_lets_encrypt_terms_of_service: bool = False
    https_port: int = 443
    ip_address: str = msgspec.field(default="", name="IPAddress")
    path: str = ""
    certificate_thumbprint: str | None = None
    certificate_expiry_date: str | None = None


class XOptions(Resource):
    """Who may show the portal in a frame: `Deny`, `SameOrigin`, `AllowFrom` (then one address), or `None` for all."""

    x_frame_options: str = "Deny"
    x_frame_option_allow_from: str | None = None


class WebPortalSecurity(Resource):
    """`cors_whitelist` are origins of other web pages that may read the API, separated by commas; `*` is all of them,
    then without cookies. The age of HTTP Strict Transport Security is in seconds; it is said over HTTPS only.
    """

    content_security_policy_enabled: bool = True
    cors_whitelist: str | None = None
    http_strict_transport_security_enabled: bool = False
    http_strict_transport_security_max_age: int = 31_556_926
    referrer_policy: str = "no-referrer"
    x_options: XOptions = msgspec.field(default_factory=XOptions)


class WebPortalLogging(Resource):
    """`trusted_proxies` are addresses and networks of reverse proxies, which say who really calls."""

    trusted_proxies: list[str] = []


class WebPortalConfiguration(Document):
    security: WebPortalSecurity = msgspec.field(default_factory=WebPortalSecurity)
    logging: WebPortalLogging = msgspec.field(default_factory=WebPortalLogging)


class ServerConfiguration(Document):
    """`server_uri` is the address by which people reach the server: it stands in links and mails."""

    server_uri: str | None = None


class TelemetryConfiguration(Document):
    """This server sends nothing about itself, so it cannot be enabled."""

    enabled: bool = False
    is_telemetry_enforced: bool = False
    show_as_new_until: str | None = None


class RetentionDefaultConfiguration(Document):
    """For how many days events stay in the database before they go to the archive; null means 90."""

    retention_days: int | None = None


class ConfigurationSection(Document):
    """One entry in the list of sections."""

    name: str = ""
    description: str = ""


class OptionsMetadata(Resource):
    """What can be chosen: the text that is sent, and the one that people read."""

    select_mode: str = "Single"
    values: dict[str, str] = {}


class DisplayInfo(Resource):
    """`read_only` settings are kept for the clients that know them; this server does not act on them."""

    label: str = ""
    description: str = ""
    required: bool = False
    read_only: bool = False
    sensitive: bool = False
    show_copy_to_clipboard: bool = False
    list_api: None = None
    options: OptionsMetadata | None = None
    property_applicability: None = None
    connectivity_check: None = None


class PropertyMetadata(Resource):
    name: str
    type: str
    display_info: DisplayInfo


class TypeMetadata(Resource):
    name: str
    properties: list[PropertyMetadata]


class Metadata(Resource):
    """How to show a section to people."""

    description: str
    types: list[TypeMetadata]


class ConfiguredFeatureToggle(Resource):
    name: str
    is_enabled: bool


class FeatureToggleConfiguration(Resource):
    feature_toggles: list[ConfiguredFeatureToggle]


_SELF = "/api/configuration/{Id}"
register(ConfigurationSection, {"Self": _SELF, "Metadata": _SELF + "/metadata", "Values": _SELF + "/values"})
register(SmtpIsConfigured, {"Self": "/api/smtpconfiguration/isconfigured"})
