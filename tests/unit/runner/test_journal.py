"""The deployment journal: what is kept, how old entries are read, and two runners at once."""

from __future__ import annotations

import fcntl
import os
import subprocess
import sys
from pathlib import Path

import pytest

from polpo.runner.errors import RunnerError
from polpo.runner.journal import DeployedPackage, DeploymentJournal, JournalEntry, installed_on
from polpo.runner.locking import exclusive
from polpo.runner.output import Output
from unit.runner.conftest import LONGEST

NOW = 1_715_941_800.0
ACME = DeployedPackage("Acme.Web", "1.0.0", "/files/acme.zip")


def quiet() -> Output:
    return Output(os.open(os.devnull, os.O_WRONLY), os.open(os.devnull, os.O_WRONLY))


@pytest.fixture
def journal(tmp_path: Path) -> DeploymentJournal:
    return DeploymentJournal(str(tmp_path / "home" / "DeploymentJournal.xml"), quiet(), lambda: NOW)


def entry(
    number: int, when: float = NOW, *packages: DeployedPackage, good: bool = True, of: str = "set"
) -> JournalEntry:
    return JournalEntry(
        id=str(number),
        environment_id="Environments-1",
        tenant_id="",
        project_id="Projects-1",
        retention_policy_set=of,
        installed_on=installed_on(when),
        extracted_to=f"/apps/{number}",
        custom_installation_directory="",
        was_successful=good,
        packages=list(packages),
    )


def test_entries_are_read_back_as_they_were_written(journal: DeploymentJournal) -> None:
    entries = [entry(1, NOW, ACME, DeployedPackage("Ä&<b>", '2"')), entry(2, NOW, good=False)]
    for one in entries:
        journal.add(one)
    assert journal.entries() == entries
    assert entries[0].installed_on == "2024-05-17 10:30:00"


def test_the_latest_is_the_newest_of_the_set_and_package(journal: DeploymentJournal) -> None:
    old, new = DeployedPackage("acme.web", "1.0.0"), DeployedPackage("Acme.Web", "2.0.0")
    for one in (
        entry(1, NOW + 50, ACME),
        entry(2, NOW + 50, ACME, good=False),
        entry(3, NOW, new),
        entry(4, NOW + 99, ACME, of="other"),
    ):
        journal.add(one)

    def latest(*of: DeployedPackage, successful: bool = False) -> str | None:
        found = journal.latest("SET", *of, successful=successful)
        return found and found.id

    assert [latest(), latest(successful=True), latest(old), latest(new)] == ["2", "1", "2", "3"]
    assert journal.latest("nowhere") is None


def test_entries_of_old_agents_are_read(journal: DeploymentJournal, tmp_path: Path) -> None:
    path = tmp_path / "home" / "DeploymentJournal.xml"
    path.parent.mkdir()
    path.write_text(
        '\ufeff<?xml version="1.0" encoding="utf-8"?><Deployments><Deployment Id="a" EnvironmentId="Environments-1" '
        'ProjectId="Projects-1" PackageId="Acme" PackageVersion="1.0" InstalledOn="2014-01-02 03:04:05" '
        'ExtractedFrom="/f/a.nupkg" ExtractedTo="/apps/a" RetentionPolicySet="set" /></Deployments>',
        encoding="utf-8",
    )
    [found] = journal.entries()
    assert found.was_successful
    assert found.packages == [DeployedPackage("Acme", "1.0", "/f/a.nupkg")]
    journal.add(entry(2))
    assert [one.id for one in journal.entries()] == ["a", "2"]


def test_a_journal_that_cannot_be_read_is_kept_and_begun_anew(journal: DeploymentJournal, tmp_path: Path) -> None:
    path = tmp_path / "home" / "DeploymentJournal.xml"
    path.parent.mkdir()
    path.write_text("<Deployments><Depl")
    journal.add(entry(1))
    assert [one.id for one in journal.entries()] == ["1"]
    assert [kept.read_text() for kept in path.parent.glob("*.unreadable-20240517103000")] == ["<Deployments><Depl"]


def test_a_journal_that_cannot_be_read_or_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "journal.xml").mkdir()
    journal = DeploymentJournal(str(tmp_path / "journal.xml"), quiet(), lambda: NOW)
    with pytest.raises(RunnerError, match=r"journal\.xml cannot be read: Is a directory"):
        journal.add(entry(1))
    (tmp_path / "journal.xml").rmdir()
    (tmp_path / f"journal.xml.temp-{os.getpid()}.xml").mkdir()
    with pytest.raises(RunnerError, match="cannot be written"):
        journal.add(entry(1))


ADD = """
import sys
from polpo.runner.journal import DeploymentJournal, JournalEntry
from polpo.runner.output import Output
journal = DeploymentJournal(sys.argv[1], Output(), lambda: 0.0)
for number in range(20):
    journal.add(JournalEntry(sys.argv[2] + str(number), "", "", "", "set", "", "", "", True, []))
"""


def test_no_entry_is_lost_between_runners_at_work_at_once(journal: DeploymentJournal, tmp_path: Path) -> None:
    path = str(tmp_path / "home" / "DeploymentJournal.xml")
    writers = [subprocess.Popen([sys.executable, "-c", ADD, path, name], stdout=subprocess.DEVNULL) for name in "abc"]
    assert [writer.wait(LONGEST) for writer in writers] == [0, 0, 0]
    assert sorted(one.id for one in journal.entries()) == sorted(f"{name}{n}" for name in "abc" for n in range(20))
    assert sorted(path.name for path in (tmp_path / "home").iterdir()) == [
        "DeploymentJournal.xml",
        "DeploymentJournal.xml.lock",
    ]


def test_a_lock_that_stays_taken_is_told_after_a_while(tmp_path: Path) -> None:
    lock = tmp_path / "lock"
    with lock.open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        with (
            pytest.raises(RunnerError, match="has held the journal for 0 seconds"),
            exclusive(str(lock), "the journal", quiet(), patience=0.0),
        ):
            pytest.fail("the lock was given twice")
    with exclusive(str(lock), "the journal", quiet(), patience=0.0):
        assert lock.exists()
