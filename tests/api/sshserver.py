"""An SSH server that lets nobody in: all that is asked of it is its host key."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncssh

KEY = asyncssh.generate_private_key("ssh-ed25519")
FINGERPRINT = KEY.get_fingerprint()


@asynccontextmanager
async def ssh_server() -> AsyncIterator[int]:
    """Its port on the loopback."""
    server = await asyncssh.listen("127.0.0.1", 0, server_host_keys=[KEY])
    async with server:
        yield server.sockets[0].getsockname()[1]
