"""Plays a scenario without machines: the real planner, interpreter, engine, steps and console, over a transport that
does what the scenario says."""

from __future__ import annotations

import asyncio
import contextlib
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

import msgspec

from polpo.engine import TaskRun, TaskState
from polpo.engine.locks import Locks
from polpo.features.deployments.equipment import Equipment
from polpo.features.deployments.executing import PlanRun
from polpo.features.deployments.plan import Plan
from polpo.features.machinepolicies.resource import MachinePolicy
from polpo.features.machines.addressing import address_of
from polpo.features.workers.choosing import first_to_answer, ranked, why_not
from polpo.halibut.contracts import (
    ProcessOutput,
    ProcessOutputSource,
    ProcessState,
    ScriptStatusResponseV2,
    ScriptTicket,
    StartScriptCommandV2,
    UploadResult,
)
from polpo.halibut.streams import DataStream
from polpo.kernel.clock import SystemClock
from polpo.kernel.errors import TaskError
from polpo.runner.archive import RunnerArchive
from polpo.runner.variables import unsealed
from polpo.steps.kinds import CATALOGUE
from polpo.steps.places import MachineAddress
from polpo.transports.transport import ExitCode, MachineUnreachable
from scenarios.behaviour import of_place, play
from scenarios.outcome import Outcome
from scenarios.process import plan_of, workers_of
from scenarios.scenario import Pool, Scenario
from unit.engine.bench import Bench


@dataclass
class World:
    """Every machine of a scenario, and what was done on them."""

    scenario: Scenario
    outcome: Outcome = field(default_factory=Outcome)
    started: dict[str, ScriptStatusResponseV2] = field(default_factory=dict)
    stopped: dict[str, asyncio.Event] = field(default_factory=dict)  # scripts that wait, by ticket
    attempts: Counter[str] = field(default_factory=Counter)
    running: Counter[str] = field(default_factory=Counter)
    locks: Locks = field(default_factory=lambda: Locks(SystemClock()))  # the machines of another world are others

    @property
    def pools(self) -> Iterable[Pool]:
        return self.scenario.pools.values()

    @property
    def values(self) -> dict[str, dict[str, str]]:
        """What the scripts of each place saw."""
        return self.outcome.values if self.outcome.values is not None else {}

    async def start(self, command: StartScriptCommandV2, place: str) -> ScriptStatusResponseV2:
        """A ticket is run once, however often it is started."""
        ticket = command.script_ticket.task_id
        if ticket not in self.started:
            self.started[ticket] = await self._run(command, place)
        return self.started[ticket]

    async def _run(self, command: StartScriptCommandV2, place: str) -> ScriptStatusResponseV2:
        files = {file.name: file.contents for file in command.files}
        if "variables.json" not in files:
            return _answer(command, [], 0)
        values = _variables(await files["variables.json"].read(), (command.scripts or {})["Bash"])
        name, step = values["Octopus.Action.Name"], values["Octopus.Step.Name"]
        on = values.get("Octopus.Machine.Name", "server")
        mark = f"{name}@{on}"
        self.attempts[mark] += 1
        self.values.setdefault(mark, {}).update(values)
        action = next(one for step in self.scenario.steps for one in step.parts if one.name == name)
        played = play(of_place(action, on, self.attempts[mark]), values)
        if played.is_unreachable:
            raise MachineUnreachable(f"{place} does not answer.", "connect")
        self.outcome.by[mark] = place
        self.outcome.begun(mark)
        self.running[step] += 1
        self.outcome.most[step] = max(self.outcome.most.get(step, 0), self.running[step])
        if played.exit_code is None:
            self.stopped[command.script_ticket.task_id] = asyncio.Event()
        else:
            await asyncio.sleep(0.002)
            self.running[step] -= 1
            self.outcome.ended(mark)
        return _answer(command, played.lines, played.exit_code)

    async def status(self, ticket: str, wait: float) -> ScriptStatusResponseV2:
        """One that waits is held to its bound, or until it has been told to stop."""
        stopped = self.stopped.get(ticket)
        if stopped is None:
            return self.started[ticket]
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(wait):
                await stopped.wait()
        is_over = {"state": ProcessState.COMPLETE, "exit_code": int(ExitCode.CANCELED)} if stopped.is_set() else {}
        return replace(self.started[ticket], logs=(), **is_over)


def _variables(content: bytes, body: str) -> dict[str, str]:
    """As the runner reads them: the key for the secrets comes with the body."""
    document = msgspec.json.decode(content)
    key = re.search(r"<<'KEY'\n(\w+)\n", body)
    secrets = unsealed("variables.json", document["Sealed"], key[1]) if key else {}
    return {**document["Variables"], **secrets}


def _answer(
    command: StartScriptCommandV2, lines: list[tuple[str, str]], exit_code: int | None
) -> ScriptStatusResponseV2:
    now = datetime.now(UTC)
    logs = tuple(ProcessOutput(ProcessOutputSource[source], now, text) for source, text in lines)
    state = ProcessState.RUNNING if exit_code is None else ProcessState.COMPLETE
    return ScriptStatusResponseV2(command.script_ticket, state, exit_code or 0, logs, len(logs))


