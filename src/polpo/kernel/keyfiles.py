"""Key files that come from outside: is what they ask of us to open them within reason?

A password-protected file says itself how often the password is hashed. Opening it costs as much as its maker wished,
and the libraries know no limit; so the numbers are read before the file is opened.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator
from dataclasses import dataclass

from polpo.kernel.errors import Invalid

#: About half a second each. Recommendations for PBKDF2 are below, those for bcrypt keys far below.
_MOST_ITERATIONS = 1_000_000
_MOST_ROUNDS = 500

_INTEGER, _OCTETS, _CONSTRUCTED, _INDEFINITE = 0x02, 0x04, 0x20, 0x80
_LONGEST_COUNT, _DEEPEST = 8, 24
_OPENSSH = b"openssh-key-v1\0"
_BEGIN, _DASHES, _LONGEST_LABEL = b"-----BEGIN ", b"-----", 40

#: A file with a long chain has some ten thousand bytes.
_LARGEST = 1 << 20


def decoded(field: str, text: str) -> bytes:
    """The bytes of a file that was sent as base64."""
    try:
        content = base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError):
        content = b""
    if not content:
        raise _refusal(f"{field}: send the file's content as base64.")
    if len(content) > _LARGEST:
        raise _refusal(f"{field}: the file has {len(content)} bytes; {_LARGEST} is the most.")
    return content


@dataclass(frozen=True)
class PemBlock:
    """What stands between BEGIN and END, and the block as a whole."""

    label: str
    body: bytes
    whole: bytes


def pem_blocks(field: str, content: bytes) -> list[PemBlock]:
    """The blocks in the order of the file; text around them is passed over."""
    found: list[PemBlock] = []
    at = 0
    while (start := content.find(_BEGIN, at)) >= 0:
        label = content[start + len(_BEGIN) : content.find(_DASHES, start + len(_BEGIN))]
        end = content.find(b"-----END " + label + _DASHES, start)
        if end < 0 or len(label) > _LONGEST_LABEL:
            raise _refusal(f"{field}: the file ends inside of a block, or is damaged.")
        at = end + len(b"-----END ") + len(label) + len(_DASHES)
        body = content[start + len(_BEGIN) + len(label) + len(_DASHES) : end]
        found.append(PemBlock(label.decode("ascii", "replace"), body, content[start:at]))
    return found


def refuse_costly(field: str, content: bytes) -> None:
    """Refuses DER whose password would be hashed more often than is reasonable."""
    if any(count > _MOST_ITERATIONS for count in _iterations(content, 0)):
        raise _refusal(f"{field}: its password is hashed more than {_MOST_ITERATIONS} times; save the file with fewer.")


def refuse_costly_pem(field: str, body: bytes) -> None:
    """The same for what stands between BEGIN and END, be it DER or the key of OpenSSH."""
    try:
        content = base64.b64decode(b"".join(body.split()), validate=True)
    except (binascii.Error, ValueError):
        return  # a form with headers, whose passphrase is hashed once
    if content.startswith(_OPENSSH):
        _refuse_costly_openssh(field, content)
    else:
        refuse_costly(field, content)


def _refuse_costly_openssh(field: str, content: bytes) -> None:
    """The rounds stand behind the salt in the derivation's options."""
    _, rest = _text(content[len(_OPENSSH) :])  # the cipher
    _, rest = _text(rest)  # the derivation
    options, _ = _text(rest)
    _, rounds = _text(options)
    if int.from_bytes(rounds[:4]) > _MOST_ROUNDS:
        raise _refusal(f"{field}: its passphrase is hashed in more than {_MOST_ROUNDS} rounds; save it with fewer.")


def _text(data: bytes) -> tuple[bytes, bytes]:
    end = 4 + int.from_bytes(data[:4])
    return data[4:end], data[end:]


def _iterations(data: bytes, depth: int) -> Iterator[int]:
    """Numbers that stand right behind an octet string: the place of a count behind its salt, in every scheme."""
    before = 0
    for tag, value in _values(data):
        if tag == _INTEGER and before == _OCTETS and len(value) <= _LONGEST_COUNT:
            yield int.from_bytes(value)
        elif (tag & _CONSTRUCTED or tag == _OCTETS) and depth < _DEEPEST:
            yield from _iterations(value, depth + 1)
        before = tag


def _values(data: bytes) -> list[tuple[int, bytes]]:
    """Tag and content of each value in a row; none, if the bytes as a whole are no such row, as ciphertext is not."""
    found: list[tuple[int, bytes]] = []
    at = 0
    while at + 2 <= len(data):
        tag, size = data[at], data[at + 1]
        at += 2
        if size == _INDEFINITE:  # what follows is walked as if it stood here
            continue
        if size > _INDEFINITE:
            digits = size - _INDEFINITE
            size = int.from_bytes(data[at : at + digits])
            at += digits
        found.append((tag, data[at : at + size]))
        at += size
    return found if at == len(data) else []


def _refusal(sentence: str) -> Invalid:
    return Invalid(sentence, [sentence])
