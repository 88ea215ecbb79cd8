"""Values as members of a document, and back. What comes from a peer is checked against the contract."""

from __future__ import annotations

import dataclasses
import re
import types
import typing
import uuid
from datetime import UTC, datetime, timedelta
from enum import IntEnum
from functools import cache
from typing import Any, TypeGuard

from polpo.halibut import contracts
from polpo.halibut.bson import Int64
from polpo.halibut.errors import ProtocolBroken
from polpo.halibut.streams import DataStream

_STREAM = "Halibut.DataStream, Halibut"
_TYPES = {**contracts.WIRE, **contracts.ALIASES}
_NAMES = {kind: name for name, kind in contracts.WIRE.items()}
_LONG_FIELDS = {"last_log_sequence", "next_log_sequence", "length"}
_TIMESPAN = re.compile(r"(-)?(?:(\d+)\.)?(\d{1,2}):(\d{2}):(\d{2})(?:\.(\d{1,7}))?")
_MOST_STREAMS = 1000


# -- to the wire


def to_plain(value: Any, streams: list[DataStream], *, typed: bool) -> Any:
    """The member for a value; its streams are added to `streams`. `typed` where its type has to be named."""
    if isinstance(value, DataStream):
        streams.append(value)
        placed: dict[str, Any] = {"$type": _STREAM} if typed else {}
        return placed | {"id": value.id, "length": Int64(value.length)}
    if isinstance(value, timedelta):
        return format_timespan(value)
    if isinstance(value, IntEnum):
        return int(value)
    if isinstance(value, list | tuple):
        return [to_plain(item, streams, typed=False) for item in value]
    if isinstance(value, dict):
        return {str(key): to_plain(item, streams, typed=False) for key, item in value.items()}
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return _members(value, streams, typed=typed)
    return value


def _members(value: Any, streams: list[DataStream], *, typed: bool) -> dict[str, Any]:
    members: dict[str, Any] = {}
    if typed and type(value) in _NAMES:
        members["$type"] = _NAMES[type(value)]
    for field in dataclasses.fields(value):
        content = to_plain(getattr(value, field.name), streams, typed=False)
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
    match = _TIMESPAN.fullmatch(text.strip()[:40])
    if not match:
        raise ProtocolBroken(f"'{text[:40]}' is no time span.")
    sign, days, hours, minutes, seconds, fraction = match.groups()
    micro = int((fraction or "0").ljust(7, "0")) // 10
    try:
        value = timedelta(int(days or 0), int(seconds), micro, 0, int(minutes), int(hours))
    except OverflowError as error:
        raise ProtocolBroken(f"'{text[:40]}' is no time span.") from error
    return -value if sign else value


# -- from the wire


def from_plain(value: Any, streams: list[DataStream]) -> Any:
    """The argument or result that a member stands for; objects must name a type of the contract."""
    if not isinstance(value, dict):
        return value
    name = str(value.get("$type", ""))
    if name == _STREAM:
        return _placed_stream(value, streams)
    kind = _TYPES.get(name)
    if kind is None:
        raise ProtocolBroken(f"The type '{name[:200]}' is not part of the contract.")
    return _build(kind, value, streams)


def _placed_stream(value: dict[str, Any], streams: list[DataStream]) -> DataStream:
    length, identity = value.get("length"), value.get("id")
    if not _is_int(length) or length < 0 or not isinstance(identity, uuid.UUID):
        raise ProtocolBroken("A data stream is announced without an id or with a negative length.")
    if len(streams) >= _MOST_STREAMS or any(one.id == identity for one in streams):
        raise ProtocolBroken(f"A message announces a data stream twice, or more than {_MOST_STREAMS} of them.")
    stream = DataStream(length)
    stream.id = identity
    streams.append(stream)
    return stream


@cache
def _members_of(kind: type) -> tuple[tuple[str, str, Any], ...]:
    """Each member as the attribute, the name it is found by, and its type."""
    hints = typing.get_type_hints(kind)
    return tuple((one.name, one.name.replace("_", ""), hints[one.name]) for one in dataclasses.fields(kind))


def _build(kind: type, value: dict[str, Any], streams: list[DataStream]) -> Any:
    given = {key.lower(): item for key, item in value.items()}
    arguments: dict[str, Any] = {}
    for attribute, name, hint in _members_of(kind):
        if name in given:
            arguments[attribute] = _fit(hint, given[name], streams, f"{kind.__name__}.{_wire_name(attribute)}")
    try:
        return kind(**arguments)
    except TypeError as error:
        raise ProtocolBroken(f"A {kind.__name__} lacks a member: {error}.") from error


def _fit(hint: Any, value: Any, streams: list[DataStream], place: str) -> Any:
    """The value as the hint asks; ProtocolBroken names the place of one that is something else."""
    origin = typing.get_origin(hint)
    if origin in (types.UnionType, typing.Union):
        inner = next(one for one in typing.get_args(hint) if one is not type(None))
        return None if value is None else _fit(inner, value, streams, place)
    if origin is tuple and isinstance(value, list | None):
        inner = typing.get_args(hint)[0]
        return tuple(_fit(inner, item, streams, place) for item in value or ())
    if origin is dict and isinstance(value, dict):
        return {key: _fit(str, item, streams, place) for key, item in value.items()}
    if isinstance(hint, type) and (fitting := _fit_plain(hint, value)) is not None:
        return fitting
    if isinstance(value, dict) and hint is DataStream:
        return _placed_stream(value, streams)
    if isinstance(value, dict) and dataclasses.is_dataclass(hint):
        return _build(typing.cast("type", hint), value, streams)
    raise ProtocolBroken(f"{place} is a {type(value).__name__}, which does not fit.")


def _fit_plain(hint: type, value: Any) -> Any:
    """None when it does not fit. Where .NET may write null for a text, that is an empty one."""
    if hint is str and isinstance(value, str | None):
        return value or ""
    if hint is datetime and isinstance(value, datetime | None):
        return value or datetime.now(UTC)
    if hint is timedelta and isinstance(value, str):
        return parse_timespan(value)
    if issubclass(hint, IntEnum) and _is_int(value) and value in set(hint):
        return hint(value)
    if hint is int and _is_int(value):
        return value
    return None


def _is_int(value: Any) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool)
