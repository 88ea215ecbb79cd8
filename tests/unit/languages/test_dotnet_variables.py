"""Values of variables in .NET configuration files; the rest of a file keeps every character."""

from __future__ import annotations

import json
from base64 import b64decode
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from polpo.languages.dotnetconfig import NotReadable, Unwritable, replace_variables
from polpo.languages.substitution import VariableDictionary

CORPUS = Path(__file__).resolve().parents[3].parent / "shared" / "conformance" / "substitution_files.json"
CASES = json.loads(CORPUS.read_text("utf-8")) if CORPUS.exists() else []

ODD = """\ufeff<?xml version='1.0'  encoding="utf-8" ?>\r
<!-- a > b -->\r
<!DOCTYPE configuration>\r
<configuration   xmlns:x = 'urn:x'\r
    y="1 &lt; 2&#10;3"  >\r
\t<a  b='"'   /><c></c ><![CDATA[ <&> ]]>&amp;&#x41; ü \U0001f419\r
\t<?go  there ?>\r
\t<appSettings>\r
\t\t<add key = "One"\r
\t\t     value = '1' />\r
\t</appSettings>\r
</configuration >\r
\r
<!-- end -->\r
"""


def dictionary(**values: str | None) -> VariableDictionary:
    found = VariableDictionary()
    for name, value in values.items():
        found.set(name, value)
    return found


def body(inner: str) -> str:
    return f"<configuration>{inner}</configuration>"


@pytest.mark.parametrize("text", [ODD, body("<appSettings />"), "<a>\n<!-->--><?x?></a>", "\ufeff\ufeff<a/>\n\n"])
def test_a_file_without_a_match_is_the_same_text(text: str) -> None:
    assert replace_variables(text, dictionary(Other="x")) == (text, [], [])


def test_a_value_is_put_in_and_nothing_else_changes() -> None:
    result = replace_variables(ODD, dictionary(one='it\'s <"2"> & more\n'))
    assert result.text == ODD.replace("value = '1'", "value = 'it&apos;s &lt;\"2\"&gt; &amp; more&#xA;'")
    assert result.replaced == ["One"]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('<appSettings><add key="A" value="" /></appSettings>', '<appSettings><add key="A" value="v" /></appSettings>'),
        ('<appSettings><add key="a" /></appSettings>', '<appSettings><add key="a" value="v" /></appSettings>'),
        (
            '<connectionStrings><add name="A" connectionString="" /></connectionStrings>',
            '<connectionStrings><add name="A" connectionString="v" /></connectionStrings>',
        ),
        (
            '<x><appSettings xmlns="urn:any"><add key="A" value="" /></appSettings></x>',
            '<x><appSettings xmlns="urn:any"><add key="A" value="v" /></appSettings></x>',
        ),
        (
            '<applicationSettings><S.T><setting name="A"><value>old</value></setting></S.T></applicationSettings>',
            '<applicationSettings><S.T><setting name="A"><value>v</value></setting></S.T></applicationSettings>',
        ),
        (
            '<applicationSettings><setting name="A"><value /></setting></applicationSettings>',
            '<applicationSettings><setting name="A"><value>v</value></setting></applicationSettings>',
        ),
        (
            '<applicationSettings>\n  <setting name="A">\n  </setting>\n</applicationSettings>',
            '<applicationSettings>\n  <setting name="A">\n    <value>v</value>\n  </setting>\n</applicationSettings>',
        ),
        (
            '<p:applicationSettings xmlns:p="u"><setting name="A"/></p:applicationSettings>',
            '<p:applicationSettings xmlns:p="u"><setting name="A"><value>v</value></setting></p:applicationSettings>',
        ),
        (
            '<applicationSettings xmlns:p="u"><p:setting name="A" /></applicationSettings>',
            '<applicationSettings xmlns:p="u"><p:setting name="A"><p:value>v</p:value></p:setting></applicationSettings>',  # noqa: E501
        ),
    ],
)
def test_a_section_takes_the_value_where_programs_read_it(before: str, after: str) -> None:
    assert replace_variables(body(before), dictionary(a="v")).text == body(after)