@dataclass
class Machine:
    """One place, as a transport."""

    world: World
    name: str
    holds_answers: bool = True

    async def capabilities(self) -> tuple[str, ...]:
        if any(self.name in pool.workers and not pool.workers[self.name].answers for pool in self.world.pools):
            raise MachineUnreachable(f"{self.name} does not answer.", "connect")
        return ("IScriptServiceV2", "IFileTransferService")

    async def start(self, command: StartScriptCommandV2) -> ScriptStatusResponseV2:
        return await self.world.start(command, self.name)

    async def status(
        self, ticket: ScriptTicket, last_log_sequence: int, *, wait: float = 0.0
    ) -> ScriptStatusResponseV2:
        del last_log_sequence
        return await self.world.status(ticket.task_id, wait)

    async def cancel(self, ticket: ScriptTicket, last_log_sequence: int) -> ScriptStatusResponseV2:
        if (stopped := self.world.stopped.get(ticket.task_id)) is not None:
            stopped.set()
        return await self.status(ticket, last_log_sequence)

    async def complete(self, ticket: ScriptTicket) -> None:
        """The outcome stays: a script that is started again is found ended."""

    async def upload(self, remote_path: str, source: DataStream) -> UploadResult:
        raise TaskError(f"Nothing is to be sent to {self.name} in a scenario, but {remote_path} was.")

    async def download(self, remote_path: str) -> DataStream | None:
        raise TaskError(f"Nothing is to be fetched from {self.name} in a scenario, but {remote_path} was.")


@dataclass
class Ways:
    """`Places` of a world."""

    world: World

    def reach(self, machine: MachineAddress, notify: Callable[[str], None] | None = None) -> Machine:
        del notify
        return Machine(self.world, machine.name)

    def here(self) -> Machine:
        return Machine(self.world, "The built-in worker")


@dataclass
class Workers:
    """`Workforce` of a world. Who has the same to do as others goes by name."""

    world: World

    async def choose(
        self, pool_id: str, pool_name: str, avoided: Collection[str], tell: Callable[[str], None]
    ) -> MachineAddress:
        del pool_id
        workers = workers_of(self.world.scenario, pool_name)
        addresses = [address_of(one, MachinePolicy()) for one in ranked(workers, {}, avoided, lambda: 0.0)]
        places: Any = Ways(self.world)
        return await first_to_answer(places, addresses, pool_name, list(filter(None, map(why_not, workers))), tell)


@dataclass
class Asked:
    """The questions are answered by `_answer_all`, so they need no document."""

    outcome: Outcome

    async def put_intervention(self, key: str, title: str, instructions: str, teams: Sequence[str]) -> str:
        del title, instructions, teams
        return key

    async def put_guidance(self, key: str, title: str, instructions: str, choices: Sequence[str]) -> str:
        del instructions
        self.outcome.asked(title, list(choices))
        return key


async def pretend(bench: Bench, scenario: Scenario) -> Outcome:
    """Runs the scenario to its end. The bench's engine must be started with `run_plan` under the kind `Work`."""
    plan = plan_of(scenario)
    world = World(scenario)
    if plan.problems:
        world.outcome.refused = plan.problems
        return world.outcome
    WORLDS[scenario.name] = (plan, world)
    task_id = await bench.enqueue(arguments={"Scenario": scenario.name})
    if scenario.cancel:
        await bench.until(lambda: all(part in "\n".join(bench.texts(task_id)) for part in scenario.cancel))
        await bench.cancel(task_id)
    answers = {place: list(said) for place, said in scenario.answers.items()}
    while (await bench.state(task_id, *_STOPS)).state is TaskState.PAUSED:
        await _answer_all(bench, task_id, plan, answers)
    task = bench.task(task_id)
    outcome = world.outcome
    outcome.task, outcome.error = task.state.value, task.error_message or ""
    outcome.log = bench.texts(task_id)
    outcome.read_tree([(node.node_id, node.parent_id, node.name, node.status) for node in bench.nodes(task_id)])
    return outcome


_STOPS = (TaskState.PAUSED, TaskState.SUCCESS, TaskState.FAILED, TaskState.CANCELED)
WORLDS: dict[str, tuple[Plan, World]] = {}


async def run_plan(run: TaskRun) -> None:
    plan, world = WORLDS[run.task.arguments["Scenario"]]
    run.locks = world.locks
    places: Any = Ways(world)
    nothing: Any = None
    archive = RunnerArchive(b"", "0")
    equipment = Equipment(places, CATALOGUE, archive, depot=nothing, workforce=Workers(world))
    await PlanRun(run, plan, equipment, Asked(world.outcome)).go()


async def _answer_all(bench: Bench, task_id: str, plan: Plan, answers: dict[str, list[str]]) -> None:
    """Says to every open question what the scenario has people say next."""
    places = {
        f"step-{step.number}/{action.number}/{place or 'server'}": f"{action.name}@{plan.name_of(place)}"
        for step in plan.steps
        for action in step.actions
        for place in action.places
    }
    for key in bench.task(task_id).waiting_for:
        mark = next(name for part, name in places.items() if f"/{part}/" in f"/{key}/")
        mark = mark.replace("@Server", "@server")
        if not answers.get(mark):
            raise AssertionError(f"A person is asked about {mark}, and the scenario has nothing to say to it.")
        said, _, notes = answers[mark].pop(0).partition(" ")
        value = {"Result": said, "Guidance": said, "Notes": notes, "ResponsibleUserDisplayName": "Ada"}
        await bench.answer(task_id, key, value)
