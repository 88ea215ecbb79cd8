"""The replayed command line asks what the program asks, in the program's order, and reads the same answers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest

from compat.clients import Account, ClientError, CommandLine
from compat.packing import sample_package
from compat.recorder import recording
from compat.replay import ReplayedCommandLine

Command = Callable[[CommandLine | ReplayedCommandLine, Path], Any]

_COMMANDS: dict[str, Command] = {
    "environment list": lambda client, _: client.environment_list(),
    "project list": lambda client, _: client.project_list(),
    "package upload": lambda client, package: client.package_upload(package, "overwrite"),
    "package upload again": lambda client, package: client.package_upload(package, "fail"),
    "package list": lambda client, _: client.package_list(),
    "package versions": lambda client, _: client.package_versions("Compat.Sample"),
    "release create without project": lambda client, _: client.release_create("Nothing", "1.0.0"),
    "release list": lambda client, _: client.release_list("Web"),
    "task wait for nothing": lambda client, _: client.task_wait("ServerTasks-999"),
}


@pytest.mark.parametrize("name", _COMMANDS)
def test_replay_asks_and_reads_what_the_program_does(
    octopus: CommandLine, account: Account, tmp_path: Path, name: str
) -> None:
    package = sample_package(tmp_path, "1.0.0")
    if not octopus.project_list():
        octopus.run("project", "create", "-n", "Web", "-g", "Default Project Group", "-l", "Default Lifecycle")
    results = []
    for client in (octopus, ReplayedCommandLine(account)):
        with recording(account.address) as (address, asked):
            said = _outcome(_COMMANDS[name], replace(client, account=replace(account, address=address)), package)
        results.append(([request for request, _ in groupby(asked)], said))
    assert results[0] == results[1]


def _outcome(command: Command, client: CommandLine | ReplayedCommandLine, package: Path) -> Any:
    try:
        return command(client, package)
    except ClientError as error:
        return error.message
