"""The table of routes, as people wrote it: `METHOD path | who | narrowed by`, beside the routes that are declared."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from polpo.rest.application import served_paths
from polpo.rest.authorization import SCOPE_NOUNS
from polpo.rest.permissions import SYSTEM_LEVEL, Permission
from polpo.rest.routes import Route
from polpo.server.features import COLLECTIONS
from polpo.server.reference import reference_routes

_FOLDER = Path(__file__).parent
_WORDS = frozenset({"anonymous", "signed in", "member", "own"})


@dataclass(frozen=True)
class Row:
    """One served form of a route. `who`: words, or permissions that are needed together; one of them is enough.

    `anonymous`: everybody. `signed in`: every user. `member`: whoever has any right in the space. `own`: users, about
    themselves. `narrowed`: the kinds of scope in which a grant must reach what the route is about; one that is not
    named does not matter, one that is `doubtful` may. `is_list`: it answers with what the grants reach. `is_whole`: a
    grant that is narrowed in any way is not enough. `is_everywhere`: it takes the permission in every space.
    `is_hidden`: who is refused is told that there is no such thing.
    """

    method: str
    path: str
    who: tuple[tuple[str, ...], ...]
    narrowed: frozenset[str] = frozenset()
    doubtful: frozenset[str] = frozenset()
    is_list: bool = False
    is_whole: bool = False
    is_everywhere: bool = False
    is_hidden: bool = False

    @property
    def name(self) -> str:
        return f"{self.method} {self.path}"

    @property
    def ways(self) -> tuple[tuple[Permission, ...], ...]:
        """The permissions that are enough, in each way that there is."""
        return tuple(tuple(Permission(one) for one in way) for way in self.who if not _WORDS.issuperset(way))

    def is_for(self, word: str) -> bool:
        return (word,) in self.who

    @property
    def is_of_space(self) -> bool:
        """Whether rights in one space say nothing of it in another."""
        return bool(self.ways) and self.ways[0][0] not in SYSTEM_LEVEL


def rows() -> list[Row]:
    return [_row(line) for line in _lines("routes.txt")]


def known_failures() -> list[str]:
    """Names of rows whose routes are not yet as the table says: the list only shrinks."""
    return _lines("known.txt")


@cache
def declared() -> dict[str, Route]:
    """Every route of the API's description, by the name of its row."""
    collections = [*COLLECTIONS, reference_routes(COLLECTIONS)]
    routes = [route for collection in collections for route in collection.routes]
    return {f"{route.method} {path}": route for route in routes for path in served_paths(route)}


def _lines(file: str) -> list[str]:
    text = (_FOLDER / file).read_text(encoding="utf-8")
    return [line.strip() for line in text.splitlines() if line.strip() and not line.startswith("#")]


def _row(line: str) -> Row:
    place, who, narrowed = (part.strip() for part in line.split("|"))
    method, path = place.split()
    words = narrowed.split()
    kinds = {word for word in words if word in SCOPE_NOUNS}
    doubtful = {word.rstrip("?") for word in words if word.endswith("?")}
    others = set(words) - kinds - {f"{kind}?" for kind in doubtful}
    assert others <= {"-", "items", "whole", "everywhere", "hidden"}, line
    assert doubtful <= set(SCOPE_NOUNS), line
    told = tuple(tuple(part.strip() for part in way.split("+")) for way in who.split("/"))
    flags = {f"is_{flag}": flag in others for flag in ("whole", "everywhere", "hidden")}
    return Row(method, path, told, frozenset(kinds), frozenset(doubtful), is_list="items" in others, **flags)
