"""Two parties for tests over TLS on loopback, and a hostile one that says whatever it likes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from polpo.halibut.certificates import Identity
from polpo.halibut.connecting import Peer, open_link
from polpo.halibut.connection import Timings
from polpo.halibut.errors import ConnectionLost
from polpo.halibut.link import Link
from polpo.halibut.runtime import HalibutRuntime
from polpo.halibut.tls import TlsContext

SERVER, AGENT, STRANGER = (Identity.generate(name) for name in ("server", "agent", "stranger"))
SUBSCRIPTION = "poll://bcdefghjkl/"
FAST = Timings(connect=5, io=5, response=5, poll_wait=5, keep_alive=0.2, idle=5, collect=5, reconnect_least=0.02)


@asynccontextmanager
async def party(identity: Identity, *trusted: Identity, **more: Any) -> AsyncIterator[HalibutRuntime]:
    """A runtime that trusts these, until the end of the test."""
    runtime = HalibutRuntime(identity, **{"timings": FAST, **more})
    for one in trusted:
        runtime.trust(one.thumbprint)
    try:
        yield runtime
    finally:
        await runtime.close()


@asynccontextmanager
async def caller(port: int, identity: Identity | None = SERVER) -> AsyncIterator[Link]:
    """Somebody who has connected to the port, and has said nothing yet."""
    link = await open_link(Peer("127.0.0.1", port, ""), TlsContext(identity), 5)
    try:
        yield link
    finally:
        await link.close()


async def heard(link: Link) -> bytes:
    """All that is said until the other side ends the connection."""
    said = b""
    async with asyncio.timeout(5):
        while data := await _received(link):
            said += data
    return said


async def _received(link: Link) -> bytes:
    try:
        return await link.receive()
    except ConnectionLost:
        return b""
