"""The parts into which a variable whose value is an account expands."""

from __future__ import annotations

from collections.abc import Iterator

from polpo.features.accounts.resource import Account
from polpo.features.variables.parts import Part
from polpo.store.documents import SensitiveValue
from polpo.store.session import Session

_AZURE = {
    "SubscriptionNumber": "subscription_number",
    "Client": "client_id",
    "TenantId": "tenant_id",
    "AzureEnvironment": "azure_environment",
    "ResourceManagementEndpointBaseUri": "resource_management_endpoint_base_uri",
    "ActiveDirectoryEndpointBaseUri": "active_directory_endpoint_base_uri",
}
_ROLE = {"RoleArn": "role_arn", "Region": "region", "SessionDuration": "session_duration"}
_AUDIENCE = {"Audience": "audience"}

#: The part that is a token, issued for each piece of work when that begins; until then it is empty.
TOKEN = "OpenIdConnect.Jwt"  # noqa: S105 - a name
#: The types of accounts that have it.
WITH_TOKEN = frozenset({"AzureOidc", "AmazonWebServicesOidcAccount", "GoogleCloudOidcAccount", "GenericOidcAccount"})

#: By the type of the account, the names of its parts with the property that each is taken from.
_PARTS: dict[str, dict[str, str]] = {
    "UsernamePassword": {"Username": "username", "Password": "password"},
    "SshKeyPair": {
        "Username": "username",
        "PrivateKeyFile": "private_key_file",
        "PrivateKeyPassphrase": "private_key_passphrase",
    },
    "Token": {"Token": "token"},
    "AzureSubscription": {
        "SubscriptionNumber": "subscription_number",
        "CertificateThumbprint": "certificate_thumbprint",
        "CertificateBytes": "certificate_bytes",
        "AzureEnvironment": "azure_environment",
        "ServiceManagementEndpointBaseUri": "service_management_endpoint_base_uri",
        "ServiceManagementEndpointSuffix": "service_management_endpoint_suffix",
    },
    "AzureServicePrincipal": {**_AZURE, "Password": "password"},
    "AzureOidc": {**_AZURE, **_AUDIENCE},
    "AmazonWebServicesAccount": {"AccessKey": "access_key", "SecretKey": "secret_key", "Region": "region"},
    "AmazonWebServicesRoleAccount": _ROLE,
    "AmazonWebServicesOidcAccount": {**_ROLE, **_AUDIENCE},
    "GoogleCloudAccount": {"JsonKey": "json_key"},
    "GoogleCloudOidcAccount": {**_AUDIENCE, "OpenIdConnect.TokenLifetimeSeconds": "token_lifetime_seconds"},
    "GenericOidcAccount": _AUDIENCE,
}


def account_parts(session: Session, account: Account) -> Iterator[Part]:
    """Those that the account has something for; its passwords and keys are revealed."""
    yield Part("Id", account.id)
    yield Part("Name", account.name)
    yield Part("AccountType", account.account_type)
    for name, attribute in _PARTS[account.account_type].items():
        value = getattr(account, attribute)
        is_secret = isinstance(value, SensitiveValue)
        text = session.reveal(value) if is_secret else value
        if text:
            yield Part(name, text, is_secret)
    if account.account_type in WITH_TOKEN:
        yield Part(TOKEN, "", is_sensitive=True)
