"""The server dies at one write after the other while a plan runs; the next one goes on, and the end is the same."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from polpo.engine import TaskRun
from polpo.features.deployments.equipment import Equipment
from polpo.features.deployments.executing import PlanRun
from polpo.features.deployments.plan import Plan
from polpo.kernel.errors import TaskError
from polpo.runner.archive import RunnerArchive
from polpo.steps.console import OutputValue
from polpo.steps.work import Catalogue, StepKind, StepResult, Work
from unit.deployments.stage import action, plan, step
from unit.engine.bench import Bench
from unit.engine.test_crash import MortalDatabase, empty_bench, one_life, outcome

RETRY = {"Octopus.Action.AutoRetry.MaximumCount": "1", "Octopus.Action.ExecutionTimeout.Minutes": "60"}


def the_plan() -> Plan:
    """A retry that helps, a guided failure on one of two targets in a rolling step, and what comes after."""
    shaky = action("Shaky", "Machines-1", properties=RETRY)
    guided = action("Guided", "Machines-1", "Machines-2", properties={})
    after = action("After", "Machines-1", "Machines-2")
    return plan(step(1, shaky), step(2, guided, window=1), step(3, after), targets=2, is_guided=True)


class Machines:
    """What lies outside and outlives the server. `ended` is the work whose outcome is known there, by ticket."""

    def __init__(self) -> None:
        self.ended: dict[str, int] = {}

    def run_function(self) -> Any:
        async def work(run: TaskRun) -> None:
            nothing: Any = None
            kind = StepKind(type="Test", name="Test", description="", place="server", perform=self.perform)
            equipment = Equipment(nothing, Catalogue([kind]), RunnerArchive(b"", "0"), nothing)
            await PlanRun(run, the_plan(), equipment, self).go()

        return work

    async def perform(self, work: Work) -> StepResult:
        ticket = f"{work.action_name}@{work.place_name}/{work.attempt}"
        self.ended.setdefault(ticket, 0)
        if work.attempt == 1 and ticket in {"Shaky@m1/1", "Guided@m1/1"}:
            raise TaskError(f"{ticket} is broken.")
        return StepResult(outputs={"Word": OutputValue(ticket)})

    async def put_intervention(self, key: str, *_rest: Any) -> str:
        return key

    async def put_guidance(self, key: str, *_rest: Any) -> str:
        return key


async def lives(bench: Bench, machines: Any, writes: int, choice: str) -> int:
    """How many it takes, when the first dies after so many writes and a person answers as soon as asked."""
    database: Any = bench.database
    for life in range(1, 20):
        database.writes_left = writes if life == 1 else 1_000_000
        await one_life_or_question(bench, machines)
        database.writes_left = 1_000_000
        task = bench.task("ServerTasks-1")
        if task.state.is_completed:
            return life
        for key in task.waiting_for if task.state.value == "Paused" else ():
            await bench.answer("ServerTasks-1", key, {"Guidance": choice, "ResponsibleUserDisplayName": "Ada"})
    raise AssertionError("the task never ended")


async def one_life_or_question(bench: Bench, machines: Any) -> None:
    until = bench.until

    async def until_question(condition: Any, what: str = "") -> None:
        await until(lambda: condition() or bench.task("ServerTasks-1").state.value == "Paused", what)

    bench.until = until_question  # type: ignore[method-assign]
    try:
        await one_life(bench, machines)
    finally:
        bench.until = until  # type: ignore[method-assign]


@pytest.mark.parametrize("choice", ["Retry", "Exclude"])
async def test_attempts_and_answers_survive_a_death_at_any_write(tmp_path: Path, choice: str) -> None:
    calm, machines = await fresh(tmp_path / "calm"), Machines()
    usual = await lives(calm, machines, 1_000_000, choice)
    expected = outcome(calm)
    assert expected["end"] == ("Success", None)
    calm.database.close()
    for writes in range(1 if choice == "Retry" else 2, 200, 2):  # every other one, to be quick
        bench, again = await fresh(tmp_path / f"{writes}"), Machines()
        taken = await lives(bench, again, writes, choice)
        assert outcome(bench) == expected, f"died at write {writes}"
        assert set(again.ended) == set(machines.ended)
        bench.database.close()
        if taken == usual:
            assert writes > 5
            return
    raise AssertionError("the task has no end of writes")


async def fresh(folder: Path) -> Bench:
    bench = empty_bench(folder)
    assert isinstance(bench.database, MortalDatabase)
    await bench.enqueue()
    return bench
