"""The services of an agent and what they exchange (contract: tentacle.md, section 1).

Names on the wire are fixed; `WIRE` says which dataclass a name means. Types are never built from what a peer sends.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum

from polpo.halibut.streams import DataStream


class ProcessState(IntEnum):
    PENDING = 0
    RUNNING = 1
    COMPLETE = 2


class ProcessOutputSource(IntEnum):
    STDOUT = 0
    STDERR = 1
    DEBUG = 2


class ScriptIsolationLevel(IntEnum):
    NO_ISOLATION = 0
    FULL_ISOLATION = 1


@dataclass(frozen=True)
class ScriptTicket:
    task_id: str


@dataclass(frozen=True)
class ScriptFile:
    name: str
    contents: DataStream
    encryption_password: str | None = None


@dataclass(frozen=True)
class ProcessOutput:
    source: ProcessOutputSource
    occurred: datetime
    text: str


@dataclass(frozen=True)
class StartScriptCommandV2:
    """`scripts` has the body for a kind of shell by its name (`Bash`, `PowerShell`); `script_body` is the fallback."""

    script_ticket: ScriptTicket
    script_body: str
    task_id: str = ""
    duration_to_wait_for_script_to_finish: timedelta | None = None
    isolation: ScriptIsolationLevel = ScriptIsolationLevel.NO_ISOLATION
    script_isolation_mutex_timeout: timedelta = timedelta(milliseconds=2147483647)
    isolation_mutex_name: str | None = None
    scripts: dict[str, str] | None = None
    files: tuple[ScriptFile, ...] = ()
    arguments: tuple[str, ...] = ()


@dataclass(frozen=True)
class ScriptStatusRequestV2:
    ticket: ScriptTicket
    last_log_sequence: int = 0


@dataclass(frozen=True)
class CancelScriptCommandV2:
    ticket: ScriptTicket
    last_log_sequence: int = 0


@dataclass(frozen=True)
class CompleteScriptCommandV2:
    ticket: ScriptTicket


@dataclass(frozen=True)
class ScriptStatusResponseV2:
    ticket: ScriptTicket
    state: ProcessState
    exit_code: int
    logs: tuple[ProcessOutput, ...] = ()
    next_log_sequence: int = 0


@dataclass(frozen=True)
class StartScriptCommand:
    """Version 1: the agent makes the ticket, so a repeated start is a second script."""

    script_body: str
    task_id: str = ""
    isolation: ScriptIsolationLevel = ScriptIsolationLevel.NO_ISOLATION
    script_isolation_mutex_timeout: timedelta = timedelta(milliseconds=2147483647)
    isolation_mutex_name: str | None = None
    scripts: dict[str, str] | None = None
    files: tuple[ScriptFile, ...] = ()
    arguments: tuple[str, ...] = ()


@dataclass(frozen=True)
class ScriptStatusRequest:
    ticket: ScriptTicket
    last_log_sequence: int = 0


@dataclass(frozen=True)
class CancelScriptCommand:
    ticket: ScriptTicket
    last_log_sequence: int = 0


@dataclass(frozen=True)
class CompleteScriptCommand:
    ticket: ScriptTicket
    last_log_sequence: int = 0


@dataclass(frozen=True)
class ScriptStatusResponse:
    ticket: ScriptTicket
    state: ProcessState
    exit_code: int
    logs: tuple[ProcessOutput, ...] = ()
    next_log_sequence: int = 0


@dataclass(frozen=True)
class CapabilitiesResponseV2:
    supported_capabilities: tuple[str, ...] = ()


@dataclass(frozen=True)
class UploadResult:
    """`hash` is the SHA-1 of the stored file, lower-case hex."""

    full_path: str
    hash: str | None
    length: int


_V2 = "Octopus.Tentacle.Contracts.ScriptServiceV2.{}, Octopus.Tentacle.Contracts"
_CAPABILITIES = "Octopus.Tentacle.Contracts.Capabilities.CapabilitiesResponseV2, Octopus.Tentacle.Contracts"
_SHARED = "Octopus.Shared.Contracts.{}, Octopus.Shared"

_OLD_TYPES: tuple[type, ...] = (
    StartScriptCommand,
    ScriptStatusRequest,
    CancelScriptCommand,
    CompleteScriptCommand,
    ScriptStatusResponse,
    ScriptTicket,
    UploadResult,
)

#: `$type` on the wire for each type that stands directly among arguments or results.
WIRE: dict[str, type] = {
    **{
        _V2.format(kind.__name__): kind
        for kind in (
            StartScriptCommandV2,
            ScriptStatusRequestV2,
            CancelScriptCommandV2,
            CompleteScriptCommandV2,
            ScriptStatusResponseV2,
        )
    },
    _CAPABILITIES: CapabilitiesResponseV2,
    **{_SHARED.format(kind.__name__): kind for kind in _OLD_TYPES},
}

#: Spellings that newer peers may use for the same types.
ALIASES: dict[str, type] = {
    f"Octopus.Tentacle.Contracts.{kind.__name__}, Octopus.Tentacle.Contracts": kind for kind in _OLD_TYPES
}
