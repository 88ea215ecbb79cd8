"""As much of an SSH server as shows its host key; the bytes are those of the protocol, in the order of a real one."""

from __future__ import annotations

import asyncio
import base64
import hashlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from cryptography.hazmat.primitives.asymmetric import ed25519


def text(content: bytes) -> bytes:
    return len(content).to_bytes(4) + content


def packet(payload: bytes) -> bytes:
    padding = 16 - (len(payload) + 5) % 8
    return (len(payload) + 1 + padding).to_bytes(4) + bytes([padding]) + payload + bytes(padding)


def offer(exchanges: bytes) -> bytes:
    lists = [exchanges, b"ssh-ed25519", *[b"aes128-ctr"] * 2, *[b"hmac-sha2-256"] * 2, *[b"none"] * 2, b"", b""]
    return packet(bytes([20]) + bytes(16) + b"".join(text(names) for names in lists) + bytes(5))


KEY = text(b"ssh-ed25519") + text(ed25519.Ed25519PrivateKey.generate().public_key().public_bytes_raw())
FINGERPRINT = "SHA256:" + base64.b64encode(hashlib.sha256(KEY).digest()).decode().rstrip("=")

#: A line before the version, what the server can do, and a packet that is to be passed over.
GREETING = (
    b"Authorised people only.\r\nSSH-2.0-OpenSSH_9.6\r\n"
    + offer(b"sntrup761x25519-sha512,curve25519-sha256")
    + packet(bytes([2]) + text(b"ignored"))
)


def shown_key(key: bytes) -> bytes:
    return packet(bytes([31]) + text(key) + text(bytes(32)) + text(b"a signature"))


class _Speaker(asyncio.Protocol):
    """Says everything at once, and listens to nothing."""

    def __init__(self, says: bytes) -> None:
        self._says = says

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.WriteTransport)
        transport.write(self._says)


@asynccontextmanager
async def ssh_server(says: bytes) -> AsyncIterator[int]:
    """Its port on the loopback."""
    server = await asyncio.get_running_loop().create_server(lambda: _Speaker(says), "127.0.0.1", 0)
    async with server:
        yield server.sockets[0].getsockname()[1]
