"""The process dies at each commit in turn; the next one goes on, and what comes out is the same as without a death."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import Any, TypeVar

import pytest
import sqlalchemy as sa

from polpo.engine import TaskRun, TaskState, server_task, task_activity, together
from polpo.kernel.errors import TaskError
from polpo.kernel.secrets import Vault
from polpo.store.blobs import BlobStore
from polpo.store.database import Database
from polpo.store.kinds import metadata
from polpo.store.session import Session
from unit.engine.bench import Bench

T = TypeVar("T")
OUTPUT = [f"line {number}" for number in range(1, 8)]


class Died(Exception):
    """Stands for the end of the process: from here on nothing reaches the disk."""


class MortalDatabase(Database):
    """Takes so many writes, then dies. `after` dies when the write is on disk but nobody has heard of it."""

    writes_left = 1_000_000
    dies_after_commit = False

    def submit(self, work: Callable[[Session], T]) -> Future[T]:
        self.writes_left -= 1
        if self.writes_left >= 0:
            return super().submit(work)
        if self.writes_left == -1 and self.dies_after_commit:
            super().submit(work).result()
        raise Died


class World:
    """What lies outside and outlives the server: scripts that run on targets, started by ticket."""

    def __init__(self) -> None:
        self.started: dict[str, int] = {}
        self.calls: list[str] = []

    def run_function(self) -> Callable[[TaskRun], Any]:
        async def work(run: TaskRun) -> None:
            plan = await run.freeze({"targets": ["web-1", "web-2"]})
            await run.activity("acquire", self.acquire, run)
            await together(*(self.deploy(run, target) for target in plan["targets"]))
            run.log.once("half", run.log.root, "Info", "half of it is done")
            await self.fragile(run)
            await run.activity("report", self.report, run)

        return work

    async def acquire(self, run: TaskRun) -> dict[str, str]:
        self.calls.append("acquire")
        return {"package": "Acme.Web.1.0.0"}

    async def deploy(self, run: TaskRun, target: str) -> Any:
        return await run.activity(f"step-1/{target}", self.script, run, target)

    async def script(self, run: TaskRun, target: str) -> int:
        self.calls.append(target)
        ticket = f"{run.task.id}/{target}"
        self.started.setdefault(ticket, len(self.started))
        node = run.log.node(target, f"Runs on {target}", order=int(target[-1]))
        node.status("Running")
        for cursor in range(run.recall(f"cursor/{target}", 0), len(OUTPUT), 3):
            lines = [node.line("Info", f"{target} {text}") for text in OUTPUT[cursor : cursor + 3]]
            await run.save(f"cursor/{target}", cursor + 3, lines)
        node.status("Success")
        return 0

    async def fragile(self, run: TaskRun) -> None:
        for attempt in (1, 2):
            try:
                await run.activity("fragile", self.fails_once, attempt, attempt=attempt)
            except TaskError as error:
                run.log.once(f"failed-{attempt}", run.log.root, "Warning", error.message)

    async def fails_once(self, attempt: int) -> None:
        self.calls.append(f"fragile {attempt}")
        if attempt == 1:
            raise TaskError("The first try fails.")

    async def report(self, run: TaskRun) -> None:
        self.calls.append("report")


async def one_life(bench: Bench, world: World) -> None:
    """Runs the engine until the task has ended or the process has died."""
    bench.engine = bench.fresh()
    bench.engine.register("Work", world.run_function())
    database: Any = bench.database
    try:
        await bench.engine.start()
        await bench.until(lambda: database.writes_left < 0 or bench.task("ServerTasks-1").state.is_completed)
    except Died:
        pass
    finally:
        await bench.engine.stop()


def outcome(bench: Bench) -> dict[str, Any]:
    activities = sa.select(task_activity.c.key, task_activity.c.attempt, task_activity.c.state)
    with bench.database.read() as session:
        journal = sorted(tuple(row) for row in session.connection.execute(activities))
    per_node: dict[str, list[str]] = {}
    names = {node.node_id: node.name for node in bench.nodes("ServerTasks-1")}
    numbers = [line.number for line in bench.lines("ServerTasks-1")]
    assert numbers == list(range(1, len(numbers) + 1))
    for line in bench.lines("ServerTasks-1"):
        per_node.setdefault(names[line.node_id], []).append(line.text)
    tree = sorted((node.name, node.status) for node in bench.nodes("ServerTasks-1"))
    task = bench.task("ServerTasks-1")
    return {"journal": journal, "log": per_node, "tree": tree, "end": (task.state, task.error_message)}


def empty_bench(folder: Path) -> Bench:
    database = MortalDatabase(f"sqlite:///{folder / 'mortal.db'}", Vault(b"k" * 32))
    metadata.create_all(database.engine)
    return Bench(database, BlobStore.open(folder / "blobs"))


async def bench_for(folder: Path) -> Bench:
    bench = empty_bench(folder)
    await bench.enqueue(concurrency_tag="place")
    return bench


def bytes_below(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


async def whole(bench: Bench, world: World, writes: int, *, after: bool) -> int:
    """Dies after each `writes` writes, again and again, until the task ends; returns how many lives it took."""
    database: Any = bench.database
    database.dies_after_commit = after
    for life in range(1, 100):
        database.writes_left = writes if life == 1 else 1_000_000
        await one_life(bench, world)
        database.writes_left = 1_000_000
        if bench.task("ServerTasks-1").state.is_completed:
            return life
    raise AssertionError("the task never ended")


@pytest.mark.parametrize("after", [False, True], ids=["before the commit", "after the commit"])
async def test_server_dies_at_each_commit_and_the_task_comes_out_the_same(tmp_path: Path, after: bool) -> None:
    undisturbed, world = await bench_for(tmp_path / "calm"), World()
    assert await whole(undisturbed, world, 1_000_000, after=False) == 1
    expected = outcome(undisturbed)
    assert expected["end"] == (TaskState.SUCCESS, None)
    undisturbed.database.close()
    writes, lives = 1, 2
    while lives > 1:
        bench, world = await bench_for(tmp_path / f"death-{writes}"), World()
        lives = await whole(bench, world, writes, after=after)
        assert outcome(bench) == expected, f"died at write {writes}"
        assert len(world.started) == 2
        repeated = {call for call in world.calls if world.calls.count(call) > 1}
        assert len(world.calls) <= 6 + len(repeated)
        bench.database.close()
        writes += 1
    assert writes > 10


async def test_activity_that_is_done_is_never_called_again(bench: Bench) -> None:
    calls: list[int] = []

    async def step(number: int) -> int:
        calls.append(number)
        return number

    async def work(run: TaskRun) -> None:
        for number in range(10):
            await run.activity(f"step-{number}", step, number)
            await run.pause_for(f"after-{number}")

    await bench.start(Work=work)
    task_id = await bench.enqueue()
    for number in range(10):
        await bench.state(task_id, TaskState.PAUSED)
        await bench.answer(task_id, f"after-{number}", None)
        await bench.until(lambda number=number: bench.task(task_id).waiting_for != (f"after-{number}",))
    await bench.end(task_id)
    assert calls == list(range(10))


async def test_failure_is_raised_again_in_the_same_words_without_a_new_try(bench: Bench) -> None:
    calls: list[str] = []
    caught: list[tuple[str, str]] = []

    async def fails() -> None:
        calls.append("called")
        raise TaskError("The disk is full of s3cr3t things.")

    async def work(run: TaskRun) -> None:
        run.masker.add("s3cr3t")
        try:
            await run.activity("fails", fails)
        except TaskError as error:
            caught.append((type(error).__name__, error.message))
        await run.pause_for("go on")

    await bench.start(Work=work)
    task_id = await bench.enqueue()
    await bench.state(task_id, TaskState.PAUSED)
    await bench.answer(task_id, "go on", None)
    await bench.end(task_id)
    assert calls == ["called"]
    assert caught == [("TaskError", "The disk is full of s3cr3t things.")] * 2


async def test_run_that_lost_its_task_writes_nothing_more(bench: Bench, gate: Any) -> None:
    reached: list[str] = []

    async def work(run: TaskRun) -> None:
        if run.task.fence > 1:
            return
        await run.activity("wait", gate.wait)
        reached.append("after the fence")

    await bench.start(Work=work)
    task_id = await bench.enqueue()
    await gate.is_reached()
    steal = sa.update(server_task).values(fence=server_task.c.fence + 1)
    await bench.database.write(lambda session: session.connection.execute(steal).rowcount)
    gate.opened.set()
    task = await bench.end(task_id)
    assert task.state is TaskState.SUCCESS
    assert reached == []
    with bench.database.read() as session:
        assert session.connection.execute(sa.select(task_activity.c.state)).scalars().all() == ["started"]


async def test_plan_and_sensitive_results_are_sealed_in_the_database(bench: Bench, tmp_path: Path) -> None:
    secret = "correct-horse-battery"
    seen: list[object] = []

    async def fetch() -> dict[str, str]:
        return {"password": secret}

    async def fails() -> None:
        raise TaskError(f"The password {secret} was refused.")

    async def work(run: TaskRun) -> None:
        seen.append((await run.freeze({"variable": secret}), await run.freeze({"variable": "another"})))
        await run.keep_secret(secret)
        run.log.node("x", f"Node {secret}").error(f"line {secret}", detail=f"detail {secret}")
        await run.activity("fetch", fetch, sensitive=True)
        await run.activity("fails", fails)

    await bench.start(Work=work)
    task = await bench.end(await bench.enqueue())
    assert seen == [({"variable": secret}, {"variable": secret})]
    assert task.error_message == "The password ***** was refused."
    await bench.engine.stop()
    bench.database.close()
    assert secret.encode() not in bytes_below(tmp_path)
