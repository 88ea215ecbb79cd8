"""Targets that cannot be reached when packages are brought to them."""

from __future__ import annotations

import asyncio
from typing import Any

from polpo.engine import TaskRun, TaskState
from polpo.features.deployments.crew import Crew
from polpo.features.deployments.equipment import Acquisition, Equipment
from polpo.features.deployments.members import Members
from polpo.languages.substitution import VariableDictionary
from polpo.runner.archive import RunnerArchive
from polpo.steps.places import MachineAddress
from polpo.steps.work import Catalogue, PackageFile
from polpo.transports.transport import MachineUnreachable
from unit.deployments.stage import Stage, action, plan, step
from unit.engine.bench import Bench

PACKAGE = PackageFile(reference="", package_id="Web", version="1.0", feed_id="feeds-builtin")


class Silence:
    """Places where nobody answers; `asked` counts who was looked for."""

    def __init__(self) -> None:
        self.asked = 0

    def reach(self, machine: MachineAddress, _notify: Any = None) -> Any:
        self.asked += 1
        raise MachineUnreachable(f"{machine.name} does not answer.", "connect")

    def here(self) -> None:
        """The server itself, which no step here talks to."""


def stage_of(bench: Bench, **more: bool) -> Stage:
    web = action("Web", "Machines-1", packages=[PACKAGE])
    made = plan(step(1, web), step(2, action("Later")), targets=1)
    made.targets["Machines-1"].may_be_skipped = more.get("may_be_skipped", False)
    return Stage(bench, made, places=Silence())


async def test_target_that_may_be_skipped_takes_no_further_part(bench: Bench) -> None:
    stage = stage_of(bench, may_be_skipped=True)
    task = await bench.end(await stage.start())
    assert (task.state, stage.done) == (TaskState.SUCCESS, ["Later@the server"])
    tree = stage.tree(task.id)
    assert tree["Acquire packages"] == "SuccessWithWarning"
    assert (tree["Acquire packages > m1"], tree["Step 1: Web > m1"]) == ("Skipped", "Skipped")
    told = [text for text in bench.texts(task.id) if "became unavailable" in text]
    assert told[0] == "m1 became unavailable and is left out from here on: m1 does not answer."


async def test_any_other_target_fails_the_deployment(bench: Bench) -> None:
    stage = stage_of(bench)
    task = await bench.end(await stage.start())
    assert (task.state, stage.done) == (TaskState.FAILED, [])
    assert "m1 does not answer." in str(task.error_message)


async def test_several_who_try_again_at_the_same_moment_share_one_attempt(bench: Bench) -> None:
    silence: Any = Silence()
    nothing: Any = None
    equipment = Equipment(silence, Catalogue([]), RunnerArchive(b"", "0"), nothing)
    told: list[BaseException | None] = []

    async def work(run: TaskRun) -> None:
        made = plan(step(1, action("Web", "Machines-1", packages=[PACKAGE])), targets=1)
        crew = Crew(run, made, silence, None)
        acquisition = Acquisition(run, made, equipment, crew, Members(run, made), VariableDictionary(()))
        for again in (False, True):
            bringing = (acquisition.bring("Machines-1", "Machines-1", run.log.root, again=again) for _ in range(3))
            told.extend(await asyncio.gather(*bringing, return_exceptions=True))
        await acquisition.close()

    await bench.start(Work=work)
    await bench.end(await bench.enqueue())
    assert [type(error) for error in told] == [MachineUnreachable] * 6
    assert silence.asked == 2
