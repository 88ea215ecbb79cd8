import operator

import pytest

from polpo.languages.structured.replace import replace_variables
from polpo.languages.structured.results import Messages, NotReadable
from polpo.languages.structured.xml_config import replace_in_xml
from polpo.languages.structured.xml_nodes import Attribute, Element, parse_document
from polpo.languages.structured.xml_writing import write_document
from polpo.languages.structured.xpath import InvalidXPath, compile_xpath
from polpo.languages.substitution import VariableDictionary

DOCUMENT = """<?xml version="1.0" encoding="utf-8"?>
<doc xmlns:db="urn:one">
    <!-- note -->
    <set id="a">v1</set>
    <set id="b"><![CDATA[v2]]></set>
    <db:con>v3</db:con>
    <node xmlns="urn:node">v4</node>
    <more><set id="a">v5</set></more>
    <mixed>This is <b>some</b> text</mixed>
    <empty /><full></full>
    <?pi data?>
</doc>"""


def replaced(variables: dict[str, str], content: str = DOCUMENT) -> str:
    return replace_variables("a.xml", content.encode(), VariableDictionary(variables.items())).content.decode()


@pytest.mark.parametrize(
    ("path", "value", "line"),
    [
        ("/doc/set[@id='a']", "x<y", '  <set id="a">x&lt;y</set>'),
        ("/doc/set[@id='a']/text()", "x", '  <set id="a">x</set>'),
        ("/doc/set[1]/@id", 'q"', '  <set id="q&quot;">v1</set>'),
        ("//set[@id='b']", "<b>", '  <set id="b"><![CDATA[<b>]]></set>'),
        ("//db:con", "x", "  <db:con>x</db:con>"),
        ("//*:node", "x", '  <node xmlns="urn:node">x</node>'),
        ("//comment()", " new ", "  <!-- new -->"),
        ("//processing-instruction('pi')", "new", "  <?pi new?>"),
        ("//more", "<x /><db:y>1</db:y>", "    <x />"),
        ("//mixed", "<n />", "    <n />"),
        ("//empty", "x", "  <empty>x</empty>"),
        ("//full", "x", "  <full>x</full>"),
        ("//set[last()]/@id", "z", '    <set id="z">v5</set>'),
    ],
)
def test_a_node_that_the_path_selects_gets_new_content(path, value, line):
    assert line in replaced({path: value}).split("\n")


def test_the_rest_is_indented_by_two_and_keeps_its_form():
    assert replaced({}) == DOCUMENT.replace("    ", "  ").replace("<empty /><full>", "<empty />\n  <full>").replace(
        "<more><set", "<more>\n    <set"
    ).replace("</set></more>", "</set>\n  </more>")


def test_markup_that_is_not_well_formed_is_a_warning():
    told = replace_variables("a.xml", DOCUMENT.encode(), VariableDictionary([("//more", "<<")])).messages

    assert any("Expected a valid XML fragment" in message.text for message in told if message.level == "warning")


def test_a_prefix_with_two_addresses_is_a_warning_and_the_first_counts():
    content = '<d><p xmlns:x="one"><x:n>1</x:n></p><p xmlns:x="two"><x:n>2</x:n></p></d>'

    result = replace_variables("a.xml", content.encode(), VariableDictionary([("//x:n", "new")]))

    assert b"<x:n>new</x:n>" in result.content
    assert b"<x:n>2</x:n>" in result.content
    assert any("'two'" in message.text for message in result.messages if message.level == "warning")


def test_the_declaration_says_the_encoding_that_was_written():
    content = '<?xml version="1.0" encoding="iso-8859-1"?><a>é</a>'.encode("iso-8859-1")

    kept = replace_variables("a.xml", content, VariableDictionary([("/a", "ü")])).content
    changed = replace_variables("a.xml", content, VariableDictionary([("/a", "张")])).content

    assert kept == '<?xml version="1.0" encoding="iso-8859-1"?>\r\n<a>ü</a>'.encode("iso-8859-1")
    assert changed.decode() == '<?xml version="1.0" encoding="utf-8"?>\r\n<a>张</a>'


@pytest.mark.parametrize(
    "content", ["<a>", "<a></b>", "<a:b/>", "<a>&nbsp;</a>", "<a/><b/>", "text", "", "<a x='1' x='2'/>"]
)
def test_what_is_not_well_formed_is_refused(content):
    with pytest.raises(NotReadable):
        parse_document(content)


def test_without_indent_the_text_of_the_tree_stays():
    text = '<!DOCTYPE a [<!ENTITY e "E">]>\n<a b="1&#xA;2">x &amp; y<b>  </b><![CDATA[c]]>\n</a>'

    assert write_document(parse_document(text, keep_blanks=True), indent=False) == text


