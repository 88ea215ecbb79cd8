"""The text that documents become, byte for byte."""

from decimal import Decimal

import pytest

from polpo.languages.ocl import (
    MAX_DEPTH,
    Attribute,
    Block,
    Document,
    Element,
    Heredoc,
    OclWriteError,
    QuotedText,
    parse,
    write,
)
from polpo.languages.ocl.collation import collation_key


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (None, "null"),
        (False, "false"),
        (True, "true"),
        (5, "5"),
        (-4398257458902378590, "-4398257458902378590"),
        (4398257458902437590, "4398257458902437590"),
        (3243242.43432, "3243242.43432"),
        (3243242e3, "3243242000"),
        (3243242e34, "3.243242E+40"),
        (1.5e15, "1.5E+15"),
        (123456789012345.0, "123456789012345"),
        (0.0001, "0.0001"),
        (0.00001, "1E-05"),
        (2.5e-300, "2.5E-300"),
        (0.0, "0"),
        (-0.5, "-0.5"),
        (Decimal("1.50"), "1.50"),
        (Decimal("1E+5"), "100000"),
        ("MyValue", '"MyValue"'),
        ('a"b', r'"a\"b"'),
        (r"a\c\r\nb\t", r'"a\\c\\r\\nb\\t"'),
        ("a\tb\r", r'"a\tb\r"'),
        (QuotedText("a\r\nb"), r'"a\r\nb"'),
        ([], "[]"),
        (["B", "C"], '["B", "C"]'),
        (["a\nb"], r'["a\nb"]'),
        ([4, 3, 4], "[4, 3, 4]"),
        ([Decimal("1.5"), 2], "[1.5, 2.0]"),
        ({}, "{\n}"),
        ("a\nb", "<<-EOT\n        a\n        b\n        EOT"),
        ("\n", "<<-EOT\n        \n        \n        EOT"),
        ("    a\n  b\n", "<<-EOT\n            a\n          b\n        \n        EOT"),
        (Heredoc("a"), "<<-EOT\n        a\n        EOT"),
        (Heredoc(" a\n    b", "ZZZ", indented=False), "<<ZZZ\n a\n    b\nZZZ"),
    ],
)
def test_value_is_written(value: object, written: str) -> None:
    assert write([Attribute("MyAttr", value)]) == f"MyAttr = {written}"  # type: ignore[arg-type]  # any value


@pytest.mark.parametrize(
    ("name", "written"),
    [("0MyAttr", "_0MyAttr"), ("My0%&2_'\"-Attr", "My0__2___-Attr"), ("é", "é"), ("a b", "a_b"), ("\U0001d49c", "__")],
)
def test_name_is_written_with_what_names_may_hold(name: str, written: str) -> None:
    assert write([Attribute(name, 5), Block(name)]) == f"{written} = 5\n\n{written} {{}}"


MIXED = """MyBlock {
    First = 1
    Second = 2

    Third {
        ThirdChild = 3
    }

    Fourth {}

    Last = 9
}"""
NESTED = """a {
    b {
        c = {
            y = <<-EOT
                1
                2
                EOT
            z = 1
        }
        d = 1
    }
}

e {}"""
KEYS = """p = {
    "" = 0
    "\u00a0" = 0
    } = 0
    One.One = "1"
    "Three\\"Three" = null
    "Two Two" = 2
}"""
BODIES: list[tuple[list[Element], str]] = [
    ([], ""),
    ([Block("MyBlock", ['My"Label', "Other\tLabel"])], 'MyBlock "My\\"Label" "Other\\tLabel" {}'),
    (
        [
            Block(
                "MyBlock",
                body=[
                    Attribute("First", 1),
                    Attribute("Second", 2),
                    Block("Third", body=[Attribute("ThirdChild", 3)]),
                    Block("Fourth"),
                    Attribute("Last", 9),
                ],
            )
        ],
        MIXED,
    ),
    (
        [Block("a", body=[Block("b", body=[Attribute("c", {"z": 1, "y": "1\n2"}), Attribute("d", 1)])]), Block("e")],
        NESTED,
    ),
    ([Attribute("p", {"Two Two": 2, 'Three"Three': None, "One.One": "1", "": 0, "}": 0, "\u00a0": 0})], KEYS),
]


