"""One action on one place, as often as it takes: attempts with a time, retries by themselves, and a person's word."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from datetime import datetime, timedelta

import msgspec

from polpo.features.deployments.guidance import EXCLUDE, FAIL, RETRY, ask_for_guidance
from polpo.features.deployments.limits import Limits, limits_from
from polpo.features.deployments.plan import SERVER
from polpo.features.deployments.telling import sentence, tell_failure
from polpo.features.deployments.timing import FINDING, StillRunning, in_time
from polpo.features.deployments.walk import Piece, Walk
from polpo.kernel.errors import TaskError
from polpo.languages.substitution import SubstitutionFailed
from polpo.steps.acquire import runner_path
from polpo.steps.work import Declined, StepKind, StepResult, Work

_BYPASS_MUTEX = "OctopusBypassDeploymentMutex"


class Attempts:
    """Each attempt is an activity of its own in the journal, so that a resumed walk goes on with the one that stood."""

    def __init__(self, walk: Walk, piece: Piece) -> None:
        self._walk = walk
        self._run = walk.run
        self._piece = piece
        self._is_shared = walk.everywhere.get_flag(_BYPASS_MUTEX)
        self._limits = Limits()

    async def settle(self) -> StepResult:
        """The result that counts; raises the failure that does. Either is told in the log."""
        try:
            kind = self._kind()
            self._limits = limits_from(self._text) if kind.can_retry else Limits()
        except TaskError as error:
            tell_failure(self._run, self._piece.key, self._piece.node, error)
            raise
        attempt = 1
        while True:
            if 1 < attempt <= self._limits.attempts:
                self._once(f"attempt/{attempt}", "Info", f"Attempt {attempt} of {self._limits.attempts}.")
            try:
                result = await self._attempt(kind, attempt)
            except Exception as error:  # noqa: BLE001 - whatever it is, it is a failure of the action
                settled = await self._after(attempt, error)
                if settled is not None:
                    return settled
            else:
                result.has_warnings |= attempt > 1
                return result
            attempt += 1

    def _kind(self) -> StepKind:
        kind = self._walk.equipment.catalogue.find(self._piece.action.type)
        if kind is None:
            raise TaskError(f"This server cannot run steps of the kind {self._piece.action.type}.")
        return kind

    def _text(self, name: str) -> str | None:
        text = self._piece.values.texts.get(name)
        if text is None or "#{" not in text:
            return text
        try:
            return self._piece.values.dictionary().evaluate(text)
        except SubstitutionFailed as error:
            raise TaskError(f"{name} is '{text}', which cannot be evaluated: {error.message}") from error

    def _once(self, key: str, category: str, text: str) -> None:
        self._run.log.once(f"{key}/{self._piece.key}", self._piece.node, category, text)  # type: ignore[arg-type]

    # -- one attempt

    async def _attempt(self, kind: StepKind, attempt: int) -> StepResult:
        key, state = self._piece.key, self._run.state_of(self._piece.key, attempt)
        async with contextlib.AsyncExitStack() as held:
            is_resumed = state == "started"
            if state not in {"done", "failed"} and kind.needs_runner and self._piece.host != SERVER:
                await held.enter_async_context(self._machine(is_resumed=is_resumed))
            given = (kind, attempt, FINDING if is_resumed else 0)
            raw = await self._run.activity(key, self._perform, *given, attempt=attempt, sensitive=True)
        return msgspec.convert(raw, StepResult)

    @contextlib.asynccontextmanager
    async def _machine(self, *, is_resumed: bool) -> AsyncIterator[None]:
        """One script at a time on a machine, whichever task it belongs to. What runs there already is let through."""
        host, task, node = self._piece.host, self._run.task, self._piece.node
        label, whose = self._walk.plan.name_of(host), (task.id, task.description)
        hold = self._run.locks.hold(
            f"machine/{host}", label, whose, node.wait, shared=self._is_shared, at_once=is_resumed
        )
        async with hold:
            yield

    async def _perform(self, kind: StepKind, attempt: int, least: float) -> StepResult:
        over = asyncio.Event()
        work = self._whole(kind, attempt, over)
        if self._limits.time is None:
            return await work
        now = self._run.log.clock.now()
        begun = self._run.begun(self._piece.key, attempt) or now
        left = max((begun + self._limits.time - now).total_seconds(), least)
        label = self._piece.label(self._walk.plan)
        return await in_time(work, label, self._limits.time, left, over, self._walk.leftovers)

    async def _whole(self, kind: StepKind, attempt: int, over: asyncio.Event) -> StepResult:
        if kind.needs_runner:
            await self._walk.acquisition.bring(self._piece.host, self._piece.node, again=attempt > 1)
        return await kind.perform(self._work(kind, attempt, over))

    def _work(self, kind: StepKind, attempt: int, over: asyncio.Event) -> Work:
        walk, piece, equipment = self._walk, self._piece, self._walk.equipment
        reached = equipment.reach(walk.plan, piece.host, piece.node.warning) if kind.place != "server" else None
        return Work(
            run=self._run,
            node=piece.node,
            key=piece.key,
            action_name=piece.action.name,
            properties=piece.action.properties,
            values=piece.values.texts,
            secrets=piece.values.secrets,
            place_name="the server" if piece.place == SERVER else walk.plan.name_of(piece.place),
            transport=reached,
            depot=equipment.depot,
            shelf=equipment.shelf,
            clerk=equipment.clerk,
            sources=piece.action.sources,
            repositories=equipment.repositories,
            people=walk.people,
            packages=piece.action.packages,
            attempt=attempt,
            runner_path=runner_path(equipment.archive),
            is_alone=piece.host != SERVER and not self._is_shared,
            time_is_up=over.is_set,
        )

    # -- after a failure

    async def _after(self, attempt: int, error: Exception) -> StepResult | None:
        """What counts in the place of a result; None for another attempt. Raises the failure when it stands."""
        piece, automatic = self._piece, self._limits.attempts
        name = f"{piece.key}/{attempt}"
        if attempt < automatic and not isinstance(error, StillRunning):
            tell_failure(self._run, name, piece.node, error, "Warning", f"Attempt {attempt} of {automatic} failed. ")
            await self._rest(attempt)
            return None
        if piece.host == piece.place and (why := self._walk.members.why_left_out(piece.place, error)) is not None:
            self._once("left-out", "Warning", why)
            return StepResult(has_warnings=True, dropped={piece.place: why})
        tell_failure(self._run, name, piece.node, error)
        if not self._walk.plan.is_guided or isinstance(error, Declined):
            raise error
        guidance = await ask_for_guidance(self._walk, piece, attempt, sentence(error), max(attempt - automatic, 0))
        if guidance.choice == FAIL:
            raise error
        if guidance.choice == RETRY:
            return None
        if guidance.choice == EXCLUDE:
            why = f"{guidance.who} excluded it after {piece.action.name} had failed there."
            return StepResult(has_warnings=True, dropped={piece.place: why})
        await self._run.remember(f"ignored/{piece.key}", guidance.said)
        return StepResult(has_warnings=True)

    async def _rest(self, attempt: int) -> None:
        """Until the next attempt is due, which stays the same moment when the server starts anew meanwhile."""
        pause = self._limits.wait_before(attempt + 1)
        if not pause or self._run.attempt(self._piece.key) > attempt:
            return
        name, clock = f"due/{self._piece.key}/{attempt + 1}", self._run.log.clock
        due = self._run.recall(name)
        if due is None:
            due = (clock.now() + pause).isoformat()
            await self._run.remember(name, due)
            self._once(f"rest/{attempt}", "Info", f"The next attempt begins in {_seconds(pause)}.")
        left = (datetime.fromisoformat(due) - clock.now()).total_seconds()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(max(left, 0)):
                await self._run.cancel_event.wait()  # what comes next will see to the cancel


def _seconds(length: timedelta) -> str:
    seconds = length.total_seconds()
    return "1 second" if seconds == 1 else f"{seconds:g} seconds"
