"""From declared routes to an ASGI application."""

from __future__ import annotations

import inspect
import typing
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any
from urllib.parse import parse_qsl

import structlog
from litestar import Litestar, Request, Response
from litestar.enums import HttpMethod, ScopeType
from litestar.exceptions import HTTPException
from litestar.handlers import HTTPRouteHandler
from litestar.types import ASGIApp, Receive, Send
from litestar.types import Scope as AsgiScope

from polpo.kernel.errors import AppError, NotFound, NotSignedIn, TooLarge
from polpo.rest.answers import JSON, encode, error_body, error_response, render
from polpo.rest.binding import bind
from polpo.rest.call import Authenticator, Call, Parts
from polpo.rest.kept import KeptAnswers
from polpo.rest.paths import PathForms, RefTails, unescaped
from polpo.rest.permissions import Permission
from polpo.rest.routes import Route, Routes
from polpo.store.changes import Actor, acting
from polpo.store.database import Database
from polpo.store.session import Session

log = structlog.get_logger("polpo.rest")

AnyRequest = Request[Any, Any, Any]
Hook = Callable[[], Awaitable[None]]
SpaceLookup = Callable[[Session, str], str]

_MAX_BODY = 20 * 1024 * 1024
_MAX_AGENT = 300


@dataclass(frozen=True)
class Api:
    """What every route needs to run; one an application."""

    database: Database
    parts: Parts
    authenticate: Authenticator
    find_space: SpaceLookup
    kept: KeptAnswers

    async def run(self, route: Route, request: AnyRequest) -> Response[bytes]:
        query = _query(request)
        body = await _body(request) if route.body is not None and not route.is_async else None
        call = Call(request, self.database, self.parts, query)
        if route.is_async:
            return await self._run_async(route, call)
        work = partial(self._within, route, call, body)
        if route.method == "GET":
            with self.database.read() as session:
                return work(session)
        return await self.database.write(work)

    def _within(self, route: Route, call: Call, body: bytes | None, session: Session) -> Response[bytes]:
        call._session = session  # noqa: SLF001 - the call's session is set where its transaction begins
        self._admit(route, call, session)
        session.actor = actor_of(call)
        if route.depends and session.begun is not None:
            return self._kept(route, call, session.begun)
        return self._answer(route, call, body)

    def _answer(self, route: Route, call: Call, body: bytes | None) -> Response[bytes]:
        arguments = _parameters(route, call)
        if route.body is not None and body is not None:
            arguments["body"] = bind(route.body, body)
        result = route.handler(call, **arguments)
        return render(result, call, call.request.url.path, route.status)

    def _kept(self, route: Route, call: Call, begun: int) -> Response[bytes]:
        """The answer that is ready, else a new one, which is kept."""
        scope, user = call.request.scope, call.identity.user_id if call.identity else None
        key = (route.name, scope["path"], scope["query_string"], user)
        known = call.request.headers.get("if-none-match")
        ready = self.kept.find(key, route.depends, known)
        if ready is not None:
            return ready
        answer = self._answer(route, call, None)
        if answer.status_code != 200 or call.is_passing or answer.media_type != JSON:
            return answer
        return self.kept.keep(key, begun, answer.content, known)

    async def _run_async(self, route: Route, call: Call) -> Response[bytes]:
        with self.database.read() as session:
            self._admit(route, call, session)
        acting.set(actor_of(call))
        arguments = _parameters(route, call)
        if route.body is not None:
            arguments["body"] = bind(route.body, await _body(call.request))
        result = await route.handler(call, **arguments)
        return render(result, call, call.request.url.path, route.status)

    def _admit(self, route: Route, call: Call, session: Session) -> None:
        """Who calls, may they, and which space is meant."""
        call.identity = self.authenticate(session, call.request)
        space = call.request.path_params.get("space")
        if route.access != "anonymous":
            if call.identity is None:
                raise NotSignedIn("You must sign in, or send an API key in the header X-Octopus-ApiKey.")
            if isinstance(route.access, Permission):
                call.identity.require(route.access)
        if space is not None:
            call.space_id = self.find_space(session, space)


def actor_of(call: Call) -> Actor:
    """Who acts through this request, for the audit trail."""
    request, caller = call.request, call.identity
    agent = request.headers.get("user-agent", "")[:_MAX_AGENT]
    address = request.client.host if request.client else ""
    if caller is None:
        return Actor(username="anonymous", user_agent=agent, address=address)
    return Actor(caller.user_id, caller.username, caller.means, caller.is_service, agent, address)


def _parameters(route: Route, call: Call) -> dict[str, Any]:
    return {name: unescaped(call.request.path_params[name]) for name in route.parameters}


def _query(request: AnyRequest) -> Mapping[str, list[str]]:
    query: dict[str, list[str]] = {}
    raw: bytes = request.scope.get("query_string", b"")
    for name, value in parse_qsl(raw.decode("utf-8", "replace"), keep_blank_values=True):
        query.setdefault(name.lower(), []).append(value)
    return query


