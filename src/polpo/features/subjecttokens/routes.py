"""What the world is told about the issuer, the public keys, and what administrators do with the keys."""

from __future__ import annotations

import json

from polpo.features.subjecttokens.keys import ensure_key, key_id, published, replace, revoke, signing
from polpo.features.subjecttokens.resource import KeyDocument, KeyState, SigningKey, SigningKeyView
from polpo.rest.call import Call
from polpo.rest.permissions import Permission
from polpo.rest.routes import Routes
from polpo.store.session import Session

routes = Routes("tokens", scope="system", prefix="")


@routes.get("/.well-known/jwks", "anonymous")
async def key_set(call: Call) -> KeyDocument:
    """The public keys by which tokens of this server are checked"""
    await ensure_key(call.database)
    with call.database.read() as session:
        return KeyDocument([json.loads(key.public_key) for key in published(session)])


@routes.get("/api/signingkeys", Permission.ADMINISTER_SYSTEM)
async def list_keys(call: Call) -> list[SigningKeyView]:
    """The keys that sign tokens of this server, now or soon or until just now"""
    await ensure_key(call.database)
    with call.database.read() as session:
        return _shown(session)


@routes.post("/api/signingkeys/rotate", Permission.ADMINISTER_SYSTEM, status=200)
async def rotate_key(call: Call) -> list[SigningKeyView]:
    """Let another key sign from now on; what the former one has signed stays valid until it expires"""
    await replace(call.database)
    with call.database.read() as session:
        return _shown(session)


@routes.post("/api/signingkeys/{id}/revoke", Permission.ADMINISTER_SYSTEM, status=200)
async def revoke_key(call: Call, id: str) -> list[SigningKeyView]:
    """Take a key away at once, with all that it has signed"""
    await revoke(call.database, id)
    with call.database.read() as session:
        return _shown(session)


def _shown(session: Session) -> list[SigningKeyView]:
    current = signing(session)
    return [_view(key, current) for key in published(session)]


def _view(key: SigningKey, current: SigningKey) -> SigningKeyView:
    state: KeyState = "Signing" if key.id == current.id else "Next" if key.number > current.number else "Former"
    return SigningKeyView(id=key.id, key_id=key_id(key), state=state, signs_from=key.signs_from)
