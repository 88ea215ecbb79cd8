"""Opening certificate files: PKCS #12, PEM and DER. Opening may cost up to a second of work."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes
from cryptography.hazmat.primitives.serialization import load_pem_private_key, pkcs12

from polpo.features.certificates.resource import DataFormat
from polpo.kernel.errors import Invalid
from polpo.kernel.keyfiles import decoded, pem_blocks, refuse_costly, refuse_costly_pem

_FIELD = "CertificateData"
_CERTIFICATES = frozenset({"CERTIFICATE", "X509 CERTIFICATE"})


@dataclass(frozen=True)
class Opened:
    """What is in a file: the certificate that the private key belongs to, or the first one, and the others."""

    data_format: DataFormat
    certificate: x509.Certificate
    chain: Sequence[x509.Certificate]
    key: PrivateKeyTypes | None


def open_certificate(encoded: str, password: str | None) -> Opened:
    """Raises Invalid, saying what is wrong with the file."""
    content = decoded(_FIELD, encoded)
    try:
        if b"-----BEGIN " in content:
            return _open_pem(content, password)
        return _open_der(content) or _open_pkcs12(content, password)
    except UnsupportedAlgorithm as error:
        raise refusal(f"{_FIELD}: this server cannot read certificates or keys of this kind.") from error


def _open_der(content: bytes) -> Opened | None:
    try:
        return Opened("Der", x509.load_der_x509_certificate(content), (), None)
    except ValueError:
        return None


def _open_pkcs12(content: bytes, password: str | None) -> Opened:
    refuse_costly(_FIELD, content)
    found = _loaded(content, password)
    if found is None:
        hint = "the password is not the right one" if password else "it is protected by a password"
        raise refusal(
            f"{_FIELD}: this is no certificate in the PFX (PKCS #12), PEM or DER format; if it is a PFX file, {hint}"
            " or it is damaged."
        )
    held = [one.certificate for one in (found.cert, *found.additional_certs) if one is not None]
    if not held:
        raise refusal(f"{_FIELD}: the file holds no certificate.")
    return Opened("Pkcs12", held[0], held[1:], found.key)


def _loaded(content: bytes, password: str | None) -> pkcs12.PKCS12KeyAndCertificates | None:
    """Without a password, some programs protect by none, and others by an empty one."""
    for secret in [password.encode()] if password else [None, b""]:
        try:
            return pkcs12.load_pkcs12(content, secret)
        except ValueError:
            continue
    return None


def _open_pem(content: bytes, password: str | None) -> Opened:
    certificates: list[x509.Certificate] = []
    key: PrivateKeyTypes | None = None
    for block in pem_blocks(_FIELD, content):
        if block.label in _CERTIFICATES:
            certificates.append(_certificate(block.whole))
        elif block.label.endswith("PRIVATE KEY") and key is None:
            refuse_costly_pem(_FIELD, block.body)
            key = _private_key(block.whole, password)
    if not certificates:
        raise refusal(f"{_FIELD}: the file holds no certificate.")
    own = certificates[0] if key is None else _owner(certificates, key)
    return Opened("Pem", own, [one for one in certificates if one is not own], key)


def _certificate(block: bytes) -> x509.Certificate:
    try:
        return x509.load_pem_x509_certificate(block)
    except ValueError as error:
        raise refusal(f"{_FIELD}: a certificate in the file is damaged.") from error


def _private_key(block: bytes, password: str | None) -> PrivateKeyTypes:
    secret = password.encode() if password else None
    try:
        return load_pem_private_key(block, secret)
    except TypeError as error:
        if secret is None:
            raise refusal("Password is missing; the private key in the file is protected by one.") from error
        return _private_key(block, None)  # a password for a key that has none is no fault
    except ValueError as error:
        hint = " or the password is not the right one" if secret else ""
        raise refusal(f"{_FIELD}: the private key in the file is damaged{hint}.") from error


def _owner(certificates: Sequence[x509.Certificate], key: PrivateKeyTypes) -> x509.Certificate:
    public = key.public_key()
    for one in certificates:
        if one.public_key() == public:
            return one
    raise refusal(f"{_FIELD}: the private key in the file belongs to none of its certificates.")


def refusal(sentence: str) -> Invalid:
    return Invalid(sentence, [sentence])
