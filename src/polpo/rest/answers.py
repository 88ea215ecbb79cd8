"""What goes back: JSON values, paged lists, and errors in the contract's shape."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar
from urllib.parse import quote, urlencode

import msgspec
from litestar import Response

from polpo.kernel.errors import AppError, NotFound, TooManyRequests
from polpo.rest.call import Call, Paging
from polpo.rest.links import present, renderer
from polpo.store.kinds import Kind
from polpo.store.session import Page as StoredPage

T = TypeVar("T")

JSON = "application/json; charset=utf-8"


encode = msgspec.json.Encoder().encode


@dataclass
class Reply:
    """An answer that is more than its content: another status, headers, or something that is no JSON."""

    content: Any = None
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    media_type: str = JSON
    cookies: Sequence[Any] = ()


@dataclass
class Page(Generic[T]):
    """One page of a list; rendered as the contract's envelope."""

    items: Sequence[Any]
    total: int
    paging: Paging
    item_type: str
    extra: Mapping[str, Any] = field(default_factory=dict)


def stored_page(kind: Kind[Any], page: StoredPage, paging: Paging) -> Page[Any]:
    render = renderer(kind)
    return Page([render(row) for row in page.rows], page.total, paging, kind.document.__name__)


def envelope(page: Page[Any], path: str, query: Mapping[str, list[str]]) -> dict[str, Any]:
    paging = page.paging
    size = max(paging.take, 1)
    last = max((page.total - 1) // size, 0)
    current = paging.skip // size

    def link(number: int) -> str:
        kept = [(key, value) for key, values in query.items() if key not in {"skip", "take"} for value in values]
        return f"{path}?{urlencode([('skip', number * size), ('take', paging.take), *kept])}"

    links = {
        "Self": link(current),
        "Template": f"{path}{{?skip,take}}",
        "Page.All": f"{path}?skip=0&take=2147483647",
        "Page.Current": link(current),
        "Page.Last": link(last),
    }
    if paging.skip + paging.take < page.total and paging.take:
        links["Page.Next"] = link(current + 1)
    if current > 0:
        links["Page.Previous"] = link(current - 1)
    return {
        "ItemType": page.item_type,
        "TotalResults": page.total,
        "ItemsPerPage": paging.take,
        "NumberOfPages": last + 1,
        "LastPageNumber": last,
        "Items": [_presented(item) for item in page.items],
        "Links": links,
        **page.extra,
    }


def _presented(value: Any) -> Any:
    if isinstance(value, msgspec.Struct) and not isinstance(value, msgspec.Raw):
        return present(value)
    return value


def render(value: Any, call: Call, path: str, status: int) -> Response[bytes]:
    """The HTTP answer for what a route returned; runs inside the route's transaction."""
    if isinstance(value, Response):
        return value
    reply = value if isinstance(value, Reply) else Reply(value, status)
    content = reply.content
    if isinstance(content, Page):
        content = envelope(content, path, call.query)
    elif isinstance(content, list | tuple):
        content = [_presented(item) for item in content]
    elif isinstance(content, dict):
        content = {key: _presented(item) for key, item in content.items()}
    elif content is None:
        content = {}
    else:
        content = _presented(content)
    body = content if isinstance(content, bytes) else encode(content)
    headers = {"Cache-Control": "no-store", **reply.headers}
    return Response(body, status_code=reply.status, media_type=reply.media_type, headers=headers, cookies=reply.cookies)


def attachment(file_name: str, *, inline: bool = False) -> dict[str, str]:
    """The header that has a browser save the answer under the name, whatever characters it has (RFC 6266).

    `inline` is for what a browser may also show: plain text of our own.
    """
    kind = "inline" if inline else "attachment"
    plain = "".join(one if one.isascii() and one.isprintable() and one not in '"\\%' else "_" for one in file_name)
    disposition = f'{kind}; filename="{plain}"'
    if plain != file_name:
        disposition += f"; filename*=UTF-8''{quote(file_name, safe='', errors='replace')}"
    return {"Content-Disposition": disposition}


def error_body(error: AppError) -> dict[str, Any]:
    body: dict[str, Any] = {"ErrorMessage": error.message}
    if not isinstance(error, NotFound):
        body["Errors"] = error.errors or [error.message]
    body |= {"ParsedHelpLinks": [], "HelpLink": None, "HelpText": error.help_text, "FullException": None}
    body["Details"] = error.details
    return body


def error_response(error: AppError) -> Response[bytes]:
    headers = {"Cache-Control": "no-store"}
    if isinstance(error, TooManyRequests):
        headers["Retry-After"] = str(error.retry_after)
    return Response(encode(error_body(error)), status_code=error.status, media_type=JSON, headers=headers)
