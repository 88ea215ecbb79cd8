"""Which addresses of issuers are trusted to say who signs: those that nobody on the way can change."""

from __future__ import annotations

from urllib.parse import urlsplit

from polpo.kernel.addresses import is_loopback


def is_safe(address: str) -> bool:
    """HTTPS; or plain HTTP to this very machine, where there is no way to listen on."""
    try:
        parts = urlsplit(address)
        _ = parts.port
    except ValueError:
        return False
    if not parts.hostname or parts.username or parts.password or parts.fragment:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and is_loopback(parts.hostname))
