"""Files that are sent in clear and kept encrypted, for who has the password (contract: tentacle.md, section 2)."""

from __future__ import annotations

import hashlib
import os

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.padding import PKCS7

_MARK = b"IV__"
_SALT = b"Octopuss"
_ROUNDS = 1000
_BYTES = 16


def seal(content: bytes, password: str) -> bytes:
    """AES-128-CBC with a key made of the password; the form is fixed by the programs that read it."""
    vector = os.urandom(_BYTES)
    padder = PKCS7(128).padder()
    encryptor = _cipher(password, vector).encryptor()
    padded = padder.update(content) + padder.finalize()
    return _MARK + vector + encryptor.update(padded) + encryptor.finalize()


def unseal(sealed: bytes, password: str) -> bytes:
    """The reverse; ValueError when the password is another one or the content was damaged."""
    if not sealed.startswith(_MARK):
        raise ValueError("The file is not an encrypted one.")
    vector, content = sealed[len(_MARK) : len(_MARK) + _BYTES], sealed[len(_MARK) + _BYTES :]
    decryptor = _cipher(password, vector).decryptor()
    remover = PKCS7(128).unpadder()
    return remover.update(decryptor.update(content) + decryptor.finalize()) + remover.finalize()


def _cipher(password: str, vector: bytes) -> Cipher[modes.CBC]:
    key = hashlib.pbkdf2_hmac("sha1", password.encode(), _SALT, _ROUNDS, _BYTES)
    return Cipher(algorithms.AES128(key), modes.CBC(vector))
