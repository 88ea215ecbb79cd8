"""The portal's files over HTTP, on a folder that looks like a build."""

from __future__ import annotations

import gzip
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from litestar import Litestar

from polpo.kernel.errors import AppError
from polpo.rest.application import error_response
from polpo.server.portal import Portal

PAGE = b"<!doctype html><title>Polpo</title>"
SCRIPT = b"console.log('polpo');" * 200


@pytest.fixture
def built(tmp_path: Path) -> Path:
    (tmp_path / "app" / "assets").mkdir(parents=True)
    (tmp_path / "index.html").write_bytes(PAGE)
    (tmp_path / "app" / "mark.svg").write_text("<svg/>")
    (tmp_path / "app" / "assets" / "index-abc123.js").write_bytes(SCRIPT)
    return tmp_path


@pytest.fixture
async def browser(built: Path) -> AsyncIterator[httpx.AsyncClient]:
    async with _browser(Portal(built)) as client:
        yield client


def _browser(portal: Portal) -> httpx.AsyncClient:
    application = Litestar(
        portal.handlers(),
        openapi_config=None,
        exception_handlers={AppError: lambda _request, error: error_response(error)},  # type: ignore[dict-item]
    )
    transport = httpx.ASGITransport(application)  # type: ignore[arg-type]
    return httpx.AsyncClient(transport=transport, base_url="http://polpo.test")


@pytest.mark.parametrize("path", ["/", "/app", "/app/Spaces-1/tasks/ServerTasks-4", "/app/users"])
async def test_browser_opens_any_screen_gets_the_page(browser: httpx.AsyncClient, path: str) -> None:
    answer = await browser.get(path)
    assert answer.status_code == 200
    assert answer.content == PAGE
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["cache-control"] == "no-cache"


async def test_browser_keeps_a_hashed_asset_and_gets_it_packed(browser: httpx.AsyncClient) -> None:
    path = "/app/assets/index-abc123.js"
    async with browser.stream("GET", path, headers={"Accept-Encoding": "gzip"}) as answer:
        raw = b"".join([chunk async for chunk in answer.aiter_raw()])
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert answer.headers["content-encoding"] == "gzip"
    assert len(raw) < len(SCRIPT)
    assert gzip.decompress(raw) == SCRIPT
    plain = await browser.get(path, headers={"Accept-Encoding": "identity"})
    assert "content-encoding" not in plain.headers
    assert plain.content == SCRIPT


async def test_browser_asks_again_for_what_it_has_gets_no_content(browser: httpx.AsyncClient) -> None:
    first = await browser.get("/app/mark.svg")
    again = await browser.get("/app/mark.svg", headers={"If-None-Match": first.headers["etag"]})
    assert first.headers["content-type"] == "image/svg+xml"
    assert again.status_code == 304
    assert again.content == b""


async def test_browser_asks_for_an_asset_of_another_version_gets_not_found(browser: httpx.AsyncClient) -> None:
    answer = await browser.get("/app/assets/index-old.js")
    assert answer.status_code == 404
    assert "another version" in answer.json()["ErrorMessage"]


@pytest.mark.parametrize("path", ["/app/../../etc/passwd", "/app/%2e%2e/%2e%2e/etc/passwd"])
async def test_browser_climbs_out_of_the_folder_finds_nothing(browser: httpx.AsyncClient, path: str) -> None:
    answer = await browser.get(path)
    assert b"root:" not in answer.content


async def test_browser_opens_a_server_without_a_built_portal_is_told_how_to_build_it(tmp_path: Path) -> None:
    async with _browser(Portal(tmp_path / "nothing")) as browser:
        answer = await browser.get("/app")
    assert answer.status_code == 503
    assert "make portal" in answer.text
