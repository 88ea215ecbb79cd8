"""Finding the route of a request: a tree of path segments, in which a word goes before a parameter.

A server has a thousand addresses, so finding one must not depend on their number, and neither must starting.
Words match without case. Where a word leads nowhere, the parameter beside it is tried.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from polpo.rest.routes import Route

_PARAMETER = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True)
class Found:
    """A route, and what stands in the places of its parameters."""

    route: Route
    parameters: Mapping[str, str]


@dataclass
class _Place:
    """What can follow up to here, and which routes end here: by method, with the names of their parameters."""

    words: dict[str, _Place] = field(default_factory=dict)
    parameter: _Place | None = None
    routes: dict[str, tuple[Route, tuple[str, ...]]] = field(default_factory=dict)


class RouteTable:
    """`paths` of a route are canonical, such as `/api/{space}/projects/{id}`. ValueError for an address taken twice."""

    def __init__(self, routes: Iterable[tuple[Route, Sequence[str]]]) -> None:
        self._root = _Place()
        for route, paths in routes:
            for path in paths:
                self._add(route, path)

    def _add(self, route: Route, path: str) -> None:
        place, names = self._root, []
        for part in _split(path):
            if match := _PARAMETER.fullmatch(part):
                names.append(match[1])
                place.parameter = place.parameter or _Place()
                place = place.parameter
            else:
                place = place.words.setdefault(part.casefold(), _Place())
        if route.method in place.routes:
            raise ValueError(f"{route.method} {path} is served twice")
        place.routes[route.method] = (route, tuple(names))

    def find(self, method: str, path: str) -> Found | frozenset[str]:
        """The route, or the methods that are possible at the path; empty where there is nothing."""
        allowed: set[str] = set()
        found = _look(self._root, _split(path), 0, (), method, allowed)
        return found if found is not None else frozenset(allowed)


def _split(path: str) -> list[str]:
    return [part for part in path.split("/") if part]


def _look(
    place: _Place, parts: Sequence[str], at: int, values: tuple[str, ...], method: str, allowed: set[str]
) -> Found | None:
    if at == len(parts):
        allowed.update(place.routes)
        route, names = place.routes.get(method, (None, ()))
        return Found(route, dict(zip(names, values, strict=True))) if route is not None else None
    part = parts[at]
    word = place.words.get(part.casefold())
    found = _look(word, parts, at + 1, values, method, allowed) if word is not None else None
    if found is None and place.parameter is not None:
        found = _look(place.parameter, parts, at + 1, (*values, part), method, allowed)
    return found
