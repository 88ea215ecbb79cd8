"""A script's process and all that it starts. Standard library only: a part of the supervisor."""

from __future__ import annotations

import contextlib
import fcntl
import os
import signal
import sys
import time
from collections.abc import Callable

from polpo.scripthost.supervision.exitcodes import ExitCode

#: In the environment of every script, so that what it started can be recognised.
WORKSPACE_VARIABLE = "PolpoWorkspace"
_QUIET, _LAST_OUTPUT = 1.0, 5.0
_SET_PIPE_SIZE = 1031
_DEATH_SIGNAL, _CHILD_SUBREAPER = 1, 36


class Ended(Exception):
    """The script is over before it began; says its exit code and why."""

    def __init__(self, exit_code: int, reason: str) -> None:
        super().__init__(reason)
        self.exit_code = exit_code
        self.reason = reason


def _prctl(option: int, value: int) -> None:
    """Linux only; elsewhere processes that left the script's group outlive a cancel."""
    if sys.platform == "linux":
        import ctypes

        ctypes.CDLL(None).prctl(option, value, 0, 0, 0)


def descendants(root: int) -> list[int]:
    """All processes below `root`, also those that moved to other groups or sessions. Empty without /proc."""
    children: dict[int, list[int]] = {}
    try:
        numbers = [int(name) for name in os.listdir("/proc") if name.isdigit()]
    except OSError:
        return []
    for number in numbers:
        with contextlib.suppress(OSError, IndexError, ValueError), open(f"/proc/{number}/stat", "rb") as file:
            state, parent = file.read().rpartition(b")")[2].split()[:2]
            if state not in (b"Z", b"X"):
                children.setdefault(int(parent), []).append(number)
    found: list[int] = []
    todo = [root]
    while todo:
        below = children.get(todo.pop(), [])
        found += below
        todo += below
    return found


def end_leftovers(session: int, workspace: str) -> None:
    """Kills what is left of a script whose supervisor is gone: processes of its session that carry its mark."""
    mark = f"{WORKSPACE_VARIABLE}={workspace}".encode()
    with contextlib.suppress(OSError):
        for name in os.listdir("/proc"):
            if name.isdigit() and _belongs(int(name), session, mark):
                with contextlib.suppress(ProcessLookupError, PermissionError):
                    os.kill(int(name), signal.SIGKILL)


def _belongs(pid: int, session: int, mark: bytes) -> bool:
    """The number of a session may be another's by now; the mark in the environment cannot."""
    try:
        if os.getsid(pid) != session:
            return False
        with open(f"/proc/{pid}/environ", "rb") as file:
            return mark in file.read().split(b"\0")
    except OSError:
        return False


def adopt_orphans() -> None:
    """What the script leaves behind becomes our child, and so stays within reach of a cancel."""
    _prctl(_CHILD_SUBREAPER, 1)


class Script:
    """The child process and everything below it."""

    def __init__(self, arguments: list[str], directory: str, record: Callable[[int], None]) -> None:
        """Starts it. `record` keeps its number before it does anything: whoever comes after us must know it."""
        self.output, output = os.pipe()
        self.errors, errors = os.pipe()
        failed, failure = os.pipe()
        may_go, go = os.pipe()
        self.exit_code: int | None = None
        self.signal = 0
        self._ended_at = 0.0
        self.pid = os.fork()
        if self.pid == 0:
            os.close(go)
            self._become(arguments, directory, (output, errors), may_go, failure)
        for descriptor in (output, errors, failure, may_go):
            os.close(descriptor)
        with os.fdopen(go, "wb") as file:
            record(self.pid)
            file.write(b"1")
        with os.fdopen(failed, "rb") as file:
            reason = file.read().decode()
        if reason:
            os.waitpid(self.pid, 0)
            raise Ended(ExitCode.NO_SHELL, f"{arguments[0]} could not be started: {reason}.")
        for descriptor in (self.output, self.errors):
            os.set_blocking(descriptor, False)
            with contextlib.suppress(OSError):
                fcntl.fcntl(descriptor, _SET_PIPE_SIZE, 1024 * 1024)

    @staticmethod
    def _become(arguments: list[str], directory: str, outputs: tuple[int, int], may_go: int, failure: int) -> None:
        """The child's side: ends in the script, or says why it cannot. Without leave to go it just ends."""
        try:
            os.setsid()
            if not os.read(may_go, 1):
                return
            _prctl(_DEATH_SIGNAL, signal.SIGKILL)
            signal.set_wakeup_fd(-1)
            for number in (signal.SIGPIPE, signal.SIGXFSZ, signal.SIGTERM, signal.SIGCHLD, signal.SIGALRM):
                signal.signal(number, signal.SIG_DFL)
            os.chdir(directory)
            nothing = os.open(os.devnull, os.O_RDONLY)
            for source, target in ((nothing, 0), (outputs[0], 1), (outputs[1], 2)):
                os.dup2(source, target)
            os.execve(arguments[0], arguments, os.environ)  # noqa: S606 - it is the shell itself
        except OSError as error:
            os.write(failure, (error.strerror or str(error)).encode())
        finally:
            os._exit(127)

    def reap(self) -> None:
        """Takes note of children that ended; as sub-reaper we also inherit those of the script."""
        with contextlib.suppress(ChildProcessError):
            while True:
                pid, status = os.waitpid(-1, os.WNOHANG)
                if pid == 0:
                    return
                if pid == self.pid:
                    self.signal = os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0
                    self.exit_code = 128 + self.signal if self.signal else os.WEXITSTATUS(status)
                    self._ended_at = time.monotonic()

    def has_fallen_silent(self, last_output: float) -> bool:
        """The script has ended, and what it left running keeps its output open but has nothing more to say."""
        if self.exit_code is None:
            return False
        now = time.monotonic()
        return now - max(self._ended_at, last_output) > _QUIET or now - self._ended_at > _LAST_OUTPUT

    def living(self) -> list[int]:
        return descendants(os.getpid()) or ([self.pid] if self.exit_code is None else [])

    def end_all(self, number: int) -> None:
        for pid in self.living():
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(pid, number)
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pid, number)
