"""Certificates for tests: an authority and what it signed, in the forms in which people send them."""

from __future__ import annotations

import base64
import datetime as dt
import ipaddress
from dataclasses import dataclass
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    KeySerializationEncryption,
    NoEncryption,
    PrivateFormat,
    pkcs12,
)
from cryptography.x509.oid import NameOID

PEM, DER = Encoding.PEM, Encoding.DER


def name(common_name: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "AT"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Polpo, Inc."),
            x509.NameAttribute(NameOID.COMMON_NAME, common_name),
        ]
    )


@dataclass(frozen=True)
class Pair:
    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey

    def pem(self) -> bytes:
        return self.certificate.public_bytes(PEM)

    def key_pem(self, password: str | None = None) -> bytes:
        return self.key.private_bytes(PEM, PrivateFormat.PKCS8, protection(password))

    def pfx(self, password: str | None, *chain: Pair) -> bytes:
        others = [one.certificate for one in chain]
        return pkcs12.serialize_key_and_certificates(b"x", self.key, self.certificate, others, protection(password))


def protection(password: str | None) -> KeySerializationEncryption:
    return BestAvailableEncryption(password.encode()) if password else NoEncryption()


def signed(common_name: str, by: Pair | None = None, days: int = 30) -> Pair:
    """Valid for some days from yesterday on; self-signed without an authority."""
    key = ec.generate_private_key(ec.SECP256R1())
    start = dt.datetime.now(dt.UTC).replace(microsecond=0) - dt.timedelta(days=1)
    names: list[x509.GeneralName] = [x509.DNSName(common_name), x509.IPAddress(ipaddress.ip_address("10.0.0.1"))]
    builder = (
        x509.CertificateBuilder()
        .subject_name(name(common_name))
        .issuer_name(by.certificate.subject if by else name(common_name))
        .public_key(key.public_key())
        .serial_number(0xABC)
        .not_valid_before(start)
        .not_valid_after(start + dt.timedelta(days=days))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
    )
    return Pair(builder.sign(by.key if by else key, hashes.SHA256()), key)


def sent(content: bytes, password: str | None = None, **more: Any) -> dict[str, Any]:
    """The body that creates a certificate."""
    body: dict[str, Any] = {"Name": "shop", "CertificateData": secret(base64.b64encode(content).decode())}
    if password is not None:
        body["Password"] = secret(password)
    return body | more


def secret(text: str) -> dict[str, Any]:
    return {"HasValue": True, "NewValue": text, "Hint": None}
