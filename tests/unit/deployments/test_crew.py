"""Workers behind the leases of a plan: chosen once, lost, replaced, and found again after a death at any write."""

from __future__ import annotations

from collections.abc import Callable, Collection
from pathlib import Path
from typing import Any

from polpo.engine import TaskRun, TaskState
from polpo.features.deployments.equipment import Equipment
from polpo.features.deployments.executing import PlanRun
from polpo.features.deployments.members import Members
from polpo.features.deployments.plan import Plan, PlannedPool
from polpo.features.deployments.situation import Pool, Situation
from polpo.features.deployments.staffing import planned_pools
from polpo.runner.archive import RunnerArchive
from polpo.steps.places import MachineAddress
from polpo.steps.work import Catalogue, PackageFile, StepKind, StepResult, Work
from polpo.transports.transport import MachineUnreachable
from unit.deployments.stage import Stage, action, plan, step, target
from unit.deployments.test_crashing import fresh, lives
from unit.engine.bench import Bench
from unit.engine.test_crash import outcome

POOL = PlannedPool(id="WorkerPools-1", name="Linux")
RETRY = {"Octopus.Action.AutoRetry.MaximumCount": "1", "Octopus.Action.AutoRetry.MinimumBackoff": "0"}


class Pair:
    """Two workers, of which the first is always preferred; and places where nobody answers."""

    def __init__(self) -> None:
        self.chosen: list[str] = []
        self.asked: list[str] = []

    async def choose(
        self, pool_id: str, pool_name: str, avoided: Collection[str], tell: Callable[[str], None]
    ) -> MachineAddress:
        del pool_id, pool_name, tell
        name = next((one for one in ("w1", "w2") if f"Workers-{one}" not in avoided), "w1")
        self.chosen.append(name)
        return MachineAddress(id=f"Workers-{name}", name=name, style="TentaclePassive", uri="", thumbprint="")

    def reach(self, machine: MachineAddress, _notify: Any = None) -> Any:
        self.asked.append(machine.name)
        raise MachineUnreachable(f"{machine.name} does not answer.", "connect")


async def test_a_worker_that_nothing_can_be_brought_to_is_replaced_until_all_were_tried(bench: Bench) -> None:
    package = PackageFile(reference="", package_id="Web", version="1.0", feed_id="feeds-builtin")
    web = action("Web", leases={"": POOL.id}, packages=[package])
    pair = Pair()
    stage = Stage(bench, plan(step(1, web), pools={POOL.id: POOL}), places=pair, workforce=pair)
    task = await bench.end(await stage.start())
    assert (task.state, stage.done) == (TaskState.FAILED, [])
    assert task.error_message == "Acquiring packages: w1 does not answer."
    assert (pair.chosen, pair.asked) == (["w1", "w2", "w1"], ["w1", "w2"])
    told = [text for text in bench.texts(task.id) if text.endswith("Another worker is looked for.")]
    assert [text.partition(" ")[0] for text in told] == ["w1", "w2"]


def lent_plan() -> Plan:
    """Work on behalf of two regions by one worker, which is lost at the first attempt for the first of them."""
    lent = action("Lent", "Machines-1", "Machines-2", on_server=True, properties=RETRY)
    lent.leases = dict.fromkeys(lent.targets, POOL.id)
    after = action("After", leases={"": POOL.id})
    return plan(step(1, lent, window=1), step(2, after), targets=2, pools={POOL.id: POOL})


class Lending:
    """What lies outside and outlives the server: which worker did what, by ticket."""

    def __init__(self) -> None:
        self.pair = Pair()
        self.ended: dict[str, str] = {}

    def run_function(self) -> Any:
        async def work(run: TaskRun) -> None:
            nothing: Any = None
            self.pair.reach = lambda *_: None  # type: ignore[assignment,method-assign]
            places: Any = self.pair
            kind = StepKind(type="Test", name="Test", description="", place="either", perform=self.perform)
            equipment = Equipment(places, Catalogue([kind]), RunnerArchive(b"", "0"), nothing, workforce=self.pair)
            await PlanRun(run, lent_plan(), equipment, nothing).go()

        return work

    async def perform(self, work: Work) -> StepResult:
        ticket = f"{work.key}/{work.attempt}"
        self.ended.setdefault(ticket, work.place_name)
        assert self.ended[ticket] == work.place_name, "a script that was begun is looked for on another worker"
        if ticket == "step-1/1/Machines-1/1":
            raise MachineUnreachable("w1 does not answer.", "connect")
        return StepResult()


async def test_each_piece_of_work_finds_its_worker_again_after_a_death_at_any_write(tmp_path: Path) -> None:
    calm, lending = await fresh(tmp_path / "calm"), Lending()
    usual = await lives(calm, lending, 1_000_000, "")
    expected = outcome(calm)
    assert expected["end"] == ("Success", None)
    assert lending.ended == {
        "step-1/1/Machines-1/1": "w1 on behalf of m1",
        "step-1/1/Machines-1/2": "w2 on behalf of m1",
        "step-1/1/Machines-2/1": "w2 on behalf of m2",
        "step-2/2/server/1": "the worker w2",
    }
    calm.database.close()
    for writes in range(1, 200, 2):  # every other one, to be quick
        bench, again = await fresh(tmp_path / f"{writes}"), Lending()
        taken = await lives(bench, again, writes, "")
        assert outcome(bench) == expected, f"died at write {writes}"
        assert again.ended == lending.ended
        bench.database.close()
        if taken == usual:
            assert writes > 5
            return
    raise AssertionError("the task has no end of writes")


async def test_a_region_that_joins_is_the_worker_s_of_its_pool(bench: Bench) -> None:
    """As a health check in mid-deployment lets it."""
    region, joined = target(1), {"roles": ["web"], "health_status": "Healthy"}
    own = PlannedPool(id="WorkerPools-2", name="Own")
    built_in = Pool(id="WorkerPools-3", name="Default", is_default=True, has_workers=False)
    off = Situation("Environments-1", "Dev", pools={built_in.id: built_in}, built_in_worker=False)
    joined |= {"id": "Machines-2", "name": "eu", "style": "None", "uri": "", "thumbprint": ""}
    joined_elsewhere = {**joined, "id": "Machines-3", "endpoint": {"DefaultWorkerPoolId": own.id}}
    made = plan(step(1, action("Web", "Machines-1", roles=["web"])), targets=1)
    made.pools = {one.id: one for one in (POOL, own, built_in)}
    [web] = made.steps[0].actions

    async def work(run: TaskRun) -> None:
        for pool_id in (built_in.id, POOL.id):
            web.worker_pool_id, web.targets, web.leases = pool_id, [region.id], {}
            made.targets = {region.id: region}
            Members(run, made).join([joined, joined_elsewhere], [web])
            leases.append(dict(web.leases))
        web.worker_pool_id, web.targets, web.leases = built_in.id, [region.id], {}
        made.targets, made.pools = {region.id: region}, planned_pools(off)
        Members(run, made).join([joined], [web])
        leases.append(dict(web.leases))

    leases: list[dict[str, str]] = []
    await bench.start(Work=work)
    await bench.end(await bench.enqueue())
    assert leases == [
        {"Machines-2": "", "Machines-3": own.id},
        {"Machines-2": POOL.id, "Machines-3": POOL.id},
        {"Machines-2": built_in.id},
    ], "where the built-in worker is switched off, it works for nobody who joins"
