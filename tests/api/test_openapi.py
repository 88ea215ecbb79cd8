"""The OpenAPI document describes what is served."""

from __future__ import annotations

from typing import Any

import httpx


async def test_anyone_reads_the_document_and_every_reference_in_it_resolves(anonymous: httpx.AsyncClient) -> None:
    answer = await anonymous.get("/api/openapi.json")
    assert answer.status_code == 200
    document = answer.json()
    assert document["openapi"] == "3.1.0"
    schemas = document["components"]["schemas"]
    named = {reference.rpartition("/")[2] for reference in _references(document)}
    assert named
    assert named <= set(schemas)


async def test_reader_finds_the_page_of_the_reference(anonymous: httpx.AsyncClient) -> None:
    answer = await anonymous.get("/api/reference")
    assert (answer.status_code, answer.headers["location"]) == (302, "/app/reference/page.html")


async def test_operation_tells_permission_body_and_page(anonymous: httpx.AsyncClient) -> None:
    document = (await anonymous.get("/api/openapi.json")).json()
    listing = document["paths"]["/api/{space}/environments"]
    page = listing["get"]["responses"]["200"]["content"]["application/json"]["schema"]
    assert page["properties"]["Items"]["items"] == {"$ref": "#/components/schemas/Environment"}
    assert "EnvironmentCreate" in listing["post"]["description"]
    body = listing["post"]["requestBody"]["content"]["application/json"]["schema"]
    assert body == {"$ref": "#/components/schemas/Environment"}


async def test_operations_have_ids_of_their_own(anonymous: httpx.AsyncClient) -> None:
    document = (await anonymous.get("/api/openapi.json")).json()
    ids = [operation["operationId"] for path in document["paths"].values() for operation in path.values()]
    assert len(ids) == len(set(ids))


def _references(value: Any) -> list[str]:
    if isinstance(value, dict):
        own = [value["$ref"]] if isinstance(value.get("$ref"), str) else []
        return own + [found for item in value.values() for found in _references(item)]
    if isinstance(value, list):
        return [found for item in value for found in _references(item)]
    return []
