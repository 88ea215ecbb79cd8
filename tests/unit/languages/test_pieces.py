"""Differences of files by pieces: what is put together is the new file, and what both have in common is not sent."""

from __future__ import annotations

import hashlib
import io
import random

import pytest

from polpo.languages.octodiff import Copy, InvalidDelta, encode_delta, put_together, read_delta
from polpo.languages.pieces import LONGEST, SHORTEST, difference, pieces, signature_of


def noise(size: int, seed: int = 1) -> bytes:
    return random.Random(seed).randbytes(size)  # noqa: S311 - the same bytes in every run


OLD = noise(1 << 20)
TEXT = b"".join(b"line %d of a file that is not compressed\nand more of it\n" % number for number in range(20_000))


def sent(old: bytes, new: bytes) -> int:
    """How many bytes the delta has; checks that it makes the new file."""
    sha1 = hashlib.sha1(new, usedforsecurity=False).hexdigest()
    encoded = b"".join(encode_delta(sha1, difference(b"".join(signature_of(old)), new)))
    read = read_delta(io.BytesIO(encoded).read)
    assert b"".join(put_together(read, io.BytesIO(old))) == new
    assert read.sha1 == sha1
    return len(encoded)


@pytest.mark.parametrize(
    ("old", "new", "most"),
    [
        (OLD, OLD, 200),
        (OLD, OLD[:300_000] + b"inserted" + OLD[300_000:], 70_000),
        (OLD, noise(5000, 2) + OLD + noise(5000, 3), 80_000),
        (OLD, OLD[400_000:] + OLD[:400_000], 80_000),
        (OLD, OLD[:1000] + OLD[50_000:], 70_000),
        (TEXT, TEXT.replace(b"line 700 ", b"another line "), 70_000),
        (b"", OLD, (1 << 20) + 100),
        (OLD, b"", 100),
        (b"", b"", 100),
        (bytes(1 << 20), bytes((1 << 20) + 77), 500),
        (OLD, noise(1 << 20, 9), (1 << 20) + 100),
    ],
)
def test_delta_makes_the_new_file_and_holds_little_of_what_is_known(old: bytes, new: bytes, most: int) -> None:
    assert sent(old, new) <= most


@pytest.mark.parametrize("content", [OLD, TEXT, bytes(200_000), b"", b"a", noise(SHORTEST)])
def test_pieces_are_the_whole_file_and_of_bounded_length(content: bytes) -> None:
    found = list(pieces(content))
    assert b"".join(content[start:end] for start, end in found) == content
    assert all(end - start <= LONGEST for start, end in found)
    assert all(end - start >= SHORTEST for start, end in found[:-1])


def test_neighbours_are_copied_at_once() -> None:
    assert list(difference(b"".join(signature_of(OLD)), OLD)) == [Copy(0, len(OLD))]


@pytest.mark.parametrize("signature", [b"", b"nonsense", b"POLPOSIG\x01short"])
def test_what_is_no_signature_is_refused(signature: bytes) -> None:
    with pytest.raises(InvalidDelta):
        list(difference(signature, b"new"))


def test_range_that_the_base_does_not_have_is_refused() -> None:
    read = read_delta(io.BytesIO(b"".join(encode_delta("00" * 20, [Copy(5, 10)]))).read)
    with pytest.raises(InvalidDelta, match="range"):
        list(put_together(read, io.BytesIO(b"short")))
