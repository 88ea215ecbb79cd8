"""The way of a task: in, through its activities, out; over a stop, a pause, a cancel."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
import sqlalchemy as sa

from polpo.engine import TaskRecord, TaskRun, TaskState, find_task, task_activity, together
from polpo.engine.journal import load_entries
from polpo.engine.queue import recover
from polpo.kernel.errors import Conflict, StoreUnavailable, TaskError
from polpo.kernel.secrets import Vault
from polpo.store.session import Session
from unit.engine.bench import Bench, Gate


async def test_task_runs_its_activities_and_succeeds(bench: Bench) -> None:
    async def work(run: TaskRun) -> None:
        node = run.log.node("step-1", "Step 1")
        node.status("Running")
        node.info(f"gets {await run.activity('double', double, run.task.arguments['number'])}")
        node.status("Success")

    async def double(number: int) -> int:
        return number * 2

    await bench.start(Work=work)
    task = await bench.end(await bench.enqueue(arguments={"number": 21}))
    assert (task.state, task.error_message, task.has_warnings) == (TaskState.SUCCESS, None, False)
    assert bench.texts(task.id) == ["gets 42"]
    assert [(node.name, node.status) for node in bench.nodes(task.id)] == [
        ("Work something", "Success"),
        ("Step 1", "Success"),
    ]


async def test_cancel_after_a_restart_reaches_every_branch_that_had_begun(bench: Bench, gates: type[Gate]) -> None:
    """A branch that has nothing to clean up does not end the walk for one that is still on its way."""
    first = gates()
    life = 1
    calls: list[str] = []

    async def script() -> None:
        try:
            await first.wait()
        except asyncio.CancelledError:
            calls.append(f"stopped in life {life}")
            raise

    async def quick(run: TaskRun) -> None:
        await run.activity("quick/1", asyncio.sleep, 0)
        if life == 1:
            await first.opened.wait()
        await run.activity("quick/2", asyncio.sleep, 0)

    async def slow(run: TaskRun) -> None:
        await asyncio.sleep(0)
        await run.activity("slow", script)

    async def work(run: TaskRun) -> None:
        if life == 2:
            await run.cancel_event.wait()
        await together(quick(run), slow(run))

    await bench.start(Work=work)
    task_id = await bench.enqueue()
    await first.is_reached()
    await bench.engine.stop()
    calls.clear()
    await bench.cancel(task_id)
    life = 2
    bench.engine = bench.fresh()
    await bench.start()
    assert (await bench.end(task_id)).state is TaskState.CANCELED
    assert calls == ["stopped in life 2"]


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (TaskError("The disk of web-1 is full."), "The disk of web-1 is full."),
        (ValueError("seven"), "Unexpected error: ValueError: seven"),
    ],
)
async def test_failing_task_says_why(bench: Bench, error: Exception, message: str) -> None:
    async def work(run: TaskRun) -> None:
        raise error

    await bench.start(Work=work)
    task = await bench.end(await bench.enqueue())
    assert (task.state, task.error_message, task.has_warnings) == (TaskState.FAILED, message, True)
    [line] = bench.lines(task.id)
    assert (line.category, line.text) == ("Fatal", message)
    assert bool(line.detail) == isinstance(error, ValueError)


async def test_task_whose_journal_cannot_be_read_fails_and_says_why(bench: Bench, gate: Gate) -> None:
    """Such as after a start with another master key: to try again each second would help nobody."""

    async def secret() -> str:
        return "s3cret"

    async def work(run: TaskRun) -> None:
        await run.activity("secret", secret, sensitive=True)
        await run.activity("wait", gate.wait)

    await bench.start(Work=work)
    task_id = await bench.enqueue()
    await gate.is_reached()
    await bench.engine.stop()
    foreign = Vault(b"x" * 32).for_purpose("journal").encrypt('"s3cret"')
    change = sa.update(task_activity).where(task_activity.c.key == "secret").values(result=foreign)
    await bench.database.write(lambda session: session.connection.execute(change).rowcount)
    bench.engine = bench.fresh()
    await bench.start()
    task = await bench.end(task_id)
    assert task.state is TaskState.FAILED
    assert str(task.error_message).startswith("The task cannot go on: A stored secret cannot be read")


async def test_task_of_unknown_kind_fails_with_a_sentence(bench: Bench) -> None:
    await bench.start()
    task = await bench.end(await bench.enqueue("Juggle"))
    assert task.state is TaskState.FAILED
    assert "cannot run tasks of the kind 'Juggle'" in str(task.error_message)


async def test_stopped_engine_goes_on_after_start_without_doing_a_thing_twice(bench: Bench, gate: Gate) -> None:
    calls: list[str] = []

    async def note(name: str) -> str:
        calls.append(name)
        return name

    async def work(run: TaskRun) -> None:
        await run.activity("first", note, "first")
        run.log.once("between", run.log.root, "Info", "between the two")
        await run.activity("wait", gate.wait)
        await run.activity("second", note, "second")
        run.log.root.info(f"resumed: {run.resumed}")

    await bench.start(Work=work)
    task_id = await bench.enqueue(concurrency_tag="a/b")
    await gate.is_reached()
    await bench.engine.stop()
    assert bench.task(task_id).state is TaskState.EXECUTING
    gate.opened.set()
    bench.engine = bench.fresh()
    await bench.start()
    task = await bench.end(task_id)
    assert task.state is TaskState.SUCCESS
    assert calls == ["first", "second"]
    assert bench.texts(task_id) == ["between the two", "resumed: True"]


async def test_paused_task_frees_its_slot_keeps_its_lock_and_goes_on_with_the_answer(bench: Bench) -> None:
    order: list[str] = []
    put: list[str] = []

    async def question() -> None:
        put.append("asked")

    async def work(run: TaskRun) -> None:
        if run.task.arguments.get("ask"):
            answer = await run.ask("approve", question)
            order.append(answer["said"])
        order.append(run.task.description)

    bench.cap = bench.engine.cap = 1
    await bench.start(Work=work)
    asking = await bench.enqueue(description="asking", concurrency_tag="place", arguments={"ask": True})
    await bench.state(asking, TaskState.PAUSED)
    same_place = await bench.enqueue(description="same place", concurrency_tag="place")
    await bench.end(await bench.enqueue(description="elsewhere", concurrency_tag="other"))
    assert bench.task(same_place).state is TaskState.QUEUED
    assert bench.task(asking).pending_interruptions
    await bench.answer(asking, "approve", {"said": "yes"})
    await bench.end(same_place)
    assert order == ["elsewhere", "yes", "asking", "same place"]
    assert put == ["asked"]
    assert bench.task(asking).state is TaskState.SUCCESS
    assert not bench.task(asking).pending_interruptions


async def test_second_answer_is_a_conflict(bench: Bench) -> None:
    async def work(run: TaskRun) -> None:
        await run.pause_for("approve")
        await run.pause_for("again")

    await bench.start(Work=work)
    task_id = await bench.enqueue()
    await bench.state(task_id, TaskState.PAUSED)
    await bench.answer(task_id, "approve", 1)
    with pytest.raises(Conflict, match="answered already"):
        await bench.answer(task_id, "approve", 2)


async def test_answer_given_while_other_branches_work_is_used_at_once(bench: Bench, gate: Gate) -> None:
    async def asks(run: TaskRun) -> str:
        return str(await run.pause_for("approve"))

    async def works(run: TaskRun) -> None:
        await run.activity("long", gate.wait)

    async def work(run: TaskRun) -> None:
        said, _ = await together(asks(run), works(run))
        run.log.root.info(f"said {said}")

    await bench.start(Work=work)
    task_id = await bench.enqueue()
    await gate.is_reached()
    await bench.until(lambda: bench.task(task_id).pending_interruptions)
    await bench.answer(task_id, "approve", "yes")
    gate.opened.set()
    assert (await bench.end(task_id)).state is TaskState.SUCCESS
    assert bench.texts(task_id) == ["said yes"]


async def test_cancelled_running_task_cleans_up_and_ends_canceled(bench: Bench, gate: Gate) -> None:
    seen: list[object] = []

    async def clean() -> str:
        return "cleaned"

    async def work(run: TaskRun) -> None:
        try:
            await run.activity("wait", gate.wait)
        finally:
            seen.append((run.cancelled, bench.task(run.task.id).state, await run.activity("clean", clean)))

    await bench.start(Work=work)
    task_id = await bench.enqueue()
    await gate.is_reached()
    await bench.cancel(task_id)
    task = await bench.end(task_id)
    assert (task.state, task.error_message) == (TaskState.CANCELED, "The task was cancelled by Ada.")
    assert seen == [(True, TaskState.CANCELLING, "cleaned")]
    with pytest.raises(Conflict, match="already ended"):
        await bench.cancel(task_id)


async def test_task_that_cannot_be_looked_up_for_a_moment_is_not_taken_for_cancelled(
    bench: Bench, gate: Gate, monkeypatch: pytest.MonkeyPatch
) -> None:
    failures: list[str] = []

    def fails_once(session: Session, task_id: str) -> TaskRecord | None:
        if not failures:
            failures.append(task_id)
            raise OSError("disk I/O error")
        return find_task(session, task_id)

    async def work(run: TaskRun) -> None:
        await run.activity("wait", gate.wait)

    await bench.start(Work=work)
    task_id = await bench.enqueue()
    await gate.is_reached()
    monkeypatch.setattr("polpo.engine.execution.find_task", fails_once)
    await bench.database.write(lambda session: bench.engine.move_to_top(session, task_id))
    await bench.until(lambda: failures)
    gate.opened.set()
    assert (await bench.end(task_id)).state is TaskState.SUCCESS


async def test_database_that_is_away_for_a_moment_fails_no_task(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither when the task is opened, nor inside an activity, nor between two of them."""
    away = ["open", "inside", "between"]

    def leaves(where: str) -> None:
        if where in away:
            away.remove(where)
            raise StoreUnavailable("The database cannot be used at the moment.")

    def opens(*args: Any) -> Any:
        leaves("open")
        return load_entries(*args)

    async def step() -> str:
        leaves("inside")
        return "done"

    async def work(run: TaskRun) -> None:
        assert await run.activity("step", step) == "done"
        leaves("between")

    monkeypatch.setattr("polpo.engine.execution.load_entries", opens)
    await bench.start(Work=work)
    task = await bench.end(await bench.enqueue())
    assert (task.state, task.error_message, away) == (TaskState.SUCCESS, None, [])


