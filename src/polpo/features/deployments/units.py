"""One step on its places: so many at a time, on each of them the step's actions in turn."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec

from polpo.engine import together
from polpo.engine.log import Status
from polpo.features.deployments.attempts import Attempts
from polpo.features.deployments.conditions import is_skipped_by
from polpo.features.deployments.packing import pack
from polpo.features.deployments.plan import SERVER, Done, PlannedAction, PlannedStep
from polpo.features.deployments.results import Failure, Seen, failure_here, first_failure
from polpo.features.deployments.telling import tell_failure
from polpo.features.deployments.values import Values
from polpo.features.deployments.walk import Piece, Walk
from polpo.steps.console import OutputValue
from polpo.steps.orders import Carrying, targets_of
from polpo.steps.work import StepResult

_PARALLEL = 10
_MAX_PARALLELISM = "Octopus.Action.MaxParallelism"
_STOPPED = "Not started, because another target failed before."


@dataclass
class _JustNow:
    """What has happened on one place in this step: outputs by action, statuses as variables, and the failure."""

    outputs: dict[str, dict[str, OutputValue]] = field(default_factory=dict)
    statuses: dict[str, str] = field(default_factory=dict)
    error: Exception | None = None
    has_warnings: bool = False

    def over(self, values: Values) -> Values:
        return Values({**values.texts, **self.statuses}, values.secrets) if self.statuses else values


class Units:
    """The places of one step. `closed` are places on which it does not run, with the reasons."""

    def __init__(self, walk: Walk, step: PlannedStep, seen: Seen, closed: Mapping[str, str]) -> None:
        self._walk = walk
        self._step = step
        self._seen = seen
        self._closed = closed
        self._stop = asyncio.Event()
        self.joined: list[dict[str, Any]] = []

    async def all(self) -> list[Status | Exception]:
        """How each place came out. In a rolling step none starts any more once one has failed."""
        works = [self._unit(place) for place in self._places()]
        return await together(*works, limit=self._width(), keeps_place=bool(self._step.window))

    def _places(self) -> list[str]:
        """By name, so that people know who is next."""
        plan = self._walk.plan
        return sorted(self._step.places, key=lambda place: (place != SERVER, plan.name_of(place).casefold()))

    def _width(self) -> int:
        """A variable in scope goes before the window, which goes before what is usual."""
        values = self._walk.values.at(self._step, self._step.acting[0], None, self._seen)
        width = values.dictionary().get_int(_MAX_PARALLELISM)
        return width if width and width > 0 else self._step.window or _PARALLEL

    async def _unit(self, place: str) -> Status:
        """The actions of the step on one place, in turn, as far as nothing fails; raises what failed."""
        walk, step = self._walk, self._step
        actions = [action for action in step.acting if place in action.places]
        if not self._has_begun(actions, place) and (reason := self._why_not(place)) is not None:
            walk.tree.leave_out(step, actions, place, reason)
            return "Skipped"
        walk.tree.unit(step, place).enter()
        now = _JustNow()
        for number, action in enumerate(actions):
            if self._was_left(action, place):
                return self._leave(actions[number:], place)
            if not await self._action(action, place, now):
                return self._leave(actions[number + 1 :], place)
        if now.error is not None:
            walk.tree.end_unit(step, place, "Failed")
            raise now.error
        status = success(has_warnings=now.has_warnings)
        walk.tree.end_unit(step, place, status)
        return status

    def _was_left(self, action: PlannedAction, place: str) -> bool:
        """Whether an earlier task had dropped the target after actions before this one, whose results still count."""
        plan = self._walk.plan
        return place in plan.dropped and self._step.key_of(action, place) not in plan.done

    def _leave(self, actions: Sequence[PlannedAction], place: str) -> Status:
        self._walk.tree.skip(self._step, actions, place)
        self._walk.tree.end_unit(self._step, place, "Skipped")
        return "Skipped"

    def _why_not(self, place: str) -> str | None:
        if self._stop.is_set():
            return _STOPPED
        if (why := self._walk.members.why_out(place)) is not None:
            return f"Left out: {why}"
        return self._closed.get(place)

    def _has_begun(self, actions: Sequence[PlannedAction], place: str) -> bool:
        """In an earlier run: then it is seen to its end, whatever happened meanwhile."""
        keys = [self._step.key_of(action, place) for action in actions]
        return any(key in self._walk.plan.done or self._walk.run.attempt(key) for key in keys)

    async def _action(self, action: PlannedAction, place: str, now: _JustNow) -> bool:
        """Does the action, or notes why not; False when the place takes no further part."""
        walk, step = self._walk, self._step
        values = now.over(walk.values.at(step, action, walk.plan.targets.get(place), self._seen, now.outputs))
        for secret in values.evaluated_secrets():
            walk.run.masker.add(secret)
        key, node = step.key_of(action, place), walk.tree.action(step, action, place)
        piece = Piece(step, action, place, key, node, values)
        if walk.parcels.takes(action, place):
            await self._pack(piece, now)
            return True
        if (done := walk.plan.done.get(key)) is not None:
            return await self._accept(piece, self._taken_over(piece, done), now)
        if self._is_skipped(piece, now):
            walk.tree.end_action(step, node, "Skipped")
            walk.results.action_ended(action.name, "Skipped")
            return True
        node.enter()
        try:
            result = await Attempts(walk, piece).settle()
        except Exception as error:  # noqa: BLE001 - raised again at the end of the place
            self._failed(piece, error, now)
            return not await self._take_targets(piece)
        return await self._accept(piece, result, now)

    async def _take_targets(self, piece: Piece) -> bool:
        """What a script made and deleted is made and deleted, though it failed; True: its own target, too."""
        known = self._walk.run.recall(targets_of(piece.key))
        if known is None:
            return False
        orders = msgspec.convert(known, Carrying)
        self.joined += orders.joined
        await self._walk.members.drop(orders.dropped)
        return piece.place in orders.dropped

    async def _pack(self, piece: Piece, now: _JustNow) -> None:
        """Whether it runs at all is judged where it runs."""
        walk = self._walk
        piece.node.enter()
        try:
            await pack(walk, piece)
        except Exception as error:  # noqa: BLE001 - raised again at the end of the place
            tell_failure(walk.run, f"pack/{piece.key}", piece.node, error)
            self._failed(piece, error, now)
            return
        walk.results.action_ended(piece.action.name, "Succeeded")
        walk.tree.end_action(self._step, piece.node, "Success")

    def _is_skipped(self, piece: Piece, now: _JustNow) -> bool:
        """After a failure here only what an expression lets run is left."""
        if now.error is not None and piece.action.condition != "Variable":
            return True
        reason = is_skipped_by(piece.action, piece.values)
        if reason is not None:
            self._walk.run.log.once(f"skip/{piece.key}", piece.node, "Info", reason)
        return reason is not None

    def _taken_over(self, piece: Piece, done: Done) -> StepResult:
        piece.node.enter()
        sentence = f"Done by {done.task_id}, not repeated."
        self._walk.run.log.once(f"done/{piece.key}", piece.node, "Info", sentence)
        return done.result

    def _failed(self, piece: Piece, error: Exception, now: _JustNow) -> None:
        if self._step.window:
            self._stop.set()
        piece.node.status("Failed")
        self._walk.results.action_failed(piece.action.name, error)
        failure = Failure.of(error)
        now.error = now.error or error
        now.statuses |= failure_here(piece.action.name, failure)
        if self._seen.error is None:
            now.statuses = {**first_failure(failure), **now.statuses}

    async def _accept(self, piece: Piece, result: StepResult, now: _JustNow) -> bool:
        walk, name = self._walk, piece.action.name
        for output in result.outputs.values():
            if output.is_sensitive:
                walk.run.masker.add(output.value)
        target = walk.plan.targets.get(piece.place)
        walk.results.outputs[name, target.name if target else ""] = now.outputs[name] = result.outputs
        now.has_warnings |= result.has_warnings
        self.joined += result.joined
        await walk.members.drop(result.dropped)
        is_out = piece.place in result.dropped
        walk.results.action_ended(name, "Skipped" if is_out else "Succeeded")
        status = "Skipped" if is_out else success(has_warnings=result.has_warnings)
        walk.tree.end_action(self._step, piece.node, status)
        return not is_out


def success(*, has_warnings: bool) -> Status:
    return "SuccessWithWarning" if has_warnings else "Success"
