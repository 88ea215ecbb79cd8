"""Work that every node does again and again, whatever becomes of one round of it."""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod

import structlog

log = structlog.get_logger("polpo.rounds")


class Rounds(ABC):
    """`PAUSE` seconds lie between two rounds. What only one node is to do, a round asks `is_turn` about."""

    PAUSE = 60.0

    def __init__(self) -> None:
        self._loop: asyncio.Task[None] | None = None

    async def start(self) -> None:
        self._loop = asyncio.create_task(self._forever(), name=type(self).__name__)

    async def close(self) -> None:
        if self._loop is not None:
            self._loop.cancel()
            await asyncio.gather(self._loop, return_exceptions=True)

    @abstractmethod
    async def round(self) -> None:
        """Does what is due now."""

    async def _forever(self) -> None:
        while True:
            try:
                await self.round()
            except Exception:
                log.exception("what is done in rounds stumbled and goes on", what=type(self).__name__)
            await asyncio.sleep(self.PAUSE)
