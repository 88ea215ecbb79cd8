"""What must not run at the same time: normally what is for the same place, else what a variable gives the same tag."""

from __future__ import annotations

from polpo.features.deployments.plan import Plan
from polpo.features.deployments.values import PlanValues

_TAG = "Octopus.Task.ConcurrencyTag"


def tag_of(plan: Plan, space_id: str, usual: str) -> str:
    """The tag of the task that runs the plan. One that a variable gives is shared by the whole space, not beyond it."""
    if not any(value.name.casefold() == _TAG.casefold() for value in plan.values):
        return usual
    given = (PlanValues(plan).of_deployment().dictionary().get(_TAG) or "").strip()
    return f"{space_id}/{given}" if given else usual
