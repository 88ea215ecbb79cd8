"""`find-packages` and `apply-delta`: what lies on this target, and packages made of that and a difference."""

from __future__ import annotations

import hashlib
import json
import os
import random
from pathlib import Path
from typing import Any

import pytest

from polpo.languages.octodiff import encode_delta
from polpo.languages.pieces import difference
from polpo.runner.packages import file_name
from unit.runner.conftest import Run, Target

NOISE = random.Random(5).randbytes(300_000)  # noqa: S311 - the same bytes in every run
CHANGED = NOISE[:100_000] + b"changed" + NOISE[100_010:]


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def put(
    target: Target, content: bytes, version: str = "1.0.0", unique: str = "ab" * 16, extension: str = ".zip"
) -> Path:
    path = target.home / "Files" / file_name("Acme.Web", version, extension, unique)
    path.write_bytes(content)
    return path


def wanted(content: bytes, version: str = "1.0.0") -> dict[str, Any]:
    name = file_name("Acme.Web", version, ".zip", sha256(content)[:32])
    return {
        "Id": "Acme.Web",
        "Version": version,
        "Extension": ".zip",
        "Hash": sha256(content),
        "Size": len(content),
        "Path": f"Files/{name}",
    }


def ask(target: Target, *packages: dict[str, Any], folder: Path | None = None, **question: Any) -> Run:
    folder = folder or target.workspace()
    asked = {"RequiredMegabytes": None, "Signatures": True, **question, "Packages": packages}
    (folder / "question.json").write_text(json.dumps(asked))
    return target.run("find-packages", "--question", "question.json", folder=folder)


def states(run: Run) -> list[tuple[str, str]]:
    assert run.code == 0, run.stderr
    return [(one["index"], one["state"]) for one in run.messages("polpo-package")]


def test_package_is_found_under_any_name_and_brought_under_its_own(target: Target) -> None:
    """A cache that another server has filled names its files by chance."""
    path = put(target, NOISE)
    run = ask(target, wanted(NOISE))
    assert states(run) == [("0", "found")]
    assert (target.home / wanted(NOISE)["Path"]).read_bytes() == NOISE
    assert run.messages("foundPackage")[0] == {
        "id": "Acme.Web",
        "version": "1.0.0",
        "versionFormat": "Semver",
        "hash": sha256(NOISE),
        "remotePath": str(path),
        "fileExtension": ".zip",
    }


@pytest.mark.parametrize(
    ("content", "version", "suffix"),
    [(CHANGED, "1.0.0", ""), (NOISE, "2.0.0", ""), (NOISE, "1.0.0", ".x.partial")],
)
def test_other_content_another_version_or_a_half_written_file_is_not_the_package(
    target: Target, content: bytes, version: str, suffix: str
) -> None:
    path = put(target, content, version)
    path.rename(f"{path}{suffix}")
    assert states(ask(target, wanted(NOISE), Signatures=False)) == [("0", "missing")]


def test_package_that_is_to_be_sent_anew_is_missing(target: Target) -> None:
    put(target, NOISE)
    run = ask(target, wanted(NOISE), Anew=True)
    assert (states(run), run.messages("foundPackage")) == ([("0", "missing")], [])


@pytest.mark.parametrize(
    ("here", "base"),
    [
        (["1.0.0", "1.10.0", "1.9.0"], "1.10.0"),
        (["3.0.0", "2.1.0"], "2.1.0"),
        (["2.0.0-beta", "1.0.0"], "2.0.0-beta"),
        ([], None),
    ],
)
def test_nearest_version_is_signed(target: Target, here: list[str], base: str | None) -> None:
    for version in here:
        put(target, NOISE, version)
    put(target, NOISE, "1.99.0", extension=".tar.gz")
    [told] = ask(target, wanted(CHANGED, "2.0.0")).messages("polpo-package")
    assert told.get("baseVersion") == base
    assert ("signature" in told) == bool(here)


def test_base_of_a_difference_outlasts_a_cache_that_has_no_room_for_it(target: Target) -> None:
    older, base = put(target, NOISE, "1.0.0"), put(target, NOISE, "1.1.0")
    for path in (older, base):
        os.utime(path, (0, 0))
    ask(target, wanted(CHANGED, "2.0.0"), Cache={"Versions": 1})
    assert (older.exists(), base.exists()) == (False, True)


def test_small_package_is_not_worth_a_signature(target: Target) -> None:
    put(target, NOISE)
    [told] = ask(target, wanted(b"small", "2.0.0")).messages("polpo-package")
    assert "base" not in told


def test_full_disk_is_told_before_anything_is_sent(target: Target) -> None:
    run = ask(target, wanted(NOISE), RequiredMegabytes=10**9)
    assert run.code == 1
    assert "MB free" in run.failure
    assert "OctopusFreeDiskSpaceOverrideInMegaBytes" in run.failure
    put(target, NOISE)
    assert states(ask(target, wanted(NOISE), RequiredMegabytes=10**9)) == [("0", "found")]


def delta_for(target: Target) -> tuple[Path, Path]:
    """The base and a delta, as it would be sent for the signature that was asked for."""
    base, folder = put(target, NOISE), target.workspace()
    [told] = ask(target, wanted(CHANGED, "2.0.0"), folder=folder).messages("polpo-package")
    sha1 = hashlib.sha1(CHANGED, usedforsecurity=False).hexdigest()
    delta = target.home / "Files" / "x.delta"
    delta.write_bytes(b"".join(encode_delta(sha1, difference(Path(told["signature"]).read_bytes(), CHANGED))))
    assert delta.stat().st_size < 80_000
    return base, delta


def apply(target: Target, base: Path, digest: str, size: int) -> Run:
    arguments = {"base": str(base), "delta": "Files/x.delta", "target": "Files/new.zip", "hash": digest}
    options = [part for name, value in arguments.items() for part in (f"--{name}", value)]
    return target.run("apply-delta", *options, "--size", str(size))


def test_delta_makes_the_package_and_is_gone(target: Target) -> None:
    base, delta = delta_for(target)
    run = apply(target, base, sha256(CHANGED), len(CHANGED))
    made = target.home / "Files" / "new.zip"
    assert run.messages("deltaVerification") == [
        {"remotePath": str(made), "hash": sha256(CHANGED), "size": str(len(CHANGED))}
    ]
    assert made.read_bytes() == CHANGED
    assert not delta.exists()


@pytest.mark.parametrize(
    ("digest", "size", "damage", "error"),
    [
        ("0" * 64, len(CHANGED), "", "SHA-256"),
        (sha256(CHANGED), 1000, "", "more than the 1,000 bytes"),
        (sha256(CHANGED), len(CHANGED), "base", "SHA-256"),
        (sha256(CHANGED), len(CHANGED), "delta", "does not begin"),
        (sha256(CHANGED), len(CHANGED), "gone", "No such file"),
    ],
)
def test_delta_that_does_not_fit_leaves_nothing_and_says_why(
    target: Target, digest: str, size: int, damage: str, error: str
) -> None:
    base, delta = delta_for(target)
    if damage == "base":
        base.write_bytes(NOISE[::-1])
    elif damage == "delta":
        delta.write_bytes(b"no delta, but long enough for the head of one")
    elif damage == "gone":
        base.unlink()
    run = apply(target, base, digest, size)
    assert run.code == 0
    assert error in run.messages("deltaVerification")[0]["error"]
    assert not [path for path in (target.home / "Files").iterdir() if path != base]
