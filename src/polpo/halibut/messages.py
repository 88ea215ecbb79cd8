"""Requests and responses, and how values become BSON members and back."""

from __future__ import annotations

import dataclasses
import re
import types
import typing
import uuid
from datetime import UTC, datetime, timedelta
from enum import IntEnum
from functools import cache
from typing import Any

from polpo.halibut import contracts
from polpo.halibut.bson import Int64
from polpo.halibut.errors import ProtocolBroken, ServiceFailed, ServiceNotFound
from polpo.halibut.streams import DataStream

_REQUEST = "Halibut.Transport.Protocol.RequestMessage, Halibut"
_RESPONSE = "Halibut.Transport.Protocol.ResponseMessage, Halibut"
_STREAM = "Halibut.DataStream, Halibut"
_SERVICE_THREW = "Halibut.Exceptions.ServiceInvocationHalibutClientException"
_TARGET_THREW = "System.Reflection.TargetInvocationException: Exception has been thrown by the target of an invocation."
_TYPES = {**contracts.WIRE, **contracts.ALIASES}
_NAMES = {kind: name for name, kind in contracts.WIRE.items()}
_LONG_FIELDS = {"last_log_sequence", "next_log_sequence", "length"}
_TIMESPAN = re.compile(r"(-)?(?:(\d+)\.)?(\d{1,2}):(\d{2}):(\d{2})(?:\.(\d{1,7}))?")


@dataclasses.dataclass(frozen=True)
class Request:
    id: str
    service: str
    method: str
    params: tuple[Any, ...] = ()


@dataclasses.dataclass(frozen=True)
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
            "Halibut.Exceptions.ServiceNotFoundHalibutClientException",
        )

    def as_error(self) -> ServiceFailed:
        text, details, kind = self.message, self.details or "", self.kind or ""
        missing = (
            kind.endswith(("ServiceNotFoundHalibutClientException", "MethodNotFoundHalibutClientException"))
            or text.startswith("Service not found: ")
            or (text.startswith("Service ") and text.endswith(" not found"))
            or "UnknownServiceNameException" in details
        )
        return (ServiceNotFound if missing else ServiceFailed)(text, details)


@dataclasses.dataclass(frozen=True)
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
            "params": [_plain(value, streams, typed=True) for value in message.params],
        }
    else:
        failure = message.error
        error = failure and {"message": failure.message, "details": failure.details, "HalibutErrorType": failure.kind}
        result = _plain(message.result, streams, typed=True)
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
    kind = str(body.get("$type", "")).split(",")[0]
    if kind.endswith("RequestMessage"):
        params = tuple(_typed(value, streams) for value in body.get("params") or ())
        return Request(str(body.get("id")), str(body.get("service")), str(body.get("method")), params), streams
    if kind.endswith("ResponseMessage"):
        error = body.get("error")
        failure = None
        if isinstance(error, dict):
            failure = Failure(str(error.get("message")), error.get("details"), error.get("HalibutErrorType"))
        return Response(str(body.get("id")), _typed(body.get("result"), streams), failure), streams
    raise ProtocolBroken(f"A message has the unknown type '{kind}'.")


# -- to the wire


def _plain(value: Any, streams: list[DataStream], *, typed: bool) -> Any:
    if isinstance(value, DataStream):
        streams.append(value)
        placed: dict[str, Any] = {"$type": _STREAM} if typed else {}
        return placed | {"id": value.id, "length": Int64(value.length)}
    if isinstance(value, timedelta):
        return format_timespan(value)
    if isinstance(value, IntEnum):
        return int(value)
    if isinstance(value, list | tuple):
        return [_plain(item, streams, typed=False) for item in value]
    if isinstance(value, dict):
        return {str(key): _plain(item, streams, typed=False) for key, item in value.items()}
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return _members(value, streams, typed=typed)
    return value


