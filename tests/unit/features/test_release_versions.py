"""The version that a project's template gives."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from polpo.features.projects.resource import DEFAULT_VERSION_TEMPLATE
from polpo.features.releases.versioning import checked_version, latest, next_version
from polpo.kernel.errors import Invalid

NOW = datetime(2026, 3, 9, 14, 5, 7, tzinfo=UTC)


@pytest.mark.parametrize(
    ("template", "existing", "version"),
    [
        (DEFAULT_VERSION_TEMPLATE, [], "0.0.1"),
        (DEFAULT_VERSION_TEMPLATE, ["1.2.9", "1.2.10", "1.1.50"], "1.2.11"),
        ("#{Octopus.Version.NextMajor}.0.0", ["3.4.5"], "4.0.0"),
        ("#{Octopus.Version.LastMajor}.#{Octopus.Version.NextMinor}.0", ["3.4.5"], "3.5.0"),
        ("1.0.0-#{Octopus.Version.NextSuffix}", ["1.0.0-rc.7"], "1.0.0-rc.8"),
        ("#{Octopus.Date.Year}.#{Octopus.Date.Month}.#{Octopus.Version.NextPatch}", ["2026.3.4"], "2026.3.5"),
        ("#{Octopus.Version.Channel.LastMajor}.0.#{Octopus.Version.Channel.NextPatch}", ["9.9.9"], "2.0.8"),
        ("#{Base}.1", ["1.0.0"], "7.1"),
        ("1.2.i", ["1.2.7", "1.3.0"], "1.2.8"),
        ("1.2.i", [], "1.2.0"),
    ],
)
def test_template_gives_the_next_version(template: str, existing: list[str], version: str) -> None:
    assert next_version(template, existing, ["2.0.7"], NOW, [("Base", "7")]) == version


def test_template_with_an_unknown_variable_is_refused() -> None:
    with pytest.raises(Invalid, match="cannot be evaluated"):
        next_version("#{Nope}.1", [], [], NOW)


def test_latest_is_the_highest_not_the_newest() -> None:
    assert latest(["1.10.0", "1.9.0", "1.10.0-beta"]) == "1.10.0"
    assert latest([]) is None


@pytest.mark.parametrize("text", ["1.0.0", "1.0.0-beta.1+build.5", "2026.1.2.3", "v1.0"])
def test_release_may_have_a_version(text: str) -> None:
    assert checked_version(f" {text} ") == text


@pytest.mark.parametrize("text", ["", "  ", "1.0/2", "one two", "1.0.0$"])
def test_release_may_not_have_any_text(text: str) -> None:
    with pytest.raises(Invalid):
        checked_version(text)
