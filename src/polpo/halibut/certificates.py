"""The certificate by which a server or an agent is known: self-signed, trusted by its thumbprint alone."""

from __future__ import annotations

import datetime as dt
import hashlib
import os
import secrets
import tempfile
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

from polpo.kernel.errors import Invalid

_KEY_BITS = 2048
_YEARS = 100


def thumbprint_of(der: bytes) -> str:
    """SHA-1 over the DER form, 40 upper-case hex digits: the protocol's name for a certificate."""
    return hashlib.sha1(der, usedforsecurity=False).hexdigest().upper()


@dataclass(frozen=True)
class Identity:
    """A private key with its certificate, both as PEM."""

    key_pem: bytes
    certificate_pem: bytes

    @classmethod
    def generate(cls, common_name: str = "Polpo") -> Identity:
        """A new identity as agents make theirs: RSA 2048, SHA-256, valid from yesterday for a hundred years."""
        key = rsa.generate_private_key(public_exponent=65537, key_size=_KEY_BITS)
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])
        start = dt.datetime.now(dt.UTC) - dt.timedelta(days=1)
        certificate = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(name)
            .public_key(key.public_key())
            .serial_number(secrets.randbits(62) + 1)
            .not_valid_before(start)
            .not_valid_after(start + dt.timedelta(days=365 * _YEARS))
            .sign(key, hashes.SHA256())
        )
        return cls(
            key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            ),
            certificate.public_bytes(serialization.Encoding.PEM),
        )

    @property
    def certificate_der(self) -> bytes:
        return x509.load_pem_x509_certificate(self.certificate_pem).public_bytes(serialization.Encoding.DER)

    @property
    def thumbprint(self) -> str:
        return thumbprint_of(self.certificate_der)

    def to_pem(self) -> str:
        return (self.key_pem + self.certificate_pem).decode()

    @classmethod
    def from_pem(cls, text: str) -> Identity:
        marker = "-----BEGIN CERTIFICATE-----"
        key, found, certificate = text.partition(marker)
        if not found:
            raise Invalid("The identity file holds no certificate; make a new one with 'polpo agent new-certificate'.")
        return cls(key.encode(), (marker + certificate).encode())

    @classmethod
    def load(cls, path: Path) -> Identity:
        return cls.from_pem(path.read_text())

    def save(self, path: Path) -> None:
        """Writes the file, mode 600, as a whole or not at all."""
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=".identity-")
        try:
            with os.fdopen(descriptor, "w") as file:
                file.write(self.to_pem())
            Path(temporary).replace(path)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise
