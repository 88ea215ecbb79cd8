"""Where an SSH server is, who we are to it, and by what we know it."""

from __future__ import annotations

from dataclasses import dataclass, field

from polpo.halibut.connecting import Proxy
from polpo.halibut.proxying import authority


@dataclass(frozen=True)
class Login:
    """A user with a private key (OpenSSH or PEM form) that a passphrase may protect, or with a password."""

    username: str
    password: str = field(default="", repr=False)
    private_key: bytes = field(default=b"", repr=False)
    passphrase: str = field(default="", repr=False)


@dataclass(frozen=True)
class SshAddress:
    """All that a connection depends on: two that are equal share one.

    `fingerprint` is of the host's key, in any form that OpenSSH has had; `algorithm` the type of that key, where it is
    known. Without a fingerprint the key must be among `known_hosts`: lines `host type key` of the whole installation.
    """

    host: str
    port: int
    login: Login
    fingerprint: str = ""
    algorithm: str = ""
    known_hosts: tuple[str, ...] = ()
    proxy: Proxy | None = None

    def __str__(self) -> str:
        return authority(self.host, self.port)
