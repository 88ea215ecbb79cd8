"""From declared routes to an ASGI application."""

from __future__ import annotations

import typing
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any
from urllib.parse import parse_qsl

import structlog
from litestar import Litestar, Request, Response
from litestar.enums import HttpMethod, ScopeType
from litestar.exceptions import HTTPException
from litestar.handlers import HTTPRouteHandler
from litestar.types import ASGIApp, Message, Receive, Send
from litestar.types import Scope as AsgiScope

from polpo.kernel.errors import AppError, Invalid, NotFound, NotSignedIn
from polpo.rest.answers import JSON, encode, error_body, error_response, render
from polpo.rest.authorization import Refused
from polpo.rest.binding import convert, parse, refuse_sealed
from polpo.rest.bodies import MOST_BYTES, SMALL_BYTES, is_small, whole
from polpo.rest.call import Authenticator, Call, Parts, actor_behind
from polpo.rest.kept import KeptAnswers
from polpo.rest.paths import PathForms, RefTails, unescaped
from polpo.rest.permissions import Permission
from polpo.rest.refusals import Refusals
from polpo.rest.routes import Route, Routes
from polpo.rest.table import Found, RouteTable
from polpo.store.changes import Actor, acting
from polpo.store.database import Database
from polpo.store.session import Session

log = structlog.get_logger("polpo.rest")

AnyRequest = Request[Any, Any, Any]
SpaceLookup = Callable[[Session, str], str]
Explain = Callable[[Session, Refused], AppError]


@dataclass(frozen=True)
class Api:
    """What every route needs to run; one an application."""

    database: Database
    parts: Parts
    authenticate: Authenticator
    find_space: SpaceLookup
    kept: KeptAnswers
    explain: Explain
    refusals: Refusals

    async def run(self, route: Route, request: AnyRequest) -> Response[bytes]:
        call = Call(request, self.database, self.parts, _query(request))
        try:
            return await self._run(route, call)
        except Refused as refused:
            refused.rights = call.rights
            actor = refused.actor or actor_of(call)
            self.refusals.note(actor, f"{route.method} {route.path}", call.space_id, refused)
            raise

    async def _run(self, route: Route, call: Call) -> Response[bytes]:
        if route.is_async:
            return await self._run_async(route, call)
        body = await self._body_beforehand(route, call) if route.body is not None else None
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
            arguments["body"] = self._bound(route.body, body)
        result = route.handler(call, **arguments)
        call.refuse_unsettled()
        return render(result, call, call.request.url.path, route.status)

    def _kept(self, route: Route, call: Call, begun: int) -> Response[bytes]:
        """The answer that is ready, else a new one, which is kept."""
        scope, user = call.request.scope, call.identity.user_id if call.identity else None
        # the path may name the space by its slug, which can become another one's; what a user may see changes as well
        key = (route.name, call.space_id, scope["path"], scope["query_string"], user, call.rights.digest)
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
        if not route.asks_scope:
            call.refuse_unsettled()
        arguments = _parameters(route, call)
        if route.body is not None:
            arguments["body"] = self._bound(route.body, await self._body(call))
        result = await route.handler(call, **arguments)
        call.refuse_unsettled()
        return render(result, call, call.request.url.path, route.status)

    async def _body_beforehand(self, route: Route, call: Call) -> bytes:
        """The body of a route that runs within a transaction; a large one only of who may call the route."""
        if not is_small(call.request):
            with self.database.read() as session:
                self._admit(route, call, session)
        return await self._body(call)

    async def _body(self, call: Call) -> bytes:
        return await whole(call.request, MOST_BYTES if call.identity is not None else SMALL_BYTES)

    def _bound(self, target: type[Any], body: bytes) -> Any:
        value = parse(body)
        refuse_sealed(body, value, self.database.vault.has_made)
        return convert(target, value)

    def _admit(self, route: Route, call: Call, session: Session) -> None:
        """Who calls, which space is meant, and may they do such a thing there at all."""
        call.identity = self.authenticate(session, call.request)
        space = call.request.path_params.get("space")
        if route.access != "anonymous" and call.identity is None:
            raise NotSignedIn("You must sign in, or send an API key in the header X-Octopus-ApiKey.")
        if space is not None:
            call.space_id = self.find_space(session, space)
            if route.access == "signed in" and route.scope == "space":
                call.rights.require_space(call.space_id)
        if isinstance(route.access, Permission):
            call.permission = route.access
            accepted = (route.access, *route.alternatives)
            if not any(call.rights.holds(permission, call.space_id) for permission in accepted):
                raise Refused(call.rights.decide(route.access, call.about()))

    def explained(self, refused: Refused) -> AppError:
        """The refusal with names instead of ids, and with the teams that could do it."""
        with self.database.read() as session:
            return self.explain(session, refused)


