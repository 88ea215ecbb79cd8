"""Attempts that take too long, and locks of machines: what cannot be said by a scenario alone."""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import replace

import pytest

from polpo.engine import TaskState
from polpo.features.deployments import timing
from polpo.kernel.errors import TaskError
from polpo.steps.work import StepResult, Work
from unit.deployments.stage import Stage, action, plan, step
from unit.engine.bench import Bench, Gate

TIMEOUT, RETRIES = "Octopus.Action.ExecutionTimeout.Minutes", "Octopus.Action.AutoRetry.MaximumCount"
SHORT = "0.0001"


async def hangs(_work: Work) -> StepResult | None:
    await asyncio.Event().wait()
    return None


async def test_attempt_that_takes_too_long_is_stopped_and_tried_again(bench: Bench) -> None:
    stopped: list[bool] = []

    async def first_hangs(work: Work) -> StepResult | None:
        if work.attempt == 1:
            try:
                await hangs(work)
            finally:
                stopped.append(work.time_is_up())
        return None

    one = action("A", "Machines-1", properties={TIMEOUT: SHORT, RETRIES: "1"})
    stage = Stage(bench, plan(step(1, one), targets=1), first_hangs)
    task = await bench.end(await stage.start())
    assert (task.state, stopped) == (TaskState.SUCCESS, [True])
    assert any("A on m1 took longer than 0.006 seconds and was stopped." in text for text in bench.texts(task.id))


async def test_attempt_that_does_not_stop_is_abandoned_and_not_begun_beside_itself(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(timing, "STOPPING", 0.01)
    begun: list[int] = []

    async def never_stops(work: Work) -> StepResult | None:
        begun.append(work.attempt)
        try:
            return await hangs(work)
        except asyncio.CancelledError:
            return await hangs(work)

    one = action("A", "Machines-1", properties={TIMEOUT: SHORT, RETRIES: "3"})
    stage = Stage(bench, plan(step(1, one), targets=1), never_stops)
    task = await bench.end(await stage.start())
    assert begun == [1]
    assert "did not stop within 0.01 seconds, so it was abandoned" in str(task.error_message)


async def test_time_counts_from_the_beginning_and_not_from_a_restart(
    bench: Bench, gate: Gate, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(timing, "FINDING", 0.01)
    monkeypatch.setattr("polpo.features.deployments.attempts.FINDING", 0.01)

    async def waits(work: Work) -> StepResult | None:
        gate.reached.set()
        return await hangs(work)

    one = action("A", "Machines-1", properties={TIMEOUT: "1"})
    stage = Stage(bench, plan(step(1, one), targets=1), waits)
    task_id = await stage.start()
    await gate.is_reached()
    one.properties[TIMEOUT] = "0.00001"  # as if the minute had gone by while the server was away
    await bench.restart()
    task = await bench.end(task_id)
    assert "was stopped" in str(task.error_message)


async def test_cancel_is_heard_between_two_attempts(bench: Bench) -> None:
    async def fails(_work: Work) -> None:
        raise ValueError("no")

    one = action("A", "Machines-1", properties={RETRIES: "3", "Octopus.Action.AutoRetry.MinimumBackoff": "600"})
    stage = Stage(bench, plan(step(1, one), targets=1), fails)
    task_id = await stage.start()
    await bench.until(lambda: "The next attempt begins in 600 seconds." in bench.texts(task_id))
    await bench.cancel(task_id)
    assert (await bench.end(task_id)).state is TaskState.CANCELED


async def test_cancelled_script_that_does_not_stop_is_abandoned_and_the_log_says_so(bench: Bench, gate: Gate) -> None:
    bench.timings = replace(bench.timings, cancel=0.05)
    bench.engine = bench.fresh()
    over = asyncio.Event()

    async def never_stops(_work: Work) -> StepResult | None:
        gate.reached.set()
        while not over.is_set():
            with contextlib.suppress(asyncio.CancelledError):
                await over.wait()
        return None

    roll, after = step(1, action("A", "Machines-1", "Machines-2"), window=1), step(2, action("B"), condition="Always")
    stage = Stage(bench, plan(roll, after, targets=2), never_stops)
    task_id = await stage.start()
    await gate.is_reached()
    await bench.cancel(task_id)
    task = await bench.end(task_id)
    over.set()
    assert (task.state, list(stage.works)) == (TaskState.CANCELED, ["A@m1"])
    assert str(task.error_message).endswith("It did not stop within 0.05 seconds and was abandoned.")
    assert any("What it started may still be running on the targets" in text for text in bench.texts(task_id))


async def test_targets_that_join_are_used_by_later_steps_and_dropped_ones_are_not(bench: Bench) -> None:
    async def checks(work: Work) -> StepResult | None:
        if work.action_name != "Check":
            return None
        joined = {"id": "Machines-9", "name": "m9", "roles": ["web"], "health_status": "Healthy"}
        address = {"style": "TentaclePassive", "uri": "https://m9:10933/", "thumbprint": "B" * 40}
        return StepResult(dropped={"Machines-1": "It did not answer."}, joined=[joined | address])

    web = action("B", "Machines-1", "Machines-2", roles=["web"])
    stage = Stage(bench, plan(step(1, action("Check")), step(2, web), targets=2), checks)
    task = await bench.end(await stage.start())
    assert sorted(stage.done) == ["B@m2", "B@m9", "Check@the server"]
    assert stage.tree(task.id)["Step 2: B > m1"] == "Skipped"
    assert "Left out: It did not answer." in bench.texts(task.id)


async def test_targets_that_join_are_used_although_another_target_of_their_step_failed(bench: Bench) -> None:
    async def find_one(work: Work) -> StepResult | None:
        if work.action_name != "Check":
            return None
        if work.place_name == "m2":
            raise TaskError("m2 is broken.")
        joined = {"id": "Machines-9", "name": "m9", "roles": ["web"], "health_status": "Healthy"}
        return StepResult(joined=[{**joined, "style": "TentaclePassive", "uri": "", "thumbprint": ""}])

    first = action("Check", "Machines-1", "Machines-2", roles=["web"])
    rescue = action("Rescue", "Machines-1", roles=["web"])
    stage = Stage(bench, plan(step(1, first), step(2, rescue, condition="Failure"), targets=2), find_one)

    assert (await bench.end(await stage.start())).state is TaskState.FAILED
    assert sorted(stage.done) == ["Check@m1", "Rescue@m1", "Rescue@m9"]
