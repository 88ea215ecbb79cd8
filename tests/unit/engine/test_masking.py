"""A masked text never holds a value that was added, in whatever form it was written."""

from __future__ import annotations

import base64
import json
import re
import shlex
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from polpo.engine import MASK, Masker

SECRET = 'p@ss "wörd"/$1\\&\'x'


def in_base64(value: str, offset: int) -> str:
    return base64.b64encode(b"abc"[:offset] + value.encode() + b"tail").decode()


FORMS = {
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
}


@pytest.mark.parametrize("form", FORMS)
def test_masker_hides_each_form(form: str) -> None:
    written = FORMS[form](SECRET)
    masked = Masker([SECRET]).mask(f"before {written} after")
    assert written not in masked
    assert MASK in masked
    assert masked.startswith("before ")
    assert masked.endswith(" after")


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
    ],
)
def test_masker_replaces(secrets: list[str], text: str, masked: str) -> None:
    assert Masker(secrets).mask(text) == masked


def test_masker_takes_values_while_it_works() -> None:
    masker = Masker(["early bird"])
    assert masker.mask("early bird late bird") == "***** late bird"
    masker.add("late bird")
    assert masker.mask("early bird late bird") == "***** *****"
