"""The public half of what an account signs in with, to be put where it is to be let in."""

from __future__ import annotations

from dataclasses import dataclass

from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from polpo.features.accounts.resource import Account
from polpo.features.accounts.sshkeys import open_private_key
from polpo.features.certificates.opening import open_certificate
from polpo.kernel.errors import Invalid
from polpo.store.session import Session


@dataclass(frozen=True)
class PublicKey:
    """A file: the line for `authorized_keys`, or the certificate that a subscription manages access by."""

    content: bytes
    name: str
    media_type: str


@dataclass(frozen=True)
class Private:
    """What the public half is taken from, revealed."""

    account_type: str
    slug: str
    content: str
    passphrase: str | None = None


def private_of(session: Session, account: Account) -> Private:
    """Raises Invalid for an account without such a key."""
    kind = account.account_type
    if kind == "SshKeyPair":
        passphrase = session.reveal(account.private_key_passphrase)
        return Private(kind, account.slug, session.reveal(account.private_key_file) or "", passphrase)
    content = session.reveal(account.certificate_bytes) if kind == "AzureSubscription" else None
    if not content:
        has = "has no certificate" if kind == "AzureSubscription" else f"is of the type {kind}, which has none"
        sentence = f"There is no public key to be had: the account '{account.name}' {has}."
        raise Invalid(sentence, [sentence])
    return Private(kind, account.slug, content)


def public_key_of(private: Private) -> PublicKey:
    """May take a second of work."""
    if private.account_type == "SshKeyPair":
        key = open_private_key(private.content, private.passphrase).public_key()
        line = key.public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH) + f" {private.slug}\n".encode()
        return PublicKey(line, f"{private.slug}.pub", "text/plain")
    certificate = open_certificate(private.content, None).certificate
    return PublicKey(certificate.public_bytes(Encoding.DER), f"{private.slug}.cer", "application/pkix-cert")
