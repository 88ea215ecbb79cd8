"""The examples of the reference pages: they come out as the pages say."""

import re
from itertools import pairwise
from pathlib import Path

import pytest

from polpo.languages.scoping import Candidate, Context, Origin, resolve
from polpo.languages.structured.replace import replace_in_format
from polpo.languages.structured.results import Messages
from polpo.languages.substitution import VariableDictionary
from polpo.languages.versions import (
    OctopusVersion,
    SemanticVersion,
    VersionFormat,
    VersionRule,
    apply_mask,
    parse_package_file_name,
    parse_version,
)

PAGES = Path(__file__).resolve().parents[3] / "docs" / "reference"


def text_of(page: str) -> str:
    return (PAGES / f"{page}.md").read_text("utf-8")


def tables(text: str, *header: str) -> list[list[str]]:
    """The rows of all tables with this header; cells without their code marks."""
    rows: list[list[str]] = []
    inside = False
    for line in text.split("\n"):
        cells = [cell.strip().replace("\\|", "|") for cell in re.split(r"(?<!\\)\|", line)[1:-1]]
        if cells == list(header):
            inside = True
        elif not cells:
            inside = False
        elif inside and not set("".join(cells)) <= set("-"):
            rows.append(cells)
    return rows


def code(cell: str) -> list[str]:
    return re.findall("`([^`]*)`", cell)


SUBSTITUTION = text_of("substitution")
VARIABLES = re.search(r"```variables\n(.*?)```", SUBSTITUTION, re.DOTALL)


@pytest.mark.parametrize(("template", "gives"), tables(SUBSTITUTION, "template", "gives"))
def test_a_template_gives_what_the_page_says(template, gives):
    assert VARIABLES is not None
    pairs = [line.split(" =", 1) for line in VARIABLES.group(1).strip().split("\n")]
    variables = VariableDictionary((name, value.removeprefix(" ")) for name, value in pairs)

    assert variables.evaluate(code(template)[0]) == code(gives)[0]


def test_the_page_names_every_filter():
    named = set(re.findall(r"\b[A-Z]\w+(?: |`)", SUBSTITUTION)) | {"null"}
    words = {word.strip("` ").lower() for word in named}
    variables = VariableDictionary()

    assert {name for name in variables._built_in() if name not in words} == {"markdowntohtml"}


VERSIONS = text_of("versions")


@pytest.mark.parametrize(("name", "order"), tables(VERSIONS, "format", "order"))
def test_versions_stand_in_the_order_of_the_page(name, order):
    steps = [[parse_version(text, VersionFormat(name)) for text in code(step)] for step in order.split(" < ")]

    for lower, higher in pairwise(steps):
        assert all(one < other for one in lower for other in higher)
    assert all(one == other for step in steps for one in step for other in step)


@pytest.mark.parametrize(
    ("text", "notation", "takes", "refuses"), tables(VERSIONS, "range", "notation", "takes", "does not take")
)
def test_a_range_takes_what_the_page_says(text, notation, takes, refuses):
    version_format = VersionFormat.MAVEN if notation == "Maven" else VersionFormat.SEMVER
    rule = VersionRule(code(text)[0], version_format=version_format)

    assert all(rule.accepts(parse_version(one, version_format)) for one in code(takes))
    assert not any(rule.accepts(parse_version(one, version_format)) for one in code(refuses))


@pytest.mark.parametrize(("tag", "takes", "refuses"), tables(VERSIONS, "tag rule", "takes", "does not take"))
def test_a_tag_rule_takes_what_the_page_says(tag, takes, refuses):
    rule = VersionRule(tag=code(tag)[0])

    assert all(rule.accepts(SemanticVersion.parse(one)) for one in code(takes))
    assert not any(rule.accepts(SemanticVersion.parse(one)) for one in code(refuses))


@pytest.mark.parametrize(("mask", "current", "following"), tables(VERSIONS, "mask", "current", "next"))
def test_a_mask_gives_the_version_of_the_page(mask, current, following):
    now = OctopusVersion.parse(code(current)[0]) if code(current) else None

    assert str(apply_mask(code(mask)[0], now)) == code(following)[0]


@pytest.mark.parametrize("row", tables(VERSIONS, "file name", "id", "version", "extension"))
def test_a_file_name_is_read_as_the_page_says(row):
    name, *expected = [code(cell)[0] for cell in row]
    found = parse_package_file_name(name)

    assert [found.package_id, str(found.version), found.extension] == expected


HERE = Context(
    environment="Prod",
    channel="Hotfix",
    tenant="Acme",
    tenant_tags=frozenset({"Ring/Early"}),
    actions=frozenset({"Deploy"}),
    machine="web1",
    roles=frozenset({"web", "eu"}),
    step_roles=frozenset({"web"}),
)
WORDS = {
    "environment": "environment",
    "tag": "role",
    "channel": "channel",
    "tenant": "tenant",
    "tenant tag": "tenant_tag",
    "target": "machine",
    "step": "action",
}


def candidate(told: str) -> Candidate:
    value, _, places = told.partition(" for ")
    scope: dict[str, list[str]] = {}
    for place in filter(None, places.split(" and ")):
        word, name = place.rsplit(" ", 1)
        scope[WORDS[word]] = [name]
    origin = Origin.LIBRARY if "in a library" in value else Origin.PROJECT
    return Candidate("Name", value[0], scope, origin, id=value[0])


@pytest.mark.parametrize(("values", "used"), tables(text_of("variable-scopes"), "values", "used"))
def test_the_value_of_the_page_is_used(values, used):
    winner = resolve([candidate(told) for told in values.split("; ")], "Name", HERE).winner

    assert (winner.value if winner else "nothing") == used


STRUCTURED = text_of("structured-configuration")
SECTION = re.compile(r"```(\w+)\n(.*?)```\n\n(\| variable \| value \|.*?)\n\n```\w+\n(.*?)\n?```", re.DOTALL)


@pytest.mark.parametrize(("kind", "before", "table", "after"), SECTION.findall(STRUCTURED), ids=str)
def test_a_file_changes_as_the_page_says(kind, before, table, after):
    variables = VariableDictionary(
        (code(name)[0], code(value)[0]) for name, value in tables(table, "variable", "value")
    )

    changed, warnings = replace_in_format(kind.capitalize(), before.encode(), variables, Messages())

    assert changed.decode().removesuffix("\n") == after
    assert warnings == []


def test_the_pages_have_all_their_examples():
    assert len(SECTION.findall(STRUCTURED)) == 4
    assert len(tables(SUBSTITUTION, "template", "gives")) == 39
    assert len(tables(text_of("variable-scopes"), "values", "used")) == 10
