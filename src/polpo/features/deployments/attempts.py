"""One action on one place, as often as it takes: attempts with a time, retries by themselves, and a person's word."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime, timedelta

import msgspec

from polpo.features.deployments.guidance import EXCLUDE, FAIL, RETRY, ask_for_guidance
from polpo.features.deployments.limits import Limits, limits_from
from polpo.features.deployments.plan import SERVER, is_lease, pool_of
from polpo.features.deployments.rawscripting import is_raw
from polpo.features.deployments.telling import sentence, tell_failure
from polpo.features.deployments.timing import FINDING, StillRunning, in_time
from polpo.features.deployments.tokens import with_tokens
from polpo.features.deployments.walk import Piece, Walk
from polpo.kernel.errors import TaskError
from polpo.steps.acquire import runner_path
from polpo.steps.work import Declined, StepKind, StepResult, Work
from polpo.transports.offline import Recorder
from polpo.transports.transport import MachineUnreachable

_BYPASS_MUTEX = "OctopusBypassDeploymentMutex"


class Attempts:
    """Each attempt is an activity of its own in the journal, so that a resumed walk goes on with the one that stood."""

    def __init__(self, walk: Walk, piece: Piece) -> None:
        self._walk = walk
        self._run = walk.run
        self._piece = piece
        self._is_target = piece.host == piece.place != SERVER
        self._is_shared = walk.everywhere.get_flag(_BYPASS_MUTEX, not self._is_target)
        self._limits = Limits()

    async def settle(self) -> StepResult:
        """The result that counts; raises the failure that does. Either is told in the log."""
        try:
            kind = self._kind()
            self._limits = limits_from(self._piece.values.text) if kind.can_retry else Limits()
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

    async def record(self, recorder: Recorder) -> Limits:
        """Has the action's work taken down, to be done elsewhere; returns the limits that hold for it there."""
        kind = self._kind()
        limits = limits_from(self._piece.values.text) if kind.can_retry else Limits()
        await kind.perform(replace(self._work(None, 1, asyncio.Event()), transport=recorder))
        if recorder.errand is None:
            raise TaskError(
                f"Step '{self._piece.action.name}' is of the kind {kind.name}, which cannot go into the bundle of an"
                f" offline package drop; leave {recorder.name} out of it."
            )
        return limits

    def _kind(self) -> StepKind:
        kind = self._walk.equipment.catalogue.find(self._piece.action.type)
        if kind is None:
            raise TaskError(f"This server cannot run steps of the kind {self._piece.action.type}.")
        return kind

    def _once(self, key: str, category: str, text: str) -> None:
        self._run.log.once(f"{key}/{self._piece.key}", self._piece.node, category, text)  # type: ignore[arg-type]

    # -- one attempt

    async def _attempt(self, kind: StepKind, attempt: int) -> StepResult:
        key, state = self._piece.key, self._run.state_of(self._piece.key, attempt)
        async with contextlib.AsyncExitStack() as held:
            is_resumed = state == "started"
            if state not in {"done", "failed"} and kind.needs_runner and self._is_target:
                await held.enter_async_context(self._alone_on(self._piece.host, is_resumed=is_resumed))
            given = (kind, attempt, is_resumed)
            raw = await self._run.activity(key, self._perform, *given, attempt=attempt, sensitive=True)
        return msgspec.convert(raw, StepResult)

    @contextlib.asynccontextmanager
    async def _alone_on(self, machine: str, *, is_resumed: bool) -> AsyncIterator[None]:
        """One script at a time on a target, whichever task it belongs to; any number on a worker, unless a variable
        says otherwise for either. What runs there already is let through."""
        task, node = self._run.task, self._piece.node
        label, whose = self._walk.crew.name_of(machine), (task.id, task.description)
        hold = self._run.locks.hold(
            f"machine/{machine}", label, whose, node.wait, shared=self._is_shared, at_once=is_resumed
        )
        async with hold:
            yield

    async def _perform(self, kind: StepKind, attempt: int, is_resumed: bool) -> StepResult:
        over = asyncio.Event()
        work = self._whole(kind, attempt, is_resumed, over)
        if self._limits.time is None:
            return await work
        now = self._run.log.clock.now()
        begun = self._run.begun(self._piece.key, attempt) or now
        left = max((begun + self._limits.time - now).total_seconds(), FINDING if is_resumed else 0)
        label = self._piece.label(self._walk.plan)
        return await in_time(work, label, self._limits.time, left, over, self._walk.leftovers)

    async def _whole(self, kind: StepKind, attempt: int, is_resumed: bool, over: asyncio.Event) -> StepResult:
        if kind.place == "server":
            return await kind.perform(self._work(None, attempt, over))
        piece, walk = self._piece, self._walk
        raw = is_raw(walk.plan, piece.action, piece.place, piece.values)
        if kind.needs_runner and not raw:
            machine = await walk.acquisition.ready(piece.host, piece.node, piece.key, attempt)
        else:
            machine = await walk.crew.machine_of(piece.host, piece.node, piece.key, attempt)
        async with contextlib.AsyncExitStack() as held:
            if is_lease(piece.host):
                self._tell_worker(machine, attempt)
                await held.enter_async_context(self._alone_on(machine, is_resumed=is_resumed))
            work = replace(self._work(machine, attempt, over), is_raw=raw)
            if kind.needs_runner:
                values = await with_tokens(walk, piece)
                work = replace(work, values=values.texts, secrets=values.secrets)
            return await kind.perform(work)

    def _tell_worker(self, machine: str, attempt: int) -> None:
        """In the log, and in the tree, where the place has a node of its own."""
        piece, walk = self._piece, self._walk
        worker, pool = walk.crew.name_of(machine), walk.plan.pools[pool_of(piece.host)].name
        behalf = f" on behalf of {walk.plan.name_of(piece.place)}" if piece.place != SERVER else ""
        self._once(f"worker/{attempt}", "Info", f"Runs on the worker {worker} of the pool {pool}{behalf}.")
        if behalf and len(piece.step.actions) == 1:
            piece.node.rename(f"{worker}{behalf}")

    def _place_name(self, machine: str | None) -> str:
        piece, walk = self._piece, self._walk
        place = "the server" if piece.place == SERVER else walk.plan.name_of(piece.place)
        if machine is None or not is_lease(piece.host):
            return place
        worker = walk.crew.name_of(machine)
        return f"the worker {worker}" if piece.place == SERVER else f"{worker} on behalf of {place}"

    def _work(self, machine: str | None, attempt: int, over: asyncio.Event) -> Work:
        """`machine` is None for what the server does itself."""
        walk, piece, equipment = self._walk, self._piece, self._walk.equipment
        return Work(
            run=self._run,
            node=piece.node,
            key=piece.key,
            action_name=piece.action.name,
            properties=piece.action.properties,
            values=piece.values.texts,
            secrets=piece.values.secrets,
            place_name=self._place_name(machine),
            transport=None if machine is None else walk.crew.reach(machine, piece.node.warning),
            depot=equipment.depot,
            shelf=equipment.shelf,
            clerk=equipment.clerk,
            sources=piece.action.sources,
            repositories=equipment.repositories,
            people=walk.people,
            packages=piece.action.packages,
            attempt=attempt,
            runner_path=runner_path(equipment.archive),
            is_alone=not self._is_shared,
            time_is_up=over.is_set,
        )

    # -- after a failure

    async def _after(self, attempt: int, error: Exception) -> StepResult | None:
        """What counts in the place of a result; None for another attempt. Raises the failure when it stands."""
        piece, automatic = self._piece, self._limits.attempts
        name = f"{piece.key}/{attempt}"
        if isinstance(error, MachineUnreachable):
            await self._walk.crew.lose_after(piece.host, piece.key, attempt)  # another one has a better chance
        if attempt < automatic and not isinstance(error, StillRunning):
            tell_failure(self._run, name, piece.node, error, "Warning", f"Attempt {attempt} of {automatic} failed. ")
            await self._rest(attempt)
            return None
        if self._is_target and (why := self._walk.members.why_left_out(piece.place, error)) is not None:
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
