"""The configuration of the directory as sent."""

from __future__ import annotations

from typing import Literal

import msgspec

from polpo.features.users.resource import Identity
from polpo.store.documents import Document, Resource, SensitiveValue


class LdapMappingConfiguration(Resource):
    """What the directory calls the attributes. Without a membership attribute, groups are asked for their members."""

    unique_account_name_attribute: str = "sAMAccountName"
    user_display_name_attribute: str = "displayName"
    user_principal_name_attribute: str = "userPrincipalName"
    user_membership_attribute: str = "memberOf"
    user_email_attribute: str = "mail"
    group_name_attribute: str = "cn"


class LdapConfiguration(Document):
    """In a filter, `*` stands for what is looked for. Times are in seconds; 0 means the usual bound.

    `trusted_certificates` are those of the directory's authorities in PEM form, where the machine does not know them.
    `allow_email_matching` lets a person of the directory be the user who has their e-mail address.
    """

    is_enabled: bool = False
    server: str = ""
    port: int = 389
    security_protocol: Literal["None", "StartTLS", "SSL"] = "StartTLS"
    ignore_ssl_errors: bool = False
    trusted_certificates: str = ""
    connect_username: str = ""
    connect_password: SensitiveValue = msgspec.field(default_factory=SensitiveValue)
    user_base_dn: str = msgspec.field(default="", name="UserBaseDN")
    default_domain: str = ""
    user_filter: str = "(&(objectClass=person)(sAMAccountName=*))"
    group_base_dn: str = msgspec.field(default="", name="GroupBaseDN")
    group_filter: str = "(&(objectClass=group)(cn=*))"
    nested_group_filter: str = "(&(objectClass=group)(member=*))"
    nested_group_search_depth: int = 5
    allow_auto_user_creation: bool = True
    allow_email_matching: bool = False
    referral_following_enabled: bool = False
    referral_hop_limit: int = 10
    constraint_time_limit: int = 0
    attribute_mapping: LdapMappingConfiguration = msgspec.field(default_factory=LdapMappingConfiguration)


class ExternalSecurityGroup(Document):
    """A group of the directory. Its id is its distinguished name."""

    display_name: str = ""


class ExternalUserLookup(Resource):
    provider: str
    identities: list[Identity]
