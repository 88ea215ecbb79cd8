"""The certificate by which the server speaks HTTPS: read from files, and read again when they change."""

from __future__ import annotations

import asyncio
import re
import ssl
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import structlog
from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_private_key

from polpo.engine.rounds import Rounds
from polpo.kernel.clock import Clock
from polpo.kernel.errors import Invalid
from polpo.server.settings import Settings

log = structlog.get_logger("polpo.tls")

_LOOK_SECONDS = 10.0
_SOON = timedelta(days=14)
_KEY = re.compile(rb"-----BEGIN ([A-Z0-9 ]*PRIVATE KEY)-----.+?-----END \1-----", re.DOTALL)


@dataclass(frozen=True)
class Material:
    """The certificate with its chain, and its key without a password: PEM, in the form that the listener reads.

    The listener ends the process at what it cannot read; so it gets nothing as it was found.
    """

    certificate: bytes
    key: bytes = field(repr=False)
    ends: datetime


@dataclass(frozen=True)
class KeyPair:
    """The files of a certificate (with its chain) and of its key."""

    certificate: Path
    key: Path
    password: str | None = field(default=None, repr=False)

    def check(self) -> datetime:
        """When the certificate ends. Invalid as with `read`."""
        return self.read().ends

    def read(self) -> Material:
        """Invalid when the two files cannot be used together, with the reason."""
        try:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(self.certificate, self.key, self._told_password)
            chain = x509.load_pem_x509_certificates(self.certificate.read_bytes())
            key = _private_key(self.key.read_bytes(), self.password)
            certificate = b"".join(one.public_bytes(Encoding.PEM) for one in chain)
            return Material(certificate, key, chain[0].not_valid_after_utc)
        except (OSError, ValueError, TypeError, UnsupportedAlgorithm) as error:
            why = getattr(error, "strerror", None) or str(error)
            raise Invalid(
                f"The certificate {self.certificate} cannot be used with the key {self.key}: {why}."
                " Check the settings tls_certificate, tls_key and tls_key_password."
            ) from error

    def _told_password(self) -> str:
        """Without one nobody is asked at the terminal, as the library would."""
        return self.password or ""

    def stamp(self) -> tuple[object, ...]:
        """Another one when a file was replaced or written, also behind a link."""
        found = (path.stat() if path.exists() else None for path in (self.certificate, self.key))
        return tuple((one.st_ino, one.st_mtime_ns, one.st_size) if one else None for one in found)


def _private_key(text: bytes, password: str | None) -> bytes:
    """The first key of the text. ValueError for one of a kind that the listener does not use."""
    found = _KEY.search(text)
    if found is None:
        raise ValueError("there is no private key in PEM form")
    is_locked = b"ENCRYPTED" in found[0]
    key = load_pem_private_key(found[0], password.encode() if password and is_locked else None)
    if isinstance(key, ec.EllipticCurvePrivateKey):
        fits = isinstance(key.curve, ec.SECP256R1 | ec.SECP384R1)
    else:
        fits = isinstance(key, rsa.RSAPrivateKey | ed25519.Ed25519PrivateKey)
    if not fits:
        raise ValueError("keys must be RSA, Ed25519, or ECDSA on the curves P-256 or P-384")
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def key_pair(settings: Settings) -> KeyPair | None:
    """None where the server speaks plain HTTP. Invalid when only half is set, or the files do not do."""
    if not settings.tls_certificate and not settings.tls_key:
        return None
    if not settings.tls_certificate or not settings.tls_key:
        raise Invalid("The settings tls_certificate and tls_key belong together; only one of them is set.")
    # not resolved: certificate authorities' tools renew by turning a link to another file
    certificate, key = (Path(name).expanduser().absolute() for name in (settings.tls_certificate, settings.tls_key))
    pair = KeyPair(certificate, key, settings.tls_key_password or None)
    pair.check()
    return pair


class Renewals(Rounds):
    """Looks whether the files have changed, or at once when it is told to, and has the server take them.

    Files that do not do (half of them is written, the key is another's) change nothing and are looked at again.
    """

    PAUSE = _LOOK_SECONDS

    def __init__(self, pair: KeyPair, clock: Clock, take: Callable[[], None]) -> None:
        super().__init__()
        self._pair = pair
        self._clock = clock
        self._take = take
        self._taken = pair.stamp()
        self._refused: tuple[object, ...] | None = None
        self._hurried: asyncio.Task[None] | None = None

    async def round(self) -> None:
        stamp = await asyncio.to_thread(self._pair.stamp)
        if stamp == self._taken:
            return
        try:
            ends = await asyncio.to_thread(self._pair.check)
            self._take()
        except Invalid as error:
            if stamp != self._refused:
                log.warning("the new certificate is not taken; the former stays", reason=error.message)
            self._refused = stamp
            return
        self._taken, self._refused = stamp, None
        log.info("a new certificate is taken", ends=ends.isoformat())
        warn_of_end(ends, self._clock)

    def hurry(self) -> None:
        """Looks now, as SIGHUP asks for."""
        self._hurried = asyncio.get_running_loop().create_task(self.round(), name="certificate-now")

    async def close(self) -> None:
        await super().close()
        if self._hurried is not None:
            self._hurried.cancel()
            await asyncio.gather(self._hurried, return_exceptions=True)


def warn_of_end(ends: datetime, clock: Clock) -> None:
    if ends - clock.now() < _SOON:
        log.warning("the certificate of the server ends soon or has ended", ends=ends.isoformat())
