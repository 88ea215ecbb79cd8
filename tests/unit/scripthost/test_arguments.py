"""The one line in which a script's arguments travel."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from polpo.scripthost.arguments import quote_argument, split_arguments


@pytest.mark.parametrize(
    ("line", "parts"),
    [
        ("", []),
        ("  a \t b ", ["a", "b"]),
        ('"a b" c', ["a b", "c"]),
        ('a"b c"d', ["ab cd"]),
        ('""', [""]),
        (r"C:\x\y \\share", [r"C:\x\y", r"\\share"]),
        (r"a\"b", ['a"b']),
        (r'"a\\" b', ["a\\", "b"]),
        ('"say ""hi"""', ['say "hi"']),
        ("'a b'", ["'a", "b'"]),
    ],
)
def test_a_line_is_cut_as_dotnet_does(line: str, parts: list[str]) -> None:
    assert split_arguments([line]) == parts


@given(st.lists(st.text(st.characters(exclude_characters="\0"), max_size=20), max_size=5))
def test_what_is_quoted_arrives_unchanged(values: list[str]) -> None:
    assert split_arguments([quote_argument(value) for value in values]) == values
