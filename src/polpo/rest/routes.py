"""Declaring routes: the permission stands in the route's signature, the scope in its collection.

    routes = Routes("projects")

    @routes.get("/projects/{id}/summary", Permission.PROJECT_VIEW)
    def summary(call: Call, id: str) -> ProjectSummary: ...

A synchronous GET runs in a read transaction on the event loop's own thread, so it must be short. Any other synchronous
route runs in a write transaction on the writer's thread: it either happens as a whole or not at all. An asynchronous
route (uploads, sign-in, streams) opens its own transactions.
"""

from __future__ import annotations

import inspect
import re
import typing
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

from polpo.rest.permissions import Permission

Scope = Literal["space", "system", "both"]
Access = Permission | Literal["anonymous", "signed in"]

_PARAMETER = re.compile(r"\{(\w+)(?::\w+)?\}")


@dataclass(frozen=True)
class Route:
    """One operation, with everything that routing, checking and the OpenAPI document need to know."""

    method: str
    path: str
    access: Access
    scope: Scope
    area: str
    handler: Callable[..., Any]
    status: int
    summary: str
    parameters: tuple[str, ...]
    body: Any | None
    response: Any
    query: tuple[str, ...]
    paged: bool
    is_async: bool
    depends: tuple[str, ...] = ()
    asks_scope: bool = False
    alternatives: tuple[Permission, ...] = ()

    @property
    def name(self) -> str:
        return self.handler.__name__


@dataclass
class Routes:
    """The routes of one area. `scope`: below a space, of the system, or both (without a space: all of them)."""

    area: str
    scope: Scope = "space"
    prefix: str = "/api"
    routes: list[Route] = field(default_factory=list)

    def add(
        self,
        method: str,
        path: str,
        access: Access,
        handler: Callable[..., Any],
        *,
        status: int = 200,
        query: tuple[str, ...] = (),
        scope: Scope | None = None,
        body: Any = None,
        response: Any = None,
        summary: str | None = None,
        paged: bool = False,
        depends: tuple[str, ...] = (),
        asks_scope: bool = False,
        alternatives: tuple[Permission, ...] = (),
    ) -> None:
        """`depends` names all the kinds that the answer of a GET is made from: it is then kept until one is written.

        An asynchronous route with `asks_scope` asks, before it does anything, whether the caller may do what it is
        about; without, it is open to those only whose grants are not narrowed. Others are held to it afterwards.
        `alternatives` let in as well whoever does not hold the permission: the route asks which of them is enough.
        """
        hints = typing.get_type_hints(handler, include_extras=True)
        taken = set(inspect.signature(handler).parameters)
        self.routes.append(
            Route(
                method=method,
                path=self.prefix + path,
                access=access,
                scope=scope or self.scope,
                area=self.area,
                handler=handler,
                status=status,
                summary=summary or _first_line(handler),
                parameters=tuple(_PARAMETER.findall(path)),
                body=body or (hints.get("body") if "body" in taken else None),
                response=response or hints.get("return"),
                query=query,
                paged=paged,
                is_async=inspect.iscoroutinefunction(handler),
                depends=depends,
                asks_scope=asks_scope,
                alternatives=alternatives,
            )
        )

    def get(self, path: str, access: Access, **more: Any) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        return self._declare("GET", path, access, more)

    def post(self, path: str, access: Access, **more: Any) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        return self._declare("POST", path, access, more)

    def put(self, path: str, access: Access, **more: Any) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        return self._declare("PUT", path, access, more)

    def delete(self, path: str, access: Access, **more: Any) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        return self._declare("DELETE", path, access, more)

    def _declare(
        self, method: str, path: str, access: Access, more: dict[str, Any]
    ) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        def declare(handler: Callable[..., Any]) -> Callable[..., Any]:
            self.add(method, path, access, handler, **more)
            return handler

        return declare


def _first_line(handler: Callable[..., Any]) -> str:
    documented = inspect.getdoc(handler)
    if documented:
        return documented.splitlines()[0].rstrip(".")
    return handler.__name__.replace("_", " ").capitalize()