async def test_run_that_lost_its_task_is_not_told_to_clean_up(bench: Bench, gate: Gate) -> None:
    """What it started belongs to the next run, so it must not be torn down."""
    cancelled: list[bool] = []

    async def work(run: TaskRun) -> None:
        try:
            await run.activity("wait", gate.wait)
        except asyncio.CancelledError:
            await asyncio.sleep(0)
            cancelled.append(run.cancelled)
            raise

    await bench.start(Work=work)
    task_id = await bench.enqueue()
    await gate.is_reached()
    await bench.database.write(lambda session: recover(session, sa.true()))
    await bench.database.write(lambda session: bench.engine.move_to_top(session, task_id))
    await bench.until(lambda: cancelled)
    gate.opened.set()
    assert (await bench.end(task_id)).state is TaskState.SUCCESS
    assert cancelled == [False]


async def test_cancelled_queued_and_paused_tasks_end_at_once(bench: Bench) -> None:
    async def work(run: TaskRun) -> None:
        await run.pause_for("approve")

    await bench.start(Work=work)
    paused = await bench.enqueue(concurrency_tag="place")
    await bench.state(paused, TaskState.PAUSED)
    queued = await bench.enqueue(concurrency_tag="place")
    for task_id in (queued, paused):
        record = await bench.cancel(task_id)
        assert (record.state, record.holds_tag) == (TaskState.CANCELED, False)
    assert {node.status for node in bench.nodes(paused)} == {"Canceled"}


