"""Which worker of a pool is taken, and in which order others are asked."""

from __future__ import annotations

import itertools

import pytest

from polpo.engine import NewTask, TaskState
from polpo.engine.queue import enqueue
from polpo.engine.tables import server_task, task_activity
from polpo.features.machines.resource import Endpoint
from polpo.features.workers.choosing import loads_of, ranked, why_not
from polpo.features.workers.resource import Worker
from polpo.store.database import Database
from polpo.store.session import Session


def worker(name: str, health: str = "Healthy", *, is_disabled: bool = False) -> Worker:
    endpoint = Endpoint(communication_style="TentaclePassive")
    return Worker(id=name, name=name, health_status=health, is_disabled=is_disabled, endpoint=endpoint)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("workers", "loads", "avoided", "order"),
    [
        ("a b c", {}, "", "c b a"),  # chance falls from call to call
        ("a b c", {"c": 2, "b": 1}, "", "a b c"),
        ("a b c", {"a": 5}, "c", "b a c"),
        ("a:HasWarnings b", {"b": 1}, "", "a b"),
        ("a:Unknown b", {"b": 7}, "", "b a"),
        ("a:Unknown b", {}, "b", "a b"),
        ("a:Unhealthy b:Unavailable c:disabled d", {}, "", "d"),
        ("a:disabled", {}, "", ""),
    ],
)
def test_the_least_busy_of_those_that_are_well_goes_first(
    workers: str, loads: dict[str, int], avoided: str, order: str
) -> None:
    staff = [
        worker(name, "Healthy" if state in {"", "disabled"} else state, is_disabled=state == "disabled")
        for name, _, state in (one.partition(":") for one in workers.split())
    ]
    chance = itertools.count(0, -1)
    found = ranked(staff, loads, avoided.split(), lambda: float(next(chance)))
    assert [one.name for one in found] == order.split()


@pytest.mark.parametrize(
    ("health", "is_disabled", "why"),
    [
        ("Healthy", False, None),
        ("Unknown", False, None),
        ("HasWarnings", False, None),
        ("Unhealthy", False, "w is unhealthy"),
        ("Unavailable", False, "w is unavailable"),
        ("Healthy", True, "w is disabled"),
    ],
)
def test_a_worker_says_why_it_is_not_used(health: str, is_disabled: bool, why: str | None) -> None:
    assert why_not(worker("w", health, is_disabled=is_disabled)) == why


def test_a_worker_inside_a_cluster_is_not_used_however_well_it_is() -> None:
    inside = worker("w", "HasWarnings")
    inside.endpoint = Endpoint(communication_style="KubernetesTentacle")
    assert why_not(inside) == "w is an agent inside a cluster, where nothing can be run"


async def test_only_leases_of_running_tasks_count(database: Database) -> None:
    def store(session: Session) -> None:
        for state in (TaskState.EXECUTING, TaskState.CANCELLING, TaskState.SUCCESS, TaskState.PAUSED):
            task_id = enqueue(session, NewTask(kind="Deploy", description="x"))
            now = session.clock.now()
            session.connection.execute(server_task.update().where(server_task.c.id == task_id).values(state=state))
            row = {"task_id": task_id, "attempt": 1, "state": "done", "sealed": False, "t0": now, "t1": now}
            facts = {"fact/lease/WorkerPools-1": '"w1"', "fact/lease/WorkerPools-2": '"w2"', "fact/lease/x": "null"}
            facts |= {"fact/other": '"w1"'}
            rows = [{**row, "key": key, "result": result} for key, result in facts.items()]
            session.connection.execute(task_activity.insert(), rows)

    await database.write(store)
    with database.read() as session:
        assert loads_of(session) == {"w1": 2, "w2": 2}
