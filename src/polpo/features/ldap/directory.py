"""Asking a directory over LDAP. Everything here blocks, for a bounded time; it is run by `Directories`."""

from __future__ import annotations

import secrets
import socket
import ssl
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from typing import Any

from ldap3 import NONE, SUBTREE, Connection, Server, Tls
from ldap3.core.exceptions import LDAPException
from ldap3.utils.conv import escape_filter_chars

from polpo.features.ldap.resource import LdapConfiguration

#: What stays the same when a person gets another name; OpenLDAP's and Active Directory's.
_UNIQUE = ("entryUUID", "objectGUID")
_TIMEOUT = 10  # seconds for one exchange
_PATIENCE = 25.0  # seconds for all that one question takes
_MOST_GROUPS = 500
_MOST_FOUND = 50
_LONGEST = 200
_LONGEST_PASSWORD = 1000


class DirectoryFault(Exception):
    """The directory could not be asked; the message is a sentence for the administrator."""


@dataclass(frozen=True)
class Entry:
    """A person of the directory. `unique_id` stays when the names change. `groups` are distinguished names."""

    dn: str
    unique_id: str
    account_name: str
    display_name: str
    email: str
    principal_name: str
    groups: tuple[str, ...] = ()


@dataclass(frozen=True)
class Group:
    dn: str
    name: str


class _CheckedTls(Tls):
    """TLS as Python's own library does it: what ldap3 does instead checks names by functions that are gone."""

    def __init__(self, context: ssl.SSLContext, host: str) -> None:
        super().__init__(validate=context.verify_mode)
        self._context = context
        self._host = host

    def wrap_socket(self, connection: Any, do_handshake: bool = False) -> None:
        connection.socket.settimeout(_TIMEOUT)
        connection.socket = self._context.wrap_socket(
            connection.socket, server_hostname=self._host, do_handshake_on_connect=do_handshake
        )


