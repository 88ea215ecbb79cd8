"""Scripts that are sent as they are (`OctopusUseRawScript`), to machines on which the runner cannot work."""

from __future__ import annotations

from collections.abc import Iterator

from polpo.features.deployments.plan import Plan, PlannedAction
from polpo.features.deployments.results import Results
from polpo.features.deployments.values import PlanValues, Values
from polpo.kernel.errors import TaskError
from polpo.steps.raw import RAW, can_be_raw
from polpo.steps.work import Catalogue


def is_asked_for(values: Values) -> bool:
    return (values.text(RAW) or "").strip().casefold() == "true"


def is_raw(plan: Plan, action: PlannedAction, place: str, values: Values) -> bool:
    """Whether the action is done there without the runner."""
    target = plan.targets.get(place)
    return target is not None and target.runs_raw and action.host_of(place) == place and is_asked_for(values)


def faults_of_raw(plan: Plan, catalogue: Catalogue) -> Iterator[str]:
    """Steps that need the runner where scripts are sent as they are: a sentence for each, with one of the targets."""
    if not any(value.name.casefold() == RAW.casefold() for value in plan.values):
        return
    values, seen = PlanValues(plan), Results().snapshot(plan)
    for step in plan.steps:
        for action in step.acting:
            kind = catalogue.find(action.type)
            if kind is None or not kind.needs_runner or can_be_raw(kind, action.properties, action.packages):
                continue
            for place in action.places:
                try:
                    raw = is_raw(plan, action, place, values.at(step, action, plan.targets.get(place), seen))
                except TaskError as error:
                    yield error.message
                    break
                if raw:
                    yield (
                        f"Step '{action.name}' cannot run on {plan.targets[place].name}: there {RAW} says that scripts"
                        " are sent as they are, and this step needs the runner. Only scripts that stand in their step,"
                        " without packages, do not; scope the variable, or leave the target out."
                    )
                    break
