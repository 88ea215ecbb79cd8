"""Fixtures for tests with the official clients: a real server process, and the clients connected to it."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from compat.clients import (
    NO_COMMAND_LINE,
    Account,
    CommandLine,
    TypeScriptClient,
    find_command_line,
    find_typescript_client,
)
from compat.replay import ReplayedCommandLine

API_KEY = "API-COMPAT0000000000000000000001"
_START_BOUND = 60.0


@pytest.fixture(scope="module")
def account(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Account]:
    """A server of its own for each module of tests, with nothing in it but the defaults."""
    folder = tmp_path_factory.mktemp("server")
    address, polling = f"127.0.0.1:{_free_port()}", f"127.0.0.1:{_free_port()}"
    log = folder / "server.log"
    with log.open("wb") as output:
        ports = ["--listen", address, "--agent-listen", polling]
        process = subprocess.Popen(
            [Path(sys.executable).with_name("polpo"), "server", *ports, "--data-dir", str(folder / "data")],
            env={**os.environ, "POLPO_ADMIN_API_KEY": API_KEY},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        _wait_until_it_answers(process, f"http://{address}", log)
        yield Account(f"http://{address}", API_KEY, tmp_path_factory.mktemp("home"))
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


@pytest.fixture(scope="module")
def typescript(account: Account) -> TypeScriptClient:
    return find_typescript_client(account)


@pytest.fixture(scope="module")
def octopus(account: Account) -> CommandLine:
    found = find_command_line(account)
    if found is None:
        pytest.skip(NO_COMMAND_LINE)
    return found


@pytest.fixture(scope="module", params=["program", "replayed"])
def command_line(request: pytest.FixtureRequest, account: Account) -> CommandLine | ReplayedCommandLine:
    """The command line twice: the program itself, where there is one, and its requests replayed."""
    if request.param == "replayed":
        return ReplayedCommandLine(account)
    found = find_command_line(account)
    if found is None:
        pytest.skip(NO_COMMAND_LINE)
    return found


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_until_it_answers(process: subprocess.Popen[bytes], address: str, log: Path) -> None:
    deadline = time.monotonic() + _START_BOUND
    with httpx.Client(trust_env=False, timeout=5) as client:
        while time.monotonic() < deadline:
            assert process.poll() is None, f"The server ended at its start:\n{log.read_text()}"
            try:
                if client.get(f"{address}/api").is_success:
                    return
            except httpx.TransportError:
                time.sleep(0.05)
    raise AssertionError(f"The server did not answer within {_START_BOUND:g} seconds:\n{log.read_text()}")
