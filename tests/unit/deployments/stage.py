"""Plans that run on a real engine, with steps and machines that do what a test says."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from polpo.engine import TaskRun
from polpo.features.deployments.equipment import Equipment
from polpo.features.deployments.executing import PlanRun
from polpo.features.deployments.plan import Plan, PlannedAction, PlannedStep, PlannedTarget, PlannedValue
from polpo.runner.archive import RunnerArchive
from polpo.steps.work import Catalogue, StepKind, StepResult, Work
from unit.engine.bench import Bench

Perform = Callable[[Work], Awaitable[StepResult | None]]


def target(number: int, *roles: str) -> PlannedTarget:
    return PlannedTarget(
        id=f"Machines-{number}",
        name=f"m{number}",
        roles=list(roles) or ["web"],
        style="TentaclePassive",
        uri=f"https://m{number}:10933/",
        thumbprint="A" * 40,
        health_status="Healthy",
    )


def action(name: str, *targets: str, **more: Any) -> PlannedAction:
    more = {"number": "1", "type": "Test", "properties": {}, "on_server": not targets, **more}
    return PlannedAction(id=f"id-{name}", name=name, targets=list(targets), **more)


def step(number: int, *actions: PlannedAction, **more: Any) -> PlannedStep:
    for place, one in enumerate(actions, start=1):
        one.number = str(number) if len(actions) == 1 else f"{number}.{place}"
    more = {"name": actions[0].name, "condition": "Success", **more}
    return PlannedStep(id=f"step-{number}", number=number, actions=list(actions), **more)


def plan(*steps: PlannedStep, targets: int = 0, values: Sequence[PlannedValue] = (), **more: Any) -> Plan:
    known = {one.id: one for one in map(target, range(1, targets + 1))}
    return Plan(steps=list(steps), targets=known, values=list(values), environment_id="Environments-1", **more)


class _Nowhere:
    """Places that are named in a plan but never talked to."""

    def __getattr__(self, _name: str) -> Any:
        return lambda *_arguments: None


@dataclass
class Stage:
    """`perform` says what a step of the kind Test does; `done` collects what was done, as `action@place`."""

    bench: Bench
    plan: Plan
    perform: Perform | None = None
    done: list[str] = field(default_factory=list)
    works: dict[str, Work] = field(default_factory=dict)
    places: Any = field(default_factory=_Nowhere)
    workforce: Any = None

    async def start(self) -> str:
        await self.bench.start(Work=self._run)
        return await self.bench.enqueue(arguments={})

    async def _run(self, run: TaskRun) -> None:
        nowhere: Any = _Nowhere()
        kinds = [
            StepKind(type="Test", name="Test", description="", place="either", perform=self._perform),
            StepKind(type="Ask", name="Ask", description="", place="server", perform=self._ask),
        ]
        archive = RunnerArchive(b"", "0")
        equipment = Equipment(
            places=self.places, catalogue=Catalogue(kinds), archive=archive, depot=nowhere, workforce=self.workforce
        )
        await PlanRun(run, self.plan, equipment, nowhere).go()

    async def _perform(self, work: Work) -> StepResult:
        name = f"{work.action_name}@{work.place_name}"
        self.works[name] = work
        result = await self.perform(work) if self.perform else None
        self.done.append(name)
        return result or StepResult()

    async def _ask(self, work: Work) -> StepResult:
        async def put() -> None:
            await asyncio.sleep(0)

        await work.run.ask(f"question/{work.place_name}", put)
        self.done.append(f"{work.action_name}@{work.place_name}")
        return StepResult()

    def tree(self, task_id: str) -> dict[str, str]:
        """Status by path."""
        nodes = {node.node_id: node for node in self.bench.nodes(task_id)}
        paths: dict[str, str] = {}
        for node in nodes.values():
            names = []
            here = node
            while here.parent_id is not None:
                names.append(here.name)
                here = nodes[here.parent_id]
            if names:
                paths[" > ".join(reversed(names))] = node.status
        return paths