class Directory:
    """`password` is that of the account which searches; empty for a directory that lets everybody search."""

    def __init__(self, configuration: LdapConfiguration, password: str) -> None:
        self._configuration = configuration
        self._password = password
        self._ends = time.monotonic() + _PATIENCE

    def find_person(self, username: str) -> Entry | None:
        """The one person with the name, however it is spelled: directories do not tell all spellings apart."""
        wanted = self.plain(username)
        if not wanted or len(wanted) > _LONGEST:
            return None
        with self._searching() as searching:
            found = self._people(searching, escape_filter_chars(wanted), 2)
        return found[0] if len(found) == 1 else None

    def check(self, person: Entry | None, password: str) -> Entry | None:
        """The person with all groups, if the password is theirs. Takes about as long for nobody.

        Directories take a bind without a password for one of nobody and let it succeed: it is not even tried.
        """
        if not password or len(password) > _LONGEST_PASSWORD:
            return None
        nobody = f"cn={secrets.token_hex(16)},{self._configuration.user_base_dn}"
        if not self._binds(person.dn if person else nobody, password) or person is None:
            return None
        with self._searching() as searching:
            return replace(person, groups=self._groups_of(searching, person))

    def find_people(self, part: str) -> list[Entry]:
        """People whose name contains the part."""
        with self._searching() as searching:
            return self._people(searching, f"*{escape_filter_chars(part)}*" if part else "*", _MOST_FOUND)

    def find_groups(self, part: str) -> list[Group]:
        with self._searching() as searching:
            wanted = f"*{escape_filter_chars(part)}*" if part else "*"
            return self._groups(searching, self._configuration.group_filter, wanted, _MOST_FOUND)

    def plain(self, username: str) -> str:
        """The name as the directory has it: its own domain is left out, people of other domains are not its."""
        name, own = username.strip(), self._configuration.default_domain.strip().casefold()
        domain, separator, rest = name.partition("\\")
        if separator:
            is_own = not own or domain.casefold() in {own, own.partition(".")[0]}
            return rest.strip() if is_own else ""
        before, separator, domain = name.rpartition("@")
        return before if separator and own and domain.casefold() == own else name

    # -- what is asked

    def _people(self, connection: Connection, wanted: str, most: int) -> list[Entry]:
        mapping = self._configuration.attribute_mapping
        named = [
            mapping.unique_account_name_attribute,
            mapping.user_display_name_attribute,
            mapping.user_principal_name_attribute,
            mapping.user_email_attribute,
            mapping.user_membership_attribute,
        ]
        text = self._configuration.user_filter.replace("*", wanted)
        found = self._search(connection, self._configuration.user_base_dn, text, [*filter(None, named), *_UNIQUE], most)
        return [_entry(self._configuration, dn, attributes) for dn, attributes in found]

    def _groups(self, connection: Connection, template: str, wanted: str, most: int) -> list[Group]:
        configuration = self._configuration
        if not template.strip():
            return []
        name = configuration.attribute_mapping.group_name_attribute or "cn"
        base = configuration.group_base_dn or configuration.user_base_dn
        found = self._search(connection, base, template.replace("*", wanted), [name], most)
        return [Group(dn, _text(attributes, name) or dn) for dn, attributes in found]

    def _groups_of(self, connection: Connection, person: Entry) -> tuple[str, ...]:
        """The groups of the person, and those that these are in, as deep as configured; each once."""
        configuration = self._configuration
        known = dict.fromkeys(person.groups)
        if not configuration.attribute_mapping.user_membership_attribute:
            known = dict.fromkeys(self._holders(connection, [person.dn]))
        level = list(known)
        for _ in range(configuration.nested_group_search_depth):
            level = [group for group in self._holders(connection, level) if group not in known]
            if not level:
                break
            known |= dict.fromkeys(level)
            if len(known) > _MOST_GROUPS:
                raise DirectoryFault(f"A person of the directory is in more than {_MOST_GROUPS} groups.")
        return tuple(known)

    def _holders(self, connection: Connection, members: Iterable[str]) -> list[str]:
        """The groups that one of the members is in."""
        template = self._configuration.nested_group_filter
        found = (
            group.dn
            for member in members
            for group in self._groups(connection, template, escape_filter_chars(member), _MOST_GROUPS)
        )
        return list(dict.fromkeys(found))

    # -- how it is asked

    @contextmanager
    def _searching(self) -> Iterator[Connection]:
        connection = self._connected(self._configuration.connect_username, self._password)
        try:
            if not connection.bind():
                raise DirectoryFault(f"{self._place} refuses the account that searches: {_reason(connection)}.")
            yield connection
        except LDAPException as error:
            raise DirectoryFault(f"{self._place} could not be asked: {type(error).__name__}: {error}.") from error
        finally:
            _end(connection)

    def _binds(self, dn: str, password: str) -> bool:
        connection = self._connected(dn, password)
        try:
            return bool(connection.bind())
        except LDAPException as error:
            raise DirectoryFault(f"{self._place} could not be asked: {type(error).__name__}: {error}.") from error
        finally:
            _end(connection)

    def _connected(self, user: str, password: str) -> Connection:
        """Not bound yet, but already safe where TLS is configured: no password goes over a line that is not."""
        configuration, tls = self._configuration, None
        if configuration.security_protocol != "None":
            tls = _CheckedTls(_context(configuration), configuration.server)
        server = Server(
            self._address(),
            configuration.port,
            use_ssl=configuration.security_protocol == "SSL",
            tls=tls,
            get_info=NONE,
            connect_timeout=_TIMEOUT,
        )
        connection = Connection(
            server,
            user or None,
            password.encode() or None,  # type: ignore[arg-type] # a text is refused or changed for some characters
            receive_timeout=_TIMEOUT,
            auto_referrals=False,
            check_names=False,
            read_only=True,
        )
        try:
            connection.open(read_server_info=False)
            if configuration.security_protocol == "StartTLS":
                connection.start_tls(read_server_info=False)
        except (LDAPException, OSError) as error:
            _end(connection)
            raise DirectoryFault(f"{self._place} cannot be reached: {error}.") from error
        return connection

    def _address(self) -> str:
        """One that answers: ldap3 would leave sockets open at those that do not."""
        try:
            place = (self._configuration.server, self._configuration.port)
            with socket.create_connection(place, timeout=_TIMEOUT) as probe:
                return str(probe.getpeername()[0])
        except OSError as error:
            raise DirectoryFault(f"{self._place} cannot be reached: {error}.") from error

    def _search(
        self, connection: Connection, base: str, text: str, attributes: list[str], most: int
    ) -> list[tuple[str, dict[str, list[bytes]]]]:
        left = self._ends - time.monotonic()
        if left <= 0:
            raise DirectoryFault(f"{self._place} takes too long: more than {_PATIENCE:.0f} seconds.")
        limit = self._configuration.constraint_time_limit or _TIMEOUT
        connection.search(base, text, SUBTREE, attributes=attributes, size_limit=most, time_limit=limit)
        told = connection.result["description"]
        if told not in {"success", "sizeLimitExceeded"}:
            raise DirectoryFault(f"{self._place} refuses the search below '{base}': {told}.")
        return [
            (str(one["dn"]), {name.lower(): values for name, values in one["raw_attributes"].items()})
            for one in connection.response or ()
            if one["type"] == "searchResEntry"
        ]

    @property
    def _place(self) -> str:
        return f"The directory {self._configuration.server}:{self._configuration.port}"


def _context(configuration: LdapConfiguration) -> ssl.SSLContext:
    context = ssl.create_default_context(cadata=configuration.trusted_certificates or None)
    if configuration.ignore_ssl_errors:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


def _entry(configuration: LdapConfiguration, dn: str, attributes: dict[str, list[bytes]]) -> Entry:
    mapping = configuration.attribute_mapping
    account_name = _text(attributes, mapping.unique_account_name_attribute)
    groups = attributes.get(mapping.user_membership_attribute.lower(), [])[:_MOST_GROUPS]
    return Entry(
        dn=dn,
        unique_id=_unique_id(attributes) or account_name.casefold() or dn.casefold(),
        account_name=account_name,
        display_name=_text(attributes, mapping.user_display_name_attribute),
        email=_text(attributes, mapping.user_email_attribute),
        principal_name=_text(attributes, mapping.user_principal_name_attribute),
        groups=tuple(group.decode("utf-8", "replace") for group in groups),
    )


def _unique_id(attributes: dict[str, list[bytes]]) -> str:
    if values := attributes.get("entryuuid"):
        return values[0].decode("ascii", "replace")
    values = attributes.get("objectguid")
    return values[0].hex() if values else ""


def _text(attributes: dict[str, list[bytes]], name: str) -> str:
    values = attributes.get(name.lower())
    if not values:
        return ""
    text = values[0].decode("utf-8", "replace")[:_LONGEST]
    return "".join(one for one in text if one.isprintable()).strip()


def _reason(connection: Connection) -> str:
    return str((connection.result or {}).get("description") or connection.last_error)


def _end(connection: Connection) -> None:
    """Good-bye where somebody listens; closed in any case."""
    with suppress(LDAPException, OSError):
        connection.unbind()
    if connection.socket is not None:
        connection.socket.close()
