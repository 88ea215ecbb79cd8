"""Plain HTTP beside HTTPS: sends everybody on, except a health probe and the challenges of a certificate authority."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, cast

import anyio
from litestar.enums import ScopeType
from litestar.types import ASGIApp, Receive, Scope, Send

from polpo.kernel.errors import AppError, Invalid
from polpo.server.edge.heads import check_host, read_head

_PROBE = "/api/octopusservernodes/ping"
_CHALLENGE = re.compile(r"/\.well-known/acme-challenge/([A-Za-z0-9_-]{1,200})")
_MOST_BYTES = 4096


class Redirects:
    """`port` is where HTTPS is; `folder` is the web root that the authority's tool writes its challenges into."""

    def __init__(self, application: ASGIApp, port: int, hosts: tuple[str, ...], folder: Path | None) -> None:
        self._application = application
        self._port = port
        self._hosts = hosts
        self._folder = folder

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != ScopeType.HTTP:
            return
        request = cast("dict[str, Any]", scope)
        if request["path"] == _PROBE:
            await self._application(scope, receive, send)
            return
        challenge = _CHALLENGE.fullmatch(request["path"])
        if challenge is not None and self._folder is not None:
            await _answer(send, *await _challenge(self._folder, challenge[1]))
            return
        try:
            target = self._target(request)
        except AppError as error:
            await _answer(send, error.status, error.message.encode())
            return
        status = 301 if request["method"] in {"GET", "HEAD"} else 308
        await _answer(send, status, b"", [(b"location", target)])

    def _target(self, request: dict[str, Any]) -> bytes:
        told = read_head(request)
        check_host(told, self._hosts)
        host = told.get(b"host")
        if host is None:
            raise Invalid("The request names no host. Use https:// to reach this server.")
        name = host if host.endswith(b"]") else re.sub(rb":\d+$", b"", host)
        port = b"" if self._port == 443 else b":%d" % self._port
        path: bytes = request.get("raw_path") or b"/"
        query: bytes = request.get("query_string") or b""
        return b"https://" + name + port + path.partition(b"?")[0] + (b"?" + query if query else b"")


async def _challenge(folder: Path, token: str) -> tuple[int, bytes]:
    path = anyio.Path(folder / ".well-known" / "acme-challenge" / token)
    try:
        async with await path.open("rb") as file:
            return 200, await file.read(_MOST_BYTES)
    except OSError:
        return 404, b"There is no such challenge."


async def _answer(send: Send, status: int, body: bytes, headers: list[tuple[bytes, bytes]] | None = None) -> None:
    always = [
        (b"content-type", b"text/plain; charset=utf-8"),
        (b"content-length", str(len(body)).encode()),
        (b"cache-control", b"no-store"),
        (b"x-content-type-options", b"nosniff"),
        (b"server", b"Polpo"),
    ]
    await send({"type": "http.response.start", "status": status, "headers": [*(headers or []), *always]})
    await send({"type": "http.response.body", "body": body, "more_body": False})
