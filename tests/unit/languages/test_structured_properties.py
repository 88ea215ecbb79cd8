import pytest
from hypothesis import given
from hypothesis import strategies as st

from polpo.languages.structured.properties import pairs, replace_in_properties, replace_values, take_apart
from polpo.languages.structured.results import Messages, NotReadable
from polpo.languages.substitution import VariableDictionary


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("# c\n! d\n\n", []),
        ("k:v\nk2 = v2\nk3 v3\nk4\tv4", [("k", "v"), ("k2", "v2"), ("k3", "v3"), ("k4", "v4")]),
        ("k\nk2:\n:v", [("k", ""), ("k2", ""), ("", "v")]),
        ("ke\\\r\n   y:va\\\n  lue", [("key", "value")]),
        ("k\\ 1\\:\\=\\\\\\t:v\\u20ac\\n", [("k 1:=\\\t", "v€\n")]),
        ("k:\\ud83d\\ude0e", [("k", "😎")]),
        ("k:a # b ", [("k", "a # b ")]),
        ("k==v", [("k", "=v")]),
        ("k\\", [("k", "")]),
        ("k:v\\", [("k", "v")]),
    ],
)
def test_keys_and_values_are_read_as_java_reads_them(text, expected):
    assert list(pairs(text)) == expected


@pytest.mark.parametrize("text", ["k:\\u12", "k\\uxyz1:v"])
def test_a_broken_escape_is_refused(text):
    with pytest.raises(NotReadable, match="four hexadecimal digits"):
        list(pairs(text))


@pytest.mark.parametrize(
    ("text", "variables", "expected"),
    [
        ("# c\r\nk1 = old\r\n k2:old", {"K1": "new"}, "# c\r\nk1 = new\r\n k2:old"),
        ("k", {"k": "v"}, "k:v"),
        ("k=", {"k": " a\tÿ\\"}, "k=\\ a\\t\\u00ff\\\\"),
        ("ke\\\n y = a\\\n b\nx=1", {"key": "c"}, "ke\\\n y = c\nx=1"),
        ("OctopusX=1\nOctopus.Y=2", {"OctopusX": "n", "Octopus.Y": "n"}, "OctopusX=1\nOctopus.Y=2"),
        ("k=1", {"k": None}, "k="),
    ],
)
def test_only_values_change(text, variables, expected):
    assert replace_in_properties(text, VariableDictionary(variables.items()), Messages()) == expected


@given(st.text("ab=: \t\\\r\n#!u0", max_size=60))
def test_taking_apart_loses_nothing(text):
    entries, rest = take_apart(text)

    assert "".join("".join(entry) for entry in entries) + rest == text


@given(st.text(max_size=20))
def test_a_value_reads_back_as_it_was_set(value):
    changed = replace_values("k = old\nl=2", lambda name: value if name == "k" else None)

    if not any("\ud800" <= character <= "\udfff" for character in value):
        assert list(pairs(changed)) == [("k", value), ("l", "2")]
