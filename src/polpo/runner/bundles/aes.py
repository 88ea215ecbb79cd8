"""AES-256 in counter mode by nothing but Python: a target has no library for it, and no `openssl` for certain.

Only small texts are read with it. How long it takes depends on the key, which is of no use to anybody here: it works
on the machine of whoever knows the password, over a file that lies there.
"""

from __future__ import annotations

from typing import List, NamedTuple, Sequence

_ROUNDS = 14
_KEY_BYTES = 32
_BLOCK = 16
_WORD = 0xFFFFFFFF


class _Tables(NamedTuple):
    """The substitution of bytes, and for each place in a column its product with the column that mixes."""

    substitution: Sequence[int]
    mixed: Sequence[Sequence[int]]


def _doubled(value: int) -> int:
    return (value << 1) ^ (0x11B if value & 0x80 else 0)


def _tables() -> _Tables:
    """Worked out from the definition: inverses in the field of 256 elements, by powers of its generator 3."""
    powers, logarithms, power = [0] * 256, [0] * 256, 1
    for exponent in range(255):
        powers[exponent], logarithms[power] = power, exponent
        power ^= _doubled(power)
    substitution = []
    for value in range(256):
        inverse = powers[(255 - logarithms[value]) % 255] if value else 0
        spread = inverse
        for _ in range(4):
            inverse = (inverse << 1 | inverse >> 7) & 0xFF
            spread ^= inverse
        substitution.append(spread ^ 0x63)
    first = [_doubled(one) << 24 | one << 16 | one << 8 | (_doubled(one) ^ one) for one in substitution]
    mixed = [[(word >> 8 * turn | word << 32 - 8 * turn) & _WORD for word in first] for turn in range(4)]
    return _Tables(substitution, mixed)


_SUBSTITUTION, _MIXED = _tables()


def apply_counter_mode(key: bytes, counter: bytes, text: bytes) -> bytes:
    """Encrypts or decrypts, which is the same; `counter` is the first block, of 16 bytes, and grows by one a block."""
    if len(key) != _KEY_BYTES or len(counter) != _BLOCK:
        raise ValueError("AES-256 in counter mode takes a key of 32 bytes and a counter of 16.")
    schedule = _expand(key)
    start = int.from_bytes(counter, "big")
    stream = bytearray()
    for number in range((len(text) + _BLOCK - 1) // _BLOCK):
        stream += _encrypt(schedule, (start + number) % (1 << 128))
    covered = int.from_bytes(text, "big") ^ int.from_bytes(stream[: len(text)], "big")
    return covered.to_bytes(len(text), "big")


def _substituted(word: int) -> int:
    box = _SUBSTITUTION
    return box[word >> 24] << 24 | box[word >> 16 & 255] << 16 | box[word >> 8 & 255] << 8 | box[word & 255]


def _expand(key: bytes) -> List[int]:
    words = [int.from_bytes(key[at : at + 4], "big") for at in range(0, _KEY_BYTES, 4)]
    constant = 1
    for number in range(8, 4 * (_ROUNDS + 1)):
        word = words[-1]
        if number % 8 == 0:
            word = _substituted((word << 8 | word >> 24) & _WORD) ^ constant << 24
            constant = _doubled(constant)
        elif number % 8 == 4:
            word = _substituted(word)
        words.append(words[number - 8] ^ word)
    return words


def _encrypt(schedule: Sequence[int], block: int) -> bytes:
    box, (one, two, three, four) = _SUBSTITUTION, _MIXED
    columns = [(block >> shift & _WORD) ^ schedule[at] for at, shift in enumerate((96, 64, 32, 0))]
    for at in range(4, 4 * _ROUNDS, 4):
        a, b, c, d = columns
        columns = [
            one[w >> 24] ^ two[x >> 16 & 255] ^ three[y >> 8 & 255] ^ four[z & 255] ^ schedule[at + place]
            for place, (w, x, y, z) in enumerate(((a, b, c, d), (b, c, d, a), (c, d, a, b), (d, a, b, c)))
        ]
    a, b, c, d = columns
    last = 4 * _ROUNDS
    return b"".join(
        (
            (box[w >> 24] << 24 | box[x >> 16 & 255] << 16 | box[y >> 8 & 255] << 8 | box[z & 255])
            ^ schedule[last + place]
        ).to_bytes(4, "big")
        for place, (w, x, y, z) in enumerate(((a, b, c, d), (b, c, d, a), (c, d, a, b), (d, a, b, c)))
    )
