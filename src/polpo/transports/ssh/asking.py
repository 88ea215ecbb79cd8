"""Asking an SSH server for its host key."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

import asyncssh

from polpo.halibut.connecting import Proxy, reach
from polpo.halibut.proxying import authority
from polpo.kernel.errors import WireError
from polpo.transports.ssh.connecting import EXCHANGES
from polpo.transports.ssh.hostkeys import algorithms_for, shown_fingerprint


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
            key = await asyncssh.get_server_host_key(
                sock=raw, kex_algs=EXCHANGES, server_host_key_algs=algorithms_for(""), config=None
            )
    except TimeoutError as error:
        raise NoSshServer(f"{where} did not answer within {seconds:.0f} s.") from error
    except (asyncssh.Error, OSError, ValueError) as error:
        raise NoSshServer(f"{where} does not speak SSH; is the port right?") from error
    if key is None:
        raise NoSshServer(f"{where} speaks SSH but shows no host key.")
    return HostKey(key.get_algorithm(), shown_fingerprint(key.public_data))
