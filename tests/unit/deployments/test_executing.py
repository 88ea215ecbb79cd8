"""Walking a plan: what runs when, what people see of it, and that a walk that was broken off goes on."""

from __future__ import annotations

import asyncio

import pytest

from polpo.engine import TaskState
from polpo.features.deployments.plan import PlannedValue
from polpo.kernel.errors import TaskError
from polpo.steps.console import OutputValue
from polpo.steps.work import PackageFile, StepResult, Work
from unit.deployments.stage import Stage, action, plan, step
from unit.engine.bench import Bench, Gate

WEB = ("Machines-1", "Machines-2", "Machines-3", "Machines-4")


async def test_person_sees_the_whole_plan_before_it_has_run(bench: Bench, gate: Gate) -> None:
    async def waits(_work: Work) -> None:
        await gate.wait()

    stage = Stage(bench, plan(step(1, action("A", *WEB[:2])), step(2, action("B")), targets=2), waits)
    task_id = await stage.start()
    await gate.is_reached()
    await bench.until(lambda: "Step 1: A > m2" in stage.tree(task_id))
    assert stage.tree(task_id) == {
        "Step 1: A": "Running",
        "Step 1: A > m1": "Running",
        "Step 1: A > m2": "Running",
        "Step 2: B": "Pending",
    }
    gate.opened.set()
    await bench.end(task_id)
    assert set(stage.tree(task_id).values()) == {"Success"}


async def test_failed_task_shows_what_it_did_not_reach_as_skipped(bench: Bench) -> None:
    async def fails(work: Work) -> None:
        raise TaskError(f"{work.action_name} failed.")

    both = step(1, action("A", *WEB[:1]), action("B", *WEB[:1]))
    stage = Stage(bench, plan(both, step(2, action("C")), targets=1), fails)
    task = await bench.end(await stage.start())
    assert stage.tree(task.id) == {
        "Step 1: A": "Failed",
        "Step 1: A > m1": "Failed",
        "Step 1: A > m1 > A": "Failed",
        "Step 1: A > m1 > B": "Skipped",
        "Step 2: C": "Skipped",
    }
    assert task.error_message == "Step 1 (A): A failed."


async def test_error_names_each_of_the_targets_that_failed_once(bench: Bench) -> None:
    async def fails(work: Work) -> None:
        if work.place_name != "m2":
            raise TaskError(f"The disk of {work.place_name} is full.")

    stage = Stage(bench, plan(step(1, action("A", *WEB[:3])), targets=3), fails)
    task = await bench.end(await stage.start())
    assert task.error_message == "Step 1 (A) failed on 2 of 3. The disk of m1 is full. The disk of m3 is full."


async def test_unforeseen_failure_keeps_its_stack_trace_in_the_log(bench: Bench) -> None:
    async def fails(_work: Work) -> None:
        raise ZeroDivisionError("by nought")

    stage = Stage(bench, plan(step(1, action("A", *WEB[:1])), targets=1), fails)
    task = await bench.end(await stage.start())
    assert task.error_message == "Step 1 (A): Unexpected error: ZeroDivisionError: by nought"
    [line] = [line for line in bench.lines(task.id) if line.category == "Error"]
    assert "in fails" in str(line.detail)


async def test_warning_on_a_target_shows_on_the_step(bench: Bench) -> None:
    async def warns(work: Work) -> StepResult:
        return StepResult(has_warnings=work.place_name == "m1")

    stage = Stage(bench, plan(step(1, action("A", *WEB[:2])), targets=2), warns)
    task = await bench.end(await stage.start())
    assert stage.tree(task.id) == {
        "Step 1: A": "SuccessWithWarning",
        "Step 1: A > m1": "SuccessWithWarning",
        "Step 1: A > m2": "Success",
    }


# -- rolling


async def test_rolling_step_starts_no_target_after_a_failure(bench: Bench) -> None:
    async def fails(work: Work) -> None:
        raise TaskError(f"{work.place_name} is broken.")

    stage = Stage(bench, plan(step(1, action("A", *WEB[:3]), window=1), targets=3), fails)
    task = await bench.end(await stage.start())
    assert list(stage.works) == ["A@m1"]
    assert bench.texts(task.id).count("Not started, because another target failed before.") == 2
    assert list(stage.tree(task.id).values()) == ["Failed", "Failed", "Skipped", "Skipped"]


