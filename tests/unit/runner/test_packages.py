"""Names of package files on a target, and finding the one that is asked for."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from polpo.runner import packages
from polpo.runner.errors import RunnerError

UNIQUE = "7f0e112233445566778899aabbccdda1"


@pytest.mark.parametrize(
    ("package_id", "version", "extension", "version_format", "expected"),
    [
        ("Acme.Web", "1.2.3", ".zip", "Semver", f"Acme.Web@S1.2.3@{UNIQUE.upper()}.zip"),
        ("Acme", "1.0.0-beta.1+build.5", "tar.gz", "semver", f"Acme@S1.0.0-beta.1+build.5@{UNIQUE.upper()}.tar.gz"),
        ("com.acme:web", "1-SNAPSHOT", ".jar", "Maven", f"com.acme%3Aweb@M1-SNAPSHOT@{UNIQUE.upper()}.jar"),
        ("folder/charts", "2024.05", ".tgz", "Octopus", f"folder%2Fcharts@O2024.05@{UNIQUE.upper()}.tgz"),
        ("a%b@c", "x?|", ".zip", "Lexicographic", f"a%25b%40c@Lx%3F%7C@{UNIQUE.upper()}.zip"),
    ],
)
def test_an_uploaded_package_has_a_name_that_is_read_back(
    package_id: str, version: str, extension: str, version_format: str, expected: str
) -> None:
    name = packages.file_name(package_id, version, extension, UNIQUE, version_format)
    assert name == expected
    dotted = extension if extension.startswith(".") else f".{extension}"
    read = packages.parse_file_name(f"/any/folder/{name}")
    assert read[:3] == (package_id, version, dotted)
    assert read.format.lower() == version_format.lower()


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Acme.Web.1.0.0.zip", ("Acme.Web", "1.0.0", ".zip")),
        ("Acme.Web.1.0.0-beta.2.nupkg", ("Acme.Web", "1.0.0-beta.2", ".nupkg")),
        ("foo.1.0.0-release.tar.gz", ("foo", "1.0.0-release", ".tar.gz")),
        ("Polpo.Sample.Web.1.2.zip", ("Polpo.Sample.Web", "1.2", ".zip")),
        ("my-app_x.2024.1.2.3+meta.tgz", ("my-app_x", "2024.1.2.3+meta", ".tgz")),
    ],
)
def test_a_plain_file_name_is_read_as_id_version_and_extension(name: str, expected: tuple[str, str, str]) -> None:
    assert packages.parse_file_name(name)[:3] == expected


@pytest.mark.parametrize("name", ["package.zip", "Acme.1.0.0", "@S1@.zip", f"a@X1@{UNIQUE}.zip", ""])
def test_a_file_name_without_id_or_version_is_refused(name: str) -> None:
    with pytest.raises(RunnerError, match="name it like Acme"):
        packages.parse_file_name(name)


def test_a_unique_part_that_is_none_is_refused() -> None:
    with pytest.raises(RunnerError, match="32 hexadecimal digits"):
        packages.file_name("a", "1.0", ".zip", "../../etc/passwd")


def test_an_unknown_version_format_is_refused() -> None:
    with pytest.raises(RunnerError, match='no version format "Roman"'):
        packages.file_name("a", "MMXXIV", ".zip", UNIQUE, "Roman")


def put(folder: Path, name: str, content: bytes, age: int = 0) -> Path:
    path = folder / name
    path.write_bytes(content)
    os.utime(path, (1_700_000_000 - age, 1_700_000_000 - age))
    return path


def test_the_newest_file_of_the_very_version_is_found_first(tmp_path: Path) -> None:
    old = put(tmp_path, packages.file_name("Acme", "1.0.0", ".zip", "a" * 32), b"old", age=10)
    new = put(tmp_path, packages.file_name("acme", "1.0.0", ".zip", "b" * 32), b"new")
    put(tmp_path, packages.file_name("Acme", "1.0.0.1", ".zip", "c" * 32), b"other")
    put(tmp_path, packages.file_name("Acme", "1.0.0", ".zip", "d" * 32, "Maven"), b"other")
    put(tmp_path, "Acme@S1.0.0@partial.zip", b"other")
    assert [found.path for found in packages.find(str(tmp_path), "ACME", "1.0.0")] == [str(new), str(old)]


@pytest.mark.parametrize("algorithm", ["sha1", "sha256"])
def test_only_content_with_the_asked_hash_is_found(tmp_path: Path, algorithm: str) -> None:
    put(tmp_path, packages.file_name("Acme", "1.0.0", ".zip", "a" * 32), b"damaged")
    good = put(tmp_path, packages.file_name("Acme", "1.0.0", ".zip", "b" * 32), b"good", age=10)
    digest = hashlib.new(algorithm, b"good").hexdigest()
    found = list(packages.find(str(tmp_path), "Acme", "1.0.0", "Semver", digest.upper()))
    assert [(one.path, one.hash) for one in found] == [(str(good), digest)]


def test_nothing_is_found_where_there_is_no_folder(tmp_path: Path) -> None:
    assert list(packages.find(str(tmp_path / "Files"), "Acme", "1.0.0")) == []


def test_a_file_that_goes_while_the_folder_is_read_is_no_failure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Uploads are given their names, and packages are trimmed, by others at the same time."""
    stays, goes = (packages.file_name("Acme", f"1.0.{one}", ".zip", UNIQUE) for one in (0, 1))
    scan = os.scandir

    @contextmanager
    def removing(folder: str) -> Iterator[list[os.DirEntry[str]]]:
        with scan(folder) as entries:
            found = list(entries)
        (tmp_path / goes).unlink(missing_ok=True)
        yield found

    monkeypatch.setattr(os, "scandir", removing)
    for look in (packages.all_packages, lambda folder, _: packages.files_in(folder)):
        for name in (stays, goes):
            (tmp_path / name).write_bytes(b"x")
        assert len(list(look(str(tmp_path), "Acme"))) == 1
