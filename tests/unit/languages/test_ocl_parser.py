"""What texts mean and which are refused. Documents are compared in their plain form."""

from decimal import Decimal
from typing import Any

import pytest

from polpo.kernel.errors import Invalid
from polpo.languages.ocl import MAX_DEPTH, Attribute, Block, Heredoc, OclSyntaxError, Position, parse, to_plain


def attributes(text: str) -> dict[str, Any]:
    return {element.name: element.value for element in parse(text) if isinstance(element, Attribute)}


def block(name: str, *labels: str, body: list[Any] | None = None) -> Block:
    return Block(name, list(labels), body or [])


@pytest.mark.parametrize("text", ["", " \t \r\n \t ", "\n\n", "\u00a0\u2028", "\ufeff"])
def test_text_of_blanks_is_an_empty_document(text: str) -> None:
    assert parse(text).body == []


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("null", None),
        ("true", True),
        ("false", False),
        ("1", 1),
        ("-1", -1),
        ("007", 7),
        ("-0", 0),
        ("2147483647", 2147483647),
        ("0000000000000000000001", 1),
        ("1.5", Decimal("1.5")),
        ("-1.50", Decimal("-1.50")),
        ('""', ""),
        ('"Bar"', "Bar"),
        (r'"\r\n\t\\\""', '\r\n\t\\"'),
        (r'"\\\\\\\"\""', '\\\\\\""'),
        ('"a\tb"', "a\tb"),
        ("[]", []),
        ("[ \n ]", []),
        ('["A"]', ["A"]),
        ('[ "A","B" ]', ["A", "B"]),
        ('[\n"A"\n,\n"B"\n]', ["A", "B"]),
        ("[1,2]", [1, 2]),
        ("[-1.5 , 2.0]", [Decimal("-1.5"), Decimal("2.0")]),
        ("{}", {}),
        ("{\n}", {}),
    ],
)
def test_value_is_read(written: str, value: object) -> None:
    for text in (f"Foo = {written}", f"Foo={written}", f" \t Foo\t=\t{written} \t", f"b {{\n Foo = {written} }}"):
        document = parse(text)
        element = document.body[0]
        if isinstance(element, Block):
            element = element.body[0]
        assert isinstance(element, Attribute)
        assert (element.name, element.value) == ("Foo", value)
        assert type(element.value) is type(value)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a = 1 b = 2", {"a": 1, "b": 2}),
        ("a = 1b = 2", {"a": 1, "b": 2}),
        ("a = nullable = 3", {"a": None, "able": 3}),
        ('a = "x"b = "y"', {"a": "x", "b": "y"}),
        ("1a = 2", {"1a": 2}),
        ("_é٣ = 2", {"_é٣": 2}),
        ("a =\u00a01", {"a": 1}),
    ],
)
def test_attributes_need_nothing_between_them(text: str, expected: dict[str, object]) -> None:
    assert attributes(text) == expected


@pytest.mark.parametrize(
    ("entries", "expected"),
    [
        ('One.One = "1"', {"One.One": "1"}),
        ('"Two Two" = 2', {"Two Two": 2}),
        (r'"Three\"Three" = null', {'Three"Three': None}),
        ("Acme.Action[1].Url = true", {"Acme.Action[1].Url": True}),
        ("a/b =1 = =2", {"a/b": 1, "=": 2}),
        ("a=b = 1", {"a=b": 1}),
        ('"" = "empty"', {"": "empty"}),
        ("} = 1\n}b = 2", {"}": 1, "}b": 2}),
        ("a = 1 b = 2", {"a": 1, "b": 2}),
        ("list = [1, 2]", {"list": [1, 2]}),
        ("text = <<-EOT\n  x\n  EOT\nnext = 1", {"text": Heredoc("x"), "next": 1}),
    ],
)
def test_dictionary_holds_its_entries_in_order(entries: str, expected: dict[str, object]) -> None:
    found = attributes(f"Properties = {{\n{entries}\n}}\nafter = 1")
    assert found == {"Properties": expected, "after": 1}
    assert list(found["Properties"]) == list(expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("MyBlock {}", block("MyBlock")),
        ("MyBlock { }", block("MyBlock")),
        ("MyBlock {\r\n\n  }", block("MyBlock")),
        ("MyBlock{}", block("MyBlock")),
        ('MyBlock "Foo" "Bar"\t"Baz" {}', block("MyBlock", "Foo", "Bar", "Baz")),
        ('MyBlock"Foo""Bar"{}', block("MyBlock", "Foo", "Bar")),
        ('MyBlock "a \\"b\\""\n\n{}', block("MyBlock", 'a "b"')),
        ("MyBlock\n{\nChild = 1 }", block("MyBlock", body=[Attribute("Child", 1)])),
        ("MyBlock { \r\nC = 1 D {} E = 2 }", block("MyBlock", body=[Attribute("C", 1), block("D"), Attribute("E", 2)])),
        ("a {\nb {\nc {} }\n}", block("a", body=[block("b", body=[block("c")])])),
        ("a {\nb = {} }", block("a", body=[Attribute("b", {})])),
    ],
)
def test_block_is_read(text: str, expected: Block) -> None:
    assert parse(text).body == [expected]
    assert parse(f"{text}{text}").body == [expected, expected]


