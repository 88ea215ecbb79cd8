"""Keeps the signing keys fresh: looks at them every hour, on one of the nodes."""

from __future__ import annotations

from datetime import timedelta

from polpo.engine.recurring import is_turn
from polpo.engine.rounds import Rounds
from polpo.features.subjecttokens.keys import rotate
from polpo.store.database import Database

EVERY = timedelta(hours=1)
_NAME = "RotateSigningKeys"


class KeyRotation(Rounds):
    """One on each node."""

    def __init__(self, database: Database) -> None:
        super().__init__()
        self._database = database

    async def round(self) -> None:
        if await self._database.write(lambda session: is_turn(session, _NAME, EVERY)):
            await rotate(self._database)
