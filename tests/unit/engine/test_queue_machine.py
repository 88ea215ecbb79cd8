"""Whatever order things happen in: one task of a tag in flight, the cap kept, an old claim never valid again."""

from __future__ import annotations

import tempfile
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
import sqlalchemy as sa
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from tests.postgres import Postgres

from polpo.engine import NewTask, TaskRecord, TaskState, find_task, questions, queue, server_task
from polpo.engine.tasks import COMPLETED, RUNNING, record_columns
from polpo.kernel.errors import Conflict
from polpo.kernel.secrets import Vault
from polpo.store.database import Database
from polpo.store.kinds import metadata

CAP = 3
NODE = "node-1"


class Clock:
    """Stands still until it is moved."""

    def __init__(self) -> None:
        self.moment = datetime(2026, 1, 1, tzinfo=UTC)
        self.seconds = 0.0

    def now(self) -> datetime:
        return self.moment

    def monotonic(self) -> float:
        return self.seconds

    def forward(self, seconds: float) -> None:
        self.moment += timedelta(seconds=seconds)
        self.seconds += seconds


class TaskQueue(RuleBasedStateMachine):
    def __init__(self, url: str = "") -> None:
        """`url` is a database with empty tables; without, it is a file of its own."""
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.clock = Clock()
        self.database = Database(url or f"sqlite:///{self.folder.name}/q.db", Vault(b"k" * 32), self.clock)
        if not url:
            metadata.create_all(self.database.engine)
        self.claims: list[TaskRecord] = []
        self.asked = 0

    def teardown(self) -> None:
        self.database.close()
        self.folder.cleanup()

    def tasks(self) -> list[TaskRecord]:
        with self.database.read() as session:
            rows = session.connection.execute(sa.select(*record_columns).order_by(server_task.c.seq)).all()
        return [TaskRecord.of(row) for row in rows]

    def held(self) -> list[TaskRecord]:
        now = {task.id: task for task in self.tasks()}
        return [old for old in self.claims if now[old.id].fence == old.fence and now[old.id].state in RUNNING]

    @initialize()
    def begin(self) -> None:
        self.enqueue("a", 100, 0, 0)

    @rule(
        tag=st.sampled_from([None, "a", "b"]),
        priority=st.sampled_from([0, 50, 100]),
        later=st.sampled_from([0, 0, 5]),
        expires=st.sampled_from([0, 0, 20]),
    )
    def enqueue(self, tag: str | None, priority: int, later: int, expires: int) -> None:
        now = self.clock.now()
        wish = NewTask(
            kind="Work",
            description="work",
            concurrency_tag=tag,
            priority=priority,
            not_before=now + timedelta(seconds=later) if later else None,
            queue_expiry=now + timedelta(seconds=expires) if expires else None,
        )
        self.database.write_now(partial(queue.enqueue, wish=wish))

    @rule(data=st.data())
    def move_to_top(self, data: st.DataObject) -> None:
        task = data.draw(st.sampled_from(self.tasks()))
        self.database.write_now(partial(queue.move_to_top, task_id=task.id))
        others = [one for one in self.tasks() if one.state is TaskState.QUEUED and one.id != task.id]
        assert all(self.tasks()[task.seq - 1].priority < one.priority for one in others)

    @rule()
    def claim(self) -> None:
        before = {task.id: task for task in self.tasks()}
        claimed = self.database.write_now(partial(queue.claim, node=NODE, cap=CAP))
        self.claims += claimed
        for record in claimed:
            assert record.fence == before[record.id].fence + 1
            rivals = [
                other
                for other in before.values()
                if other.concurrency_tag == record.concurrency_tag is not None
                and other.state is TaskState.QUEUED
                and (other.not_before is None or other.not_before <= self.clock.now())
                and (other.priority, other.seq) < (record.priority, record.seq)
            ]
            assert before[record.id].holds_tag or not rivals

    @rule(seconds=st.sampled_from([1, 6, 30]))
    def time_passes(self, seconds: int) -> None:
        self.clock.forward(seconds)
        self.database.write_now(queue.expire)

    @precondition(lambda self: self.held())
    @rule(data=st.data(), state=st.sampled_from([TaskState.SUCCESS, TaskState.FAILED]))
    def finish(self, data: st.DataObject, state: TaskState) -> None:
        record = data.draw(st.sampled_from(self.held()))
        assert self.database.write_now(partial(queue.end, task_id=record.id, state=state, fence=record.fence))

    @precondition(lambda self: self.held())
    @rule(data=st.data(), answered=st.booleans())
    def pause(self, data: st.DataObject, answered: bool) -> None:
        record = data.draw(st.sampled_from(self.held()))
        self.asked += 1
        key = f"question-{self.asked}"
        if answered:
            self.database.write_now(partial(queue.answer, task_id=record.id, key=key, value=1))
        cancelling = self.tasks()[record.seq - 1].cancel_requested
        state = self.database.write_now(partial(queue.pause, task_id=record.id, fence=record.fence, keys=[key]))
        expected = TaskState.QUEUED if answered else TaskState.PAUSED
        assert state is (TaskState.CANCELED if cancelling else expected)

    @precondition(lambda self: self.held())
    @rule(data=st.data())
    def wait_for_another(self, data: st.DataObject) -> None:
        record = data.draw(st.sampled_from(self.held()))
        if self.tasks()[record.seq - 1].cancel_requested:
            return
        other = data.draw(st.sampled_from([task for task in self.tasks() if task.id != record.id] or [record]))
        if other.id == record.id:
            return
        note = partial(questions.await_task, task_id=record.id, other_id=other.id)
        self.database.write_now(note)
        keys = [questions.task_key(other.id)]
        state = self.database.write_now(partial(queue.pause, task_id=record.id, fence=record.fence, keys=keys))
        assert state is (TaskState.QUEUED if other.state in COMPLETED else TaskState.PAUSED)

    @precondition(lambda self: any(task.pending_interruptions for task in self.tasks()))
    @rule(data=st.data())
    def answer(self, data: st.DataObject) -> None:
        task = data.draw(st.sampled_from([task for task in self.tasks() if task.pending_interruptions]))
        self.database.write_now(partial(queue.answer, task_id=task.id, key=task.waiting_for[0], value=1))
        after = self.tasks()[task.seq - 1]
        assert after.state is not TaskState.PAUSED
        assert after.holds_tag

    @rule(data=st.data())
    def cancel(self, data: st.DataObject) -> None:
        task = data.draw(st.sampled_from(self.tasks()))
        if task.state in COMPLETED:
            with pytest.raises(Conflict):
                self.database.write_now(partial(queue.cancel, task_id=task.id, by="Ada"))
            return
        after = self.database.write_now(partial(queue.cancel, task_id=task.id, by="Ada"))
        assert after.cancel_requested
        assert after.state is not TaskState.EXECUTING

    @rule()
    def crash(self) -> None:
        """The process dies: nobody holds a claim, and what was running waits to go on, with its tag."""
        running = {task.id for task in self.tasks() if task.state in RUNNING}
        assert set(self.database.write_now(lambda session: queue.recover(session, sa.true()))) == running
        assert not self.held()
        assert all(task.state is TaskState.QUEUED and task.holds_tag for task in self.tasks() if task.id in running)

    @precondition(lambda self: self.claims)
    @rule(data=st.data())
    def lost_claim_tries_to_end_its_task(self, data: st.DataObject) -> None:
        current = {(record.id, record.fence) for record in self.held()}
        stale = [record for record in self.claims if (record.id, record.fence) not in current]
        if stale:
            record = data.draw(st.sampled_from(stale))
            before = self.tasks()
            end = partial(queue.end, task_id=record.id, state=TaskState.SUCCESS, fence=record.fence)
            assert not self.database.write_now(end)
            assert self.tasks() == before

    @invariant()
    def one_task_of_a_tag_is_in_flight(self) -> None:
        holders = [task.concurrency_tag for task in self.tasks() if task.holds_tag and task.concurrency_tag]
        assert len(holders) == len(set(holders))

    @invariant()
    def cap_is_kept(self) -> None:
        assert sum(task.state in RUNNING for task in self.tasks()) <= CAP

    @invariant()
    def every_running_or_paused_task_holds_its_tag_and_no_ended_one_does(self) -> None:
        for task in self.tasks():
            if task.state in RUNNING or task.state is TaskState.PAUSED:
                assert task.holds_tag
            if task.state in COMPLETED:
                assert not task.holds_tag
                assert task.completed is not None
                assert not task.pending_interruptions

    @invariant()
    def paused_task_waits_for_a_person_or_for_a_task_that_has_not_ended(self) -> None:
        tasks = {task.id: task for task in self.tasks()}
        for task in tasks.values():
            awaited = [tasks[key.removeprefix("task/")] for key in task.waiting_for if key.startswith("task/")]
            assert all(other.state not in COMPLETED for other in awaited)
            assert task.pending_interruptions or awaited or task.state is not TaskState.PAUSED


TaskQueue.TestCase.settings = settings(max_examples=25, stateful_step_count=30, deadline=None)
TestTaskQueue = TaskQueue.TestCase


def test_the_same_on_postgresql(postgresql: Postgres, declared: str) -> None:
    def on_empty_tables() -> TaskQueue:
        postgresql.reset(declared)
        return TaskQueue(postgresql.url(declared))

    few = settings(max_examples=8, stateful_step_count=25, deadline=None)
    run_state_machine_as_test(on_empty_tables, settings=few)


def test_two_tasks_of_one_tag_are_refused_by_the_database_itself(database: Database) -> None:
    wish = NewTask(kind="Work", description="work", concurrency_tag="a")
    for _ in range(2):
        database.write_now(partial(queue.enqueue, wish=wish))
    with pytest.raises(sa.exc.IntegrityError):
        database.write_now(lambda session: session.connection.execute(sa.update(server_task).values(holds_tag=True)))
    with database.read() as session:
        assert find_task(session, "ServerTasks-3") is None
