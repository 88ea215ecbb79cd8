"""Running a plan: the interpreter. It walks the plan from the beginning each time and finds what is done already."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from polpo.engine import LogNode, TaskRun, together
from polpo.features.deployments.conditions import reason_to_skip
from polpo.features.deployments.plan import Plan, PlannedAction, PlannedStep
from polpo.features.deployments.values import PlanValues, Results
from polpo.kernel.errors import AppError, TaskError
from polpo.runner.archive import RunnerArchive
from polpo.steps.acquire import acquire, runner_path
from polpo.steps.places import Places
from polpo.steps.work import Catalogue, Depot, PackageFile, People, StepResult, Work
from polpo.transports.transport import Transport

_PARALLEL_TARGETS = 10
_PARALLEL_STEPS = 10
_PARALLEL_ACQUISITIONS = 10
_MAX_PARALLELISM = "Octopus.Action.MaxParallelism"
_SERVER = ""  # the key of the server among places


@dataclass(frozen=True)
class Equipment:
    """What runs of deployments need from the server."""

    places: Places
    catalogue: Catalogue
    archive: RunnerArchive
    depot: Depot


class PlanRun:
    """One walk through one plan."""

    def __init__(self, run: TaskRun, plan: Plan, equipment: Equipment, people: People) -> None:
        self._run = run
        self._plan = plan
        self._equipment = equipment
        self._people = people
        self._values = PlanValues(plan)
        self._results = Results()
        self._equipped: dict[str, asyncio.Task[None]] = {}

    async def go(self) -> None:
        """Raises TaskError when something failed, after everything that runs on failure has run."""
        for secret in secrets_of_plan(self._plan):
            self._run.masker.add(secret)
        for sentence in self._plan.warnings:
            self._run.log.once(f"warning/{sentence}", self._run.log.root, "Warning", sentence)
        acquired = False
        try:
            for group in self._plan.groups:
                if not acquired and any(_needs_packages(step) for step in group):
                    acquired = True
                    await self._acquire_packages()
                await self._group(group)
        finally:
            for task in self._equipped.values():
                task.cancel()
            await asyncio.gather(*self._equipped.values(), return_exceptions=True)
        if self._results.error is not None:
            raise TaskError(self._results.error)

    # -- packages

    async def _acquire_packages(self) -> None:
        """Everything to every target before the first step that needs it, so that what is missing fails early."""
        places = [place for place in self._places_in_use() if self._packages_for(place)]
        node = self._run.log.node("acquire", "Acquire packages")
        node.status("Running")
        results = await together(*(self._acquire_on(node, place) for place in places), limit=_PARALLEL_ACQUISITIONS)
        errors = [result for result in results if isinstance(result, Exception)]
        node.status("Failed" if errors else "Success")
        if errors:
            self._fail("Acquire packages", errors)

    async def _acquire_on(self, parent: LogNode, place: str) -> None:
        node = self._run.log.node(f"acquire/{place}", self._name_of(place), parent)
        node.status("Running")
        try:
            await self._equip(place, node)
        except Exception as error:
            _show(self._run, f"acquire/{place}", node, error)
            raise
        node.status("Success")

    async def _equip(self, place: str, node: LogNode) -> None:
        """Brings runner and packages to a place, once a run; whoever else needs it waits for the same."""
        task = self._equipped.get(place)
        if task is None:
            work = self._run.activity(
                f"equip/{place}",
                acquire,
                self._run,
                self._transport(place, node),
                node,
                f"equip/{place}",
                self._equipment.archive,
                self._packages_for(place),
                self._equipment.depot,
            )
            task = self._equipped[place] = asyncio.ensure_future(work)
        await asyncio.shield(task)

    def _packages_for(self, place: str) -> list[PackageFile]:
        actions = [
            action
            for step in self._plan.steps
            for action in step.actions
            if action.skip_reason is None and place in _places_of(action)
        ]
        found = {(package.package_id, package.version): package for action in actions for package in action.packages}
        return list(found.values())

    def _places_in_use(self) -> list[str]:
        used = [
            place
            for step in self._plan.steps
            for action in step.actions
            if action.skip_reason is None
            for place in _places_of(action)
        ]
        return list(dict.fromkeys(used))

    # -- steps

    async def _group(self, group: Sequence[PlannedStep]) -> None:
        seen = self._results.so_far()
        results = await together(*(self._step(step, seen) for step in group), limit=_PARALLEL_STEPS)
        for step, result in zip(group, results, strict=True):
            if isinstance(result, Exception):
                self._fail(_title(step), [result])
                self._results.step_errors[step.name] = _sentence(result)

    async def _step(self, step: PlannedStep, seen: Results) -> None:
        node = self._run.log.node(f"step-{step.number}", _title(step))
        reason = reason_to_skip(step, seen, self._values, self._plan)
        if reason is not None:
            self._run.log.once(f"skip/step-{step.number}", node, "Info", reason)
            node.status("Skipped")
            self._results.status[step.name] = "Skipped"
            return
        node.status("Running")
        errors = await self._units(step, node, seen)
        node.status("Failed" if errors else "Success")
        self._results.status[step.name] = "Failed" if errors else "Succeeded"
        if errors:
            raise _joined(errors)

    async def _units(self, step: PlannedStep, node: LogNode, seen: Results) -> list[Exception]:
        """The targets of the step, side by side; in a rolling step none starts any more once one has failed."""
        places = list(dict.fromkeys(place for action in step.actions for place in _places_of(action)))
        stop = asyncio.Event()
        works = [self._unit(step, node, place, seen, stop, alone=len(places) == 1) for place in places]
        results = await together(*works, limit=self._width(step, seen))
        return [result for result in results if isinstance(result, Exception)]

    def _width(self, step: PlannedStep, seen: Results) -> int:
        if step.window:
            return step.window
        widths = [action.properties.get(_MAX_PARALLELISM, "") for action in step.actions]
        return min((int(width) for width in widths if width.isdigit() and int(width)), default=_PARALLEL_TARGETS)

    async def _unit(
        self, step: PlannedStep, parent: LogNode, place: str, seen: Results, stop: asyncio.Event, *, alone: bool
    ) -> None:
        """The actions of a step on one target, in turn, as far as nothing fails."""
        if stop.is_set():
            node = self._run.log.node(f"step-{step.number}/{place}", self._name_of(place), parent)
            text = "Not started, because another target failed before."
            self._run.log.once(f"skip/step-{step.number}/{place}", node, "Info", text)
            node.status("Skipped")
            return
        here = seen.so_far()
        try:
            for action in step.actions:
                if action.skip_reason is None and place in _places_of(action):
                    await self._action(step, action, parent, place, here)
        except Exception:
            if step.window:
                stop.set()
            raise

    async def _action(
        self, step: PlannedStep, action: PlannedAction, parent: LogNode, place: str, seen: Results
    ) -> None:
        key = f"step-{step.number}/{action.number}/{place or 'server'}"
        node = self._node_of(step, action, parent, place, key)
        node.status("Running")
        target = self._plan.targets.get(place)
        values = self._values.at(step, action, target, seen)
        try:
            raw = await self._run.activity(key, self._perform, node, key, action, place, values, sensitive=True)
        except Exception as error:
            _show(self._run, key, node, error)
            raise
        result = msgspec.convert(raw, StepResult)
        for output in result.outputs.values():
            if output.is_sensitive:
                self._run.masker.add(output.value)
        machine = target.name if target else ""
        self._results.outputs[action.name, machine] = result.outputs
        seen.outputs[action.name, machine] = result.outputs
        node.status("SuccessWithWarning" if result.has_warnings else "Success")

    async def _perform(self, node: LogNode, key: str, action: PlannedAction, place: str, values: Any) -> StepResult:
        kind = self._equipment.catalogue.find(action.type)
        if kind is None:
            raise TaskError(f"This server cannot run steps of the kind {action.type}.")
        if kind.needs_runner:
            await self._equip(place, node)
        work = Work(
            run=self._run,
            node=node,
            key=key,
            action_name=action.name,
            properties=action.properties,
            values=values.texts,
            secrets=values.secrets,
            place_name=self._name_of(place),
            transport=self._transport(place, node) if kind.place != "server" else None,
            depot=self._equipment.depot,
            people=self._people,
            packages=action.packages,
            runner_path=runner_path(self._equipment.archive),
            is_alone=place != _SERVER,
        )
        return await kind.perform(work)

    # -- places and failures

    def _node_of(self, step: PlannedStep, action: PlannedAction, parent: LogNode, place: str, key: str) -> LogNode:
        """A line of the tree for each target; what runs on the server speaks under the step itself."""
        is_only = len(step.actions) == 1
        if is_only and place == _SERVER:
            return parent
        name = self._name_of(place)
        return self._run.log.node(key, name if is_only else f"{action.name} on {name}", parent)

    def _transport(self, place: str, node: LogNode) -> Transport:
        places = self._equipment.places
        return places.here() if place == _SERVER else places.reach(self._plan.targets[place], node.warning)

    def _name_of(self, place: str) -> str:
        return "Server" if place == _SERVER else self._plan.targets[place].name

    def _fail(self, what: str, errors: Sequence[Exception]) -> None:
        if self._results.error is None:
            self._results.error = f"{what}: {_sentence(_joined(errors))}"


def secrets_of_plan(plan: Plan) -> Iterator[str]:
    """Every text that must not be shown, as it is stored and as it reads once an escaped `##{` is resolved."""
    texts = [value.value for value in plan.values if value.is_sensitive]
    for step in plan.steps:
        for action in step.actions:
            texts += [action.properties[name] for name in action.secret_properties]
    for text in texts:
        yield text
        if "##{" in text:
            yield text.replace("##{", "#{")


def _places_of(action: PlannedAction) -> list[str]:
    return [_SERVER] if action.on_server else action.targets


def _needs_packages(step: PlannedStep) -> bool:
    return any(action.packages for action in step.actions if action.skip_reason is None)


def _title(step: PlannedStep) -> str:
    return f"Step {step.number}: {step.name}"


def _sentence(error: Exception) -> str:
    return error.message if isinstance(error, AppError) else f"{type(error).__name__}: {error}"


def _joined(errors: Sequence[Exception]) -> Exception:
    """One failure as it is; several as one, with their sentences."""
    if len(errors) == 1 or not all(isinstance(error, AppError) for error in errors):
        return next((error for error in errors if not isinstance(error, AppError)), errors[0])
    sentences = [_sentence(error) for error in errors]
    return TaskError(f"{len(errors)} targets failed. {' '.join(sentences[:5])}", sentences)


def _show(run: TaskRun, key: str, node: LogNode, error: Exception) -> None:
    run.log.once(f"error/{key}", node, "Error", _sentence(error))
    node.status("Failed")
