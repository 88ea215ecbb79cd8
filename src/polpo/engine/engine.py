"""The engine of one process: lets queued tasks in, runs them, and hears when something changes."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Any

import sqlalchemy as sa
import structlog

from polpo.engine import cluster, loglines, questions, queue, waiting
from polpo.engine.execution import Execution, Parts
from polpo.engine.locks import Locks
from polpo.engine.outbox import TOUCH
from polpo.engine.run import Run
from polpo.engine.tables import server_task, task_log
from polpo.engine.tasks import COMPLETED, NewTask, TaskRecord, TaskState, get_task, node_name
from polpo.kernel.clock import Clock, SystemClock
from polpo.kernel.errors import Conflict, NotFound, StoreUnavailable
from polpo.store.blobs import BlobStore
from polpo.store.database import Database
from polpo.store.session import Session

log = structlog.get_logger("polpo.engine")


@dataclass(frozen=True)
class Timings:
    """Bounds, in seconds."""

    poll: float = 1.0  # the net below the in-process wake-ups
    flush: float = 0.1  # how long a log line may wait for company
    cancel: float = 120.0  # how long a cancelled task may clean up before it is abandoned
    walk: float = 5.0  # how long a resumed task that is to be cancelled may take to get where it was
    tick: float = 0.25  # how often the two above are looked at
    stop: float = 10.0  # how long `stop` waits for run functions to let go
    watch: float = 0.2  # the least time between two changes told to one watcher
    heartbeat: float = 5.0  # the most


@dataclass(frozen=True)
class Change:
    """What a watcher of a task is told."""

    state: TaskState
    total_lines: int
    nodes_version: int
    pending_interruptions: bool


class Engine:
    """`enqueue`, `cancel`, `answer` and `resume` join the caller's transaction and take effect with its commit.

    `node` is what tasks name while they run here: the name of this process, unique to this start of it when it is not
    alone (see `liveness`). What other nodes write is heard by way of the database; the poll is the net below that.
    """

    def __init__(
        self,
        database: Database,
        blobs: BlobStore,
        *,
        node: str,
        cap: int = 5,
        is_alone: bool = True,
        clock: Clock | None = None,
        timings: Timings | None = None,
    ) -> None:
        self.node = node
        self.is_alone = is_alone
        self.cap = cap
        self.is_draining = False
        self._database = database
        self._blobs = blobs
        self._timings = timings or Timings()
        self._runs: dict[str, Run] = {}
        clock = clock or SystemClock()
        self.locks = Locks(clock)
        vault = database.vault
        self._parts = Parts(
            database=database,
            clock=clock,
            plan_vault=vault.for_purpose("plan"),
            journal_vault=vault.for_purpose("journal"),
            timings=self._timings,
            locks=self.locks,
            touched=self._written,
            keep=self._abandoned,
        )
        self._executions: dict[str, Execution] = {}
        self._keep: set[asyncio.Future[None]] = set()
        self._loops: list[asyncio.Task[None]] = []
        self._watchers: dict[str, set[asyncio.Event]] = {}
        self._watching_ends = False
        self._to_pack: set[str] = set()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._wake = asyncio.Event()
        self._pack_wake = asyncio.Event()
        self._limits_changed: Callable[[], None] = lambda: None
        database.subscribe(queue.WAKE, self._announced)
        database.subscribe(TOUCH, self._touched)

    def register(self, kind: str, run: Run) -> None:
        """Says how tasks of a kind are run. All kinds are registered before `start`."""
        if kind in self._runs:
            raise ValueError(f"The kind of task '{kind}' is registered twice.")
        self._runs[kind] = run

    # -- life

    async def start(self) -> None:
        """Takes up what a former process, or a node that is no more, left running; then lets tasks in."""
        self._loop = asyncio.get_running_loop()
        self._watching_ends = False
        recovered = await self._database.write(partial(queue.recover, where=self._nobody_runs()))
        if recovered:
            log.info("tasks go on where they stood", tasks=recovered)
        self._to_pack.update(self._unpacked())
        self._pack_wake.set()
        self._loops = [
            asyncio.create_task(self._forever(self._wake, self._admit), name="engine-admission"),
            asyncio.create_task(self._forever(self._pack_wake, self._pack), name="engine-log-packing"),
        ]

    async def stop(self) -> None:
        """Lets running tasks go, with their state kept, so that the next start continues them."""
        for loop in self._loops:
            loop.cancel()
        await asyncio.gather(*self._loops, return_exceptions=True)
        self._loops = []
        for execution in list(self._executions.values()):
            execution.leave()
        if self._keep:
            _, stuck = await asyncio.wait(set(self._keep), timeout=self._timings.stop)
            for task in stuck:
                log.warning("a task did not let go in time", task=str(task))
                task.cancel()
        self._loop = None
        self.end_watching()

    async def _forever(self, wake: asyncio.Event, work: Callable[[], Any]) -> None:
        while True:
            wake.clear()
            try:
                await work()
            except Exception:
                log.exception("the engine stumbled and goes on", where=work.__name__)
                await asyncio.sleep(self._timings.poll)
            await _wait(wake, self._timings.poll)

    def _nobody_runs(self) -> sa.ColumnElement[bool]:
        """At the start of the only process nobody runs anything; else it is what living nodes do not run."""
        return sa.true() if self.is_alone else cluster.lost()

    # -- admission

    @property
    def room(self) -> int:
        """How many tasks may run here at one time; none while the node drains."""
        return 0 if self.is_draining else self.cap

    @property
    def name(self) -> str:
        """What people call this node."""
        return node_name(self.node)

    def nodes(self, session: Session) -> list[cluster.Node]:
        """All nodes of this installation, this one among them."""
        if not self.is_alone:
            known = cluster.all_nodes(session)
            return [self._own(node) if node.name == self.name else node for node in known]
        running = queue.live(session, self.node)
        here = cluster.Node(self.name, self.cap, self.is_draining, running=running, last_seen=session.clock.now())
        return [here]

    def _own(self, node: cluster.Node) -> cluster.Node:
        """What others know of this node is as old as its last beat."""
        return replace(node, cap=self.cap, is_draining=self.is_draining)

    def set_limits(self, *, cap: int, is_draining: bool) -> None:
        """What runs goes on, also above a lower cap."""
        self.cap, self.is_draining = cap, is_draining
        self._limits_changed()
        self._announced(None)

    def on_limits(self, changed: Callable[[], None]) -> None:
        """Calls `changed`, on any thread, when how much this node takes has changed."""
        self._limits_changed = changed

    async def _admit(self) -> None:
        with self._database.read() as session:
            stray = queue.live(session, self.node) > len(self._executions)
            lost = not self.is_alone and queue.is_any(session, cluster.lost())
            due = queue.due(session, self.node, self.room)
            self._look_after_runs(session)
        if stray:
            mine = sa.and_(server_task.c.node == self.node, server_task.c.id.not_in(list(self._executions)))
            found = await self._database.write(partial(queue.recover, where=mine))
            log.warning("tasks that nobody ran are queued again", tasks=found)
        if lost:
            found = await self._database.write(partial(queue.recover, where=cluster.lost()))
            log.warning("tasks of a node that is no more go on where they stood", tasks=found)
        if stray or lost or due:
            expired = await self._database.write(queue.expire)
            for task_id in expired:
                self._touch(task_id)
            for record in await self._database.write(partial(queue.claim, node=self.node, cap=self.room)):
                self._execute(record)

    def _look_after_runs(self, session: Session) -> None:
        """The net below the news of other nodes: who of ours is to be cancelled, or is not ours any more?"""
        if self.is_alone or not self._executions:
            return
        for task_id, fence in queue.troubled(session, self.node, list(self._executions)).items():
            execution = self._executions[task_id]
            if fence != execution.record.fence or not execution.is_cancelling:
                execution.look_for_cancel()

    def _execute(self, record: TaskRecord) -> None:
        execution = Execution(self._parts, record, self._runs.get(record.kind))
        self._executions[record.id] = execution
        task = asyncio.create_task(execution.live(), name=record.id)
        self._keep.add(task)
        task.add_done_callback(partial(self._ended, execution))
        self._touch(record.id)

    def _ended(self, execution: Execution, task: asyncio.Task[None]) -> None:
        self._keep.discard(task)
        task_id = execution.record.id
        if self._executions.get(task_id) is execution:
            del self._executions[task_id]
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("a task broke off and is queued again", task=task_id, exc_info=error)
        self._to_pack.add(task_id)
        self._pack_wake.set()
        self._wake.set()
        self._touch(task_id)

    def _abandoned(self, work: asyncio.Future[None]) -> None:
        self._keep.add(work)
        work.add_done_callback(self._forget)

    def _forget(self, work: asyncio.Future[None]) -> None:
        self._keep.discard(work)
        if not work.cancelled() and (error := work.exception()) is not None:
            log.info("an abandoned task ended", reason=repr(error))

    # -- what features call inside their transactions

    def enqueue(self, session: Session, wish: NewTask) -> str:
        """Queues a task and returns its id; it may start as soon as the transaction is committed."""
        task_id = queue.enqueue(session, wish)
        self._after_commit(session, task_id)
        return task_id

    def cancel(self, session: Session, task_id: str, by: str, reason: str | None = None) -> TaskRecord:
        """Cancels at once what is not running; tells a running task to stop.

        `by` is the name to be shown, and `reason` a sentence for it.
        """
        record = queue.cancel(session, task_id, by, reason)
        self._after_commit(session, task_id)
        if record.state.is_completed and record.log_lines:
            session.after_commit(partial(self._to_pack.add, task_id))
        return record

    def restate(self, session: Session, task_id: str, state: TaskState, note: str) -> None:
        """Lets a task that has ended count as ended otherwise; the note stands as its message."""
        queue.restate(session, task_id, state, note)
        self._after_commit(session, task_id)

    def answer(self, session: Session, task_id: str, key: str, value: object) -> None:
        """Records a person's answer (JSON) and lets the task go on. The first answer stands: a second is a conflict."""
        queue.answer(session, task_id, key, value)
        self._after_commit(session, task_id)

    def resume(self, session: Session, task_id: str) -> bool:
        """Queues a paused task again without an answer; False when it is not paused."""
        resumed = questions.resume(session, task_id)
        self._after_commit(session, task_id)
        return resumed

    def note_rerun(self, session: Session, task_id: str, of: str) -> None:
        """Keeps which task this one does once more."""
        queue.note_rerun(session, task_id, of)

    def move_to_top(self, session: Session, task_id: str) -> None:
        """In front of all that wait."""
        queue.move_to_top(session, task_id)
        self._after_commit(session, task_id)

    def reschedule(self, session: Session, task_id: str, not_before: datetime | None, expiry: datetime) -> bool:
        """Another time for a task that has not begun; False when it has."""
        is_done = queue.reschedule(session, task_id, not_before, expiry)
        self._after_commit(session, task_id)
        return is_done

    def wait_reason(self, session: Session, task_id: str) -> list[waiting.Reason]:
        room = self.room + (0 if self.is_alone else cluster.room_of_others(session, self.node))
        return [*waiting.wait_reason(session, task_id, room), *self.locks.reasons(task_id)]

    def counts(self, session: Session, *where: sa.ColumnElement[bool]) -> dict[TaskState, int]:
        """How many tasks are in each state; states without tasks are 0. Conditions speak of `server_task`."""
        statement = sa.select(server_task.c.state, sa.func.count()).where(*where).group_by(server_task.c.state)
        found = {TaskState(state): int(count) for state, count in session.connection.execute(statement)}
        return {state: found.get(state, 0) for state in TaskState}

    # -- wake-ups

    def _after_commit(self, session: Session, task_id: str) -> None:
        """All nodes look when the transaction is committed: at the queue, and at this task if they run it."""
        session.announce(queue.WAKE, task_id)

    def _announced(self, task_id: str | None) -> None:
        self._on_loop(partial(self._heard, task_id))

    def _touched(self, task_id: str | None) -> None:
        if self._watchers:
            self._on_loop(partial(self._touch, task_id))

    def _on_loop(self, work: Callable[[], None]) -> None:
        loop = self._loop
        if loop is not None:
            with contextlib.suppress(RuntimeError):  # the loop has closed: the next start looks at the queue anyway
                loop.call_soon_threadsafe(work)

    def _heard(self, task_id: str | None) -> None:
        self._wake.set()
        self._touch(task_id)
        for execution in list(self._executions.values()):
            if task_id in (None, execution.record.id):
                execution.look_for_cancel()

    def _written(self, task_id: str, batches: int) -> None:
        self._touch(task_id)
        if batches and batches % 64 == 0:
            self._to_pack.add(task_id)
            self._pack_wake.set()

    def _touch(self, task_id: str | None) -> None:
        """None: nobody knows which task."""
        for watched, events in self._watchers.items():
            if task_id in (None, watched):
                for event in events:
                    event.set()

    # -- watching

    async def watch(self, task_id: str) -> AsyncIterator[Change]:
        """The state now, then each change, several within a fifth of a second as one. Ends with the task or the server.

        Also yields about every five seconds without a change, so that a stream notices a reader who has gone.
        """
        event = asyncio.Event()
        self._watchers.setdefault(task_id, set()).add(event)
        try:
            while True:
                event.clear()
                change = self._change(task_id)
                yield change
                if change.state in COMPLETED or self._watching_ends:
                    return
                await _wait(event, self._timings.heartbeat)
                await asyncio.sleep(self._timings.watch)
        finally:
            events = self._watchers.get(task_id, set())
            events.discard(event)
            if not events:
                self._watchers.pop(task_id, None)

    def end_watching(self) -> None:
        """Ends all watching, now and later: a server that waits for open streams would never stop."""
        self._watching_ends = True
        for events in self._watchers.values():
            for event in events:
                event.set()

    def _change(self, task_id: str) -> Change:
        with self._database.read() as session:
            record = get_task(session, task_id)
        return Change(record.state, record.log_lines, record.nodes_version, record.pending_interruptions)

    # -- packing logs

    def _unpacked(self) -> list[str]:
        """Ended tasks whose lines are not in segments, because the process died in between."""
        inline = sa.select(task_log.c.task_id).distinct().join(server_task, server_task.c.id == task_log.c.task_id)
        where: list[sa.ColumnElement[bool]] = [task_log.c.payload.is_not(None), server_task.c.state.in_(COMPLETED)]
        if not self.is_alone:  # what another node has just ended, it packs itself
            where.append(sa.or_(server_task.c.node.is_(None), server_task.c.node.not_in(cluster.living())))
        with self._database.read() as session:
            return list(session.connection.execute(inline.where(*where)).scalars())

    async def _pack(self) -> None:
        while self._to_pack:
            task_id = self._to_pack.pop()
            try:
                await asyncio.to_thread(self._pack_log, task_id)
            except StoreUnavailable:
                self._to_pack.add(task_id)
                raise
            except Conflict as error:
                log.info("a log was left as it is", task=task_id, reason=error.message)

    def _pack_log(self, task_id: str) -> None:
        with self._database.read() as session:
            try:
                running = get_task(session, task_id).state not in COMPLETED
            except NotFound:
                return
            rows = loglines.loose_batches(session, task_id)
        if running and len(rows) <= 64:
            return
        segments = loglines.write_segments(self._blobs, rows)
        if segments:
            self._database.write_now(partial(loglines.use_segments, segments=segments))


async def _wait(event: asyncio.Event, seconds: float) -> None:
    """Until the event or the end of the time. Not by `wait_for`, which in Python 3.11 can swallow a cancel."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await event.wait()
