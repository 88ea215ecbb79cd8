"""The first lines of the packed runner: compiled modules are kept where it stays, and an old Python says so."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from polpo.runner.archive import build
from unit.runner.conftest import LONGEST, Target

#: A package that is not there: the answer is a message that says so.
ASKED = {"Id": "A", "Version": "1", "Extension": ".zip", "Hash": "0" * 64, "Size": 1, "Path": "Files/A.zip"}


@pytest.fixture
def target(tmp_path: Path) -> Target:
    """With a runner that was never started."""
    runner = tmp_path / "tools" / "runner.pyz"
    runner.parent.mkdir()
    runner.write_bytes(build().content)
    return Target(tmp_path, runner)


def question(target: Target) -> tuple[str, str, str]:
    """The words that ask for the package."""
    path = target.root / "question.json"
    path.write_text(json.dumps({"Packages": [ASKED]}))
    return "find-packages", "--question", str(path)


def modules_of(target: Target) -> list[Path]:
    return list(target.runner.parent.glob(".modules-*"))


def test_a_runner_that_stays_on_the_target_keeps_its_compiled_modules(target: Target) -> None:
    for _ in range(2):
        assert target.script("exit 3").code == 3
        [modules] = modules_of(target)
    assert list(modules.rglob("main.*.pyc"))
    assert sorted(path.name for path in target.runner.parent.iterdir()) == [modules.name, "runner.pyz"]


def test_modules_that_another_could_have_written_are_not_used(target: Target) -> None:
    target.run(*question(target))
    [modules] = modules_of(target)
    (modules / "polpo/runner/main.py").write_text("raise SystemExit('taken over')")
    modules.chmod(0o777)
    assert target.run(*question(target)).code == 0
    modules.chmod(0o700)
    assert "taken over" in target.run(*question(target)).stderr


def test_a_runner_in_the_working_folder_leaves_nothing_beside_itself(target: Target) -> None:
    folder = target.workspace()
    target.runner = target.runner.rename(folder / "runner.pyz")
    assert target.run(*question(target), folder=folder).code == 0
    assert [path.name for path in folder.iterdir()] == ["runner.pyz"]


def test_several_first_starts_at_once_all_run(target: Target) -> None:
    started = [
        subprocess.Popen(
            target.command(*question(target)),
            cwd=target.root,
            env=target.environment(),
            stdout=subprocess.PIPE,
            stderr=-1,
        )
        for _ in range(6)
    ]
    ended = [(process.communicate(timeout=LONGEST)[1], process.returncode) for process in started]
    assert ended == [(b"", 0)] * 6
    [modules] = modules_of(target)
    assert sorted(path.name for path in target.runner.parent.iterdir()) == [modules.name, "runner.pyz"]


def test_a_python_too_old_finds_a_newer_one_or_says_so(target: Target) -> None:
    """An old Python stands in by its version: what it does first is the same."""
    old = "import sys, runpy; sys.version_info = (3, 6, 0); sys.argv = sys.argv[1:]; "
    run = old + "sys.path.insert(0, sys.argv[0]); runpy.run_path(sys.argv[0], run_name='__main__')"
    bare = target.root / "bin"
    bare.mkdir()

    def start_old() -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-I", "-c", run, str(target.runner), *question(target)]
        environment = {**target.environment(), "PATH": str(bare)}
        return subprocess.run(
            command, env=environment, capture_output=True, text=True, timeout=LONGEST, check=False, cwd=target.root
        )

    alone = start_old()
    sentence = "Python 3.6 on this machine is too old for deployments: install Python 3.8 or newer.\n"
    assert (alone.returncode, alone.stderr) == (1, sentence)
    (bare / "python3.11").symlink_to(sys.executable)
    assert "##octopus[polpo-package" in start_old().stdout
