"""Running a script on a machine to its end, over any transport."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from polpo.halibut.contracts import (
    ProcessOutput,
    ProcessState,
    ScriptStatusResponseV2,
    StartScriptCommandV2,
)
from polpo.transports.transport import ScriptUnknown, Transport

_FIRST_PAUSE, _GROWTH = 0.02, 1.4
_STEADY_PAUSE, _LONGEST_PAUSE = 0.2, 1.0
_MANY_LINES = 1000
_LONG_POLL = 5.0
_START_MAY_TAKE = 30.0

#: Takes lines, and the position after them; the next lines come when it is done.
Receive = Callable[[Sequence[ProcessOutput], int], Awaitable[None]]


@dataclass(frozen=True)
class ScriptOutcome:
    """`next_log_sequence` is the number of lines that the script has said in all."""

    exit_code: int
    next_log_sequence: int


async def run_script(
    transport: Transport,
    command: StartScriptCommandV2,
    receive: Receive,
    *,
    after: int = 0,
    is_cancelled: Callable[[], bool] = lambda: False,
) -> ScriptOutcome:
    """Starts the script, or attaches to it, and follows it to its end. TaskError when the machine is lost.

    Nothing is completed: keep the outcome first, then call `transport.complete`. To go on after a crash, call it again
    with the same command and, as `after`, the last position that was received: each line comes once.

    When this call is cancelled, it leaves the script running, for somebody else to attach to; unless `is_cancelled`
    says that a person wants the script to end: then it is cancelled and followed to its end before this call ends.
    """
    follower = _Follower(transport, command, receive, after)
    starting = asyncio.create_task(transport.start(command), name=f"start-{command.script_ticket.task_id}")
    try:
        return await follower.follow(await asyncio.shield(starting))
    except asyncio.CancelledError:
        if is_cancelled():
            await _settled(starting)
            await follower.end()
        raise
    finally:
        starting.cancel()
        await asyncio.gather(starting, return_exceptions=True)


async def _settled(starting: asyncio.Task[ScriptStatusResponseV2]) -> None:
    """A start on its way may arrive after a cancel, and would then run: let it arrive first."""
    await asyncio.wait({starting}, timeout=_START_MAY_TAKE)


class _Follower:
    def __init__(self, transport: Transport, command: StartScriptCommandV2, receive: Receive, after: int) -> None:
        self._transport = transport
        self._ticket = command.script_ticket
        self._receive = receive
        self._position = after
        self._pause = _FIRST_PAUSE

    async def follow(self, answer: ScriptStatusResponseV2) -> ScriptOutcome:
        while True:
            await self._take(answer)
            if answer.state is ProcessState.COMPLETE:
                return ScriptOutcome(answer.exit_code, self._position)
            await self._rest(len(answer.logs))
            answer = await self._transport.status(self._ticket, self._position, wait=_LONG_POLL)

    async def end(self) -> None:
        """Cancels the script and follows it to its end."""
        self._pause = _FIRST_PAUSE
        try:
            await self.follow(await self._transport.cancel(self._ticket, self._position))
        except ScriptUnknown:
            return  # it never got there

    async def _take(self, answer: ScriptStatusResponseV2) -> None:
        """Passes on what is new. The answer of a start begins at the first line, whatever was received before."""
        first = answer.next_log_sequence - len(answer.logs)
        fresh = answer.logs[max(self._position - first, 0) :]
        if fresh:
            await self._receive(fresh, answer.next_log_sequence)
        self._position = max(self._position, answer.next_log_sequence)

    async def _rest(self, lines: int) -> None:
        """Ever longer, more so in silence; not at all for a backlog, or where the machine holds its answers."""
        if lines >= _MANY_LINES or self._transport.holds_answers:
            return
        self._pause = min(self._pause * _GROWTH, _STEADY_PAUSE if lines else _LONGEST_PAUSE)
        await asyncio.sleep(self._pause)
