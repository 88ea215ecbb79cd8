"""Bytes from a peer, taken apart: control lines, messages, stream headers. No I/O.

`feed` adds what arrived; each `take_…` returns a whole unit, or None while it is incomplete. What a peer can make us
hold is bounded: lines by length, messages by their inflated size.
"""

from __future__ import annotations

import struct
import uuid
import zlib

from polpo.halibut import bson
from polpo.halibut.errors import ProtocolBroken
from polpo.halibut.messages import Message, from_document, to_document
from polpo.halibut.streams import DataStream

MAX_LINE = 20_000
MAX_MESSAGE = 64 * 1024 * 1024
_STREAM_HEADER = struct.Struct("<16sq")


class Inbox:
    def __init__(self) -> None:
        self._buffer = bytearray()
        self._inflater: zlib._Decompress | None = None
        self._inflated = bytearray()

    def feed(self, data: bytes) -> None:
        self._buffer += data

    def take_hello(self) -> str | None:
        """The first lines up to an empty one; CR is dropped, as the line ends are the peer's machine's own."""
        text = bytes(self._buffer[:MAX_LINE]).replace(b"\r", b"")
        end = text.find(b"\n\n")
        if end < 0:
            if len(self._buffer) >= MAX_LINE:
                raise ProtocolBroken("The peer's first line does not end.")
            return None
        self._consume_hello()
        return text[:end].decode("utf-8", "replace")

    def _consume_hello(self) -> None:
        feeds = 0
        for index, byte in enumerate(self._buffer):
            if byte == 0x0A:
                feeds += 1
                if feeds == 2:
                    del self._buffer[: index + 1]
                    return
            elif byte != 0x0D:
                feeds = 0

    def take_line(self) -> str | None:
        """One line that ends in CRLF, without it."""
        end = self._buffer.find(b"\n", 0, MAX_LINE)
        if end < 0:
            if len(self._buffer) >= MAX_LINE:
                raise ProtocolBroken("A control line does not end.")
            return None
        if end == 0 or self._buffer[end - 1] != 0x0D:
            raise ProtocolBroken("A control line does not end in CR LF.")
        line = bytes(self._buffer[: end - 1])
        del self._buffer[: end + 1]
        try:
            return line.decode()
        except UnicodeDecodeError as error:
            raise ProtocolBroken("A control line is not UTF-8.") from error

    def take_message(self) -> tuple[Message, list[DataStream]] | None:
        """A compressed message; it ends where its deflate stream ends, the next byte is another unit's."""
        if self._inflater is None:
            self._inflater = zlib.decompressobj(-15)
        try:
            room = MAX_MESSAGE + 1 - len(self._inflated)
            self._inflated += self._inflater.decompress(bytes(self._buffer), room)
        except zlib.error as error:
            raise ProtocolBroken(f"A message is not compressed as the protocol asks: {error}.") from error
        if len(self._inflated) > MAX_MESSAGE:
            raise ProtocolBroken(f"A message is larger than {MAX_MESSAGE // 1024 // 1024} MB.")
        self._buffer = bytearray(self._inflater.unconsumed_tail)
        if not self._inflater.eof:
            return None
        self._buffer = bytearray(self._inflater.unused_data)
        document = bytes(self._inflated)
        self._inflater, self._inflated = None, bytearray()
        return from_document(bson.decode(document))

    def take_stream_header(self) -> tuple[uuid.UUID, int] | None:
        if len(self._buffer) < _STREAM_HEADER.size:
            return None
        raw, length = _STREAM_HEADER.unpack_from(self._buffer)
        del self._buffer[: _STREAM_HEADER.size]
        if length < 0:
            raise ProtocolBroken("A data stream has a negative length.")
        return uuid.UUID(bytes_le=raw), length

    def take_bytes(self, most: int) -> bytes:
        """What is there, up to `most` bytes; empty when nothing is."""
        taken = bytes(self._buffer[:most])
        del self._buffer[:most]
        return taken

    def take_stream_trailer(self) -> int | None:
        if len(self._buffer) < 8:
            return None
        (length,) = struct.unpack_from("<q", self._buffer)
        del self._buffer[:8]
        return int(length)


def pack_message(message: Message) -> tuple[bytes, list[DataStream]]:
    """The compressed message, and the streams that must follow it in this order."""
    document, streams = to_document(message)
    deflater = zlib.compressobj(6, zlib.DEFLATED, -15)
    return deflater.compress(bson.encode(document)) + deflater.flush(), streams


def pack_stream_header(stream: DataStream) -> bytes:
    return _STREAM_HEADER.pack(stream.id.bytes_le, stream.length)


def pack_stream_trailer(stream: DataStream) -> bytes:
    return struct.pack("<q", stream.length)
