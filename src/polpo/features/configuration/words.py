"""What people read at the settings: a label and, where it is needed, what the setting is for.

By the name of the setting; where two sections mean different things by one name, by the document's name, a dot and it.
`NOT_FOLLOWED` are settings that clients know and this server keeps but does not act on.
"""

from __future__ import annotations

WORDS: dict[str, tuple[str, str]] = {
    # -- the server
    "ServerUri": ("Address", "By which people reach the server. It stands in links, in mails and in tokens."),
    "IsInMaintenanceMode": ("Maintenance mode", "Only administrators change anything; running and queued tasks go on."),
    "RetentionDays": ("Keep events for", "In days; then they go to the archive, a file for each day. Empty means 90."),
    "IsBuiltInWorkerEnabled": (
        "Run steps on the server",
        "Steps and scripts without a worker run on the server itself. Switched off, they need a worker.",
    ),
    "Enabled": ("Switched on", ""),
    # -- mail
    "SmtpHost": ("Mail server", "Such as smtp.example.com. Empty means that no mail is sent."),
    "SmtpPort": ("Port", "Mostly 587 with STARTTLS, 465 with TLS, or 25."),
    "SendEmailFrom": ("Sender", "The address that mails come from."),
    "EnableSsl": ("Encrypt the connection", "By TLS. Without it, the password can be read on the way."),
    "Timeout": ("Give up after", "In milliseconds."),
    "SmtpLogin": ("User name", "Empty where the mail server asks for none."),
    "SmtpPassword": ("Password", ""),
    # -- the portal and the API in browsers
    "Security": ("Protection in browsers", ""),
    "Logging": ("Who calls", ""),
    "ContentSecurityPolicyEnabled": (
        "Content security policy",
        "Browsers run no script in the portal but the portal's own.",
    ),
    "CorsWhitelist": (
        "Web pages that may read the API",
        "Their origins, with commas between them, such as https://tools.example.com. Empty means none.",
    ),
    "HttpStrictTransportSecurityEnabled": (
        "HTTPS only from now on",
        "Browsers that came over HTTPS once never come without it again.",
    ),
    "HttpStrictTransportSecurityMaxAge": ("HTTPS only for", "In seconds; browsers remember it for so long."),
    "ReferrerPolicy": ("Referrer policy", "What browsers tell other sites of the page that a link was on."),
    "XOptions": ("Frames", ""),
    "XFrameOptions": ("Other pages may show the portal in a frame", "Deny, SameOrigin, AllowFrom or None (all may)."),
    "XFrameOptionAllowFrom": ("The page that may", "With AllowFrom: its address."),
    "TrustedProxies": (
        "Trusted proxies",
        "Addresses or networks of your reverse proxies, such as 10.0.0.0/8. Of what they say, who calls is believed.",
    ),
    # -- the audit stream
    "AuditStreamConfiguration.IsEnabled": ("Stream events", "It begins with the next event."),
    "IsPaused": ("Paused", "Events wait, and are sent when it goes on."),
    "StreamType": ("To", ""),
    "EndpointUrl": (
        "Endpoint",
        "The base address of Splunk, or where OpenTelemetry takes logs, mostly ending in /v1/logs.",
    ),
    "SumoLogicEndpointUrl": ("Sumo Logic's source", "The address of its HTTP source, which is a secret by itself."),
    "Token": ("Token", "Of Splunk's HTTP Event Collector, or what the header of OpenTelemetry's collector has to say."),
    "HeaderName": ("Header", "In which OpenTelemetry's collector is told the token."),
    # -- signing in
    "IsEnabled": ("Switched on", ""),
    "AutoLoginEnabled": (
        "Sign in without asking",
        "Where there is one provider only, the sign-in page leads to it at once.",
    ),
    "IsSelfServiceIdentityEditingEnabled": (
        "People edit their identities",
        "They say themselves who they are to a provider.",
    ),
    "CookieDomain": ("Domain of cookies", "Such as example.com, to share a session among its hosts. Mostly empty."),
    "SessionTimeoutInSeconds": ("A session ends unused after", "In seconds. Sessions that are remembered do not."),
    "MaximumSessionDurationInSeconds": ("A session ends at the latest after", "In seconds."),
    "RememberMeEnabled": ("People may stay signed in", "Their session outlives the browser."),
    "UserApiKeysEnabled": ("People may have API keys", "Switched off, only service accounts have some."),
    "ApiKeyDefaultExpiryDays": ("API keys live for", "In days, where nobody says otherwise. Empty means for ever."),
    "ApiKeyMaxExpiryDays": ("API keys live at most for", "In days. Empty means that there is no bound."),
    "MinimumPasswordLength": ("Shortest password", "In characters; asked of passwords that are set from now on."),
    # -- OpenID Connect
    "Issuer": ("Issuer", "The provider's address; its discovery document is found below it."),
    "AzureAdConfiguration.Issuer": (
        "Issuer",
        "https://login.microsoftonline.com/, the id of the tenant, and /v2.0.",
    ),
    "OktaConfiguration.Issuer": ("Issuer", "The address of your organisation at Okta."),
    "ClientId": ("Client ID", "By which the provider knows this server."),
    "ClientSecret": ("Client secret", "Empty where the provider asks for none."),
    "AllowAutoUserCreation": (
        "A first sign-in makes a user",
        "Switched off, only who is a user already gets in.",
    ),
    "AllowEmailMatching": (
        "Know people by their email address",
        "Who has a user's address at the provider is that user. Only where the provider verifies addresses.",
    ),
    "RoleClaimType": ("Claim of groups", "Its values are matched with the groups from outside of the teams."),
    "UsernameClaimType": ("Claim of the user name", "What a new user is called."),
    "Resource": ("Resource", "What some providers want to be told. Mostly empty."),
    "Scopes": ("Scopes", "What is asked of the provider, a line each. Empty means openid, profile and email."),
    "DisplayName": ("Name on the button", "At the sign-in page: Sign in with …"),
    "HostedDomain": ("Domain", "Of which people may sign in. Google signs for everybody, so it is needed."),
    # -- LDAP
    "Server": ("Server", "The name of the machine only."),
    "Port": ("Port", "Mostly 389, or 636 with SSL."),
    "SecurityProtocol": ("Encryption", ""),
    "IgnoreSslErrors": ("Trust any certificate", "Anybody between could read the passwords. For trying out only."),
    "TrustedCertificates": (
        "Trusted certificates",
        "In PEM form, of authorities that the machine does not know.",
    ),
    "ConnectUsername": ("Connect as", "The account that looks people up."),
    "ConnectPassword": ("Password", "Of that account."),
    "UserBaseDN": ("People are below", "A distinguished name."),
    "DefaultDomain": ("Domain", "For people who write their name without one."),
    "UserFilter": ("Filter of people", "With a * where the name stands, such as (uid=*)."),
    "GroupBaseDN": ("Groups are below", "A distinguished name. Empty means where people are."),
    "GroupFilter": ("Filter of groups", "With a * where the name stands."),
    "NestedGroupFilter": ("Filter of groups in groups", "With a * where the distinguished name of the member stands."),
    "NestedGroupSearchDepth": ("Groups in groups", "So many levels deep; 0 means none."),
    "ConstraintTimeLimit": ("Give up after", "In seconds; 0 means the usual bound."),
    "AttributeMapping": ("What the directory calls things", ""),
    "UniqueAccountNameAttribute": ("Account name", ""),
    "UserDisplayNameAttribute": ("Name to show", ""),
    "UserPrincipalNameAttribute": ("Principal name", ""),
    "UserMembershipAttribute": ("Groups of a person", "Empty: groups are asked for their members."),
    "UserEmailAttribute": ("Email", ""),
    "GroupNameAttribute": ("Name of a group", ""),
}

