"""What an IP address stands for: some place in the world, or one that only a machine inside a network can reach.

Addresses that carry another one (mapped, 6to4, NAT64, Teredo, ISATAP) are what they carry: a router on the way may
unpack them.
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Iterable
from functools import lru_cache

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

_LOOPBACK = "is the server's own machine"
_PRIVATE = "is in a private network"
_LINK = "is on the server's own link, where machines of a cloud find their secrets"
_NOWHERE = "is no address of a machine"
_RESERVED = "is reserved for special uses"
_MANY = "stands for many machines at once"

#: The first that fits says why; what none names is an address of the public Internet.
_INSIDE: tuple[tuple[Network, str], ...] = tuple(
    (ipaddress.ip_network(network), why)
    for why, networks in (
        (_LOOPBACK, "127.0.0.0/8 ::1/128"),
        (_PRIVATE, "10.0.0.0/8 172.16.0.0/12 192.168.0.0/16 fc00::/7 fec0::/10 64:ff9b:1::/48"),
        ("is in the network of an Internet provider (carrier-grade NAT)", "100.64.0.0/10"),
        (_LINK, "169.254.0.0/16 fe80::/10"),
        ("belongs to the platform of a cloud", "168.63.129.16/32 192.0.0.192/32"),
        (_NOWHERE, "0.0.0.0/8 ::/128"),
        (_MANY, "224.0.0.0/4 255.255.255.255/32 ff00::/8"),
        (
            _RESERVED,
            "192.0.0.0/24 192.0.2.0/24 192.88.99.0/24 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 240.0.0.0/4",
        ),
        (_RESERVED, "240.0.0.0/4 100::/64 2001::/23 2001:db8::/32 3fff::/20 5f00::/16"),
    )
    for network in networks.split()
)

_SIX_TO_FOUR = ipaddress.ip_network("2002::/16")
_TEREDO = ipaddress.ip_network("2001::/32")
_LAST_FOUR_BYTES = tuple(
    ipaddress.ip_network(network) for network in ("::ffff:0:0/96", "::ffff:0:0:0/96", "64:ff9b::/96", "::/96")
)
_ISATAP = (b"\x00\x00\x5e\xfe", b"\x02\x00\x5e\xfe")


def networks(entries: Iterable[str]) -> tuple[Network, ...]:
    """Addresses and networks; ValueError for an entry that is neither."""
    return tuple(ipaddress.ip_network(entry.strip(), strict=False) for entry in entries if entry.strip())


def inside(address: Address) -> str | None:
    """Why the address is none of the public Internet, as the end of a sentence about it; None when it is one."""
    for one in (address, *carried(address)):
        for network, why in _INSIDE:
            if one.version == network.version and one in network:
                return why
    return None


def carried(address: Address) -> tuple[ipaddress.IPv4Address, ...]:
    """The IPv4 addresses that an IPv6 address carries in itself."""
    if isinstance(address, ipaddress.IPv4Address):
        return ()
    packed = address.packed
    if address in _SIX_TO_FOUR:
        return (ipaddress.IPv4Address(packed[2:6]),)
    if address in _TEREDO:
        client = bytes(byte ^ 0xFF for byte in packed[12:])
        return (ipaddress.IPv4Address(packed[4:8]), ipaddress.IPv4Address(client))
    if any(address in network for network in _LAST_FOUR_BYTES) or packed[8:12] in _ISATAP:
        return (ipaddress.IPv4Address(packed[12:]),)
    return ()


def plain(address: Address) -> Address:
    """Without the name of a link, and an IPv4 address that is written as one of IPv6 as what it is."""
    if isinstance(address, ipaddress.IPv6Address):
        return address.ipv4_mapped or ipaddress.IPv6Address(address.packed)
    return address


def is_loopback(host: str) -> bool:
    """Whether it is a name or an address by which only the machine itself can be reached."""
    try:
        return plain(ipaddress.ip_address(host)).is_loopback
    except ValueError:
        return host.lower() == "localhost"


def is_own(address: Address) -> bool:
    """Whether it is an address of this very machine, public or not: only such an address can be bound."""
    return not _binds_anything(address.version) and _binds(str(address))


@lru_cache
def _binds_anything(version: int) -> bool:
    """Some machines are set up to bind addresses that they do not have; then binding proves nothing."""
    return _binds("192.0.2.1" if version == 4 else "2001:db8::1")


def _binds(address: str) -> bool:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    try:
        with socket.socket(family, socket.SOCK_DGRAM) as probe:
            probe.bind((address, 0))
    except OSError:
        return False
    return True