async def _body(request: AnyRequest) -> bytes:
    size = 0
    chunks = []
    async for chunk in request.stream():
        size += len(chunk)
        if size > _MAX_BODY:
            raise TooLarge(f"The request body is larger than {_MAX_BODY // 1024 // 1024} MB.")
        chunks.append(chunk)
    return b"".join(chunks)


def build_application(
    api: Api,
    collections: Iterable[Routes],
    *,
    extra: Iterable[HTTPRouteHandler] = (),
    on_start: Iterable[Hook] = (),
    on_stop: Iterable[Hook] = (),
) -> ASGIApp:
    """The ASGI application; its edge brings paths into their canonical form first."""
    routes = [route for collection in collections for route in collection.routes]
    handlers = [handler for route in routes for handler in _handlers(api, route)]
    application = Litestar(
        route_handlers=[*handlers, *extra],
        openapi_config=None,
        logging_config=None,
        exception_handlers={AppError: _on_app_error, HTTPException: _on_http_error, Exception: _on_unexpected},
        on_startup=list(on_start),
        on_shutdown=list(on_stop),
        debug=False,
        request_max_body_size=None,
    )
    refs = RefTails(route.path for route in routes)
    return _Edge(application, PathForms(_system_segments(routes), _space_document_segments(routes), refs))


def _handlers(api: Api, route: Route) -> list[HTTPRouteHandler]:
    async def answer(request: AnyRequest) -> Response[Any]:
        return await api.run(route, request)

    answer.__annotations__ = {"request": AnyRequest, "return": Response[Any]}
    return [
        HTTPRouteHandler(path, http_method=HttpMethod(route.method), status_code=route.status)(
            _named(answer, route, index)
        )
        for index, path in enumerate(served_paths(route))
    ]


def _named(answer: Callable[..., Awaitable[Any]], route: Route, index: int) -> Callable[..., Awaitable[Any]]:
    async def handler(request: AnyRequest) -> Response[Any]:
        return await answer(request)  # type: ignore[no-any-return]

    handler.__annotations__ = {"request": AnyRequest, "return": Response[Any]}
    handler.__name__ = f"{route.area}_{route.name}_{index}"
    handler.__signature__ = inspect.signature(handler)  # type: ignore[attr-defined]
    return handler


def served_paths(route: Route) -> list[str]:
    """The canonical paths of a route, in Litestar's form."""
    typed = _typed(route.path)
    below_space = typed.replace("/api", "/api/{space:str}", 1)
    return {"space": [below_space], "system": [typed], "both": [typed, below_space]}[route.scope]


def _typed(path: str) -> str:
    return "/".join(
        part[:-1] + ":str}" if part.startswith("{") and part.endswith("}") and ":" not in part else part
        for part in path.split("/")
    )


def _system_segments(routes: Iterable[Route]) -> frozenset[str]:
    firsts = (
        route.path.split("/")[2:3] for route in routes if route.scope != "space" and route.path.startswith("/api")
    )
    return frozenset(first[0].lower() for first in firsts if first)


def _space_document_segments(routes: Iterable[Route]) -> frozenset[str]:
    """Third segments of `/api/spaces/{id}/…` that belong to the space document itself, such as its logo."""
    parts = (route.path.split("/") for route in routes if route.path.startswith("/api/spaces/{"))
    return frozenset(part[4].lower() for part in parts if len(part) > 4)


class _Edge:
    """In front of the router: canonical paths, and methods that arrive in a header."""

    def __init__(self, application: Litestar, forms: PathForms) -> None:
        self.application = application
        self._forms = forms

    async def __call__(self, scope: AsgiScope, receive: Receive, send: Send) -> None:
        if scope["type"] == ScopeType.HTTP:
            self._canonicalise(typing.cast("dict[str, Any]", scope))
        await self.application(scope, receive, send)

    def _canonicalise(self, scope: dict[str, Any]) -> None:
        path = self._forms.canonical(scope["path"], scope.get("raw_path"))
        scope["path"] = path
        scope["raw_path"] = path.encode("utf-8", "replace")
        if scope["method"] == "POST":
            override = dict(scope["headers"]).get(b"x-http-method-override", b"").decode("latin-1").upper()
            if override in {"PUT", "DELETE", "PATCH"}:
                scope["method"] = override


def _on_app_error(_request: AnyRequest, error: AppError) -> Response[bytes]:
    return error_response(error)


def _on_http_error(request: AnyRequest, error: HTTPException) -> Response[bytes]:
    if error.status_code == 404:
        return error_response(NotFound(f"There is nothing at {request.url.path}."))
    if error.status_code == 405:
        sentence = f"{request.method} is not possible at {request.url.path}."
        body = error_body(AppError(sentence))
        return Response(encode(body), status_code=405, media_type="application/json", headers=error.headers or {})
    body = error_body(AppError(str(error.detail)))
    return Response(encode(body), status_code=error.status_code, media_type="application/json")


def _on_unexpected(request: AnyRequest, error: Exception) -> Response[bytes]:
    log.error("request failed", method=request.method, path=request.url.path, exc_info=error)
    sentence = "The server made a mistake while answering; its log has the details."
    return error_response(
        AppError(sentence, help_text=f"{type(error).__name__} at {request.method} {request.url.path}")
    )