def test_names_may_repeat_and_keep_their_order() -> None:
    body = parse("a = 1\nb {}\na = 2\nb {}").body
    assert [element.name for element in body] == ["a", "b", "a", "b"]


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("<<ZZZ\nZZZ", ""),
        ("<<ZZZ\n\nZZZ", ""),
        ("<<ZZZ\n \n \nZZZ", " \n "),
        ("<<ZZZ\n  A\n  B\nZZZ", "  A\n  B"),
        ("<<ZZZ\nA ZZZ\nZZZ B\n \tZZZ\t", "A ZZZ\nZZZ B"),
        ("<<ZZZ \t \nA\nZZZ", "A"),
        ("<<-ZZZ\nZZZ", ""),
        ("<<-ZZZ\n \n \nZZZ", " \n "),
        ("<<-ZZZ\n \n \n ZZZ", "\n"),
        ("<<-ZZZ\n  A\n   B\n  ZZZ", "A\n B"),
        ("<<-ZZZ\n  A ZZZ\nZZZ B\nZZZ", "  A ZZZ\nZZZ B"),
        ("<<-ZZZ\n  A\nB\n     ZZZ", "  A\nB"),
        ("<<-ZZZ\n    A\n  \n\n\t\t\t\tB\n      ZZZ", "A\n\n\nB"),
        ("<<-ZZZ\r\n  A\r\n  B\r\n  ZZZ", "A\r\nB"),
        ("<<ZZZ\nA\r\nB\nC\nZZZ", "A\r\nB\r\nC"),
        ("<<ZZZ\nA\nB\r\nZZZ", "A\nB"),
        ("<<ZZZ\nA\r\r\nB\nZZZ", "A\r\nB"),
        ("<<!!\nx\n!!", "x"),
        ("<<\nx\n \t", "x"),
        ("<<-\n  x\n   y\n", "x\n y"),
        ("<<--X\nx\n-X", "x"),
        ('<<E\n"\\q" {\nE', '"\\q" {'),
    ],
)
def test_heredoc_is_read(written: str, text: str) -> None:
    for following in ("", "\nb = 1", "\n\n b {}"):
        heredoc = parse(f"a = {written}{following}").body[0]
        assert isinstance(heredoc, Attribute)
        assert isinstance(heredoc.value, Heredoc)
        assert heredoc.value.text == text
        assert heredoc.value.indented is written.startswith("<<-")


