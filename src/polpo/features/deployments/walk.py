"""What all parts of one walk through one plan share: the plan, the run that keeps its journal, and what came out."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

from polpo.engine import LogNode, TaskRun
from polpo.features.deployments.crew import Crew
from polpo.features.deployments.equipment import Acquisition, Equipment
from polpo.features.deployments.guidance import Guides
from polpo.features.deployments.members import Members
from polpo.features.deployments.parcels import Parcels
from polpo.features.deployments.plan import SERVER, Plan, PlannedAction, PlannedStep
from polpo.features.deployments.results import Results
from polpo.features.deployments.tree import PlanTree
from polpo.features.deployments.values import PlanValues, Values
from polpo.languages.substitution import VariableDictionary


@dataclass(frozen=True)
class Walk:
    """`everywhere` are the variables that hold in the whole plan. `leftovers` is work that did not stop in its time."""

    run: TaskRun
    plan: Plan
    equipment: Equipment
    people: Guides
    values: PlanValues
    results: Results
    tree: PlanTree
    acquisition: Acquisition
    crew: Crew
    members: Members
    parcels: Parcels
    everywhere: VariableDictionary
    leftovers: set[asyncio.Task[object]] = field(default_factory=set)

    @classmethod
    def through(cls, run: TaskRun, plan: Plan, equipment: Equipment, people: Guides) -> Walk:
        values = PlanValues(plan)
        everywhere = values.of_deployment().dictionary()
        members = Members(run, plan)
        crew = Crew(run, plan, equipment.places, equipment.workforce)
        return cls(
            run=run,
            plan=plan,
            equipment=equipment,
            people=people,
            values=values,
            results=Results(),
            tree=PlanTree(run, plan),
            acquisition=Acquisition(run, plan, equipment, crew, members, everywhere),
            crew=crew,
            members=members,
            parcels=Parcels(run, plan, equipment),
            everywhere=everywhere,
        )

    async def close(self) -> None:
        await self.acquisition.close()
        await self.crew.close()
        await self.parcels.close()
        for task in self.leftovers:
            task.cancel()
        await asyncio.gather(*self.leftovers, return_exceptions=True)


@dataclass(frozen=True)
class Piece:
    """One action of a step on one place. `key` names it in the journal, `node` is where it is seen."""

    step: PlannedStep
    action: PlannedAction
    place: str
    key: str
    node: LogNode
    values: Values

    @property
    def host(self) -> str:
        return self.action.host_of(self.place)

    def label(self, plan: Plan) -> str:
        """As people call it: `Deploy web on m1`."""
        return self.action.name if self.place == SERVER else f"{self.action.name} on {plan.name_of(self.place)}"