def _members(value: Any, streams: list[DataStream], *, typed: bool) -> dict[str, Any]:
    members: dict[str, Any] = {}
    if typed and type(value) in _NAMES:
        members["$type"] = _NAMES[type(value)]
    for field in dataclasses.fields(value):
        content = _plain(getattr(value, field.name), streams, typed=False)
        if field.name in _LONG_FIELDS and content is not None:
            content = Int64(content)
        members[_wire_name(field.name)] = {} if field.name == "scripts" and content is None else content
    return members


@cache
def _wire_name(attribute: str) -> str:
    return "".join(part.capitalize() for part in attribute.split("_"))


def format_timespan(value: timedelta) -> str:
    """`[-][d.]hh:mm:ss[.fffffff]`, as .NET writes it."""
    sign = "-" if value < timedelta() else ""
    value = abs(value)
    hours, rest = divmod(value.seconds, 3600)
    minutes, seconds = divmod(rest, 60)
    days = f"{value.days}." if value.days else ""
    fraction = f".{value.microseconds * 10:07d}" if value.microseconds else ""
    return f"{sign}{days}{hours:02d}:{minutes:02d}:{seconds:02d}{fraction}"


def parse_timespan(text: str) -> timedelta:
    match = _TIMESPAN.fullmatch(text.strip())
    if not match:
        raise ProtocolBroken(f"'{text}' is no time span.")
    sign, days, hours, minutes, seconds, fraction = match.groups()
    micro = int((fraction or "0").ljust(7, "0")) // 10
    value = timedelta(int(days or 0), int(seconds), micro, 0, int(minutes), int(hours))
    return -value if sign else value


# -- from the wire


def _typed(value: Any, streams: list[DataStream]) -> Any:
    if not isinstance(value, dict):
        return value
    name = str(value.get("$type", ""))
    if name.startswith("Halibut.DataStream"):
        return _placed_stream(value, streams)
    kind = _TYPES.get(name)
    if kind is None:
        raise ProtocolBroken(f"The type '{name}' is not part of the contract.")
    return _build(kind, value, streams)


def _placed_stream(value: dict[str, Any], streams: list[DataStream]) -> DataStream:
    length = value.get("length")
    identity = value.get("id")
    if not isinstance(length, int) or length < 0 or not isinstance(identity, uuid.UUID):
        raise ProtocolBroken("A data stream is announced without an id or with a negative length.")
    stream = DataStream(length)
    stream.id = identity
    streams.append(stream)
    return stream


@cache
def _hints(kind: type) -> dict[str, Any]:
    return typing.get_type_hints(kind)


def _build(kind: type, value: dict[str, Any], streams: list[DataStream]) -> Any:
    given = {key.lower(): item for key, item in value.items()}
    arguments: dict[str, Any] = {}
    for field in dataclasses.fields(kind):
        key = field.name.replace("_", "")
        if key in given:
            arguments[field.name] = _fit(_hints(kind)[field.name], given[key], streams)
    try:
        return kind(**arguments)
    except TypeError as error:
        raise ProtocolBroken(f"A {kind.__name__} lacks a member: {error}.") from error


def _fit(hint: Any, value: Any, streams: list[DataStream]) -> Any:
    origin = typing.get_origin(hint)
    if origin in (types.UnionType, typing.Union):
        inner = [one for one in typing.get_args(hint) if one is not type(None)]
        return None if value is None else _fit(inner[0], value, streams)
    if origin is tuple:
        return tuple(_fit(typing.get_args(hint)[0], item, streams) for item in value or ())
    if origin is dict:
        return {str(key): str(item) for key, item in (value or {}).items()}
    if hint is DataStream and isinstance(value, dict):
        return _placed_stream(value, streams)
    if hint is timedelta and isinstance(value, str):
        return parse_timespan(value)
    if hint is datetime:
        return value if isinstance(value, datetime) else datetime.now(UTC)
    if isinstance(hint, type) and issubclass(hint, IntEnum):
        return hint(value)
    if dataclasses.is_dataclass(hint) and isinstance(value, dict):
        return _build(typing.cast("type", hint), value, streams)
    if hint is str:
        return "" if value is None else str(value)
    return value
