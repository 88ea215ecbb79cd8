"""Is it the machine that it should be? Fingerprints in the forms that OpenSSH has had, and lists of known hosts."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import re
from collections.abc import Iterable
from fnmatch import fnmatchcase

_MD5 = re.compile(r"(?:md5:)?((?:[0-9a-f]{2}:){15}[0-9a-f]{2}|[0-9a-f]{32})", re.IGNORECASE)
_STANDARD_PORT = 22

#: Names of signature algorithms by the type of the host's key, the best first.
_RSA = ("rsa-sha2-512", "rsa-sha2-256", "ssh-rsa")
_ECDSA = ("ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521")
FAMILIES: tuple[tuple[str, ...], ...] = (("ssh-ed25519",), _ECDSA, _RSA)


def shown_fingerprint(key: bytes) -> str:
    """As OpenSSH shows it: `SHA256:` and base64 without padding."""
    return f"SHA256:{base64.b64encode(hashlib.sha256(key).digest()).decode().rstrip('=')}"


def has_fingerprint(key: bytes, fingerprint: str) -> bool:
    """Whether it is the key's: sixteen hexadecimal pairs (MD5), or base64 (SHA-256), each with its prefix or without.

    A longer text, such as ssh-keygen prints, may hold it.
    """
    wanted = {shown_fingerprint(key)[7:], hashlib.md5(key, usedforsecurity=False).hexdigest()}
    return any(_plain(word) in wanted for word in fingerprint.replace("SHA256: ", "SHA256:").split())


def _plain(fingerprint: str) -> str:
    if match := _MD5.fullmatch(fingerprint):
        return match[1].replace(":", "").lower()
    return (fingerprint[7:] if fingerprint[:7].upper() == "SHA256:" else fingerprint).rstrip("=")


def algorithms_for(algorithm: str) -> tuple[str, ...]:
    """What to ask the server for so that it shows a key of this type; every type without one."""
    for family in FAMILIES:
        if algorithm in family:
            return family if family is _RSA else (algorithm,)
    return tuple(name for family in FAMILIES for name in family)


def keys_of_host(entries: Iterable[str], host: str, port: int) -> list[bytes]:
    """The keys that lines of known hosts have for a host; lines that cannot be read have none."""
    found = []
    for entry in entries:
        names, _, rest = entry.strip().partition(" ")
        parts = rest.split()
        if len(parts) >= 2 and _names_host(names, host, port):
            try:
                found.append(base64.b64decode(parts[1], validate=True))
            except binascii.Error:
                continue
    return found


def _names_host(names: str, host: str, port: int) -> bool:
    """By the rules of OpenSSH: patterns, refusals by `!`, `[host]:port`, and names that are hashed."""
    wanted = [f"[{host}]:{port}".lower()]
    if port == _STANDARD_PORT:
        wanted.append(host.lower())
    is_named = False
    for name in names.split(","):
        if name.startswith("|1|"):
            is_named |= any(_is_hash_of(name, one) for one in wanted)
        elif name.startswith("!"):
            if any(_fits(one, name[1:]) for one in wanted):
                return False
        else:
            is_named |= any(_fits(one, name) for one in wanted)
    return is_named


def _fits(host: str, pattern: str) -> bool:
    """Brackets stand for themselves here; in shell patterns they do not."""
    return fnmatchcase(host, pattern.lower().replace("[", "[[]"))


def _is_hash_of(hashed: str, host: str) -> bool:
    try:
        salt, digest = (base64.b64decode(part, validate=True) for part in hashed[3:].split("|"))
    except (binascii.Error, ValueError):
        return False
    return hmac.compare_digest(hmac.new(salt, host.encode(), hashlib.sha1).digest(), digest)


def type_of_key(encoded: str) -> str:
    """The type that a key in base64 says of itself; empty when it is none."""
    try:
        key = base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError):
        return ""
    length = int.from_bytes(key[:4])
    return key[4 : 4 + length].decode("ascii", "replace") if len(key) > 4 + length else ""
