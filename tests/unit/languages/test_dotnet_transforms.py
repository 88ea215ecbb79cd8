"""XML document transforms: locators, transforms, where lines go, and what is warned of or refused."""

from __future__ import annotations

import json
from base64 import b64decode
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from polpo.languages.dotnetconfig import Transformed, transform

CORPUS = Path(__file__).resolve().parents[3].parent / "shared" / "conformance" / "substitution_files.json"
CASES = json.loads(CORPUS.read_text("utf-8")) if CORPUS.exists() else []
XDT = 'xmlns:xdt="http://schemas.microsoft.com/XML-Document-Transform"'
CONFIG = """\ufeff<?xml version="1.0"?>
<!-- first -->
<configuration>
  <system.web>
    <compilation debug="true"   targetFramework='4.0' />
  </system.web>
  <appSettings>
    <!-- one -->
    <add key="One" value="1" />
    <add key="Two"
         value="it's &lt;2&gt;" />
  </appSettings>
  <empty />
  <flat><a/><b/></flat>
</configuration>
"""


def changed(instructions: str, source: str = CONFIG) -> Transformed:
    return transform(source, f"<configuration {XDT}>{spelled(instructions)}</configuration>")


def spelled(instructions: str) -> str:
    return instructions.replace(" T=", " xdt:Transform=").replace(" L=", " xdt:Locator=")


ONE = '    <add key="One" value="1" />\n'
TWO = '    <add key="Two"\n         value="it\'s &lt;2&gt;" />\n'
WEB = "  <system.web>\n    <compilation debug=\"true\"   targetFramework='4.0' />\n  </system.web>\n"


@pytest.mark.parametrize(
    ("instructions", "old", "new"),
    [
        ('<A><add key="One" value="2" T="SetAttributes" L="Match(key)"/></A>', 'value="1"', 'value="2"'),
        ('<A><add key="Two" value="it\'s &lt;2&gt;" x="" T="SetAttributes(x)" L="Match(key, value)"/></A>', TWO,
         TWO.replace(" />", '\n         x="" />')),
        ('<A><add y="3" T="SetAttributes" L="Condition(@key=\'One\')"/></A>', 'value="1"', 'value="1" y="3"'),
        ('<A><add y="3" T="SetAttributes" L="Condition(2)"/></A>', '&gt;" />', '&gt;"\n         y="3" />'),
        ('<A><add y="3" T="SetAttributes" L="Condition([contains(@key, \'n,\') or starts-with(@key, \'O\')])"/></A>',
         'value="1"', 'value="1" y="3"'),
        ('<add y="3" T="SetAttributes" L="XPath(//appSettings/add[1])"/>', 'value="1"', 'value="1" y="3"'),
        ('<appSettings a="b" T="SetAttributes" L="XPath(add[@key=\'One\'])"/>', 'value="1"', 'value="1" a="b"'),
        ('<system.web><compilation T="RemoveAttributes(debug)"/></system.web>', ' debug="true"', ""),
        ('<system.web><compilation T="RemoveAttributes"/></system.web>', " debug=\"true\"   targetFramework='4.0'", ""),
        ('<system.web T="Remove"/>', WEB, ""),
        ('<A><add T="RemoveAll"/></A>', ONE + TWO, ""),
        ('<flat><a T="Remove"/></flat>', "<a/>", ""),
        ('<A><add key="New" T="Insert"/></A>', TWO, TWO + '    <add key="New"/>\n'.replace("/>", " />")),
        ('<A><add key="One" T="InsertIfMissing" L="Match(key)"/></A>', "", ""),
        ('<A><add key="New" T="InsertIfMissing" L="Match(key)"/></A>', TWO, TWO + '    <add key="New" />\n'),
        ('<x L="XPath(/configuration/appSettings)" T="Insert"/>', TWO, TWO + "    <x />\n"),
        ('<flat><c T="Insert"/></flat>', "<b/>", "<b/><c />"),
        ("<empty>\n\t<x T='Insert'>\n\t\t<y>\n\n\t\t\t<z/>\n\t\t</y>\n\t\t<t> a\n\tb </t>\n\t</x></empty>",
         "  <empty />\n",
         "  <empty>\n    <x>\n      <y>\n\n        <z />\n      </y>\n      <t> a\n\tb </t>\n    </x>\n  </empty>\n"),
        ('<A><add key="Mid" T="InsertAfter(/configuration/appSettings/add[@key=\'One\'])"/></A>', ONE,
         ONE + '    <add key="Mid" />\n'),
        ('<A><add key="Top" T="InsertBefore(add[1])"/></A>', ONE, '    <add key="Top" />\n' + ONE),
        ('<appSettings><b T="Insert"/></appSettings>', TWO, TWO + "    <b />\n"),
        ('<flat><c T="InsertBefore(b)"/></flat>', "<b/>", "<c /><b/>"),
        ('<system.web T="Replace">\n<new><!-- c --></new>\n</system.web>', WEB,
         "  <system.web>\n    <new><!-- c --></new>\n  </system.web>\n"),
    ],
)  # fmt: skip
def test_a_transform_changes_what_it_locates_and_nothing_else(instructions: str, old: str, new: str) -> None:
    result = changed(instructions.replace("<A>", "<appSettings>").replace("</A>", "</appSettings>"))
    assert result.text == CONFIG.replace(old, new, 1)
    assert (result.warnings, result.errors) == ([], [])