async def test_resumed_rolling_step_sees_begun_targets_to_their_end(bench: Bench, gates: type[Gate]) -> None:
    """A target on which work had begun is not left alone because another one has failed in between."""
    first, second = gates(), gates()

    async def deploys(work: Work) -> None:
        if work.place_name == "m1":
            await first.wait()
            raise TaskError("m1 is broken.")
        await second.wait()

    stage = Stage(bench, plan(step(1, action("A", *WEB[:3]), window=2), targets=3), deploys)
    task_id = await stage.start()
    await first.is_reached()
    await second.is_reached()
    first.opened.set()
    await bench.until(lambda: stage.tree(task_id).get("Step 1: A > m1") == "Failed")
    await bench.engine.stop()
    bench.engine = bench.fresh()
    await bench.start()
    second.opened.set()
    task = await bench.end(task_id)
    assert task.state is TaskState.FAILED
    assert stage.done == ["A@m2"]
    assert stage.tree(task_id) == {
        "Step 1: A": "Failed",
        "Step 1: A > m1": "Failed",
        "Step 1: A > m2": "Success",
        "Step 1: A > m3": "Skipped",
    }
    assert bench.texts(task_id).count("Not started, because another target failed before.") == 1


async def test_target_that_waits_for_a_person_keeps_its_place_in_the_window(bench: Bench) -> None:
    ask = action("Look", *WEB[:2], type="Ask", on_server=True)
    stage = Stage(bench, plan(step(1, action("A", *WEB[:2]), ask, window=1), targets=2))
    task_id = await stage.start()
    await bench.state(task_id, TaskState.PAUSED)
    assert stage.done == ["A@m1"]
    await bench.answer(task_id, "question/m1", "yes")
    await bench.until(lambda: bench.task(task_id).waiting_for == ("question/m2",))
    await bench.state(task_id, TaskState.PAUSED)
    assert stage.done == ["A@m1", "Look@m1", "A@m2"]
    await bench.answer(task_id, "question/m2", "yes")
    assert (await bench.end(task_id)).state is TaskState.SUCCESS


# -- where and whether


async def test_action_on_the_server_runs_for_each_target_with_its_values(bench: Bench) -> None:
    values = [PlannedValue(name="Pool", value="p1", scope={"machine": ["Machines-1"]})]
    one = action("Drain", *WEB[:2], on_server=True)
    stage = Stage(bench, plan(step(1, one), targets=2, values=values))
    await bench.end(await stage.start())
    assert sorted(stage.done) == ["Drain@m1", "Drain@m2"]
    assert stage.works["Drain@m1"].values["Octopus.Machine.Name"] == "m1"
    assert stage.works["Drain@m1"].values["Pool"] == "p1"
    assert "Pool" not in stage.works["Drain@m2"].values
    assert not stage.works["Drain@m1"].is_alone


async def test_condition_of_an_action_is_judged_on_each_target(bench: Bench) -> None:
    values = [PlannedValue(name="Wanted", value="yes", scope={"machine": ["Machines-2"]})]
    conditional = action("B", *WEB[:2], condition="Variable", condition_expression="#{if Wanted}true#{/if}")
    stage = Stage(bench, plan(step(1, action("A", *WEB[:2]), conditional), targets=2, values=values))
    task = await bench.end(await stage.start())
    assert sorted(stage.done) == ["A@m1", "A@m2", "B@m2"]
    assert stage.tree(task.id)["Step 1: A > m1 > B"] == "Skipped"
    assert "Skipped because its condition is false: #{if Wanted}true#{/if}" in bench.texts(task.id)


@pytest.mark.parametrize("expression", ["#{Nowhere}", "#{Loop}"])
async def test_condition_that_cannot_be_evaluated_skips_the_step(bench: Bench, expression: str) -> None:
    values = [PlannedValue(name="Loop", value="#{Loop}")]
    conditional = step(1, action("A"), condition="Variable", condition_expression=expression)
    stage = Stage(bench, plan(conditional, values=values))
    task = await bench.end(await stage.start())
    assert (task.state, stage.done) == (TaskState.SUCCESS, [])
    assert bench.texts(task.id)[0].startswith(f"Skipped because its condition could not be evaluated: {expression}")