@pytest.mark.parametrize(
    ("text", "line", "column", "message"),
    [
        (
            '\n  Foo = "Bar"\n\n  Foo = "Bar\n',
            4,
            13,
            "Expected a double quote to end the text, found the end of the line",
        ),
        (r'Foo = "a\q"', 1, 9, r"Unrecognised character escape: \q"),
        ('a = "\\', 1, 6, "Expected a double quote"),
        ('a = "x', 1, 7, "found the end of the text"),
        ("a", 1, 2, "Expected '=', '{' or a label after 'a'"),
        ("a\n= 1", 1, 2, "Expected '=', '{' or a label after 'a'"),
        ('a "b" = 1', 1, 7, "Expected '{' or another label"),
        ("a =\n1", 1, 4, "Expected a value on this line"),
        ("a =\n{}", 1, 4, "Expected a value on this line"),
        ("a = ", 1, 5, "Expected a value on this line"),
        ("a = nul", 1, 5, "Expected a value"),
        ("a = -", 1, 6, "Expected a digit"),
        ("a = 1.", 1, 6, "Expected the name"),
        ("a = 1e5", 1, 8, "Expected '='"),
        ("a = +1", 1, 5, "Expected a value"),
        ("a = ٣", 1, 5, "digits 0 to 9"),
        ("a = 2147483648", 1, 5, "at most 32 bits"),
        ("a = " + "9" * 5000, 1, 5, "at most 32 bits"),
        ('a = ["A""B"]', 1, 9, "Expected ',' or ']'"),
        ("a = [1 2]", 1, 8, "Expected ',' or ']'"),
        ("a = [1,,2]", 1, 8, "Expected a text or a number"),
        ("a = [1,]", 1, 8, "Expected a text or a number"),
        ("a = [1, 2.5]", 1, 9, "all texts, all integers or all decimals"),
        ("a = [true]", 1, 6, "Expected a text or a number"),
        ("a = [null]", 1, 6, "Expected a text or a number"),
        ("a = [", 1, 6, "found the end of the text"),
        ('a = { b="x" }', 1, 9, "a blank and '=' after the key"),
        ('a = { b = "x" b = "y" }', 1, 15, "The key 'b' stands twice"),
        ("a = { b = { c = 1 } }", 1, 11, "Expected a value"),
        ("a = { b =\n1 }", 1, 10, "Expected a value"),
        ("a = { b\n= 1 }", 1, 8, "Expected '=' after the key 'b'"),
        ("a = {", 1, 6, "to end the dictionary"),
        ("a {\nb = 1", 2, 6, "Expected '}' to end the block 'a' of line 1"),
        ("a {", 1, 4, "to end the block 'a' of line 1"),
        ("a { b = 1 }", 1, 5, "the end of the line after '{'"),
        ("a {}}", 1, 5, "Expected the name of an attribute or a block, found '}'"),
        ("a-b = 1", 1, 2, "found '-'"),
        ("a label {}", 1, 3, "found 'l'"),
        ("# remark", 1, 1, "found '#'"),
        ("a = 1 # remark", 1, 7, "found '#'"),
        ("a = <EOT\n", 1, 6, "Expected '<<'"),
        ("a = <<EOT", 1, 10, "the end of the line after the tag"),
        ("a = << ZZ\n", 1, 8, "the end of the line after the tag"),
        ("a = <<Z Z\nZ", 1, 9, "the end of the line after the tag"),
        ("a = <<Z\nx\nZ A\nA Z\n", 5, 1, "a line with only 'Z' to end the heredoc of line 1"),
        ("a = [<<Z\nx\nZ\n]", 1, 6, "Expected a text or a number"),
        ("\U0001d49c = 1", 1, 1, "the name of an attribute"),
        ("a² = 1", 1, 2, "found '²'"),
    ],
)
def test_parser_refuses_the_text_and_says_where(text: str, line: int, column: int, message: str) -> None:
    with pytest.raises(OclSyntaxError) as caught:
        parse(text)
    assert message in caught.value.message
    assert (caught.value.line, caught.value.column) == (line, column)
    assert f"(line {line}, column {column})." in caught.value.message
    assert caught.value.details == {"Line": line, "Column": column}
    assert isinstance(caught.value, Invalid)


def test_elements_know_where_they_stand() -> None:
    outer = parse('\n  a "x" {\r\n\tb = 1\n}').body[0]
    assert isinstance(outer, Block)
    assert outer.position == Position(2, 3)
    assert outer.body[0].position == Position(3, 2)


def test_blocks_nest_as_deep_as_readers_can_follow() -> None:
    deepest = "a {\n" * (MAX_DEPTH - 1) + "a {}" + "}" * (MAX_DEPTH - 1)
    assert parse(deepest) == parse(deepest)
    assert to_plain(parse(deepest))[0]["name"] == "a"
    with pytest.raises(OclSyntaxError, match="nested more than 200 deep"):
        parse("a {\n" * 30_000)
