"""Pictures of things: uploaded by people, else drawn from the name."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable
from html import escape
from typing import Any

from polpo.kernel.errors import Invalid, NotFound, TooLarge
from polpo.rest.answers import Reply
from polpo.rest.call import Call
from polpo.rest.permissions import Permission
from polpo.rest.routes import Access, Routes
from polpo.rest.uploads import Uploads
from polpo.store.blobs import BlobStore

_MOST = 1 << 20
#: Pictures that cannot hold scripts, by how their files begin.
_FORMATS = {
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"\xff\xd8\xff": "image/jpeg",
    b"GIF8": "image/gif",
}
_COLOURS = ("#0b6e99", "#2f6f4f", "#8a4b08", "#7b2d8b", "#9c2a3c", "#3d4fa3", "#5b6570", "#1b7f79")


def drawn_logo(name: str) -> bytes:
    """Two letters on a colour; the same name always gives the same picture."""
    words = [word for word in name.split() if word[0].isalnum()] or [name or "?"]
    letters = (words[0][0] + words[-1][0] if len(words) > 1 else words[0][:2]).upper()
    colour = _COLOURS[hashlib.sha256(name.encode()).digest()[0] % len(_COLOURS)]
    text = (
        '<svg xmlns="http://www.w3.org/2000/svg" width="200" height="200" viewBox="0 0 200 200">'
        f'<rect width="200" height="200" rx="16" fill="{colour}"/>'
        '<text x="100" y="100" dy=".35em" text-anchor="middle" font-family="sans-serif" font-size="84"'
        f' fill="#ffffff">{escape(letters)}</text></svg>'
    )
    return text.encode()


def logo_key(identity: str) -> str:
    return f"logos/{identity}"


def serve_logo(routes: Routes, path: str, view: Access, edit: Permission, find: Callable[[Call, str], Any]) -> None:
    """Adds GET, PUT and POST of `{path}/{id}/logo`; `find` gives the document, in the call's space, or raises."""

    def found(call: Call, identity: str) -> Any:
        with call.database.read() as session:
            call._session = session  # noqa: SLF001 - finding needs the call's session, an asynchronous route has none
            try:
                return find(call, identity)
            finally:
                call._session = None  # noqa: SLF001

    async def logo(call: Call, id: str) -> Reply:
        document = found(call, id)
        try:
            content = await call.parts.get(BlobStore).get(logo_key(document.id))
        except NotFound:
            return Reply(drawn_logo(document.name), media_type="image/svg+xml", headers=_HEADERS)
        return Reply(content, media_type=_format_of(content) or "application/octet-stream", headers=_HEADERS)

    async def put_logo(call: Call, id: str) -> None:
        document = found(call, id)
        async with call.parts.get(Uploads).receive(call.request) as upload:
            if upload.size > _MOST:
                raise TooLarge(f"The picture has {upload.size} bytes; {_MOST} is the most.")
            content = await asyncio.to_thread(upload.path.read_bytes)
        if _format_of(content) is None:
            sentence = "The file is no picture that can be shown; send a PNG, JPEG or GIF file."
            raise Invalid(sentence, [sentence])
        await call.parts.get(BlobStore).put(logo_key(document.id), content)

    where = f"{path}/{{id}}/logo"
    routes.add("GET", where, view, logo, query=("cb",), summary="Get the logo")
    routes.add("PUT", where, edit, put_logo, summary="Replace the logo")
    routes.add("POST", where, edit, put_logo, summary="Replace the logo")


_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'",
    "X-Content-Type-Options": "nosniff",
}


def _format_of(content: bytes) -> str | None:
    return next((kind for start, kind in _FORMATS.items() if content.startswith(start)), None)
