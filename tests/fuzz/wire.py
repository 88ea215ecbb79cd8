"""`python tests/fuzz/wire.py --seconds 60`: damaged and made-up bytes for everything that reads what a peer sends.

Whatever comes, it is read or refused with a ProtocolBroken (of a proxy: CannotConnect), and costs bounded memory. Ends
with 1 at the first that does otherwise, and prints the bytes and the seed.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
import tracemalloc
import zlib
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from polpo.halibut import bson
from polpo.halibut.contracts import ScriptFile, ScriptTicket, StartScriptCommandV2
from polpo.halibut.errors import CannotConnect, ProtocolBroken
from polpo.halibut.inbox import Inbox, pack_message, parse_document
from polpo.halibut.messages import Failure, Request, Response, to_document
from polpo.halibut.proxying import ConnectDialogue
from polpo.halibut.streams import DataStream
from unit.halibut.test_dialogues import CONVERSATIONS, play

_MOST_MEMORY = 200 * 1024 * 1024
_COMMAND = StartScriptCommandV2(
    ScriptTicket("abc"),
    "echo hi",
    "ServerTasks-1",
    timedelta(seconds=5),
    files=(ScriptFile("a", DataStream.of_bytes(b"123")),),
    arguments=("x",),
)
_MESSAGES = (
    None,
    Request("1", "IScriptServiceV2", "StartScript", (_COMMAND,)),
    Response("1", _COMMAND),
    Response("1", error=Failure.of_service("x")),
)


def _documents(chance: random.Random) -> None:
    document = bson.encode(to_document(chance.choice(_MESSAGES))[0])
    parse_document(_damaged(document, chance))


def _compressed(chance: random.Random) -> None:
    packed, _ = pack_message(chance.choice(_MESSAGES))
    inbox = Inbox()
    for piece in _cut(_damaged(packed, chance), chance):
        inbox.feed(piece)
        if document := inbox.take_document():
            parse_document(document)


def _bombs(chance: random.Random) -> None:
    deflater = zlib.compressobj(1, zlib.DEFLATED, -15)
    pieces = [deflater.compress(bytes([chance.randrange(4)]) * (1 << chance.randrange(12, 22))) for _ in range(8)]
    inbox = Inbox()
    inbox.feed(b"".join(pieces) + deflater.flush())
    if document := inbox.take_document():
        parse_document(document)


def _conversations(chance: random.Random) -> None:
    dialogue, heard, _, _ = chance.choice(list(CONVERSATIONS.values()))
    play(dialogue(), _damaged(heard, chance), chance.choice((0, 1, 3, 50)))


def _streams(chance: random.Random) -> None:
    inbox = Inbox()
    inbox.feed(chance.randbytes(chance.randrange(40)))
    inbox.take_stream_header()
    inbox.take_bytes(chance.randrange(10))
    inbox.take_stream_trailer()


def _proxies(chance: random.Random) -> None:
    dialogue = ConnectDialogue("proxy:1", "host", 2)
    answers = (b"HTTP/1.1 200 OK\r\n\r\n", b"HTTP/1.0 407 Who?\r\nA: b\r\n\r\n", b"HTTP/1.1 503 \xff\r\n\r\n")
    for byte in _damaged(chance.choice(answers), chance):
        if dialogue.feed(bytes([byte])):
            return
    dialogue.feed(b"")


_READERS: tuple[Callable[[random.Random], None], ...] = (
    _documents,
    _compressed,
    _bombs,
    _conversations,
    _streams,
    _proxies,
)


def _damaged(data: bytes, chance: random.Random) -> bytes:
    """Some bytes other ones, some left out, some doubled, some numbers extreme."""
    damaged = bytearray(data)
    for _ in range(chance.randrange(6)):
        at = chance.randrange(len(damaged) + 1)
        kind = chance.randrange(4)
        if kind == 0:
            damaged[at : at + 1] = chance.randbytes(1)
        elif kind == 1:
            del damaged[at : at + chance.randrange(1, 20)]
        elif kind == 2:
            damaged[at:at] = damaged[at : at + chance.randrange(1, 50)]
        else:
            damaged[at : at + 4] = chance.choice((b"\xff\xff\xff\x7f", b"\0\0\0\x80", b"\xff\xff\xff\xff", b"\0\0\0\0"))
    return bytes(damaged)


def _cut(data: bytes, chance: random.Random) -> list[bytes]:
    size = chance.choice((1, 7, 100, len(data) or 1))
    return [data[at : at + size] for at in range(0, len(data), size)]


def run(seconds: float, seed: int) -> Counter[str]:
    """How often each reader read and refused. Raises what should not happen, with the number of the attempt."""
    counts: Counter[str] = Counter()
    end, number = time.monotonic() + seconds, 0
    while time.monotonic() < end:
        number += 1
        reader = _READERS[number % len(_READERS)]
        try:
            reader(random.Random(f"{seed}-{number}"))  # noqa: S311 - repeatable on purpose
            counts[f"{reader.__name__[1:]} read"] += 1
        except (ProtocolBroken, CannotConnect):
            counts[f"{reader.__name__[1:]} refused"] += 1
        except Exception as error:
            raise AssertionError(f"attempt {number} of the seed {seed} at {reader.__name__[1:]}") from error
    return counts


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", type=int, default=time.time_ns() % 2**32)
    told = parser.parse_args()
    tracemalloc.start()
    counts = run(told.seconds, told.seed)
    peak = tracemalloc.get_traced_memory()[1]
    print(f"seed {told.seed}, {counts.total()} attempts, at most {peak // 1024 // 1024} MB")
    for what, count in sorted(counts.items()):
        print(f"{count:8} {what}")
    return 1 if peak > _MOST_MEMORY else 0


if __name__ == "__main__":
    sys.exit(main())