LIBRARY = parse_document(
    '<l xmlns:p="urn:p"><b n="1"><t>One</t></b><b n="2" p:x="y"><t>Two</t><t>Three</t></b><p:c/>text<!--c--></l>'
)


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("/l/b/t", "One Two Three"),
        ("//t[2]", "Three"),
        ("(//t)[2]", "Two"),
        ("//b[@n > 1]/t", "Two Three"),
        ("//b[t='One']/@n", "1"),
        ("//b[count(t) = 2]/@n", "2"),
        ("//b[position() = last()]/@n", "2"),
        ("//t[contains(., 'w') or starts-with(., 'Th')]", "Two Three"),
        ("//t[not(preceding-sibling::t)]", "One Two"),
        ("//t[../@n = '2' and position() = 1]", "Two"),
        ("//@*", "1 2 y"),
        ("//@p:x", "y"),
        ("//p:*/preceding-sibling::b[1]/@n", "2"),
        ("//b[2]/ancestor::l/b[1]/t", "One"),
        ("//t | //@n", "1 One 2 Two Three"),
        ("//b[lower-case(t[1]) eq 'one']/@n", "1"),
        ("//t[matches(., '^T')]", "Two Three"),
        ("//b/(t | @n)", "1 One 2 Two Three"),
        ("//b[if (@n = 1) then true() else false()]/@n", "1"),
        ("//b[@n mod 2 = 0]/@n", "2"),
        ("//b[@n - 1 = 0]/@n", "1"),
        ("//b[translate(@n, '12', 'ab') = 'b']/@n", "2"),
        ("//b[normalize-space(concat(' ', t[1], ' ')) = 'One']/@n", "1"),
        ("//b[substring(t[1], 1, 2) = 'On']/@n", "1"),
        ("//t except //b[1]/t", "Two Three"),
        ("/l/text()", "text"),
        ("/l/child::node()[last()]/self::comment()", "c"),
        ("//b[1]/following::t[1]", "Two"),
        ("//b[2]/descendant-or-self::*[@n]/@n", "2"),
        ("//b[number(@n) = sum((1, 1))]/@n", "2"),
    ],
)
def test_xpath_selects(path, found):
    nodes = compile_xpath(path, {"p": "urn:p"}).select(LIBRARY)

    assert " ".join(node.text() for node in nodes) == found


@pytest.mark.parametrize(
    "path", ["//", "/l[", "//q:b", "//b[unknown()]", "//b[@]", "a b", "/l/b]", "nope::x", "//b['x]", "(" * 200]
)
def test_what_is_no_xpath_is_refused(path):
    with pytest.raises(InvalidXPath):
        compile_xpath(path, {"p": "urn:p"})


def test_a_path_that_selects_no_nodes_gives_none():
    assert compile_xpath("1 + 1", {}).select(LIBRARY) == []
    assert compile_xpath("/", {}).select(LIBRARY) == [LIBRARY]
    assert isinstance(compile_xpath("//@n", {}).select(LIBRARY)[0], Attribute)
    assert isinstance(LIBRARY.root, Element)


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("//*[//b[2]]/@n", 20_000),
        ("//b[/l/b/@n = 7]", 20_000),
        ("//b[//b/@n = //b/@n]", 20_000),
        ("//b[count(//b) > 1]", 20_000),
        ("//b[string-length(/l) > 1]", 0),
        ("//b except //b[@n = '1']", 19_999),
        ("(//b)[last()]", 1),
    ],
)
def test_what_a_path_asks_of_the_whole_document_is_found_out_once(path, found):
    document = parse_document("<l>" + "".join(f'<b n="{number}"/>' for number in range(20_000)) + "</l>")

    assert len(compile_xpath(path, {}).select(document)) == found


@pytest.mark.parametrize("path", ["//*[following::b]", "//b[preceding-sibling::b = 1]", "//b[@n = //b/@n]"])
def test_a_path_whose_work_grows_with_the_square_of_the_document_is_given_up_with_a_warning(path):
    messages = Messages()
    text = "<l>" + '<b n="1"/>' * 20_000 + "</l>"

    replace_in_xml(text, VariableDictionary([(path, "x")]), messages)

    assert messages.told[0].level == "warning"
    assert messages.told[0].text == (
        f"The XPath '{path}' is too costly for this document. Name the elements on the way instead of searching all "
        "of them. Skipping replacement of what it selects."
    )


OPERATORS = {
    "=": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


@pytest.mark.parametrize("sign", OPERATORS)
@pytest.mark.parametrize("left", [[1, 2], [2, 2], ["1", "x"], ["x", "x"], []])
@pytest.mark.parametrize("right", [[2, 3], [2], ["1"], ["x"], []])
def test_a_comparison_holds_if_it_does_for_any_pair(left, sign, right):
    def holds(one, other):
        if sign not in ("=", "!=") or isinstance(one, int) or isinstance(other, int):
            one, other = (float("nan" if value == "x" else value) for value in (one, other))
        return OPERATORS[sign](one, other)

    expected = any(holds(one, other) for one in left for other in right)
    written = [f"({', '.join(map(repr, values))})" for values in (left, right)]

    assert len(compile_xpath(f"/l[{written[0]} {sign} {written[1]}]", {}).select(LIBRARY)) == expected
