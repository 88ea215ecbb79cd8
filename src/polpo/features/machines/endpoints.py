"""What each way of reaching a target needs."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import SplitResult, urlsplit

from polpo.features.machines.resource import Endpoint

_THUMBPRINT = re.compile(r"[0-9A-F]{40}")
_SEPARATORS = re.compile(r"[\s:]")
_LARGEST_PORT = 65535


def settle_endpoint(endpoint: Endpoint) -> list[str]:
    """Brings the endpoint into the form that connections use; returns what is wrong, one sentence each."""
    check = _CHECKS.get(endpoint.communication_style)
    return check(endpoint) if check else []


def _settle_listening(endpoint: Endpoint) -> list[str]:
    faults = _settle_thumbprint(endpoint)
    parts = _split(endpoint.uri)
    if parts is None or parts.scheme != "https" or not parts.hostname or parts.path not in ("", "/"):
        faults.append(f"Endpoint.Uri must be the agent's address, https://host:port/; it is '{endpoint.uri or ''}'.")
    return faults


def _settle_polling(endpoint: Endpoint) -> list[str]:
    faults = _settle_thumbprint(endpoint)
    parts = _split(endpoint.uri)
    if parts is None or parts.scheme != "poll" or not parts.hostname:
        faults.append(f"Endpoint.Uri must be the agent's subscription, poll://name/; it is '{endpoint.uri or ''}'.")
    return faults


def _settle_ssh(endpoint: Endpoint) -> list[str]:
    faults = []
    if not endpoint.host:
        faults.append("Endpoint.Host is missing; name the host to connect to.")
    endpoint.port = endpoint.port or 22
    if not 0 < endpoint.port <= _LARGEST_PORT:
        faults.append(f"Endpoint.Port must be between 1 and {_LARGEST_PORT}; it is {endpoint.port}.")
    endpoint.uri = f"ssh://{endpoint.host}:{endpoint.port}/"
    return faults


def _settle_thumbprint(endpoint: Endpoint) -> list[str]:
    plain = _SEPARATORS.sub("", endpoint.thumbprint or "").upper()
    if not _THUMBPRINT.fullmatch(plain):
        given = endpoint.thumbprint or ""
        return [f"Endpoint.Thumbprint must be the 40 hexadecimal digits that the agent shows; it is '{given}'."]
    endpoint.thumbprint = plain
    return []


def _split(address: str | None) -> SplitResult | None:
    try:
        parts = urlsplit(address or "")
        _ = parts.port  # raises for a port that is no number
    except ValueError:
        return None
    return parts


_CHECKS: dict[str, Callable[[Endpoint], list[str]]] = {
    "TentaclePassive": _settle_listening,
    "TentacleActive": _settle_polling,
    "Ssh": _settle_ssh,
}
