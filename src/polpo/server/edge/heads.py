"""The head of a request: the few headers that the edge looks at, and who really calls by way of trusted proxies.

Only a proxy that is trusted is believed about its caller, and of several addresses that it passes on the right-most
that is no trusted proxy: all further left is what the caller may have made up.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from polpo.kernel.addresses import Address, Network, plain
from polpo.kernel.errors import AppError, Invalid

MOST_HEADERS = 200
MOST_HEADER_BYTES = 64 << 10
MOST_ADDRESS_BYTES = 60 << 10
MOST_PARAMETERS = 2000

_LOOKED_AT = frozenset(
    (
        b"host",
        b"origin",
        b"authorization",
        b"cookie",
        b"forwarded",
        b"x-octopus-apikey",
        b"x-nuget-apikey",
        b"x-forwarded-for",
        b"x-forwarded-host",
        b"x-forwarded-proto",
        b"access-control-request-method",
    )
)
_HOST = re.compile(rb"(?:[A-Za-z0-9_](?:[A-Za-z0-9_.-]{0,252})|\[[0-9A-Fa-f:.]{2,45}\])(?::[0-9]{1,5})?")
_PAIR = re.compile(r'\s*([A-Za-z]+)\s*=\s*("(?:[^"\\]|\\.)*"|[^;,"\s]+)\s*')
_MOST_HOPS = 50

Told = dict[bytes, bytes]


class AddressTooLong(AppError):
    status = 414


class HeadersTooLarge(AppError):
    status = 431


def read_head(scope: dict[str, Any]) -> Told:
    """The headers that the edge looks at, repeated ones joined by commas. An AppError when the head is too large."""
    told: Told = {}
    size = 0
    headers: Sequence[tuple[bytes, bytes]] = scope["headers"]
    for name, value in headers:
        size += len(name) + len(value)
        if name in _LOOKED_AT:
            told[name] = told[name] + b"," + value if name in told else value
    if size > MOST_HEADER_BYTES or len(headers) > MOST_HEADERS:
        raise HeadersTooLarge(f"The headers of the request are larger than {MOST_HEADER_BYTES >> 10} KB or too many.")
    query: bytes = scope.get("query_string", b"")
    if len(query) + len(scope["path"]) > MOST_ADDRESS_BYTES:
        raise AddressTooLong(f"The address of the request is longer than {MOST_ADDRESS_BYTES >> 10} KB.")
    if query.count(b"&") >= MOST_PARAMETERS:
        raise Invalid(f"The address of the request has more than {MOST_PARAMETERS} parameters.")
    return told


def check_host(told: Told, allowed: Sequence[str]) -> None:
    """Invalid for a Host that is none, or by which this server is not called. Without `allowed`, any will do."""
    host = told.get(b"host")
    if host is None:
        return
    if not _HOST.fullmatch(host):
        raise Invalid("The header Host of the request is not the name of a machine.")
    if allowed and not _is_among(_name(host.decode("ascii")), allowed):
        name = _name(host.decode("ascii"))
        raise Invalid(
            f"This server is not called '{name}'. An administrator can add the name to the setting allowed_hosts."
        )


def _name(host: str) -> str:
    name = host if host.endswith("]") else re.sub(r":\d+$", "", host)
    return name.rstrip(".").lower()


def _is_among(name: str, allowed: Sequence[str]) -> bool:
    return any(name == one or (one.startswith("*.") and name.endswith(one[1:])) for one in allowed)


@dataclass(frozen=True)
class _Hop:
    """What a proxy tells of whom it speaks for; empty where it tells nothing."""

    client: str
    scheme: str = ""
    host: str = ""


def settle_caller(scope: dict[str, Any], told: Told, proxies: tuple[Network, ...]) -> None:
    """Puts the caller's address, scheme and host into the scope, where the peer is a trusted proxy."""
    peer = scope.get("client")
    if not proxies or peer is None or not _is_trusted(peer[0], proxies):
        return
    hops = _x_forwarded(told) if b"x-forwarded-for" in told else _forwarded(told) or _x_forwarded(told)
    known = next((hop for hop in hops if not _is_trusted(hop.client, proxies)), hops[-1] if hops else None)
    if known is None:
        return
    if address(known.client) is not None:
        scope["client"] = (str(address(known.client)), 0)
    if known.scheme in {"http", "https"}:
        scope["scheme"] = known.scheme
    host = known.host.encode("latin-1", "replace")
    if _HOST.fullmatch(host):
        scope["headers"] = [(name, value) for name, value in scope["headers"] if name != b"host"] + [(b"host", host)]
        told[b"host"] = host


def _x_forwarded(told: Told) -> list[_Hop]:
    """Nearest hop first. Scheme and host are told once, by the nearest proxy, about the request that reached it."""
    scheme = _list(told, b"x-forwarded-proto")[:1]
    host = _list(told, b"x-forwarded-host")[:1]
    more = (scheme[0].lower() if scheme else "", host[0] if host else "")
    clients = _list(told, b"x-forwarded-for")
    return [_Hop(_without_port(client), *more) for client in clients] or ([_Hop("", *more)] if any(more) else [])


def _list(told: Told, name: bytes) -> list[str]:
    """The last first."""
    text = told.get(name, b"").decode("latin-1")
    return [part.strip() for part in text.split(",")[-_MOST_HOPS:] if part.strip()][::-1]


def _forwarded(told: Told) -> list[_Hop]:
    """RFC 7239; an element that is malformed ends what can be believed."""
    hops: list[_Hop] = []
    for element in _list(told, b"forwarded"):
        pairs = {}
        for part in element.split(";"):
            found = _PAIR.fullmatch(part)
            if found is None:
                return hops
            pairs[found[1].lower()] = found[2].strip('"')
        client = _without_port(pairs.get("for", ""))
        hops.append(_Hop(client, pairs.get("proto", "").lower(), pairs.get("host", "")))
    return hops


def _without_port(client: str) -> str:
    if client.startswith("["):
        return client[1:].partition("]")[0]
    return client.rpartition(":")[0] if client.count(":") == 1 else client


def _is_trusted(client: str, proxies: tuple[Network, ...]) -> bool:
    known = address(client)
    return known is not None and any(known.version == one.version and known in one for one in proxies)


@lru_cache(1024)
def address(text: str) -> Address | None:
    try:
        return plain(ipaddress.ip_address(text))
    except ValueError:
        return None
