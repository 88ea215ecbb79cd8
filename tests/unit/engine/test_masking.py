"""A masked text never holds a value that was added, in whatever form it was written."""

from __future__ import annotations

import base64
import html
import json
import re
import shlex
import subprocess
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from polpo.engine import MASK, Masker

SECRET = 'p@ss "wörd"/$1\\&\'x'


def in_base64(value: str, offset: int) -> str:
    return base64.b64encode(b"abc"[:offset] + value.encode() + b"tail").decode()


FORMS = {
    "hexadecimal": lambda text: text.encode().hex(),
    "hexadecimal, large": lambda text: text.encode().hex().upper(),
    "literal": str,
    "base64": lambda value: base64.b64encode(value.encode()).decode(),
    "base64 for addresses": lambda value: base64.urlsafe_b64encode(value.encode()).decode(),
    "URL path": quote,
    "URL part": lambda value: quote(value, safe=""),
    "URL part in small letters": lambda value: re.sub(
        "%..", lambda found: found.group().lower(), quote(value, safe="")
    ),
    "form": quote_plus,
    "JSON": lambda value: json.dumps(value)[1:-1],
    "JSON with letters": lambda value: json.dumps(value, ensure_ascii=False)[1:-1],
    "shell word": lambda value: shlex.quote(value)[1:-1] if shlex.quote(value) != value else value,
    "shell word, other quotes": lambda value: value.replace("'", "'\\''"),
    "between double quotes": lambda value: re.sub(r'([\\"$`])', r"\\\1", value),
    "PowerShell, single quotes": lambda value: value.replace("'", "''"),
    "PowerShell, double quotes": lambda value: re.sub(r'([`"$])', r"`\1", value),
    "CSV": lambda value: value.replace('"', '""'),
    "base64 of PowerShell": lambda value: base64.b64encode(value.encode("utf-16-le", "surrogatepass")).decode(),
    "JSON in HTML": lambda value: re.sub(
        "['<>&+`]", lambda found: f"\\u{ord(found.group()):04x}", json.dumps(value)[1:-1]
    ),
    "HTML": html.escape,
    "XML text": lambda value: html.escape(value, quote=False),
    "XML attribute": lambda value: html.escape(value).replace("&#x27;", "&apos;"),
    "HTML with numbers": lambda value: html.escape(value).replace("&#x27;", "&#39;").replace("&quot;", "&#34;"),
}


@pytest.mark.parametrize("form", FORMS)
def test_masker_hides_each_form(form: str) -> None:
    written = FORMS[form](SECRET)
    masked = Masker([SECRET]).mask(f"before {written} after")
    assert written not in masked
    assert MASK in masked
    assert masked.startswith("before ")
    assert masked.endswith(" after")


def test_masker_hides_what_bash_prints_of_its_variables() -> None:
    """`set -x` and `declare -p` are how secrets get into logs."""
    secrets = [SECRET, "two words", "#hash", "~home", "it's $HOME", "a;b|c&d", "{x,y}*?[z]", "back\\slash", "tab\there"]
    body = 'for s in "$@"; do printf "%q\\n" "$s"; declare -p s; set -x; : "$s"; set +x; done'
    shown = subprocess.run(["bash", "-c", body, "bash", *secrets], capture_output=True, text=True, check=True)
    masked = Masker(secrets).mask(shown.stdout + shown.stderr)
    told = [re.sub(r"[$'\"\\]", "", line) for line in masked.splitlines() if not line.startswith("+ set")]
    assert set(told) <= {"*****", "declare -- s=*****", "+ : *****"}


def test_masker_sees_values_of_any_length_wherever_they_stand() -> None:
    """What is looked for lies at each of the four alignments, alone and beside longer values."""
    for length in range(4, 12):
        secret = "Zq7xK2vW9mPs"[:length]
        for others in ([], ["quite a long secret"]):
            masker = Masker([secret, *others])
            for before in range(9):
                assert masker.mask("." * before + secret + ".") == "." * before + "*****."


values = st.text(min_size=4, max_size=24).filter(lambda value: len(value.strip()) >= 4 and value.strip("* \t\n\r"))


@given(st.lists(values, min_size=1, max_size=5), st.sampled_from(sorted(FORMS)), st.data())
def test_masked_text_never_holds_a_value(secrets: list[str], form: str, data: st.DataObject) -> None:
    pieces = st.lists(st.one_of(st.sampled_from(secrets), st.text(max_size=8)), max_size=6)
    text = "".join(data.draw(pieces)) + FORMS[form](secrets[0])
    masked = Masker(secrets).mask(text)
    assert FORMS[form](secrets[0]) not in masked
    assert all(secret not in masked for secret in secrets)


@given(st.text(min_size=8, max_size=24, alphabet="abcdefghijklmnop0123"), st.integers(0, 2))
def test_masker_hides_base64_at_each_alignment(secret: str, offset: int) -> None:
    encoded = in_base64(secret, offset)
    masked = Masker([secret]).mask(encoded)
    assert MASK in masked
    assert len(masked.replace(MASK, "")) <= len(encoded) - 8


@pytest.mark.parametrize("text", ["", "abc", "a b c", None])
def test_masker_leaves_short_values_alone(text: str | None) -> None:
    masker = Masker()
    masker.add("abc")
    masker.add(text if text != "a b c" else "")
    assert masker.mask("abc a b c") == "abc a b c"


@pytest.mark.parametrize(
    ("secrets", "text", "masked"),
    [
        (["abcd", "cdef"], "-abcdef-", "-*****-"),
        (["abcd", "abcdefgh"], "-abcdefgh-abcd-", "-*****-*****-"),
        (["first line\nsecond line"], "x first line y", "x ***** y"),
        (["first line\r\nsecond line"], "x second line", "x *****"),
        (["inner", "ab*****cd"], "abinnercd", "*****"),
        (["*****"], "***** stays", "***** stays"),
        (["pass.*word"], "passXXword pass.*word", "passXXword *****"),
        (["größer als"], "ein größer als und größer", "ein ***** und größer"),
        (["abcd\nxyz"], 'say "abcd\\nxyz"', 'say "*****"'),
        (["abcd"], "ABCD Abcd", "ABCD Abcd"),
    ],
)
def test_masker_replaces(secrets: list[str], text: str, masked: str) -> None:
    assert Masker(secrets).mask(text) == masked


def test_masker_takes_values_while_it_works() -> None:
    masker = Masker(["early bird"])
    assert masker.mask("early bird late bird") == "***** late bird"
    masker.add("late bird")
    assert masker.mask("early bird late bird") == "***** *****"
