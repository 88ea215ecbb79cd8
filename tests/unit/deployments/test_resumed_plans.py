"""The rest of a plan of which an earlier task did a part: who goes on where, and who does not."""

from __future__ import annotations

from datetime import UTC, datetime

import msgspec
import pytest

from polpo.engine import TaskRun, TaskState
from polpo.engine.journal import Entry, EntryState
from polpo.features.deployments.plan import Done, Plan, PlannedStep
from polpo.features.deployments.resuming import done_by, resumed_plan
from polpo.features.machines.resource import MACHINES, DeploymentTarget, Endpoint
from polpo.kernel.errors import TaskError
from polpo.steps.work import PackageFile, StepResult
from polpo.store.session import Session
from unit.deployments.stage import Stage, action, plan, step
from unit.engine.bench import Bench


def done(*keys: str) -> dict[str, Done]:
    return {key: Done(task_id="ServerTasks-7", result=StepResult()) for key in keys}


def rolling(**more: str) -> PlannedStep:
    two = ("Machines-1", "Machines-2")
    return step(1, action("Stop", *two), action("Start", *two), name="Roll", window=1, **more)


async def test_target_is_seen_to_its_end_in_a_rolling_step(bench: Bench) -> None:
    stage = Stage(bench, plan(rolling(), targets=2, done=done("step-1/1.1/Machines-1")))
    task = await bench.end(await stage.start())
    assert (task.state, stage.done) == (TaskState.SUCCESS, ["Start@m1", "Stop@m2", "Start@m2"])


async def test_nothing_more_is_done_on_a_target_that_was_dropped_between_two_actions(bench: Bench) -> None:
    dropped = {"Machines-1": "Ada excluded it."}
    stage = Stage(bench, plan(rolling(), targets=2, done=done("step-1/1.1/Machines-1"), dropped=dropped))
    task = await bench.end(await stage.start())
    assert (task.state, stage.done) == (TaskState.SUCCESS, ["Stop@m2", "Start@m2"])
    tree = stage.tree(task.id)
    assert (tree["Step 1: Roll > m1 > Stop"], tree["Step 1: Roll > m1 > Start"]) == ("Success", "Skipped")


async def test_expression_still_closes_the_targets_on_which_nothing_was_begun(bench: Bench) -> None:
    asks = '#{if Octopus.Machine.Name == "m1"}true#{/if}'
    one = step(1, action("A", "Machines-1", "Machines-2"), condition="Variable", condition_expression=asks)
    stage = Stage(bench, plan(one, targets=2, done=done("step-1/1/Machines-1")))
    task = await bench.end(await stage.start())
    assert (task.state, stage.done) == (TaskState.SUCCESS, [])
    tree = stage.tree(task.id)
    assert (tree["Step 1: A > m1"], tree["Step 1: A > m2"]) == ("Success", "Skipped")


@pytest.mark.parametrize("include_excluded", [False, True])
async def test_plan_of_a_task_that_failed_is_gone_on_with(bench: Bench, include_excluded: bool) -> None:
    """A health check left m1 out, a script hid a text, and a step failed on m2."""
    checked = StepResult(dropped={"Machines-1": "m1 does not answer."})

    async def work(run: TaskRun) -> None:
        await run.freeze(frozen())
        await run.keep_secret("sh0uted")
        await run.activity("step-1/1/server", result, checked, sensitive=True)
        await run.remember("dropped/Machines-1", "m1 does not answer.")
        await run.activity("step-2/2/Machines-2", fails)

    def machines(session: Session) -> None:
        for number in (1, 2):
            endpoint = Endpoint(communication_style="TentaclePassive", uri=f"https://m{number}:1/", thumbprint="A" * 40)
            machine = DeploymentTarget(space_id="Spaces-1", name=f"m{number}", slug=f"m{number}", endpoint=endpoint)
            assert session.insert(MACHINES, machine).id == f"Machines-{number}"

    await bench.database.write(machines)
    await bench.start(Work=work)
    task = await bench.end(await bench.enqueue())
    with bench.database.read() as session:
        rest = resumed_plan(session, task.id, {}, include_excluded=include_excluded)
    assert rest.problems == []
    assert list(rest.done) == ["step-1/1/server"]
    assert rest.hidden == ["sh0uted"]
    assert rest.targets["Machines-2"].may_be_skipped
    expected = {} if include_excluded else checked.dropped
    assert (rest.dropped, rest.done["step-1/1/server"].result.dropped) == (expected, expected)


def frozen() -> Plan:
    made = plan(step(1, action("Check")), step(2, action("Web", "Machines-1", "Machines-2")), targets=2)
    made.targets["Machines-2"].may_be_skipped = True
    return made


async def result(given: StepResult) -> StepResult:
    return given


async def fails() -> None:
    raise TaskError("It is broken.")


@pytest.mark.parametrize(
    ("entries", "is_missing"),
    [
        ({}, False),
        ({"choose/WorkerPools-1": "failed"}, True),
        ({"choose/WorkerPools-1": "done", "equip/WorkerPools-1@Workers-1": "failed"}, True),
        ({"equip/WorkerPools-1@Workers-1": "failed", "equip/WorkerPools-1@Workers-2": "done"}, False),
        ({"equip/WorkerPools-2@Workers-1": "failed"}, False),
    ],
)
def test_what_a_lease_did_not_get_before_the_first_step_leaves_that_undone(
    entries: dict[str, EntryState], is_missing: bool
) -> None:
    package = PackageFile(reference="", package_id="Web", version="1.0", feed_id="feeds-builtin")
    made = plan(step(1, action("A")), step(2, action("B", packages=[package], leases={"": "WorkerPools-1"})))
    began = datetime(2026, 1, 1, tzinfo=UTC)
    journal = {key: Entry(state, None, began) for key, state in entries.items()}
    result = msgspec.json.encode(StepResult()).decode()
    journal |= {"step-1/1/server": Entry("done", result, began), "step-2/2/server": Entry("done", result, began)}
    both = {"step-1/1/server", "step-2/2/server"}
    assert set(done_by(made, journal, "ServerTasks-7")) == ({"step-1/1/server"} if is_missing else both)
