"""Substitution in files: encodings and line ends are kept, and patterns take in what they say."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from polpo.runner.errors import RunnerError
from polpo.runner.output import Output
from polpo.runner.step import Step
from polpo.runner.substitutions import matching_files, substitute_in_file
from polpo.runner.variables import Variables

ENCODING = "Octopus.Action.SubstituteInFiles.OutputEncoding"
UTF16 = "utf-16-le"
LATIN = b"\x86 \x87 \xb5 \xd7 \xf7\r\nName: #{Name}\r\n"


def step_in(folder: Path, **variables: str) -> Step:
    values = Variables()
    for name, value in variables.items():
        values.set(name, value)
    sink = os.open(os.devnull, os.O_WRONLY)
    return Step(values, Output(sink, sink), str(folder), lambda: 0.0)


@pytest.mark.parametrize(
    ("content", "name", "encoding", "expected"),
    [
        (b"Name: #{Name}\r\n", "Bob", "", b"Name: Bob\r\n"),
        (b"Name: #{Name}\r\n", "B\u00f6b", "", "Name: B\u00f6b\r\n".encode()),
        ("\u00bd \u221e #{Name}\n".encode(), "Bob", "", "\u00bd \u221e Bob\n".encode()),
        ("\ufeff\u00bd #{Name}".encode(), "Bob", "", "\ufeff\u00bd Bob".encode()),
        ("\ufeff\u00bd #{Name}\r\n".encode(UTF16), "Bob", "", "\ufeff\u00bd Bob\r\n".encode(UTF16)),
        ("\ufeff#{Name}".encode("utf-16-be"), "Bob", "", "\ufeffBob".encode("utf-16-be")),
        ("\ufeff#{Name}".encode("utf-32-le"), "Bob", "", "\ufeffBob".encode("utf-32-le")),
        (LATIN, "Bob", "", LATIN.replace(b"#{Name}", b"Bob")),
        (LATIN, "B\u0151b", "", LATIN.decode("cp1252").replace("#{Name}", "B\u0151b").encode()),
        (b"\x81 undefined #{Name}", "Bob", "", b"\x81 undefined Bob"),
        ("\ufeff#{Name}".encode(UTF16), "Bob", "utf-8", b"\xef\xbb\xbfBob"),
        (b"#{Name}", "B\u00f6b", "iso-8859-1", b"B\xf6b"),
        (b"#{Name}", "Bob", "unicode", "\ufeffBob".encode(UTF16)),
        ("\ufeff#{Name}".encode(UTF16), "Bob", "utf-666", "\ufeffBob".encode(UTF16)),
        (b"#{Unknown} #{ #{Name}", "Bob", "", b"#{Unknown} #{ Bob"),
        (b"\x00\xff\xfe no text \x81\x8d", "Bob", "", b"\x00\xff\xfe no text \x81\x8d"),
    ],
)
def test_a_file_keeps_what_it_was_but_for_its_tokens(
    tmp_path: Path, content: bytes, name: str, encoding: str, expected: bytes
) -> None:
    path = tmp_path / "file"
    path.write_bytes(content)
    substitute_in_file(step_in(tmp_path, **{"Name": name, ENCODING: encoding}), str(path))
    assert path.read_bytes() == expected
    assert [left.name for left in tmp_path.iterdir()] == ["file"]


def test_a_file_keeps_its_mode_and_a_link_stays_a_link(tmp_path: Path) -> None:
    path, link = tmp_path / "start.sh", tmp_path / "link.sh"
    path.write_text("#{Name}")
    path.chmod(0o750)
    link.symlink_to("start.sh")
    substitute_in_file(step_in(tmp_path, Name="Bob"), str(link))
    assert link.is_symlink()
    assert path.read_text() == "Bob"
    assert stat.S_IMODE(path.stat().st_mode) == 0o750


def test_what_cannot_be_resolved_is_a_failure_where_the_step_says_so(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_text("a #{Name} #{Unknown}")
    step = step_in(tmp_path, Name="Bob", OctopusShouldFailDeploymentOnSubstitutionFails="True")
    with pytest.raises(RunnerError, match=r"could not be substituted: .*#\{Unknown\}"):
        substitute_in_file(step, str(path))
    assert path.read_text() == "a #{Name} #{Unknown}"


FILES = ("a.json", "a.JSON", "b.xml", "conf/c.json", "conf/deep/d.json", "conf/[x].json", "conf/deep/e.txt")


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("a.json", ["a.json"]),
        ("*.json", ["a.json"]),
        ("**/*.json", ["a.json", "conf/[x].json", "conf/c.json", "conf/deep/d.json"]),
        ("conf/*.json", ["conf/[x].json", "conf/c.json"]),
        ("conf\\deep\\*.*", ["conf/deep/d.json", "conf/deep/e.txt"]),
        ("conf/deep/{d,e}.*", ["conf/deep/d.json", "conf/deep/e.txt"]),
        ("?.xml", ["b.xml"]),
        ("./conf/c.json", ["conf/c.json"]),
        ("missing/**/*", []),
        ("conf", []),
    ],
)
def test_a_pattern_takes_in_the_files_it_says(tmp_path: Path, pattern: str, expected: list[str]) -> None:
    for name in FILES:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("x")
    found = [os.path.relpath(path, tmp_path) for path in matching_files(str(tmp_path), pattern)]
    assert found == expected
    whole = matching_files(str(tmp_path / "conf"), f"{tmp_path}/{pattern}")
    assert [os.path.relpath(path, tmp_path) for path in whole] == expected
