"""How a machine's shell starts the runner: what bash really does, and how the PowerShell of it is built."""

from __future__ import annotations

import base64
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from polpo.steps.starting import NO_PYTHON, Bodies, InHome, start_runner

RUNNER = "Tools/it's here/runner.pyz"
PROGRAM = "import sys, json; print(json.dumps(sys.argv[1:]), sys.flags.isolated); sys.exit(7)"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    runner = tmp_path / RUNNER
    runner.parent.mkdir(parents=True)
    runner.write_text(PROGRAM)
    return tmp_path


def run(body: Bodies, **environment: str) -> tuple[int, str]:
    done = subprocess.run(
        ["/bin/bash", "-c", body.bash], env=environment, capture_output=True, text=True, timeout=30, check=False
    )
    return done.returncode, done.stdout + done.stderr


def test_runner_gets_its_arguments_and_ends_the_script(home: Path) -> None:
    body = start_runner(RUNNER, ["verb", "--name", "it's $HOME", InHome("Files/a 'b'.zip")])
    code, said = run(body, TentacleHome=str(home), PATH=os.environ["PATH"])
    assert (code, said) == (7, f'["verb", "--name", "it\'s $HOME", "{home}/Files/a \'b\'.zip"] 1\n')


def test_python_of_the_agent_is_taken_where_it_says_so(home: Path) -> None:
    body = start_runner(RUNNER, [])
    assert run(body, TentacleHome=str(home), PATH="/nowhere", PolpoPython=sys.executable)[0] == 7


@pytest.mark.parametrize("gone", ["", "/nowhere/python3"])
def test_machine_without_python_says_what_to_install(home: Path, gone: str) -> None:
    code, said = run(start_runner(RUNNER, []), TentacleHome=str(home), PATH="/nowhere", PolpoPython=gone)
    message = re.fullmatch(r"##octopus\[resultMessage message='(.*)'\]\n", said)
    assert code == 1
    assert message is not None, said
    assert base64.b64decode(message[1]).decode() == NO_PYTHON


def test_agent_that_does_not_tell_its_home_is_refused() -> None:
    code, said = run(start_runner(RUNNER, []), PATH=os.environ["PATH"])
    assert (code, said) == (1, "The agent does not say where its home is (TentacleHome); it may be too old.\n")


@pytest.mark.parametrize("size", [len(PROGRAM), len(PROGRAM) + 1])
def test_runner_of_another_size_is_told_and_not_run(home: Path, size: int) -> None:
    code, said = run(start_runner(RUNNER, [], size=size), TentacleHome=str(home), PATH=os.environ["PATH"])
    assert (code, said == "##octopus[polpo-runner]\n") == ((7, False) if size == len(PROGRAM) else (0, True))


def test_powershell_does_the_same_in_the_same_order() -> None:
    """There is no PowerShell where the tests run, so what is checked is how the text is built."""
    text = start_runner("Tools/x/runner.pyz", ["verb", "it's", InHome("Files/a\u2019b.zip")], size=5).powershell
    order = [
        "if (-not $env:TentacleHome)",
        "@($env:PolpoPython), @('python3'), @('python'), @('py', '-3')",
        "sys.exit(sys.version_info < (3, 8))",
        "##octopus[resultMessage message='",
        "$runner.Length -ne 5",
        "##octopus[polpo-runner]",
        "& $python @rest -I (Join-Path $env:TentacleHome 'Tools/x/runner.pyz') 'verb'",
        "'it''s' (Join-Path $env:TentacleHome 'Files/a\u2019\u2019b.zip')",
        "exit $LASTEXITCODE",
    ]
    places = [text.index(part) for part in order]
    assert places == sorted(places)
    assert text.count("{") == text.count("}")
    assert not re.search(r"\{\{|\}\}", text)
