"""YAML: what changes, and that the rest keeps its meaning, styles, order and comments."""

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
        ("a:\n  - b: x\n    c: y\n", {"a:0:c": "z"}, "a:\n- b: x\n  c: z\n"),
        ("- x\n- y\n", {"1": "z"}, "- x\n- z\n"),
        ("a: {b: x, c: [1, 2]}\n", {"a:c:1": "3", "a:b": "p,q"}, "a: {b: 'p,q', c: [1, 3]}\n"),
        ("a: |\n  one\n  two\n\nb: x\n", {"a": "new\nlines\n"}, "a: |\n  new\n  lines\nb: x\n"),
        ("a: |\n  one\nb: x\n", {"a": "new"}, "a: |-\n  new\nb: x\n"),
        ("a: >\n  one\nb: x\n", {"a": "p\nq\n"}, "a: >\n  p\n\n  q\nb: x\n"),
        ("a:\nb: x\n", {"a": "new"}, "a: new\nb: x\n"),
        ("a: x\r\nb: y\r\n", {"a": "z"}, "a: z\r\nb: y\r\n"),
        ("a: x", {"a": "y"}, "a: y\n".replace("\n", "\r\n")),
        ("a:\n  b: 1\n  c: 2\n# end\nd: x\n", {"a": "flat"}, "a: flat\n# end\nd: x\n"),
        ("a: # why\n  b: 1\nd: x\n", {"a": "flat"}, "a: flat # why\nd: x\n"),
        ("a:\n- 1\n- 2\nd: x\n", {"a": "- p\n- q: r\n  s: t"}, "a:\n- p\n- q: r\n  s: t\nd: x\n"),
        ("a:\n- 1\nd: x\n", {"a": "p: [1, 2]"}, "a:\n  p: [1, 2]\nd: x\n"),
        ("a:\n    b: 1\nd: x\n", {"a": "p:\n  q: 1"}, "a:\n    p:\n        q: 1\nd: x\n"),
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
        ("? a\n: x\n", {"a": "y"}, "a: y\n"),
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


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a:\n    b:\n        - c\nd: 1\n", "a:\n    b:\n    - c\nd: 1\n"),
        ("a:\n      b: 1\nc:\n   d: 1\ne:\n   f: 1\n", "a:\n   b: 1\nc:\n   d: 1\ne:\n   f: 1\n"),
        ("a: # one\n  - x\n", "a: # one\n  - x\n"),
        ("a:\n  # one\n  - x\n  # two\n  - y\n", "a:\n# one\n  - x\n  # two\n  - y\n"),
        ("a:\n  # one\n  b: 1\n\n\n# two\nc: 1\n", "a:\n  # one\n  b: 1\n  # two\nc: 1\n"),
        ("a: # one\n  x\n", "a: x # one\n"),
        ("a:\n  # one\n  x\n", "a: x\n# one\n"),
        ("a: # one\nb: 1\n", "a: # one\nb: 1\n"),
        ("a: | # one\n   x\n# two\nb: 1\n", "a: | # one\n  x\n# two\nb: 1\n"),
        ("a: [1, # one\n    2]\n", "a: [1, 2] # one\n"),
        ("- # one\n  a: 1\n- b: 1\n  c: 2\n", "- # one\n  a: 1\n- b: 1\n  c: 2\n"),
        ("- # one\n  x\n- y # two\n- z\n", "- x # one\n- y # two\n- z\n"),
        ("#cloud-config\n#x\na: 1\n", "#cloud-config\n# x\na: 1\n"),
        ("# one\n---\na: 1\n# two\n...\n# three\n", "---\n# one\na: 1\n# two\n...\n# three\n"),
        ("a: 1\n---\n- b\n---\nc\n", "a: 1\n---\n- b\n--- c\n"),
        ("# only\n", "# only\n"),
        ("", ""),
        ("a:  'it''s'\nb:   \"\\x41\"\nc: 😎\nd: |\n  😎\n", "a: 'it''s'\nb: \"A\"\nc: \"\\U0001F60E\"\nd: |\n  😎\n"),
        ("a: x\n   y\n", "a: x y\n"),
        ("a: x\n\n   y\n", "a: 'x\n\n  y'\n"),
        ("a:\nb: ~\nc: ''\n", "a:\nb: ~\nc: ''\n"),
        ("? [a, b]\n: c\n? |\n  x\n  y\n: - z\n", "? [a, b]\n: c\n? |\n  x\n  y\n: - z\n"),
        ("*a : b\n", "*a : b\n"),
        ("a: &x !t\n  b: 1\nc: !t [1]\nd: &y\n- 1\n", "a: &x !t\n   b: 1\nc: !t [1]\nd: &y\n- 1\n"),
        ("a:\tx\n", "a: x\n"),
        ("a: {b:   1,\n  c: }\n", "a: {b: 1, c: }\n"),
    ],
)
def test_a_document_is_written_in_one_indentation_with_its_styles_and_comments(text, expected):
    assert replaced(text, {}) == expected


PIECES = [
    "a: ",
    "b:\n",
    "- ",
    "? ",
    ": ",
    "x",
    "'y'",
    '"z"',
    "|\n",
    ">-\n",
    "[",
    "]",
    "{",
    "}",
    ", ",
    "&n ",
    "*n",
    "!t ",
]
BETWEEN = ["\n", "\n  ", "\n    ", "# c\n", " #d\n", "---\n", "...\n", "  ", "0", "é", "😎", "\xa0"]
YAML_PIECES = st.lists(st.sampled_from(PIECES + BETWEEN), max_size=24)


def shape(text: str) -> list[tuple[object, ...]]:
    found = []
    for root in read_nodes(text):
        for one in placed_nodes(root):
            node = one.node
            key = one.key and (one.key.value, one.key.anchor, one.key.tag)
            found.append((one.path, key, node.kind, node.value, bool(node.style), node.anchor, node.tag))
    return found


@given(YAML_PIECES.map("".join))
def test_a_rewritten_document_means_the_same_and_keeps_its_comments(text):
    try:
        before = shape(text)
    except NotReadable:
        return
    after = replaced(text, {}).replace("\r\n", "\n")
    meaning = [(path, key, kind, value, anchor, tag) for path, key, kind, value, _, anchor, tag in before]
    comments = text.count("#")

    assert [(path, key, kind, value, anchor, tag) for path, key, kind, value, _, anchor, tag in shape(after)] == meaning
    assert after.count("#") == comments


@given(YAML_PIECES.map("".join), st.text("ab: '\"#-\n\t|>&*[]{},é😎", max_size=12))
def test_a_replaced_value_reads_back_wherever_it_stands(text, value):
    try:
        places = [one for root in read_nodes(text)[:1] for one in placed_nodes(root)]
    except NotReadable:
        return
    paths = [one.path for one in places]
    target = next(
        (one for one in places if one.node.kind == "scalar" and paths.count(one.path) == 1 and one.path), None
    )
    if target is None:
        return

    after = replaced(text, {target.path: value}).replace("\r\n", "\n")

    found = [one.node.value for root in read_nodes(after)[:1] for one in placed_nodes(root) if one.path == target.path]
    assert [one.rstrip("\n") for one in found] == [value.rstrip("\n")]
