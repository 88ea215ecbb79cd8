"""An RSA signature without any library: what Google wants to see before it gives a token."""

from __future__ import annotations

import binascii
import hashlib
import re
from base64 import b64decode
from typing import List, Tuple

from polpo.runner.errors import RunnerError

_BODY = re.compile(r"-----BEGIN (RSA )?PRIVATE KEY-----(.*?)-----END", re.DOTALL)
#: What stands before a SHA-256 digest, so that it says what it is.
_SHA256 = bytes.fromhex("3031300d060960864801650304020105000420")
_INTEGER = 0x02
_NO_KEY = "Signing in at Google failed: the account's private key is no RSA key in PEM."


def sign_sha256(pem: str, content: bytes) -> bytes:
    """By PKCS #1 version 1.5, with a key that is not encrypted."""
    modulus, exponent = _key(pem)
    size = (modulus.bit_length() + 7) // 8
    digest = _SHA256 + hashlib.sha256(content).digest()
    padded = b"\x00\x01" + b"\xff" * (size - len(digest) - 3) + b"\x00" + digest
    return pow(int.from_bytes(padded, "big"), exponent, modulus).to_bytes(size, "big")


def _key(pem: str) -> Tuple[int, int]:
    """Modulus and private exponent."""
    found = _BODY.search(pem)
    try:
        content = b64decode("".join(found.group(2).split()), validate=True) if found else b""
        parts = _inside(content)
        if found and not found.group(1):  # PKCS #8 wraps the key
            parts = _inside(parts[2][1])
        (first, modulus), (second, exponent) = parts[1], parts[3]
    except (ValueError, IndexError, binascii.Error):
        raise RunnerError(_NO_KEY) from None
    if (first, second) != (_INTEGER, _INTEGER):
        raise RunnerError(_NO_KEY)
    return int.from_bytes(modulus, "big"), int.from_bytes(exponent, "big")


def _inside(content: bytes) -> List[Tuple[int, bytes]]:
    """The elements of the one sequence that the content is."""
    [(_, whole)] = _elements(content)
    return _elements(whole)


def _elements(content: bytes) -> List[Tuple[int, bytes]]:
    """The elements of a DER sequence's content, as tags and contents."""
    found: List[Tuple[int, bytes]] = []
    at = 0
    while at < len(content):
        tag, length = content[at], content[at + 1]
        at += 2
        if length & 0x80:
            more = length & 0x7F
            length = int.from_bytes(content[at : at + more], "big")
            at += more
        if at + length > len(content):
            return []
        found.append((tag, content[at : at + length]))
        at += length
    return found
