"""Certificates as files for other programs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import cast

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.hazmat.primitives.serialization.pkcs12 import PKCS12PrivateKeyTypes

from polpo.features.certificates.opening import Opened, open_certificate, refusal
from polpo.kernel.keyfiles import decoded
from polpo.rest.call import Call
from polpo.rest.collection import slugify

EXPORT_QUERY = ("format", "includePrivateKey", "password", "pemOptions")

_ENDINGS = {"Pkcs12": "pfx", "Pem": "pem", "Der": "cer"}
_MEDIA = {"Pkcs12": "application/x-pkcs12", "Pem": "application/x-pem-file", "Der": "application/pkix-cert"}
_WORDS = {"pfx": "Pkcs12", "pkcs12": "Pkcs12", "pem": "Pem", "der": "Der"}
_PEM_OPTIONS = {"primaryonly": "PrimaryOnly", "primaryandchain": "PrimaryAndChain", "chainonly": "ChainOnly"}


@dataclass(frozen=True)
class Wish:
    """How a certificate is wanted; without a format, just as it was uploaded, with its password and key."""

    data_format: str | None
    includes_key: bool
    password: str | None
    pem_options: str

    @classmethod
    def of(cls, call: Call) -> Wish:
        asked, options = call.text("format"), call.text("pemOptions") or "PrimaryOnly"
        if asked is not None and asked.casefold() not in _WORDS:
            raise refusal(f"format: certificates can be exported as Pkcs12, Pem and Der; '{asked}' is none of them.")
        if options.casefold() not in _PEM_OPTIONS:
            raise refusal(f"pemOptions: use one of {', '.join(_PEM_OPTIONS.values())}; it is '{options}'.")
        return cls(
            data_format=_WORDS[asked.casefold()] if asked else None,
            includes_key=call.flag("includePrivateKey"),
            password=call.text("password"),
            pem_options=_PEM_OPTIONS[options.casefold()],
        )

    @property
    def tells_key(self) -> bool:
        """A PFX file is of no use without its key."""
        return self.data_format in (None, "Pkcs12") or (self.data_format == "Pem" and self.includes_key)


@dataclass(frozen=True)
class ExportedFile:
    content: bytes
    name: str
    media_type: str


def exported(wish: Wish, name: str, data_format: str, encoded: str, password: str | None) -> ExportedFile:
    """`encoded` and `password` are those of the upload. May cost a second of work."""
    asked = wish.data_format or data_format
    if wish.data_format is None:
        content = decoded("CertificateData", encoded)
    else:
        content = _converted(wish, name, open_certificate(encoded, password))
    return ExportedFile(content, f"{slugify(name)}.{_ENDINGS[asked]}", _MEDIA[asked])


def _converted(wish: Wish, name: str, opened: Opened) -> bytes:
    if wish.data_format == "Der":
        return opened.certificate.public_bytes(serialization.Encoding.DER)
    if wish.data_format == "Pem":
        return b"".join(_pem_blocks(wish, opened))
    return as_pkcs12(name, opened, wish.password)


def _pem_blocks(wish: Wish, opened: Opened) -> Iterator[bytes]:
    wanted: list[x509.Certificate] = []
    if wish.pem_options != "ChainOnly":
        wanted.append(opened.certificate)
    if wish.pem_options != "PrimaryOnly":
        wanted += opened.chain
    for one in wanted:
        yield one.public_bytes(serialization.Encoding.PEM)
    if wish.includes_key and opened.key is not None:
        yield opened.key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, _protection(wish.password)
        )


def as_pkcs12(name: str, opened: Opened, password: str | None) -> bytes:
    key = cast("PKCS12PrivateKeyTypes | None", opened.key)
    chain, protection = list(opened.chain), _protection(password)
    try:
        return pkcs12.serialize_key_and_certificates(name.encode(), key, opened.certificate, chain, protection)
    except TypeError as error:
        raise refusal("format: a PFX file cannot hold a private key of this kind; export it as PEM.") from error


def _protection(password: str | None) -> serialization.KeySerializationEncryption:
    if not password:
        return serialization.NoEncryption()
    return serialization.BestAvailableEncryption(password.encode())
