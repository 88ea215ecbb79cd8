"""The OpenAPI 3.1 document, made from the declared routes: nothing is said twice, so it is true.

Paths stand in their canonical form (`/api/{space}/…`). A property with a default is always present in answers; in
requests it may be left out.
"""

from __future__ import annotations

import typing
from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from polpo.rest.answers import Page, Reply
from polpo.rest.application import served_paths
from polpo.rest.permissions import Permission
from polpo.rest.routes import Route, Routes

_REF = "#/components/schemas/{name}"
_PLAIN: Mapping[str, Any] = {"description": "Something that is no JSON, or of no fixed shape."}


def openapi_document(collections: Iterable[Routes], version: str) -> dict[str, Any]:
    """The whole document as JSON-ready values."""
    collections = list(collections)
    routes = [route for collection in collections for route in collection.routes]
    shapes = _Shapes(routes)
    paths: dict[str, dict[str, Any]] = {}
    for route in routes:
        for path in served_paths(route):
            paths.setdefault(path, {})[route.method.lower()] = _operation(route, path, shapes)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Polpo",
            "version": version,
            "description": "The REST API of Polpo. It speaks the public API of Octopus Deploy.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "tags": [{"name": area} for area in dict.fromkeys(collection.area for collection in collections)],
        "paths": dict(sorted(paths.items())),
        "components": {
            "schemas": {**shapes.components, "Error": _ERROR},
            "securitySchemes": {
                "ApiKey": {"type": "apiKey", "in": "header", "name": "X-Octopus-ApiKey"},
                "Session": {"type": "apiKey", "in": "cookie", "name": "OctopusIdentificationToken"},
            },
        },
    }


_ERROR: dict[str, Any] = {
    "type": "object",
    "title": "Error",
    "required": ["ErrorMessage"],
    "properties": {
        "ErrorMessage": {"type": "string", "description": "What is wrong and what to do, in a sentence."},
        "Errors": {"type": "array", "items": {"type": "string"}, "description": "One sentence a fault."},
        "HelpText": {"type": ["string", "null"]},
        "Details": {"description": "More, for programs."},
    },
}


class _Shapes:
    """Each route's types as JSON schemas; types that JSON cannot describe become a schema of anything."""

    def __init__(self, routes: Iterable[Route]) -> None:
        wanted = [_described(kind) for route in routes for kind in (route.body, route.response)]
        self._known = list({repr(kind): kind for kind in wanted if kind is not None}.values())
        schemas, self.components = msgspec.json.schema_components(self._known, schema_hook=_anything, ref_template=_REF)
        self._schemas = {repr(kind): schema for kind, schema in zip(self._known, schemas, strict=True)}

    def of(self, kind: Any) -> dict[str, Any]:
        described = _described(kind)
        return dict(self._schemas[repr(described)]) if described is not None else dict(_PLAIN)


def _anything(kind: type) -> dict[str, Any]:
    """The schema of `object`: values whose shape only their owner knows."""
    if kind is object:
        return {"description": "Any JSON value."}
    raise NotImplementedError


def _described(kind: Any) -> Any | None:
    """The type whose schema is to be shown, or None when there is none to show."""
    if kind is None or kind is type(None) or kind is Reply or kind is Any:
        return None
    if typing.get_origin(kind) is Page:
        return _described(typing.get_args(kind)[0])
    if isinstance(kind, typing.TypeVar):
        return None
    try:
        msgspec.json.schema_components([kind], schema_hook=_anything, ref_template=_REF)
    except (TypeError, NotImplementedError):
        return None
    return kind


def _operation(route: Route, path: str, shapes: _Shapes) -> dict[str, Any]:
    below_space = path.startswith("/api/{space}")
    names = (["space"] if below_space else []) + list(route.parameters)
    suffix = "" if route.scope != "both" or below_space else "_everywhere"
    operation: dict[str, Any] = {
        "operationId": f"{route.area}_{route.name}_{route.method.lower()}{_place(route)}{suffix}",
        "summary": route.summary,
        "tags": [route.area],
        "parameters": [
            *({"name": name, "in": "path", "required": True, "schema": {"type": "string"}} for name in names),
            *({"name": name, "in": "query", "schema": {"type": "string"}} for name in _query(route)),
        ],
        "responses": _responses(route, shapes),
    }
    if route.access != "anonymous":
        operation["security"] = [{"ApiKey": []}, {"Session": []}]
    if isinstance(route.access, Permission):
        operation["description"] = f"Needs the permission {route.access}."
    if route.body is not None:
        content = {"application/json": {"schema": shapes.of(route.body)}}
        operation["requestBody"] = {"required": True, "content": content}
    return operation


def _place(route: Route) -> str:
    """Makes the operation's id unique: handlers serve several paths."""
    return "".join(f"_{part.strip('{}')}" for part in route.path.split("/")[2:] if part).replace("-", "_")


def _query(route: Route) -> list[str]:
    return list(dict.fromkeys([*(("skip", "take") if route.paged else ()), *route.query]))


def _responses(route: Route, shapes: _Shapes) -> dict[str, Any]:
    schema = shapes.of(route.response)
    if route.paged or typing.get_origin(route.response) is Page:
        schema = _page_of(schema)
    content = {"application/json": {"schema": schema}}
    problem = {"application/json": {"schema": {"$ref": _REF.format(name="Error")}}}
    return {
        str(route.status): {"description": "Done.", "content": content},
        "default": {"description": "Not done; the body says why.", "content": problem},
    }


def _page_of(item: dict[str, Any]) -> dict[str, Any]:
    numbers = ("TotalResults", "ItemsPerPage", "NumberOfPages", "LastPageNumber")
    properties: dict[str, Any] = {name: {"type": "integer"} for name in numbers}
    properties["ItemType"] = {"type": "string"}
    properties["Items"] = {"type": "array", "items": item}
    properties["Links"] = {"type": "object", "additionalProperties": {"type": "string"}}
    return {"type": "object", "required": list(properties), "properties": properties}
