"""Which addresses of issuers are trusted to say who signs: those that nobody on the way can change."""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit


def is_safe(address: str) -> bool:
    """HTTPS; or plain HTTP to this very machine, where there is no way to listen on."""
    try:
        parts = urlsplit(address)
        _ = parts.port
    except ValueError:
        return False
    if not parts.hostname or parts.username or parts.password or parts.fragment:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and _is_loopback(parts.hostname))


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
