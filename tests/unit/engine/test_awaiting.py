"""A task that waits for another one: it takes no place meanwhile, and misses no end."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from polpo.engine import (
    Engine,
    NewTask,
    TaskRun,
    TaskState,
    find_task_of,
    holder_that_waits_for,
    questions,
    queue,
    server_task,
    task_activity,
    task_wait,
    together,
)
from polpo.kernel.errors import TaskError
from polpo.store.session import Session
from unit.engine.bench import Bench, Gate
from unit.engine.test_crash import Died, empty_bench


class Family:
    """A task that starts others and waits for them. `work` is what each of those does."""

    def __init__(self, bench: Bench, work: Callable[[TaskRun], Any], children: int = 1) -> None:
        self.bench = bench
        self.work = work
        self.children = children
        self.ends: list[list[TaskState | None]] = []

    async def parent(self, run: TaskRun) -> None:
        waits = [self.wait(run, f"child-{number}") for number in range(1, self.children + 1)]
        self.ends.append(await together(*waits))

    async def wait(self, run: TaskRun, name: str) -> TaskState | None:
        child = await run.activity(name, self.start, run, name)
        return await run.wait_for_task(child)

    async def start(self, run: TaskRun, name: str) -> str:
        """As a feature does it: found again by its key, in the transaction that would make it."""
        return await self.bench.database.write(
            partial(_made_once, engine=self.bench.engine, origin=f"{run.task.id} {name}")
        )

    async def begin(self, **wish: Any) -> str:
        await self.bench.start(Work=self.parent, Child=self.work)
        return await self.bench.enqueue(**wish)


def _made_once(session: Session, engine: Engine, origin: str) -> str:
    known = find_task_of(session, origin)
    return known.id if known else engine.enqueue(session, NewTask(kind="Child", description=origin, origin=origin))


async def test_task_waits_for_another_without_a_place_and_goes_on_with_its_end(bench: Bench, gate: Gate) -> None:
    async def work(run: TaskRun) -> None:
        await run.activity("wait", gate.wait)

    bench.engine.cap = 1
    family = Family(bench, work)
    parent = await family.begin(concurrency_tag="place")
    await gate.is_reached()
    waiting = bench.task(parent)
    assert (waiting.state, waiting.holds_tag, waiting.pending_interruptions) == (TaskState.PAUSED, True, False)
    with bench.database.read() as session:
        [reason] = bench.engine.wait_reason(session, parent)
    assert (reason.kind, reason.task_ids) == ("task", ("ServerTasks-2",))
    assert reason.text == "Waits for ServerTasks-2 (ServerTasks-1 child-1), which is running."
    gate.opened.set()
    assert (await bench.end(parent)).state is TaskState.SUCCESS
    assert family.ends == [[TaskState.SUCCESS]]
    assert bench.task(parent).waiting_for == ()


@pytest.mark.parametrize("end", [TaskState.FAILED, TaskState.CANCELED, None])
async def test_every_end_is_told(bench: Bench, end: TaskState | None) -> None:
    async def work(run: TaskRun) -> None:
        if end is TaskState.FAILED:
            raise TaskError("No.")
        await run.pause_for("never")

    family = Family(bench, work)
    parent = await family.begin()
    if end is TaskState.CANCELED:
        await bench.state(parent, TaskState.PAUSED)
        await bench.state("ServerTasks-2", TaskState.PAUSED)
        await bench.cancel("ServerTasks-2")
    if end is None:
        gone = Family(bench, work)
        gone.start = _of_a_task_that_is_gone  # type: ignore[method-assign]
        bench.engine.register("Gone", gone.parent)
        family, parent = gone, await bench.enqueue("Gone")
    await bench.end(parent)
    assert family.ends == [[end]]


async def _of_a_task_that_is_gone(_run: TaskRun, _name: str) -> str:
    return "ServerTasks-404"


async def test_several_are_waited_for_at_once_and_a_person_besides(bench: Bench, gate: Gate) -> None:
    async def work(run: TaskRun) -> None:
        if run.task.description.endswith("child-1"):
            await run.activity("wait", gate.wait)

    family = Family(bench, work, children=3)

    async def parent(run: TaskRun) -> None:
        await together(family.parent(run), run.pause_for("question"))

    await bench.start(Work=parent, Child=work)
    task_id = await bench.enqueue()
    await bench.state(task_id, TaskState.PAUSED)
    await bench.until(lambda: set(bench.task(task_id).waiting_for) == {"task/ServerTasks-2", "question"})
    await bench.state(task_id, TaskState.PAUSED)
    assert bench.task(task_id).pending_interruptions
    with bench.database.read() as session:
        assert [one.kind for one in bench.engine.wait_reason(session, task_id)] == ["person", "task"]
    await bench.answer(task_id, "question", None)
    await bench.until(lambda: bench.task(task_id).waiting_for == ("task/ServerTasks-2",))
    assert not bench.task(task_id).pending_interruptions
    gate.opened.set()
    assert (await bench.end(task_id)).state is TaskState.SUCCESS
    assert family.ends == [[TaskState.SUCCESS] * 3]


async def test_cancelled_task_ends_at_once_and_tells_that_the_other_goes_on(bench: Bench, gate: Gate) -> None:
    async def work(run: TaskRun) -> None:
        await run.activity("wait", gate.wait)

    parent = await Family(bench, work).begin()
    await gate.is_reached()
    await bench.state(parent, TaskState.PAUSED)
    ended = await bench.cancel(parent)
    assert (ended.state, ended.error_message) == (
        TaskState.CANCELED,
        "The task was cancelled by Ada. ServerTasks-2 (ServerTasks-1 child-1), which it waited for, goes on.",
    )
    gate.opened.set()
    assert (await bench.end("ServerTasks-2")).state is TaskState.SUCCESS
    assert bench.task(parent).state is TaskState.CANCELED
    with bench.database.read() as session:
        assert session.connection.execute(sa.select(task_wait)).all() == []


# -- a server that dies


async def _one_life(bench: Bench, calls: list[str]) -> None:
    async def work(run: TaskRun) -> None:
        await run.activity("script", _note, calls, run.task.description)

    bench.engine = bench.fresh()
    database: Any = bench.database
    try:
        await bench.start(Work=Family(bench, work, children=1).parent, Child=work)
        await bench.until(lambda: database.writes_left < 0 or bench.task("ServerTasks-1").state.is_completed)
    except Died:
        pass
    finally:
        await bench.engine.stop()


async def _note(calls: list[str], name: str) -> None:
    calls.append(name)


async def test_server_dies_at_each_commit_and_no_end_is_missed(tmp_path: Path) -> None:
    """By turns just before a commit and just after it."""
    writes, has_died = 1, True
    while has_died:
        bench = empty_bench(tmp_path / f"death-{writes}")
        await bench.enqueue(concurrency_tag="place")
        database: Any = bench.database
        database.dies_after_commit = bool(writes % 2)
        calls: list[str] = []
        database.writes_left = writes
        await _one_life(bench, calls)
        has_died = database.writes_left < 0
        database.writes_left = 1_000_000
        if not bench.task("ServerTasks-1").state.is_completed:
            await _one_life(bench, calls)
        with bench.database.read() as session:
            states = session.connection.execute(sa.select(server_task.c.state).order_by(server_task.c.seq)).scalars()
            assert list(states) == [TaskState.SUCCESS] * 2, f"died at write {writes}"
            assert session.connection.execute(sa.select(task_wait)).all() == []
            answers = sa.select(task_activity.c.result).where(task_activity.c.key.startswith("answer/"))
            assert session.connection.execute(answers).scalars().all() == ['"Success"']
        assert set(calls) == {"ServerTasks-1 child-1"}
        bench.database.close()
        writes += 1
    assert writes > 5


# -- who could never end


def test_second_task_of_one_origin_is_refused_by_the_database_itself(bench: Bench) -> None:
    wish = NewTask(kind="Work", description="work", origin="ServerTasks-7/step-1")
    bench.database.write_now(partial(queue.enqueue, wish=wish))
    with pytest.raises(sa.exc.IntegrityError):
        bench.database.write_now(partial(queue.enqueue, wish=wish))


def test_holder_of_a_tag_that_waits_for_the_asker_is_found_over_any_distance(bench: Bench) -> None:
    """1 holds a and waits for 2, which is queued for b; 3 holds b and waits for 4, which is queued for c; 5 holds c."""

    def arrange(session: Session) -> None:
        for tag in ("a", "b", "b", "c", "c"):
            queue.enqueue(session, NewTask(kind="Work", description="work", concurrency_tag=tag))
        for number in (1, 3, 5):
            started = {"state": TaskState.EXECUTING, "holds_tag": True, "started": session.clock.now()}
            session.connection.execute(
                sa.update(server_task).where(server_task.c.id == f"ServerTasks-{number}").values(**started)
            )
        questions.await_task(session, "ServerTasks-1", "ServerTasks-2")
        questions.await_task(session, "ServerTasks-3", "ServerTasks-4")

    bench.database.write_now(arrange)
    with bench.database.read() as session:
        found = {
            (asker, tag): getattr(holder_that_waits_for(session, f"ServerTasks-{asker}", tag), "id", None)
            for asker in (1, 3, 5)
            for tag in ("a", "b", "c", "d")
        }
    assert {place: holder for place, holder in found.items() if holder} == {
        (1, "a"): "ServerTasks-1",
        (3, "a"): "ServerTasks-1",
        (3, "b"): "ServerTasks-3",
        (5, "a"): "ServerTasks-1",
        (5, "b"): "ServerTasks-3",
        (5, "c"): "ServerTasks-5",
    }
