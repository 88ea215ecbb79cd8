"""The agent's services as seen by the server."""

from __future__ import annotations

from typing import cast

from polpo.halibut.connection import Timings
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

#: What our own agents offer besides the contract, and say so by their capabilities.
OWN_SERVICE = "IPolpoMachineService"


class AgentClient:
    """Capabilities, scripts and files of one agent."""

    def __init__(self, runtime: HalibutRuntime, endpoint: Endpoint, timings: Timings | None = None) -> None:
        self._runtime = runtime
        self._timings = timings
        self.endpoint = endpoint

    async def capabilities(self) -> tuple[str, ...]:
        """What the agent can do; old agents that cannot say count as the oldest kind."""
        try:
            answer = await self._call("ICapabilitiesServiceV2", "GetCapabilities")
        except ServiceNotFound:
            return ("IScriptService", "IFileTransferService")
        return cast("CapabilitiesResponseV2", answer).supported_capabilities

    async def start(self, command: StartScriptCommandV2) -> ScriptStatusResponseV2:
        return await self._script("StartScript", command)

    async def status(self, ticket: ScriptTicket, after: int) -> ScriptStatusResponseV2:
        return await self._script("GetStatus", ScriptStatusRequestV2(ticket, after))

    async def cancel(self, ticket: ScriptTicket, after: int) -> ScriptStatusResponseV2:
        return await self._script("CancelScript", CancelScriptCommandV2(ticket, after))

    async def complete(self, ticket: ScriptTicket) -> None:
        await self._call("IScriptServiceV2", "CompleteScript", CompleteScriptCommandV2(ticket))

    async def upload(self, remote_path: str, stream: DataStream) -> UploadResult:
        return cast("UploadResult", await self._call("IFileTransferService", "UploadFile", remote_path, stream))

    async def download(self, remote_path: str) -> DataStream | None:
        return cast("DataStream | None", await self._call("IFileTransferService", "DownloadFile", remote_path))

    # -- what only our own agents have

    async def wait(self, ticket: ScriptTicket, after: int, seconds: float) -> ScriptStatusResponseV2:
        """The status, when there is something new in it, or after so many seconds."""
        told = await self._call(OWN_SERVICE, "WaitForScript", ScriptStatusRequestV2(ticket, after), round(seconds, 3))
        return cast("ScriptStatusResponseV2", told)

    async def find_packages(self, question: str) -> str:
        return cast("str", await self._call(OWN_SERVICE, "FindPackages", question))

    async def apply_delta(self, order: str, delta: DataStream) -> str:
        return cast("str", await self._call(OWN_SERVICE, "ApplyDelta", order, delta))

    async def _script(self, method: str, command: object) -> ScriptStatusResponseV2:
        return cast("ScriptStatusResponseV2", await self._call("IScriptServiceV2", method, command))

    async def _call(self, service: str, method: str, *params: object) -> object:
        return await self._runtime.call(self.endpoint, service, method, *params, timings=self._timings)
