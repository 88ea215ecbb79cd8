"""The log's tree of a deployment: step, target, and action where a step has several. Keys are the journal's too."""

from __future__ import annotations

from collections.abc import Sequence

from polpo.engine import LogNode, TaskRun
from polpo.engine.log import Status
from polpo.features.deployments.plan import SERVER, Plan, PlannedAction, PlannedStep
from polpo.features.deployments.telling import title


class PlanTree:
    """Nodes are made when they are first asked for, and found again by a resumed task."""

    def __init__(self, run: TaskRun, plan: Plan) -> None:
        self._log = run.log
        self._plan = plan

    def step(self, step: PlannedStep) -> LogNode:
        return self._log.node(f"step-{step.number}", title(step), order=order_of(step))

    def unit(self, step: PlannedStep, place: str) -> LogNode:
        """Where the actions of a step on one place stand: a node of its own when there are several."""
        parent = self.step(step)
        if len(step.actions) == 1 or place == SERVER:
            return parent
        return self._log.node(f"step-{step.number}/{place}", self._plan.name_of(place), parent)

    def action(self, step: PlannedStep, action: PlannedAction, place: str) -> LogNode:
        unit = self.unit(step, place)
        if len(step.actions) > 1:
            return self._log.node(step.key_of(action, place), action.name, unit)
        if place == SERVER:
            return unit
        return self._log.node(step.key_of(action, place), self._plan.name_of(place), unit)

    def show(self, steps: Sequence[PlannedStep]) -> None:
        """So that people see from the beginning what is to come."""
        for step in steps:
            self.step(step)

    def show_units(self, step: PlannedStep) -> None:
        for place in step.places:
            for action in step.acting:
                if place in action.places:
                    self.action(step, action, place)

    def end_unit(self, step: PlannedStep, place: str, status: Status) -> None:
        """A step's own node ends with the step."""
        unit = self.unit(step, place)
        if unit is not self.step(step):
            unit.status(status)

    def end_action(self, step: PlannedStep, node: LogNode, status: Status) -> None:
        if node is not self.step(step):
            node.status(status)

    def skip(self, step: PlannedStep, actions: Sequence[PlannedAction], place: str) -> None:
        """Closes the actions that are not begun any more."""
        for action in actions:
            self.end_action(step, self.action(step, action, place), "Skipped")

    def leave_out(self, step: PlannedStep, actions: Sequence[PlannedAction], place: str, reason: str) -> None:
        """Closes a whole place; the reason stands there once."""
        self.skip(step, actions, place)
        self.end_unit(step, place, "Skipped")
        unit = self.unit(step, place)
        node = unit if unit is not self.step(step) else self.action(step, actions[0], place)
        self._log.once(f"skip/step-{step.number}/{place}", node, "Info", reason)


def order_of(step: PlannedStep) -> int:
    """Leaves room before each step for what is done on its behalf."""
    return 2 * step.number
