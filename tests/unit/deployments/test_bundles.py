"""Bundles and the life of the server: it dies at one write or another, and in the end there is one whole bundle."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from polpo.engine import TaskRun
from polpo.features.deployments.equipment import Equipment
from polpo.features.deployments.executing import PlanRun
from polpo.features.deployments.plan import Plan
from polpo.runner.archive import build
from polpo.runner.bundles.manifest import check_files, decode
from polpo.steps.bundling import Drop
from polpo.steps.console import OutputValue
from polpo.steps.scripted import RUN_SCRIPT
from polpo.steps.work import Catalogue, StepKind, StepResult, Work
from unit.deployments.stage import action, plan, step, target
from unit.engine.bench import Bench
from unit.engine.test_crash import MortalDatabase, empty_bench, one_life

FACTS = {
    "Octopus.Project.Name": "Shop",
    "Octopus.Environment.Name": "Dev",
    "Octopus.Release.Number": "1.0",
    "Octopus.Deployment.Id": "Deployments-1",
}


def the_plan() -> Plan:
    """A step on the server whose output goes into the bundle, one there, two that are judged there, and one of both."""
    body = {"Octopus.Action.Script.ScriptBody": "echo x", "Octopus.Action.Script.Syntax": "Bash"}
    scripted = {"type": RUN_SCRIPT.type, "properties": body}
    made = plan(
        step(1, action("Here")),
        step(2, action("There", "Machines-1", **scripted)),
        step(3, action("Rescue", "Machines-1", **scripted), condition="Failure"),
        step(4, action("Asked", "Machines-1", **scripted), condition="Variable", condition_expression="#{Nothing}"),
        step(5, action("On behalf", "Machines-1", on_server=True), action("Child", "Machines-1", **scripted)),
        fixed=FACTS,
    )
    made.targets["Machines-1"] = target(1)
    made.targets["Machines-1"].style = "OfflineDrop"
    return made


class FarSide:
    """Equipment for bundles that go into a drop folder."""

    def __init__(self, folder: Path) -> None:
        self.spool = folder / "spool"
        self.drop = folder / "drop"

    async def look_up(self, _machine_id: str) -> Drop:
        return Drop("m1", "password", folder=str(self.drop))

    def run_function(self) -> Any:
        async def work(run: TaskRun) -> None:
            nothing: Any = None
            here = StepKind(type="Test", name="Test", description="", place="server", perform=self._here)
            catalogue = Catalogue([here, RUN_SCRIPT])
            equipment = Equipment(nothing, catalogue, build(), nothing, drops=self)
            await PlanRun(run, the_plan(), equipment, nothing).go()

        return work

    async def _here(self, _work: Work) -> StepResult:
        return StepResult(outputs={"Key": OutputValue("k3y-of-the-server", is_sensitive=True)})

    def whole_bundle(self) -> list[str]:
        """Checks that there is one, with everything that it names, and returns the names of its steps."""
        bundle = self.drop / "Dev" / "Shop" / "1.0"
        [starter], [manifest] = bundle.glob("*.sh"), bundle.rglob("manifest.json")
        assert str(manifest.relative_to(bundle)) in starter.read_text()
        content = decode(manifest.read_bytes())
        check_files(content, str(bundle))
        assert list(bundle.rglob("*.partial")) == []
        assert not [path for path in bundle.rglob("*") if path.is_file() and b"k3y-of" in path.read_bytes()]
        assert [[each.name for each in one.actions] for one in content.steps][-1] == ["Child"]
        return [one.name for one in content.steps]


async def lives(bench: Bench, far: FarSide, writes: int) -> int:
    database: Any = bench.database
    for life in range(1, 10):
        database.writes_left = writes if life == 1 else 1_000_000
        await one_life(bench, far)  # type: ignore[arg-type]
        database.writes_left = 1_000_000
        if bench.task("ServerTasks-1").state.is_completed:
            return life
    raise AssertionError("the task never ended")


async def test_a_death_at_any_write_leaves_one_whole_bundle(tmp_path: Path) -> None:
    for writes in range(2, 100, 5):
        folder = tmp_path / str(writes)
        bench, far = empty_bench(folder), FarSide(folder)
        assert isinstance(bench.database, MortalDatabase)
        await bench.enqueue()
        taken = await lives(bench, far, writes)
        task = bench.task("ServerTasks-1")
        assert task.error_message is None, f"died at write {writes}: {bench.texts('ServerTasks-1')}"
        assert far.whole_bundle() == ["There", "Rescue", "Asked", "On behalf"]
        assert list(far.spool.iterdir()) == []
        bench.database.close()
        if taken == 1:
            assert writes > 5
            return
    raise AssertionError("the task has no end of writes")
