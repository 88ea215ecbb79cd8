"""Order, cap and bounds: who goes first, why somebody waits, and when waiting ends."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
import sqlalchemy as sa

from polpo.engine import PRIORITY_HIGH, Change, Reason, TaskRun, TaskState, queue, server_task, together
from polpo.engine.engine import Timings
from polpo.kernel.errors import NotFound
from polpo.store.database import Database
from unit.engine.bench import Bench, Gate
from unit.engine.test_queue_machine import Clock


@pytest.fixture
def clock(bench: Bench) -> Clock:
    """A clock that only the test moves, for the database and the engine."""
    clock = Clock()
    bench.database.clock = bench.clock = clock
    bench.engine = bench.fresh()
    return clock


def reasons(bench: Bench, task_id: str) -> list[Reason]:
    with bench.database.read() as session:
        return bench.engine.wait_reason(session, task_id)


async def test_queue_goes_by_priority_and_then_by_arrival(bench: Bench) -> None:
    order: list[str] = []

    async def work(run: TaskRun) -> None:
        order.append(run.task.description)

    bench.engine.cap = 1
    for description, wish in [("1st", {}), ("2nd", {}), ("urgent", {"priority": PRIORITY_HIGH}), ("4th", {})]:
        await bench.enqueue(description=description, **wish)
    await bench.database.write(lambda session: bench.engine.move_to_top(session, "ServerTasks-4"))
    await bench.start(Work=work)
    await bench.end("ServerTasks-2")
    assert order == ["4th", "urgent", "1st", "2nd"]


async def test_cap_is_kept_and_every_waiting_task_says_why(bench: Bench, gate: Gate) -> None:
    async def work(run: TaskRun) -> None:
        await run.activity("wait", gate.wait)

    bench.engine.cap = 2
    await bench.start(Work=work)
    holder = await bench.enqueue(description="Deploy Web", concurrency_tag="web")
    other = await bench.enqueue(description="Deploy Shop", concurrency_tag="shop")
    await bench.state(holder, TaskState.EXECUTING)
    await bench.state(other, TaskState.EXECUTING)
    locked = await bench.enqueue(concurrency_tag="web")
    behind = await bench.enqueue(concurrency_tag="web")
    capped = await bench.enqueue()
    lock, cap = reasons(bench, locked)
    assert (lock.kind, lock.task_ids) == ("lock", (holder,))
    assert lock.text == f"Waits for {holder} (Deploy Web), which is running and works on the same place."
    assert lock.since >= bench.task(locked).created
    assert (cap.kind, cap.task_ids) == ("cap", (holder, other))
    assert [reason.kind for reason in reasons(bench, behind)] == ["lock", "cap"]
    [cap] = reasons(bench, capped)
    assert cap.text == (
        f"All 2 places for running tasks are taken by {holder} (Deploy Web), {other} (Deploy Shop)."
        " 2 queued tasks go first."
    )
    assert reasons(bench, holder) == []
    with bench.database.read() as session:
        counts = bench.engine.counts(session, server_task.c.concurrency_tag == "web")
    assert (counts[TaskState.EXECUTING], counts[TaskState.QUEUED], counts[TaskState.FAILED]) == (1, 2, 0)
    gate.opened.set()
    await bench.end(capped)
    await bench.end(behind)


async def test_scheduled_and_paused_tasks_say_what_they_wait_for(bench: Bench, clock: Clock) -> None:
    async def work(run: TaskRun) -> None:
        await run.pause_for("approve")

    await bench.start(Work=work)
    task_id = await bench.enqueue(not_before=clock.now() + timedelta(minutes=5))
    [reason] = reasons(bench, task_id)
    assert (reason.kind, reason.text) == ("schedule", "Is scheduled for 2026-01-01 00:05:00 UTC.")
    clock.forward(301)
    await bench.state(task_id, TaskState.PAUSED)
    [reason] = reasons(bench, task_id)
    assert (reason.kind, reason.since) == ("person", clock.now())
    other = await bench.enqueue(concurrency_tag="x")
    await bench.state(other, TaskState.PAUSED)
    next_one = await bench.enqueue(concurrency_tag="x")
    assert "which waits for a person" in reasons(bench, next_one)[0].text


async def test_follower_of_a_running_task_is_let_go_when_the_server_stops(bench: Bench, gate: Gate) -> None:
    """Otherwise an open page would keep the server from stopping."""

    async def work(run: TaskRun) -> None:
        await run.activity("wait", gate.wait)

    await bench.start(Work=work)
    task_id = await bench.enqueue()
    await gate.is_reached()
    seen: list[Change] = []

    async def follow() -> None:
        async for change in bench.engine.watch(task_id):
            seen.append(change)  # noqa: PERF401 - the test looks at what has come so far

    follower = asyncio.create_task(follow())
    await bench.until(lambda: seen)
    bench.engine.end_watching()
    async with asyncio.timeout(20):
        await follower
    assert seen[-1].state is TaskState.EXECUTING


async def test_tasks_queued_for_one_place_name_who_goes_first(bench: Bench) -> None:
    first = await bench.enqueue(concurrency_tag="x", description="Deploy Web")
    second = await bench.enqueue(concurrency_tag="x")
    [reason] = reasons(bench, second)
    assert (reason.kind, reason.task_ids) == ("queue", (first,))
    with pytest.raises(NotFound):
        reasons(bench, "ServerTasks-77")


async def test_expired_task_times_out_and_a_begun_one_does_not(bench: Bench, clock: Clock) -> None:
    async def work(run: TaskRun) -> None:
        await run.pause_for("approve")

    bench.engine.cap = 1
    await bench.start(Work=work)
    expiry = clock.now() + timedelta(hours=1)
    begun = await bench.enqueue(concurrency_tag="x", queue_expiry=expiry)
    await bench.state(begun, TaskState.PAUSED)
    waiting = await bench.enqueue(concurrency_tag="x", queue_expiry=expiry)
    clock.forward(3601)
    task = await bench.end(waiting)
    assert task.state is TaskState.TIMED_OUT
    assert "past its expiry (2026-01-01 01:00 UTC)" in str(task.error_message)
    await bench.answer(begun, "approve", None)
    assert (await bench.end(begun)).state is TaskState.SUCCESS


async def test_task_deaf_to_a_cancel_is_abandoned_after_two_minutes(bench: Bench, clock: Clock, gate: Gate) -> None:
    deaf = Gate()

    async def work(run: TaskRun) -> None:
        try:
            await gate.wait()
        finally:
            await deaf.wait()
            run.log.root.info("too late to be heard")

    bench.timings = Timings(poll=0.05, flush=0.01, tick=0.005, stop=5)
    bench.engine = bench.fresh()
    await bench.start(Work=work)
    task_id = await bench.enqueue(concurrency_tag="x")
    await gate.is_reached()
    await bench.cancel(task_id)
    await deaf.is_reached()
    clock.forward(119)
    waiting = await bench.enqueue(concurrency_tag="x")
    assert bench.task(task_id).state is TaskState.CANCELLING
    assert "is being cancelled" in reasons(bench, waiting)[0].text
    clock.forward(2)
    task = await bench.end(task_id)
    assert task.state is TaskState.CANCELED
    assert task.error_message == (
        "The task was cancelled by Ada. It did not stop within 120 seconds and was abandoned."
    )
    [line] = bench.lines(task_id)
    assert line.category == "Abandoned"
    assert "may still be running on the targets" in line.text
    deaf.opened.set()
    await bench.state(waiting, TaskState.EXECUTING)
    assert len(bench.lines(task_id)) == 1


async def test_clean_up_that_fails_is_told_and_the_task_is_still_canceled(bench: Bench, gate: Gate) -> None:
    async def work(run: TaskRun) -> None:
        try:
            await gate.wait()
        finally:
            raise RuntimeError("no more")

    await bench.start(Work=work)
    task_id = await bench.enqueue()
    await gate.is_reached()
    await bench.cancel(task_id)
    assert (await bench.end(task_id)).state is TaskState.CANCELED
    assert bench.texts(task_id) == ["While the task was cleaning up: Unexpected error: RuntimeError: no more"]


async def test_task_whose_writes_fail_is_taken_up_again(bench: Bench, gate: Gate, monkeypatch: Any) -> None:
    lives: list[int] = []

    async def work(run: TaskRun) -> None:
        lives.append(run.task.fence)
        if len(lives) == 1:
            await gate.wait()
        await run.activity("step", asyncio.sleep, 0)

    def full_disk(_work: object) -> Any:
        monkeypatch.undo()
        raise OSError("No space left on device")

    await bench.start(Work=work)
    task_id = await bench.enqueue()
    await gate.is_reached()
    monkeypatch.setattr(bench.database, "submit", full_disk)
    gate.opened.set()
    assert (await bench.end(task_id)).state is TaskState.SUCCESS
    assert len(lives) == 2


async def test_watcher_sees_the_task_grow_and_end(bench: Bench, gate: Gate) -> None:
    async def work(run: TaskRun) -> None:
        run.log.root.info("one")
        await gate.wait()
        run.log.root.info("two")

    await bench.start(Work=work)
    task_id = await bench.enqueue()
    seen: list[Change] = []
    async with asyncio.timeout(60):
        async for change in bench.engine.watch(task_id):
            seen.append(change)
            if change.total_lines == 1:
                gate.opened.set()
    assert (seen[-1].state, seen[-1].total_lines) == (TaskState.SUCCESS, 2)
    assert [change.total_lines for change in seen] == sorted(change.total_lines for change in seen)


async def test_many_concurrent_activities_share_commits(bench: Bench) -> None:
    commits = 0

    def count(_connection: sa.Connection) -> None:
        nonlocal commits
        commits += 1

    async def work(run: TaskRun) -> None:
        await asyncio.gather(*(run.activity(f"step-1/target-{n}", asyncio.sleep, 0) for n in range(1000)))

    sa.event.listen(bench.database.engine, "commit", count)
    await bench.start(Work=work)
    task = await bench.end(await bench.enqueue())
    assert task.state is TaskState.SUCCESS
    assert commits < 60


async def test_activity_name_used_twice_fails_the_task(bench: Bench) -> None:
    async def work(run: TaskRun) -> None:
        await run.activity("same", asyncio.sleep, 0)
        await run.activity("same", asyncio.sleep, 0)

    await bench.start(Work=work)
    task = await bench.end(await bench.enqueue())
    assert "'same' (attempt 1) is used twice in one run" in str(task.error_message)


async def test_cancel_that_comes_between_claim_and_start_is_heard(bench: Bench, gate: Gate) -> None:
    async def work(run: TaskRun) -> None:
        await gate.wait()

    await bench.start(Work=work)
    bench.engine._heard = lambda task_id: bench.engine._wake.set()  # type: ignore[method-assign] - no hint reaches it
    task_id = await bench.enqueue()
    await bench.database.write(partial(bench.engine.cancel, task_id=task_id, by="Ada"))
    assert (await bench.end(task_id)).state is TaskState.CANCELED


def test_whom_to_let_in_is_found_by_index_however_long_the_queue_is(database: Database) -> None:
    """Else each look at a queue of thousands would cost millions of rows."""
    now = database.clock.now()
    with database.read() as session:
        for candidates in (queue.begun(now), queue.new(now)):
            statement = candidates.limit(1).compile(session.connection, compile_kwargs={"literal_binds": True})
            rows = session.connection.exec_driver_sql(f"explain query plan {statement}")
            steps = [str(row[3]) for row in rows]
            assert not [step for step in steps if "SCAN" in step or "TEMP B-TREE" in step]
            rivals = [step for step in steps if "rival" in step]
            assert all("ix_server_task_tag" in step for step in rivals), steps


async def test_task_of_which_one_branch_still_works_says_for_which_task_another_one_waits(
    bench: Bench, gate: Gate
) -> None:
    async def work(run: TaskRun) -> None:
        if run.task.description == "Other":
            await run.pause_for("approve")
        await together(run.activity("works", gate.wait), run.wait_for_task("ServerTasks-1"))

    await bench.start(Work=work)
    other = await bench.enqueue(description="Other")
    await bench.state(other, TaskState.PAUSED)
    task_id = await bench.enqueue()
    await bench.until(lambda: reasons(bench, task_id))
    [reason] = reasons(bench, task_id)
    assert bench.task(task_id).state is TaskState.EXECUTING
    assert (reason.kind, reason.text) == ("task", "Waits for ServerTasks-1 (Other), which waits for a person.")
    gate.opened.set()
    await bench.cancel(other)
    await bench.end(task_id)
