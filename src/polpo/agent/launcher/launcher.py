"""The process that people and systemd see as the agent: it starts the program, and tries new versions of it.

A new version is on probation: it has to be up and to have answered a server's call within a bound, else it is ended
and the old version is started again. Scripts go on meanwhile; they have supervisors of their own.

SIGTERM and SIGINT end the program and then this process; SIGHUP says that there is a wish (`programs`).
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import selectors
import signal
import sys
import time
from pathlib import Path
from typing import Literal

from polpo.agent.launcher.child import RESTART_CODE, Child
from polpo.agent.launcher.programs import Program, Programs, Wish

Event = Literal["ended", "stop", "look", "answered", "late"]
LOCK = "launcher.lock"


class Launcher:
    def __init__(self, programs: Programs, arguments: list[str]) -> None:
        self._programs = programs
        self._arguments = arguments
        self._stops = False
        self._looks = False
        self._wakeup, wakeup = os.pipe()
        for descriptor in (self._wakeup, wakeup):
            os.set_blocking(descriptor, False)
        signal.set_wakeup_fd(wakeup, warn_on_full_buffer=False)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._on_stop)
        signal.signal(signal.SIGHUP, self._on_look)
        signal.signal(signal.SIGCHLD, lambda *_: None)

    def _on_stop(self, *_: object) -> None:
        self._stops = True

    def _on_look(self, *_: object) -> None:
        self._looks = True

    def run(self) -> int:
        """Until told to stop, or until the program ends by itself; the exit code."""
        if forgotten := self._programs.take_wish():
            self._programs.tell(forgotten.id, updated=False, reason="the agent was restarted before it was tried")
        child = self._start(self._programs.current())
        while True:
            event = self._wait(child)
            if event == "stop":
                return child.end()
            if event == "look":
                if wish := self._programs.take_wish():
                    child = self._try(wish, child)
                continue
            code = child.end()
            if code == RESTART_CODE:
                child = self._start(child.program)
            elif child.program.folder and not child.is_ready:
                child = self._fall_back(child.program, code)
            else:
                return code

    def _start(self, program: Program, *, on_probation: bool = False) -> Child:
        return Child(program, self._arguments, on_probation=on_probation)

    def _try(self, wish: Wish, child: Child) -> Child:
        """The new version if it proves itself, else the old one again."""
        old, new = child.program, wish.program
        _say(f"trying version {new.version} in the place of {old.version}")
        child.end()
        trial = self._start(new, on_probation=True)
        event = self._wait(trial, time.monotonic() + wish.seconds)
        if event == "answered":
            self._programs.adopt(new, old)
            self._programs.tell(wish.id, updated=True)
            _say(f"version {new.version} runs")
            return trial
        reason = _reason(event, trial, wish.seconds)
        if event != "stop":
            trial.end()
        reason += f" Its last words: {trial.last_lines[-1]}" if trial.last_lines else ""
        self._programs.tell(wish.id, updated=False, reason=reason)
        _say(f"version {new.version} is not used, {old.version} goes on: {reason}")
        return trial if event == "stop" else self._start(old)

    def _fall_back(self, program: Program, code: int) -> Child:
        """An update that worked and does so no more, as after another Python was installed."""
        self._programs.forsake()
        installed = self._programs.installed
        _say(
            f"version {program.version}, which an update brought, does not start any more (exit code {code}); "
            f"the installed version {installed.version} is used from now on"
        )
        return self._start(installed)

    def _wait(self, child: Child, deadline: float | None = None) -> Event:
        """What happens next; `answered` and `late` only while there is a deadline."""
        with selectors.DefaultSelector() as selector:
            selector.register(self._wakeup, selectors.EVENT_READ, self._hear_signal)
            selector.register(child.reports, selectors.EVENT_READ, child.hear_report)
            if child.errors >= 0:
                selector.register(child.errors, selectors.EVENT_READ, child.hear_errors)
            while True:
                if self._stops:
                    return "stop"
                _reap_orphans(child.pid)
                if child.exit_code is not None:
                    return "ended"
                if deadline is None and self._looks:
                    self._looks = False
                    return "look"
                if deadline is not None and child.is_ready and child.has_answered:
                    return "answered"
                left = None if deadline is None else deadline - time.monotonic()
                if left is not None and left <= 0:
                    return "late"
                for key, _ in selector.select(left):
                    if not key.data():
                        selector.unregister(key.fd)

    def _hear_signal(self) -> bool:
        with contextlib.suppress(BlockingIOError):
            os.read(self._wakeup, 100)
        return True


def _reap_orphans(own: int) -> None:
    """As the first process of a container, we inherit what others leave behind, such as scripts of an ended agent."""
    if os.getpid() != 1:
        return
    with contextlib.suppress(ChildProcessError):
        while (ended := os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)) and ended.si_pid != own:
            os.waitpid(ended.si_pid, 0)


def _reason(event: Event, trial: Child, seconds: float) -> str:
    if event == "stop":
        return "the agent was told to stop while the new version was tried."
    if event == "ended":
        return f"it ended with exit code {trial.exit_code}."
    if not trial.is_ready:
        return f"it had not started after {seconds:.0f} s."
    return f"it had not answered a server within {seconds:.0f} s."


def _say(text: str) -> None:
    with contextlib.suppress(OSError):
        sys.stderr.write(f"polpo agent: {text}\n")
        sys.stderr.flush()


def _hold(home: str) -> None:
    """Locks the agent's folder for as long as this process lives, with its number inside for updates."""
    descriptor = os.open(Path(home) / LOCK, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        sys.stderr.write(f"polpo: The agent in {home} runs already; stop that one first.\n")
        sys.exit(1)
    os.ftruncate(descriptor, 0)
    os.write(descriptor, str(os.getpid()).encode())


def main() -> None:
    """Arguments: where the installed `polpo` lies, the agent's folder, and what else its program is to be told."""
    from polpo.version import __version__

    root, home, *more = sys.argv[1:]
    _hold(home)
    sys.exit(Launcher(Programs(home, root, __version__), [home, *more]).run())