async def test_task_cancelled_before_a_restart_meets_again_what_it_had_begun(bench: Bench, gates: type[Gate]) -> None:
    first, stopped = gates(), asyncio.Event()
    calls: list[str] = []
    life = 1

    async def script() -> None:
        calls.append(f"script attached in life {life}")
        try:
            await first.wait()
        except asyncio.CancelledError:
            if life == 2:
                calls.append("script stopped")
                stopped.set()
            raise

    async def never() -> None:
        calls.append("never")

    async def work(run: TaskRun) -> None:
        await run.activity("plan", asyncio.sleep, 0)
        await together(run.activity("script", script), run.activity("other", asyncio.sleep, 0))
        await run.activity("after", never)

    await bench.start(Work=work)
    task_id = await bench.enqueue(concurrency_tag="place")
    await first.is_reached()
    await bench.engine.stop()
    await bench.cancel(task_id)
    assert bench.task(task_id).state is TaskState.CANCELLING
    life = 2
    bench.engine = bench.fresh()
    await bench.start()
    task = await bench.end(task_id)
    assert task.state is TaskState.CANCELED
    assert calls == ["script attached in life 1", "script attached in life 2", "script stopped"]


@pytest.mark.parametrize(("keeps_place", "begun"), [(True, ["1"]), (False, ["1", "2", "3"])])
async def test_branch_that_waits_for_a_person_keeps_its_place_where_it_counts(
    bench: Bench, keeps_place: bool, begun: list[str]
) -> None:
    started: list[str] = []

    async def branch(run: TaskRun, name: str) -> str:
        started.append(name)
        return str(await run.pause_for("approve")) if name == "1" else name

    async def work(run: TaskRun) -> None:
        branches = (branch(run, name) for name in ("1", "2", "3"))
        run.log.root.info(" ".join(await together(*branches, limit=1, keeps_place=keeps_place)))

    await bench.start(Work=work)
    task_id = await bench.enqueue()
    await bench.state(task_id, TaskState.PAUSED)
    assert started == begun
    await bench.answer(task_id, "approve", "yes")
    assert (await bench.end(task_id)).state is TaskState.SUCCESS
    assert bench.texts(task_id) == ["yes 2 3"]
