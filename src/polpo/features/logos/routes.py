"""Logos over HTTP: the three routes that every owner of a logo has."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, Protocol

from polpo.features.logos.service import LIMIT, Picture, content_type_of, keep_picture, picture_of
from polpo.rest.answers import Reply
from polpo.rest.call import Call
from polpo.rest.permissions import Permission
from polpo.rest.routes import Access, Routes, Scope
from polpo.rest.uploads import Uploads
from polpo.store.kinds import Kind
from polpo.store.session import Session


class Owner(Protocol):
    """What has a logo: any document with a name."""

    id: str
    name: str


#: Finds an owner by what stands in the path; NotFound when the space has none. The space is "" in system routes.
FindOwner = Callable[[Session, str, str], Any]

#: A picture is shown, never run: whatever an SVG brings along stays shut in.
_SHUT_IN = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "private, no-cache",
}


def logo_routes(
    routes: Routes,
    path: str,
    kind: Kind[Any],
    find: FindOwner,
    *,
    view: Access,
    edit: Permission,
    scope: Scope = "space",
    find_shown: FindOwner | None = None,
    guard: Callable[[Call, Any], None] | None = None,
) -> None:
    """Adds GET, POST and PUT of `{path}/{id}/logo`; `path` is such as `/projects`.

    `find_shown` finds more than `find`: owners whose logo is always a drawn one. `guard` says who may see the logo,
    where that is not for the permission to say.
    """

    guard_shown = guard or (lambda call, owner: call.guard(kind, owner))

    def logo(call: Call, id: str) -> Reply:
        owner = (find_shown or find)(call.session, call.space_id or "", id)
        guard_shown(call, owner)
        icon = getattr(owner, "icon", None)
        return shown_picture(call, picture_of(call.session, owner.id, owner.name, getattr(icon, "color", None)))

    async def upload_logo(call: Call, id: str) -> None:
        with call.database.read() as session:
            owner = find(session, call.space_id or "", id)
        call.guard(kind, owner)
        async with call.parts.get(Uploads).receive(call.request, limit=LIMIT) as upload:
            content = await asyncio.to_thread(upload.path.read_bytes)
        content_type = content_type_of(content)
        await call.database.write(lambda session: keep_picture(session, owner.id, content, content_type))

    where = f"{path}/{{id}}/logo"
    routes.add("GET", where, view, logo, scope=scope, query=("cb",), summary="Get the logo, or one drawn from the name")
    for method in ("POST", "PUT"):
        summary = "Upload a logo as a multipart form"
        routes.add(method, where, edit, upload_logo, scope=scope, summary=summary, asks_scope=True)


def shown_picture(call: Call, picture: Picture) -> Reply:
    """A picture as an answer; 304 to who has it already."""
    etag = f'"{picture.etag}"'
    headers = {**_SHUT_IN, "ETag": etag}
    if call.request.headers.get("if-none-match") == etag:
        return Reply(b"", 304, headers, picture.content_type)
    return Reply(picture.content, 200, headers, picture.content_type)