def actor_of(call: Call) -> Actor:
    """Who acts through this request, for the audit trail."""
    return actor_behind(call.identity, call.request)


def _parameters(route: Route, call: Call) -> dict[str, Any]:
    return {name: unescaped(call.request.path_params[name]) for name in route.parameters}


def _query(request: AnyRequest) -> Mapping[str, list[str]]:
    query: dict[str, list[str]] = {}
    raw: bytes = request.scope.get("query_string", b"")
    for name, value in parse_qsl(raw.decode("utf-8", "replace"), keep_blank_values=True):
        query.setdefault(name.lower(), []).append(value)
    return query


@dataclass(frozen=True)
class Addresses:
    """Where every route is found. It is the same for all servers of a process, and made once."""

    table: RouteTable
    forms: PathForms

    @classmethod
    def of(cls, collections: Iterable[Routes]) -> Addresses:
        routes = [route for collection in collections for route in collection.routes]
        refs = RefTails(route.path for route in routes)
        forms = PathForms(_system_segments(routes), _space_document_segments(routes), refs)
        return cls(RouteTable((route, served_paths(route)) for route in routes), forms)


def build_application(api: Api, addresses: Addresses, beside: Litestar) -> ASGIApp:
    """The ASGI application; its edge brings paths into their canonical form first."""
    return _Edge(api, addresses, beside)


def application_beside(handlers: Iterable[HTTPRouteHandler]) -> Litestar:
    """What serves all that is no route of the API. It knows nothing of a server's data."""
    return Litestar(
        route_handlers=list(handlers),
        openapi_config=None,
        logging_config=None,
        exception_handlers={AppError: _on_app_error, HTTPException: _on_http_error, Exception: _on_unexpected},
        debug=False,
    )


def served_paths(route: Route) -> list[str]:
    """The canonical paths of a route."""
    below_space = route.path.replace("/api", "/api/{space}", 1)
    return {"space": [below_space], "system": [route.path], "both": [route.path, below_space]}[route.scope]


def _system_segments(routes: Iterable[Route]) -> frozenset[str]:
    firsts = (
        route.path.split("/")[2:3] for route in routes if route.scope != "space" and route.path.startswith("/api")
    )
    return frozenset(first[0].lower() for first in firsts if first)


def _space_document_segments(routes: Iterable[Route]) -> frozenset[str]:
    """Third segments of `/api/spaces/{id}/…` that belong to the space document itself, such as its logo."""
    parts = (route.path.split("/") for route in routes if route.path.startswith("/api/spaces/{"))
    return frozenset(part[4].lower() for part in parts if len(part) > 4)


async def _stand_in() -> None:
    """Never called."""


#: A Litestar request asks its handler how large its body may be. Ours have their own bounds: of JSON, of files.
_ANY_BODY = HTTPRouteHandler("/", http_method=HttpMethod.POST, request_max_body_size=None)(_stand_in)


