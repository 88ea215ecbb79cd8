"""YAML: what changes, and that everything else keeps its text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from polpo.languages.structured.results import Messages, NotReadable
from polpo.languages.structured.yaml_config import replace_in_yaml
from polpo.languages.structured.yaml_nodes import placed_nodes
from polpo.languages.structured.yaml_reading import read_nodes
from polpo.languages.structured.yaml_scalars import scalar
from polpo.languages.substitution import VariableDictionary


def replaced(text: str, variables: dict[str, str | None]) -> str:
    return replace_in_yaml(text, VariableDictionary(variables.items()), Messages())


def values(text: str) -> list[tuple[str, str]]:
    return [
        (one.path, one.node.value)
        for root in read_nodes(text)
        for one in placed_nodes(root)
        if one.node.kind == "scalar"
    ]


@pytest.mark.parametrize(
    ("text", "variables", "expected"),
    [
        ("a: 1 # one\nb: x\n", {"A": "2"}, "a: 2 # one\nb: x\n"),
        ("a: 'x'\n", {"a": "it's"}, "a: 'it''s'\n"),
        ('a: "x"\n', {"a": 'q"\n'}, 'a: "q\\"\\n"\n'),
        ("a: x\n", {"a": ""}, "a: ''\n"),
        ("a: x\n", {"a": '{"a": 1}'}, "a: '{\"a\": 1}'\n"),
        ("a: x\n", {"a": "b: c"}, "a: 'b: c'\n"),
        ("a: x\n", {"a": None}, "a: null\n"),
        ("a: &n !!int 7\nb: *n\n", {"a": "yes"}, "a: &n !!int yes\nb: *n\n"),
        ("a: !<tag:yaml.org,2002:int> 7\n", {}, "a: !!int 7\n"),
        ("a:\n  - b: x\n    c: y\n", {"a:0:c": "z"}, "a:\n  - b: x\n    c: z\n"),
        ("- x\n- y\n", {"1": "z"}, "- x\n- z\n"),
        ("a: {b: x, c: [1, 2]}\n", {"a:c:1": "3", "a:b": "p,q"}, "a: {b: 'p,q', c: [1, 3]}\n"),
        ("a: |\n  one\n  two\n\nb: x\n", {"a": "new\nlines\n"}, "a: |\n  new\n  lines\n\nb: x\n"),
        ("a: |\n  one\nb: x\n", {"a": "new"}, "a: |-\n  new\nb: x\n"),
        ("a: >\n  one\nb: x\n", {"a": "p\nq\n"}, "a: >\n  p\n\n  q\nb: x\n"),
        ("a:\nb: x\n", {"a": "new"}, "a: new\nb: x\n"),
        ("a: x\r\nb: y\r\n", {"a": "z"}, "a: z\r\nb: y\r\n"),
        ("a: x", {"a": "y"}, "a: y\n".replace("\n", "\r\n")),
        ("a:\n  b: 1\n  c: 2\n# end\nd: x\n", {"a": "flat"}, "a: flat\n# end\nd: x\n"),
        ("a: # why\n  b: 1\nd: x\n", {"a": "flat"}, "a: flat # why\nd: x\n"),
        ("a:\n- 1\n- 2\nd: x\n", {"a": "- p\n- q: r\n  s: t"}, "a:\n- p\n- q: r\n  s: t\nd: x\n"),
        ("a:\n- 1\nd: x\n", {"a": "p: [1, 2]"}, "a:\n  p: [1, 2]\nd: x\n"),
        ("a:\n    b: 1\nd: x\n", {"a": "p:\n  q: 1"}, "a:\n    p:\n      q: 1\nd: x\n"),
        ("a:\n  b: 1\nd: x\n", {"a": None}, "a: null\nd: x\n"),
        ("a:\n  b: 1\nd: x\n", {"a": ""}, 'a: ""\nd: x\n'),
        ("a: [1]\n", {"a": "{x: 1}"}, "a: {x: 1}\n"),
        ("- - 1\n  - 2\n- x\n", {"0": "p"}, "- p\n- x\n"),
        ("a: {b: {c: 1}}\n", {"a:b": "x: 1\ny: [2]"}, "a: {b: {x: 1, y: [2]}}\n"),
        ("a:\n  b: 1\n", {"a": "c: 2", "a:b": "3"}, "a:\n  c: 2\n"),
        (
            "Octopus: x\nOctopusX: y\nOctopus:Z: w\n",
            {"Octopus": "1", "OctopusX": "1", "Octopus:Z": "1"},
            "Octopus: x\nOctopusX: y\nOctopus:Z: 1\n",
        ),
        ("%YAML 1.1\n---\na: x\n...\n---\na: y\n", {"a": "z"}, "%YAML 1.1\n---\na: z\n...\n---\na: z\n"),
        ("? a\n: x\n", {"a": "y"}, "? a\n: y\n"),
    ],
)
def test_only_the_value_changes(text, variables, expected):
    changed = replaced(text, variables)

    assert changed == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a: b\n", [("a", "b")]),
        ("a: x\n  y\n\n  z\n", [("a", "x y\nz")]),
        ("a: 'x\n  y'\n", [("a", "x y")]),
        ('a: "x\\\n  y\\x41\\u00e9\\t"\n', [("a", "xyAé\t")]),
        ("a: >-\n  x\n  y\n\n    z\n  w\n", [("a", "x y\n\n  z\nw")]),
        ("a: |+\n  x\n\nb: c\n", [("a", "x\n\n"), ("b", "c")]),
        ("a: |2\n   x\n", [("a", " x\n")]),
        ("- - a\n  - b\n-\n  - c\n-\n", [("0:0", "a"), ("0:1", "b"), ("1:0", "c"), ("2", "")]),
        ("k:\n- a\n- b: c\n  d: e\n", [("k:0", "a"), ("k:1:b", "c"), ("k:1:d", "e")]),
        (
            "{a: b, 'c': [d, {e: f}], \"g\":1, h, i: }",
            [("a", "b"), ("c:0", "d"), ("c:1:e", "f"), ("g", "1"), ("h", ""), ("i", "")],
        ),
        ("[a: b, c]", [("0:a", "b"), ("1", "c")]),
        ("a: http://x/#y #z\n", [("a", "http://x/#y")]),
        ("'q': 1\n\"r\": 2\n&x s: 3\n", [("q", "1"), ("r", "2"), ("s", "3")]),
        ("a: &x\n  b: 1\n", [("a:b", "1")]),
        ("--- x\n", [("", "x")]),
        ("# only\n", []),
    ],
)
def test_values_are_read_with_their_paths(text, expected):
    assert values(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "@a",
        "a: b: c",
        "a: b\n  c: d",
        "a:\n\t- b",
        "[a",
        "{a",
        "'a",
        '"a\\q"',
        "a: - b",
        "a: |x\n",
        "b\nc: d",
        "\x01",
        "*",
        "- a\nb: c",
        "[" * 500,
        "- " * 500,
        "{,}",
        "`a",
    ],
)
def test_what_is_no_yaml_is_refused(text):
    with pytest.raises(NotReadable):
        read_nodes(text)


def test_a_fault_is_placed():
    with pytest.raises(NotReadable, match=r"\(Line: 2, Col: 4\)"):
        read_nodes("a: b\nc: 'd")


STYLES = st.sampled_from(["", "'", '"', "|", ">"])
TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\r"), max_size=40)


@given(TEXTS, STYLES, st.booleans())
def test_any_text_reads_back_as_it_was_written(text, style, flow):
    written = scalar(text, style, margin=4, flow=flow)
    document = f"- [{written}]\n" if flow else f"-\n  k: {written}\n"
    found = values(document)

    if written.startswith((">", "|")):
        assert found[0][1].rstrip("\n") == text.rstrip("\n")
    else:
        assert found == [("0:0" if flow else "0:k", text)]


@given(st.text("ab:-?[]{},'\"|>&*!#%@ \n\t\\", max_size=60))
def test_reading_gives_nodes_inside_the_text_or_refuses(text):
    try:
        roots = read_nodes(text)
    except NotReadable:
        return
    places = [one.node for root in roots for one in placed_nodes(root)]
    assert all(0 <= node.start <= node.content <= node.end <= len(text) or not node.value for node in places)
