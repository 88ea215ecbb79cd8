"""Checks on a real engine: a server that stops in mid-check, and machines that keep it waiting."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from polpo.engine import TaskRun, TaskState
from polpo.features.machines.checking import AfterCheck, HealthTask
from polpo.features.machines.examining import Means
from polpo.features.machines.health import MACHINE_CONNECTIONS
from polpo.features.machines.resource import MACHINES, DeploymentTarget, Endpoint
from polpo.runner.archive import RunnerArchive
from polpo.steps.places import MachineAddress
from polpo.store.blobs import BlobStore
from polpo.store.database import Database
from polpo.transports.transport import MachineUnreachable
from unit.engine.bench import BOUND, Bench

Answer = Callable[[str], Awaitable[None]]


@dataclass
class Field:
    """Machines that answer as a test says. As a transport it is one of them."""

    answer: Answer
    name: str = ""
    answered: list[str] = field(default_factory=list)

    def reach(self, machine: MachineAddress, _notify: Any = None) -> Any:
        return Field(self.answer, machine.name, self.answered)

    def here(self) -> Any:
        raise AssertionError("nothing is done on the server")

    async def capabilities(self) -> tuple[str, ...]:
        await self.answer(self.name)
        self.answered.append(self.name)
        return ("IScriptServiceV2",)


@pytest.fixture
async def bench(database: Database, tmp_path: Path) -> AsyncIterator[Bench]:
    bench = Bench(database, BlobStore.open(tmp_path / "blobs"))
    yield bench
    await bench.engine.stop()


def task(bench: Bench, field: Field, after_check: AfterCheck | None = None) -> HealthTask:
    means = Means(bench.database, field, None, RunnerArchive(b"", "x"), None)  # type: ignore[arg-type]
    return HealthTask(means, after_check)


async def enqueued(bench: Bench, *names: str, **arguments: Any) -> str:
    """A check of the connection to machines that are made for it."""
    endpoint = Endpoint(communication_style="TentaclePassive", uri="https://m:1/", thumbprint="A" * 40)
    machines = [DeploymentTarget(name=name, slug=name, endpoint=endpoint) for name in names]
    made = await bench.database.write(lambda session: [session.insert(MACHINES, one).id for one in machines])
    return await bench.enqueue("Health", arguments={"MachineIds": made, "OnlyTestConnection": True, **arguments})


def states(bench: Bench) -> dict[str, str]:
    with bench.database.read() as session:
        return {one.name: one.health_status for one in session.all(MACHINES)}


async def test_server_that_stops_says_nothing_of_the_machine(bench: Bench) -> None:
    asked = asyncio.Event()

    async def hang(name: str) -> None:
        asked.set()
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError as error:
            raise MachineUnreachable(f"{name} was cut off.", "answer") from error

    await bench.start(Health=task(bench, Field(hang)))
    task_id = await enqueued(bench, "m1")
    async with asyncio.timeout(BOUND):
        await asked.wait()
    await bench.engine.stop()
    assert states(bench) == {"m1": "Unknown"}

    async def answer(_name: str) -> None:
        pass

    bench.kinds = {}
    bench.engine = bench.fresh()
    await bench.start(Health=task(bench, Field(answer)))
    assert (await bench.end(task_id)).state is TaskState.SUCCESS
    assert states(bench) == {"m1": "Healthy"}


async def test_machines_that_are_slow_do_not_hold_the_others(bench: Bench) -> None:
    others = {f"m{number}" for number in range(60)}
    done = asyncio.Event()

    async def answer(name: str) -> None:
        if name.startswith("slow"):
            await done.wait()

    field = Field(answer)
    await bench.start(Health=task(bench, field))
    task_id = await enqueued(bench, *(f"slow{number}" for number in range(45)), *sorted(others))
    await bench.until(lambda: others <= set(field.answered))
    assert not any(name.startswith("slow") for name in field.answered)
    done.set()
    assert (await bench.end(task_id)).state is TaskState.SUCCESS
    assert set(states(bench).values()) == {"Healthy"}


async def test_machine_that_does_not_answer_in_time_is_unavailable(bench: Bench) -> None:
    async def hang(name: str) -> None:
        if name == "mute":
            await asyncio.Event().wait()

    await bench.start(Health=task(bench, Field(hang)))
    ended = await bench.end(await enqueued(bench, "mute", "m1", MachineTimeout="00:00:00.05"))
    assert ended.error_message == "mute: The check took longer than 0.05 seconds and was stopped."
    assert states(bench) == {"mute": "Unavailable", "m1": "Healthy"}


async def test_error_that_nobody_foresaw_keeps_the_other_machines_from_nothing(bench: Bench) -> None:
    looked_after: list[str] = []

    async def answer(name: str) -> None:
        if name == "odd":
            raise ValueError("odd")

    async def after(_run: TaskRun, machine_ids: Sequence[str]) -> None:
        looked_after.extend(machine_ids)

    await bench.start(Health=task(bench, Field(answer), after))
    ended = await bench.end(await enqueued(bench, "odd", "m1"))
    assert ended.state is TaskState.FAILED
    assert states(bench) == {"odd": "Unknown", "m1": "Healthy"}
    assert len(looked_after) == 2


async def test_what_is_kept_with_a_machine_shows_no_secret(bench: Bench) -> None:
    async def refuse(name: str) -> None:
        raise MachineUnreachable(f"{name} does not take hunter2-hunter2.", "answer")

    check = task(bench, Field(refuse))

    async def with_secret(run: TaskRun) -> None:
        run.masker.add("hunter2-hunter2")
        await check(run)

    await bench.start(Health=with_secret)
    await bench.end(await enqueued(bench, "m1"))
    with bench.database.read() as session:
        [machine], [connection] = session.all(MACHINES), session.all(MACHINE_CONNECTIONS)
    assert machine.status_summary == "m1 does not take *****."
    assert [line.message_text for line in connection.logs] == ["m1 does not take *****."]
