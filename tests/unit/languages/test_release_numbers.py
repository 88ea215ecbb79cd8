from datetime import UTC, datetime

import pytest

from polpo.languages.release_numbers import date_and_time, last_and_next
from polpo.languages.versions import OctopusVersion


@pytest.mark.parametrize(
    ("last", "name", "expected"),
    [
        ("1.2.3.4-rc.9", "LastMajor", "1"),
        ("1.2.3.4-rc.9", "NextMajor", "2"),
        ("1.2.3.4-rc.9", "LastMinor", "2"),
        ("1.2.3.4-rc.9", "NextMinor", "3"),
        ("1.2.3.4-rc.9", "LastPatch", "3"),
        ("1.2.3.4-rc.9", "NextPatch", "4"),
        ("1.2.3.4-rc.9", "LastBuild", "3"),
        ("1.2.3.4-rc.9", "NextBuild", "4"),
        ("1.2.3.4-rc.9", "LastRevision", "4"),
        ("1.2.3.4-rc.9", "NextRevision", "5"),
        ("1.2.3.4-rc.9", "LastSuffix", "rc.9"),
        ("1.2.3.4-rc.9", "NextSuffix", "rc.10"),
        ("1.2.3", "NextSuffix", ""),
        (None, "LastMajor", "0"),
        (None, "NextPatch", "1"),
        (None, "LastSuffix", ""),
    ],
)
def test_the_last_release_has_its_variables(last, name, expected):
    variables = last_and_next(OctopusVersion.parse(last) if last else None)

    assert variables[f"Octopus.Version.{name}"] == expected


def test_a_moment_has_its_variables():
    variables = date_and_time(datetime(2026, 3, 1, 4, 5, 6, tzinfo=UTC))

    assert variables == {
        "Octopus.Date.Year": "2026",
        "Octopus.Date.Month": "3",
        "Octopus.Date.Day": "1",
        "Octopus.Date.DayOfYear": "60",
        "Octopus.Date.DayOfWeek": "0",
        "Octopus.Time.Hour": "4",
        "Octopus.Time.Minute": "5",
        "Octopus.Time.Second": "6",
    }
