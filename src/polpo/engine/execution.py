"""From a claimed task to its end: calls the run function, passes on a cancel, and writes how it came out."""

from __future__ import annotations

import asyncio
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import sqlalchemy as sa
import structlog

from polpo.engine import queue
from polpo.engine.errors import Fenced, Paused, leaves
from polpo.engine.journal import Journal, load_entries, sentence
from polpo.engine.locks import Locks
from polpo.engine.log import TaskLog
from polpo.engine.loglines import nodes
from polpo.engine.masking import Masker
from polpo.engine.outbox import Outbox
from polpo.engine.questions import cancelled_message
from polpo.engine.run import Run, TaskRun
from polpo.engine.tables import server_task
from polpo.engine.tasks import TaskRecord, TaskState, find_task, get_task
from polpo.kernel.clock import Clock
from polpo.kernel.errors import AppError, StoreUnavailable, TaskError
from polpo.kernel.secrets import Vault
from polpo.store.database import Database

if TYPE_CHECKING:
    from polpo.engine.engine import Timings

log = structlog.get_logger("polpo.engine")


@dataclass(frozen=True)
class Parts:
    """What every execution of one engine shares. `touched` hears of each commit: task id, number of log batches.

    `keep` takes a run function that was abandoned: it stays referenced, and is cancelled again when the server stops.
    """

    database: Database
    clock: Clock
    plan_vault: Vault
    journal_vault: Vault
    timings: Timings
    locks: Locks
    touched: Callable[[str, int], None]
    keep: Callable[[asyncio.Future[None]], None]


