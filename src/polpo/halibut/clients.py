"""The agent's services as seen by the server."""

from __future__ import annotations

from typing import cast

from polpo.halibut.contracts import (
    CancelScriptCommandV2,
    CapabilitiesResponseV2,
    CompleteScriptCommandV2,
    ScriptStatusRequestV2,
    ScriptStatusResponseV2,
    ScriptTicket,
    StartScriptCommandV2,
    UploadResult,
)
from polpo.halibut.errors import ServiceNotFound
from polpo.halibut.runtime import Endpoint, HalibutRuntime
from polpo.halibut.streams import DataStream


class AgentClient:
    """Capabilities, scripts and files of one agent."""

    def __init__(self, runtime: HalibutRuntime, endpoint: Endpoint) -> None:
        self._runtime = runtime
        self.endpoint = endpoint

    async def capabilities(self) -> tuple[str, ...]:
        """What the agent can do; old agents that cannot say count as the oldest kind."""
        try:
            answer = await self._runtime.call(self.endpoint, "ICapabilitiesServiceV2", "GetCapabilities")
        except ServiceNotFound:
            return ("IScriptService", "IFileTransferService")
        return cast("CapabilitiesResponseV2", answer).supported_capabilities

    async def start(self, command: StartScriptCommandV2) -> ScriptStatusResponseV2:
        return await self._script("StartScript", command)

    async def status(self, ticket: str, after: int) -> ScriptStatusResponseV2:
        return await self._script("GetStatus", ScriptStatusRequestV2(ScriptTicket(ticket), after))

    async def cancel(self, ticket: str, after: int) -> ScriptStatusResponseV2:
        return await self._script("CancelScript", CancelScriptCommandV2(ScriptTicket(ticket), after))

    async def complete(self, ticket: str) -> None:
        command = CompleteScriptCommandV2(ScriptTicket(ticket))
        await self._runtime.call(self.endpoint, "IScriptServiceV2", "CompleteScript", command)

    async def upload(self, remote_path: str, stream: DataStream) -> UploadResult:
        call = self._runtime.call(self.endpoint, "IFileTransferService", "UploadFile", remote_path, stream)
        return cast("UploadResult", await call)

    async def download(self, remote_path: str) -> DataStream | None:
        call = self._runtime.call(self.endpoint, "IFileTransferService", "DownloadFile", remote_path)
        return cast("DataStream | None", await call)

    async def _script(self, method: str, command: object) -> ScriptStatusResponseV2:
        answer = await self._runtime.call(self.endpoint, "IScriptServiceV2", method, command)
        return cast("ScriptStatusResponseV2", answer)
