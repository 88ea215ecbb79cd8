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
    """The document in `data`; ProtocolBroken when the bytes are no BSON document, or nest too deeply."""
    try:
        document, end = _document(memoryview(data), 0, 0)
    except (struct.error, IndexError, UnicodeDecodeError, ValueError, OverflowError) as error:
        raise ProtocolBroken(f"A message is no valid BSON document: {error}.") from error
    if end != len(data):
        raise ProtocolBroken("A message goes on after its BSON document.")
    return document


def _document(data: memoryview, at: int, depth: int) -> tuple[dict[str, Any], int]:
    if depth > _MAX_DEPTH:
        raise ProtocolBroken(f"A message nests more than {_MAX_DEPTH} levels.")
    (size,) = struct.unpack_from("<i", data, at)
    end = at + size
    if size < 5 or end > len(data) or data[end - 1] != 0:
        raise ValueError("a document's length is wrong")
    document: dict[str, Any] = {}
    at += 4
    while at < end - 1:
        kind = data[at]
        name, at = _cstring(data, at + 1, end)
        document[name], at = _read(kind, data, at, end, depth)
    if at != end - 1:
        raise ValueError("an element runs over its document")
    return document, end


def _cstring(data: memoryview, at: int, end: int) -> tuple[str, int]:
    stop = bytes(data[at:end]).find(b"\0") if end - at < 4096 else bytes(data[at : at + 4096]).find(b"\0")
    if stop < 0:
        raise ValueError("a name does not end")
    return bytes(data[at : at + stop]).decode(), at + stop + 1


def _read(kind: int, data: memoryview, at: int, end: int, depth: int) -> tuple[Any, int]:
    if kind == 0x0A:
        return None, at
    if kind == 0x08:
        return data[at] != 0, at + 1
    if kind == 0x10:
        return struct.unpack_from("<i", data, at)[0], at + 4
    if kind == 0x12:
        return struct.unpack_from("<q", data, at)[0], at + 8
    if kind == 0x01:
        return struct.unpack_from("<d", data, at)[0], at + 8
    if kind == 0x02:
        return _text(data, at, end)
    if kind == 0x05:
        return _binary(data, at, end)
    if kind == 0x09:
        return _EPOCH + timedelta(milliseconds=struct.unpack_from("<q", data, at)[0]), at + 8
    if kind in (0x03, 0x04):
        document, after = _document(data, at, depth + 1)
        return (list(document.values()) if kind == 0x04 else document), after
    raise ValueError(f"type {kind:#x} is not used by the protocol")


def _text(data: memoryview, at: int, end: int) -> tuple[str, int]:
    (size,) = struct.unpack_from("<i", data, at)
    stop = at + 4 + size
    if size < 1 or stop > end:
        raise ValueError("a text's length is wrong")
    return bytes(data[at + 4 : stop - 1]).decode(), stop


def _binary(data: memoryview, at: int, end: int) -> tuple[bytes | uuid.UUID, int]:
    size, subtype = struct.unpack_from("<iB", data, at)
    stop = at + 5 + size
    if size < 0 or stop > end:
        raise ValueError("a binary's length is wrong")
    raw = bytes(data[at + 5 : stop])
    if subtype in (3, 4) and size == 16:
        return uuid.UUID(bytes_le=raw), stop
    return raw, stop