class Execution:
    """One claim of one task."""

    def __init__(self, parts: Parts, record: TaskRecord, function: Run | None) -> None:
        self.record = record
        self._parts = parts
        self._function = function or _unknown_kind
        self._run: TaskRun | None = None
        self._leaving = False
        self._wake = asyncio.Event()

    def leave(self) -> None:
        """The server stops: let go without an outcome."""
        self._leaving = True
        self._wake.set()
        if self._run is not None:
            self._run.leave()

    @property
    def is_cancelling(self) -> bool:
        return self._run is not None and self._run.cancelled

    def look_for_cancel(self) -> None:
        self._wake.set()

    async def live(self) -> None:
        """Ends with an outcome in the database; or without one when the run let go or lost its task."""
        try:
            run = await asyncio.to_thread(self._open, asyncio.get_running_loop())
        except StoreUnavailable:
            raise  # the task is found without a run, and is queued again
        except AppError as error:
            await self._end_unopened(error)
            return
        self._run = run
        if self._leaving:
            run.leave()
            return
        run.log.root.status("Running")
        work = asyncio.ensure_future(self._function(run))
        run.bind(work)
        try:
            await self._follow(run, work)
        finally:
            if not work.done():
                self._parts.keep(work)
                work.cancel()
        await self._conclude(run, work)
        await run.settled()

    def _open(self, loop: asyncio.AbstractEventLoop) -> TaskRun:
        parts, record = self._parts, self.record
        with parts.database.read() as session:
            entries = load_entries(session, record.id, parts.journal_vault)
            known = nodes(session, record.id)
            plan = session.connection.execute(
                sa.select(server_task.c.plan).where(server_task.c.id == record.id)
            ).scalar_one()
            lines = get_task(session, record.id).log_lines
        outbox = Outbox(
            parts.database, record.id, record.fence, lines, parts.timings.flush, self._committed, self._broken, loop
        )
        journal = Journal(outbox, record.id, parts.journal_vault, parts.clock, entries)
        task_log = TaskLog(outbox, journal, Masker(), parts.clock, known, record.id)
        return TaskRun(record, outbox, journal, task_log, parts.plan_vault, plan, parts.locks)

    async def _end_unopened(self, error: AppError) -> None:
        """What was kept of the task cannot be read, and will not be readable the next time either."""
        log.error("a task cannot go on", task=self.record.id, reason=error.message)
        message = f"The task cannot go on: {error.message}{f' {error.help_text}' if error.help_text else ''}"
        end = partial(
            queue.end, task_id=self.record.id, state=TaskState.FAILED, message=message, fence=self.record.fence
        )
        await self._parts.database.write(end)

    def _committed(self, batches: int) -> None:
        self._parts.touched(self.record.id, batches)

    def _broken(self, error: BaseException) -> None:
        """The database refused a write: either the task is somebody else's, or nothing can be kept. Stop working."""
        if self._run is not None:
            self._run.lose(error)

    # -- following

    async def _follow(self, run: TaskRun, work: asyncio.Future[None]) -> None:
        waker = asyncio.create_task(self._cancel_wanted(run, work))
        try:
            await asyncio.wait({work, waker}, return_when=asyncio.FIRST_COMPLETED)
            if not work.done() and not self._leaving:
                await self._cancel(run, work)
            elif not work.done():
                await asyncio.wait({work})
        finally:
            waker.cancel()
            await asyncio.gather(waker, return_exceptions=True)

    async def _cancel_wanted(self, run: TaskRun, work: asyncio.Future[None]) -> None:
        """Looks into the database, so that a wish that came between claim and start is not missed.

        A look that fails is no wish to cancel: it is taken again a little later.
        """
        while not self._leaving:
            self._wake.clear()
            try:
                with self._parts.database.read() as session:
                    record = find_task(session, self.record.id)
            except Exception:
                log.exception("a task cannot be looked up; trying again", task=self.record.id)
                await asyncio.sleep(self._parts.timings.poll)
                continue
            if record is None or record.fence != self.record.fence:
                run.lose(Fenced())
                await asyncio.wait({work})
                return
            if record.cancel_requested:
                return
            await self._wake.wait()

    async def _cancel(self, run: TaskRun, work: asyncio.Future[None]) -> None:
        timings, clock = self._parts.timings, self._parts.clock
        begun = clock.monotonic()
        run.request_cancel()
        while not work.done() and not self._leaving:
            waited = clock.monotonic() - begun
            if waited >= timings.walk:
                run.deliver_cancel()
            if waited >= timings.cancel:
                return
            await asyncio.wait({work}, timeout=timings.tick)
        if self._leaving:
            await asyncio.wait({work})

    # -- the outcome

    async def _conclude(self, run: TaskRun, work: asyncio.Future[None]) -> None:
        if run.leaving:
            return
        if not work.done() or (run.cancelled and not run.lost):
            await self._end_cancelled(run, work)
            return
        error = None if work.cancelled() else work.exception()
        errors = list(leaves(error)) if error else []
        if run.lost or any(isinstance(error, Fenced | StoreUnavailable) for error in errors):
            log.info("a run lost its task", task=self.record.id)
        elif work.cancelled():
            await self._fail(run, TaskError("The task was broken off inside the server, and not by a person."))
        elif failures := [error for error in errors if not isinstance(error, Paused | asyncio.CancelledError)]:
            await self._fail(run, failures[0])
        elif errors:
            await self._pause(run)
        else:
            await self._end(run, TaskState.SUCCESS)

    async def _pause(self, run: TaskRun) -> None:
        await run.flush()
        task_id, fence = self.record.id, self.record.fence
        await self._parts.database.write(partial(queue.pause, task_id=task_id, fence=fence, keys=run.waiting))

    async def _fail(self, run: TaskRun, error: BaseException) -> None:
        detail = None if isinstance(error, AppError) else "".join(traceback.format_exception(error))
        message = run.masker.mask(sentence(error))
        if detail:
            log.error("a task failed unexpectedly", task=self.record.id, message=message)
        run.log.root.write("Fatal", message, detail=detail)
        await self._end(run, TaskState.FAILED, message)

    async def _end_cancelled(self, run: TaskRun, work: asyncio.Future[None]) -> None:
        with self._parts.database.read() as session:
            message = cancelled_message(session, get_task(session, self.record.id))
        if not work.done():
            bound = f"{self._parts.timings.cancel:g} seconds"
            run.log.root.write(
                "Abandoned",
                f"The task did not stop within {bound} and was abandoned. What it started may still be running on the"
                " targets; look there before you start the next one.",
            )
            message += f" It did not stop within {bound} and was abandoned."
        elif not work.cancelled() and (error := work.exception()) is not None:
            for single in leaves(error):
                if isinstance(single, Exception):
                    run.log.root.write("Error", f"While the task was cleaning up: {sentence(single)}")
        await self._end(run, TaskState.CANCELED, message)

    async def _end(self, run: TaskRun, state: TaskState, message: str | None = None) -> None:
        await run.flush()
        task_id, fence = self.record.id, self.record.fence
        held = await self._parts.database.write(
            partial(queue.end, task_id=task_id, state=state, message=message, fence=fence)
        )
        run.lose(Fenced())
        if not held:
            log.info("a run lost its task at its end", task=task_id)


async def _unknown_kind(run: TaskRun) -> None:
    raise TaskError(f"This server cannot run tasks of the kind '{run.task.kind}'; it may be older than the task.")
