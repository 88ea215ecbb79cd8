"""BSON as .NET's Json.NET writes and reads it (contract: halibut.md, section 6).

Its GUIDs are subtype 4 with the first three groups little-endian, unlike everybody else's, hence no library.
"""

from __future__ import annotations

import struct
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

from polpo.halibut.errors import ProtocolBroken

_MAX_DEPTH = 64
_MAX_ELEMENTS = 2_000_000  # a script's output of half a million lines
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_INT32 = 2**31


class Int64(int):
    """A whole number that is written as 64 bits, whatever its size."""


def encode(document: dict[str, Any]) -> bytes:
    """A document; values are None, bool, int, Int64, float, str, bytes, UUID, datetime, dict and list."""
    body = b"".join(_element(name, value) for name, value in document.items())
    return struct.pack("<i", len(body) + 5) + body + b"\0"


def _element(name: str, value: Any) -> bytes:
    kind, content = _value(value)
    return bytes([kind]) + name.encode() + b"\0" + content


def _value(value: Any) -> tuple[int, bytes]:
    if value is None:
        return 0x0A, b""
    if isinstance(value, bool):
        return 0x08, bytes([value])
    if isinstance(value, int):
        wide = isinstance(value, Int64) or not -_INT32 <= value < _INT32
        return (0x12, struct.pack("<q", value)) if wide else (0x10, struct.pack("<i", value))
    if isinstance(value, float):
        return 0x01, struct.pack("<d", value)
    if isinstance(value, str):
        raw = value.encode("utf-8", "replace")
        return 0x02, struct.pack("<i", len(raw) + 1) + raw + b"\0"
    if isinstance(value, uuid.UUID):
        return 0x05, struct.pack("<iB", 16, 4) + value.bytes_le
    if isinstance(value, bytes):
        return 0x05, struct.pack("<iB", len(value), 0) + value
    if isinstance(value, datetime):
        return 0x09, struct.pack("<q", (value - _EPOCH) // timedelta(milliseconds=1))
    if isinstance(value, dict):
        return 0x03, encode(value)
    if isinstance(value, list | tuple):
        return 0x04, encode({str(index): item for index, item in enumerate(value)})
    raise TypeError(f"{type(value).__name__} has no BSON form")


def decode(data: bytes) -> dict[str, Any]:
    """The document in `data`; ProtocolBroken when the bytes are no BSON document, nest too deeply or hold too much."""
    reader = _Reader(data)
    try:
        document, end = reader.document(0, 0)
    except (struct.error, IndexError, UnicodeDecodeError, ValueError, OverflowError) as error:
        raise ProtocolBroken(f"A message is no valid BSON document: {error}.") from error
    if end != len(data):
        raise ProtocolBroken("A message goes on after its BSON document.")
    return document


_INT, _LONG, _DOUBLE, _BINARY = (struct.Struct(form) for form in ("<i", "<q", "<d", "<iB"))


class _Reader:
    """Reads from one message, whose elements it counts: each costs many times its bytes in memory."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._left = _MAX_ELEMENTS

    def document(self, at: int, depth: int) -> tuple[dict[str, Any], int]:
        """The document that begins there, and where it ends."""
        found: dict[str, Any] = {}
        end = self._end(at, depth)
        at += 4
        while at < end - 1:
            kind = self._data[at]
            name, at = self._name(at + 1, end)
            found[name], at = self._value(kind, at, end, depth)
        if at != end - 1:
            raise ValueError("an element runs over its document")
        return found, end

    def _items(self, at: int, depth: int) -> tuple[list[Any], int]:
        """The same for an array; its keys are positions and say nothing."""
        found: list[Any] = []
        end = self._end(at, depth)
        at += 4
        while at < end - 1:
            kind = self._data[at]
            _, at = self._name(at + 1, end)
            value, at = self._value(kind, at, end, depth)
            found.append(value)
        if at != end - 1:
            raise ValueError("an element runs over its array")
        return found, end

    def _end(self, at: int, depth: int) -> int:
        if depth > _MAX_DEPTH:
            raise ProtocolBroken(f"A message nests more than {_MAX_DEPTH} levels.")
        (size,) = _INT.unpack_from(self._data, at)
        end: int = at + size
        if size < 5 or end > len(self._data) or self._data[end - 1] != 0:
            raise ValueError("a document's length is wrong")
        return end

    def _name(self, at: int, end: int) -> tuple[str, int]:
        self._left -= 1
        if self._left < 0:
            raise ProtocolBroken(f"A message holds more than {_MAX_ELEMENTS} values.")
        stop = self._data.find(b"\0", at, end)
        if stop < 0:
            raise ValueError("a name does not end")
        return self._data[at:stop].decode(), stop + 1

    def _value(self, kind: int, at: int, end: int, depth: int) -> tuple[Any, int]:
        data = self._data
        if kind == 0x02:
            return self._text(at, end)
        if kind == 0x0A:
            return None, at
        if kind == 0x08:
            return data[at] != 0, at + 1
        if kind == 0x10:
            return _INT.unpack_from(data, at)[0], at + 4
        if kind == 0x12:
            return _LONG.unpack_from(data, at)[0], at + 8
        if kind == 0x01:
            return _DOUBLE.unpack_from(data, at)[0], at + 8
        if kind == 0x05:
            return self._binary(at, end)
        if kind == 0x09:
            return _EPOCH + timedelta(milliseconds=_LONG.unpack_from(data, at)[0]), at + 8
        if kind == 0x03:
            return self.document(at, depth + 1)
        if kind == 0x04:
            return self._items(at, depth + 1)
        raise ValueError(f"type {kind:#x} is not used by the protocol")

    def _text(self, at: int, end: int) -> tuple[str, int]:
        (size,) = _INT.unpack_from(self._data, at)
        stop = at + 4 + size
        if size < 1 or stop > end:
            raise ValueError("a text's length is wrong")
        return self._data[at + 4 : stop - 1].decode(), stop

    def _binary(self, at: int, end: int) -> tuple[bytes | uuid.UUID, int]:
        size, subtype = _BINARY.unpack_from(self._data, at)
        stop = at + 5 + size
        if size < 0 or stop > end:
            raise ValueError("a binary's length is wrong")
        raw = self._data[at + 5 : stop]
        if subtype in (3, 4) and size == 16:
            return uuid.UUID(bytes_le=raw), stop
        return raw, stop
