"""The parts into which a variable whose value is a certificate expands."""

from __future__ import annotations

import base64
import contextlib
from collections.abc import Iterator
from datetime import datetime

from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from polpo.features.certificates.exporting import as_pkcs12
from polpo.features.certificates.opening import Opened, open_certificate
from polpo.features.certificates.resource import Certificate
from polpo.features.variables.parts import Part
from polpo.kernel.errors import Invalid
from polpo.store.session import Session


def certificate_parts(session: Session, certificate: Certificate, *, opens: bool) -> Iterator[Part]:
    """Those that the certificate has something for; password and private key are revealed.

    Without `opens` what is only in the file is empty: opening it may cost a second, which a look ahead must not.
    """
    yield Part("Type", "Certificate")
    yield Part("Name", certificate.name)
    yield Part("Thumbprint", certificate.thumbprint)
    yield Part("Subject", certificate.subject_distinguished_name)
    yield Part("SubjectCommonName", certificate.subject_common_name)
    yield Part("SubjectOrganization", certificate.subject_organization)
    yield Part("SubjectAlternativeNames", ",".join(certificate.subject_alternative_names))
    yield Part("Issuer", certificate.issuer_distinguished_name)
    yield Part("IssuerCommonName", certificate.issuer_common_name)
    yield Part("IssuerOrganization", certificate.issuer_organization)
    yield Part("SerialNumber", certificate.serial_number)
    yield Part("NotBefore", _moment(certificate.not_before))
    yield Part("NotAfter", _moment(certificate.not_after))
    original = session.reveal(certificate.certificate_data) or "" if certificate.certificate_data else ""
    password = session.reveal(certificate.password) or "" if certificate.password else ""
    has_key = certificate.has_private_key
    yield Part("HasPrivateKey", str(has_key))
    yield Part("RawOriginal", original, has_key)
    if password:
        yield Part("Password", password, is_sensitive=True)
    if opens:
        yield from _of_file(certificate.name, open_certificate(original, password or None), password)
        return
    keys = {"PrivateKey", "PrivateKeyPem"} if has_key else set()
    chain = {"ChainPem"} if certificate.certificate_chain else set()
    yield from (Part(name, "") for name in sorted({"Pfx", "Certificate", "CertificatePem", *keys, *chain}))


def _of_file(name: str, opened: Opened, password: str) -> Iterator[Part]:
    own = opened.certificate
    with contextlib.suppress(Invalid):  # there are kinds of keys that such a file cannot hold
        yield Part("Pfx", _base64(as_pkcs12(name, opened, password or None)), opened.key is not None)
    yield Part("Certificate", _base64(own.public_bytes(Encoding.DER)))
    yield Part("CertificatePem", own.public_bytes(Encoding.PEM).decode())
    if opened.key is not None:
        for part, encoding in (("PrivateKey", Encoding.DER), ("PrivateKeyPem", Encoding.PEM)):
            key = opened.key.private_bytes(encoding, PrivateFormat.PKCS8, NoEncryption())
            yield Part(part, key.decode() if encoding is Encoding.PEM else _base64(key), is_sensitive=True)
    if opened.chain:
        yield Part("ChainPem", b"".join(one.public_bytes(Encoding.PEM) for one in opened.chain).decode())


def _base64(content: bytes) -> str:
    return base64.b64encode(content).decode()


def _moment(moment: datetime | None) -> str:
    """With seven digits after the second, as clients of the original parse it."""
    return f"{moment:%Y-%m-%dT%H:%M:%S}.0000000+00:00" if moment else ""
