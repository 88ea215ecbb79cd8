"""Secrets at rest: AES-256-GCM under keys derived from the server's master key.

A sealed text is `v2:` + the id of its master key + `:` + base64(nonce + ciphertext). Purposes derive separate keys, so
that a secret of one kind cannot be passed off as one of another kind. What older versions sealed, `v1:` + base64, does
not say which key it needs.

While a master key is being replaced a vault has several: the current one seals, the older ones still open.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import os
import re
import secrets
from collections.abc import Callable, Iterable

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from polpo.kernel.errors import AppError, Invalid

#: What the server keeps sealed. Whoever replaces the master key opens all of it, so all of it is named here.
PURPOSES = frozenset(
    {"sensitive-values", "server-certificate", "plan", "journal", "script", "master-key", "audit-chain"}
)

_OLD_FORM = "v1:"
_NONCE_BYTES = 12
_KEY_BYTES = 32
_SEALED = re.compile(r"(?:v1|v2:(?P<key>[0-9a-f]{12})):(?P<content>[A-Za-z0-9+/]{38,}={0,2})")
#: A sealed text as it stands in a text that may be JSON: the whole of it, or the whole of a string.
_WITHIN = re.compile(r'(?:\A|(?<="))v[12]:(?:[0-9a-f]{12}:)?[A-Za-z0-9+/]{38,}={0,2}(?="|\Z)')


class SecretUnreadable(AppError):
    """A stored secret does not open: the master key is not the one it was written with, or the data was changed."""


class MasterKey:
    """`id` names the key and gives nothing of it away."""

    def __init__(self, raw: bytes) -> None:
        if len(raw) < _KEY_BYTES:
            raise Invalid(f"The master key has {len(raw)} bytes; it needs at least {_KEY_BYTES}.")
        self.raw = raw
        self.id = self._derived(b"polpo key id").hex()[:12]
        self._ciphers: dict[str, AESGCM] = {}

    @classmethod
    def new(cls) -> MasterKey:
        return cls(os.urandom(_KEY_BYTES))

    @classmethod
    def from_text(cls, text: str, where: str) -> MasterKey:
        """Invalid, naming where it is from, for what is no key."""
        try:
            raw = base64.b64decode(text.strip(), validate=True)
        except binascii.Error as error:
            raise Invalid(f"{where} is no base64 text; give {_KEY_BYTES} random bytes as base64.") from error
        if len(raw) < _KEY_BYTES:
            raise Invalid(f"{where} holds {len(raw)} bytes; give at least {_KEY_BYTES} random bytes as base64.")
        return cls(raw)

    def to_text(self) -> str:
        return base64.b64encode(self.raw).decode()

    def cipher(self, purpose: str) -> AESGCM:
        known = self._ciphers.get(purpose)
        if known is None:
            known = self._ciphers[purpose] = AESGCM(self._derived(b"polpo:" + purpose.encode()))
        return known

    def _derived(self, info: bytes) -> bytes:
        return HKDF(hashes.SHA256(), _KEY_BYTES, salt=None, info=info).derive(self.raw)


class Vault:
    """Seals and opens texts for one purpose; `older` keys open only."""

    def __init__(
        self, key: MasterKey | bytes, purpose: str = "sensitive-values", older: Iterable[MasterKey] = ()
    ) -> None:
        if purpose not in PURPOSES:
            raise ValueError(f"the purpose '{purpose}' is not among PURPOSES, so its texts would not outlive a new key")
        self.key = key if isinstance(key, MasterKey) else MasterKey(key)
        self.older = tuple(older)
        self._purpose = purpose
        self._form = f"v2:{self.key.id}:"

    def for_purpose(self, purpose: str) -> Vault:
        return Vault(self.key, purpose, self.older)

    def encrypt(self, text: str) -> str:
        nonce = os.urandom(_NONCE_BYTES)
        sealed = self.key.cipher(self._purpose).encrypt(nonce, text.encode(), self._purpose.encode())
        return self._form + base64.b64encode(nonce + sealed).decode()

    def decrypt(self, stored: str) -> str:
        form = _SEALED.fullmatch(stored)
        if form is None:
            raise SecretUnreadable("A stored secret has an unknown form; the data was changed outside Polpo.")
        for key in (self.key, *self.older):
            if form["key"] in (None, key.id) and (text := self._opened(key, form["content"])) is not None:
                return text
        raise SecretUnreadable(
            "A stored secret cannot be read: the master key is not the one that the data was written with.",
            help_text="Start the server with the POLPO_MASTER_KEY, or the master.key file, of this data folder.",
        )

    def _opened(self, key: MasterKey, content: str) -> str | None:
        try:
            raw = base64.b64decode(content, validate=True)
            cipher, purpose = key.cipher(self._purpose), self._purpose.encode()
            return cipher.decrypt(raw[:_NONCE_BYTES], raw[_NONCE_BYTES:], purpose).decode()
        except (InvalidTag, binascii.Error, ValueError):
            return None

    def is_sealed(self, text: str) -> bool:
        """Whether this very vault made the text; a text that merely looks so, typed by a user, is not sealed."""
        if not looks_sealed(text):
            return False
        try:
            self.decrypt(text)
        except SecretUnreadable:
            return False
        return True

    def has_made(self, text: str) -> bool:
        """The same for any purpose."""
        if not looks_sealed(text):
            return False
        return any(self.for_purpose(purpose).is_sealed(text) for purpose in PURPOSES)

    def is_current(self, sealed: str) -> bool:
        """Whether the sealed text needs none of the older keys. As long as there are any, what does not say may."""
        return sealed.startswith(self._form) or (sealed.startswith(_OLD_FORM) and not self.older)

    def renewed(self, sealed: str) -> str:
        """The same secret under the current key; a text that does not open, or needs no other key, as it is."""
        return self.encrypt(self.decrypt(sealed)) if not self.is_current(sealed) and self.is_sealed(sealed) else sealed


def looks_sealed(text: str) -> bool:
    """Whether it has the form; whether some key opens it is not asked."""
    return _SEALED.fullmatch(text) is not None


def replace_sealed(text: str, replace: Callable[[str], str]) -> str:
    """The text, or the JSON, with what looks like a sealed text given through `replace`."""
    if "v1:" not in text and "v2:" not in text:
        return text
    return _WITHIN.sub(lambda found: replace(found.group()), text)


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
