"""What an agent offers, under the names of the contract (tentacle.md, section 1)."""

from __future__ import annotations

from polpo.halibut.contracts import (
    CancelScriptCommandV2,
    CapabilitiesResponseV2,
    CompleteScriptCommandV2,
    ScriptStatusRequestV2,
    ScriptStatusResponseV2,
)
from polpo.halibut.runtime import Service
from polpo.scripthost.files import FileStore
from polpo.scripthost.host import ScriptHost

_CAPABILITIES = ("IScriptServiceV2", "IFileTransferService")


def services_of(host: ScriptHost) -> dict[str, Service]:
    """The services over a script host and the files of its home."""
    files = FileStore(host.home)

    async def get_capabilities() -> CapabilitiesResponseV2:
        return CapabilitiesResponseV2(_CAPABILITIES)

    async def get_status(request: ScriptStatusRequestV2) -> ScriptStatusResponseV2:
        return await host.status(request.ticket, request.last_log_sequence)

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
        "IFileTransferService": {"UploadFile": files.upload, "DownloadFile": files.download},
    }
