from datetime import UTC, datetime

import pytest

from polpo.kernel.errors import Invalid
from polpo.languages.release_numbers import date_and_time, last_and_next, next_release_number
from polpo.languages.substitution import VariableDictionary
from polpo.languages.versions import OctopusVersion

DEFAULT = "#{Octopus.Version.LastMajor}.#{Octopus.Version.LastMinor}.#{Octopus.Version.NextPatch}"


def given(last: str | None) -> VariableDictionary:
    return VariableDictionary(last_and_next(OctopusVersion.parse(last) if last else None).items())


@pytest.mark.parametrize(
    ("last", "template", "expected"),
    [
        (None, DEFAULT, "0.0.1"),
        ("1.2.3", DEFAULT, "1.2.4"),
        ("1.2.3-rc.9", "#{Octopus.Version.LastMajor}.0-#{Octopus.Version.NextSuffix}", "1.0-rc.10"),
        ("1.2.3", "1.2.i", "1.2.4"),
        ("1.2.3", "1.#{Octopus.Version.NextMinor}.i", "1.3.0"),
        ("1.2.3", "5.0", "5.0"),
    ],
)
def test_a_template_gives_the_next_release_number(last, template, expected):
    existing = [OctopusVersion.parse(last)] if last else []

    assert str(next_release_number(template, given(last), existing)) == expected


@pytest.mark.parametrize(
    ("template", "reason"), [("1.#{Nope}", "Nope"), ("a b", "not a valid"), ("#{/", "cannot be read")]
)
def test_a_template_that_gives_no_version_is_refused_with_the_reason(template, reason):
    with pytest.raises(Invalid, match=reason):
        next_release_number(template, given(None), [])


def test_a_moment_has_its_variables():
    variables = date_and_time(datetime(2026, 3, 1, 4, 5, 6, tzinfo=UTC))

    assert variables["Octopus.Date.Year"] == "2026"
    assert variables["Octopus.Date.DayOfYear"] == "60"
    assert variables["Octopus.Date.DayOfWeek"] == "0"
    assert variables["Octopus.Time.Hour"] == "4"
