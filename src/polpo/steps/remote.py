"""Running a script on a machine, once, whatever happens to the server meanwhile.

The ticket is made of task, place and attempt, so that starting again attaches to what is already running. How far the
output was read is saved together with the lines; the outcome is saved before the machine is told to forget the script.
So after a crash at any point the same calls find the same script, and no line is lost or doubled.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

import msgspec

from polpo.engine import TaskRun
from polpo.halibut.contracts import (
    ProcessOutput,
    ScriptFile,
    ScriptIsolationLevel,
    ScriptTicket,
    StartScriptCommandV2,
)
from polpo.halibut.streams import DataStream
from polpo.kernel.errors import TaskError
from polpo.steps.console import Console, ConsoleState, restored
from polpo.transports import following
from polpo.transports.transport import Transport, describe_exit_code

#: Fetches what a script left behind.
Collect = Callable[[ConsoleState], Awaitable[None]]

_FIRST_WAIT = timedelta(milliseconds=200)


@dataclass(frozen=True)
class Script:
    """What is to run: a body for bash and one for PowerShell, with files that lie beside it.

    `mutex` names what scripts of one machine share; a script that is `alone` waits until no other one of it runs.
    """

    bash: str
    powershell: str = ""
    files: Mapping[str, bytes] = field(default_factory=dict)
    alone: bool = True
    mutex: str | None = None


class Outcome(msgspec.Struct):
    exit_code: int
    console: ConsoleState


def ticket_of(run: TaskRun, key: str, attempt: int = 1) -> str:
    return hashlib.sha256(f"{run.task.id}\n{run.task.created.isoformat()}\n{key}\n{attempt}".encode()).hexdigest()[:32]


def explain(outcome: Outcome, what: str, where: str) -> str | None:
    """Why a script failed, in a sentence; None when it did not."""
    code = outcome.exit_code
    if code == 0:
        return None
    if outcome.console.failure:
        said = outcome.console.failure.strip()
        return f"{what} failed on {where}: {said}" + ("" if said.endswith((".", "!", "?")) else ".")
    if code > 0:
        return f"{what} failed on {where} with exit code {code}."
    reason = describe_exit_code(code)
    return f"{what} failed on {where}: {reason[0].lower() + reason[1:] if reason.startswith('The ') else reason}"


async def run_script(
    run: TaskRun,
    transport: Transport,
    console: Console,
    key: str,
    script: Script,
    attempt: int = 1,
    collect: Collect | None = None,
    time_is_up: Callable[[], bool] = lambda: False,
) -> Outcome:
    """Runs the script to its end and returns its outcome, whatever its exit code.

    When this is cancelled, the script is left running for a later run to find; unless a person cancelled the task, or
    its `time_is_up`: then it is stopped. `collect` fetches what the script left behind while its files are still there.
    After a crash it may be called again.
    """
    fact, ticket = f"script/{key}/{attempt}", ScriptTicket(ticket_of(run, key, attempt))
    known = run.recall(f"{fact}/end")
    if known is None:
        command = _command(run, ticket, script)
        outcome = await _follow(run, transport, console, fact, command, lambda: run.cancelled or time_is_up())
        await run.save(f"{fact}/end", outcome, sensitive=True)
    else:
        outcome = msgspec.convert(known, Outcome)
        console.restore(outcome.console)
    if collect is not None:
        await collect(outcome.console)
    await _forget(transport, ticket, console)
    return outcome


async def _follow(
    run: TaskRun,
    transport: Transport,
    console: Console,
    fact: str,
    command: StartScriptCommandV2,
    is_over: Callable[[], bool],
) -> Outcome:
    console.restore(restored(run.recall(fact)))

    async def keep(outputs: Sequence[ProcessOutput], position: int) -> None:
        hidden = len(console.state.masks)
        lines = console.read(outputs, position)
        for value in console.state.masks[hidden:]:
            await run.keep_secret(value)
        await run.save(fact, console.state, lines, sensitive=True)

    after = console.state.position
    try:
        ended = await following.run_script(transport, command, keep, after=after, is_cancelled=is_over)
    except asyncio.CancelledError:
        if is_over():
            await _forget(transport, command.script_ticket, console)
        raise
    if rest := console.finish():
        await run.save(fact, console.state, rest, sensitive=True)
    return Outcome(ended.exit_code, console.state)


async def _forget(transport: Transport, ticket: ScriptTicket, console: Console) -> None:
    """The outcome is kept by now, so a machine that cannot be told to forget the script changes nothing about it."""
    try:
        await transport.complete(ticket)
    except TaskError as error:
        console.node.verbose(f"{error.message} It will delete the script's files by itself.")


def _command(run: TaskRun, ticket: ScriptTicket, script: Script) -> StartScriptCommandV2:
    level = ScriptIsolationLevel.FULL_ISOLATION if script.alone else ScriptIsolationLevel.NO_ISOLATION
    files = tuple(ScriptFile(name, DataStream.of_bytes(content)) for name, content in script.files.items())
    return StartScriptCommandV2(
        script_ticket=ticket,
        script_body=script.powershell or script.bash,
        scripts={"Bash": script.bash},
        task_id=run.task.id,
        duration_to_wait_for_script_to_finish=_FIRST_WAIT,
        isolation=level,
        isolation_mutex_name=script.mutex,
        files=files,
    )
