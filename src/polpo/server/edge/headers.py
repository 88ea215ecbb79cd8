"""The headers that every answer carries to protect its reader, by the configuration of the web portal.

Answers of the API are data: nothing in them is run, framed or loaded by another site, also where a user's file is the
answer. The portal runs its own scripts and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from polpo.features.configuration.resource import WebPortalSecurity, XOptions
from polpo.features.configuration.webportal import origin_of

Pairs = list[tuple[bytes, bytes]]

_OF_DATA = "default-src 'none'; base-uri 'none'; form-action 'none'; sandbox"
_OF_PORTAL = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:;"
    " font-src 'self'; connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'"
)
_ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "X-Permitted-Cross-Domain-Policies": "none",
    "Server": "Polpo",
}


@dataclass(frozen=True)
class Headers:
    """Of answers with data and of the portal's files; the first of each for plain HTTP, the second for HTTPS."""

    data: tuple[Pairs, Pairs]
    portal: tuple[Pairs, Pairs]

    def of(self, path: str, scheme: str) -> Pairs:
        is_portal = path == "/" or path.startswith("/app")
        return (self.portal if is_portal else self.data)[scheme == "https"]


def headers_for(security: WebPortalSecurity) -> Headers:
    def pairs(policy: str, *, secure: bool) -> Pairs:
        named = _ALWAYS | {"Referrer-Policy": security.referrer_policy} | _framing(security.x_options)
        if security.content_security_policy_enabled:
            named["Content-Security-Policy"] = policy + _ancestors(security.x_options)
        if secure and security.http_strict_transport_security_enabled:
            age = security.http_strict_transport_security_max_age
            named["Strict-Transport-Security"] = f"max-age={age}"
        return [(name.lower().encode(), value.encode()) for name, value in named.items()]

    data, portal = ((pairs(one, secure=False), pairs(one, secure=True)) for one in (_OF_DATA, _OF_PORTAL))
    return Headers(data, portal)


def _framing(frames: XOptions) -> dict[str, str]:
    """Browsers know no header any more that names another site; the content security policy does."""
    known = {"Deny": "DENY", "SameOrigin": "SAMEORIGIN"}
    return {"X-Frame-Options": known[frames.x_frame_options]} if frames.x_frame_options in known else {}


def _ancestors(frames: XOptions) -> str:
    if frames.x_frame_options == "AllowFrom":
        return f"; frame-ancestors 'self' {origin_of(frames.x_frame_option_allow_from or '')}"
    return {"Deny": "; frame-ancestors 'none'", "SameOrigin": "; frame-ancestors 'self'"}.get(
        frames.x_frame_options, ""
    )


def completed(headers: Iterable[tuple[bytes, bytes]], more: Pairs) -> Pairs:
    """The headers of an answer, whose names are in lower case, with those that it does not set itself."""
    own = list(headers)
    names = {name for name, _ in own}
    own += [pair for pair in more if pair[0] not in names]
    return own
