"""An account, as it is stored and sent."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
import sqlalchemy as sa

from polpo.rest.links import register
from polpo.rest.protection import by_references, protect
from polpo.store.documents import Document, SensitiveValue, ref
from polpo.store.kinds import define

AccountType = Literal[
    "UsernamePassword",
    "SshKeyPair",
    "AzureSubscription",
    "AzureServicePrincipal",
    "AzureOidc",
    "AmazonWebServicesAccount",
    "AmazonWebServicesRoleAccount",
    "AmazonWebServicesOidcAccount",
    "Token",
    "GoogleCloudAccount",
    "GoogleCloudOidcAccount",
    "GenericOidcAccount",
]
Participation = Literal["Untenanted", "TenantedOrUntenanted", "Tenanted"]


def _untenanted() -> Participation:
    return "Untenanted"


def _none() -> list[str]:
    return []


class Account(Document, kw_only=True, omit_defaults=True):
    """`account_type` says which of the other properties mean something; it cannot be changed later.

    One struct holds the properties of every type; those without a value are left out on the wire, so that each type
    looks as the contract describes it. What every account has is made by a factory, which is never left out.
    """

    account_type: AccountType
    space_id: str = ""
    name: str = msgspec.field(default_factory=str)
    slug: str = msgspec.field(default_factory=str)
    description: str = msgspec.field(default_factory=str)
    environment_ids: list[Annotated[str, ref("Environments")]] = msgspec.field(default_factory=_none)
    tenanted_deployment_participation: Participation = msgspec.field(default_factory=_untenanted)
    tenant_ids: list[Annotated[str, ref("Tenants")]] = msgspec.field(default_factory=_none)
    tenant_tags: list[str] = msgspec.field(default_factory=_none)
    # Names, passwords and keys; `private_key_file` and `json_key` are base64
    username: str | None = None
    password: SensitiveValue | None = None
    private_key_file: SensitiveValue | None = None
    private_key_passphrase: SensitiveValue | None = None
    token: SensitiveValue | None = None
    # Azure
    subscription_number: str | None = None
    client_id: str | None = None
    tenant_id: str | None = None
    azure_environment: str | None = None
    resource_management_endpoint_base_uri: str | None = None
    active_directory_endpoint_base_uri: str | None = None
    service_management_endpoint_base_uri: str | None = None
    service_management_endpoint_suffix: str | None = None
    certificate_bytes: SensitiveValue | None = None
    certificate_thumbprint: str | None = None
    # Amazon and Google
    access_key: str | None = None
    secret_key: SensitiveValue | None = None
    region: str | None = None
    role_arn: str | None = None
    session_duration: str | None = None
    json_key: SensitiveValue | None = None
    token_lifetime_seconds: str | None = None
    # OpenID Connect
    audience: str | None = None
    deployment_subject_keys: list[str] | None = None
    health_check_subject_keys: list[str] | None = None
    account_test_subject_keys: list[str] | None = None
    custom_claims: dict[str, str] | None = None
    tenanted_subject_generation: bool | None = None


ACCOUNTS = define(
    "Accounts",
    Account,
    sa.Column("account_type", sa.Text, nullable=False),
    singular="account",
    unique=[("name_key",), ("slug",)],
)
protect(
    ACCOUNTS,
    lambda account: {"Environments": account.environment_ids},
    {"Environments": by_references(ACCOUNTS, "Environments")},
    open_to_all=["Environments"],
)

register(
    Account,
    {
        "Self": "/api/{SpaceId}/accounts/{Id}",
        "Usages": "/api/{SpaceId}/accounts/{Id}/usages",
        "ResourceGroups": "/api/{SpaceId}/accounts/{Id}/resourceGroups",
        "WebSites": "/api/{SpaceId}/accounts/{Id}/websites",
        "WebSiteSlots": "/api/{SpaceId}/accounts/{Id}/{resourceGroupName}/websites/{webSiteName}/slots",
        "StorageAccounts": "/api/{SpaceId}/accounts/{Id}/storageAccounts",
    },
)
