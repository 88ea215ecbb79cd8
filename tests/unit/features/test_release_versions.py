"""The version that a project's template gives."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

import msgspec
import pytest
import sqlalchemy as sa

from polpo.features.projects.resource import DEFAULT_VERSION_TEMPLATE
from polpo.features.releases.resource import RELEASES, Release
from polpo.features.releases.service import StoredVersions
from polpo.features.releases.versioning import Line, asks_to_be_filled_in, checked_version, next_version
from polpo.kernel.errors import Invalid
from polpo.languages.versions import OctopusVersion
from polpo.store.database import Database
from polpo.store.session import Session

NOW = datetime(2026, 3, 9, 14, 5, 7, tzinfo=UTC)


class Known:
    """Versions in memory; those of the channel `old` have it behind a blank."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._versions = [(OctopusVersion.parse(text.split()[0]), "".join(text.split()[1:])) for text in texts]

    def highest(self, numbers: Sequence[int] = (), channel_id: str | None = None) -> OctopusVersion | None:
        fitting = [
            version
            for version, channel in self._versions
            if version.numbers[: len(numbers)] == tuple(numbers) and channel_id in {None, channel}
        ]
        return max(fitting, default=None)


def planned(template: str, *existing: str, **variables: str) -> str:
    line = Line(Known(existing), "old", {"old": "Old line", "": "Default"})
    return next_version(template, line, NOW, variables.items())


@pytest.mark.parametrize(
    ("mask", "latest_match", "version"),
    [
        ("1.2.i", "1.2.7", "1.2.8"),
        ("1.2.i", None, "1.2.0"),
        ("1.i", "1.2.7", "1.3.0"),
        ("1.i.c", "1.4.9", "1.5.0"),
        ("i.c.c", "3.4.5", "4.0.5"),
        ("2.1.c.i", None, "2.1.0.0"),
        ("2.1.c.i", "2.1.5.9", "2.1.5.10"),
        ("1.2.c-rc.i", "1.2.6-rc.3", "1.2.6-rc.4"),
        ("1.2.3-alpha.i", "1.2.3-beta.9", "1.2.3-alpha.10"),
        ("1.2.3-alpha.i", None, "1.2.3-alpha.0"),
    ],
)
def test_mask_continues_the_latest_version_that_fits(mask: str, latest_match: str | None, version: str) -> None:
    others = ("0.9.0", "1.1.99", "2.0.0") if not mask.startswith("i") else ()
    assert planned(mask, *others, *filter(None, [latest_match])) == version


@pytest.mark.parametrize(
    ("template", "existing", "version"),
    [
        (DEFAULT_VERSION_TEMPLATE, [], "0.0.1"),
        (DEFAULT_VERSION_TEMPLATE, ["1.2.9", "1.2.10", "1.1.50"], "1.2.11"),
        ("#{Octopus.Version.NextMajor}.0.0", ["3.4.5"], "4.0.0"),
        ("#{Octopus.Version.LastMajor}.#{Octopus.Version.NextMinor}.0", ["3.4.5"], "3.5.0"),
        ("1.0.0-#{Octopus.Version.NextSuffix}", ["1.0.0-rc.7"], "1.0.0-rc.8"),
        ("1.0.0-#{Octopus.Version.LastSuffix}", ["1.0.0-rc.7"], "1.0.0-rc.7"),
        ("1.0.#{Octopus.Version.NextBuild}", ["1.0.7"], "1.0.8"),
        ("1.0.0.#{Octopus.Version.NextRevision}", ["1.0.0.4"], "1.0.0.5"),
        ("#{Octopus.Date.Year}.#{Octopus.Date.Month}.#{Octopus.Version.NextPatch}", ["2026.3.4"], "2026.3.5"),
        ("#{Octopus.Date.Day}.#{Octopus.Time.Hour}#{Octopus.Time.Minute}.#{Octopus.Time.Second}", [], "9.145.7"),
        ("#{Octopus.Date.Year}.#{Octopus.Date.DayOfYear}", [], "2026.68"),
        (
            "#{Octopus.Version.Channel.LastMajor}.0.#{Octopus.Version.Channel.NextPatch}",
            ["2.0.7 old", "9.9.9"],
            "2.0.8",
        ),
        ("#{Octopus.Version.Channel[Default].NextMajor}.0", ["2.0.7 old", "9.9.9"], "10.0"),
        ("#{Octopus.Version.Channel[Old line].NextPatch}.0", ["2.0.7 old", "9.9.9"], "8.0"),
        ('1.0.0-#{Octopus.Release.Channel.Name | Replace " " "-"}', [], "1.0.0-Old-line"),
        ("#{Base}.1", ["1.0.0"], "7.1"),
        ("#{Base}.i", ["7.4"], "7.5"),
        ('1.\n#{if Base == "7"}\n2\n#{else}\n3\n#{/if}\n.0', [], "1.2.0"),
        ("1.2.i", ["1.2.7", "1.3.0"], "1.2.8"),
        ("i", ["1.2.7", "1.3.0"], "2.0"),
    ],
)
def test_template_gives_the_next_version(template: str, existing: list[str], version: str) -> None:
    assert planned(template, *existing, Base="7") == version


