"""What an agent offers, under the names of the contract (tentacle.md, section 1)."""

from __future__ import annotations

import dataclasses
import re
import secrets
from itertools import count

from polpo.halibut.clients import OWN_SERVICE
from polpo.halibut.contracts import (
    CancelScriptCommand,
    CancelScriptCommandV2,
    CapabilitiesResponseV2,
    CompleteScriptCommand,
    CompleteScriptCommandV2,
    ScriptStatusRequest,
    ScriptStatusRequestV2,
    ScriptStatusResponse,
    ScriptStatusResponseV2,
    ScriptTicket,
    StartScriptCommand,
    StartScriptCommandV2,
)
from polpo.halibut.serving import Service
from polpo.kernel.clock import Clock, SystemClock
from polpo.scripthost.answers import Answers
from polpo.scripthost.files import FileStore
from polpo.scripthost.host import ScriptHost
from polpo.scripthost.supervision.exitcodes import ExitCode

_UNFIT = re.compile(r"[^A-Za-z0-9_.-]")
_CAPABILITIES = ("IScriptService", "IFileTransferService", "IScriptServiceV2", OWN_SERVICE)
_LONGEST_WAIT = 20.0  # seconds; whoever asks takes a connection for lost after thirty


def services_of(host: ScriptHost, clock: Clock | None = None) -> dict[str, Service]:
    """The services over a script host and the files of its home."""
    files, answers = FileStore(host.home), Answers(host.home)

    async def get_capabilities() -> CapabilitiesResponseV2:
        return CapabilitiesResponseV2(_CAPABILITIES)

    async def get_status(request: ScriptStatusRequestV2) -> ScriptStatusResponseV2:
        return await host.status(request.ticket, request.last_log_sequence)

    async def wait_for_script(request: ScriptStatusRequestV2, seconds: float) -> ScriptStatusResponseV2:
        return await host.status(request.ticket, request.last_log_sequence, min(max(seconds, 0.0), _LONGEST_WAIT))

    async def cancel_script(command: CancelScriptCommandV2) -> ScriptStatusResponseV2:
        return await host.cancel(command.ticket, command.last_log_sequence)

    async def complete_script(command: CompleteScriptCommandV2) -> None:
        await host.complete(command.ticket)

    return {
        "ICapabilitiesServiceV2": {"GetCapabilities": get_capabilities},
        "IScriptServiceV2": {
            "StartScript": host.start,
            "GetStatus": get_status,
            "CancelScript": cancel_script,
            "CompleteScript": complete_script,
        },
        "IScriptService": _version_1(host, clock or SystemClock()),
        "IFileTransferService": {"UploadFile": files.upload, "DownloadFile": files.download},
        OWN_SERVICE: {
            "WaitForScript": wait_for_script,
            "FindPackages": answers.find_packages,
            "ApplyDelta": answers.apply_delta,
        },
    }


def _version_1(host: ScriptHost, clock: Clock) -> Service:
    """What servers before 2023 speak: the agent makes the ticket, and knows nothing of a script it has forgotten."""
    started = count(1)

    async def start_script(command: StartScriptCommand) -> ScriptTicket:
        moment = clock.now().strftime("%Y%m%d%H%M%S")
        task = _UNFIT.sub("", command.task_id.removeprefix("ServerTasks-"))
        ticket = ScriptTicket(f"{moment}-{task}-{next(started)}-{secrets.token_hex(4)}")
        members = {field.name: getattr(command, field.name) for field in dataclasses.fields(command)}
        await host.start(StartScriptCommandV2(script_ticket=ticket, **members))
        return ticket

    async def get_status(request: ScriptStatusRequest) -> ScriptStatusResponse:
        return _as_version_1(await host.status(request.ticket, request.last_log_sequence))

    async def cancel_script(command: CancelScriptCommand) -> ScriptStatusResponse:
        return _as_version_1(await host.cancel(command.ticket, command.last_log_sequence))

    async def complete_script(command: CompleteScriptCommand) -> ScriptStatusResponse:
        last = _as_version_1(await host.status(command.ticket, command.last_log_sequence))
        await host.complete(command.ticket)
        return last

    return {
        "StartScript": start_script,
        "GetStatus": get_status,
        "CancelScript": cancel_script,
        "CompleteScript": complete_script,
    }


def _as_version_1(status: ScriptStatusResponseV2) -> ScriptStatusResponse:
    exit_code = 0 if status.exit_code == ExitCode.UNKNOWN_TICKET else status.exit_code
    return ScriptStatusResponse(status.ticket, status.state, exit_code, status.logs, status.next_log_sequence)
