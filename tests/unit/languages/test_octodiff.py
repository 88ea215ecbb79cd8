"""Signatures and deltas, against an encoder that is written here from the description of the formats alone."""

from __future__ import annotations

import hashlib
import io
import random
import struct
import zlib
from functools import partial

import pytest

from polpo.languages.octodiff import CHUNK, Copy, InvalidDelta, checksum, read_delta, signature_of

sha1 = partial(hashlib.sha1, usedforsecurity=False)


def signed(content: bytes) -> bytes:
    return b"".join(signature_of(content[at : at + CHUNK] for at in range(0, len(content), CHUNK)))


def slow_checksum(block: bytes) -> int:
    """Byte by byte, as the format's description has it."""
    low, high = 1, 0
    for byte in block:
        low = (low + byte) % 65536
        high = (high + low) % 65536
    return high * 65536 + low


def delta(new: bytes, *parts: tuple[int, int] | bytes) -> bytes:
    """A delta for `new`, of ranges (start, length) and new bytes."""
    made = b"OCTODELTA\x01\x04SHA1" + struct.pack("<i", 20) + sha1(new).digest() + b">>>"
    for part in parts:
        if isinstance(part, bytes):
            made += b"\x80" + struct.pack("<q", len(part)) + part
        else:
            made += b"\x60" + struct.pack("<qq", *part)
    return made


def test_signature_lists_length_checksum_and_hash_of_every_chunk() -> None:
    content = random.Random(7).randbytes(2 * CHUNK + 100)  # noqa: S311 - the same bytes in every run

    made = signed(content)

    assert made.startswith(b"OCTOSIG\x01\x04SHA1\x07Adler32>>>")
    rows = made[len(b"OCTOSIG\x01\x04SHA1\x07Adler32>>>") :]
    found = list(struct.iter_unpack("<hI20s", rows))
    chunks = [content[:CHUNK], content[CHUNK : 2 * CHUNK], content[2 * CHUNK :]]
    assert found == [(len(one), slow_checksum(one), sha1(one).digest()) for one in chunks]


def test_signature_of_nothing_is_its_head() -> None:
    assert signed(b"") == b"OCTOSIG\x01\x04SHA1\x07Adler32>>>"


@pytest.mark.parametrize("block", [b"", b"a", b"Wikipedia", b"\xff" * CHUNK, bytes(range(256)) * 8])
def test_checksum_is_that_of_the_description(block: bytes) -> None:
    assert checksum(block) == slow_checksum(block)


def test_checksum_is_adler_32_while_the_sums_are_small() -> None:
    assert checksum(b"Wikipedia") == zlib.adler32(b"Wikipedia") == 0x11E60398


def test_delta_is_read_part_by_part() -> None:
    big = b"x" * (3 << 20)
    read = read_delta(io.BytesIO(delta(b"new", (5, 7), b"abc", b"", (0, 0), big)).read)

    parts = list(read.parts)

    assert read.sha1 == sha1(b"new").hexdigest()
    assert parts[:3] == [Copy(5, 7), b"abc", Copy(0, 0)]
    assert b"".join(part for part in parts[3:] if isinstance(part, bytes)) == big
    assert max(len(part) for part in parts if isinstance(part, bytes)) == 1 << 20


@pytest.mark.parametrize(
    ("made", "sentence"),
    [
        (b"", "before it is complete"),
        (b"PK\x03\x04" + b"0" * 60, "does not begin as one"),
        (delta(b"x").replace(b"DELTA\x01", b"DELTA\x02"), "does not begin as one"),
        (delta(b"x").replace(b"SHA1", b"MD55"), "does not begin as one"),
        (delta(b"x")[:30], "before it is complete"),
        (delta(b"x").replace(b">>>", b"<<<"), "does not end where it should"),
        (delta(b"x") + b"\x01", "unknown command 0x01"),
        (delta(b"x") + b"\x60\x00", "before it is complete"),
        (delta(b"x", (-1, 5)), "a range that no file has"),
        (delta(b"x", (1, -5)), "a range that no file has"),
        (delta(b"x") + b"\x80" + struct.pack("<q", -1), "less than no data"),
        (delta(b"x") + b"\x80" + struct.pack("<q", 1 << 60) + b"abc", "in the middle of its data"),
    ],
)
def test_broken_delta_is_told_by_what_is_wrong(made: bytes, sentence: str) -> None:
    with pytest.raises(InvalidDelta, match=sentence):
        list(read_delta(io.BytesIO(made).read).parts)
