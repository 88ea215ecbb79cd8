"""`find-package` answers by service messages which file of this target holds a package."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from polpo.runner.packages import file_name
from unit.runner.conftest import Target

CONTENT = b"the package"
SHA1 = hashlib.sha1(CONTENT).hexdigest()  # noqa: S324 - the contract's hash


def put(target: Target, version_format: str = "Semver") -> Path:
    path = target.home / "Files" / file_name("Acme.Web", "1.0.0+5", ".tar.gz", "ab" * 16, version_format)
    path.write_bytes(CONTENT)
    return path


@pytest.mark.parametrize("version_format", ["Semver", "Maven"])
@pytest.mark.parametrize("digest", ["", SHA1, hashlib.sha256(CONTENT).hexdigest()])
def test_a_package_that_is_there_is_told_with_its_path(target: Target, version_format: str, digest: str) -> None:
    path = put(target, version_format)
    asked = ["--id", "Acme.Web", "--version", "1.0.0+5", "--format", version_format]
    run = target.run("find-package", *asked, *(["--hash", digest] if digest else []))
    assert run.code == 0
    assert run.messages("calamari-found-package") == [{}]
    assert run.messages("foundPackage") == [
        {
            "id": "Acme.Web",
            "version": "1.0.0+5",
            "versionFormat": version_format,
            "hash": digest,
            "remotePath": str(path),
            "fileExtension": ".tar.gz",
        }
    ]


@pytest.mark.parametrize(
    "asked",
    [
        ["--id", "Acme.Web", "--version", "1.0.1"],
        ["--id", "Acme", "--version", "1.0.0+5"],
        ["--id", "Acme.Web", "--version", "1.0.0+5", "--format", "Maven"],
        ["--id", "Acme.Web", "--version", "1.0.0+5", "--hash", "0" * 40],
    ],
)
def test_a_package_that_is_not_there_or_damaged_is_an_answer_too(target: Target, asked: list[str]) -> None:
    put(target)
    run = target.run("find-package", *asked)
    assert (run.code, run.stderr, run.messages("foundPackage")) == (0, "", [])
    assert "is not in" in run.lines("verbose")[0]


def test_an_unknown_format_is_refused(target: Target) -> None:
    run = target.run("find-package", "--id", "A", "--version", "1", "--format", "Roman")
    assert run.code == 1
    assert 'no version format "Roman"' in run.stderr


def test_files_of_others_are_not_read_as_packages(target: Target) -> None:
    path = put(target)
    path.rename(f"{path}.partial")
    path.mkdir()
    run = target.run("find-package", "--id", "Acme.Web", "--version", "1.0.0+5", "--hash", "0" * 40)
    assert (run.code, run.messages("foundPackage")) == (0, [])
