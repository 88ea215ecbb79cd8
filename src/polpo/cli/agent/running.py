"""Running the agent, and seeing whether it lives and reaches its servers."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from polpo.cli.agent.program import NOBODY, THE_ONE, Login, Which, agent, say

if TYPE_CHECKING:
    from polpo.agent.checking import Check

_LAUNCHER = "import sys; sys.path.append(sys.argv[1]); from polpo.agent.launcher.launcher import main; main()"


@agent.command(name=["run", "agent"])
def run(
    *,
    log_level: Annotated[str, Parameter(help="debug, info, warning or error.")] = "info",
    console: Annotated[bool, Parameter(show=False)] = False,
    noninteractive: Annotated[bool, Parameter(show=False)] = False,
    which: Which = THE_ONE,
) -> None:
    """Run the agent until it is told to stop (Ctrl-C or SIGTERM). Scripts that run go on meanwhile."""
    import polpo

    del console, noninteractive  # said to the original's agent, which has other ways of running
    folder = which.find()
    folder.read()
    root = Path(polpo.__path__[0]).parent
    command = [sys.executable, "-I", "-S", "-c", _LAUNCHER, str(root), str(folder.home), log_level]
    sys.stdout.flush()
    os.execv(sys.executable, command)  # noqa: S606 - the launcher is this process from here on


@agent.command(name=["check", "check-connectivity"])
def check(*, login: Login = NOBODY, which: Which = THE_ONE) -> None:
    """Check each connection between the agent and its servers, naming the layer that fails and what to do.

    With --server and an API key, that server is asked too whether it reaches this agent.
    """
    from polpo.agent.checking import check_connectivity
    from polpo.agent.seen import check_from

    async def work() -> bool:
        folder = which.find()
        is_well = True
        async for title, checks in check_connectivity(folder):
            is_well = _told(title, checks) and is_well
        if login.server:
            async with login.connect() as api:
                is_well = _told(f"As {login.server} sees it", await check_from(api, folder)) and is_well
        return is_well

    if not asyncio.run(work()):
        sys.exit(1)


def _told(title: str, checks: Sequence[Check]) -> bool:
    """Whether none of them failed."""
    say(title)
    for one in checks:
        say(f"  {one}")
    return all(one.verdict != "failed" for one in checks)


@agent.command
def livez(*, which: Which = THE_ONE) -> None:
    """Say whether the agent runs and, if it listens, answers; exit code 1 if not."""
    from polpo.agent.checking import answers

    if not asyncio.run(answers(which.find())):
        say("The agent does not answer.")
        sys.exit(1)
    say("ok")


@agent.command
def version() -> None:
    """Print the version of this program; a running agent may have been updated to another one."""
    from polpo.version import __version__

    say(__version__)
