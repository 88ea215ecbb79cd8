"""Requests and responses, and the documents that they are on the wire."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

from polpo.halibut.errors import PeerFailed, ProtocolBroken, ServiceFailed, ServiceNotFound
from polpo.halibut.streams import DataStream
from polpo.halibut.values import from_plain, to_plain
from polpo.kernel.errors import WireError

_REQUEST = "Halibut.Transport.Protocol.RequestMessage, Halibut"
_RESPONSE = "Halibut.Transport.Protocol.ResponseMessage, Halibut"
_EXCEPTIONS = "Halibut.Exceptions."
_SERVICE_THREW = f"{_EXCEPTIONS}ServiceInvocationHalibutClientException"
_NO_SERVICE = f"{_EXCEPTIONS}ServiceNotFoundHalibutClientException"
_NO_METHOD = f"{_EXCEPTIONS}MethodNotFoundHalibutClientException"
_NO_MATCH = f"{_EXCEPTIONS}NoMatchingServiceOrMethodHalibutClientException"
_SEVERAL_MATCH = f"{_EXCEPTIONS}AmbiguousMethodMatchHalibutClientException"
_TARGET_THREW = "System.Reflection.TargetInvocationException: Exception has been thrown by the target of an invocation."
_AMBIGUOUS = "System.Reflection.AmbiguousMatchException: "


@dataclass(frozen=True)
class Request:
    id: str
    service: str
    method: str
    params: tuple[Any, ...] = ()


@dataclass(frozen=True)
class Failure:
    """An error as the protocol carries it."""

    message: str
    details: str | None = None
    kind: str | None = None

    @classmethod
    def of_service(cls, message: str, details: str = "") -> Failure:
        """What a service of ours threw: marked so that the other side does not take it for a network error."""
        return cls(message, f"{_TARGET_THREW}\n{details or message}", _SERVICE_THREW)

    @classmethod
    def unknown_service(cls, name: str) -> Failure:
        return cls(
            f"Error: {name} has not been registered through an IAutofacServiceSource",
            f"Octopus.Tentacle.Communications.UnknownServiceNameException: {name}",
            _NO_SERVICE,
        )

    @classmethod
    def unknown_method(cls, service: str, method: str) -> Failure:
        return cls(f"Service {service}::{method} not found", None, _NO_METHOD)

    @classmethod
    def unfit_arguments(cls, service: str, method: str, reason: str) -> Failure:
        return cls(
            f"Could not decide which candidate to call out of the following methods: {service}::{method} ({reason})",
            f"{_AMBIGUOUS}{service}::{method}",
            _NO_MATCH,
        )

    def as_error(self) -> WireError:
        """What the failure means, told in the order in which the original's clients do (halibut.md, section 8)."""
        text, details, kind = self.message, self.details or "", self.kind or ""
        if kind in (_NO_SERVICE, _NO_METHOD):
            return ServiceNotFound(text, details)
        if kind in (_SERVICE_THREW, _NO_MATCH, _SEVERAL_MATCH):
            return ServiceFailed(text, details)
        if text.startswith("Service not found: ") or (text.startswith("Service ") and text.endswith(" not found")):
            return ServiceNotFound(text, details)
        if "UnknownServiceNameException" in details:
            return ServiceNotFound(text, details)
        if details.startswith((_AMBIGUOUS, _TARGET_THREW)):
            return ServiceFailed(text, details)
        return PeerFailed(text, details)


@dataclass(frozen=True)
class Response:
    id: str
    result: Any = None
    error: Failure | None = None


Message = Request | Response | None


def to_document(message: Message) -> tuple[dict[str, Any], list[DataStream]]:
    """The BSON document of a message, and the streams that follow it, in order."""
    streams: list[DataStream] = []
    if message is None:
        return {"Message": None}, streams
    if isinstance(message, Request):
        body: dict[str, Any] = {
            "$type": _REQUEST,
            "id": message.id,
            "activityId": uuid.uuid4(),
            "endpoint": None,
            "service": message.service,
            "method": message.method,
            "params": [to_plain(value, streams, typed=True) for value in message.params],
        }
    else:
        failure = message.error
        error = failure and {"message": failure.message, "details": failure.details, "HalibutErrorType": failure.kind}
        result = to_plain(message.result, streams, typed=True)
        body = {"$type": _RESPONSE, "id": message.id, "error": error, "result": result}
    return {"Message": body}, streams


def from_document(document: dict[str, Any]) -> tuple[Message, list[DataStream]]:
    """The message, and placeholders for its streams: their content follows on the wire."""
    streams: list[DataStream] = []
    body = document.get("Message")
    if body is None:
        return None, streams
    if not isinstance(body, dict):
        raise ProtocolBroken("A message is neither a request nor a response.")
    kind = body.get("$type")
    if kind == _REQUEST:
        params = body.get("params")
        if not isinstance(params, list | None):
            raise ProtocolBroken("A request's arguments are no list.")
        names = (_text(body, "id"), _text(body, "service"), _text(body, "method"))
        return Request(*names, tuple(from_plain(value, streams) for value in params or ())), streams
    if kind == _RESPONSE:
        return Response(_text(body, "id"), from_plain(body.get("result"), streams), _failure(body)), streams
    raise ProtocolBroken(f"A message has the unknown type '{str(kind)[:200]}'.")


def _failure(body: dict[str, Any]) -> Failure | None:
    error = body.get("error")
    if not isinstance(error, dict | None):
        raise ProtocolBroken("A response's error is no object.")
    if error is None:
        return None
    return Failure(_text(error, "message"), _text(error, "details") or None, _text(error, "HalibutErrorType") or None)


def _text(members: dict[str, Any], name: str) -> str:
    value = members.get(name)
    if not isinstance(value, str | None):
        raise ProtocolBroken(f"The member '{name}' of a message is no text.")
    return value or ""
