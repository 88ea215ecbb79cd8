"""What a password keeps from others in a bundle, and how anybody who knows it sees that nothing was changed.

A text is encrypted by AES-256 in counter mode and then authenticated by HMAC-SHA256 together with its name. Both keys
come from the password by PBKDF2-HMAC-SHA256 with the bundle's salt.
"""

from __future__ import annotations

import hashlib
import hmac
from typing import Callable, Dict, NamedTuple

from polpo.runner.bundles.aes import apply_counter_mode
from polpo.runner.errors import RunnerError

#: What OWASP asks of PBKDF2 with SHA-256.
ITERATIONS = 600_000
#: A bundle that asks for more than this is not one of ours.
_MOST_ITERATIONS = 10_000_000
SALT_BYTES = 16
NONCE_BYTES = 16
_TAG_BYTES = 32

#: Key, first counter block, text: the same text encrypted or decrypted.
Cipher = Callable[[bytes, bytes, bytes], bytes]


class Keys(NamedTuple):
    """`check` tells a wrong password from a changed bundle; it is no secret."""

    encryption: bytes
    authentication: bytes
    check: str


def derive(password: str, salt: bytes, iterations: int = ITERATIONS) -> Keys:
    return keys_of(hashlib.pbkdf2_hmac("sha256", password.encode("utf-8"), salt, iterations))


def keys_of(master: bytes) -> Keys:
    """Of a secret that nobody can guess, such as 32 random bytes."""
    return Keys(_part(master, b"encryption"), _part(master, b"authentication"), _part(master, b"check").hex())


def _part(master: bytes, purpose: bytes) -> bytes:
    return hmac.new(master, b"polpo bundle " + purpose, hashlib.sha256).digest()


def unlock(password: str, lock: Dict[str, object]) -> Keys:
    """The keys by what the bundle's manifest says of them; refuses a wrong password."""
    try:
        salt, iterations = bytes.fromhex(str(lock["Salt"])), int(str(lock["Iterations"]))
    except (KeyError, ValueError):
        raise RunnerError("The manifest does not say how its secrets are sealed. Make the bundle anew.") from None
    if not 0 < iterations <= _MOST_ITERATIONS:
        raise RunnerError(f"The manifest asks for {iterations:,} rounds of key derivation. Make the bundle anew.")
    keys = derive(password, salt, iterations)
    if not hmac.compare_digest(keys.check, str(lock.get("Check"))):
        raise RunnerError(
            "The password is wrong. It is the one that was set for sensitive variables in the settings of the offline "
            "package drop when the bundle was made."
        )
    return keys


def seal(keys: Keys, name: str, nonce: bytes, text: bytes, cipher: Cipher = apply_counter_mode) -> bytes:
    """`nonce` must never be used twice with the same keys."""
    hidden = cipher(keys.encryption, nonce, text)
    return nonce + hidden + tag(keys, name, nonce + hidden)


def unseal(keys: Keys, name: str, sealed: bytes) -> bytes:
    nonce, hidden, found = sealed[:NONCE_BYTES], sealed[NONCE_BYTES:-_TAG_BYTES], sealed[-_TAG_BYTES:]
    if len(sealed) < NONCE_BYTES + _TAG_BYTES or not hmac.compare_digest(found, tag(keys, name, nonce + hidden)):
        raise RunnerError(f"{name} was changed since the bundle was made. Copy the bundle again, or make it anew.")
    return apply_counter_mode(keys.encryption, nonce, hidden)


def tag(keys: Keys, name: str, content: bytes) -> bytes:
    """Proves content and name to whoever has the keys."""
    return hmac.new(keys.authentication, name.encode("utf-8") + b"\0" + content, hashlib.sha256).digest()
