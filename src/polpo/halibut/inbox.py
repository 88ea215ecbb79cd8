"""Bytes from a peer, taken apart: control lines, messages, stream headers. No I/O.

`feed` adds what arrived; each `take_…` returns a whole unit, or None while it is incomplete. What a peer can make us
hold is bounded: lines by length, messages by their inflated size and the number of values in them.
"""

from __future__ import annotations

import re
import struct
import uuid
import zlib

from polpo.halibut import bson
from polpo.halibut.errors import ProtocolBroken
from polpo.halibut.messages import Message, from_document, to_document
from polpo.halibut.streams import DataStream

MAX_LINE = 20_000
MAX_MESSAGE = 64 * 1024 * 1024
_TWO_FEEDS = re.compile(rb"\n\r*\n")
_STREAM_HEADER = struct.Struct("<16sq")


class Inbox:
    def __init__(self) -> None:
        self._buffer = bytearray()
        self._seen = 0
        self._inflater: zlib._Decompress | None = None
        self._inflated = bytearray()
        self._compressed = 0
        self.has_ended = False

    def feed(self, data: bytes) -> None:
        self._buffer += data

    def end(self) -> None:
        """Nothing more will come."""
        self.has_ended = True

    def take_hello(self) -> str | None:
        """The first lines up to an empty one, up to the longest that is read, or up to the end of all.

        CR is dropped: line ends are those of the peer's machine.
        """
        end = self._end_of_hello()
        if end is None:
            return None
        text = bytes(self._buffer[:end]).replace(b"\r", b"").removesuffix(b"\n\n")
        del self._buffer[:end]
        return text.decode("utf-8", "replace")

    def _end_of_hello(self) -> int | None:
        """Looks only at what it has not seen: a peer may send byte by byte."""
        if found := _TWO_FEEDS.search(self._buffer, self._seen, MAX_LINE):
            return found.end()
        feed = self._buffer.rfind(b"\n", self._seen)
        self._seen = feed if feed >= 0 and not self._buffer[feed + 1 :].strip(b"\r") else len(self._buffer)
        is_all = self.has_ended or len(self._buffer) >= MAX_LINE
        return min(len(self._buffer), MAX_LINE) if is_all else None

    def take_line(self) -> str | None:
        """One line that ends in CRLF, without it."""
        end = self._buffer.find(b"\n", 0, MAX_LINE)
        if end < 0:
            if len(self._buffer) >= MAX_LINE:
                raise ProtocolBroken("A control line does not end.")
            return None
        if self._buffer.find(b"\r", 0, end + 1) != end - 1:
            raise ProtocolBroken("A control line does not end in CR LF.")
        line = bytes(self._buffer[: end - 1])
        del self._buffer[: end + 1]
        try:
            return line.decode()
        except UnicodeDecodeError as error:
            raise ProtocolBroken("A control line is not UTF-8.") from error

    def take_document(self) -> bytes | None:
        """A message as `parse_document` reads it. It ends where its deflate stream ends, the next byte is another's."""
        if self._inflater is None:
            self._inflater = zlib.decompressobj(-15)
        self._compressed += len(self._buffer)
        try:
            room = MAX_MESSAGE + 1 - len(self._inflated)
            self._inflated += self._inflater.decompress(bytes(self._buffer), room)
        except zlib.error as error:
            raise ProtocolBroken(f"A message is not compressed as the protocol asks: {error}.") from error
        if len(self._inflated) > MAX_MESSAGE or self._compressed > 2 * MAX_MESSAGE:
            self._inflater, self._inflated = None, bytearray()
            raise ProtocolBroken(f"A message is larger than {MAX_MESSAGE // 1024 // 1024} MB.")
        if not self._inflater.eof:
            self._buffer.clear()
            return None
        self._buffer = bytearray(self._inflater.unused_data)
        document = bytes(self._inflated)
        self._inflater, self._inflated, self._compressed = None, bytearray(), 0
        return document

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


def parse_document(document: bytes) -> tuple[Message, list[DataStream]]:
    """The message, and placeholders of the streams that follow it in some order."""
    return from_document(bson.decode(document))


def pack_message(message: Message) -> tuple[bytes, list[DataStream]]:
    """The compressed message, and the streams that must follow it in this order."""
    document, streams = to_document(message)
    deflater = zlib.compressobj(6, zlib.DEFLATED, -15)
    return deflater.compress(bson.encode(document)) + deflater.flush(), streams


def pack_stream_header(stream: DataStream) -> bytes:
    return _STREAM_HEADER.pack(stream.id.bytes_le, stream.length)


def pack_stream_trailer(stream: DataStream) -> bytes:
    return struct.pack("<q", stream.length)
