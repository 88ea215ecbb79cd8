"""The folder of one script, `Work/<ticket>`: its working directory, and beneath it what the supervisor keeps."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import re
import shutil
import signal
from collections.abc import Sequence
from datetime import timedelta
from hashlib import sha256
from pathlib import Path, PurePosixPath
from typing import Any

from polpo.halibut.contracts import ScriptFile, ScriptIsolationLevel, StartScriptCommandV2
from polpo.kernel.errors import Invalid
from polpo.kernel.filelocks import is_held
from polpo.scripthost.arguments import split_arguments
from polpo.scripthost.sealing import seal
from polpo.scripthost.supervision.capture import STDERR, OutputLog
from polpo.scripthost.supervision.exitcodes import ExitCode
from polpo.scripthost.supervision.processes import end_leftovers

_TICKET = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,99}")
_CONTROL = ".polpo"
DEFAULT_MUTEX = "RunningScript"
_ENDLESS = timedelta(milliseconds=2147483647)
_SHELL = "/bin/bash"


def check_ticket(ticket: str) -> None:
    """Invalid for one that could leave its folder."""
    if not _TICKET.fullmatch(ticket):
        raise Invalid(f"'{ticket}' is no ticket for a script: use at most 100 letters, digits, '-', '_' and '.'.")


def is_endless(timeout: timedelta) -> bool:
    return timeout <= timedelta() or timeout >= _ENDLESS


def inner_path(name: str, control: str) -> PurePosixPath:
    """Where a script's file lies in its folder; Invalid for one that would lie outside, or among what is `control`."""
    path = PurePosixPath(name.replace("\\", "/"))
    if path.is_absolute() or not path.parts or ".." in path.parts or path.parts[0] == control or "\0" in name:
        raise Invalid(f"The script's file '{name}' would not lie in the script's folder; rename it.")
    return path


class Workspace:
    """What is on disk about a script; holds nothing that a restart would lose."""

    def __init__(self, work: Path, ticket: str) -> None:
        check_ticket(ticket)
        self.ticket = ticket
        self.folder = work / ticket.lower()
        self.control = self.folder / _CONTROL
        self.output = self.control / "output.log"

    # -- before the start

    @property
    def is_prepared(self) -> bool:
        return (self.control / "command.json").exists()

    def prepare(self, command: StartScriptCommandV2, locks: Path, grace_seconds: float) -> None:
        """Writes the script, its files and, last, the command: a folder without a command is not yet prepared."""
        self.control.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.folder.chmod(0o700)
        for file in command.files:
            self._place(file)
        body = (command.scripts or {}).get("Bash") or command.script_body
        script = self.folder / "Bootstrap.sh"
        script.write_text(body.replace("\r\n", "\n"), newline="")
        script.chmod(0o700)
        written = self.control / "command.json.new"
        written.write_text(json.dumps(self._command(command, script, locks, grace_seconds)))
        written.replace(self.control / "command.json")

    def _command(
        self, command: StartScriptCommandV2, script: Path, locks: Path, grace_seconds: float
    ) -> dict[str, object]:
        mutex = command.isolation_mutex_name or DEFAULT_MUTEX
        timeout = command.script_isolation_mutex_timeout
        return {
            "Ticket": self.ticket.lower(),
            "TaskId": command.task_id,
            "Arguments": [_SHELL, str(script), *split_arguments(command.arguments)],
            "Directory": str(self.folder),
            "GraceSeconds": grace_seconds,
            "Isolation": {
                "Folder": str(locks / sha256(mutex.encode()).hexdigest()[:32]),
                "Name": mutex,
                "Exclusive": command.isolation is ScriptIsolationLevel.FULL_ISOLATION,
                "TimeoutSeconds": None if is_endless(timeout) else timeout.total_seconds(),
            },
        }

    def _place(self, file: ScriptFile) -> None:
        path = self.folder / inner_path(file.name, _CONTROL)
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as target:
            if file.encryption_password is not None:
                target.write(seal(b"".join(file.contents.chunks()), file.encryption_password))
            else:
                for chunk in file.contents.chunks():
                    target.write(chunk)

    # -- afterwards

    def state(self) -> dict[str, Any] | None:
        """What the supervisor last recorded; None before it has the script."""
        try:
            found: dict[str, Any] = json.loads((self.control / "state.json").read_bytes())
        except FileNotFoundError:
            return None
        return found

    def is_supervised(self) -> bool:
        """Whether the supervisor lives, told by its lock."""
        return is_held(self.control / "supervisor.lock")

    def ask_to_end(self) -> bool:
        """Tells the supervisor to cancel; False when there is none any more."""
        state = self.state()
        if state is None or not self.is_supervised():
            return False
        with contextlib.suppress(ProcessLookupError):
            os.kill(state["Pid"], signal.SIGTERM)
        return True

    def declare_lost(self) -> bool:
        """Ends what a vanished supervisor left running, and records that the result will never be known.

        Does nothing, and returns False, when there is a supervisor or a result after all.
        """
        with (self.control / "supervisor.lock").open("ab") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return False
            state = self.state()
            if state is not None and state["State"] == "Complete":
                return False
            self._record_loss(state)
        return True

    def _record_loss(self, state: dict[str, Any] | None) -> None:
        if state is not None and "Script" in state:
            end_leftovers(state["Script"], str(self.folder))
        log = OutputLog(str(self.output))
        log.drop_unfinished()
        log.add(STDERR, [_why_lost(state)])
        log.close()
        record = self.control / "state.json.new"
        record.write_text(json.dumps({**(state or {}), "State": "Complete", "ExitCode": int(ExitCode.LOST)}))
        record.replace(self.control / "state.json")

    def last_sign_of_life(self) -> float:
        """Seconds since 1970."""
        for path in (self.output, self.control, self.folder):
            with contextlib.suppress(FileNotFoundError):
                return path.stat().st_mtime
        return 0.0

    def delete(self) -> None:
        """Best effort: a script may have made what we may not remove."""
        shutil.rmtree(self.folder, ignore_errors=True)


def _why_lost(state: dict[str, Any] | None) -> str:
    if state is None:
        return "The agent was ended before it could start the script; the script did not run."
    return (
        f"The agent lost the script: its supervisor (process {state['Pid']}) is gone without having recorded a result, "
        "as after a restart of the machine. What the script did until then is done; its outcome is unknown."
    )


def workspaces(work: Path) -> Sequence[Workspace]:
    """Every workspace that lies in the folder."""
    return [Workspace(work, path.name) for path in work.iterdir() if path.is_dir() and _TICKET.fullmatch(path.name)]