def test_windows_line_breaks_are_kept_in_what_is_inserted() -> None:
    source = CONFIG.replace("\n", "\r\n")
    result = changed("<empty>\n<x T='Insert'>\n<y a='1\n2'/>\n</x></empty>", source)
    assert result.text.replace("\r\n", "").count("\n") == 1  # inside the attribute, as the transform has it
    assert result.text.startswith(source[:100])


def test_later_instructions_see_what_earlier_ones_did() -> None:
    result = changed(
        '<empty><x n="1" T="Insert"/><x n="2" T="SetAttributes"/></empty>'
        '<flat T="Replace"><q><r T="Remove"/></q></flat>'
    )
    assert '<x n="2" />' in result.text
    assert "<flat><q></q></flat>" in result.text
    assert (result.warnings, result.errors) == ([], [])


SPACES = '<a xmlns="urn:a" xmlns:p="urn:p"><b/><p:b p:k="1"/><c xmlns=""/></a>'


@pytest.mark.parametrize(
    ("instructions", "expected"),
    [
        ('<a {0} xmlns="urn:a"><b x="1" xdt:Transform="SetAttributes"/></a>', SPACES.replace("<b/>", '<b x="1"/>')),
        (
            '<a {0} xmlns:q="urn:p" xmlns="urn:a"><q:b q:k="1" q:n="2" L="Match(q:k)" T="SetAttributes"/></a>',
            SPACES.replace('p:k="1"', 'p:k="1" p:n="2"'),
        ),
        (
            '<a {0} xmlns="urn:a"><b xdt:Locator="Condition(../_defaultNamespace:b)" xdt:Transform="Remove"/></a>',
            SPACES.replace("<b/>", ""),
        ),
        ('<a {0} xmlns="urn:a"><c xmlns="" xdt:Transform="Remove"/></a>', SPACES.replace('<c xmlns=""/>', "")),
        (
            '<a {0} xmlns="urn:a" xmlns:z="urn:z"><c xmlns=""><z:n z:t="1" xdt:Transform="Insert"/></c></a>',
            SPACES.replace('<c xmlns=""/>', '<c xmlns=""><z:n xmlns:z="urn:z" z:t="1" /></c>'),
        ),
        (
            '<a {0} xmlns="urn:a" xmlns:z="urn:z"><b z:t="1" xdt:Transform="SetAttributes"/></a>',
            SPACES.replace("<b/>", '<b xmlns:z="urn:z" z:t="1"/>'),
        ),
    ],
)
def test_namespaces_count_and_prefixes_do_not(instructions: str, expected: str) -> None:
    result = transform(SPACES, spelled(instructions).format(XDT))
    assert (result.warnings, result.errors) == ([], [])
    assert ET.canonicalize(result.text) == ET.canonicalize(expected)


@pytest.mark.parametrize(
    ("instructions", "sentence"),
    [
        ('<gone><deep T="Remove"/></gone>', "Remove at /configuration/gone/deep: nothing in the file is at /"),
        ('<appSettings><add T="Remove"/></appSettings>', "of 2 elements there only the first is taken."),
        ('<appSettings><add T="Remove(x)" L="Condition(1)"/></appSettings>', "takes no arguments"),
        ('<appSettings><add T="SetAttributes"/></appSettings>', "there are no attributes to set."),
        ('<appSettings><add T="SetAttributes(q)"/></appSettings>', "there is no attribute 'q'."),
        ('<empty><x T="Insert"/></empty><empty T="RemoveAttributes"/>', "there are no attributes to remove."),
        ('<xdt:Import assembly="a" namespace="b"/>', "<xdt:Import> is left out: it loads transforms written for .NET"),
        ("<xdt:Other/>", "<xdt:Other> is left out: there is no such command."),
    ],
)  # fmt: skip
def test_what_is_asked_for_in_vain_is_warned_of(instructions: str, sentence: str) -> None:
    result = changed(instructions)
    assert any(sentence in warning for warning in result.warnings)
    assert result.errors == []


def test_warnings_are_left_out_where_the_transform_says_so() -> None:
    assert changed('<gone T="Remove" xdt:SupressWarnings="true"/>') == (CONFIG, [], [])


def test_removing_the_top_is_warned_of() -> None:
    assert transform("<a/>", f'<a {XDT} xdt:Transform="Remove"/>') == (
        "", ["Nothing is left of the file: the transform removes the element at its top."], []
    )  # fmt: skip