class _Edge:
    """Brings paths into their canonical form, takes methods that arrive in a header, and finds the route.

    What is no route, such as the portal's files and the server's own life, is left to the application beside.
    """

    def __init__(self, api: Api, addresses: Addresses, beside: Litestar) -> None:
        self._api = api
        self._table = addresses.table
        self._forms = addresses.forms
        self._beside = beside

    async def __call__(self, scope: AsgiScope, receive: Receive, send: Send) -> None:
        if scope["type"] != ScopeType.HTTP:
            await self._beside(scope, receive, send)
            return
        told = typing.cast("dict[str, Any]", scope)
        self._canonicalise(told)
        found = self._find(told)
        if not found and not (told["path"] + "/").startswith("/api/"):
            await self._beside(scope, receive, send)
            return
        request = self._request(told, receive, send)
        answer = await self._answer(found, request)
        is_head = told["method"] == HttpMethod.HEAD
        await answer.to_asgi_response(None, request)(scope, receive, _without_body(send) if is_head else send)

    def _find(self, scope: dict[str, Any]) -> Found | frozenset[str]:
        """Words such as `accounts` begin paths of the system and of spaces; what the system has not is the space's."""
        method = HttpMethod.GET if scope["method"] == HttpMethod.HEAD else scope["method"]
        found = self._table.find(method, scope["path"])
        below = self._forms.in_default_space(scope["path"])
        if below is None or (isinstance(found, Found) and "space" not in found.parameters):
            return found
        there = self._table.find(method, below)
        if not isinstance(there, Found) and isinstance(found, frozenset) and found:
            return found
        scope["path"], scope["raw_path"] = below, below.encode("utf-8", "replace")
        return there

    def _request(self, scope: dict[str, Any], receive: Receive, send: Send) -> AnyRequest:
        scope.setdefault("litestar_app", self._beside)
        scope.setdefault("state", {})
        scope["route_handler"] = _ANY_BODY
        return Request(typing.cast("Any", scope), receive, send)

    async def _answer(self, found: Found | frozenset[str], request: AnyRequest) -> Response[Any]:
        if not isinstance(found, Found):
            return _nothing(request, found)
        request.scope["path_params"] = dict(found.parameters)
        try:
            return await self._api.run(found.route, request)
        except Refused as refused:
            return error_response(self._api.explained(refused))
        except AppError as error:
            return error_response(error)
        except HTTPException as error:
            return _on_http_error(request, error)
        except Exception as error:  # noqa: BLE001 - told to the client and the log; the server goes on
            return _on_unexpected(request, error)

    def _canonicalise(self, scope: dict[str, Any]) -> None:
        path = self._forms.canonical(scope["path"], scope.get("raw_path"))
        scope["path"] = path
        scope["raw_path"] = path.encode("utf-8", "replace")
        if scope["method"] == "POST":
            override = dict(scope["headers"]).get(b"x-http-method-override", b"").decode("latin-1").upper()
            if override in {"PUT", "DELETE", "PATCH"}:
                scope["method"] = override


def _without_body(send: Send) -> Send:
    """Sends the head of an answer as it is, and nothing of its body."""

    async def pass_on(message: Message) -> None:
        await send({**message, "body": b""} if message["type"] == "http.response.body" else message)

    return pass_on


def _nothing(request: AnyRequest, allowed: frozenset[str]) -> Response[bytes]:
    """There is nothing at the path, or nothing for the method; OPTIONS asks just that."""
    if not allowed:
        return error_response(NotFound(f"There is nothing at {request.url.path}."))
    headers = {"Allow": ", ".join(sorted(allowed | {"OPTIONS"}))}
    if request.method == HttpMethod.OPTIONS:
        return Response(b"", status_code=204, headers=headers)
    sentence = f"{request.method} is not possible at {request.url.path}."
    return Response(
        encode(error_body(AppError(sentence))), status_code=405, media_type="application/json", headers=headers
    )


def _on_app_error(_request: AnyRequest, error: AppError) -> Response[bytes]:
    return error_response(error)


def _on_http_error(request: AnyRequest, error: HTTPException) -> Response[bytes]:
    if error.status_code == 404:
        return error_response(NotFound(f"There is nothing at {request.url.path}."))
    body = error_body(AppError(str(error.detail)))
    return Response(encode(body), status_code=error.status_code, media_type="application/json")


def _on_unexpected(request: AnyRequest, error: Exception) -> Response[bytes]:
    if isinstance(error, RecursionError):
        return error_response(Invalid("The request is nested too deeply."))
    log.error("request failed", method=request.method, path=request.url.path, exc_info=error)
    sentence = "The server made a mistake while answering; its log has the details."
    return error_response(
        AppError(sentence, help_text=f"{type(error).__name__} at {request.method} {request.url.path}")
    )
