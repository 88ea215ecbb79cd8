"""Running a plan: the interpreter. It walks the plan from the beginning each time and finds what is done already."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from polpo.engine import TaskRun, together
from polpo.features.deployments.concealing import secrets_of_plan
from polpo.features.deployments.conditions import is_skipped_by, reason_to_skip
from polpo.features.deployments.equipment import Equipment
from polpo.features.deployments.guidance import Guides
from polpo.features.deployments.packing import pack_step
from polpo.features.deployments.plan import Plan, PlannedStep
from polpo.features.deployments.results import Failure, Seen
from polpo.features.deployments.telling import acquisition_failure, bundling_failure, step_failure
from polpo.features.deployments.tree import order_of
from polpo.features.deployments.units import Units, success
from polpo.features.deployments.walk import Walk
from polpo.kernel.errors import TaskError

_PARALLEL_STEPS = 10
_MAX_PARALLELISM = "Octopus.Action.MaxParallelism"
_ACQUIRE_PARALLELISM = "Octopus.Acquire.MaxParallelism"

#: Targets that have joined by a step, as in its result.
Joined = list[dict[str, Any]]


class PlanRun:
    """One walk through one plan."""

    def __init__(self, run: TaskRun, plan: Plan, equipment: Equipment, people: Guides) -> None:
        self._run = run
        self._plan = plan
        self._walk = Walk.through(run, plan, equipment, people)
        self._everywhere = self._walk.everywhere
        self._results = self._walk.results
        self._tree = self._walk.tree
        self._acquisition = self._walk.acquisition
        self._groups = plan.groups

    async def go(self) -> None:
        """Raises TaskError when something failed, after everything that runs on failure has run."""
        for secret in (*secrets_of_plan(self._plan), *self._walk.values.of_deployment().evaluated_secrets()):
            self._run.masker.add(secret)
        self._tree.show(self._plan.steps)
        acquiring = self._group_that_acquires()
        if origin := self._plan.resumed_from:
            self._run.log.once("resumed", self._run.log.root, "Highlight", f"This goes on where {origin} stood.")
        for sentence in self._plan.warnings:
            self._run.log.once(f"warning/{sentence}", self._run.log.root, "Warning", sentence)
        try:
            for number, group in enumerate(self._groups, start=1):
                if group is acquiring:
                    await self._acquire(group[0])
                await self._group(group, self._groups[number:])
            await self._make_bundles()
        finally:
            await self._walk.close()
        if self._results.failure is not None:
            raise TaskError(self._results.failure.error)

    async def _make_bundles(self) -> None:
        """What could not be finished here is not brought anywhere."""
        if self._results.failure is None and (errors := await self._walk.parcels.make_bundles()):
            self._results.failed(bundling_failure(errors))

    # -- packages

    def _group_that_acquires(self) -> list[PlannedStep] | None:
        if not self._acquisition.hosts:
            return None
        first = self._plan.acquiring_group[0]
        found = next(group for group in self._groups if group[0] is first)
        self._acquisition.show(order_of(found[0]) - 1)
        return found

    async def _acquire(self, before: PlannedStep) -> None:
        node = self._acquisition.show(order_of(before) - 1)
        if self._results.failure is not None and not self._something_runs_anyway():
            self._run.log.once("skip/acquire", node, "Info", "Skipped because a step failed.")
            node.status("Skipped")
            return
        errors = await self._acquisition.bring_all(node, self._everywhere.get_int(_ACQUIRE_PARALLELISM))
        if errors:
            self._results.failed(acquisition_failure(errors, len(self._acquisition.hosts)))

    def _something_runs_anyway(self) -> bool:
        return any(step.needs_packages and step.condition != "Success" for step in self._plan.steps)

    # -- steps

    async def _group(self, group: Sequence[PlannedStep], later: Sequence[Sequence[PlannedStep]]) -> None:
        seen, joined = self._results.snapshot(self._plan), Joined()
        width = self._everywhere.get_int(_MAX_PARALLELISM)
        results = await together(
            *(self._step(step, seen, joined) for step in group), limit=width if width and width > 0 else _PARALLEL_STEPS
        )
        for step, result in zip(group, results, strict=True):
            if isinstance(result, Exception):
                error = result if isinstance(result, TaskError) else step_failure(step, [result], 1)
                self._results.failed(error)
                self._results.step_failures[step.name] = Failure.of(error)
        if joined:
            self._walk.members.join(joined, [action for steps in later for step in steps for action in step.actions])
            self._acquisition.reckon()

    async def _step(self, step: PlannedStep, seen: Seen, joined: Joined) -> None:
        """Adds to those that have joined, whether the step fails or not."""
        node = self._tree.step(step)
        reason, closed = self._judged(step, seen)
        if reason is not None:
            self._run.log.once(f"skip/step-{step.number}", node, "Info", reason)
            if seen.error is None:
                await pack_step(self._walk, step, seen)
            node.status("Skipped")
            self._results.status[step.name] = "Skipped"
            return
        node.enter()
        self._tree.show_units(step)
        units = Units(self._walk, step, seen, closed)
        results = await units.all()
        joined += units.joined
        errors = [result for result in results if isinstance(result, Exception)]
        if not errors and set(results) == {"Skipped"}:
            node.status("Skipped")
            self._results.status[step.name] = "Skipped"
            return
        node.status("Failed" if errors else success(has_warnings="SuccessWithWarning" in results))
        self._results.status[step.name] = "Failed" if errors else "Succeeded"
        if errors:
            raise step_failure(step, errors, len(step.places))

    def _judged(self, step: PlannedStep, seen: Seen) -> tuple[str | None, dict[str, str]]:
        """Why the step does not run at all; and the places on which it does not run, with the reasons.

        What an earlier task had begun of a step was judged by it.
        """
        done = self._plan.done
        begun = {place for action in step.acting for place in action.places if step.key_of(action, place) in done}
        if not begun and (reason := reason_to_skip(step, seen)) is not None:
            return reason, {}
        if step.condition != "Variable":
            return None, {}
        closed: dict[str, str] = {}
        for place in step.places:
            action = next(action for action in step.acting if place in action.places)
            if place in begun or self._walk.parcels.takes(action, place):
                continue
            values = self._walk.values.at(step, action, self._plan.targets.get(place), seen)
            if (reason := is_skipped_by(step, values)) is not None:
                closed[place] = reason
        if len(closed) == len(step.places):
            return next(iter(closed.values()), "The step has nothing to do."), {}
        return None, closed
