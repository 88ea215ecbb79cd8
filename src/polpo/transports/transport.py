"""What every way to a machine offers, and how its failures are told."""

from __future__ import annotations

from typing import Literal, Protocol

from polpo.halibut.contracts import (
    ProcessState,
    ScriptStatusResponseV2,
    ScriptTicket,
    StartScriptCommandV2,
    UploadResult,
)
from polpo.halibut.streams import DataStream
from polpo.kernel.errors import TaskError
from polpo.scripthost.supervision.exitcodes import ExitCode

Layer = Literal[
    "resolve", "proxy", "connect", "tls", "certificate", "trust", "host key", "sign-in", "shell", "protocol", "collect",
    "answer", "service",
]  # fmt: skip


class MachineUnreachable(TaskError):
    """The machine could not be talked to; `layer` is where it failed."""

    def __init__(self, message: str, layer: Layer) -> None:
        super().__init__(message)
        self.layer = layer


class ScriptUnknown(TaskError):
    """The machine does not know a script that was started on it: whether and how it ended will never be known."""


class Transport(Protocol):
    """One machine. Every failure is a TaskError whose sentence names the machine.

    `start`, `status`, `cancel` and `complete` are safe to repeat: a ticket is run once, however often it is started.
    """

    @property
    def name(self) -> str:
        """What messages call the machine."""

    @property
    def holds_answers(self) -> bool:
        """Whether `status` really waits when it is allowed to."""

    async def capabilities(self) -> tuple[str, ...]:
        """The services that the machine offers, by their names in the contract."""

    async def start(self, command: StartScriptCommandV2) -> ScriptStatusResponseV2:
        """Starts the script, or attaches to it; answers with its status and output from the beginning."""

    async def status(
        self, ticket: ScriptTicket, last_log_sequence: int, *, wait: float = 0.0
    ) -> ScriptStatusResponseV2:
        """The output after a position, and the state; ScriptUnknown when the machine has lost the script.

        `wait` allows the machine to answer later, up to so many seconds, when it has nothing new to say.
        """

    async def cancel(self, ticket: ScriptTicket, last_log_sequence: int) -> ScriptStatusResponseV2:
        """Tells the script to end and answers as `status` does; it has ended when the state is Complete."""

    async def complete(self, ticket: ScriptTicket) -> None:
        """Lets the machine forget the script and delete its files. Call it once the result is kept."""

    async def upload(self, remote_path: str, source: DataStream) -> UploadResult:
        """Puts a file there, as a whole or not at all; a relative path is below the machine's home."""

    async def download(self, remote_path: str) -> DataStream | None:
        """A file's content, to be discarded by the caller; None when there is no such file."""


def known(answer: ScriptStatusResponseV2, name: str) -> ScriptStatusResponseV2:
    """The answer, unless it says that the machine never heard of the ticket."""
    if answer.state is ProcessState.COMPLETE and answer.exit_code == ExitCode.UNKNOWN_TICKET:
        raise ScriptUnknown(
            f"{name} does not know the script '{answer.ticket.task_id}' any more: its files there were deleted, or "
            "another agent answers at its place. What the script did until then is done; its outcome is unknown."
        )
    return answer


def verified(result: UploadResult, sha1: str, length: int, name: str) -> UploadResult:
    """The result, unless what the machine stored is not what was sent."""
    if result.length == length and (result.hash or "").lower() == sha1:
        return result
    raise TaskError(
        f"{name} stored {result.length} bytes with the hash {result.hash} as '{result.full_path}', but {length} bytes "
        f"with the hash {sha1} were sent. Try again; if it happens again, look at the disk of {name}."
    )


_ENDS = {
    ExitCode.NONE: "The script's exit code could not be told.",
    ExitCode.FATAL: "The agent could not look after the script; its log says why.",
    ExitCode.NO_SHELL: "The shell for the script could not be started.",
    ExitCode.CANCELED: "The script was cancelled.",
    ExitCode.NO_LOCK: "The script waited too long for another one that must not run at the same time.",
    ExitCode.UNKNOWN_TICKET: "The machine does not know the script.",
    ExitCode.LOST: "The agent was restarted or lost the script; its outcome is unknown.",
    -47: "PowerShell did not start.",
}


def describe_exit_code(code: int) -> str:
    """An exit code as a sentence."""
    return _ENDS.get(code) or f"The script ended with exit code {code}."
