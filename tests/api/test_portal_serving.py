"""The portal beside the API, in the assembled server."""

from __future__ import annotations

import httpx


async def test_anonymous_opens_the_portal_beside_the_api(anonymous: httpx.AsyncClient) -> None:
    page = await anonymous.get("/app/Spaces-1/projects")
    assert page.status_code in {200, 503}, "503 where this checkout has no built portal"
    assert page.headers["content-type"].startswith("text/html")
    assert "default-src 'none'" in page.headers["content-security-policy"]
    root = await anonymous.get("/api")
    assert root.json()["Application"]


async def test_anonymous_asks_for_nothing_known_gets_the_api_s_error(anonymous: httpx.AsyncClient) -> None:
    answer = await anonymous.get("/elsewhere")
    assert answer.status_code == 404
    assert "/elsewhere" in answer.json()["ErrorMessage"]
