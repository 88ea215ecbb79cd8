"""An engine on a real database in a temporary folder, with short timings."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from polpo.engine import Engine, LogLine, NewTask, NodeRecord, TaskRecord, TaskState, Timings, get_task, nodes, read_log
from polpo.engine.run import Run
from polpo.kernel.clock import Clock, SystemClock
from polpo.store.blobs import BlobStore
from polpo.store.database import Database

TIMINGS = Timings(poll=0.05, flush=0.01, cancel=20, walk=2, tick=0.01, stop=5, watch=0.001, heartbeat=0.2)
BOUND = 60


@dataclass
class Bench:
    """Drives an engine in a test: short words for what features do in their transactions."""

    database: Database
    blobs: BlobStore
    clock: Clock = field(default_factory=SystemClock)
    kinds: dict[str, Run] = field(default_factory=dict)
    cap: int = 5
    timings: Timings = TIMINGS
    engine: Engine = field(init=False)

    def __post_init__(self) -> None:
        self.engine = self.fresh()

    def fresh(self) -> Engine:
        return Engine(self.database, self.blobs, node="node-1", cap=self.cap, clock=self.clock, timings=self.timings)

    async def start(self, **kinds: Run) -> None:
        self.kinds.update(kinds)
        for kind, run in self.kinds.items():
            self.engine.register(kind, run)
        await self.engine.start()

    async def restart(self, **kinds: Run) -> None:
        """As a new process would: a new engine on the same data."""
        await self.engine.stop()
        self.engine = self.fresh()
        await self.start(**kinds)

    async def enqueue(self, kind: str = "Work", **wish: Any) -> str:
        task = NewTask(**{"kind": kind, "description": f"{kind} something", **wish})
        return await self.database.write(lambda session: self.engine.enqueue(session, task))

    async def cancel(self, task_id: str, by: str = "Ada") -> TaskRecord:
        return await self.database.write(lambda session: self.engine.cancel(session, task_id, by))

    async def answer(self, task_id: str, key: str, value: object) -> None:
        await self.database.write(lambda session: self.engine.answer(session, task_id, key, value))

    def task(self, task_id: str) -> TaskRecord:
        with self.database.read() as session:
            return get_task(session, task_id)

    def lines(self, task_id: str, after: int = 0, take: int = 1_000_000) -> list[LogLine]:
        with self.database.read() as session:
            return read_log(session, self.blobs, task_id, after, take)

    def texts(self, task_id: str) -> list[str]:
        return [line.text for line in self.lines(task_id)]

    def nodes(self, task_id: str) -> list[NodeRecord]:
        with self.database.read() as session:
            return nodes(session, task_id)

    async def until(self, condition: Callable[[], object], what: str = "the condition") -> None:
        async with asyncio.timeout(BOUND):
            while not condition():  # noqa: ASYNC110 - the condition is in the database, which has no event for tests
                await asyncio.sleep(0.005)

    async def state(self, task_id: str, *states: TaskState) -> TaskRecord:
        await self.until(lambda: self.task(task_id).state in states)
        return self.task(task_id)

    async def end(self, task_id: str) -> TaskRecord:
        await self.until(lambda: self.task(task_id).state.is_completed)
        return self.task(task_id)


@dataclass
class Gate:
    """A place where a run function stands until the test lets it go."""

    reached: asyncio.Event = field(default_factory=asyncio.Event)
    opened: asyncio.Event = field(default_factory=asyncio.Event)

    async def wait(self) -> None:
        self.reached.set()
        await self.opened.wait()

    async def is_reached(self) -> None:
        async with asyncio.timeout(BOUND):
            await self.reached.wait()
