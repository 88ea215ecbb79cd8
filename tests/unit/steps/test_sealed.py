"""Secrets on their way to a script: it gets them, and nobody else on the machine sees them."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest

from polpo.runner.archive import build
from polpo.runner.errors import RunnerError
from polpo.runner.variables import load
from polpo.steps.sealed import seal_variables
from polpo.steps.starting import start_runner

SECRET = "opensesame-4711"
#: Says what all processes above it are called with and have in their environment, and what lies in its folder.
LOOK_AROUND = """\
echo "length ${#secret}"
process=$$
while [ "$process" -gt 1 ]; do
  tr '\\0' '\\n' < /proc/$process/cmdline
  tr '\\0' '\\n' < /proc/$process/environ
  process=$(sed -e 's/.*) . //' -e 's/ .*//' /proc/$process/stat)
done
grep -r . "$TentacleHome" --exclude runner.pyz --exclude-dir '.modules-*'
"""


SCRIPTS = {
    "Bash": f'secret="$(get_octopusvariable Password)"\n{LOOK_AROUND}',
    "Python": f"""\
import subprocess
secret = get_octopusvariable('Password')
print('length', len(secret), flush=True)
subprocess.run(['bash', '-c', {LOOK_AROUND!r}])
""",
}


@pytest.mark.parametrize("syntax", SCRIPTS)
def test_script_has_its_secret_and_the_machine_shows_it_to_nobody(tmp_path: Path, syntax: str) -> None:
    runner, workspace = tmp_path / "Tools" / "runner.pyz", tmp_path / "Work"
    for folder in (runner.parent, workspace):
        folder.mkdir()
    runner.write_bytes(build().content)
    told = {"ScriptSource": "Inline", "Syntax": syntax, "ScriptBody": SCRIPTS[syntax]}
    variables = {f"Octopus.Action.Script.{name}": value for name, value in told.items()}
    sealed = seal_variables({**variables, "Password": SECRET, "Connection": "of #{Password}"}, {"Password"})
    assert SECRET.encode() not in sealed.content
    (workspace / "variables.json").write_bytes(sealed.content)
    arguments = ["run-script", "--variables", "variables.json"]
    (workspace / "Bootstrap.sh").write_text(start_runner("Tools/runner.pyz", arguments, key=sealed.key).bash)

    done = subprocess.run(
        ["bash", "Bootstrap.sh"],
        cwd=workspace,
        env={"PATH": os.environ["PATH"], "HOME": str(tmp_path), "TentacleHome": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert done.returncode == 0, done.stdout + done.stderr
    assert f"length {len(SECRET)}" in done.stdout
    assert "run-script" in done.stdout  # it has seen the runner's arguments
    assert SECRET not in done.stdout + done.stderr
    assert not (workspace / "variables.json").exists()


def test_names_keep_their_order_and_what_is_no_secret_is_readable(tmp_path: Path) -> None:
    path = tmp_path / "variables.json"
    sealed = seal_variables({"A": "1", "Secret": "x", "B": "2", "Empty": ""}, {"Secret", "Empty", "Unknown"})
    path.write_bytes(sealed.content)
    variables = load(str(path), {}, lambda: sealed.key)
    assert [(name, variables.get(name)) for name in variables.names()] == [
        ("A", "1"), ("Secret", "x"), ("B", "2"), ("Empty", ""),
    ]  # fmt: skip
    assert variables.sensitive == {"Secret", "Empty", "Unknown"}


def test_without_secrets_there_is_no_key() -> None:
    assert seal_variables({"A": "1"}, set()).key == ""


@pytest.mark.parametrize(
    ("key", "sentence"),
    [
        ("", "The key for the secrets in {path} did not come with them."),
        ("00" * 32, "The secrets in {path} cannot be read with the key that came with them."),
    ],
)
def test_wrong_key_is_told_without_the_secret(tmp_path: Path, key: str, sentence: str) -> None:
    path = tmp_path / "variables.json"
    path.write_bytes(seal_variables({"Secret": SECRET}, {"Secret"}).content)
    with pytest.raises(RunnerError) as caught:
        load(str(path), {}, lambda: key)
    assert caught.value.message == sentence.format(path=path)


def test_each_file_has_a_key_of_its_own() -> None:
    first, second = (seal_variables({"Secret": SECRET}, {"Secret"}) for _ in range(2))
    assert first.key != second.key
    assert json.loads(first.content)["Sealed"] != json.loads(second.content)["Sealed"]
