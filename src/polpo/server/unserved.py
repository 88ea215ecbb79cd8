"""Routes of the contract that Polpo does not serve yet: listed in `missing_routes.txt`, answered with 501.

A client that asks for one of them is told so in a sentence, instead of 404, which it would take for a thing that is
not there. A listed route that is served as well answers as it is served; a test asks that it be taken off the list.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from importlib.resources import files
from typing import Any

from polpo.kernel.errors import NotBuilt
from polpo.rest.application import served_paths
from polpo.rest.call import Call
from polpo.rest.routes import Routes, Scope

_PARAMETER = re.compile(r"\{[^}]*\}")
_IN_SPACE = re.compile(r"^/api/(?:spaces/)?\{spaceId\}/", re.IGNORECASE)


def missing_routes() -> list[tuple[str, str]]:
    """Method and path of each, as the contract writes them."""
    text = (files("polpo.server") / "missing_routes.txt").read_text(encoding="utf-8")
    lines = [line.split() for line in text.splitlines() if line and not line.startswith("#")]
    return [(method, path) for method, path in lines]


def normalised(path: str) -> str:
    """A path without the names of its parameters and without its case: two that are equal are one place."""
    return _PARAMETER.sub("{}", _IN_SPACE.sub("/api/{spaceId}/", path)).rstrip("/").lower()


def served_places(collections: Iterable[Routes]) -> set[tuple[str, str]]:
    """Method and normalised path of all that is served."""
    routes = [route for collection in collections for route in collection.routes]
    return {(route.method, normalised(path)) for route in routes for path in served_paths(route)}


def unserved_routes(collections: Iterable[Routes]) -> Routes:
    """The missing routes that nothing else serves."""
    collections = list(collections)
    taken, of_spaces = served_places(collections), _only_below_spaces(collections)
    routes = Routes("unserved", prefix="")
    for method, path in missing_routes():
        scope, place = _placed(path, of_spaces)
        served_as = (method, normalised(place.replace("/api", "/api/{spaceId}", 1) if scope == "space" else place))
        if served_as not in taken:
            taken.add(served_as)
            routes.add(method, place, "anonymous", _refusal(method, path), status=501, scope=scope)
    return routes


def _only_below_spaces(collections: Iterable[Routes]) -> set[str]:
    """First segments of paths below a space that, served or missing, begin no path of the system's own."""
    routes = [route for collection in collections for route in collection.routes if route.path.startswith("/api/")]
    system = {route.path.split("/")[2].lower() for route in routes if route.scope != "space"}
    served = {route.path.split("/")[2].lower() for route in routes if route.scope == "space"}
    missing = {_IN_SPACE.sub("", path).split("/")[0].lower() for _, path in missing_routes() if _IN_SPACE.match(path)}
    return (served | missing) - system


def _placed(path: str, of_spaces: set[str]) -> tuple[Scope, str]:
    """Its scope, and the path as a route declares it; `/api/accounts/…` is the default space's like any `/api/x`."""
    if _IN_SPACE.match(path):
        return "space", _IN_SPACE.sub("/api/", path)
    segments = path.split("/")
    below_space = segments[1] == "api" and segments[2].lower() in of_spaces
    return ("space" if below_space else "system"), path


def _refusal(method: str, path: str) -> Any:
    async def refuse(_call: Call, **_parameters: str) -> None:
        raise NotBuilt(f"{method} {path} is part of the API, but Polpo does not serve it yet.")

    return refuse
