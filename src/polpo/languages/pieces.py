"""What two versions of a file have in common, found fast: both are cut into pieces where their content says so.

A cut depends on a few bytes around it alone, so what is inserted or left out moves the cuts after it along, and all
pieces that are untouched are found again by their hashes. The *signature* of one file lists its pieces; from it and the
other file comes the difference, as copies and new bytes in the order of the new file (see `octodiff` for its format).

Packages are compressed for the most part, so the patterns at which is cut are those of random bytes and of text. All of
it is pure and in the syntax of Python 3.8; the loops over bytes are those of `re` and `hashlib`.
"""

from __future__ import annotations

import hashlib
import mmap
import re
import struct
from typing import Dict, Iterator, List, Tuple, Union

from polpo.languages.octodiff import Copy, InvalidDelta

#: Bytes, or a file that is mapped into memory.
Content = Union[bytes, mmap.mmap]

SHORTEST, LONGEST = 1 << 10, 1 << 16
_CUT = re.compile(rb"[\x80-\x8f][\x20-\x2f][\xc0-\xcf]|\n[a-f#/<]")
_HEAD = b"POLPOSIG\x01"
_ROW = struct.Struct("<I16s")


def pieces(content: Content) -> Iterator[Tuple[int, int]]:
    """Where each piece begins and ends: none is longer than `LONGEST`, only the last one shorter than `SHORTEST`."""
    start, size = 0, len(content)
    while start < size:
        longest = min(start + LONGEST, size)
        found = _CUT.search(content, start + SHORTEST, longest) if longest - start > SHORTEST else None
        end = found.end() if found else longest
        yield start, end
        start = end


def signature_of(content: Content) -> Iterator[bytes]:
    yield _HEAD
    for start, end in pieces(content):
        yield _ROW.pack(end - start, _digest(content[start:end]))


def difference(signature: bytes, content: Content) -> Iterator[Union[Copy, bytes]]:
    """The new file as ranges of the one that the signature is of, and bytes that it has not."""
    known = _places(signature)
    copied = Copy(0, 0)
    fresh: List[bytes] = []
    for start, end in pieces(content):
        piece = content[start:end]
        place = known.get((len(piece), _digest(piece)))
        if place is None:
            if copied.length:
                yield copied
                copied = Copy(0, 0)
            fresh.append(piece)
        elif copied.length and place == copied.start + copied.length:
            copied = Copy(copied.start, copied.length + len(piece))
        else:
            yield from _ended(copied, fresh)
            copied, fresh = Copy(place, len(piece)), []
    yield from _ended(copied, fresh)


def _ended(copied: Copy, fresh: List[bytes]) -> Iterator[Union[Copy, bytes]]:
    """What was gathered: one of the two, or nothing at the beginning."""
    if copied.length:
        yield copied
    if fresh:
        yield b"".join(fresh)


def _places(signature: bytes) -> Dict[Tuple[int, bytes], int]:
    rows = signature[len(_HEAD) :]
    if not signature.startswith(_HEAD) or len(rows) % _ROW.size:
        raise InvalidDelta("The signature of the file is none, or not complete.")
    places: Dict[Tuple[int, bytes], int] = {}
    at = 0
    for length, digest in _ROW.iter_unpack(rows):
        places.setdefault((length, digest), at)
        at += length
    return places


def _digest(piece: bytes) -> bytes:
    return hashlib.sha256(piece).digest()[:16]
