"""The packed runner: the same bytes each time, nothing but our sources, Python 3.8, and it stands on its own."""

from __future__ import annotations

import ast
import io
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from polpo.runner.archive import build
from unit.runner.conftest import LONGEST, Target


def older_pythons() -> list[str]:
    """Interpreters older than ours, where the machine has them."""
    named = [path for path in map(shutil.which, ("python3.8", "python3.9", "python3.10")) if path]
    named += sorted(map(str, Path.home().glob(".pyenv/versions/3.[89].*/bin/python3")))
    return [
        path for path in named if subprocess.run([path, "-c", ""], capture_output=True, check=False).returncode == 0
    ]


def packed() -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(build().content))


def test_the_archive_has_the_same_bytes_each_time() -> None:
    first = build()
    build.cache_clear()
    second = build()
    assert first == second
    assert len(first.digest) == 64
    with packed() as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert {entry.compress_type for entry in archive.infolist()} == {zipfile.ZIP_STORED}
        names = archive.namelist()
        assert names == sorted(names)


def test_the_archive_holds_what_runs_on_a_target_and_nothing_of_the_server() -> None:
    with packed() as archive:
        names = set(archive.namelist())
    assert {"__main__.py", "polpo/runner/main.py", "polpo/languages/substitution/__init__.py"} <= names
    assert {"polpo/runner/scripts/functions.sh", "polpo/runner/scripts/functions.ps1"} <= names
    assert "polpo/runner/archive.py" not in names
    folders = {name.split("/")[1] for name in names if name.count("/") > 1}
    assert folders == {"kernel", "languages", "runner"}


def test_every_packed_file_is_python_3_8() -> None:
    with packed() as archive:
        for name in archive.namelist():
            if name.endswith(".py"):
                ast.parse(archive.read(name), name, feature_version=(3, 8))
                # which does not see several contexts in parentheses, as formatters like to write them
                assert not re.search(rb"^\s*with \($", archive.read(name), re.MULTILINE), name


LIST_MODULES = """
import runpy, sys
sys.argv = [sys.argv[1], "find-packages", "--question", "none"]
try:
    runpy.run_path(sys.argv[0], run_name="__main__")
except SystemExit:
    pass
import polpo.runner.applydelta, polpo.runner.deploypackage, polpo.runner.runscript, polpo.runner.tars, polpo.runner.zips
import polpo.runner.bundles.starting
for name, module in sorted(sys.modules.items()):
    print(name, getattr(module, "__file__", None) or "built-in")
"""


def test_the_archive_imports_nothing_but_itself_and_the_standard_library(tmp_path: Path) -> None:
    runner = tmp_path / "runner.pyz"
    runner.write_bytes(build().content)
    empty = tmp_path / "empty"
    empty.mkdir()
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", LIST_MODULES, str(runner)],
        cwd=empty,
        env={"TentacleHome": str(empty)},
        capture_output=True,
        text=True,
        timeout=LONGEST,
        check=True,
    )
    modules = dict(line.rsplit(" ", 1) for line in done.stdout.splitlines() if re.fullmatch(r"[\w.]+ \S+", line))
    ours = {name: path for name, path in modules.items() if name.split(".")[0] == "polpo"}
    assert len(ours) > 20
    assert {path for path in ours.values() if not path.startswith(f"{tmp_path}/")} == set()
    others = {name.split(".")[0] for name in modules} - {"polpo", "__main__"}
    assert others <= set(sys.stdlib_module_names)
    assert list(empty.iterdir()) == []


@pytest.mark.parametrize("python", [sys.executable, *older_pythons()])
def test_the_archive_runs_from_an_empty_folder(target: Target, python: str) -> None:
    target.python = python
    run = target.script("echo #{Octopus.Machine.Name | ToUpper}; set_octopusvariable a b")
    assert (run.code, run.lines(), run.outputs["a"]) == (0, ["WEB-1"], "b")
