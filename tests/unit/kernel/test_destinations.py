"""Where the server may go for its users: a table of addresses, of settings, and of nasty spellings."""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence

import pytest

from polpo.kernel.addresses import inside, is_own
from polpo.kernel.destinations import Destinations, Refused, Unresolved
from polpo.kernel.errors import Invalid

OWN, PRIVATE, LINK = "own machine", "private network", "machines of a cloud"
CLOUD, CARRIER, NOWHERE, RESERVED, MANY = "platform of a cloud", "carrier-grade", "no address", "reserved", "many"

INSIDE = [
    ("127.0.0.1", OWN),
    ("127.255.255.254", OWN),
    ("::1", OWN),
    ("10.0.0.1", PRIVATE),
    ("10.255.255.255", PRIVATE),
    ("172.16.0.1", PRIVATE),
    ("172.31.255.255", PRIVATE),
    ("192.168.0.1", PRIVATE),
    ("192.168.255.255", PRIVATE),
    ("fc00::1", PRIVATE),
    ("fdff::1", PRIVATE),
    ("fd00:ec2::254", PRIVATE),
    ("fec0::1", PRIVATE),
    ("169.254.169.254", LINK),
    ("169.254.0.1", LINK),
    ("fe80::1", LINK),
    ("febf::1", LINK),
    ("168.63.129.16", CLOUD),
    ("192.0.0.192", CLOUD),
    ("100.64.0.1", CARRIER),
    ("100.100.100.200", CARRIER),
    ("100.127.255.255", CARRIER),
    ("0.0.0.0", NOWHERE),  # noqa: S104 - nothing is bound
    ("0.1.2.3", NOWHERE),
    ("::", NOWHERE),
    ("224.0.0.1", MANY),
    ("239.255.255.255", MANY),
    ("255.255.255.255", MANY),
    ("ff02::1", MANY),
    ("192.0.0.1", RESERVED),
    ("192.0.2.1", RESERVED),
    ("198.18.0.1", RESERVED),
    ("198.51.100.1", RESERVED),
    ("203.0.113.1", RESERVED),
    ("240.0.0.1", RESERVED),
    ("192.88.99.1", RESERVED),
    ("100::1", RESERVED),
    ("2001:db8::1", RESERVED),
    ("3fff::1", RESERVED),
    ("5f00::1", RESERVED),
    # addresses that carry another one
    ("::ffff:127.0.0.1", OWN),
    ("::ffff:169.254.169.254", LINK),
    ("::ffff:0:10.0.0.1", PRIVATE),
    ("::10.0.0.1", PRIVATE),
    ("64:ff9b::192.168.1.1", PRIVATE),
    ("64:ff9b::a9fe:a9fe", LINK),
    ("64:ff9b:1::1", PRIVATE),
    ("2002:7f00:1::1", OWN),
    ("2002:a00:1::1", PRIVATE),
    ("2002:a9fe:a9fe::", LINK),
    ("2001:0:808:808::f5ff:fffe", RESERVED),
    ("2001:4860::5efe:10.0.0.1", PRIVATE),
    ("2001:4860::200:5efe:127.0.0.1", OWN),
]
OUTSIDE = [
    "8.8.8.8",
    "1.1.1.1",
    "9.255.255.255",
    "11.0.0.1",
    "100.63.255.255",
    "100.128.0.1",
    "126.255.255.255",
    "128.0.0.1",
    "169.253.255.255",
    "172.15.255.255",
    "172.32.0.1",
    "192.167.255.255",
    "198.20.0.1",
    "223.255.255.255",
    "2001:4860:4860::8888",
    "2606:4700::1111",
    "2a00:1450::1",
    "64:ff9b::8.8.8.8",
    "2002:808:808::1",
    "::ffff:8.8.8.8",
]


@pytest.mark.parametrize(("address", "why"), INSIDE)
def test_an_address_inside_is_refused_and_the_sentence_says_why(address: str, why: str) -> None:
    assert why in str(inside(ipaddress.ip_address(address)))
    written = f"[{address}]" if ":" in address else address
    with pytest.raises(Refused, match="outbound_allow"):
        guard().check(f"https://{written}/x")


@pytest.mark.parametrize("address", OUTSIDE)
def test_an_address_of_the_internet_is_open(address: str) -> None:
    assert inside(ipaddress.ip_address(address)) is None
    assert guard().addresses(address, 443)


