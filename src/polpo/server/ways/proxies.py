"""The proxy on the way to a machine."""

from __future__ import annotations

from polpo.features.proxies.service import way_through
from polpo.halibut.connecting import Proxy
from polpo.kernel.errors import TaskError
from polpo.store.database import Database


def proxy_of(database: Database, proxy_id: str | None) -> Proxy | None:
    """None without an id: the machine is reached directly. TaskError when the proxy is gone."""
    if not proxy_id:
        return None
    with database.read() as session:
        proxy = way_through(session, proxy_id)
    if proxy is None:
        raise TaskError(f"The proxy '{proxy_id}' on the way does not exist any more; choose another one, or none.")
    return proxy
