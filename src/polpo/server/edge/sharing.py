"""Cross-origin resource sharing: which pages of other sites may read the API. None, unless they are on the list.

An origin on the list may send the user's cookies along; where the list is `*`, nobody may. The origin `null`, which
any page can take on, is never allowed.
"""

from __future__ import annotations

from polpo.features.configuration.webportal import ANY_ORIGIN
from polpo.server.edge.headers import Pairs

_METHODS = b"GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS"
_SENT = (
    b"Accept, Accept-Language, Authorization, Content-Type, If-Match, If-None-Match, X-HTTP-Method-Override,"
    b" X-NuGet-ApiKey, X-Octopus-ApiKey, X-Octopus-Csrf-Token, X-Octopus-User-Agent"
)
_SHOWN = b"Content-Disposition, ETag, Location, Retry-After, X-Octopus-Version"


def shared_with(origin: bytes | None, origins: frozenset[str]) -> Pairs:
    """The headers that let the origin read an answer; empty where it may not."""
    if not origins:
        return []
    text = (origin or b"").decode("latin-1").lower()
    if text in origins and text not in {ANY_ORIGIN, "null"} and origin:
        return [
            (b"access-control-allow-origin", origin),
            (b"access-control-allow-credentials", b"true"),
            (b"access-control-expose-headers", _SHOWN),
        ]
    if ANY_ORIGIN in origins and text not in {"", "null"}:
        return [(b"access-control-allow-origin", b"*"), (b"access-control-expose-headers", _SHOWN)]
    return []


def of_preflight(shared: Pairs) -> Pairs:
    """What a browser asks for before it sends more than a simple request."""
    return [
        *shared,
        (b"access-control-allow-methods", _METHODS),
        (b"access-control-allow-headers", _SENT),
        (b"access-control-max-age", b"600"),
        (b"vary", b"Origin, Access-Control-Request-Method, Access-Control-Request-Headers"),
    ]


def varied(headers: Pairs) -> Pairs:
    """The same answer may read otherwise for another origin, so caches keep them apart."""
    known = [value for name, value in headers if name.lower() == b"vary"]
    kept = [pair for pair in headers if pair[0].lower() != b"vary"]
    return [*kept, (b"vary", b", ".join([*known, b"Origin"]))]
