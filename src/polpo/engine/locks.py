"""Locks by name inside one process, first come, first served: who holds one, who waits for it, and since when.

They keep order and tell people what a task waits for. Where two processes could meet, what is locked must guard itself.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from polpo.engine.waiting import Reason
from polpo.kernel.clock import Clock

_FIRST_WORD, _NEXT_WORD = 1.0, 5.0  # seconds of waiting before somebody is told


@dataclass(eq=False)
class Claim:
    """One holder of a lock, or one who waits; `since` is the moment at which that began."""

    task_id: str
    description: str
    is_shared: bool
    since: datetime
    granted: asyncio.Event = field(default_factory=asyncio.Event)


@dataclass
class _Lock:
    label: str
    holders: list[Claim] = field(default_factory=list)
    waiting: list[Claim] = field(default_factory=list)

    def admits(self, claim: Claim) -> bool:
        return not self.holders or (claim.is_shared and all(holder.is_shared for holder in self.holders))

    def in_the_way_of(self, claim: Claim) -> Claim | None:
        if self.holders:
            return self.holders[0]
        return next((other for other in self.waiting if other is not claim), None)


class Locks:
    """All locks of one process. Shared claims go together; one that is not shared goes alone, and nobody overtakes."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._locks: dict[str, _Lock] = {}

    @contextlib.asynccontextmanager
    async def hold(
        self,
        name: str,
        label: str,
        task: tuple[str, str],
        tell: Callable[[str], None],
        *,
        shared: bool = False,
        at_once: bool = False,
    ) -> AsyncIterator[None]:
        """Holds the lock inside the block. `label` is how people call what is locked; `task` is id and description.

        `tell` hears, after a moment, who is in the way. `at_once` is for what already works there, since before the
        process began: it holds the lock without waiting, and others wait for it.
        """
        lock = self._locks.setdefault(name, _Lock(label))
        claim = Claim(*task, shared, self._clock.now())
        (lock.holders if at_once else lock.waiting).append(claim)
        try:
            if not at_once:
                self._let_in(lock)
                await self._granted(lock, claim, tell)
            yield
        finally:
            for place in (lock.holders, lock.waiting):
                if claim in place:
                    place.remove(claim)
            self._let_in(lock)
            if not lock.holders and not lock.waiting and self._locks.get(name) is lock:
                del self._locks[name]

    def _let_in(self, lock: _Lock) -> None:
        while lock.waiting and lock.admits(lock.waiting[0]):
            claim = lock.waiting.pop(0)
            claim.since = self._clock.now()
            lock.holders.append(claim)
            claim.granted.set()

    async def _granted(self, lock: _Lock, claim: Claim, tell: Callable[[str], None]) -> None:
        told: Claim | None = None
        patience = _FIRST_WORD
        while not claim.granted.is_set():
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(patience):
                    await claim.granted.wait()
            other = lock.in_the_way_of(claim)
            if not claim.granted.is_set() and other is not None and other is not told:
                told, patience = other, _NEXT_WORD
                tell(_sentence(lock, claim, other))

    def reasons(self, task_id: str) -> list[Reason]:
        """What a running task waits for here, each once and the oldest first; safe to be asked from any thread."""
        found: dict[str, Reason] = {}
        for reason in sorted(self._reasons(task_id), key=lambda one: one.since):
            found.setdefault(reason.text, reason)
        return list(found.values())

    def _reasons(self, task_id: str) -> Iterator[Reason]:
        for lock in list(self._locks.values()):
            for claim in list(lock.waiting):
                other = lock.in_the_way_of(claim) if claim.task_id == task_id else None
                if other is not None:
                    others = () if other.task_id == task_id else (other.task_id,)
                    yield Reason("lock", _sentence(lock, claim, other), claim.since, others)


def _sentence(lock: _Lock, claim: Claim, other: Claim) -> str:
    who = "another step of this task" if other.task_id == claim.task_id else f"{other.task_id} ({other.description})"
    return f"Waits for {who}, which works on {lock.label} since {other.since:%H:%M:%S} UTC."
