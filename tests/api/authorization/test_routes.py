"""Every route, called by everybody: as the table of routes says, and nothing that is not in the table."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest
from tests.api.authorization.conftest import Headers, Where, World
from tests.api.authorization.places import body, filled, query
from tests.api.authorization.table import Row, declared, known_failures, rows
from tests.api.authorization.world import AWAY, HOME
from tests.api.packages import zipped

from polpo.rest.authorization import SCOPE_NOUNS
from polpo.rest.permissions import RESTRICTABLE_BY, SYSTEM_LEVEL, Permission

pytestmark = pytest.mark.asyncio(loop_scope="module")

_ROWS = rows()
_KNOWN = known_failures()
_PATIENCE = 20
_LISTS = {
    "Projects": "project_ids",
    "ProjectGroups": "project_group_ids",
    "Environments": "environment_ids",
    "Tenants": "tenant_ids",
}


async def test_the_table_has_every_route_once() -> None:
    named = [row.name for row in _ROWS]
    missing = sorted(set(declared()) - set(named))
    gone = sorted(set(named) - set(declared()))
    assert not missing, f"Say in routes.txt who may call these: {missing}"
    assert not gone, f"Nothing is served there any more: {gone}"
    assert len(named) == len(set(named))


async def test_what_is_known_to_fail_is_in_the_table() -> None:
    assert set(_KNOWN) <= {row.name for row in _ROWS}
    assert sorted(set(_KNOWN)) == sorted(_KNOWN)


@pytest.mark.parametrize("row", _ROWS, ids=lambda row: row.name)
async def test_a_route_is_for_whom_the_table_says(world: World, row: Row) -> None:
    faults = await _Trial(world, row, await _content(world, row)).faults()
    if row.name in _KNOWN:
        assert faults, f"{row.name} is as it should be: take it off known.txt"
        pytest.xfail("; ".join(faults))
    assert not faults, "\n".join(faults)


async def _content(world: World, row: Row) -> dict[str, Any]:
    """What is sent: as the table of bodies says, else what the address answers, else a like of what is there."""
    if row.path.endswith("/nuget/packages"):
        return {"files": {"package": ("Hello.9.0.0.zip", zipped(), "application/octet-stream")}}
    if row.method in {"GET", "DELETE"}:
        return {} if declared()[row.name].body is None else {"json": body(row.name, world.here) or {}}
    written = body(row.name, world.here)
    if written is None:
        written = await _document(world, row)
    return {"json": written}


async def _document(world: World, row: Row) -> Any:
    word = row.path.rsplit("/", 1)[-1]
    path = row.path if row.method == "PUT" else f"{row.path}/{{id}}"
    if f"GET {path}" not in declared() or (row.method == "POST" and word not in world.here.ids):
        return {}
    found = await world.administrator("GET", filled(path, world.here))
    if found.status_code != 200 or found.headers["content-type"].partition(";")[0] != "application/json":
        return {}
    document = found.json()
    return {**document, "Id": "", "Name": "x", "Slug": ""} if row.method == "POST" else document


@dataclass
class _Trial:
    """The calls of one route; what is not as it should be gathers in `found`."""

    world: World
    row: Row
    content: dict[str, Any]
    found: list[str] = field(default_factory=list)

    async def faults(self) -> list[str]:
        await self._strangers()
        if self.row.ways:
            await self._entitled()
            await self._elsewhere()
            await self._narrowed()
        return self.found

    async def call(self, headers: Headers) -> httpx.Response:
        place = filled(self.row.path, self.world.here) + query(self.row.name, self.world.here)
        async with asyncio.timeout(_PATIENCE):
            return await self.world.call(self.row.method, place, headers, **self.content)

    def expect(self, who: str, answer: httpx.Response, *, refused: bool) -> None:
        is_refused = answer.status_code == 403 or (self.row.is_hidden and answer.status_code == 404)
        if is_refused is not refused or answer.status_code in {401, 500}:
            self.found.append(f"{who}: {answer.status_code} {answer.text[:160]}")

    async def _strangers(self) -> None:
        answer = await self.call({})
        if (answer.status_code == 401) is self.row.is_for("anonymous") and "login" not in self.row.path:
            self.found.append(f"anonymous: {answer.status_code} {answer.text[:160]}")
        if self.row.is_for("anonymous"):
            return
        answer = await self.call(await self.world.somebody(()))
        self.expect("without any right", answer, refused=not self.row.is_for("signed in"))
        named = answer.text if answer.status_code == 403 else ""
        if named and self.row.ways and not any(one in named for way in self.row.ways for one in way):
            self.found.append(f"the refusal names none of {self.row.ways}: {named[:160]}")
        if self.row.is_for("member"):
            self.expect("a member", await self.call(await self.world.somebody((Permission.FEED_VIEW,))), refused=False)
            other = await self.world.somebody((Permission.FEED_VIEW,), AWAY)
            self.expect("a member of another space", await self.call(other), refused=True)

    async def _entitled(self) -> None:
        for way in self.row.ways:
            space = None if SYSTEM_LEVEL.issuperset(way) else HOME
            more = Where(everywhere=self.row.is_everywhere, at_server="{space}" not in self.row.path)
            who = await self.world.somebody(way, space, more)
            self.expect(f"with {' and '.join(way)}", await self.call(who), refused=False)

    async def _elsewhere(self) -> None:
        if not self.row.is_of_space:
            return
        answer = await self.call(await self.world.somebody(self.row.ways[0], AWAY))
        is_about_all = self.row.method == "GET" and "{" not in self.row.path
        if is_about_all or (self.row.is_everywhere and self.row.method == "GET"):
            self._expect_nothing_of("of another space", answer, ("a", "b"))
        else:
            self.expect("with the permission in another space", answer, refused=True)

    async def _narrowed(self) -> None:
        way, kinds = self.row.ways[0], self.row.narrowed
        for kind in _narrowing(way[0]):
            within = {_LISTS[kind]: self.world.sides["b"].within(kind)}
            answer = await self.call(await self.world.somebody(way, **within))
            if kind in kinds and self.row.is_list:
                self._expect_nothing_of(f"narrowed to other {kind}", answer, ("a",))
            elif kind not in self.row.doubtful:
                self.expect(f"narrowed to other {kind}", answer, refused=kind in kinds or self.row.is_whole)
        if kinds:
            reached = {_LISTS[kind]: self.world.here.within(kind) for kind in kinds}
            answer = await self.call(await self.world.somebody(way, **reached))
            self.expect(f"narrowed to the right {', '.join(sorted(kinds))}", answer, refused=False)

    def _expect_nothing_of(self, who: str, answer: httpx.Response, letters: tuple[str, ...]) -> None:
        """Refused, or a list without anything of these sides."""
        if answer.status_code in {403, 404}:
            return
        foreign = {value for letter in letters for value in self.world.sides[letter].ids.values()}
        seen = set(_texts(answer.json() if _is_json(answer) else answer.text.replace('"', ",").split(","))) & foreign
        if answer.status_code != 200 or seen:
            self.found.append(f"{who}: {answer.status_code} shows {sorted(seen)}")


def _is_json(answer: httpx.Response) -> bool:
    return answer.headers.get("content-type", "").startswith("application/json")


def _narrowing(permission: Permission) -> Iterator[str]:
    known = RESTRICTABLE_BY.get(permission, ())
    return (kind for kind in SCOPE_NOUNS if kind in known)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for key, item in value.items():
            yield key
            yield from _texts(item)
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item)
    elif isinstance(value, str):
        yield value
