"""One run of a task: what the run function gets in its hand.

A run function is plain code. It is called again from the beginning after a crash or a pause, and finds what it has
done under the names it gave: finished activities return their result at once. The only rule is that it decides from
its plan and from results of activities, never from what may have changed meanwhile.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Awaitable, Callable, Coroutine, Iterable
from datetime import datetime
from functools import partial
from typing import Any

import msgspec
import sqlalchemy as sa

from polpo.engine import questions
from polpo.engine.errors import Fenced, Paused
from polpo.engine.journal import Entry, EntryState, Journal
from polpo.engine.locks import Locks
from polpo.engine.log import NewLine, TaskLog
from polpo.engine.masking import Masker
from polpo.engine.outbox import Outbox
from polpo.engine.queue import note_place
from polpo.engine.tables import server_task
from polpo.engine.tasks import TaskRecord, TaskState
from polpo.kernel.errors import StoreUnavailable
from polpo.kernel.secrets import Vault
from polpo.store.session import Session

Run = Callable[["TaskRun"], Awaitable[None]]


class TaskRun:
    """Belongs to one run function and to the activities that it starts, on one event loop."""

    def __init__(
        self,
        task: TaskRecord,
        outbox: Outbox,
        journal: Journal,
        log: TaskLog,
        plan_vault: Vault,
        sealed_plan: str | None,
        locks: Locks,
    ) -> None:
        self.task = task
        self.locks = locks
        self.log = log
        self.masker: Masker = log.masker
        self.resumed = task.fence > 1  # an earlier run has been here
        self.leaving = False  # the server stops; the task goes on later, so nothing outside may be torn down
        self.lost = False
        self.cancel_event = asyncio.Event()
        self.waiting: list[str] = []
        self._outbox = outbox
        self._journal = journal
        self._plan_vault = plan_vault
        self._sealed_plan = sealed_plan
        self._used: set[tuple[str, int]] = set()
        self._unfinished = journal.unfinished()
        self._work: asyncio.Future[None] | None = None
        self._delivered = False
        self._parked = asyncio.Event()
        for entry in journal.under("secret/"):
            self.masker.add(entry.value())

    # -- durable steps

    async def activity(
        self,
        key: str,
        fn: Callable[..., Awaitable[Any]],
        *args: Any,
        attempt: int = 1,
        sensitive: bool = False,
        pure: bool = False,
    ) -> Any:
        """Runs `fn` once, ever: a later run gets the recorded result, or the recorded failure, without calling it.

        A crash between start and end runs `fn` again, so what it does outside must be idempotent, by a ticket for
        example. The result must be JSON, and comes back as JSON even the first time. A new `attempt` is a new activity.
        `sensitive` seals the result at rest. `pure` work touches nothing outside, so its start is not recorded.
        """
        place = (key, attempt)
        if place in self._used:
            raise ValueError(f"The activity '{key}' (attempt {attempt}) is used twice in one run; names must differ.")
        self._used.add(place)
        known = self._journal.find(key, attempt)
        if known is not None and known.state == "done":
            return known.value()
        if known is not None and known.state == "failed":
            raise known.error()
        await self._meet_cancel(place, known)
        if known is None and not pure:
            self._journal.put(key, attempt, "started", None)
            await self._outbox.flush()
        return await self._perform(place, fn, args, sensitive=sensitive)

    async def _perform(
        self, place: tuple[str, int], fn: Callable[..., Awaitable[Any]], args: tuple[Any, ...], *, sensitive: bool
    ) -> Any:
        try:
            result = await fn(*args)
        except Exception as error:
            if isinstance(error, StoreUnavailable) and not self.leaving:
                self.lose(error)
            if self.leaving or self.lost:  # things break when the server stops; that is no outcome of the activity
                raise asyncio.CancelledError from error
            self._journal.put_failure(*place, error)
            await self._outbox.flush()
            raise
        value = self._journal.put(*place, "done", result, sensitive=sensitive)
        await self._outbox.flush()
        return value

    def attempt(self, key: str) -> int:
        """The highest attempt of the activity that was begun; 0 when there is none."""
        return self._journal.latest(key)

    def state_of(self, key: str, attempt: int = 1) -> EntryState | None:
        """`done` and `failed`: calling the activity again gives what is recorded; `started`: its end is not known."""
        known = self._journal.find(key, attempt)
        return None if known is None else known.state

    def begun(self, key: str, attempt: int = 1) -> datetime | None:
        """When the activity was begun, in this run or an earlier one."""
        known = self._journal.find(key, attempt)
        return None if known is None else known.t0

    # -- plan and facts

    def plan(self) -> Any:
        """The frozen plan, or None."""
        return None if self._sealed_plan is None else msgspec.json.decode(self._plan_vault.decrypt(self._sealed_plan))

    async def freeze(self, plan: object) -> Any:
        """Keeps the plan, sealed, and returns it as JSON. The first plan stands: a later call returns that one."""
        if self._sealed_plan is None:
            sealed = self._plan_vault.encrypt(msgspec.json.encode(plan).decode())
            self._outbox.add_work(partial(_store_plan, task_id=self.task.id, sealed=sealed))
            await self._outbox.flush()
            self._sealed_plan = sealed
        return self.plan()

    async def save(self, key: str, value: object, lines: Iterable[NewLine] = (), *, sensitive: bool = False) -> None:
        """Keeps a fact and writes log lines in one transaction: after a crash both are there, or neither.

        This is how the output of a script is neither lost nor doubled: its cursor is the fact.
        """
        self.log.add(lines)
        self._journal.put(f"fact/{key}", 1, "done", value, sensitive=sensitive)
        await self._outbox.flush()

    async def remember(self, key: str, value: object, *, sensitive: bool = False) -> None:
        """Keeps a fact; a later value replaces it."""
        await self.save(key, value, sensitive=sensitive)

    def recall(self, key: str, default: Any = None) -> Any:
        known = self._journal.find(f"fact/{key}")
        return default if known is None else known.value()

    def is_about(self, machine_id: str) -> None:
        """Lets people find the task at a machine that it turned out to work with; written with what comes next."""
        self._outbox.add_work(partial(note_place, task_id=self.task.id, place=machine_id))

    async def keep_secret(self, value: str) -> None:
        """Masks the value from now on, in later runs of the task too."""
        self.masker.add(value)
        name = f"secret/{hashlib.sha256(value.encode('utf-8', 'surrogatepass')).hexdigest()}"
        if self._journal.find(name) is None:
            self._journal.put(name, 1, "done", value, sensitive=True)
            await self._outbox.flush()

    # -- people, and other tasks

    async def pause_for(self, key: str) -> Any:
        """The answer to the question of this name; until there is one, leaves the run by `Paused`."""
        return await self._answer(key, partial(questions.ask, task_id=self.task.id, key=key))

    async def wait_for_task(self, task_id: str) -> TaskState | None:
        """How another task has ended; until it has, leaves the run by `Paused`. None: there is no such task any more.

        The slot is free meanwhile, the concurrency tag is kept. Nothing is waited for that waits for this task: see
        `holder_that_waits_for`.
        """
        note = partial(questions.await_task, task_id=self.task.id, other_id=task_id)
        state = await self._answer(questions.task_key(task_id), note)
        return None if state is None else TaskState(state)

    async def _answer(self, key: str, note: Callable[[Session], None]) -> Any:
        known = self._journal.find(questions.answer_key(key))
        if known is not None:
            return known.value()
        await self._meet_cancel((key, 0), None)
        self.waiting.append(key)
        self._outbox.add_work(note)
        await self._outbox.flush()
        raise Paused(key)

    async def ask(self, key: str, put: Callable[..., Awaitable[Any]], *args: Any) -> Any:
        """Puts the question to people once (`put` makes its document), then waits for the answer."""
        await self.activity(f"{key}/asked", put, *args)
        return await self.pause_for(key)

    # -- cancelling, from the engine's side

    @property
    def cancelled(self) -> bool:
        """Whether somebody wants the task to stop. Clean up outside only then, not whenever `CancelledError` comes."""
        return self.cancel_event.is_set()

    def bind(self, work: asyncio.Future[None]) -> None:
        self._work = work

    def request_cancel(self) -> None:
        """Cancels the run function, but lets a resumed one first walk to where it was.

        There it enters again what it had begun outside, so that its clean-up finds something to clean up.
        """
        if not self.cancel_event.is_set():
            self.cancel_event.set()
            if not self._unfinished:
                self.deliver_cancel()

    def deliver_cancel(self) -> None:
        if not self._delivered and self._work is not None:
            self._delivered = True
            self._parked.set()
            self._work.cancel()

    async def _meet_cancel(self, place: tuple[str, int], known: Entry | None) -> None:
        """Where a cancel is noticed. What is new is not begun any more; what had begun is entered once more.

        A branch that comes to something new waits there until all the others are where they were: if it ended the walk
        now, they would never get there.
        """
        if self.leaving:
            raise asyncio.CancelledError
        self._unfinished.discard(place)
        if not self.cancelled or self._delivered:
            return
        if known is not None:
            if not self._unfinished:
                asyncio.get_running_loop().call_soon(self.deliver_cancel)
            return
        if self._unfinished:
            await self._parked.wait()
        elif asyncio.current_task() is self._work:
            self._delivered = True
        else:
            self.deliver_cancel()
        raise asyncio.CancelledError

    def leave(self) -> None:
        """Lets the task go with its state kept; the next start of the server goes on with it."""
        self.leaving = True
        self._outbox.close(asyncio.CancelledError())
        if self._work is not None:
            self._work.cancel()

    def lose(self, reason: BaseException) -> None:
        """From now on nothing this run does counts; when it still works, it is stopped."""
        self.lost = True
        self._outbox.close(reason)
        if self._work is not None and not self._work.done():
            self._work.cancel()

    async def flush(self) -> None:
        await self._outbox.flush()

    async def settled(self) -> None:
        await self._outbox.settled()


def _store_plan(session: Session, task_id: str, sealed: str) -> None:
    session.connection.execute(sa.update(server_task).where(server_task.c.id == task_id).values(plan=sealed))


async def together(*works: Coroutine[Any, Any, Any], limit: int | None = None, keeps_place: bool = False) -> list[Any]:
    """Runs all to their end, at most `limit` at once and begun in their order; a failure is returned in its place.

    When one of them waits for a person or a task, the others still go on to their end; then `Paused` is raised.
    `keeps_place`: one that waits counts as running, so those that only its end would let in are not begun.
    """
    results: list[Any] = [None] * len(works)
    waiting = iter(enumerate(works))

    async def lane() -> None:
        for place, work in waiting:
            try:
                results[place] = await work
            except (Exception, Paused) as error:  # noqa: BLE001 - told to the caller, whose works these are
                results[place] = error
                if keeps_place and isinstance(error, Paused):
                    return

    lanes = min(limit or len(works), len(works))
    try:
        ends = await asyncio.gather(*(lane() for _ in range(lanes)), return_exceptions=True)
    finally:
        for work in works:
            work.close()
    for kind in (Fenced, asyncio.CancelledError, Paused):
        for result in (*ends, *results):
            if isinstance(result, kind):
                raise result
    return results
