"""Key files that would cost too much to open are refused before they are opened."""

from __future__ import annotations

import base64

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ed25519

from polpo.kernel.errors import Invalid
from polpo.kernel.keyfiles import decoded, pem_blocks, refuse_costly, refuse_costly_pem


def der(tag: int, *parts: bytes) -> bytes:
    content = b"".join(parts)
    size = bytes([len(content)]) if len(content) < 128 else bytes([0x81, len(content)])
    return bytes([tag]) + size + content


def protection(count: int) -> bytes:
    """A salt and a count, as deep as in a PKCS #12 file: inside octet strings inside sequences."""
    parameters = der(0x30, der(0x04, b"8 octets"), der(0x02, count.to_bytes(4)))
    return der(0x30, der(0x02, b"\x03"), der(0xA0, der(0x04, der(0x30, der(0x30, parameters)))))


@pytest.mark.parametrize(("count", "is_refused"), [(2048, False), (600_000, False), (1_000_001, True), (2**31, True)])
def test_der_says_how_often_its_password_is_hashed(count: int, is_refused: bool) -> None:
    if not is_refused:
        refuse_costly("CertificateData", protection(count))
        return
    with pytest.raises(Invalid, match="hashed more than 1000000 times"):
        refuse_costly("CertificateData", protection(count))


@pytest.mark.parametrize(
    "content",
    [b"", b"\x30", b"\x04\x85", b"\x30\x80" * 4000, b"\x24\x02" * 300, b"\x04\x01\x00\x02\x09" + b"\xff" * 9],
    ids=["nothing", "half", "no length", "never ends", "nested", "a long number"],
)
def test_what_is_no_der_costs_nothing(content: bytes) -> None:
    refuse_costly("CertificateData", content)


def test_openssh_keys_say_their_rounds() -> None:
    key = ed25519.Ed25519PrivateKey.generate()
    protected = serialization.PrivateFormat.OpenSSH.encryption_builder().kdf_rounds(17).build(b"open")
    lines = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.OpenSSH, protected).splitlines()
    raw = base64.b64decode(b"".join(lines[1:-1]))
    costly = raw.replace((17).to_bytes(4), (501).to_bytes(4), 1)

    refuse_costly_pem("PrivateKeyFile", b"\n".join(lines[1:-1]))
    with pytest.raises(Invalid, match="more than 500 rounds"):
        refuse_costly_pem("PrivateKeyFile", base64.b64encode(costly))
    refuse_costly_pem("PrivateKeyFile", base64.b64encode(raw[:17]))
    refuse_costly_pem("PrivateKeyFile", b"Proc-Type: 4,ENCRYPTED")


def test_pem_holds_der() -> None:
    with pytest.raises(Invalid, match="hashed more than"):
        refuse_costly_pem("CertificateData", base64.b64encode(protection(2**31)))


@pytest.mark.parametrize("text", ["", "?", "abc", "====", "é"])
def test_what_is_no_base64_is_refused(text: str) -> None:
    with pytest.raises(Invalid, match="as base64"):
        decoded("CertificateData", text)


def test_base64_may_be_broken_into_lines() -> None:
    assert decoded("CertificateData", "aGVs\r\nbG8=\n") == b"hello"


def test_blocks_are_found_between_other_text() -> None:
    text = b"Bag\n-----BEGIN A-----\nQQ==\n-----END A-----\nmore -----BEGIN RSA KEY-----\nQg==\n-----END RSA KEY-----"

    found = pem_blocks("CertificateData", text)

    assert [(one.label, one.body.strip()) for one in found] == [("A", b"QQ=="), ("RSA KEY", b"Qg==")]
    assert found[0].whole == b"-----BEGIN A-----\nQQ==\n-----END A-----"


@pytest.mark.parametrize("text", [b"-----BEGIN A-----", b"-----BEGIN " * 90_000, b"-----BEGIN A-----\n" * 50_000])
def test_a_file_without_an_end_is_told_at_once(text: bytes) -> None:
    with pytest.raises(Invalid, match="ends inside of a block"):
        pem_blocks("CertificateData", text)


def test_a_huge_file_is_refused() -> None:
    with pytest.raises(Invalid, match="1048576 is the most"):
        decoded("CertificateData", base64.b64encode(b"x" * (1 << 20) + b"x").decode())
