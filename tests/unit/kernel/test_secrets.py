"""Sealed texts: forms, purposes, and several keys at a time."""

from __future__ import annotations

import ast
import base64
import os
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

import polpo
from polpo.kernel.errors import Invalid
from polpo.kernel.secrets import PURPOSES, MasterKey, SecretUnreadable, Vault, replace_sealed

OLD, NEW = MasterKey(b"o" * 32), MasterKey(b"n" * 32)


def v1(key: bytes, text: str, purpose: str = "sensitive-values") -> str:
    """As versions before key ids sealed."""
    derived = HKDF(hashes.SHA256(), 32, salt=None, info=b"polpo:" + purpose.encode()).derive(key)
    nonce = os.urandom(12)
    return "v1:" + base64.b64encode(nonce + AESGCM(derived).encrypt(nonce, text.encode(), purpose.encode())).decode()


def test_a_sealed_text_says_which_key_it_needs_and_nothing_else() -> None:
    sealed = Vault(NEW).encrypt("opensesame")
    assert sealed.startswith(f"v2:{NEW.id}:")
    assert NEW.id not in NEW.to_text()
    assert Vault(NEW).decrypt(sealed) == "opensesame"
    with pytest.raises(SecretUnreadable, match="master key is not the one"):
        Vault(OLD).decrypt(sealed)


@pytest.mark.parametrize("text", ["", "a", "ünï\ncode", "x" * 100_000])
def test_what_an_older_key_or_version_sealed_still_opens(text: str) -> None:
    both = Vault(NEW, older=[OLD])
    assert both.decrypt(Vault(OLD).encrypt(text)) == text
    assert both.decrypt(v1(OLD.raw, text)) == text
    assert Vault(OLD).decrypt(v1(OLD.raw, text)) == text


def test_a_purpose_does_not_open_what_another_sealed() -> None:
    sealed = Vault(NEW).for_purpose("plan").encrypt("x")
    with pytest.raises(SecretUnreadable):
        Vault(NEW).for_purpose("journal").decrypt(sealed)
    with pytest.raises(ValueError, match="not among PURPOSES"):
        Vault(NEW).for_purpose("something new")


def test_renewing_changes_only_what_needs_an_older_key() -> None:
    both, only = Vault(NEW, older=[OLD]), Vault(NEW)
    for sealed in (Vault(OLD).encrypt("x"), v1(OLD.raw, "x")):
        renewed = both.renewed(sealed)
        assert only.decrypt(renewed) == "x"
        assert both.renewed(renewed) == renewed
    foreign = Vault(b"f" * 32).encrypt("x")
    assert both.renewed(foreign) == foreign
    unnamed = v1(NEW.raw, "x")
    assert only.renewed(unnamed) == unnamed


@pytest.mark.parametrize("typed", ["v1:", "v1:looks so, is not", "v2:", f"v2:{NEW.id}:{40 * 'A'}", f"v1:{40 * 'A'}"])
def test_a_text_that_looks_sealed_is_not(typed: str) -> None:
    assert not Vault(NEW).is_sealed(typed)


def test_sealed_texts_are_found_as_a_whole_and_in_json() -> None:
    one, two = Vault(OLD).encrypt("1"), v1(OLD.raw, "2")
    renew = Vault(NEW, older=[OLD]).renewed
    for text in (one, two, f'{{"a":"{one}","b":[{{"NewValue":"{two}"}}]}}'):
        replaced = replace_sealed(text, renew)
        assert one not in replaced
        assert two not in replaced
        assert f"v2:{NEW.id}:" in replaced
    for plain in ("", "v1: the first version", f"see {one} there", '{"a":"v2:none"}'):
        assert replace_sealed(plain, lambda _sealed: "replaced") == plain


@pytest.mark.parametrize(
    ("text", "fault"),
    [("not base64", "X is no base64 text"), (base64.b64encode(b"short").decode(), "X holds 5 bytes; give at least 32")],
)
def test_what_is_no_key_is_refused_by_its_source(text: str, fault: str) -> None:
    with pytest.raises(Invalid, match=fault):
        MasterKey.from_text(text, "X")
    with pytest.raises(Invalid, match="has 5 bytes"):
        MasterKey(b"short")


def test_every_purpose_of_the_sources_is_known_to_who_replaces_the_key() -> None:
    used: set[str] = set()
    for path in Path(polpo.__file__).parent.rglob("*.py"):
        if "for_purpose" not in (source := path.read_text()):
            continue
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "for_purpose":
                used |= {one.value for one in node.args if isinstance(one, ast.Constant)}
    assert {"plan", "journal"} <= used <= PURPOSES
