"""What a health check in mid-deployment makes of what it finds, as a table."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from polpo.engine import TaskRun, TaskState
from polpo.steps.healthcheck import perform_health_check
from polpo.steps.services import Finding, Subjects, Visit
from polpo.steps.work import StepResult, Work
from polpo.store.blobs import BlobStore
from polpo.store.database import Database
from unit.engine.bench import Bench

_PREFIX = "Octopus.Action.HealthCheck."
SKIP = {"ErrorHandling": "TreatExceptionsAsWarnings"}
INCLUDE = {"IncludeMachinesInDeployment": "IncludeCheckedMachines"}


class Machines:
    """Machines that are as a test says: `m1` Healthy, …; those of `new` came after the plan was made."""

    def __init__(self, states: dict[str, str | None], new: Sequence[str]) -> None:
        self.states = states
        self.new = new
        self.checked: dict[str, bool] = {}

    async def subjects(self, _run: TaskRun, _action_name: str) -> Subjects:
        planned = {name: name for name in self.states if name not in self.new}
        return Subjects(planned, {name: name for name in self.new})

    async def check(self, visit: Visit) -> Finding | None:
        self.checked[visit.machine_id] = visit.connection_only
        status = self.states[visit.machine_id]
        return Finding(visit.machine_id, status, f"It is {status}.") if status else None

    async def as_targets(self, machine_ids: Sequence[str]) -> list[dict[str, Any]]:
        return [{"id": one, "name": one} for one in machine_ids]


@pytest.fixture
async def bench(database: Database, tmp_path: Path) -> AsyncIterator[Bench]:
    bench = Bench(database, BlobStore.open(tmp_path / "blobs"))
    yield bench
    await bench.engine.stop()


@pytest.mark.parametrize(
    ("states", "properties", "error", "dropped", "joined", "statuses"),
    [
        ({"m1": "Healthy", "m2": "HasWarnings"}, {}, None, {}, [], ["Success", "SuccessWithWarning"]),
        ({"m1": "Unavailable"}, {}, "m1 cannot be used: It is Unavailable.", {}, [], ["Failed"]),
        ({"m1": "Unhealthy"}, {}, "m1 cannot be used: It is Unhealthy.", {}, [], ["Failed"]),
        (
            {"m1": "Unavailable", "m2": "Unhealthy", "m3": "Healthy"},
            {},
            "2 of 3 targets cannot be used: m1, m2; the log says why.",
            {},
            [],
            ["Failed", "Failed", "Success"],
        ),
        (
            {"m1": "Unavailable", "m2": "Unhealthy", "m3": "Healthy"},
            SKIP,
            None,
            {"m1": "m1 is left out from here on: It is Unavailable."},
            [],
            ["Failed", "Failed", "Success"],
        ),
        ({"m1": None}, {}, None, {"m1": "It was deleted in the meantime."}, [], ["Skipped"]),
        ({"m1": "Healthy", "n1": "Healthy"}, {}, None, {}, [], ["Success"]),
        ({"m1": "Healthy", "n1": "Healthy"}, INCLUDE, None, {}, ["n1"], ["Success", "Success"]),
        ({"m1": "Healthy", "n1": "Unavailable"}, INCLUDE, None, {}, [], ["Success", "Failed"]),
        ({"n1": "Healthy"}, INCLUDE, None, {}, ["n1"], ["Success"]),
        ({"n1": "Healthy"}, {}, None, {}, [], []),
        ({"m1": "Healthy"}, {"Type": "Sometimes"}, "it can be FullHealthCheck, ConnectionTest.", {}, [], []),
    ],
)
async def test_who_fails_is_left_out_or_joins(
    bench: Bench,
    states: dict[str, str | None],
    properties: dict[str, str],
    error: str | None,
    dropped: dict[str, str],
    joined: list[str],
    statuses: list[str],
) -> None:
    machines = Machines(states, [name for name in states if name.startswith("n")])
    results: list[StepResult] = []

    async def work(run: TaskRun) -> None:
        results.append(await perform_health_check(machines, piece(run, properties)))

    await bench.start(Work=work)
    task = await bench.end(await bench.enqueue())
    assert (task.state is TaskState.FAILED) == (error is not None)
    assert error is None or error in (task.error_message or "")
    for result in results:
        assert (result.dropped, [one["id"] for one in result.joined]) == (dropped, joined)
    assert [node.status for node in bench.nodes(task.id) if node.key.startswith("checkup/")] == statuses


async def test_connection_alone_is_checked_where_the_step_says_so(bench: Bench) -> None:
    machines = Machines({"m1": "Healthy"}, [])

    async def work(run: TaskRun) -> None:
        await perform_health_check(machines, piece(run, {"Type": "ConnectionTest"}))

    await bench.start(Work=work)
    await bench.end(await bench.enqueue())
    assert machines.checked == {"m1": True}


def piece(run: TaskRun, properties: dict[str, str]) -> Work:
    nothing: Any = None
    return Work(
        run=run,
        node=run.log.node("step-1", "Step 1: Check"),
        key="step-1/1/server",
        action_name="Check",
        properties={_PREFIX + name: value for name, value in properties.items()},
        values={},
        secrets=frozenset(),
        place_name="the server",
        transport=None,
        depot=nothing,
        people=nothing,
    )
