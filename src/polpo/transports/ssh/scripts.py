"""What a script says, as the far side sends it: one command that lasts while somebody wants to hear it."""

from __future__ import annotations

import asyncio
from collections import deque
from datetime import datetime

from polpo.halibut.contracts import (
    ProcessOutput,
    ProcessOutputSource,
    ProcessState,
    ScriptStatusResponseV2,
    ScriptTicket,
)
from polpo.halibut.errors import ConnectionLost
from polpo.kernel.clock import Clock
from polpo.transports.ssh.channel import Channel
from polpo.transports.ssh.errors import SshRefused

_SOURCES = {b"O": ProcessOutputSource.STDOUT, b"E": ProcessOutputSource.STDERR, b"D": ProcessOutputSource.DEBUG}
_END = b"X"
_MOST_LINES = 5000
_LONGEST_LINE = 64 << 20
_FORGOTTEN_AFTER = 30.0
#: Whether what looks after the script still lives is found out by whoever begins to follow it.
_SILENT_SECONDS = 60.0


class Stream:
    """The lines of one script from `position` on, and how it ended. Lines are dated by their arrival.

    When nobody asks for a while, it lets go of the command.
    """

    def __init__(self, channel: Channel, ticket: ScriptTicket, position: int, clock: Clock) -> None:
        self._channel = channel
        self._ticket = ticket
        self._clock = clock
        self._lines: deque[bytes] = deque()
        self._rest = b""
        self._exit_code: int | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._heard = clock.monotonic()
        self.position = position
        self._expect_questions()

    @property
    def is_open(self) -> bool:
        """Whether it can be asked; if not, another one goes on from the same position."""
        is_silent = self._clock.monotonic() - self._heard > _SILENT_SECONDS
        return self._exit_code is not None or not (self._channel.has_ended or is_silent)

    def can_be_told(self) -> bool:
        return not self._channel.has_ended

    async def answer(self, wait: float) -> ScriptStatusResponseV2:
        """What is new, or that it has ended; waits for either, up to so many seconds.

        ConnectionLost when it breaks before.
        """
        self._expect_questions()
        self._read()
        try:
            async with asyncio.timeout(wait):
                while not self._lines and self._exit_code is None:
                    await self._more()
        except TimeoutError:
            pass  # there is nothing new
        return self._answer()

    async def outcome(self, wait: float) -> ScriptStatusResponseV2:
        """The same, but waits for the end and not for the first line."""
        self._expect_questions()
        self._read()
        try:
            async with asyncio.timeout(wait):
                while self._exit_code is None and len(self._lines) < _MOST_LINES:
                    await self._more()
        except TimeoutError:
            pass  # it goes on
        return self._answer()

    async def tell(self, verb: str) -> None:
        await self._channel.write(f"{verb}\n".encode())

    async def dismiss(self) -> None:
        """Has the far side delete the script. Nobody waits for that: the command ends by itself."""
        if self._timer is not None:
            self._timer.cancel()
        await self.tell("complete")
        self._channel.end_input()

    def close(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._channel.close()

    # -- how

    async def _more(self) -> None:
        if self._channel.has_ended:
            raise ConnectionLost("The connection ended while a script was followed.")
        await self._channel.wait()
        self._read()

    def _read(self) -> None:
        *lines, self._rest = (self._rest + self._channel.taken()).split(b"\n")
        if lines:
            self._heard = self._clock.monotonic()
        if len(self._rest) > _LONGEST_LINE:
            raise SshRefused("A line of the script's output does not end.", "protocol")
        for line in lines:
            if line[:1] == _END:
                self._exit_code = _exit_code(line[1:])
            elif line[:1] in _SOURCES and self._exit_code is None:
                self._lines.append(line)

    def _answer(self) -> ScriptStatusResponseV2:
        now = self._clock.now()
        logs = tuple(_output(self._lines.popleft(), now) for _ in range(min(len(self._lines), _MOST_LINES)))
        self.position += len(logs)
        is_over = self._exit_code is not None and not self._lines
        state = ProcessState.COMPLETE if is_over else ProcessState.RUNNING
        return ScriptStatusResponseV2(
            self._ticket, state, (self._exit_code or 0) if is_over else 0, logs, self.position
        )

    def _expect_questions(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._timer = asyncio.get_running_loop().call_later(_FORGOTTEN_AFTER, self._channel.close)


def _exit_code(text: bytes) -> int:
    try:
        return int(text)
    except ValueError as error:
        raise SshRefused("The machine tells an exit code that is no number.", "protocol") from error


def _output(line: bytes, now: datetime) -> ProcessOutput:
    return ProcessOutput(_SOURCES[line[:1]], now, line[1:].decode("utf-8", "replace"))