@pytest.mark.parametrize(("body", "written"), BODIES)
def test_body_is_written_and_read_back(body: list[Element], written: str) -> None:
    assert write(Document(body)) == written
    assert write(parse(written)) == written


def test_writer_takes_the_form_that_is_asked_for() -> None:
    body: list[Element] = [Block("b", body=[Attribute("a", "1\n2"), Attribute("d", {"k": 1})])]
    assert write(body, indent=1, indent_character="\t", heredoc_tag="YYY", line_break="\r\n") == (
        "b {\r\n\ta = <<-YYY\r\n\t\t\t1\n\t\t\t2\r\n\t\t\tYYY\r\n\td = {\r\n\t\tk = 1\r\n\t}\r\n}"
    )


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("a\nEOT\nb", "<<-EOT2\n        a\n        EOT\n        b\n        EOT2"),
        ("\tEOT\n EOT2", "<<-EOT3\n        \tEOT\n         EOT2\n        EOT3"),
        ("a\r\nb\nc", r'"a\r\nb\nc"'),
        ("a\nb\r", r'"a\nb\r"'),
        ("a\r\r\nb", r'"a\r\r\nb"'),
    ],
)
def test_writer_loses_no_text_that_a_heredoc_would_change(text: str, written: str) -> None:
    assert write([Attribute("a", text)]) == f"a = {written}"
    read = parse(f"a = {written}").body[0]
    assert isinstance(read, Attribute)
    assert (read.value.text if isinstance(read.value, Heredoc) else read.value) == text


@pytest.mark.parametrize(
    ("tag", "indented", "used"), [("", True, "EOT"), ("a b", True, "EOT"), ("-X", False, "EOT"), ("-X", True, "-X")]
)
def test_writer_uses_a_tag_that_can_be_read(tag: str, indented: bool, used: str) -> None:
    assert write([Attribute("a", Heredoc("x", tag, indented))]).endswith(used)


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (object(), "'a' is a object"),
        ({"b": {"c": 1}}, "'a.b' is a dictionary in a dictionary"),
        ({"b\n": 1}, "control character"),
        ({1: 1}, "A key of 'a' is no text"),
        (["x", 1], "all texts or all numbers"),
        ([True], "all texts or all numbers"),
        ([None], "all texts or all numbers"),
        (float("nan"), "no number"),
        (float("inf"), "no number"),
        (Decimal("NaN"), "no number"),
        (2**64, "64 bits"),
    ],
)
def test_writer_refuses_what_no_text_can_say(value: object, message: str) -> None:
    with pytest.raises(OclWriteError, match=message):
        write([Attribute("a", value)])  # type: ignore[arg-type]  # wrong on purpose


def test_writer_refuses_empty_names_and_bottomless_blocks() -> None:
    for name in ("", " "):
        with pytest.raises(OclWriteError, match="no name"):
            write([Block(name)])
    deep = Block("a")
    for _ in range(MAX_DEPTH + 1):
        deep = Block("a", body=[deep])
    with pytest.raises(OclWriteError, match="nested more than 200 deep"):
        write([deep])


def test_keys_sort_as_people_sort_words() -> None:
    order = ["", "_a", "a", "A", "a b", "a_b", "a-b", "a.b", "a[b]", "a+b", "a1", "a10b", "a2", "ab", "aB", "Ab", "ac"]
    order += ["b", "B", "Z", "ж"]
    assert sorted(set(order), key=collation_key) == order
    assert sorted(["b", "áb", "a", "ab", "á"], key=collation_key) == ["a", "á", "ab", "áb", "b"]
