"""Our services as others call them: which method is meant, whether the arguments fit it, what its failure is called."""

from __future__ import annotations

import inspect
import types
import typing
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import structlog

from polpo.halibut.messages import Failure, Request, Response
from polpo.halibut.streams import DataStream
from polpo.kernel.errors import AppError

log = structlog.get_logger("polpo.halibut")

Method = Callable[..., Awaitable[Any]]
Service = Mapping[str, Method]


class Services:
    """Names compare without case."""

    def __init__(self, services: Mapping[str, Service]) -> None:
        self._services = {
            service.lower(): {name.lower(): (method, _kinds(method)) for name, method in methods.items()}
            for service, methods in services.items()
        }

    async def answer(self, request: Request) -> Response:
        """What the method answers, or the failure as the other side has to hear it. Keeps none of its streams."""
        try:
            return await self._answer(request)
        finally:
            for param in request.params:
                _discard(param)

    async def _answer(self, request: Request) -> Response:
        service = self._services.get(request.service.lower())
        if service is None:
            return Response(request.id, error=Failure.unknown_service(request.service))
        method, kinds = service.get(request.method.lower(), (None, ()))
        if method is None:
            return Response(request.id, error=Failure.unknown_method(request.service, request.method))
        if reason := _unfit(request.params, kinds):
            return Response(request.id, error=Failure.unfit_arguments(request.service, request.method, reason))
        try:
            return Response(request.id, await method(*request.params))
        except AppError as error:
            return Response(request.id, error=Failure.of_service(error.message))
        except Exception as error:
            log.exception("a service failed", service=request.service, method=request.method)
            return Response(request.id, error=Failure.of_service(f"{type(error).__name__}: {error}"))


def _kinds(method: Method) -> tuple[tuple[type, ...], ...]:
    """For each parameter the types that it takes."""
    hints = typing.get_type_hints(method)
    names = inspect.signature(method).parameters
    return tuple(_alternatives(hints.get(name, object)) for name in names)


def _alternatives(hint: Any) -> tuple[type, ...]:
    if typing.get_origin(hint) in (types.UnionType, typing.Union):
        return tuple(one for inner in typing.get_args(hint) for one in _alternatives(inner))
    if hint is float:
        return (float, int)
    return (hint,) if isinstance(hint, type) and hint is not Any else (object,)


def _unfit(params: tuple[Any, ...], kinds: tuple[tuple[type, ...], ...]) -> str:
    """Why the arguments are not those of the method; empty when they are."""
    if len(params) != len(kinds):
        return f"{len(params)} arguments for {len(kinds)} parameters"
    for number, (value, allowed) in enumerate(zip(params, kinds, strict=True), start=1):
        if not isinstance(value, allowed):
            return f"argument {number} is a {type(value).__name__}"
    return ""


def _discard(value: Any) -> None:
    if isinstance(value, DataStream):
        value.discard()
    for file in getattr(value, "files", ()):
        file.contents.discard()