@pytest.mark.parametrize(
    ("instructions", "sentence"),
    [
        ('<gone><x T="Insert"/></gone>', "Nothing in the file is at /configuration/gone, to insert into."),
        ('<gone><x T="InsertIfMissing"/></gone>', "to insert into."),
        ('<empty><x T="InsertAfter(/nope)"/></empty>', "Nothing in the file is at /nope, to stand beside."),
        ('<empty><x T="InsertBefore"/></empty>', "InsertBefore needs an XPath"),
        ('<empty><x T="InsertBefore(/configuration)"/></empty>', "nothing can be inserted beside it."),
        ('<empty T="Explode"/>', "There is no transform 'Explode'; there are Insert, "),
        ('<empty T="remove"/>', "There is no transform 'remove'"),
        ('<empty T="(("/>', 'Transform="((" is not of the form'),
        ('<empty T="Remove" L="Near(c)"/>', "There is no locator 'Near'; there are Condition, Match and XPath."),
        ('<empty T="Remove" L="Match(key)"/>', "needs the attribute 'key', which the element has not."),
        ('<empty T="Remove" L="Match"/>', "Match needs the names"),
        ('<empty T="Remove" L="Condition()"/>', "Condition needs an XPath"),
        ('<empty T="Remove" L="XPath"/>', "XPath needs an XPath"),
        ('<empty T="Remove" L="XPath(/[)"/>', "/configuration/empty[XPath(/[)]: "),
        ('<empty T="Remove" L="Condition(q:x)"/>', "q"),
    ],
)
def test_what_cannot_be_followed_is_an_error_and_the_rest_is_followed(instructions: str, sentence: str) -> None:
    result = changed(instructions + '<flat T="Remove"/>')
    assert len(result.errors) == 1
    assert sentence in result.errors[0]
    assert result.text == CONFIG.replace("  <flat><a/><b/></flat>\n", "")


def test_nothing_is_inserted_beside_the_top() -> None:
    result = transform("<a/>", f'<b {XDT} xdt:Transform="Insert"/>')
    assert result == ("<a/>", [], ["/b: A file has one element at its top; nothing can be inserted beside it."])


@pytest.mark.parametrize("text", [CONFIG, CONFIG.replace("\n", "\r\n"), "<a  b = 'c'/>"])
def test_a_transform_without_instructions_changes_nothing(text: str) -> None:
    assert transform(text, "<configuration><appSettings/></configuration>") == (text, [], [])


@pytest.mark.parametrize(
    ("source", "instructions", "sentence"),
    [
        ("<a>", f"<a {XDT}/>", "The file is not well-formed XML, or not safe: "),
        ("<a/>", "<a", "The transform is not well-formed XML, or not safe: "),
        ('<!DOCTYPE a [<!ENTITY b "c">]><a/>', "<a/>", "declares the entity 'b'"),
        ("<a/>", '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>', "declares the entity 'b'"),
    ],
)
def test_what_is_hostile_or_not_well_formed_leaves_the_file_as_it_is(
    source: str, instructions: str, sentence: str
) -> None:
    text, warnings, errors = transform(source, instructions)
    assert (text, warnings) == (source, [])
    assert sentence in errors[0]


def test_many_instructions_find_their_elements_among_many() -> None:
    adds = "".join(f'<add key="K{number}" value="old"/>' for number in range(1_000))
    wanted = "".join(f'<add key="K{number}" value="new" T="SetAttributes" L="Match(key)"/>' for number in range(200))
    source = f"<configuration><appSettings>{adds}</appSettings></configuration>"
    result = changed(f"<appSettings>{wanted}</appSettings>", source)
    assert (result.text.count("new"), result.warnings, result.errors) == (200, [], [])


def test_nothing_is_put_on_a_line_of_its_own_beside_text() -> None:
    source = "<configuration>\n  <p>\n    <b/> some text</p>\n</configuration>"
    assert changed('<p><i T="Insert"/></p>', source).text == source.replace("text", "text<i />")


@pytest.mark.skipif(not CASES, reason="the conformance cases are not on this machine")
@pytest.mark.parametrize(
    "case", [case for case in CASES if case["kind"].startswith("xdt")], ids=lambda case: str(case["id"])
)
def test_the_originals_cases_hold(case: dict[str, Any]) -> None:
    source, instructions = (b64decode(case[key]).decode("utf-8-sig") for key in ("input_b64", "transform_b64"))
    result = transform(source, instructions)
    assert bool(result.errors or (result.warnings and case.get("warnings_as_errors", True))) == bool(
        case.get("expected_error")
    )
    if "expected_text" in case:
        assert ET.canonicalize(result.text, strip_text=True) == ET.canonicalize(case["expected_text"], strip_text=True)
    for check in case.get("checks", ()):
        found = ET.fromstring(result.text).find(check["path"])  # noqa: S314 - a case of our own
        assert (found is None) == bool(check.get("absent"))
        assert found is None or found.get(check["attr"]) == check["expected"]
