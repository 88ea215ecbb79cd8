"""A script host on a temporary home; whatever its scripts left running is ended afterwards."""

from __future__ import annotations

import contextlib
import json
import os
import signal
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from polpo.scripthost.host import Limits, ScriptHost
from unit.scripthost.running import LIMITS


@pytest.fixture
async def make_host(tmp_path: Path) -> AsyncIterator[Callable[..., ScriptHost]]:
    made: list[ScriptHost] = []

    def make(home: Path | None = None, limits: Limits = LIMITS, **environment: str) -> ScriptHost:
        seen = {"PATH": os.environ["PATH"], **environment}
        made.append(ScriptHost(home or tmp_path / "home", environment=seen, limits=limits))
        return made[-1]

    yield make
    for host in made:
        await host.close()
    for control in (tmp_path / "home" / "Work").glob("*/.polpo"):
        end_supervisor(control)


def end_supervisor(control: Path) -> None:
    with contextlib.suppress(FileNotFoundError, ProcessLookupError, KeyError):
        state = json.loads((control / "state.json").read_text())
        if state["State"] != "Complete":
            os.kill(state["Pid"], signal.SIGKILL)
            os.waitpid(state["Pid"], 0)


@pytest.fixture
async def host(make_host: Callable[..., ScriptHost]) -> AsyncIterator[ScriptHost]:
    async with make_host() as host:
        yield host
