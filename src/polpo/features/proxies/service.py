"""Rules of proxies."""

from __future__ import annotations

import re

from polpo.features.proxies.resource import PROXIES, Proxy
from polpo.halibut import connecting
from polpo.kernel.errors import Invalid
from polpo.rest.call import Call
from polpo.store.documents import kept_secret
from polpo.store.session import Session

_USUAL_PORT, _LARGEST_PORT = 80, 65535
_HOST = re.compile(r"[^\s/?#@]{1,253}")


def settle_proxy(_call: Call, proxy: Proxy, before: Proxy | None) -> None:
    """A proxy is a host and a port; without a port it is 80."""
    proxy.host = proxy.host.strip()
    proxy.port = proxy.port or _USUAL_PORT
    proxy.password = kept_secret(proxy.password, before.password if before else None)
    faults = []
    if not _HOST.fullmatch(proxy.host):
        faults.append(
            f"Host must be the name or address of the proxy alone, without scheme or path; it is '{proxy.host}'."
        )
    if not 0 < proxy.port <= _LARGEST_PORT:
        faults.append(f"Port must be between 1 and {_LARGEST_PORT}; it is {proxy.port}.")
    if faults:
        raise Invalid(faults[0] if len(faults) == 1 else "The proxy cannot be saved.", faults)


def way_through(session: Session, proxy_id: str) -> connecting.Proxy | None:
    """The proxy as connections are made through it, its password revealed; None when there is no such one."""
    proxy = session.find(PROXIES, proxy_id)
    if proxy is None:
        return None
    return connecting.Proxy(proxy.host, proxy.port, proxy.username or "", session.reveal(proxy.password) or "")
