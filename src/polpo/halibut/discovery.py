"""Asking an address who is there, without being known to it."""

from __future__ import annotations

import asyncio

from polpo.halibut.connecting import Peer, Proxy, open_link
from polpo.halibut.errors import CannotConnect, ConnectionLost
from polpo.halibut.tls import TlsContext


async def discover(host: str, port: int, seconds: float = 30.0, proxy: Proxy | None = None) -> str:
    """The thumbprint of whoever speaks the agent protocol there; CannotConnect names the layer that failed.

    It proves nothing: the thumbprint must be compared with one that came another way.
    """
    peer = Peer(host, port, "", proxy)
    link = await open_link(peer, TlsContext(None), seconds)
    try:
        async with asyncio.timeout(seconds):
            await link.send(b"HELLO\r\n\r\n")
            answer = await link.receive()
    except (ConnectionLost, TimeoutError) as error:
        raise CannotConnect(f"{peer} does not speak the agent protocol: it did not answer.", "tls") from error
    finally:
        thumbprint = link.thumbprint
        await link.close()
    if not answer.startswith(b"HTTP/") or thumbprint is None:
        raise CannotConnect(f"{peer} does not speak the agent protocol; is the port right?", "tls")
    return thumbprint
