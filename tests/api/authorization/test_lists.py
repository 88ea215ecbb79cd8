"""What lists show and what their items answer agree, whatever the rights: tried with people of random roles."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest
from tests.api.authorization.conftest import Headers, World
from tests.api.authorization.places import filled, query
from tests.api.authorization.table import Row, declared, rows
from tests.api.authorization.world import HOME
from tests.api.people import person

from polpo.rest.authorization import SCOPE_NOUNS
from polpo.rest.permissions import SYSTEM_LEVEL, Permission, is_reading

pytestmark = pytest.mark.asyncio(loop_scope="module")

_VIEWS = [permission for permission in Permission if is_reading(permission) and permission not in SYSTEM_LEVEL]
_LISTS = {kind: f"{noun.replace(' ', '_')}_ids" for kind, noun in SCOPE_NOUNS.items()}
_EVERYTHING = "take=1000"
_PEOPLE = 6


async def test_the_guard_of_documents_and_of_lists_agree(world: World) -> None:
    shown = await _shown_to_a_manager(world)
    assert len(shown) > 60, sorted(shown)
    trials = [_Trial(world, await _somebody(world, random.Random(seed), f"random{seed}")) for seed in range(_PEOPLE)]  # noqa: S311
    for trial in trials:
        await trial.compare(shown)
    faults = [fault for trial in trials for fault in trial.faults]
    assert not faults, "\n".join(faults)
    refused = [status for trial in trials for status in trial.answers.values() if status == 403]
    read = [status for trial in trials for status in trial.answers.values() if status == 200]
    assert len(refused) > 10 * _PEOPLE, len(refused)
    assert len(read) > 20 * _PEOPLE, len(read)


async def _somebody(world: World, chosen: random.Random, name: str) -> Headers:
    """With a part of the permissions to look, each narrowed or not to one of the sides."""
    views = [permission for permission in _VIEWS if chosen.random() < 0.7]
    narrowed = [kind for kind in SCOPE_NOUNS if chosen.random() < 0.4]
    within = {_LISTS[kind]: world.sides[chosen.choice("ab")].within(kind) for kind in narrowed}
    return await person(world.server, name, *views, **within)


async def _shown_to_a_manager(world: World) -> dict[str, list[str]]:
    """The lists that show documents with addresses of their own, by address, and these."""
    manager = await person(world.server, "manager", "userroles-spacemanager", space_id=HOME)
    found = {}
    for row in rows():
        if row.method != "GET" or not row.path.startswith("/api/{space}/") or "/feeds/" in row.path:
            continue
        if shown := await _listed(world, manager, _address(world, row)):
            found[_address(world, row)] = shown
    return found


def _address(world: World, row: Row) -> str:
    asked = query(row.name, world.here)
    return filled(row.path, world.here) + (f"{asked}&{_EVERYTHING}" if asked else f"?{_EVERYTHING}")


async def _listed(world: World, who: Headers, address: str) -> list[str] | None:
    """The addresses of the documents that a list shows; None for what is refused or no list."""
    if "/events?" in address and "/tasks/" in address:
        return None  # what is told of a task as it goes on
    answer = await world.call("GET", address, who)
    if answer.status_code != 200 or not answer.headers.get("content-type", "").startswith("application/json"):
        return None
    return list(dict.fromkeys(_addresses(_items(answer.json()))))


def _items(answer: Any) -> Sequence[Any]:
    """A page, a list, or what has lists in it, such as a dashboard."""
    if isinstance(answer, list):
        return answer
    if not isinstance(answer, dict) or (answer.get("Id") and "Items" not in answer):
        return []
    return [item for value in answer.values() if isinstance(value, list) for item in value]


def _addresses(items: Sequence[Any]) -> Iterator[str]:
    for item in items:
        if isinstance(item, dict) and item.get("Id") and (own := (item.get("Links") or {}).get("Self")):
            yield own.partition("{")[0]


@dataclass
class _Trial:
    """One person: what each address answers them, and where lists and answers do not agree."""

    world: World
    who: Headers
    answers: dict[str, int] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)

    async def compare(self, shown: dict[str, list[str]]) -> None:
        for address, documents in shown.items():
            if (mine := await _listed(self.world, self.who, address)) is None:
                continue
            for own in mine:
                if (status := await self.read(own)) in {403, 404}:
                    self.faults.append(f"{address} shows {own}, which answers {status}")
            if _is_plain(address):
                hidden = [own for own in documents if own not in mine and await self.read(own) == 200]
                self.faults += [f"{address} does not show {own}, which can be read" for own in hidden]

    async def read(self, address: str) -> int:
        if address not in self.answers:
            self.answers[address] = (await self.world.call("GET", address, self.who)).status_code
        return self.answers[address]


def _is_plain(address: str) -> bool:
    """A whole collection: all that can be read is in it."""
    collection = address.partition("?")[0].replace(f"/{HOME}/", "/{space}/").removesuffix("/all")
    return f"GET {collection}/{{id}}" in declared() and collection.count("/") == 3
