"""A machine that nobody reaches: what is to be done there is recorded, and goes there in a bundle."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from polpo.halibut.contracts import ScriptStatusResponseV2, ScriptTicket, StartScriptCommandV2, UploadResult
from polpo.halibut.streams import DataStream
from polpo.kernel.errors import TaskError


@dataclass(frozen=True)
class Errand:
    """What the runner is to be told there: arguments, and as the last one a file by its path below the home.

    `what` is how sentences call it. `variables` have secrets among them, whose names are `secrets`.
    """

    what: str
    arguments: tuple[str, ...]
    file: str
    variables: Mapping[str, str]
    secrets: frozenset[str]


class OfflineTransport:
    """Refuses all that would need the machine."""

    holds_answers = True

    def __init__(self, name: str) -> None:
        self.name = name

    async def capabilities(self) -> tuple[str, ...]:
        return ()

    async def start(self, command: StartScriptCommandV2) -> ScriptStatusResponseV2:
        self._refuse(command.script_ticket)

    async def status(
        self, ticket: ScriptTicket, last_log_sequence: int, *, wait: float = 0.0
    ) -> ScriptStatusResponseV2:
        del last_log_sequence, wait
        self._refuse(ticket)

    async def cancel(self, ticket: ScriptTicket, last_log_sequence: int) -> ScriptStatusResponseV2:
        del last_log_sequence
        self._refuse(ticket)

    async def complete(self, ticket: ScriptTicket) -> None:
        """There is nothing to be forgotten."""

    async def upload(self, remote_path: str, source: DataStream) -> UploadResult:
        del source
        self._refuse(remote_path)

    async def download(self, remote_path: str) -> DataStream | None:
        self._refuse(remote_path)

    def _refuse(self, _what: object) -> NoReturn:
        raise TaskError(
            f"{self.name} is an offline package drop: nothing can be run there from here, only put into the bundle of a"
            " deployment."
        )


class Recorder(OfflineTransport):
    """Takes down what one action wants to be done. Files that it wants there are put below `folder`."""

    def __init__(self, name: str, folder: Path) -> None:
        super().__init__(name)
        self.errand: Errand | None = None
        self.files: list[str] = []
        self._folder = folder

    def record(self, errand: Errand) -> None:
        self.errand = errand

    async def upload(self, remote_path: str, source: DataStream) -> UploadResult:
        path = self._folder / remote_path
        path.parent.mkdir(parents=True, exist_ok=True)
        await source.save_to(path)
        self.files.append(remote_path)
        return UploadResult(full_path=remote_path, hash=None, length=source.length)
