"""What the section of the web portal takes: origins, frames, policies and proxies that mean something."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from polpo.features.configuration.resource import WebPortalConfiguration, WebPortalSecurity
from polpo.kernel.addresses import networks
from polpo.kernel.errors import Invalid

ANY_ORIGIN = "*"
_FRAMES = {"deny": "Deny", "sameorigin": "SameOrigin", "allowfrom": "AllowFrom", "none": "None"}
_REFERRERS = frozenset(
    (
        "no-referrer",
        "no-referrer-when-downgrade",
        "origin",
        "origin-when-cross-origin",
        "same-origin",
        "strict-origin",
        "strict-origin-when-cross-origin",
        "unsafe-url",
    )
)
_ORIGIN = re.compile(r"https?://[a-z0-9._\-\[\]:]{1,253}")
_OLDEST = 10 * 365 * 86_400


def settle_web_portal(portal: WebPortalConfiguration) -> None:
    """Spells what was written in one way. Invalid with a sentence for each fault."""
    security, faults = portal.security, []
    frames = security.x_options
    spelled = _FRAMES.get(re.sub(r"[^a-z]", "", frames.x_frame_options.lower()))
    if spelled is None:
        faults.append(f"XFrameOptions must be Deny, SameOrigin, AllowFrom or None; it is '{frames.x_frame_options}'.")
    elif spelled == "AllowFrom" and origin_of(frames.x_frame_option_allow_from or "") is None:
        faults.append("XFrameOptionAllowFrom must be the address of a site, such as https://intranet.example.com.")
    else:
        frames.x_frame_options = spelled
    faults += _faults(security)
    faults += [
        f"TrustedProxies: '{entry}' is no address and no network such as 10.1.0.0/16."
        for entry in portal.logging.trusted_proxies
        if not _is_network(entry)
    ]
    if faults:
        raise Invalid(faults[0], faults)


def _faults(security: WebPortalSecurity) -> list[str]:
    faults = []
    security.referrer_policy = security.referrer_policy.strip().lower()
    if security.referrer_policy not in _REFERRERS:
        faults.append(f"ReferrerPolicy must be one of {', '.join(sorted(_REFERRERS))}.")
    if not 0 <= security.http_strict_transport_security_max_age <= _OLDEST:
        faults.append(f"HttpStrictTransportSecurityMaxAge is in seconds, from 0 to {_OLDEST}.")
    faults += [
        f"CorsWhitelist: '{entry}' must be an origin such as https://tools.example.com, without a path."
        for entry in _entries(security.cors_whitelist)
        if entry != ANY_ORIGIN and origin_of(entry) is None
    ]
    return faults


def origins(security: WebPortalSecurity) -> frozenset[str]:
    """As browsers spell them; `*` for all."""
    read = (entry if entry == ANY_ORIGIN else origin_of(entry) for entry in _entries(security.cors_whitelist))
    return frozenset(one for one in read if one)


def origin_of(text: str) -> str | None:
    """Scheme, name and port as browsers send them: in lower case, without the usual port. None when it is no origin."""
    trimmed = text.strip().lower().removesuffix("/")
    try:
        parts = urlsplit(trimmed)
        usual = {"http": 80, "https": 443}.get(parts.scheme) == parts.port
    except ValueError:
        return None
    if not _ORIGIN.fullmatch(trimmed) or not parts.hostname:
        return None
    return trimmed.rpartition(":")[0] if usual else trimmed


def _entries(text: str | None) -> list[str]:
    return [entry.strip() for entry in re.split(r"[,;\s]+", text or "") if entry.strip()]


def _is_network(entry: str) -> bool:
    try:
        networks([entry])
    except ValueError:
        return False
    return True
