"""Runs one script and outlives whoever started it; `start.launch` starts it as a process of its own.

The control folder holds `command.json` (what to run, written by the script host) and gets

    supervisor.lock  locked while this program lives: how others tell, whatever happens to process numbers
    output.log       one JSON array a line, [source, milliseconds since 1970, text]; the position is the sequence number
    state.json       replaced as a whole: Pending (waits for the isolation lock), Running, Complete with the exit code

Descriptor 3 is the host's: one byte once the script is in our hands, end of file when this program ends.
SIGTERM means cancel: the script and all it started get SIGTERM, and SIGKILL after a grace period.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import selectors
import signal
import sys
import time
from typing import Any

from polpo.scripthost.supervision.capture import DEBUG, STDERR, STDOUT, Lines, OutputLog
from polpo.scripthost.supervision.exitcodes import ExitCode
from polpo.scripthost.supervision.isolation import Isolation
from polpo.scripthost.supervision.processes import Ended, Script, adopt_orphans

_READ = 256 * 1024
_READY_FD = 3
_FIRST_WAIT, _WAIT_REPORT_EVERY = 0.1, 600.0
_UNKILLABLE_AFTER = 10.0


class _Interrupted(Exception):
    """A blocking wait for a lock is left, to look at the clock and at cancellation."""


class Control:
    """The control folder."""

    def __init__(self, folder: str) -> None:
        self.folder = folder
        self.state: dict[str, Any] = {}

    def path(self, name: str) -> str:
        return os.path.join(self.folder, name)

    def command(self) -> dict[str, Any]:
        with open(self.path("command.json"), encoding="utf-8") as file:
            loaded: dict[str, Any] = json.load(file)
        return loaded

    def change(self, *, durable: bool = False, **members: Any) -> None:
        """Replaces the state; `durable` makes it outlive a crash of the machine."""
        self.state.update(members)
        temporary = self.path("state.json.new")
        with open(temporary, "w", encoding="utf-8") as file:
            json.dump(self.state, file)
            if durable:
                file.flush()
                os.fsync(file.fileno())
        os.replace(temporary, self.path("state.json"))


class Supervisor:
    def __init__(self, control: Control, command: dict[str, Any]) -> None:
        self._control = control
        self._command = command
        self._log = OutputLog(control.path("output.log"))
        self._canceled_at: float | None = None
        self._interruptible = False
        self._told = False
        self._wakeup, wakeup = os.pipe()
        for descriptor in (self._wakeup, wakeup):
            os.set_blocking(descriptor, False)
        signal.set_wakeup_fd(wakeup, warn_on_full_buffer=False)
        signal.signal(signal.SIGTERM, self._on_cancel)
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.signal(signal.SIGALRM, self._on_tick)

    def _on_cancel(self, *_: object) -> None:
        self._canceled_at = self._canceled_at or time.monotonic()
        self._on_tick()

    def _on_tick(self, *_: object) -> None:
        if self._interruptible:
            raise _Interrupted

    def run(self) -> None:
        """From the wait for the lock to the exit record."""
        isolation = self._isolate()
        try:
            exit_code = self._carry_out()
        finally:
            isolation.release()
        self._complete(exit_code)

    def end(self, exit_code: int, reason: str) -> None:
        """Records an end that is not the script's own; on a full disk the record matters more than the line."""
        with contextlib.suppress(OSError):
            self._log.add(STDERR, [reason])
        self._complete(exit_code)

    def _complete(self, exit_code: int) -> None:
        self._control.change(State="Complete", ExitCode=exit_code, Completed=time.time())

    # -- the isolation lock

    def _isolate(self) -> Isolation:
        wish = self._command["Isolation"]
        isolation = Isolation(wish["Folder"], wish["Name"], exclusive=wish["Exclusive"])
        begun = time.monotonic()
        deadline = begun + wish["TimeoutSeconds"] if wish["TimeoutSeconds"] is not None else None
        report_at = begun + _FIRST_WAIT
        signal.setitimer(signal.ITIMER_REAL, _FIRST_WAIT, 1.0)
        for descriptor, operation in isolation.steps():
            while not self._locked(descriptor, operation):
                now = time.monotonic()
                if self._canceled_at is not None:
                    raise Ended(ExitCode.CANCELED, "Script execution canceled.")
                if deadline is not None and now >= deadline:
                    raise Ended(
                        ExitCode.NO_LOCK,
                        f"Script execution timed out. {isolation.describe_wait()} It waited {now - begun:.0f} s.",
                    )
                if now >= report_at:
                    report_at = now + _WAIT_REPORT_EVERY
                    self._say_waiting(isolation.describe_wait())
        signal.setitimer(signal.ITIMER_REAL, 0)
        isolation.taken(self._command["Ticket"], self._command["TaskId"])
        return isolation

    def _locked(self, descriptor: int, operation: int) -> bool:
        """Waits for the lock until the next tick. A signal just before the wait is made good by the tick after it."""
        try:
            self._interruptible = True
            fcntl.flock(descriptor, operation)
        except _Interrupted:
            return False
        finally:
            self._interruptible = False
        return True

    def _say_waiting(self, text: str) -> None:
        self._log.add(STDOUT, ["##octopus[stdout-wait]", text, "##octopus[stdout-default]"])

    # -- the script

    def _carry_out(self) -> int:
        if self._canceled_at is not None:
            raise Ended(ExitCode.CANCELED, "Script execution canceled.")
        arguments, directory = self._command["Arguments"], self._command["Directory"]
        self._control.change(State="Running", Started=time.time())
        self._log.add(DEBUG, [f"Starting {arguments[0]} in the working directory '{directory}' as {_user()}."])
        script = Script(arguments, directory, lambda pid: self._control.change(Script=pid))
        try:
            self._follow(script)
        except OSError:
            script.end_all(signal.SIGKILL)
            raise
        return self._settle(script)

    def _settle(self, script: Script) -> int:
        exit_code = ExitCode.NONE if script.exit_code is None else script.exit_code
        if self._canceled_at is not None:
            self._log.add(STDERR, ["Script execution canceled."])
            if left := script.living():
                numbers = ", ".join(str(pid) for pid in left)
                self._log.add(STDERR, [f"These processes could not be ended and may still run: {numbers}."])
            return ExitCode.CANCELED
        if script.signal:
            name = signal.strsignal(script.signal) or "unknown"
            self._log.add(STDERR, [f"The script was ended from outside by signal {script.signal} ({name})."])
        self._log.add(DEBUG, [f"The script ended with exit code {exit_code}."])
        return exit_code

    def _follow(self, script: Script) -> None:
        """Takes the output until the script has ended and the output too, or nobody writes to it any more."""
        with selectors.DefaultSelector() as selector:
            selector.register(self._wakeup, selectors.EVENT_READ)
            for source, descriptor in ((STDOUT, script.output), (STDERR, script.errors)):
                selector.register(descriptor, selectors.EVENT_READ, (source, Lines()))
            last_output = 0.0
            while True:
                heard = False
                for key, _ in selector.select(self._patience(script)):
                    heard = self._take(selector, key) or heard
                script.reap()
                last_output = time.monotonic() if heard else last_output
                silent = len(selector.get_map()) == 1 or script.has_fallen_silent(last_output)
                if self._is_over(script, silent=silent):
                    break
                self._pursue_cancel(script)
            for key in list(selector.get_map().values()):
                if key.data:
                    self._log.add(key.data[0], key.data[1].rest())

    def _take(self, selector: selectors.BaseSelector, key: selectors.SelectorKey) -> bool:
        try:
            data = os.read(key.fd, _READ)
        except BlockingIOError:
            return False
        if key.data is None:
            return False
        source, lines = key.data
        found = lines.feed(data) if data else lines.rest()
        if found:
            self._log.add(source, found)
        if not data:
            selector.unregister(key.fd)
        return True

    def _patience(self, script: Script) -> float | None:
        """Seconds until something must be looked at again without being woken; None while there is nothing."""
        return 0.1 if self._canceled_at is not None or script.exit_code is not None else None

    def _is_over(self, script: Script, *, silent: bool) -> bool:
        """After a cancel all that the script started must go too, but we do not wait for that for ever."""
        if self._canceled_at is None:
            return script.exit_code is not None and silent
        if time.monotonic() - self._canceled_at > self._command["GraceSeconds"] + _UNKILLABLE_AFTER:
            return True
        return script.exit_code is not None and silent and not script.living()

    def _pursue_cancel(self, script: Script) -> None:
        if self._canceled_at is None:
            return
        if time.monotonic() - self._canceled_at > self._command["GraceSeconds"]:
            script.end_all(signal.SIGKILL)
        elif not self._told:
            self._told = True
            script.end_all(signal.SIGTERM)


def _user() -> str:
    import pwd

    try:
        return pwd.getpwuid(os.geteuid()).pw_name
    except KeyError:
        return f"user {os.geteuid()}"


def _own(control: Control) -> bool:
    """Takes the supervisor's lock; another holder is either the right supervisor or a glance of the host."""
    descriptor = os.open(control.path("supervisor.lock"), os.O_RDWR | os.O_CREAT, 0o600)
    for _ in range(100):
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            time.sleep(0.01)
        else:
            return not os.path.exists(control.path("state.json"))
    return False


def main() -> None:
    with contextlib.suppress(OSError):
        os.setsid()
    os.set_inheritable(_READY_FD, False)
    control = Control(sys.argv[1])
    if not _own(control):
        return
    adopt_orphans()
    supervisor = Supervisor(control, control.command())
    control.change(State="Pending", ExitCode=0, Pid=os.getpid(), Created=time.time(), durable=True)
    with contextlib.suppress(BrokenPipeError):
        os.write(_READY_FD, b"1")
    try:
        supervisor.run()
    except Ended as error:
        supervisor.end(error.exit_code, error.reason)
    except Exception as error:
        supervisor.end(ExitCode.FATAL, f"The agent could not look after the script: {type(error).__name__}: {error}.")
        raise
