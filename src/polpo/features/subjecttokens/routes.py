"""What the world is told about the issuer: the public keys."""

from __future__ import annotations

import json

from polpo.features.subjecttokens.keys import ensure_key, published
from polpo.features.subjecttokens.resource import KeyDocument
from polpo.rest.call import Call
from polpo.rest.routes import Routes

routes = Routes("tokens", scope="system", prefix="")


@routes.get("/.well-known/jwks", "anonymous")
async def key_set(call: Call) -> KeyDocument:
    """The public keys by which tokens of this server are checked"""
    await ensure_key(call.database)
    with call.database.read() as session:
        return KeyDocument([json.loads(key.public_key) for key in published(session)])
