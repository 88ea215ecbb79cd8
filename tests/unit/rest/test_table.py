"""Which route a path leads to."""

from __future__ import annotations

import pytest

from polpo.rest.call import Call
from polpo.rest.routes import Route, Routes
from polpo.rest.table import Found, RouteTable

PATHS = (
    "/api",
    "/api/{space}/projects",
    "/api/{space}/projects/all",
    "/api/{space}/projects/{id}",
    "/api/{space}/projects/{id}/releases/{version}",
    "/api/{space}/projects/{id}/{git_ref}/variables",
    "/api/{space}/projects/{id}/git/branches",
    "/token/v1",
)


def _nothing(_call: Call) -> None:
    """Nothing."""


def route(method: str, path: str) -> Route:
    routes = Routes("test", prefix="")
    routes.add(method, path, "anonymous", _nothing)
    return routes.routes[0]


@pytest.fixture(scope="module")
def table() -> RouteTable:
    writes = [(route("PUT", "/api/{space}/projects/{id}"), ["/api/{space}/projects/{id}"])]
    return RouteTable([*((route("GET", path), [path]) for path in PATHS), *writes])


@pytest.mark.parametrize(
    ("path", "leads_to", "parameters"),
    [
        ("/api", "/api", {}),
        ("/token/v1", "/token/v1", {}),
        ("/api/Spaces-1/projects", PATHS[1], {"space": "Spaces-1"}),
        ("/api/Spaces-1/projects/", PATHS[1], {"space": "Spaces-1"}),
        ("/api/Spaces-1/PROJECTS/All", PATHS[2], {"space": "Spaces-1"}),
        ("/api/Spaces-1/projects/Projects-1", PATHS[3], {"space": "Spaces-1", "id": "Projects-1"}),
        ("/api/S/projects/P/releases/1.0", PATHS[4], {"space": "S", "id": "P", "version": "1.0"}),
        ("/api/S/projects/P/releases/variables", PATHS[4], {"space": "S", "id": "P", "version": "variables"}),
        ("/api/S/projects/P/main/variables", PATHS[5], {"space": "S", "id": "P", "git_ref": "main"}),
        ("/api/S/projects/P/git/variables", PATHS[5], {"space": "S", "id": "P", "git_ref": "git"}),
        ("/api/S/projects/P/git/branches", PATHS[6], {"space": "S", "id": "P"}),
    ],
)
def test_a_path_leads_to_its_route(table: RouteTable, path: str, leads_to: str, parameters: dict[str, str]) -> None:
    found = table.find("GET", path)
    assert isinstance(found, Found)
    assert (found.route.path, found.parameters) == (leads_to, parameters)


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("GET", "/api/S/nothing", set()),
        ("GET", "/", set()),
        ("GET", "/api/S/projects/P/releases", set()),
        ("DELETE", "/api/S/projects/P", {"GET", "PUT"}),
        ("POST", "/api/S/projects", {"GET"}),
    ],
)
def test_other_paths_tell_what_is_possible(table: RouteTable, method: str, path: str, allowed: set[str]) -> None:
    assert table.find(method, path) == allowed


def test_a_parameter_is_tried_where_the_word_takes_no_such_method(table: RouteTable) -> None:
    found = table.find("PUT", "/api/S/projects/all")
    assert isinstance(found, Found)
    assert found.parameters == {"space": "S", "id": "all"}


def test_an_address_is_given_once() -> None:
    pair = [(route("GET", path), [path]) for path in ("/api/{space}/x/{id}", "/api/{space}/X/{name}")]
    with pytest.raises(ValueError, match=r"GET /api/\{space\}/X/\{name\} is served twice"):
        RouteTable(pair)
