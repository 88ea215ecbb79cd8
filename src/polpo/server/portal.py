"""The portal's built files over HTTP.

Every path below `/app` that is no file is the portal's one page: it finds the screen for its own address. Files below
`/app/assets` carry a digest in their names, so browsers keep them for good; everything else is asked for again. A
missing asset is a 404, never the page: after an upgrade an open page must notice that its files are gone.
"""

from __future__ import annotations

import gzip
import hashlib
import mimetypes
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from litestar import Request, Response
from litestar.enums import HttpMethod
from litestar.handlers import HTTPRouteHandler

from polpo.kernel.errors import NotFound

#: Where `make portal` puts what it builds.
BUILT = Path(__file__).parent.parent / "portal" / "dist"

_COMPRESSIBLE = ("text/", "application/javascript", "application/json", "image/svg+xml")
_FOREVER = "public, max-age=31536000, immutable"
_ASK_AGAIN = "no-cache"

_NOT_BUILT = b"""<!doctype html><html lang="en"><meta charset="utf-8"><title>Polpo</title>
<body style="font-family:system-ui;max-width:36rem;margin:4rem auto;padding:0 1rem">
<h1>The portal is not built</h1>
<p>The server runs, and its REST API answers at <a href="/api">/api</a>, but the portal's files are missing from this
installation. In a source checkout <code>make portal</code> builds them; a released package contains them.</p>
"""


@dataclass(frozen=True)
class Asset:
    """One file, read once. `packed` is its gzip form where that is worth it."""

    content: bytes
    media_type: str
    cache: str

    @cached_property
    def packed(self) -> bytes | None:
        if not self.media_type.startswith(_COMPRESSIBLE) or len(self.content) < 1024:
            return None
        return gzip.compress(self.content, 9, mtime=0)

    @cached_property
    def tag(self) -> str:
        return f'"{hashlib.sha256(self.content).hexdigest()[:24]}"'

    def answer(self, request: Request[Any, Any, Any]) -> Response[bytes]:
        headers = {"Cache-Control": self.cache, "ETag": self.tag, "Vary": "Accept-Encoding"}
        if self.tag in request.headers.get("If-None-Match", ""):
            return Response(b"", status_code=304, headers=headers)
        content = self.content
        if self.packed is not None and "gzip" in request.headers.get("Accept-Encoding", ""):
            content = self.packed
            headers["Content-Encoding"] = "gzip"
        return Response(content, media_type=self.media_type, headers=headers)


class Portal:
    """The files as they were when the server started."""

    def __init__(self, folder: Path = BUILT) -> None:
        self._assets = {
            "/" + path.relative_to(folder).as_posix(): _read(path, folder)
            for path in sorted(folder.rglob("*"))
            if path.is_file()
        }
        self._page = self._assets.pop("/index.html", None)

    def find(self, path: str) -> Asset | None:
        """The file at a path, or the page; None where a file is asked for that is not there."""
        if path in self._assets:
            return self._assets[path]
        return None if path.startswith("/app/assets/") else self._page

    def handlers(self) -> list[HTTPRouteHandler]:
        async def portal(request: Request[Any, Any, Any]) -> Response[bytes]:
            if self._page is None:
                return Response(_NOT_BUILT, status_code=503, media_type="text/html")
            asset = self.find(request.url.path)
            if asset is None:
                raise NotFound(
                    f"There is no file at {request.url.path}. Reload the page: it belongs to another version."
                )
            return asset.answer(request)

        methods = [HttpMethod.GET, HttpMethod.HEAD]
        return [
            HTTPRouteHandler(["/", "/app", "/app/{path:path}"], http_method=methods, include_in_schema=False)(portal)
        ]


def _read(path: Path, folder: Path) -> Asset:
    kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    if kind == "text/javascript":  # what it is called depends on the machine's own table of types
        kind = "application/javascript"
    forever = path.relative_to(folder).as_posix().startswith("app/assets/")
    return Asset(path.read_bytes(), kind, _FOREVER if forever else _ASK_AGAIN)