def test_template_with_an_unknown_variable_is_refused() -> None:
    with pytest.raises(Invalid, match="cannot be evaluated"):
        planned("#{Nope}.1")


@pytest.mark.parametrize(("text", "asks"), [("1.2.i", True), ("#{A}.1", True), ("1.2.3", False), ("1.0-i", False)])
def test_given_version_may_be_a_template(text: str, asks: bool) -> None:
    assert asks_to_be_filled_in(text) is asks


def test_highest_stored_version_is_found_by_an_index(database: Database) -> None:
    versions = ["1.2.9", "1.2.10", "1.2.10-rc.1", "1.20.0", "10.0", "2.0.0.7", "1.2"]
    database.write_now(lambda session: _store(session, versions))
    questions = [((), "10.0"), ((1,), "1.20.0"), ((1, 2), "1.2.10"), ((1, 2, 10, 0), "1.2.10"), ((3,), None)]

    with database.read() as session:
        known = StoredVersions(session, "Projects-1")
        found = {numbers: known.highest(numbers) for numbers, _ in questions}
        of_channel = known.highest((1,), "Channels-1")
        plan = session.connection.exec_driver_sql(
            "explain query plan select doc from release where project_id = 'Projects-1'"
            " and sort_key between 'a' and 'b' order by sort_key desc, seq desc limit 1"
        ).fetchall()

    assert {numbers: str(version) if version else None for numbers, version in found.items()} == dict(questions)
    assert str(of_channel) == "1.20.0"
    assert "ix_release_project_id_sort_key (project_id=? AND sort_key>? AND sort_key<?)" in plan[0][3]


def _store(session: Session, versions: Sequence[str]) -> None:
    table = RELEASES.table
    for number, version in enumerate(versions):
        values = RELEASES.column_values(
            Release(project_id="Projects-1", channel_id="Channels-1", version=version, assembled=NOW)
        )
        document = msgspec.json.encode(Release(version=version))
        row = {**values, "id": f"Releases-{number}", "seq": number, "row_version": 1, "doc": document}
        session.connection.execute(sa.insert(table).values(**row))


@pytest.mark.parametrize("text", ["1.0.0", "1.0.0-beta.1+build.5", "2026.1.2.3", "v1.0"])
def test_release_may_have_a_version(text: str) -> None:
    assert checked_version(f" {text} ") == text


@pytest.mark.parametrize("text", ["", "  ", "1.0/2", "one two", "1.0.0$"])
def test_release_may_not_have_any_text(text: str) -> None:
    with pytest.raises(Invalid):
        checked_version(text)
