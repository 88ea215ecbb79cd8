"""The running program, as the launcher sees it: a process that reports how far it is."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections import deque

from polpo.agent.launcher.programs import Program

#: Where the program reports to: the number of a descriptor; `READY` and, once, `ANSWERED` are written to it.
REPORTS_VARIABLE = "POLPO_AGENT_REPORTS"
LAUNCHER_VARIABLE = "POLPO_AGENT_LAUNCHER"
READY, ANSWERED = b"r", b"a"
#: The program ends with this code to be started again, as after a change that needs it.
RESTART_CODE = 75
_STOP_SECONDS, _TAIL_LINES = 20.0, 20


class Child:
    """A started program. One on probation is listened to: what it says is passed on and its last lines are kept."""

    def __init__(self, program: Program, arguments: list[str], *, on_probation: bool = False) -> None:
        self.program = program
        self.is_ready = False
        self.has_answered = False
        self.last_lines: deque[str] = deque(maxlen=_TAIL_LINES)
        self.reports, theirs = os.pipe()
        environment = {**os.environ, REPORTS_VARIABLE: str(theirs), LAUNCHER_VARIABLE: str(os.getpid())}
        try:
            self._process = subprocess.Popen(
                program.command(sys.executable, *arguments),
                env=environment,
                pass_fds=[theirs],
                stdin=subprocess.DEVNULL,
                stderr=subprocess.PIPE if on_probation else None,
            )
        finally:
            os.close(theirs)
        self.errors = self._process.stderr.fileno() if self._process.stderr is not None else -1

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def exit_code(self) -> int | None:
        """As a shell tells it; None while it runs."""
        code = self._process.poll()
        return code if code is None or code >= 0 else 128 - code

    def hear_report(self) -> bool:
        """Takes what was reported; False when nothing will come any more."""
        said = os.read(self.reports, 100)
        self.is_ready = self.is_ready or READY in said
        self.has_answered = self.has_answered or ANSWERED in said
        return bool(said)

    def hear_errors(self) -> bool:
        said = os.read(self.errors, 64 * 1024)
        with contextlib.suppress(OSError):
            os.write(2, said)
        self.last_lines.extend(line for line in said.decode("utf-8", "replace").splitlines() if line.strip())
        return bool(said)

    def end(self) -> int:
        """Ends it politely, and after a while by force; its exit code. Its scripts go on."""
        deadline = time.monotonic() + _STOP_SECONDS
        with contextlib.suppress(ProcessLookupError):
            self._process.send_signal(signal.SIGTERM)
        if self.errors >= 0:
            self._drain(deadline)
        try:
            code = self._process.wait(max(deadline - time.monotonic(), 0.1))
        except subprocess.TimeoutExpired:
            self._process.kill()
            code = self._process.wait()
        self.release()
        return code if code >= 0 else 128 - code

    def _drain(self, deadline: float) -> None:
        """A pipe that nobody reads would keep the program from ending, and its last words are of interest."""
        os.set_blocking(self.errors, False)
        while time.monotonic() < deadline:
            ended = self._process.poll() is not None
            try:
                if not self.hear_errors():
                    return
            except BlockingIOError:
                if ended:
                    return
                time.sleep(0.02)

    def release(self) -> None:
        if self.reports >= 0:
            os.close(self.reports)
            self.reports = -1
        if self._process.stderr is not None:
            self._process.stderr.close()
            self.errors = -1
