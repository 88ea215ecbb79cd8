"""Proxies over HTTP."""

from __future__ import annotations

from polpo.features.proxies.resource import PROXIES
from polpo.features.proxies.service import settle_proxy
from polpo.rest.collection import Collection, permissions_of
from polpo.rest.routes import Routes

routes = Routes("proxies")

proxies = Collection(PROXIES, "/proxies", **permissions_of("Proxy"), prepare=settle_proxy)

proxies.register(routes)
