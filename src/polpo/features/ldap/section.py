"""The directory's section of the configuration, and what it refuses."""

from __future__ import annotations

import ssl

from ldap3.core.exceptions import LDAPException
from ldap3.operation.search import parse_filter

from polpo.features.configuration.sections import Section, add_section
from polpo.features.configuration.service import read_section
from polpo.features.identities.ending import end_sessions
from polpo.features.ldap.resource import LdapConfiguration
from polpo.kernel.errors import Invalid, NotBuilt
from polpo.store.session import Session

MEANS = "LDAP"

_DEEPEST = 20
_LONGEST_LIMIT = 30
_LARGEST_PORT = 65_535
_NEEDED = {
    "Server": "server",
    "UserBaseDN": "user_base_dn",
    "UserFilter": "user_filter",
}


def _settle(ldap: LdapConfiguration) -> None:
    if ldap.referral_following_enabled:
        raise NotBuilt("ReferralFollowingEnabled: this server follows no referrals; name the server that has the data.")
    ldap.server = ldap.server.strip()
    faults = [
        f"{place} is missing; a directory that is enabled needs it."
        for place, attribute in _NEEDED.items()
        if ldap.is_enabled and not getattr(ldap, attribute).strip()
    ]
    if "://" in ldap.server or "/" in ldap.server:
        faults.append("Server: write the name of the machine only; Port and SecurityProtocol say the rest.")
    if not 0 < ldap.port <= _LARGEST_PORT:
        faults.append(f"Port must be from 1 to {_LARGEST_PORT}; it is {ldap.port}.")
    if not 0 <= ldap.nested_group_search_depth <= _DEEPEST:
        faults.append(f"NestedGroupSearchDepth must be from 0 to {_DEEPEST}; it is {ldap.nested_group_search_depth}.")
    if not 0 <= ldap.constraint_time_limit <= _LONGEST_LIMIT:
        faults.append(f"ConstraintTimeLimit must be from 0 to {_LONGEST_LIMIT} seconds; 0 means the usual bound.")
    faults += _filter_faults(ldap)
    faults += _certificate_faults(ldap)
    if faults:
        raise Invalid(faults[0] if len(faults) == 1 else "The directory cannot be saved.", faults)


def _filter_faults(ldap: LdapConfiguration) -> list[str]:
    filters = {
        "UserFilter": ldap.user_filter,
        "GroupFilter": ldap.group_filter,
        "NestedGroupFilter": ldap.nested_group_filter,
    }
    return [
        f"{place} must be a filter with a * where the name stands, such as (uid=*); it is '{text}'."
        for place, text in filters.items()
        if text.strip() and not _is_filter(text.strip())
    ]


def _is_filter(text: str) -> bool:
    if "*" not in text or not text.startswith("("):
        return False
    try:
        parse_filter(text.replace("*", "x"), None, False, True, None, False)  # type: ignore[no-untyped-call]
    except (LDAPException, IndexError, ValueError, AttributeError):
        return False
    return True


def _certificate_faults(ldap: LdapConfiguration) -> list[str]:
    if not ldap.trusted_certificates.strip():
        return []
    try:
        ssl.create_default_context(cadata=ldap.trusted_certificates)
    except (ssl.SSLError, ValueError):
        return ["TrustedCertificates must be certificates in PEM form."]
    return []


def _replaced(session: Session, before: LdapConfiguration, after: LdapConfiguration) -> None:
    """A password goes to the server that it was entered for; and who signed in by what is now off, goes."""
    kept = after.connect_password.has_value and after.connect_password.new_value == before.connect_password.new_value
    if kept and (after.server, after.port) != (before.server, before.port):
        sentence = "ConnectPassword: enter it again, or clear it; the stored one was entered for another Server."
        raise Invalid(sentence, [sentence])
    if before.is_enabled and not after.is_enabled:
        end_sessions(session, MEANS)


LDAP = add_section(
    Section(
        "authentication-ldap",
        "",
        "LDAP",
        "Signing in with the password of a directory.",
        LdapConfiguration,
        _settle,
        replaced=_replaced,
    )
)


def is_enabled(session: Session) -> bool:
    return read_section(session, LDAP).is_enabled
