"""What of a step's installations stays on a target: the rules, and what is removed on a real disk."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from polpo.runner.journal import DeploymentJournal, JournalEntry
from polpo.runner.packagecache import Cache, make_room, trim
from polpo.runner.packages import PackageName, file_name
from polpo.runner.retention import Keep, choose
from unit.runner.conftest import Run, Target
from unit.runner.test_journal import ACME, NOW, entry, quiet

DAY = 24 * 3600


def history(marks: str, of: str = "set") -> list[JournalEntry]:
    """From oldest to newest, a day apart: S for a success, F for a failure; their ids are their places from 1 on."""
    first = NOW - DAY * len(marks)
    return [
        entry(number, first + number * DAY, ACME, good=mark == "S", of=of) for number, mark in enumerate(marks, start=1)
    ]


@pytest.mark.parametrize(
    ("marks", "keep", "gone"),
    [
        ("", Keep(releases=1), ""),
        ("SSSS", Keep(releases=1), "21"),
        ("SSSS", Keep(releases=3), ""),
        ("SSSSS", Keep(releases=3), "1"),
        ("FSFSFS", Keep(releases=1), "321"),
        ("SSFF", Keep(releases=1), ""),
        ("FFFF", Keep(releases=1), ""),
        ("FFFS", Keep(releases=1), ""),
        ("FFSS", Keep(releases=1), "21"),
        ("SFSS", Keep(releases=1), "21"),
        ("SSSS", Keep(releases=0), ""),
        ("SFSF", Keep(days=2), "1"),
        ("SSSS", Keep(days=30), ""),
        ("FSSS", Keep(days=1), "21"),
    ],
)
def test_rules(marks: str, keep: Keep, gone: str) -> None:
    """An installation of exactly the last day that counts stays."""
    choice = choose(history(marks), ["SET"], keep, NOW)
    assert "".join(one.id for one in choice.gone) == gone
    assert len(choice.kept) == len(marks) - len(gone)


def test_each_set_is_counted_by_itself_and_others_are_left() -> None:
    entries = [*history("SSS", "one"), *history("SS", "two"), *history("SSSSSS", "other")]
    choice = choose(entries, ["one", "two"], Keep(releases=1), NOW)
    assert [(one.retention_policy_set, one.id) for one in choice.gone] == [("one", "1")]


def test_entry_without_a_time_is_as_old_as_can_be() -> None:
    lost = entry(1)._replace(installed_on="once")
    assert choose([lost], ["set"], Keep(days=10_000), NOW).gone == [lost]


def test_reasons_are_told() -> None:
    reasons = [reason for _, reason in choose(history("SSSF"), ["set"], Keep(releases=2), NOW).kept]
    assert reasons == [
        "it failed, and is newer than the last one that is kept",
        "it is the newest successful one",
        "it is the 2nd newest success",
        "it is the 3rd newest success",
    ]


def install(target: Target, number: int, custom: str = "", folder: Path | None = None) -> Path:
    folder = folder or target.applications / str(number)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "file").write_text("x")
    journal = DeploymentJournal(str(target.journal), quiet(), lambda: NOW)
    journal.add(
        entry(number, NOW + number, ACME)._replace(
            extracted_to=str(folder), custom_installation_directory=custom or str(folder)
        )
    )
    return folder


def clean(target: Target, **keep: int) -> Run:
    folder = target.workspace()
    (folder / "question.json").write_text(json.dumps({"Sets": ["set"], **keep}))
    return target.run("clean", "--question", "question.json", folder=folder)


def test_folders_go_and_custom_folders_stay(target: Target) -> None:
    custom = target.root / "www"
    custom.mkdir()
    old = install(target, 1, str(custom))
    kept = [install(target, number, str(custom)) for number in (2, 3)]
    run = clean(target, Releases=1)
    assert (run.code, run.lines()) == (0, [f"Removing {old}"])
    assert not old.exists()
    assert custom.is_dir()
    assert all(folder.is_dir() for folder in kept)
    assert [line for line in run.lines("verbose") if "is kept because it is the newest successful one" in line]
    assert [one.id for one in DeploymentJournal(str(target.journal), quiet(), lambda: NOW).entries()] == ["2", "3"]
    assert clean(target, Releases=1).lines() == ["Nothing is to be removed."]


def test_folder_that_a_kept_entry_uses_stays(target: Target) -> None:
    shared = install(target, 1)
    install(target, 2)
    install(target, 3, folder=shared)
    run = clean(target, Releases=1)
    assert shared.is_dir()
    assert any(line.startswith(f"{shared} is kept because") for line in run.lines("verbose"))


@pytest.mark.parametrize("which", ["home", "applications"])
def test_folder_with_the_agents_own_ones_in_it_is_never_removed(
    target: Target, which: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    target.applications.mkdir()
    install(target, 1, folder=getattr(target, which).parent)
    for number in (2, 3):
        install(target, number, folder=tmp_path_factory.mktemp("elsewhere"))
    run = clean(target, Releases=1)
    assert run.code == 0
    assert "is not removed: the agent's own folders" in run.lines("warning")[0]
    assert target.home.is_dir()


@pytest.mark.parametrize(
    ("free", "left"),
    [
        (500, ["a", "b", "c", "d"]),
        (199, ["b", "c", "d"]),
        (100, ["c", "d"]),
        (0, ["d"]),
    ],
)
def test_package_cache_is_cleaned_where_the_disk_is_short(tmp_path: Path, free: int, left: list[str]) -> None:
    """Of 1,000 bytes, 200 are to be free. What was wanted today stays."""
    files = tmp_path / "Files"
    files.mkdir()
    for age, name in ((4, "a"), (3, "b"), (2, "c"), (0, "d")):
        (files / name).write_bytes(b"x" * 100)
        os.utime(files / name, (NOW - age * DAY, NOW - age * DAY))
    disk: Callable[[str], tuple[int, int]] = lambda _folder: (1000, free)  # noqa: E731 - a table's row
    make_room(quiet(), str(tmp_path), NOW, disk)
    assert sorted(path.name for path in files.iterdir()) == left


@pytest.mark.parametrize(
    ("keep", "left"),
    [
        (Cache(), "a1 a2 a3 b1 c1 c2"),
        (Cache(versions=2), "a2 a3 b1 c1 c2"),
        (Cache(versions=1), "a3 b1 c2"),
        (Cache(packages=1), "a1 a2 a3"),
        (Cache(packages=2, versions=1), "a3 c2"),
        (Cache(packages=0, versions=0), ""),
        (Cache(packages=5, versions=5), "a1 a2 a3 b1 c1 c2"),
    ],
)
def test_cache_keeps_what_its_policy_says(tmp_path: Path, keep: Cache, left: str) -> None:
    """Wanted for the last time: b1, c1, c2, a1, a2, a3, a day apart each."""
    files = cached(tmp_path, "b1", "c1", "c2", "a1", "a2", "a3")
    trim(quiet(), str(tmp_path), NOW, keep, [])
    assert " ".join(name for name in sorted(files) if files[name].exists()) == left


def test_package_that_is_wanted_counts_and_stays(tmp_path: Path) -> None:
    files = cached(tmp_path, "a1", "a2", "b1")
    (tmp_path / "Files/read.me").write_text("not a package")
    trim(
        quiet(),
        str(tmp_path),
        NOW,
        Cache(packages=1, versions=2),
        [PackageName("a", "3", ".zip"), PackageName("a", "1", ".zip")],
    )
    assert [name for name, path in files.items() if path.exists()] == ["a1"]
    assert (tmp_path / "Files/read.me").exists()


def test_package_that_was_just_wanted_stays(tmp_path: Path) -> None:
    files = cached(tmp_path, "a1")
    os.utime(files["a1"], (NOW - 60, NOW - 60))
    trim(quiet(), str(tmp_path), NOW, Cache(packages=0), [])
    assert files["a1"].exists()


def cached(home: Path, *names: str) -> dict[str, Path]:
    """Packages such as version 1 of `a`, each wanted a day after the one before it."""
    found = {name: home / "Files" / file_name(name[0], name[1:], ".zip", "A" * 32) for name in names}
    (home / "Files").mkdir()
    for age, path in enumerate(reversed(found.values()), start=1):
        path.write_bytes(b"x")
        os.utime(path, (NOW - age * DAY, NOW - age * DAY))
    return found
