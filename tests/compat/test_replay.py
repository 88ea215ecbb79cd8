"""The replayed command line asks what the program asks, in the program's order, and reads the same answers."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest

from compat.clients import NO_COMMAND_LINE, Account, ClientError, CommandLine, find_program
from compat.packing import sample_package
from compat.recorder import recording
from compat.replay import ReplayedCommandLine

if find_program() is None:
    pytest.skip(NO_COMMAND_LINE, allow_module_level=True)

Client = CommandLine | ReplayedCommandLine
Command = Callable[[Client, Path, str], Any]

_PROJECT = "Replayed"
_COMMANDS: dict[str, Command] = {
    "environment list": lambda client, *_: client.environment_list(),
    "project list": lambda client, *_: client.project_list(),
    "package upload": lambda client, package, _: client.package_upload(package, "overwrite"),
    "package upload again": lambda client, package, _: client.package_upload(package, "fail"),
    "package list": lambda client, *_: client.package_list(),
    "package versions": lambda client, *_: client.package_versions("Compat.Sample"),
    "release create": lambda client, _, version: client.release_create(_PROJECT, version),
    "release create with unknown step": lambda client, *_: client.release_create(_PROJECT, "9.0.0", "Install:1.0.0"),
    "release create without project": lambda client, *_: client.release_create("Nothing", "1.0.0"),
    "release list": lambda client, *_: client.release_list(_PROJECT),
    "release deploy": lambda client, *_: client.release_deploy(_PROJECT, "1.0.0", "Nowhere"),
    "task wait": lambda client, *_: client.task_wait("ServerTasks-99999"),
}


@pytest.fixture(scope="module", autouse=True)
def project(octopus: CommandLine) -> None:
    octopus.run("project", "create", "-n", _PROJECT, "-g", "Default Project Group", "-l", "Default Lifecycle")
    octopus.release_create(_PROJECT, "1.0.0")


@pytest.mark.parametrize("name", _COMMANDS)
def test_replay_asks_and_reads_what_the_program_does(
    octopus: CommandLine, account: Account, tmp_path: Path, name: str
) -> None:
    package = sample_package(tmp_path, "1.0.0")
    results = []
    for client, version in ((octopus, "5.0.0"), (ReplayedCommandLine(account), "6.0.0")):
        with recording(account.address) as (address, asked):
            told = replace(client, account=replace(account, address=address))
            said = _outcome(_COMMANDS[name], told, package, version)
        results.append((_comparable([request for request, _ in groupby(asked)]), _comparable(said)))
    assert results[0] == results[1]


def _outcome(command: Command, client: Client, package: Path, version: str) -> Any:
    try:
        return command(client, package, version)
    except ClientError as error:
        return error.message


def _comparable(said: Any) -> Any:
    """Without what differs between two releases: version, id, and time."""
    text = re.sub(r"(?<=Releases-)\d+|[56]\.0\.0|\d{4}-\d\d-\d\dT[\d:.]+Z", "…", json.dumps(said))
    return json.loads(text)