@pytest.mark.parametrize(
    "elsewhere",
    [
        '<appSettings><x><add key="A" value="" /></x></appSettings>',
        '<appSettings><add name="A" value="" /></appSettings>',
        '<appsettings><add key="A" value="" /></appsettings>',
        '<connectionStrings><add key="A" connectionString="" /></connectionStrings>',
        '<applicationSettings><add name="A" value="" /></applicationSettings>',
    ],
)
def test_other_places_are_left_alone(elsewhere: str) -> None:
    assert replace_variables(body(elsewhere), dictionary(A="v")).replaced == []


def test_a_new_attribute_gets_a_line_where_the_others_have_one() -> None:
    text = body('<appSettings>\n  <add key="A"\n       x="1"/>\n</appSettings>')
    assert replace_variables(text, dictionary(A="v")).text == text.replace('x="1"', 'x="1"\n       value="v"')


def test_a_null_value_and_a_reference_are_evaluated() -> None:
    text = body('<appSettings><add key="A" value="1"/><add key="B" value="2"/></appSettings>')
    changed = replace_variables(text, dictionary(A=None, B="#{C}!", C="3"))
    assert changed.text == text.replace('"1"', '""').replace('"2"', '"3!"')
    assert changed.replaced == ["A", "B"]


def test_elements_in_a_value_give_way_with_a_warning() -> None:
    text = body('<applicationSettings><setting name="A"><value><b/>x</value></setting></applicationSettings>')
    changed = replace_variables(text, dictionary(A=""))
    assert "<value></value>" in changed.text
    assert changed.warnings == ["The setting 'A' had elements in its value, which the text has replaced."]


def test_a_value_that_xml_cannot_hold_is_refused() -> None:
    with pytest.raises(Unwritable, match="'A' has control characters"):
        replace_variables(body('<appSettings><add key="A"/></appSettings>'), dictionary(A="\0"))


BOMB = '<!DOCTYPE a [<!ENTITY b "bb"><!ENTITY c "&b;&b;&b;&b;">]><a>&c;</a>'
FOREIGN = '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>'


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (BOMB, "declares the entity 'b'"),
        (FOREIGN, "declares the entity 'b'"),
        ('<!DOCTYPE a [<!ENTITY % p "x">]><a/>', "declares the entity 'p'"),
        ('<!DOCTYPE a SYSTEM "http://192.0.2.1/a.dtd"><a>&b;</a>', "entity 'b' is not declared"),
        ("<a>&nbsp;</a>", "undefined entity: line 1"),
        ("<a><b></a>", "mismatched tag: line 1"),
        ("<a x:y='1'/>", "prefix 'x' is not declared: line 1"),
        ("<a>" * 301, "nested more than 300 deep"),
        ("", "no element found"),
        ("<a>\ud800</a>", "not well-formed"),
    ],
)
def test_what_is_hostile_or_not_well_formed_is_refused(text: str, sentence: str) -> None:
    with pytest.raises(NotReadable, match=sentence):
        replace_variables(text, dictionary())


def test_a_deep_and_wide_file_is_read_and_written() -> None:
    text = "<a>" * 290 + '<appSettings><add key="A"/></appSettings>' + "<b c='d'/>" * 5_000 + "</a>" * 290
    assert replace_variables(text, dictionary(A="v")).text == text.replace('"A"/', '"A" value="v"/')


@pytest.mark.skipif(not CASES, reason="the conformance cases are not on this machine")
@pytest.mark.parametrize(
    "case", [case for case in CASES if case["kind"].startswith("config_variables")], ids=lambda case: case["id"]
)
def test_the_originals_cases_hold(case: dict[str, Any]) -> None:
    source = b64decode(case["input_b64"]).decode("utf-8-sig")
    variables = dictionary(**case["variables"])
    if case.get("expected_error") or case.get("ignore_errors"):
        with pytest.raises(NotReadable):
            replace_variables(source, variables)
        return
    text = replace_variables(source, variables).text
    assert text.startswith(case.get("expected_starts_with", ""))
    for check in case.get("checks", ()):
        found = ET.fromstring(text).find(check["path"])  # noqa: S314 - a case of our own
        assert found is not None
        assert (found.get(check["attr"]) if check["attr"] else found.text) == check["expected"]
