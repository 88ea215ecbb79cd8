"""Running a plan: the interpreter. It walks the plan from the beginning each time and finds what is done already."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import msgspec

from polpo.engine import LogNode, TaskRun, together
from polpo.engine.log import Status
from polpo.features.deployments.concealing import secrets_of_plan
from polpo.features.deployments.conditions import is_skipped_by, reason_to_skip
from polpo.features.deployments.equipment import Acquisition, Equipment
from polpo.features.deployments.plan import SERVER, Plan, PlannedAction, PlannedStep
from polpo.features.deployments.results import Results, Seen
from polpo.features.deployments.telling import acquisition_failure, show_failure, step_failure
from polpo.features.deployments.tree import PlanTree, order_of
from polpo.features.deployments.values import PlanValues, Values
from polpo.kernel.errors import TaskError
from polpo.steps.acquire import runner_path
from polpo.steps.console import OutputValue
from polpo.steps.work import People, StepResult, Work

_PARALLEL_TARGETS = 10
_PARALLEL_STEPS = 10
_MAX_PARALLELISM = "Octopus.Action.MaxParallelism"
_ACQUIRE_PARALLELISM = "Octopus.Acquire.MaxParallelism"
_BYPASS_MUTEX = "OctopusBypassDeploymentMutex"
_STOPPED = "Not started, because another target failed before."


class PlanRun:
    """One walk through one plan."""

    def __init__(self, run: TaskRun, plan: Plan, equipment: Equipment, people: People) -> None:
        self._run = run
        self._plan = plan
        self._equipment = equipment
        self._people = people
        self._values = PlanValues(plan)
        self._everywhere = self._values.of_deployment().dictionary()
        self._results = Results()
        self._tree = PlanTree(run, plan)
        self._acquisition = Acquisition(run, plan, equipment, self._everywhere)
        self._groups = plan.groups

    async def go(self) -> None:
        """Raises TaskError when something failed, after everything that runs on failure has run."""
        for secret in (*secrets_of_plan(self._plan), *self._values.of_deployment().evaluated_secrets()):
            self._run.masker.add(secret)
        self._tree.show(self._plan.steps)
        acquiring = self._group_that_acquires()
        for sentence in self._plan.warnings:
            self._run.log.once(f"warning/{sentence}", self._run.log.root, "Warning", sentence)
        try:
            for group in self._groups:
                if group is acquiring:
                    await self._acquire(group[0])
                await self._group(group)
        finally:
            await self._acquisition.close()
        if self._results.error is not None:
            raise TaskError(self._results.error)

    # -- packages

    def _group_that_acquires(self) -> list[PlannedStep] | None:
        if not self._acquisition.hosts:
            return None
        found = next(
            group for group in self._groups if any(step.needs_packages or step.awaits_packages for step in group)
        )
        self._acquisition.show(order_of(found[0]) - 1)
        return found

    async def _acquire(self, before: PlannedStep) -> None:
        node = self._acquisition.show(order_of(before) - 1)
        if self._results.error is not None and not self._something_runs_anyway():
            self._run.log.once("skip/acquire", node, "Info", "Skipped because a step failed.")
            node.status("Skipped")
            return
        errors = await self._acquisition.bring_all(node, self._everywhere.get_int(_ACQUIRE_PARALLELISM))
        if errors:
            self._fail(acquisition_failure(errors, len(self._acquisition.hosts)))

    def _something_runs_anyway(self) -> bool:
        return any(step.needs_packages and step.condition != "Success" for step in self._plan.steps)

    # -- steps

    async def _group(self, group: Sequence[PlannedStep]) -> None:
        seen = self._results.snapshot(self._plan)
        results = await together(*(self._step(step, seen) for step in group), limit=_PARALLEL_STEPS)
        for step, result in zip(group, results, strict=True):
            if isinstance(result, Exception):
                error = result if isinstance(result, TaskError) else step_failure(step, [result], 1)
                self._fail(error)
                self._results.step_errors[step.name] = error.message

    async def _step(self, step: PlannedStep, seen: Seen) -> None:
        node = self._tree.step(step)
        reason = reason_to_skip(step, seen)
        if reason is None:
            reason = is_skipped_by(step, self._values.at(step, step.acting[0], None, seen))
        if reason is not None:
            self._run.log.once(f"skip/step-{step.number}", node, "Info", reason)
            node.status("Skipped")
            self._results.status[step.name] = "Skipped"
            return
        node.enter()
        self._tree.show_units(step)
        results = await self._units(step, seen)
        errors = [result for result in results if isinstance(result, Exception)]
        node.status("Failed" if errors else _success(has_warnings=any(results)))
        self._results.status[step.name] = "Failed" if errors else "Succeeded"
        if errors:
            raise step_failure(step, errors, len(step.places))

    async def _units(self, step: PlannedStep, seen: Seen) -> list[bool | Exception]:
        """The targets of the step, side by side; in a rolling step none starts any more once one has failed."""
        stop = asyncio.Event()
        works = [self._unit(step, place, seen, stop) for place in step.places]
        return await together(*works, limit=self._width(step, seen), keeps_place=bool(step.window))

    def _width(self, step: PlannedStep, seen: Seen) -> int:
        if step.window:
            return step.window
        values = self._values.at(step, step.acting[0], None, seen)
        width = values.dictionary().get_int(_MAX_PARALLELISM)
        return width if width and width > 0 else _PARALLEL_TARGETS

    async def _unit(self, step: PlannedStep, place: str, seen: Seen, stop: asyncio.Event) -> bool:
        """The actions of a step on one target, in turn, as far as nothing fails; says whether there were warnings."""
        actions = [action for action in step.acting if place in action.places]
        if stop.is_set() and not self._has_begun(step, actions, place):
            self._tree.leave_out(step, actions, place, _STOPPED)
            return False
        self._tree.unit(step, place).enter()
        just_now: dict[str, dict[str, OutputValue]] = {}
        has_warnings = False
        for done, action in enumerate(actions, start=1):
            try:
                has_warnings |= await self._action(step, action, place, seen, just_now)
            except Exception:
                if step.window:
                    stop.set()
                self._tree.skip(step, actions[done:], place)
                self._tree.end_unit(step, place, "Failed")
                raise
        self._tree.end_unit(step, place, _success(has_warnings=has_warnings))
        return has_warnings

    def _has_begun(self, step: PlannedStep, actions: Sequence[PlannedAction], place: str) -> bool:
        """In an earlier run: then it is seen to its end, whatever failed meanwhile."""
        return any(self._run.attempt(self._tree.key_of(step, action, place)) for action in actions)

    async def _action(
        self,
        step: PlannedStep,
        action: PlannedAction,
        place: str,
        seen: Seen,
        just_now: dict[str, dict[str, OutputValue]],
    ) -> bool:
        key = self._tree.key_of(step, action, place)
        node = self._tree.action(step, action, place)
        target = self._plan.targets.get(place)
        values = self._values.at(step, action, target, seen, just_now)
        for secret in values.evaluated_secrets():
            self._run.masker.add(secret)
        if (reason := is_skipped_by(action, values)) is not None:
            self._run.log.once(f"skip/{key}", node, "Info", reason)
            self._tree.end_action(step, node, "Skipped")
            return False
        node.enter()
        try:
            raw = await self._run.activity(key, self._perform, node, key, action, place, values, sensitive=True)
        except Exception as error:
            show_failure(self._run, key, node, error)
            raise
        result = msgspec.convert(raw, StepResult)
        for output in result.outputs.values():
            if output.is_sensitive:
                self._run.masker.add(output.value)
        self._results.outputs[action.name, target.name if target else ""] = just_now[action.name] = result.outputs
        self._tree.end_action(step, node, _success(has_warnings=result.has_warnings))
        return result.has_warnings

    async def _perform(self, node: LogNode, key: str, action: PlannedAction, place: str, values: Values) -> StepResult:
        kind = self._equipment.catalogue.find(action.type)
        if kind is None:
            raise TaskError(f"This server cannot run steps of the kind {action.type}.")
        host = action.host_of(place)
        if kind.needs_runner:
            await self._acquisition.bring(host, node)
        work = Work(
            run=self._run,
            node=node,
            key=key,
            action_name=action.name,
            properties=action.properties,
            values=values.texts,
            secrets=values.secrets,
            place_name="the server" if place == SERVER else self._plan.name_of(place),
            transport=self._equipment.reach(self._plan, host, node.warning) if kind.place != "server" else None,
            depot=self._equipment.depot,
            shelf=self._equipment.shelf,
            clerk=self._equipment.clerk,
            sources=action.sources,
            repositories=self._equipment.repositories,
            people=self._people,
            packages=action.packages,
            runner_path=runner_path(self._equipment.archive),
            is_alone=host != SERVER and not self._everywhere.get_flag(_BYPASS_MUTEX),
        )
        return await kind.perform(work)

    def _fail(self, error: TaskError) -> None:
        if self._results.error is None:
            self._results.error = error.message


def _success(*, has_warnings: bool) -> Status:
    return "SuccessWithWarning" if has_warnings else "Success"
