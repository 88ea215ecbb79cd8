"""Asking an SSH server for its host key: as much of the protocol (RFC 4253, 5656) as it takes to be shown it."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import os
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric import ec, x25519
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from polpo.halibut.connecting import Proxy, reach
from polpo.halibut.proxying import authority
from polpo.kernel.errors import WireError

_CURVE25519 = (b"curve25519-sha256", b"curve25519-sha256@libssh.org")
_NISTP256 = b"ecdh-sha2-nistp256"
_HOST_KEYS = (
    b"ssh-ed25519",
    b"ecdsa-sha2-nistp256",
    b"ecdsa-sha2-nistp384",
    b"ecdsa-sha2-nistp521",
    b"rsa-sha2-512",
    b"rsa-sha2-256",
    b"ssh-rsa",
)
_CIPHERS = (b"aes128-ctr", b"aes256-ctr", b"aes256-gcm@openssh.com", b"chacha20-poly1305@openssh.com")
_MACS = (b"hmac-sha2-256", b"hmac-sha2-512", b"hmac-sha2-256-etm@openssh.com", b"hmac-sha1")
_DISCONNECT, _IGNORE, _DEBUG, _KEXINIT, _ECDH_INIT, _ECDH_REPLY = 1, 2, 4, 20, 30, 31
_LARGEST_PACKET, _MOST_PACKETS, _MOST_LINES, _LONGEST_LINE = 256 * 1024, 20, 50, 8192


class NoSshServer(WireError):
    """Whoever answers does not speak SSH, or none of its ways that we know."""


@dataclass(frozen=True)
class HostKey:
    """`algorithm` is the key's type, `fingerprint` what OpenSSH shows: `SHA256:` and base64 without padding."""

    algorithm: str
    fingerprint: str


async def ask_host_key(host: str, port: int, seconds: float, proxy: Proxy | None = None) -> HostKey:
    """It proves nothing: the fingerprint must be compared with one that came another way."""
    where = authority(host, port)
    deadline = asyncio.get_running_loop().time() + seconds
    raw = await reach(host, port, deadline, seconds, proxy)
    try:
        async with asyncio.timeout_at(deadline):
            reader, writer = await asyncio.open_connection(sock=raw, limit=_LARGEST_PACKET)
            try:
                return await _host_key(reader, writer)
            finally:
                writer.close()
    except TimeoutError as error:
        raise NoSshServer(f"{where} did not answer within {seconds:.0f} s.") from error
    except OSError as error:
        raise NoSshServer(f"{where} ended the connection: {error.strerror or error}.") from error
    except (EOFError, ValueError) as error:
        raise NoSshServer(f"{where} does not speak SSH; is the port right?") from error


async def _host_key(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> HostKey:
    writer.write(b"SSH-2.0-Polpo\r\n")
    await _read_version(reader)
    writer.write(_packet(_offer()))
    offered = await _read_message(reader, _KEXINIT)
    writer.write(_packet(bytes([_ECDH_INIT]) + _text(_public_key(_chosen_exchange(offered)))))
    reply = await _read_message(reader, _ECDH_REPLY)
    key, _ = _split(reply[1:])
    algorithm, _ = _split(key)
    digest = base64.b64encode(hashlib.sha256(key).digest()).decode().rstrip("=")
    return HostKey(algorithm.decode("ascii"), f"SHA256:{digest}")


async def _read_version(reader: asyncio.StreamReader) -> None:
    """Servers may greet before they tell their version."""
    for _ in range(_MOST_LINES):
        line = await reader.readline()
        if line.startswith((b"SSH-2.0-", b"SSH-1.99-")):
            return
        if not line.endswith(b"\n") or len(line) > _LONGEST_LINE:
            break
    raise ValueError("no SSH version")


async def _read_message(reader: asyncio.StreamReader, wanted: int) -> bytes:
    """The next packet of the kind; whatever may come in between is passed over."""
    for _ in range(_MOST_PACKETS):
        size = int.from_bytes(await reader.readexactly(4))
        if not 2 <= size <= _LARGEST_PACKET:
            break
        raw = await reader.readexactly(size)
        payload = raw[1 : size - raw[0]]
        if payload[:1] == bytes([wanted]):
            return payload
        if payload[:1] not in (bytes([_IGNORE]), bytes([_DEBUG])):
            break
    raise ValueError("not the packet that was awaited")


def _offer() -> bytes:
    """What we can do. Nothing is ever encrypted; ciphers are named because the server ends it without."""
    lists = [(*_CURVE25519, _NISTP256), _HOST_KEYS, _CIPHERS, _CIPHERS, _MACS, _MACS, (b"none",), (b"none",), (), ()]
    return bytes([_KEXINIT]) + os.urandom(16) + b"".join(_text(b",".join(names)) for names in lists) + bytes(5)


def _chosen_exchange(offered: bytes) -> bytes:
    names, _ = _split(offered[17:])
    known = names.split(b",")
    for one in (*_CURVE25519, _NISTP256):
        if one in known:
            return one
    raise ValueError("no exchange in common")


def _public_key(exchange: bytes) -> bytes:
    if exchange == _NISTP256:
        point = ec.generate_private_key(ec.SECP256R1()).public_key()
        return point.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return x25519.X25519PrivateKey.generate().public_key().public_bytes_raw()


def _packet(payload: bytes) -> bytes:
    """Padded to blocks of eight, by four bytes at least."""
    padding = 8 - (len(payload) + 5) % 8
    padding += 8 if padding < 4 else 0
    return (len(payload) + 1 + padding).to_bytes(4) + bytes([padding]) + payload + os.urandom(padding)


def _text(content: bytes) -> bytes:
    return len(content).to_bytes(4) + content


def _split(data: bytes) -> tuple[bytes, bytes]:
    end = 4 + int.from_bytes(data[:4])
    if len(data) < max(end, 4):
        raise ValueError("a text ends too early")
    return data[4:end], data[end:]