#: Every setting of these documents, and the single ones that are named.
NOT_FOLLOWED_OF = frozenset({"PerformanceConfiguration", "UpgradeConfiguration", "LetsEncryptConfiguration"})
NOT_FOLLOWED = frozenset(
    {
        "IsCommunityActionTemplatesEnabled",
        "IsAutomaticStepUpdatesEnabled",
        "IsCompositeDockerHubRegistryFeedEnabled",
        "IsConfigurationAsCodeEnabled",
        "IsConfigurationAsCodeForRunbooksEnabled",
        "IsConfigureFeedsWithLocalOrSmbPathsEnabled",
        "IsGitHubAppEnabled",
        "IsHelpSidebarEnabled",
        "IsKubernetesCloudTargetDiscoveryEnabled",
        "IsKubernetesEnabled",
        "IsNavigationVisualUpliftEnabled",
        "IsProjectsPageOnboardingEnabled",
        "IsProjectsPageOptimizationEnabled",
        "IsServiceMessageResourceCreationEnabled",
        "IsStepUiFrameworkEnabled",
        "IsWebhookTriggerEnabled",
        "DefaultPowerShellEdition",
        "HelpSidebarSupportLink",
        "HelpSidebarSupportLinkLabel",
        "Details",
        "TelemetryConfiguration.Enabled",
        "IsTelemetryEnforced",
        "ShowAsNewUntil",
        "AutoLoginEnabled",
        "TrustedRedirectUrls",
        "OidcConfigurationSettings",
        "ScimEnabled",
        "AllowDynamicRegistration",
        "M2MClientId",
        "M2MResourceServerIdentifier",
        "M2MRegisteredAt",
        "ReferralFollowingEnabled",
        "ReferralHopLimit",
    }
)


def words_of(document: str, setting: str) -> tuple[str, str]:
    """Its label and its description."""
    return WORDS.get(f"{document}.{setting}") or WORDS.get(setting) or (setting, "")


def is_followed(document: str, setting: str) -> bool:
    return document not in NOT_FOLLOWED_OF and not {setting, f"{document}.{setting}"} & NOT_FOLLOWED
