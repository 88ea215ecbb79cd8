"""The engine's queue under load: 5,000 tiny tasks of 200 concurrency tags, queued at once; and an engine without work.

`python bench/tasks.py [--quick]`. One process, a database on disk, no HTTP. Each task freezes a plan, does one
activity and says two lines, so the figures are those of the engine. They stand beside the same number of bare commits.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import resource
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa
import structlog

from polpo.engine import Engine, NewTask, TaskRun, TaskState, server_task, task_log
from polpo.engine import queue as engine_queue
from polpo.kernel.secrets import Vault
from polpo.store.blobs import BlobStore
from polpo.store.database import Database
from polpo.store.kinds import metadata


@dataclass(frozen=True)
class Effort:
    tasks: int
    tags: int
    cap: int
    idle: float


FULL = Effort(tasks=5000, tags=200, cap=20, idle=30.0)
QUICK = Effort(tasks=200, tags=20, cap=10, idle=1.0)


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--quick", action="store_true", help="a few tasks, to see that it runs")
    effort = QUICK if parser.parse_args(arguments).quick else FULL
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
    with tempfile.TemporaryDirectory(prefix="polpo-tasks-") as folder:
        database = Database(f"sqlite:///{Path(folder) / 'polpo.db'}", Vault(b"k" * 32))
        try:
            metadata.create_all(database.engine)
            print("\n".join(asyncio.run(_soak(database, BlobStore.open(Path(folder) / "blobs"), effort))))
        finally:
            database.close()


class Diary:
    """In which order tasks began, and how many of one tag ran at once."""

    def __init__(self) -> None:
        self.begun: list[str] = []
        self.now: defaultdict[str, int] = defaultdict(int)
        self.most_of_a_tag = 0

    async def run(self, run: TaskRun) -> None:
        tag = run.task.concurrency_tag or ""
        self.begun.append(run.task.id)
        self.now[tag] += 1
        self.most_of_a_tag = max(self.most_of_a_tag, self.now[tag])
        await run.freeze({"steps": ["one"]})
        run.log.root.info("The first line of a tiny task")
        await run.activity("one", self._work)
        run.log.root.info("The last line of a tiny task")
        self.now[tag] -= 1

    async def _work(self) -> int:
        await asyncio.sleep(0)
        return 1


async def _soak(database: Database, blobs: BlobStore, effort: Effort) -> list[str]:
    diary = Diary()
    engine = Engine(database, blobs, node="soak", cap=effort.cap)
    engine.register("Tiny", diary.run)
    ids, enqueuing = await _timed(lambda: asyncio.to_thread(_enqueue, database, engine, effort))
    admission = _plan_of_admission(database)
    began, spent = time.perf_counter(), _cpu()
    await engine.start()
    await _until(lambda: not _left(database))
    seconds, spent = time.perf_counter() - began, _cpu() - spent
    await _until(lambda: not _unpacked(database))
    idle = _cpu()
    await asyncio.sleep(effort.idle)
    idle = (_cpu() - idle) / effort.idle
    await engine.stop()
    _check(database, diary, ids)
    commits = await asyncio.to_thread(_bare_commits, database, effort.tasks)
    rate, bare = effort.tasks / seconds, effort.tasks / commits
    return [
        "| measured | figure | compared with | ratio |",
        "| --- | --- | --- | --- |",
        f"| {effort.tasks:,} tasks of {effort.tags} tags queued in one transaction | {enqueuing:.1f} s | | |",
        f"| tasks a second, {effort.cap} at once | {rate:.0f} | commits in turn: {bare:.0f} | {rate / bare:.2f} |",
        f"| CPU a task | {spent / effort.tasks * 1000:.1f} ms | | |",
        f"| tasks that overtook another one of their tag, or ran beside it | {_overtakers(diary, ids, effort)} | | |",
        f"| farthest that a task began from its place in the queue | {_farthest(diary, ids)} places | | |",
        f"| an engine without work | {idle:.2%} of a core | | |",
        *(f"| admission reads | {step} | | |" for step in admission),
    ]


async def _until(condition: Callable[[], bool]) -> None:
    while not condition():  # noqa: ASYNC110 - the condition is in the database, which has no event for it
        await asyncio.sleep(0.1)


def _tags(effort: Effort) -> list[str]:
    chance = random.Random(7)  # noqa: S311 - mixes, guards nothing
    tags = [f"tag-{number % effort.tags}" for number in range(effort.tasks)]
    chance.shuffle(tags)
    return tags


def _enqueue(database: Database, engine: Engine, effort: Effort) -> list[str]:
    wishes = [NewTask(kind="Tiny", description="A tiny task", concurrency_tag=tag) for tag in _tags(effort)]
    return database.write_now(lambda session: [engine.enqueue(session, wish) for wish in wishes])


def _left(database: Database) -> int:
    ended = (TaskState.SUCCESS, TaskState.FAILED)
    with database.read() as session:
        statement = sa.select(sa.func.count()).select_from(server_task).where(server_task.c.state.not_in(ended))
        return int(session.connection.execute(statement).scalar_one())


def _unpacked(database: Database) -> bool:
    """Whether logs of ended tasks are still to be put away."""
    with database.read() as session:
        loose = sa.select(task_log.c.task_id).where(task_log.c.payload.is_not(None)).limit(1)
        return session.connection.execute(loose).first() is not None


def _check(database: Database, diary: Diary, ids: list[str]) -> None:
    with database.read() as session:
        states = set(session.connection.execute(sa.select(server_task.c.state)).scalars())
    assert states == {TaskState.SUCCESS}, states
    assert sorted(diary.begun) == sorted(ids)


def _overtakers(diary: Diary, ids: list[str], effort: Effort) -> int:
    tag_of = dict(zip(ids, _tags(effort), strict=True))
    due: defaultdict[str, list[str]] = defaultdict(list)
    for task_id in ids:
        due[tag_of[task_id]].append(task_id)
    found: defaultdict[str, list[str]] = defaultdict(list)
    for task_id in diary.begun:
        found[tag_of[task_id]].append(task_id)
    return sum(found[tag] != order for tag, order in due.items()) + diary.most_of_a_tag - 1


def _farthest(diary: Diary, ids: list[str]) -> int:
    place = {task_id: number for number, task_id in enumerate(ids)}
    return max(abs(number - place[task_id]) for number, task_id in enumerate(diary.begun))


def _plan_of_admission(database: Database) -> list[str]:
    """How the database finds whom to let in, in its own words."""
    now = database.clock.now()
    with database.read() as session:
        found = []
        for statement in (engine_queue.begun(now).limit(1), engine_queue.new(now).limit(1)):
            compiled = statement.compile(session.connection, compile_kwargs={"literal_binds": True})
            rows = session.connection.exec_driver_sql(f"explain query plan {compiled}")
            found.append("; ".join(str(row[3]) for row in rows))
        return found


def _bare_commits(database: Database, count: int) -> float:
    """Seconds for as many transactions of one row, each awaited."""
    statement = sa.update(server_task).where(server_task.c.seq == 1).values(priority=1)
    began = time.perf_counter()
    for _ in range(count):
        database.write_now(lambda session: session.connection.execute(statement))
    return time.perf_counter() - began


async def _timed(work: Callable[[], object]) -> tuple[list[str], float]:
    began = time.perf_counter()
    found = await work()  # type: ignore[misc]
    return found, time.perf_counter() - began


def _cpu() -> float:
    spent = resource.getrusage(resource.RUSAGE_SELF)
    return spent.ru_utime + spent.ru_stime


if __name__ == "__main__":
    main()
