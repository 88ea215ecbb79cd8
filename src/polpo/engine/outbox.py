"""Everything a run writes goes through here: journal rows, log lines, tree nodes, in the order they were made.

What is pending when a transaction begins goes into it together, under one check of the fence. So the lines of a step
are in the database no later than its result, and many steps that end at the same time share one commit.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
import structlog

from polpo.engine.errors import Fenced
from polpo.engine.loglines import Line, pack_lines
from polpo.engine.tables import server_task, task_activity, task_log, task_node
from polpo.engine.tasks import RUNNING
from polpo.store.database import Database
from polpo.store.session import Session

log = structlog.get_logger("polpo.engine")

#: What is announced when a running task has written something; the item is the task.
TOUCH = "touch"

_FULL = 500
_WARNINGS = frozenset({"Warning", "Error", "Fatal"})

_t = server_task
_check = (
    sa.update(_t)
    .where(_t.c.id == sa.bindparam("task"), _t.c.fence == sa.bindparam("holder"), _t.c.state.in_(RUNNING))
    .values(
        last_updated=sa.bindparam("now"),
        log_lines=_t.c.log_lines + sa.bindparam("lines"),
        nodes_version=_t.c.nodes_version + sa.bindparam("nodes"),
        has_warnings=sa.or_(_t.c.has_warnings, sa.bindparam("warned", type_=sa.Boolean)),
    )
)


def _upsert(table: sa.Table, *changed: str) -> sa.TextClause:
    columns = [column.name for column in table.c]
    keys = ", ".join(column.name for column in table.primary_key)
    statement = sa.text(
        f"insert into {table.name} ({', '.join(columns)}) values ({', '.join(f':{name}' for name in columns)})"  # noqa: S608 - names of our own columns
        f" on conflict ({keys}) do update set {', '.join(f'{name} = excluded.{name}' for name in changed)}"
    )
    return statement.bindparams(*(sa.bindparam(column.name, type_=column.type) for column in table.c))


_put_activity = _upsert(task_activity, "state", "result", "sealed", "t1")
_put_node = _upsert(task_node, "name", "status", "started", "ended", "progress", "progress_message", "position")
_put_batch = sa.insert(task_log)


@dataclass
class _Batch:
    """What one transaction will hold."""

    rows: dict[tuple[str, int], dict[str, Any]] = field(default_factory=dict)
    nodes: dict[int, dict[str, Any]] = field(default_factory=dict)
    lines: list[Line] = field(default_factory=list)
    extras: list[Callable[[Session], None]] = field(default_factory=list)
    waiting: list[asyncio.Future[None]] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.rows or self.nodes or self.lines or self.extras or self.waiting)


class Outbox:
    """One run's way into the database. After a failure it takes nothing more: the run is over."""

    def __init__(
        self,
        database: Database,
        task_id: str,
        fence: int,
        lines: int,
        delay: float,
        committed: Callable[[int], None],
        broke: Callable[[BaseException], None],
        loop: asyncio.AbstractEventLoop,
    ) -> None:
        self._database = database
        self._task_id = task_id
        self._fence = fence
        self._lines = lines
        self._delay = delay
        self._committed = committed
        self._broke = broke
        self._loop = loop
        self._batches = 0
        self._pending = _Batch()
        self._pump: asyncio.Task[None] | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._broken: BaseException | None = None

    def add_line(self, line: Line) -> None:
        """Kept in memory until the next commit, at most the delay away."""
        self._refuse_when_broken()
        self._pending.lines.append(line)
        self._soon(full=len(self._pending.lines) >= _FULL)

    def add_node(self, node: dict[str, Any]) -> None:
        self._refuse_when_broken()
        self._pending.nodes[node["node_id"]] = dict(node)
        self._soon()

    def add_row(self, row: dict[str, Any]) -> None:
        self._refuse_when_broken()
        self._pending.rows[row["key"], row["attempt"]] = row
        self._soon()

    def add_work(self, work: Callable[[Session], None]) -> None:
        """Something more for the same transaction, under the same fence."""
        self._refuse_when_broken()
        self._pending.extras.append(work)
        self._soon()

    async def flush(self) -> None:
        """Returns when all that was added before is committed. `Fenced` when the task is no longer this run's."""
        self._refuse_when_broken()
        done = self._loop.create_future()
        self._pending.waiting.append(done)
        self._start()
        await done

    def close(self, reason: BaseException) -> None:
        """Takes nothing more and drops what is pending: the next run makes it again."""
        if self._timer is not None:
            self._timer.cancel()
        if self._broken is None:
            self._broken = reason
        batch, self._pending = self._pending, _Batch()
        self._settle(batch, self._broken)

    async def settled(self) -> None:
        """Waits for a commit that is under way."""
        if self._pump is not None:
            await asyncio.wait({self._pump})

    def _refuse_when_broken(self) -> None:
        if self._broken is not None:
            raise self._broken

    def _soon(self, *, full: bool = False) -> None:
        if full:
            self._start()
        elif self._timer is None:
            self._timer = self._loop.call_later(self._delay, self._start)

    def _start(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self._pump is None or self._pump.done():
            self._pump = self._loop.create_task(self._write_all())

    async def _write_all(self) -> None:
        while self._pending and self._broken is None:
            batch, self._pending = self._pending, _Batch()
            try:
                held = await self._database.write(lambda session, batch=batch: self._store(session, batch))  # type: ignore[misc]
            except Exception as error:
                log.exception("a task's journal cannot be written", task=self._task_id)
                self._break(batch, error)
                return
            if not held:
                self._break(batch, Fenced())
                return
            self._lines += len(batch.lines)
            self._settle(batch, None)
            self._batches += bool(batch.lines)
            self._committed(self._batches if batch.lines else 0)

    def _break(self, batch: _Batch, error: BaseException) -> None:
        self._settle(batch, error)
        self.close(error)
        self._broke(error)

    def _settle(self, batch: _Batch, error: BaseException | None) -> None:
        for waiter in batch.waiting:
            if waiter.done():
                continue
            if error is None:
                waiter.set_result(None)
            else:
                waiter.set_exception(error)

    def _store(self, session: Session, batch: _Batch) -> bool:
        now = session.clock.now()
        warned = any(line.category in _WARNINGS for line in batch.lines)
        check = {"task": self._task_id, "holder": self._fence, "now": now, "lines": len(batch.lines)}
        connection = session.connection
        if connection.execute(_check, {**check, "nodes": int(bool(batch.nodes)), "warned": warned}).rowcount != 1:
            return False
        if batch.rows:
            connection.execute(_put_activity, list(batch.rows.values()))
        if batch.nodes:
            connection.execute(_put_node, list(batch.nodes.values()))
        if batch.lines:
            packed = pack_lines(batch.lines)
            place = {"task_id": self._task_id, "first_line": self._lines + 1, "line_count": len(batch.lines)}
            connection.execute(_put_batch, {**place, "raw_size": packed.raw_size, "payload": packed.payload})
        for work in batch.extras:
            work(session)
        session.announce(TOUCH, self._task_id)
        return True
