"""Logs: any length, read by ranges and tails, the same before and after they are packed."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from polpo.engine import LogLine, TaskRun, TaskState, line_count, read_tail, task_log
from polpo.engine.loglines import loose_batches, use_segments, write_segments
from polpo.kernel.errors import Conflict, StoreUnavailable
from polpo.store.blobs import BlobStore
from polpo.store.discarding import sweep
from unit.engine.bench import Bench, Gate

TOTAL = 100_000


class CountingBlobs(BlobStore):
    reads = 0

    def get_now(self, key: str) -> bytes:
        self.reads += 1
        return super().get_now(key)


def index(bench: Bench, task_id: str) -> list[Any]:
    statement = sa.select(task_log).where(task_log.c.task_id == task_id).order_by(task_log.c.first_line)
    with bench.database.read() as session:
        return list(session.connection.execute(statement))


def tail(bench: Bench, task_id: str, take: int) -> list[LogLine]:
    with bench.database.read() as session:
        return read_tail(session, bench.blobs, task_id, take)


async def packed(bench: Bench, task_id: str) -> None:
    await bench.until(lambda: all(row.payload is None for row in index(bench, task_id)))


async def test_hundred_thousand_lines_are_read_by_ranges_and_tail(bench: Bench, tmp_path: Path) -> None:
    async def work(run: TaskRun) -> None:
        for start in range(0, TOTAL, 1000):
            for number in range(start + 1, start + 1001):
                run.log.root.info(f"this is the line with the number {number} of a very long log, and nothing else")
            await run.log.drain()

    blobs = CountingBlobs.open(tmp_path / "many")
    bench.blobs = blobs
    bench.engine = bench.fresh()
    await bench.start(Work=work)
    task_id = await bench.enqueue()
    assert (await bench.end(task_id)).log_lines == TOTAL
    await packed(bench, task_id)
    assert 5 <= len(index(bench, task_id)) <= 20
    for after, take in [(0, 10), (49_990, 20), (99_995, 100), (12_345, 1), (TOTAL, 10), (5, 0)]:
        blobs.reads = 0
        lines = bench.lines(task_id, after, take)
        assert [line.number for line in lines] == list(range(after + 1, min(after + take, TOTAL) + 1))
        assert all(f"number {line.number} of" in line.text for line in lines)
        assert blobs.reads <= 2
    assert [line.number for line in tail(bench, task_id, 3)] == [99_998, 99_999, 100_000]
    with bench.database.read() as session:
        assert line_count(session, "ServerTasks-77") == 0


async def test_growing_log_reads_the_same_while_it_is_packed_again_and_again(bench: Bench) -> None:
    gate, read_on = Gate(), Gate()

    async def work(run: TaskRun) -> None:
        for number in range(300):
            run.log.root.info(f"line {number}")
            await run.log.drain()
        await gate.wait()
        run.log.root.info("last")
        await read_on.wait()

    await bench.start(Work=work)
    task_id = await bench.enqueue()
    await gate.is_reached()
    # It is looked at every 64 batches, and left alone while there are no more than 64 loose ones.
    await bench.until(lambda: len(index(bench, task_id)) < 140)
    assert index(bench, task_id)[0].blob_key
    assert bench.texts(task_id) == [f"line {number}" for number in range(300)]
    gate.opened.set()
    read_on.opened.set()
    await bench.end(task_id)
    await packed(bench, task_id)
    [row] = index(bench, task_id)
    assert (row.first_line, row.line_count) == (1, 301)
    assert bench.texts(task_id)[-1] == "last"


async def test_node_that_packs_late_spoils_nothing_that_another_has_packed(bench: Bench) -> None:
    """Such as one that was frozen with the first lines in its hands: the files are not behind the fence."""
    half = Gate()

    async def work(run: TaskRun) -> None:
        for number in range(20):
            run.log.root.info(f"line {number}")
            await run.log.drain()
            if number == 9:
                await half.wait()

    bench.engine._pack = lambda: asyncio.sleep(0)  # type: ignore[method-assign]
    await bench.start(Work=work)
    task_id = await bench.enqueue()
    await half.is_reached()
    with bench.database.read() as session:
        early = loose_batches(session, task_id)
    half.opened.set()
    await bench.end(task_id)
    await bench.restart()
    await packed(bench, task_id)
    segments = write_segments(bench.blobs, early)
    with pytest.raises(Conflict):
        await bench.database.write(lambda session: use_segments(session, segments))
    assert bench.texts(task_id) == [f"line {number}" for number in range(20)]


async def test_segment_that_grows_leaves_no_file_behind(bench: Bench) -> None:
    gate = Gate()

    async def work(run: TaskRun) -> None:
        for number in range(150):
            run.log.root.info(f"line {number}")
            await run.log.drain()
        await gate.wait()

    await bench.start(Work=work)
    task_id = await bench.enqueue()
    await gate.is_reached()
    await bench.until(lambda: index(bench, task_id)[0].blob_key)
    gate.opened.set()
    await bench.end(task_id)
    await packed(bench, task_id)
    await bench.until(lambda: len(index(bench, task_id)) == 1)
    await sweep(bench.database, bench.blobs)
    assert list(bench.blobs.keys_now("logs")) == [index(bench, task_id)[0].blob_key]


async def test_log_that_cannot_be_packed_for_a_moment_is_packed_later(bench: Bench) -> None:
    failures = [StoreUnavailable("The database cannot be used at the moment.")]
    write = bench.database.write_now

    def fails_once(work: Any) -> Any:
        if failures:
            raise failures.pop()
        return write(work)

    async def work(run: TaskRun) -> None:
        run.log.root.info("line")

    bench.database.write_now = fails_once  # type: ignore[method-assign]
    await bench.start(Work=work)
    task_id = await bench.enqueue()
    await bench.end(task_id)
    await packed(bench, task_id)
    assert (failures, bench.texts(task_id)) == ([], ["line"])


async def test_log_left_unpacked_by_a_crash_is_packed_at_the_next_start(bench: Bench) -> None:
    async def work(run: TaskRun) -> None:
        run.log.root.info("line")

    bench.engine._pack = lambda: asyncio.sleep(0)  # type: ignore[method-assign]
    await bench.start(Work=work)
    task_id = await bench.enqueue()
    await bench.end(task_id)
    assert index(bench, task_id)[0].payload
    await bench.restart()
    await packed(bench, task_id)
    assert bench.texts(task_id) == ["line"]


async def test_tree_keeps_order_progress_and_times(bench: Bench) -> None:
    async def work(run: TaskRun) -> None:
        second = run.log.node("step-2", "Step 2", order=2)
        first = run.log.node("step-1", "Step 1", order=1)
        target = run.log.node("step-1/web", "Runs on web", parent=first)
        assert run.log.node("step-1/web", "Runs on web") is target
        for node in (first, target):
            node.status("Running")
        target.progress(140, "unpacks")
        target.status("SuccessWithWarning")
        first.status("Success")
        second.status("Skipped")
        run.log.root.warning("careful")

    await bench.start(Work=work)
    task = await bench.end(await bench.enqueue())
    assert (task.state, task.has_warnings) == (TaskState.SUCCESS, True)
    tree = bench.nodes(task.id)
    assert [(node.name, node.status) for node in tree] == [
        ("Work something", "SuccessWithWarning"),
        ("Step 1", "Success"),
        ("Runs on web", "SuccessWithWarning"),
        ("Step 2", "Skipped"),
    ]
    assert (tree[2].progress, tree[2].progress_message, tree[2].parent_id) == (100, "unpacks", tree[1].node_id)
    assert tree[2].started is not None
    assert tree[3].started is None


@pytest.mark.parametrize("category", ["Verbose", "Info", "Highlight", "Wait", "Warning", "Error"])
async def test_line_keeps_its_category(bench: Bench, category: str) -> None:
    async def work(run: TaskRun) -> None:
        getattr(run.log.root, category.lower())("text")

    await bench.start(Work=work)
    task = await bench.end(await bench.enqueue())
    assert [line.category for line in bench.lines(task.id)] == [category]
