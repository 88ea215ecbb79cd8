"""The machine that the server itself runs on."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import TypeVar

from polpo.halibut.contracts import ScriptStatusResponseV2, ScriptTicket, StartScriptCommandV2, UploadResult
from polpo.halibut.streams import DataStream
from polpo.kernel.errors import AppError, TaskError
from polpo.scripthost.answers import Answers
from polpo.scripthost.files import FileStore
from polpo.scripthost.host import ScriptHost
from polpo.transports.transport import known

T = TypeVar("T")


class LocalTransport:
    """The built-in worker: scripts and files below the host's home, without any wire."""

    holds_answers = True

    def __init__(self, host: ScriptHost, name: str = "The built-in worker") -> None:
        self._host = host
        self._files = FileStore(host.home)
        self._answers = Answers(host.home)
        self.name = name

    async def capabilities(self) -> tuple[str, ...]:
        return ("IScriptServiceV2", "IFileTransferService")

    async def start(self, command: StartScriptCommandV2) -> ScriptStatusResponseV2:
        return await self._answered(self._host.start(command))

    async def status(
        self, ticket: ScriptTicket, last_log_sequence: int, *, wait: float = 0.0
    ) -> ScriptStatusResponseV2:
        return known(await self._host.status(ticket, last_log_sequence, wait), self.name)

    async def cancel(self, ticket: ScriptTicket, last_log_sequence: int) -> ScriptStatusResponseV2:
        return known(await self._host.cancel(ticket, last_log_sequence), self.name)

    async def complete(self, ticket: ScriptTicket) -> None:
        await self._host.complete(ticket)

    async def upload(self, remote_path: str, source: DataStream) -> UploadResult:
        return await self._answered(self._files.upload(remote_path, source))

    async def download(self, remote_path: str) -> DataStream | None:
        return await self._answered(self._files.download(remote_path))

    async def find_packages(self, question: str, size: int) -> str | None:
        del size
        return await self._answered(self._answers.find_packages(question))

    async def apply_delta(self, order: str, delta: DataStream, size: int) -> str | None:
        del size
        return await self._answered(self._answers.apply_delta(order, delta))

    async def _answered(self, answer: Awaitable[T]) -> T:
        try:
            return await answer
        except AppError as error:
            raise self._told(error) from error

    def _told(self, error: AppError) -> TaskError:
        return TaskError(f"{self.name}: {error.message}")
