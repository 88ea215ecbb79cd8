"""JSON: content, variables, result."""

import json

import pytest

from polpo.languages.structured.replace import formats_for, replace_variables
from polpo.languages.structured.results import NOTHING_FOUND, ReplacementFailed
from polpo.languages.substitution import VariableDictionary


def replaced(content: str, variables: dict[str, str | None], name: str = "a.json") -> str:
    return replace_variables(name, content.encode(), VariableDictionary(variables.items())).content.decode()


@pytest.mark.parametrize(
    ("node", "value", "result"),
    [
        ('"a"', "b", '"b"'),
        ('"a"', "5", '"5"'),
        ("null", "33", '"33"'),
        ('"a"', None, "null"),
        ("1", "2", "2"),
        ("1", "5.50", "5.5"),
        ("1", "2e3", "2000.0"),
        ("1", "two", '"two"'),
        ("1.5", "3", "3"),
        ("true", "FALSE", "false"),
        ("true", "maybe", '"maybe"'),
        ("1", None, "1"),
        ("[1]", "[2, 3]", "[2,3]"),
        ("[1]", "4", "4"),
        ("{}", '{"x": [true]}', '{"x":[true]}'),
        ("{}", '"text"', '"text"'),
        ("[1]", "not json", "[1]"),
    ],
)
def test_a_node_is_replaced_with_regard_to_its_type(node, value, result):
    changed = replaced('{"k": ' + node + "}", {"K": value})

    assert json.loads(changed) == {"k": json.loads(result)}
    assert result in changed.replace("\r\n", "").replace(" ", "")


@pytest.mark.parametrize(
    ("content", "variables", "expected"),
    [
        ('{"a":{"b":[{"c":"x"},1]}}', {"A:b:0:C": "y"}, {"a": {"b": [{"c": "y"}, 1]}}),
        ('[{"p":"x"}]', {"0:p": "y"}, [{"p": "y"}]),
        ('{"a":{"b":"x"},"a:b":"x"}', {"a:b": "y"}, {"a": {"b": "x"}, "a:b": "y"}),
        ('{"a":"x"}', {"b": "y", "a:c": "z"}, {"a": "x"}),
        ('{"a":{"b":"x"}}', {"a:b": "y", "a": '{"c": 1}'}, {"a": {"c": 1}}),
        ('{"a":{"b":"x"}}', {"a": '{"b": 1}', "a:b": "y"}, {"a": {"b": 1}}),
        (
            '{"OctopusX":"x","Octopus":{"Y":"x"}}',
            {"OctopusX": "y", "Octopus:Y": "y"},
            {"OctopusX": "x", "Octopus": {"Y": "y"}},
        ),
        ('{"a":"x"}', {"a": "#{b}", "b": "deep"}, {"a": "deep"}),
        ("// c\n{a: 'x', /* d */ b: [1,],}", {"a": "y"}, {"a": "y", "b": [1]}),
        ("", {}, {}),
    ],
)
def test_paths_lead_to_what_exists(content, variables, expected):
    assert json.loads(replaced(content, variables)) == expected


def test_the_file_is_written_anew_with_its_line_breaks_and_mark():
    content = '\ufeff{"a":[],"b":{},"n":1.0,"é":"\\u20ac\\n",\n"l":[1,{"x":null}]}\n'

    changed = replaced(content, {})

    assert changed.startswith('\ufeff{\n  "a": [],\n  "b": {},\n  "n": 1.0,\n  "é": "€\\n",\n')
    assert changed.endswith('  "l": [\n    1,\n    {\n      "x": null\n    }\n  ]\n}')


def test_without_a_match_the_log_says_so():
    told = replace_variables("a.json", b"{}", VariableDictionary([("x", "1")])).messages

    assert NOTHING_FOUND in [message.text for message in told if message.level == "info"]


def test_what_cannot_be_set_is_a_warning():
    told = replace_variables("a.json", b'{"a": []}', VariableDictionary([("a", "{")])).messages

    warnings = [message.text for message in told if message.level == "warning"]
    assert len(warnings) == 1
    assert warnings[0].startswith("Unable to set value for a.")
    assert any("'a'" in message.text for message in told if message.level == "verbose")


@pytest.mark.parametrize(
    ("name", "content", "found"),
    [
        ("a.xml", '{"key": "v"}', "Json"),
        ("a.yaml", "key: v", "Yaml"),
        ("a.yml", "key: v", "Yaml"),
        ("a.config", "<key>v</key>", "Xml"),
        ("a.config", "key: v", "Yaml"),
        ("a.config", "@ no yaml\nkey=v", "Properties"),
        ("a.properties", "key: v", "Properties"),
    ],
)
def test_the_first_format_that_reads_the_file_is_used(name, content, found):
    assert replace_variables(name, content.encode(), VariableDictionary()).format == found


@pytest.mark.parametrize(
    ("name", "content", "json_only", "reason"),
    [
        ("a.json", '{\n"k\n}', False, "could not be parsed as Json"),
        ("a.yaml", "key: v", True, "could not be parsed as Json"),
        ("a.xml", "key: v", False, "could not be parsed as Xml"),
        ("a.yaml", "line: |\nfour", False, r"could not be parsed as Yaml: \(Line: 2, Col: 1\)"),
        ("a.properties", "k:\\u12", False, "could not be parsed as Properties"),
    ],
)
def test_a_file_that_no_format_reads_fails_with_the_reason(name, content, json_only, reason):
    with pytest.raises(ReplacementFailed, match=reason):
        replace_variables(name, content.encode(), VariableDictionary(), json_only=json_only)


def test_json_always_comes_first():
    assert formats_for("x.YML") == ["Json", "Yaml"]
    assert formats_for("x.json") == ["Json"]
    assert formats_for("x") == ["Json", "Xml", "Yaml", "Properties"]
