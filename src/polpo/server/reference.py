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
from polpo.rest.routes import Routes
from polpo.server.features import COLLECTIONS
from polpo.version import __version__


def reference_routes(collections: Iterable[Routes]) -> Routes:
    routes = Routes("reference", scope="system")
    document = cache(lambda: msgspec.json.encode(openapi_document(collections, __version__)))

    @routes.get("/openapi.json", "anonymous")
    async def openapi(_call: Call) -> Reply:
        """Describe this API as an OpenAPI document."""
        return Reply(await asyncio.to_thread(document))  # a quarter of a second the first time

    @routes.get("/reference", "anonymous")
    def page(_call: Call) -> Any:
        """Show the description of this API"""
        return Redirect("/app/reference/page.html", status_code=302)

    return routes


if __name__ == "__main__":
    json.dump(openapi_document(COLLECTIONS, __version__), sys.stdout, indent=1)
