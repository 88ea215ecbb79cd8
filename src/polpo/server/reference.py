"""The API's own description: `/api/openapi.json`, and `python -m polpo.server.reference` for builds."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Iterable
from functools import cache
from typing import Any

import msgspec
from litestar.response import Redirect

from polpo.rest.answers import Reply
from polpo.rest.call import Call
from polpo.rest.openapi import openapi_document
from polpo.rest.routes import Route, Routes
from polpo.server.features import COLLECTIONS
from polpo.version import __version__

_PREAMBLE = """\
# Polpo {version}

> A server that deploys software. It speaks the REST API of Octopus Deploy.

- Sign in with an API key in the header X-Octopus-ApiKey, or with a session from POST /api/users/login.
- {{space}} is the id of a space (Spaces-1), or spaces/ and its id; without it, the default space is meant.
- JSON throughout, PascalCase; GET /api says where everything is, /api/openapi.json describes every type.
- Lists come in pages: skip and take; follow Links["Page.Next"] until it is absent.
- Errors have ErrorMessage and, where several things are wrong, Errors.
- PUT replaces the whole document: read it, change it, send it back.
- Long work is a task: follow GET /api/tasks/{{id}}, read GET /api/tasks/{{id}}/raw for its log."""


def reference_routes(collections: Iterable[Routes]) -> Routes:
    routes = Routes("reference", scope="system")
    text = cache(lambda: plain_text(collections))
    document = cache(lambda: msgspec.json.encode(openapi_document(collections, __version__)))

    @routes.get("/openapi.json", "anonymous")
    async def openapi(_call: Call) -> Reply:
        """Describe this API as an OpenAPI document."""
        return Reply(await asyncio.to_thread(document))  # a quarter of a second the first time

    @routes.get("/experimental/llms.txt", "anonymous")
    def llms_text(_call: Call) -> Reply:
        """Describe this API in plain text, a route a line, for programs that read prose"""
        return Reply(text().encode(), media_type="text/plain; charset=utf-8")

    @routes.get("/reference", "anonymous")
    def page(_call: Call) -> Any:
        """Show the description of this API"""
        return Redirect("/app/reference/page.html", status_code=302)

    return routes


def plain_text(collections: Iterable[Routes]) -> str:
    """Every route with its summary, below the name of its area."""
    parts = [_PREAMBLE.format(version=__version__)]
    for collection in collections:
        lines = [
            f"- {route.method} {_shown_path(route)}: {route.summary}{_shown_query(route)}"
            for route in collection.routes
        ]
        parts.append("\n".join([f"## {collection.area}", "", *lines]))
    return "\n\n".join(parts) + "\n"


def _shown_path(route: Route) -> str:
    below = route.path.removeprefix("/api")
    return f"/api/{{space}}{below}" if route.scope == "space" else route.path


def _shown_query(route: Route) -> str:
    names = dict.fromkeys((*(("skip", "take") if route.paged else ()), *route.query))
    return f" (query: {', '.join(names)})" if names else ""


if __name__ == "__main__":
    json.dump(openapi_document(COLLECTIONS, __version__), sys.stdout, indent=1)