async def test_project_says_how_many_targets_at_once(bench: Bench) -> None:
    now = most = 0

    async def counts(_work: Work) -> None:
        nonlocal now, most
        now += 1
        most = max(most, now)
        await asyncio.sleep(0.001)
        now -= 1

    values = [PlannedValue(name="octopus.action.maxparallelism", value="2")]
    stage = Stage(bench, plan(step(1, action("A", *WEB)), targets=4, values=values), counts)
    assert (await bench.end(await stage.start())).state is TaskState.SUCCESS
    assert most == 2


# -- goes on


async def test_resumed_walk_leaves_the_times_of_what_is_done_alone(bench: Bench, gate: Gate) -> None:
    async def deploys(work: Work) -> None:
        if work.action_name == "B":
            await gate.wait()

    stage = Stage(bench, plan(step(1, action("A", *WEB[:1])), step(2, action("B")), targets=1), deploys)
    task_id = await stage.start()
    await gate.is_reached()
    await bench.until(lambda: stage.tree(task_id)["Step 2: B"] == "Running")
    before = {node.name: node for node in bench.nodes(task_id)}
    await bench.engine.stop()
    bench.engine = bench.fresh()
    await bench.start()
    gate.opened.set()
    await bench.end(task_id)
    after = {node.name: node for node in bench.nodes(task_id)}
    for name in ("Step 1: A", "m1"):
        assert (after[name].started, after[name].ended) == (before[name].started, before[name].ended)
    assert stage.done == ["A@m1", "B@the server"]


async def test_step_reads_the_same_output_whoever_wrote_last(bench: Bench, gates: type[Gate]) -> None:
    """Several targets write one output; a resumed task must not decide anew by another one's value."""
    late = gates()

    async def writes(work: Work) -> StepResult:
        if work.place_name == "m1":
            await late.wait()
        return StepResult(outputs={"Who": OutputValue(work.place_name)})

    async def act(work: Work) -> StepResult | None:
        if work.action_name == "A":
            result = await writes(work)
            late.opened.set()
            return result
        return None

    stage = Stage(bench, plan(step(1, action("A", *WEB[:2])), step(2, action("B")), targets=2), act)
    await bench.end(await stage.start())
    assert stage.done[:2] == ["A@m2", "A@m1"]
    assert stage.works["B@the server"].values["Octopus.Action[A].Output.Who"] == "m2"


# -- secrets


@pytest.mark.parametrize(
    "written",
    [
        "#{Stem}sesame",
        "#{stem | ToLower}sesame",
        "#{Word[#{Kind}].First}sesame",
        "#{Nested}",
        "#{if Stem}opensesame#{/if}",
    ],
)
async def test_secret_made_of_other_values_is_masked_as_it_reads(bench: Bench, written: str) -> None:
    values = [
        PlannedValue(name="Unrelated", value="#{Nowhere}"),
        PlannedValue(name="Stem", value="open"),
        PlannedValue(name="Kind", value="door"),
        PlannedValue(name="Word[door].First", value="open"),
        PlannedValue(name="Nested", value="#{Stem}sesame"),
        PlannedValue(name="Loop", value="#{Loop}", is_sensitive=True),
        PlannedValue(name="Password", value=written, is_sensitive=True),
    ]

    async def leaks(work: Work) -> None:
        work.node.info("it is opensesame")

    stage = Stage(bench, plan(step(1, action("A")), values=values), leaks)
    task = await bench.end(await stage.start())
    assert bench.texts(task.id) == ["it is *****"]


def test_packages_are_brought_before_the_first_step_that_is_sent_one() -> None:
    release, sent = (
        PackageFile(reference="", package_id="P", version="1.0", feed_id="F", acquisition=how)
        for how in ("NotAcquired", "Server")
    )
    steps = [step(1, action("Child", packages=[release])), step(2, action("Web", "Machines-1", packages=[sent]))]
    assert plan(*steps, targets=1).acquiring_group == steps[1:]
    assert plan(steps[0]).acquiring_group == []
