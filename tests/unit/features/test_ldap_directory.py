"""Asking a real directory: who people are, whether a password is theirs, and which groups they are in."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest
from tests.ldap_server import BASE, GROUPS, PASSWORD, PEOPLE, READER, READER_PASSWORD, Slapd, slapd_for_tests

from polpo.features.ldap import directory as directory_module
from polpo.features.ldap.directory import Directory, DirectoryFault, Entry
from polpo.features.ldap.resource import LdapConfiguration, LdapMappingConfiguration


@pytest.fixture(scope="module")
def slapd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Slapd]:
    with slapd_for_tests(tmp_path_factory.mktemp("slapd")) as server:
        yield server


def configuration(slapd: Slapd, **more: object) -> LdapConfiguration:
    given = {
        "server": "localhost",
        "port": slapd.port,
        "trusted_certificates": slapd.authority,
        "connect_username": READER,
        "user_base_dn": PEOPLE,
        "group_base_dn": GROUPS,
        "user_filter": "(&(objectClass=inetOrgPerson)(uid=*))",
        "group_filter": "(&(objectClass=groupOfNames)(cn=*))",
        "nested_group_filter": "(&(objectClass=groupOfNames)(member=*))",
        "attribute_mapping": LdapMappingConfiguration(unique_account_name_attribute="uid"),
        **more,
    }
    return LdapConfiguration(**given)  # type: ignore[arg-type]


def directory(slapd: Slapd, **more: object) -> Directory:
    return Directory(configuration(slapd, **more), READER_PASSWORD)


def check(asked: Directory, username: str, password: str) -> Entry | None:
    return asked.check(asked.find_person(username), password)


def names(groups: tuple[str, ...]) -> set[str]:
    return {group.removeprefix("cn=").removesuffix(f",{GROUPS}") for group in groups}


@pytest.mark.parametrize("protocol", ["None", "StartTLS", "SSL"])
def test_a_password_is_checked_over_every_protocol(slapd: Slapd, protocol: str) -> None:
    asked = directory(slapd, security_protocol=protocol, port=slapd.tls_port if protocol == "SSL" else slapd.port)

    ada = check(asked, "ada", PASSWORD)

    assert ada is not None
    assert (ada.account_name, ada.display_name, ada.email) == ("ada", "Ada Lovelace", "ada@acme.example")
    assert (ada.dn, len(ada.unique_id)) == (f"uid=ada,{PEOPLE}", 36)
    assert check(asked, "ADA", PASSWORD) == ada
    assert check(asked, "ada", "wrong") is None


@pytest.mark.parametrize(
    ("username", "password"),
    [
        ("ada", ""),
        ("", PASSWORD),
        (" ", PASSWORD),
        ("*", PASSWORD),
        ("a*", PASSWORD),
        ("ada)(uid=*", PASSWORD),
        ("ada)(|(uid=*", PASSWORD),
        ("ada\x00", PASSWORD),
        (f"uid=ada,{PEOPLE}", PASSWORD),
        ("nobody", PASSWORD),
        ("bob", "Difference Engine"),
        ("ada", "\x07"),
        ("ada", "\u00ad"),
        ("nobody", "\u00ad"),
    ],
)
def test_nobody_is_let_in_by_an_empty_password_or_a_name_that_is_a_pattern(
    slapd: Slapd, username: str, password: str
) -> None:
    assert check(directory(slapd, security_protocol="None"), username, password) is None


@pytest.mark.parametrize(
    ("depth", "groups"),
    [
        (0, {"deployers"}),
        (1, {"deployers", "engineering"}),
        (20, {"deployers", "engineering", "company"}),
    ],
)
@pytest.mark.parametrize("membership", ["memberOf", ""])
def test_groups_of_groups_count_to_the_depth_that_is_configured(
    slapd: Slapd, depth: int, groups: set[str], membership: str
) -> None:
    mapping = LdapMappingConfiguration(unique_account_name_attribute="uid", user_membership_attribute=membership)
    asked = directory(slapd, security_protocol="None", nested_group_search_depth=depth, attribute_mapping=mapping)

    ada, bob = check(asked, "ada", PASSWORD), check(asked, "bob", PASSWORD)

    assert ada is not None
    assert bob is not None
    assert (names(ada.groups), names(bob.groups)) == (groups, set())


@pytest.mark.parametrize(
    ("typed", "is_found"),
    [
        ("ACME\\ada", True),
        ("acme.example\\ada", True),
        ("ada@ACME.example", True),
        ("OTHER\\ada", False),
        ("ada@other.example", False),
    ],
)
def test_the_own_domain_may_stand_before_or_after_a_name(slapd: Slapd, typed: str, is_found: bool) -> None:
    asked = directory(slapd, security_protocol="None", default_domain="acme.example")

    assert (check(asked, typed, PASSWORD) is not None) is is_found


def test_people_and_groups_are_found_by_a_part_of_their_name(slapd: Slapd) -> None:
    asked = directory(slapd, security_protocol="None")

    assert [person.account_name for person in asked.find_people("D")] == ["ada"]
    assert {group.name for group in asked.find_groups("e")} == {"deployers", "engineering"}
    assert len(asked.find_groups("")) == 3
    assert asked.find_people("*") == []


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"trusted_certificates": ""}, "cannot be reached: .*certificate"),
        ({"security_protocol": "SSL"}, "cannot be reached"),  # the port speaks in the clear
        ({"server": "127.0.0.1"}, "cannot be reached: .*certificate"),  # which names localhost
        ({"connect_username": f"cn=nobody,{BASE}"}, "refuses the account that searches: invalidCredentials"),
        ({"user_base_dn": "ou=nowhere,dc=acme,dc=example"}, "refuses the search below"),
        ({"user_filter": "(uid=*"}, "could not be asked"),
        ({"port": 9}, "cannot be reached"),
    ],
)
def test_what_is_wrong_is_told(slapd: Slapd, change: dict[str, object], sentence: str) -> None:
    with pytest.raises(DirectoryFault, match=sentence):
        check(directory(slapd, **change), "ada", PASSWORD)


def test_a_certificate_that_is_not_checked_is_the_administrators_wish(slapd: Slapd) -> None:
    asked = directory(slapd, trusted_certificates="", server="127.0.0.1", ignore_ssl_errors=True)

    assert check(asked, "ada", PASSWORD) is not None


@pytest.mark.parametrize("protocol", ["StartTLS", "SSL"])
def test_a_directory_that_says_nothing_is_given_up(
    slapd: Slapd, protocol: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(directory_module, "_TIMEOUT", 1)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        asked = directory(slapd, security_protocol=protocol, server="127.0.0.1", port=silent.getsockname()[1])
        with pytest.raises(DirectoryFault):
            asked.find_person("ada")
