"""A proxy as programs other than this one are told of it."""

from __future__ import annotations

from urllib.parse import quote

from polpo.features.proxies.resource import PROXIES
from polpo.store.session import Session


def address_of_proxy(session: Session, proxy_id: str | None) -> str | None:
    """Of the form `http://user:password@host:port`, so it may hold a secret; None where there is no such proxy."""
    proxy = session.find(PROXIES, proxy_id)
    if proxy is None:
        return None
    host = f"[{proxy.host}]" if ":" in proxy.host else proxy.host
    if not proxy.username:
        return f"http://{host}:{proxy.port}"
    password = session.reveal(proxy.password) or ""
    return f"http://{quote(proxy.username, safe='')}:{quote(password, safe='')}@{host}:{proxy.port}"