@pytest.mark.parametrize(
    ("allowed", "host", "port", "found", "fits"),
    [
        ("*", "127.0.0.1", 80, "127.0.0.1", True),
        ("127.0.0.1", "127.0.0.1", 9000, "127.0.0.1", True),
        ("127.0.0.1", "::ffff:127.0.0.1", 80, "", True),
        ("127.0.0.1", "127.0.0.2", 80, "", False),
        ("127.0.0.1:8080", "127.0.0.1", 8080, "", True),
        ("127.0.0.1:8080", "127.0.0.1", 8081, "", False),
        ("[::1]:3000", "::1", 3000, "", True),
        ("[::1]:3000", "::1", 3001, "", False),
        ("::1", "[::1]", 3001, "", True),
        ("10.1.0.0/16", "git.corp.test", 443, "10.1.2.3", True),
        ("10.1.0.0/16", "git.corp.test", 443, "10.2.2.3", False),
        ("fd12::/16", "git.corp.test", 443, "fd12::9", True),
        ("git.corp.test", "GIT.corp.test.", 443, "10.2.2.3", True),
        ("git.corp.test", "evil-git.corp.test", 443, "10.2.2.3", False),
        ("git.corp.test", "git.corp.test.evil.test", 443, "10.2.2.3", False),
        ("git.corp.test:443", "git.corp.test", 443, "10.2.2.3", True),
        ("git.corp.test:443", "git.corp.test", 22, "10.2.2.3", False),
        ("other.test, 10.0.0.0/8", "git.corp.test", 22, "10.2.2.3", True),
    ],
)
def test_an_administrator_allows_by_name_port_address_and_network(
    allowed: str, host: str, port: int, found: str, fits: bool
) -> None:
    destinations = guard(allowed, found)
    if fits:
        assert destinations.addresses(host, port)
        return
    with pytest.raises(Refused, match="outbound_allow"):
        destinations.addresses(host, port)


def test_only_the_addresses_of_a_name_that_are_open_are_used() -> None:
    assert guard("", "10.0.0.1", "8.8.8.8", "::1").addresses("mixed.test", 443) == ["8.8.8.8"]


def test_a_name_that_leads_inside_is_refused_with_the_address_it_led_to() -> None:
    with pytest.raises(Refused, match=r"rebound\.test:443 \(169\.254\.169\.254\): this address is on the server's own"):
        guard("", "169.254.169.254").addresses("rebound.test", 443)


@pytest.mark.parametrize("host", ["0x7f.1", "2130706433", "0177.0.0.1", "127.1", "localhost", "LOCALHOST.", "0"])
def test_other_spellings_of_this_machine_are_this_machine(host: str) -> None:
    with pytest.raises(Refused, match="outbound_allow"):
        Destinations().addresses(host, 80)


def test_a_name_without_a_machine_is_told() -> None:
    def unknown(_host: str, _port: int) -> Sequence[str]:
        raise OSError("no such name")

    with pytest.raises(Unresolved, match=r"no machine named 'nowhere\.test'"):
        Destinations(resolve=unknown).addresses("nowhere.test", 443)


def test_a_public_address_of_this_machine_is_this_machine() -> None:
    ours = Destinations(resolve=lambda _host, _port: ["8.8.8.8"], own=lambda one: str(one) == "8.8.8.8")
    with pytest.raises(Refused, match="own machine"):
        ours.addresses("me.test", 443)
    assert is_own(ipaddress.ip_address("127.0.0.1"))
    assert not is_own(ipaddress.ip_address("8.8.8.8"))


@pytest.mark.parametrize(
    "url",
    [
        "ftp://example.test/",
        "file:///etc/passwd",
        "gopher://example.test:25/x",
        "javascript:alert(1)",
        "https://",
        "//example.test/",
        "example.test",
        "",
        "https://user:password@example.test/",
        "https://user@example.test/",
        "https://example.test:99999/",
        "https://example.test:port/",
        "https://exa mple.test/",
        "https://example.test/\r\nHost: other",
        "https://example.test\\@10.0.0.1/",
        "https://[::1",
        "https://localhost/",
        "https://some.localhost:8443/",
        f"https://example.test/{'x' * 2000}",
    ],
)
def test_what_is_no_plain_web_address_is_refused_before_anybody_is_asked(url: str) -> None:
    with pytest.raises(Refused):
        guard().check(url)


def test_a_use_may_take_https_only() -> None:
    assert guard().check("https://example.test/a?b").hostname == "example.test"
    with pytest.raises(Refused, match="must begin with https://"):
        guard().check("http://example.test/", schemes=("https",))


@pytest.mark.parametrize("entry", ["http://x", "a b", "host:port", "host:0", "host:70000", "10.0.0.0/99", ":80", "*.x"])
def test_a_setting_that_means_nothing_is_refused_at_start(entry: str) -> None:
    with pytest.raises(Invalid, match="outbound_allow"):
        Destinations([entry])


def guard(allowed: str = "", *found: str) -> Destinations:
    answers = [one for one in found if one] or ["8.8.8.8"]
    return Destinations(allowed.split(","), resolve=lambda _host, _port: answers, own=lambda _address: False)
