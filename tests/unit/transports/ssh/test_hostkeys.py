from __future__ import annotations

import base64
import hashlib
import hmac

import pytest

from polpo.transports.ssh.hostkeys import algorithms_for, has_fingerprint, keys_of_host, shown_fingerprint

KEY = b"\0\0\0\x0bssh-ed25519" + bytes(range(36))
OTHER = b"\0\0\0\x0bssh-ed25519" + bytes(36)
PLAIN = base64.b64encode(KEY).decode()
MD5 = hashlib.md5(KEY, usedforsecurity=False).hexdigest()
PAIRS = ":".join(MD5[at : at + 2] for at in range(0, 32, 2))
SHA256 = shown_fingerprint(KEY)


@pytest.mark.parametrize(
    "fingerprint",
    [
        SHA256, SHA256[7:], f"{SHA256}=", f"SHA256: {SHA256[7:]}", SHA256.replace("SHA", "sha"),
        PAIRS, f"MD5:{PAIRS}", PAIRS.upper(), MD5, f"256 {SHA256} root@web-1 (ED25519)",
    ],
)  # fmt: skip
def test_fingerprints_are_known_in_every_form(fingerprint: str) -> None:
    assert has_fingerprint(KEY, fingerprint)
    assert not has_fingerprint(OTHER, fingerprint)


@pytest.mark.parametrize("fingerprint", ["", "SHA256:", "MD5:", "256", SHA256[:-2], SHA256[7:].lower(), PAIRS[3:]])
def test_what_is_no_fingerprint_of_the_key_is_none(fingerprint: str) -> None:
    assert not has_fingerprint(KEY, fingerprint)


def hashed(host: str) -> str:
    salt = b"0123456789abcdefghij"
    digest = hmac.new(salt, host.encode(), hashlib.sha1).digest()
    return f"|1|{base64.b64encode(salt).decode()}|{base64.b64encode(digest).decode()}"


@pytest.mark.parametrize(
    ("names", "host", "port", "is_known"),
    [
        ("web-1", "web-1", 22, True),
        ("WEB-1", "web-1", 22, True),
        ("web-1", "web-1", 2222, False),
        ("[web-1]:2222", "web-1", 2222, True),
        ("[web-1]:2222", "web-1", 22, False),
        ("web-2,web-1", "web-1", 22, True),
        ("web-*", "web-1", 22, True),
        ("web-?,!web-1", "web-1", 22, False),
        ("web-2", "web-1", 22, False),
        ("10.0.0.1", "10.0.0.1", 22, True),
        (hashed("web-1"), "web-1", 22, True),
        (hashed("web-2"), "web-1", 22, False),
        ("|1|nonsense", "web-1", 22, False),
    ],
)
def test_known_hosts_are_read_as_openssh_reads_them(names: str, host: str, port: int, is_known: bool) -> None:
    assert keys_of_host([f"{names} ssh-ed25519 {PLAIN} a comment"], host, port) == ([KEY] if is_known else [])


def test_lines_that_cannot_be_read_name_no_key() -> None:
    entries = ["", "# a comment", "web-1", "web-1 ssh-ed25519", "web-1 ssh-ed25519 ?", f"web-1 ssh-ed25519 {PLAIN}"]
    assert keys_of_host(entries, "web-1", 22) == [KEY]


def test_only_the_type_of_the_expected_key_is_asked_for() -> None:
    assert algorithms_for("ssh-ed25519") == ("ssh-ed25519",)
    assert algorithms_for("ecdsa-sha2-nistp384") == ("ecdsa-sha2-nistp384",)
    assert algorithms_for("ssh-rsa") == ("rsa-sha2-512", "rsa-sha2-256", "ssh-rsa")
    assert len(algorithms_for("")) == 7
