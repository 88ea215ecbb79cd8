"""Locks of one process: who goes first, who goes together, and what the others are told."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack

import pytest

from polpo.engine import locks as module
from polpo.engine.locks import Locks
from polpo.kernel.clock import SystemClock

TASKS = {name: (f"ServerTasks-{number}", f"Deploy {name}") for number, name in enumerate("ABCD", start=1)}


class Street:
    """Cars that want the same lock, `a` shared and `A` alone; `inside` is who has it."""

    def __init__(self) -> None:
        self.locks = Locks(SystemClock())
        self.inside: list[str] = []
        self.told: list[str] = []
        self._going: dict[str, tuple[asyncio.Task[None], asyncio.Event]] = {}

    async def enter(self, car: str, *, at_once: bool = False) -> None:
        leave = asyncio.Event()
        self._going[car] = (asyncio.create_task(self._drive(car, leave, at_once=at_once)), leave)
        await asyncio.sleep(0)

    async def _drive(self, car: str, leave: asyncio.Event, *, at_once: bool) -> None:
        async with AsyncExitStack() as held:
            hold = self.locks.hold(
                "machine/1", "m1", TASKS[car[0].upper()], self.told.append, shared=car.islower(), at_once=at_once
            )
            await held.enter_async_context(hold)
            self.inside.append(car)
            await leave.wait()
            self.inside.remove(car)

    async def leave(self, car: str) -> None:
        task, event = self._going[car]
        event.set()
        await task
        await asyncio.sleep(0)

    async def give_up(self, car: str) -> None:
        task, _ = self._going[car]
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await asyncio.sleep(0)


@pytest.mark.parametrize(
    ("cars", "inside", "after_first"),
    [
        ("AB", "A", "B"),
        ("ab", "ab", "b"),
        ("Ab", "A", "b"),
        ("aB", "a", "B"),
        ("aBc", "a", "B"),  # a shared one does not overtake one that wants to be alone
        ("Abc", "A", "bc"),
    ],
)
async def test_those_who_go_together_are_let_in_together_and_nobody_overtakes(
    cars: str, inside: str, after_first: str
) -> None:
    street = Street()
    for car in cars:
        await street.enter(car)
    assert street.inside == list(inside)
    await street.leave(cars[0])
    assert street.inside == list(after_first)
    for car in cars[1:]:
        await street.give_up(car)


async def test_one_that_gives_up_waiting_or_breaks_off_inside_lets_the_next_one_in() -> None:
    street = Street()
    for car in "ABC":
        await street.enter(car)
    await street.give_up("B")
    assert street.inside == ["A"]
    await street.give_up("A")
    assert street.inside[-1] == "C"
    await street.leave("C")
    assert street.locks.reasons("ServerTasks-1") == []


async def test_what_already_works_there_is_let_in_at_once_and_others_wait_for_it() -> None:
    street = Street()
    await street.enter("A")
    await street.enter("B")
    await street.enter("C", at_once=True)
    assert street.inside == ["A", "C"]
    await street.leave("A")
    assert street.inside == ["C"]
    await street.leave("C")
    assert street.inside == ["B"]
    await street.leave("B")


async def test_waiting_one_is_told_which_task_is_in_its_way(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_FIRST_WORD", 0.0)
    street = Street()
    await street.enter("A")
    await street.enter("B")
    async with asyncio.timeout(10):
        while not street.told:  # noqa: ASYNC110 - told from inside the lock
            await asyncio.sleep(0)
    assert street.told[0].startswith("Waits for ServerTasks-1 (Deploy A), which works on m1 since ")
    await street.enter("B2")
    [reason] = street.locks.reasons("ServerTasks-2")
    assert (reason.kind, reason.task_ids, reason.text) == ("lock", ("ServerTasks-1",), street.told[0])
    assert street.locks.reasons("ServerTasks-1") == []
    await street.give_up("B2")
    await street.leave("A")
    await street.leave("B")
