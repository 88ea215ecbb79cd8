"""The agent's services as seen by the server."""

from __future__ import annotations

from typing import TypeVar

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
from polpo.halibut.errors import ProtocolBroken, RemoteError, ServiceNotFound
from polpo.halibut.runtime import Endpoint, HalibutRuntime
from polpo.halibut.streams import DataStream

T = TypeVar("T")

#: What our own agents offer besides the contract, and say so by their capabilities.
OWN_SERVICE = "IPolpoMachineService"
_CAPABILITIES = "ICapabilitiesServiceV2"


class AgentClient:
    """Capabilities, scripts and files of one agent."""

    def __init__(self, runtime: HalibutRuntime, endpoint: Endpoint, timings: Timings | None = None) -> None:
        self._runtime = runtime
        self._timings = timings
        self.endpoint = endpoint

    async def capabilities(self) -> tuple[str, ...]:
        """What the agent can do; old agents that cannot say count as the oldest kind."""
        try:
            answer = await self.call(_CAPABILITIES, "GetCapabilities")
        except RemoteError as error:
            if not _lacks_capabilities(error):
                raise
            return ("IScriptService", "IFileTransferService")
        return _of(CapabilitiesResponseV2, answer).supported_capabilities

    async def start(self, command: StartScriptCommandV2) -> ScriptStatusResponseV2:
        return await self._script("StartScript", command)

    async def status(self, ticket: ScriptTicket, after: int) -> ScriptStatusResponseV2:
        return await self._script("GetStatus", ScriptStatusRequestV2(ticket, after))

    async def cancel(self, ticket: ScriptTicket, after: int) -> ScriptStatusResponseV2:
        return await self._script("CancelScript", CancelScriptCommandV2(ticket, after))

    async def complete(self, ticket: ScriptTicket) -> None:
        await self.call("IScriptServiceV2", "CompleteScript", CompleteScriptCommandV2(ticket))

    async def upload(self, remote_path: str, stream: DataStream) -> UploadResult:
        return _of(UploadResult, await self.call("IFileTransferService", "UploadFile", remote_path, stream))

    async def download(self, remote_path: str) -> DataStream | None:
        answer = await self.call("IFileTransferService", "DownloadFile", remote_path)
        return None if answer is None else _of(DataStream, answer)

    # -- what only our own agents have

    async def wait(self, ticket: ScriptTicket, after: int, seconds: float) -> ScriptStatusResponseV2:
        """The status, when there is something new in it, or after so many seconds."""
        told = await self.call(OWN_SERVICE, "WaitForScript", ScriptStatusRequestV2(ticket, after), round(seconds, 3))
        return _of(ScriptStatusResponseV2, told)

    async def find_packages(self, question: str) -> str:
        return _of(str, await self.call(OWN_SERVICE, "FindPackages", question))

    async def apply_delta(self, order: str, delta: DataStream) -> str:
        return _of(str, await self.call(OWN_SERVICE, "ApplyDelta", order, delta))

    async def _script(self, method: str, command: object) -> ScriptStatusResponseV2:
        return _of(ScriptStatusResponseV2, await self.call("IScriptServiceV2", method, command))

    async def call(self, service: str, method: str, *params: object) -> object:
        """Any method of any service of the agent."""
        return await self._runtime.call(self.endpoint, service, method, *params, timings=self._timings)


def _of(kind: type[T], answer: object) -> T:
    if not isinstance(answer, kind):
        raise ProtocolBroken(f"The agent answered with a {type(answer).__name__} in place of a {kind.__name__}.")
    return answer


def _lacks_capabilities(error: RemoteError) -> bool:
    """Old agents do not say it in one way (contract: tentacle.md, section 1)."""
    told = f"{error.message}\n{error.remote_details}"
    if "shutting down" in told or "disposed object" in told:
        return False
    hints = ("UnknownServiceNameException", "CreateService(", "NotRegistered", _CAPABILITIES)
    return isinstance(error, ServiceNotFound) or any(hint in told for hint in hints)
