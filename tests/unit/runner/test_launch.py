"""How the runner is started on a target, and what is said where it cannot be."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from polpo.runner import launch
from polpo.runner.archive import build
from unit.runner.conftest import LONGEST, Target


def start(target: Target, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """As an agent does it: the script in its own workspace, under Bash."""
    folder = target.workspace()
    (folder / "Bootstrap.sh").write_text(launch.launch_script(build().digest, arguments))
    target.write_variables(
        folder, {"Octopus.Action.Script.ScriptBody": "echo '#{Octopus.Machine.Name}'; exit 3"} | {"x": "y"}
    )
    return subprocess.run(
        ["/bin/bash", "Bootstrap.sh"],
        cwd=folder,
        env={**target.environment(), **environment},
        capture_output=True,
        text=True,
        timeout=LONGEST,
        check=False,
    )


def upload(target: Target) -> Path:
    path = target.home / launch.archive_path(build().digest)
    path.parent.mkdir(parents=True)
    path.write_bytes(build().content)
    return path


def modules_of(archive: Path) -> list[Path]:
    return list(archive.parent.glob(".modules-*"))


def test_an_uploaded_runner_runs_and_keeps_its_compiled_modules(target: Target) -> None:
    archive = upload(target)
    for _ in range(2):
        done = start(target, "run-script", "--variables", "variables.json")
        assert done.returncode == 3, done
        assert "web-1" in done.stdout.splitlines()
        [modules] = modules_of(archive)
    assert list(modules.rglob("main.*.pyc"))
    assert sorted(path.name for path in archive.parent.iterdir()) == [modules.name, "runner.pyz"]


def test_modules_that_another_could_have_written_are_not_used(target: Target) -> None:
    archive = upload(target)
    start(target, "find-package", "--id", "A", "--version", "1")
    [modules] = modules_of(archive)
    (modules / "polpo/runner/main.py").write_text("raise SystemExit('hijacked')")
    modules.chmod(0o777)
    assert start(target, "find-package", "--id", "A", "--version", "1").returncode == 0
    modules.chmod(0o700)
    assert "hijacked" in start(target, "find-package", "--id", "A", "--version", "1").stderr


def test_a_runner_in_the_working_folder_leaves_nothing_beside_itself(target: Target) -> None:
    folder = target.workspace()
    (folder / "runner.pyz").write_bytes(build().content)
    command = [sys.executable, "-I", "runner.pyz", "find-package", "--id", "A", "--version", "1"]
    subprocess.run(command, cwd=folder, env=target.environment(), capture_output=True, timeout=LONGEST, check=True)
    assert [path.name for path in folder.iterdir()] == ["runner.pyz"]


def test_a_runner_that_is_not_there_is_asked_for(target: Target) -> None:
    done = start(target, "run-script", "--variables", "variables.json")
    assert done.returncode == launch.RUNNER_MISSING
    assert done.stdout == "##octopus[polpo-runner-missing]\n"


def test_a_machine_without_python_is_told_what_to_install(target: Target) -> None:
    upload(target)
    bare = target.root / "bin"
    bare.mkdir()
    done = start(target, "run-script", PATH=str(bare))
    assert done.returncode == launch.PYTHON_MISSING
    assert "install it and try again" in done.stderr


def test_arguments_reach_the_runner_as_they_are(target: Target) -> None:
    upload(target)
    done = start(target, "find-package", "--id", "A b'$(touch pwned)", "--version", "1.0")
    assert done.returncode == 0
    assert "A b'$(touch pwned) 1.0 is not in" in done.stdout
    assert not list(target.root.rglob("pwned"))


def test_a_python_too_old_finds_a_newer_one_or_says_so(target: Target) -> None:
    """An old Python stands in by its version: what it does first is the same."""
    archive = upload(target)
    old = "import sys, runpy; sys.version_info = (3, 6, 0); sys.argv = sys.argv[1:]; "
    run = old + "sys.path.insert(0, sys.argv[0]); runpy.run_path(sys.argv[0], run_name='__main__')"
    bare = target.root / "bin"
    bare.mkdir()

    def start_old() -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-I", "-c", run, str(archive), "find-package", "--id", "A", "--version", "1"]
        environment = {**target.environment(), "PATH": str(bare)}
        return subprocess.run(
            command, env=environment, capture_output=True, text=True, timeout=LONGEST, check=False, cwd=target.root
        )

    alone = start_old()
    assert (alone.returncode, alone.stderr) == (
        1,
        "Python 3.6 on this machine is too old for deployments: install Python 3.8 or newer.\n",
    )
    (bare / "python3.11").symlink_to(sys.executable)
    assert "A 1 is not in" in start_old().stdout
