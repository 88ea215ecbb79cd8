"""What each type of account consists of, and what of it must be there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from polpo.features.accounts.resource import Account
from polpo.store.documents import SensitiveValue, kept_secret

_GUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_AZURE = ("azure_environment", "resource_management_endpoint_base_uri", "active_directory_endpoint_base_uri")
_KEYS = ("deployment_subject_keys", "health_check_subject_keys", "account_test_subject_keys")
_AZURE_IDS = ("subscription_number", "client_id", "tenant_id")


@dataclass(frozen=True)
class Makeup:
    """The properties of a type. `secrets` are on the wire even when they are empty: clients cannot read without."""

    texts: tuple[str, ...] = ()
    secrets: tuple[str, ...] = ()
    required: tuple[str, ...] = ()
    guids: tuple[str, ...] = ()
    lists: tuple[str, ...] = ()
    has_claims: bool = False
    generates_subjects: bool = False

    @property
    def attributes(self) -> frozenset[str]:
        claims = ("custom_claims",) if self.has_claims else ()
        subjects = ("tenanted_subject_generation",) if self.generates_subjects else ()
        return frozenset((*self.texts, *self.secrets, *self.guids, *self.lists, *claims, *subjects))


MAKEUPS: dict[str, Makeup] = {
    "UsernamePassword": Makeup(("username",), ("password",), required=("username",)),
    "SshKeyPair": Makeup(
        ("username",), ("private_key_file", "private_key_passphrase"), required=("username", "private_key_file")
    ),
    "Token": Makeup(secrets=("token",), required=("token",)),
    "AzureSubscription": Makeup(
        (
            "azure_environment",
            "certificate_thumbprint",
            "service_management_endpoint_base_uri",
            "service_management_endpoint_suffix",
        ),
        ("certificate_bytes",),
        required=("subscription_number",),
        guids=("subscription_number",),
    ),
    "AzureServicePrincipal": Makeup(_AZURE, ("password",), required=(*_AZURE_IDS, "password"), guids=_AZURE_IDS),
    "AzureOidc": Makeup(
        (*_AZURE, "audience"),
        required=_AZURE_IDS,
        guids=_AZURE_IDS,
        lists=_KEYS,
        has_claims=True,
        generates_subjects=True,
    ),
    "AmazonWebServicesAccount": Makeup(
        ("access_key", "region"), ("secret_key",), required=("access_key", "secret_key")
    ),
    "AmazonWebServicesRoleAccount": Makeup(("role_arn", "region", "session_duration")),
    "AmazonWebServicesOidcAccount": Makeup(
        ("role_arn", "session_duration", "region", "audience"), required=("role_arn",), lists=_KEYS, has_claims=True
    ),
    "GoogleCloudAccount": Makeup(secrets=("json_key",), required=("json_key",)),
    "GoogleCloudOidcAccount": Makeup(("audience", "token_lifetime_seconds"), lists=_KEYS, has_claims=True),
    "GenericOidcAccount": Makeup(("audience",), lists=_KEYS, has_claims=True, generates_subjects=True),
}

_OPTIONAL = frozenset().union(*(makeup.attributes for makeup in MAKEUPS.values()))


def settle_type(account: Account, before: Account | None) -> list[str]:
    """Keeps what belongs to the account's type and fills what clients expect; says what is missing or wrong."""
    makeup = MAKEUPS[account.account_type]
    for attribute in _OPTIONAL - makeup.attributes:
        setattr(account, attribute, None)
    for attribute in makeup.secrets:
        stored = getattr(before, attribute) if before is not None else None
        setattr(account, attribute, kept_secret(getattr(account, attribute), stored))
    for attribute in makeup.lists:
        setattr(account, attribute, getattr(account, attribute) or [])
    if makeup.has_claims:
        account.custom_claims = account.custom_claims or {}
    if makeup.generates_subjects:
        account.tenanted_subject_generation = bool(account.tenanted_subject_generation)
    for attribute in (*makeup.texts, *makeup.guids):
        if (text := getattr(account, attribute)) is not None:
            setattr(account, attribute, text.strip())
    return [*_missing(account, makeup), *_misspelt(account, makeup)]


def _missing(account: Account, makeup: Makeup) -> Iterator[str]:
    for attribute in makeup.required:
        value = getattr(account, attribute)
        if isinstance(value, SensitiveValue):
            value = value.new_value or (value.new_value is None and value.has_value)
        if not value:
            yield f"{wire_name(attribute)} is missing; an account of the type {account.account_type} needs it."


def _misspelt(account: Account, makeup: Makeup) -> Iterator[str]:
    for attribute in makeup.guids:
        text = getattr(account, attribute)
        if text and not _GUID.fullmatch(text):
            yield f"{wire_name(attribute)} must be a GUID, 32 hexadecimal digits in five groups; it is '{text}'."


def wire_name(attribute: str) -> str:
    return attribute.title().replace("_", "")
