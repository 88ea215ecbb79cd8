"""Keeps the signing keys fresh: looks at them every hour, on one of the nodes."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import structlog

from polpo.engine.recurring import is_turn
from polpo.features.subjecttokens.keys import rotate
from polpo.store.database import Database

EVERY = timedelta(hours=1)
_PAUSE = 60.0
_NAME = "RotateSigningKeys"

log = structlog.get_logger("polpo.subjecttokens")


class KeyRotation:
    """One on each node."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._loop: asyncio.Task[None] | None = None

    async def start(self) -> None:
        self._loop = asyncio.create_task(self._forever(), name="key-rotation")

    async def close(self) -> None:
        if self._loop is not None:
            self._loop.cancel()
            await asyncio.gather(self._loop, return_exceptions=True)

    async def round(self) -> None:
        if await self._database.write(lambda session: is_turn(session, _NAME, EVERY)):
            await rotate(self._database)

    async def _forever(self) -> None:
        while True:
            try:
                await self.round()
            except Exception:
                log.exception("the rotation of signing keys stumbled and goes on")
            await asyncio.sleep(_PAUSE)
