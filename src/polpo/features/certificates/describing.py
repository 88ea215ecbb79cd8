"""What a certificate says of itself, in the words of the contract."""

from __future__ import annotations

from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID, ObjectIdentifier, SignatureAlgorithmOID

from polpo.features.certificates.opening import Opened, refusal
from polpo.features.certificates.resource import X509Certificate
from polpo.halibut.certificates import thumbprint_of

_ALGORITHMS = {
    SignatureAlgorithmOID.RSA_WITH_MD5: "md5RSA",
    SignatureAlgorithmOID.RSA_WITH_SHA1: "sha1RSA",
    SignatureAlgorithmOID.RSA_WITH_SHA256: "sha256RSA",
    SignatureAlgorithmOID.RSA_WITH_SHA384: "sha384RSA",
    SignatureAlgorithmOID.RSA_WITH_SHA512: "sha512RSA",
    SignatureAlgorithmOID.RSASSA_PSS: "RSASSA-PSS",
    SignatureAlgorithmOID.ECDSA_WITH_SHA1: "sha1ECDSA",
    SignatureAlgorithmOID.ECDSA_WITH_SHA256: "sha256ECDSA",
    SignatureAlgorithmOID.ECDSA_WITH_SHA384: "sha384ECDSA",
    SignatureAlgorithmOID.ECDSA_WITH_SHA512: "sha512ECDSA",
    SignatureAlgorithmOID.ED25519: "Ed25519",
    SignatureAlgorithmOID.ED448: "Ed448",
}


def described(opened: Opened) -> dict[str, Any]:
    """The read-only properties of the certificate, by attribute. Invalid for what is one in form only."""
    try:
        return _described(opened)
    except ValueError as error:
        raise refusal(f"CertificateData: the certificate cannot be read: {error}.") from error


def _described(opened: Opened) -> dict[str, Any]:
    own = opened.certificate
    summary = _summary(own)
    return {
        "certificate_data_format": opened.data_format,
        "has_private_key": opened.key is not None,
        "subject_distinguished_name": summary.subject_distinguished_name,
        "subject_common_name": _part(own.subject, NameOID.COMMON_NAME),
        "subject_organization": _part(own.subject, NameOID.ORGANIZATION_NAME),
        "subject_alternative_names": _alternative_names(own),
        "issuer_distinguished_name": summary.issuer_distinguished_name,
        "issuer_common_name": _part(own.issuer, NameOID.COMMON_NAME),
        "issuer_organization": _part(own.issuer, NameOID.ORGANIZATION_NAME),
        "self_signed": own.subject == own.issuer,
        "thumbprint": summary.thumbprint,
        "not_after": summary.not_after,
        "not_before": summary.not_before,
        "version": summary.version,
        "serial_number": summary.serial_number,
        "signature_algorithm_name": summary.signature_algorithm_name,
        "certificate_chain": [_summary(one) for one in opened.chain],
    }


def _summary(certificate: x509.Certificate) -> X509Certificate:
    serial = f"{certificate.serial_number:X}"
    algorithm = certificate.signature_algorithm_oid
    return X509Certificate(
        subject_distinguished_name=_name(certificate.subject),
        issuer_distinguished_name=_name(certificate.issuer),
        thumbprint=thumbprint_of(certificate.public_bytes(Encoding.DER)),
        not_after=certificate.not_valid_after_utc,
        not_before=certificate.not_valid_before_utc,
        version=certificate.version.value + 1,
        serial_number=serial.zfill(len(serial) + len(serial) % 2),
        signature_algorithm_name=_ALGORITHMS.get(algorithm, algorithm.dotted_string),
    )


def _name(name: x509.Name) -> str:
    """The most particular part first, as people read it."""
    return ", ".join(part.rfc4514_string() for part in reversed(name.rdns))


def _part(name: x509.Name, oid: ObjectIdentifier) -> str:
    found = name.get_attributes_for_oid(oid)
    return str(found[0].value) if found else ""


def _alternative_names(certificate: x509.Certificate) -> list[str]:
    try:
        names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return []
    plain = (x509.DNSName, x509.RFC822Name, x509.UniformResourceIdentifier, x509.IPAddress)
    return [str(one.value) for one in names if isinstance(one, plain)]
