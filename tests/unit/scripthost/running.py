"""Starting and following scripts in tests."""

from __future__ import annotations

import asyncio
import os
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

from polpo.halibut.contracts import (
    ProcessOutputSource,
    ProcessState,
    ScriptStatusResponseV2,
    ScriptTicket,
    StartScriptCommandV2,
)
from polpo.scripthost.host import Limits, ScriptHost

LIMITS = Limits(cancel_grace=0.5, least_free_bytes=0)


def script(body: str, ticket: str | None = None, **more: Any) -> StartScriptCommandV2:
    return StartScriptCommandV2(ScriptTicket(ticket or uuid.uuid4().hex), body, **more)


async def finish(host: ScriptHost, ticket: ScriptTicket, after: int = 0) -> tuple[ScriptStatusResponseV2, list[Any]]:
    """Follows a script to its end; the last answer, and every line in order."""
    lines: list[Any] = []
    async with asyncio.timeout(60):
        while True:
            answer = await host.status(ticket, after, wait=5)
            lines += answer.logs
            after = answer.next_log_sequence
            if answer.state is ProcessState.COMPLETE:
                return answer, lines


async def run(host: ScriptHost, command: StartScriptCommandV2) -> tuple[ScriptStatusResponseV2, list[Any]]:
    await host.start(command)
    return await finish(host, command.script_ticket)


def texts(lines: list[Any], source: ProcessOutputSource | None = ProcessOutputSource.STDOUT) -> list[str]:
    return [line.text for line in lines if source is None or line.source is source]


async def until(condition: Callable[[], bool], seconds: float = 20) -> None:
    """Waits for something outside this process."""
    async with asyncio.timeout(seconds):
        while not condition():  # noqa: ASYNC110 - nothing in this process could set an event
            await asyncio.sleep(0.01)


def open_gate(gate: Path, line: str = "") -> bool:
    """Lets a script go on that reads a line from the named pipe; False while none does."""
    try:
        descriptor = os.open(gate, os.O_WRONLY | os.O_NONBLOCK)
    except OSError:
        return False
    with os.fdopen(descriptor, "w") as file:
        file.write(f"{line}\n")
    return True
