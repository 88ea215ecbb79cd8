"""The `UriPart` filter. Its errors are results: they stand in the text."""

from __future__ import annotations

from typing import Callable, Dict, Optional, Sequence

from polpo.languages.substitution.filters.net_uris import Address, NotAnAddress, read_address

_RELATIVE = "This operation is not supported for a relative URI."


def _truth(holds: bool) -> str:
    return "true" if holds else "false"


def _dns_safe(address: Address) -> str:
    return address.host.strip("[]") if address.kind == "IPv6" else address.host


def _host_and_port(address: Address) -> str:
    return address.host if address.port < 0 else f"{address.host}:{address.port}"


_PARTS: Dict[str, Callable[[Address], str]] = {
    "absolutepath": lambda address: address.path,
    "absoluteuri": lambda address: address.absolute,
    "authority": lambda address: address.authority,
    "dnssafehost": _dns_safe,
    "fragment": lambda address: address.fragment,
    "host": lambda address: address.host,
    "hostandport": _host_and_port,
    "hostnametype": lambda address: address.kind,
    "isabsoluteuri": lambda address: "true",
    "isdefaultport": lambda address: _truth(address.port == address.default_port),
    "isfile": lambda address: _truth(address.scheme == "file"),
    "isloopback": lambda address: _truth(address.is_loopback),
    "isunc": lambda address: _truth(address.scheme == "file" and bool(address.host)),
    "path": lambda address: address.local_path,
    "pathandquery": lambda address: address.path + address.query,
    "port": lambda address: str(address.port),
    "query": lambda address: address.query,
    "scheme": lambda address: address.scheme,
    "schemeandserver": lambda address: f"{address.scheme}:{'//' if address.slashes else ''}{address.authority}",
    "userinfo": lambda address: address.user,
}


def uri_part(value: Optional[str], options: Sequence[str]) -> Optional[str]:
    if value is None:
        return None
    if not options:
        return "[UriPart error: no argument given]"
    wanted = options[0]
    try:
        address = read_address(value)
    except NotAnAddress:
        return value
    part = _PARTS.get(wanted.lower())
    if part is None:
        return f"[UriPart {wanted} error: argument '{wanted}' not supported]"
    if address is not None:
        return part(address)
    return "false" if wanted.lower() == "isabsoluteuri" else f"[UriPart {wanted} error: {_RELATIVE}]"
