"""Regular expressions of users that would take for ever."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from polpo.kernel.errors import Invalid
from polpo.languages.dotnet_regex import Engines
from polpo.languages.substitution.errors import FilterFailed
from polpo.languages.substitution.filters import regexes
from polpo.languages.versions.octopus import OctopusVersion
from polpo.languages.versions.rules import VersionRule
from polpo.server import patterns

ENDLESS = "(x+x+)+y"


@pytest.fixture(autouse=True)
def bounded(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    former = Engines.compile
    monkeypatch.setattr(patterns, "_SECONDS", 0.01)
    patterns.bound_expressions()
    regexes._compiled.cache_clear()
    yield
    Engines.compile = staticmethod(former)
    regexes._compiled.cache_clear()


def test_a_filter_that_would_not_end_is_given_up_with_a_sentence() -> None:
    for use in (regexes.match, regexes.replace):
        with pytest.raises(FilterFailed, match=r"takes more than 0\.01 s on a text of 2000 characters"):
            use("x" * 2000, [ENDLESS, ""][: 1 if use is regexes.match else 2])


def test_the_rule_of_a_channel_that_would_not_end_is_given_up_with_a_sentence() -> None:
    rule = VersionRule(tag=ENDLESS)
    with pytest.raises(Invalid, match="rule for pre-release tags cannot be used"):
        rule.fits_tag(OctopusVersion.parse("1.0.0-" + "x" * 2000))


def test_other_expressions_work_as_ever_and_a_broken_one_is_refused() -> None:
    assert regexes.match("Release-12", [r"(?<kind>\w+)-\d+"]) == "true"
    assert regexes.replace("a-b", [r"(\w)-(\w)", "$2-$1"]) == "b-a"
    with pytest.raises(FilterFailed, match="is not a regular expression"):
        regexes.match("x", ["("])
    with pytest.raises(re.error):
        Engines.compile("(", 0)
