"""Every recorded command of the `octopus` program, run by the program itself: it prints what it printed then."""

from __future__ import annotations

import json
import shlex
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from compat import facts
from compat.clients import NO_COMMAND_LINE, Account, CommandLine, find_program
from compat.packing import sample_package
from compat.seeds import private_key
from compat.stage import Stage
from compat.world import NotServed

if find_program() is None:
    pytest.skip(NO_COMMAND_LINE, allow_module_level=True)

#: Runs that the recording's stub let pass and a server must refuse, with a part of what the program then says.
_REFUSED = {
    "channel delete Default": "is the default of its project",
    'worker-pool delete "Default Worker Pool"': "is the default and cannot be deleted",
}
#: Environments that no runbook takes down are taken down at once, without a run to tell of.
_NOTHING_TO_RUN = "ephemeral-environment deprovision"
_LEFT_OUT = {
    "login --server http://server --service-account-id": "the recording's token is no token",
    "config get": "asks no server",
    "config list": "asks no server",
    "config set": "asks no server",
    "logout": "asks no server",
    "package nuget create": "asks no server",
    "package zip create": "asks no server",
}


def _commands() -> list[Any]:
    runs = [{**run, "command": run["command"].removeprefix("octopus ")} for run in facts.recorded("command_line")]
    return [run for run in runs if not run["command"].startswith(tuple(_LEFT_OUT))]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the files that the commands name."""
    folder = tmp_path_factory.mktemp("commands")
    sample_package(folder, "1.0.0", "Hello")
    build = {"BuildEnvironment": "Jenkins", "Branch": "main", "BuildNumber": "5", "BuildUrl": "http://b"}
    commit = {"Id": "abc", "Comment": "m"}
    build |= {"VcsType": "Git", "VcsRoot": "http://r", "VcsCommitNumber": "abc", "Commits": [commit]}  # type: ignore[dict-item]
    (folder / "bi.json").write_text(json.dumps(build))
    (folder / "gcp.json").write_text(json.dumps({"type": "service_account"}))
    (folder / "key.pem").write_bytes(private_key())
    return folder


@pytest.mark.parametrize("run", _commands(), ids=lambda run: run["command"])
def test_program_does_what_it_is_told(stage: Stage, home: Path, run: Any) -> None:
    try:
        world = stage.world_for(run["command"], run["calls"])
    except NotServed as missing:
        pytest.skip(f"not served yet: {missing}")
    account = Account(stage.address, stage.api_key, home, world.name)
    command = world.here(run["command"]).replace("http://server", stage.address)
    command = command.replace("API-ABCDEFGHIJKLMNOP", stage.api_key).replace(" .-f json", " .octopus -f json")
    done = _run(CommandLine(str(find_program()), account), shlex.split(command))
    said = done.stdout + done.stderr
    if "does not serve it yet" in said:
        pytest.skip(f"not served yet: {said}")
    assert "panic" not in said
    if refused := next((sentence for start, sentence in _REFUSED.items() if run["command"].startswith(start)), None):
        assert done.returncode != 0
        assert refused in said
        return
    assert done.returncode == run["exit"], said
    if "stdout" in run:
        printed, _ = json.JSONDecoder().raw_decode(done.stdout.lstrip())
        if not printed and run["command"].startswith(_NOTHING_TO_RUN):
            return
        assert not list(_lacking(printed, run["stdout"], "output")), said


def _run(octopus: CommandLine, words: list[str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [octopus.program, *words],
        env=octopus.account.environment(),
        cwd=octopus.account.home,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def _lacking(printed: Any, recorded: Any, place: str) -> Iterator[str]:
    """Where what was printed has not what was printed then; one item stands for a list."""
    if isinstance(recorded, dict) and isinstance(printed, dict):
        for key, item in recorded.items():
            if key not in printed:
                yield f"{place}.{key} is missing"
            elif key not in _OPEN:
                yield from _lacking(printed[key], item, f"{place}.{key}")
    elif isinstance(recorded, list) and recorded and isinstance(recorded[0], dict):
        if not printed:
            yield f"{place} is empty"
        else:
            yield from _lacking(printed[0], recorded[0], f"{place}[0]")


#: Objects whose keys depend on what is there.
_OPEN = {"Links", "EndpointDetails"}
