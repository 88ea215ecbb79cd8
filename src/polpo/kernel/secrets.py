"""Secrets at rest: AES-256-GCM under keys derived from the server's master key.

A stored secret is the text `v1:` + base64(nonce + ciphertext). Purposes derive separate keys, so that a secret of one
kind cannot be passed off as one of another kind.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import os
import re
import secrets
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from polpo.kernel.errors import AppError, Invalid

_PREFIX = "v1:"
_NONCE_BYTES = 12
_KEY_BYTES = 32


class SecretUnreadable(AppError):
    """A stored secret does not open: the master key is not the one it was written with, or the data was changed."""


class Vault:
    """Encrypts and decrypts texts for one purpose."""

    def __init__(self, master_key: bytes, purpose: str = "sensitive-values") -> None:
        if len(master_key) < _KEY_BYTES:
            raise Invalid(f"The master key has {len(master_key)} bytes; it needs at least {_KEY_BYTES}.")
        self._master_key = master_key
        self._purpose = purpose.encode()
        derived = HKDF(hashes.SHA256(), _KEY_BYTES, salt=None, info=b"polpo:" + self._purpose).derive(master_key)
        self._cipher = AESGCM(derived)

    def for_purpose(self, purpose: str) -> Vault:
        return Vault(self._master_key, purpose)

    def encrypt(self, text: str) -> str:
        nonce = os.urandom(_NONCE_BYTES)
        sealed = self._cipher.encrypt(nonce, text.encode(), self._purpose)
        return _PREFIX + base64.b64encode(nonce + sealed).decode()

    def decrypt(self, stored: str) -> str:
        if not stored.startswith(_PREFIX):
            raise SecretUnreadable("A stored secret has an unknown form; the data was changed outside Polpo.")
        try:
            raw = base64.b64decode(stored[len(_PREFIX) :], validate=True)
            return self._cipher.decrypt(raw[:_NONCE_BYTES], raw[_NONCE_BYTES:], self._purpose).decode()
        except (InvalidTag, binascii.Error, ValueError) as error:
            raise SecretUnreadable(
                "A stored secret cannot be read: the master key is not the one that the data was written with.",
                help_text="Start the server with the POLPO_MASTER_KEY, or the master.key file, of this data folder.",
            ) from error

    def is_sealed(self, text: str) -> bool:
        """Whether this very vault made the text; a text that merely looks so, typed by a user, is not sealed."""
        if not text.startswith(_PREFIX):
            return False
        try:
            self.decrypt(text)
        except SecretUnreadable:
            return False
        return True


def load_master_key(path: Path, given: str | None = None) -> bytes:
    """The master key: `given` (base64, from the settings) or the file, which is made, mode 600, when it is missing."""
    if given:
        return _decode_key(given, "POLPO_MASTER_KEY")
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        key = base64.b64encode(os.urandom(_KEY_BYTES))
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(key + b"\n")
            file.flush()
            os.fsync(file.fileno())
    return _decode_key(path.read_text().strip(), str(path))


def _decode_key(text: str, where: str) -> bytes:
    try:
        key = base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise Invalid(f"{where} is no base64 text; give 32 random bytes as base64.") from error
    if len(key) < _KEY_BYTES:
        raise Invalid(f"{where} holds {len(key)} bytes; give at least {_KEY_BYTES} random bytes as base64.")
    return key


_API_KEY = re.compile(r"API-[A-Z0-9]{1,100}")
_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"


def new_api_key() -> str:
    """A fresh key in the form that the official clients accept: `API-` and letters and digits (155 bits)."""
    return "API-" + "".join(secrets.choice(_ALPHABET) for _ in range(30))


def is_api_key(text: str) -> bool:
    return bool(_API_KEY.fullmatch(text))


def hash_token(token: str) -> str:
    """How API keys and session tokens are stored. They are long and random, so a plain digest is enough."""
    return hashlib.sha256(token.encode()).hexdigest()
