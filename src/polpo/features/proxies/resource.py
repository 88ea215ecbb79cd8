"""A proxy, as it is stored and sent."""

from __future__ import annotations

from typing import Literal

from polpo.rest.links import register
from polpo.store.documents import Document, SensitiveValue
from polpo.store.kinds import define


class Proxy(Document):
    space_id: str = ""
    name: str = ""
    proxy_type: Literal["HTTP"] = "HTTP"
    host: str = ""
    port: int = 80
    username: str | None = None
    password: SensitiveValue | None = None


PROXIES = define("Proxies", Proxy, singular="proxy", unique=[("name_key",)])

register(Proxy, {"Self": "/api/{SpaceId}/proxies/{Id}"})
