"""Connections to listening agents that are kept for the next request."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Hashable
from dataclasses import dataclass, field

import structlog

from polpo.halibut.connection import Connection
from polpo.halibut.dialogues import END, go_on
from polpo.halibut.errors import ConnectionLost, ProtocolBroken
from polpo.kernel.clock import Clock

log = structlog.get_logger("polpo.halibut")

_MOST_IDLE = 5
_LONGEST_IDLE = 9 * 60.0
_SWEEP_EVERY = 30.0
_PROOF_SECONDS = 10.0


@dataclass(frozen=True)
class _Idle:
    connection: Connection
    since: float


@dataclass
class IdlePool:
    """At most five a place, none for longer than nine minutes (contract: halibut.md, section 4)."""

    clock: Clock
    _places: dict[Hashable, list[_Idle]] = field(default_factory=dict)
    _swept: float = float("-inf")

    async def take(self, place: Hashable) -> Connection | None:
        """One that still answers; a request that is sent over it has not been lost on the way before.

        When one has lost its way silently, so have most likely the others, and proving each would take long.
        """
        await self._sweep()
        while self._places.get(place):
            connection = self._places[place].pop().connection
            try:
                if await connection.play(go_on(min(_PROOF_SECONDS, connection.timings.io))):
                    return connection
            except (ConnectionLost, ProtocolBroken) as error:
                log.debug("an idle connection had ended", peer=connection.peer, reason=error.message)
                self.drop(place)
            except BaseException:
                await connection.close()
                raise
            await connection.close()
        return None

    def drop(self, place: Hashable) -> None:
        """Ends the connections to a place to which one was lost."""
        for one in self._places.pop(place, []):
            one.connection.abort()

    async def put(self, place: Hashable, connection: Connection) -> None:
        kept = self._places.setdefault(place, [])
        kept.append(_Idle(connection, self.clock.monotonic()))
        if len(kept) > _MOST_IDLE:
            await _end(kept.pop(0).connection)

    async def _sweep(self) -> None:
        """Also of places that nobody asks for any more."""
        now = self.clock.monotonic()
        if now - self._swept < _SWEEP_EVERY:
            return  # it looks at every place, and a server may have thousands
        self._swept = now
        before = now - _LONGEST_IDLE
        old: list[_Idle] = []
        for place, kept in list(self._places.items()):
            old += [one for one in kept if one.since < before]
            self._places[place] = [one for one in kept if one.since >= before]
            if not self._places[place]:
                del self._places[place]
        await asyncio.gather(*(_end(one.connection) for one in old))

    async def close(self) -> None:
        kept = [one for places in self._places.values() for one in places]
        self._places.clear()
        await asyncio.gather(*(_end(one.connection) for one in kept))


async def _end(connection: Connection) -> None:
    """Tells the agent, which waits for NEXT or END."""
    with contextlib.suppress(ConnectionLost):
        await connection.write(END)
    await connection.close()
