"""The binary formats in which clients send a new file as its difference from one that the server has.

A *signature* lists the chunks of the old file: the length of each, a checksum that can be rolled along a file byte by
byte, and its SHA-1. A *delta* says how the new file is put together: of ranges of the old file and of new bytes. It
begins with the SHA-1 of the new file. Numbers are little-endian; names are preceded by their length.

Both are read and written as streams of bytes, so that files of any size pass through; no I/O happens here but that of
the files that are handed in.
"""

from __future__ import annotations

import hashlib
import struct
from dataclasses import dataclass
from itertools import accumulate
from typing import BinaryIO, Callable, Iterable, Iterator, Union

from polpo.kernel.errors import Invalid

CHUNK = 2048
MOST_IN_A_PIECE = 1 << 20

_VERSION = b"\x01"
_HASH = b"\x04SHA1"
_END = b">>>"
_SIGNATURE = b"OCTOSIG" + _VERSION + _HASH + b"\x07Adler32" + _END
_DELTA = b"OCTODELTA" + _VERSION + _HASH + struct.pack("<i", 20)
_COPY, _DATA = b"\x60", b"\x80"

#: Reads this many bytes, fewer at the end.
Read = Callable[[int], bytes]


class InvalidDelta(Invalid):
    """The delta breaks the format, or does not fit the file that it was said to be made from."""


def signature_of(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """The signature of a file that arrives in chunks of `CHUNK` bytes, the last one shorter."""
    yield _SIGNATURE
    for chunk in chunks:
        if chunk:
            digest = hashlib.sha1(chunk, usedforsecurity=False).digest()
            yield struct.pack("<hI", len(chunk), checksum(chunk)) + digest


def checksum(chunk: bytes) -> int:
    """Like Adler-32, but modulo 65536: the sum of the bytes, and the sum of all sums on the way there."""
    low = 1 + sum(chunk)
    high = len(chunk) + sum(accumulate(chunk))
    return (high & 0xFFFF) << 16 | low & 0xFFFF


@dataclass(frozen=True)
class Copy:
    """Bytes of the old file."""

    start: int
    length: int


@dataclass(frozen=True)
class Delta:
    """`sha1` is that of the new file, in lower-case hex. `parts` are ranges of the old file and new bytes, in order.

    The parts can be read once, and raise InvalidDelta where the format is broken.
    """

    sha1: str
    parts: Iterator[Copy | bytes]


def read_delta(read: Read) -> Delta:
    """Raises InvalidDelta when it is none."""
    if _exactly(read, len(_DELTA)) != _DELTA:
        raise InvalidDelta("The delta does not begin as one with SHA-1 hashes does.")
    digest = _exactly(read, 20)
    if _exactly(read, len(_END)) != _END:
        raise InvalidDelta("The head of the delta does not end where it should.")
    return Delta(digest.hex(), _parts(read))


def encode_delta(sha1: str, parts: Iterable[Union[Copy, bytes]]) -> Iterator[bytes]:
    """The delta of a file with this SHA-1, in hex, piece by piece."""
    yield _DELTA + bytes.fromhex(sha1) + _END
    for part in parts:
        if isinstance(part, Copy):
            yield _COPY + struct.pack("<qq", part.start, part.length)
        else:
            yield _DATA + struct.pack("<q", len(part))
            yield part


def put_together(delta: Delta, base: BinaryIO) -> Iterator[bytes]:
    """The new file, piece by piece; whether it is the right one, its hash will say. InvalidDelta when it cannot be."""
    for part in delta.parts:
        if isinstance(part, Copy):
            yield from _range(base, part)
        else:
            yield part


def _range(base: BinaryIO, part: Copy) -> Iterator[bytes]:
    base.seek(part.start)
    left = part.length
    while left:
        piece = base.read(min(left, MOST_IN_A_PIECE))
        if not piece:
            raise InvalidDelta("The delta copies a range that its base does not have.")
        left -= len(piece)
        yield piece


def _parts(read: Read) -> Iterator[Copy | bytes]:
    while command := read(1):
        if command == _COPY:
            start, length = struct.unpack("<qq", _exactly(read, 16))
            if start < 0 or length < 0:
                raise InvalidDelta("The delta copies a range that no file has.")
            yield Copy(start, length)
        elif command == _DATA:
            [length] = struct.unpack("<q", _exactly(read, 8))
            if length < 0:
                raise InvalidDelta("The delta announces less than no data.")
            yield from _data(read, length)
        else:
            raise InvalidDelta(f"The delta has the unknown command 0x{command.hex()}.")


def _data(read: Read, length: int) -> Iterator[bytes]:
    while length:
        piece = read(min(length, MOST_IN_A_PIECE))
        if not piece:
            raise InvalidDelta("The delta ends in the middle of its data.")
        length -= len(piece)
        yield piece


def _exactly(read: Read, length: int) -> bytes:
    found = read(length)
    if len(found) != length:
        raise InvalidDelta("The delta ends before it is complete.")
    return found
