"""Who says what in which order, as bytes: what is heard, what is said, and what comes of it."""

from __future__ import annotations

from typing import Any

import pytest

from polpo.halibut.dialogues import (
    CLIENT,
    Dialogue,
    Guest,
    Hear,
    ask,
    go_on,
    greet,
    introduce,
    let_go_on,
    receive,
    subscriber,
)
from polpo.halibut.errors import ProtocolBroken
from polpo.halibut.inbox import Inbox, pack_message, parse_document
from polpo.halibut.messages import Request, Response

GONE = "gone"
NULL, _ = pack_message(None)
REQUEST = Request("1", "Test", "Ask")


def play(dialogue: Dialogue[Any], heard: bytes, piece: int = 0) -> tuple[list[bytes], Any]:
    """The units that were said, and the outcome; GONE when it still listened at the end of what was to be heard.

    What is heard arrives in pieces of this size; 0 for all at once.
    """
    inbox, said, pieces = Inbox(), [], [heard]
    if piece:
        pieces = [heard[at : at + piece] for at in range(0, len(heard), piece)]
    unit: Any = None
    while True:
        try:
            step = dialogue.send(unit)
        except StopIteration as end:
            return said, end.value
        if not isinstance(step, Hear):
            said.append(step.unit if isinstance(step.unit, bytes) else pack_message(step.unit)[0])
            unit = None
            continue
        while (unit := take(inbox, step)) is None:
            if inbox.has_ended:
                return said, GONE
            inbox.feed(pieces.pop(0)) if pieces else inbox.end()
        unit = unit[0]


def take(inbox: Inbox, step: Hear) -> list[Any] | None:
    if step.unit == "message":
        document = inbox.take_document()
        return None if document is None else [parse_document(document)[0]]
    unit = inbox.take_hello() if step.unit == "hello" else inbox.take_line()
    return None if unit is None else [unit]


SERVER = b"MX-SERVER 1.0\r\n\r\n"
CONVERSATIONS = {
    "a client introduces itself": (
        lambda: introduce(CLIENT),
        SERVER,
        [b"MX\r\n\r\n", b"MX-CLIENT 1.0\r\n\r\n"],
        None,
    ),
    "a subscriber introduces itself": (
        lambda: introduce(subscriber("poll://abc/")),
        b"MX-SERVER 2.0 and more\r\n\r\n",
        [b"MX\r\n\r\n", b"MX-SUBSCRIBER 1.0 poll://abc/\r\n\r\n"],
        None,
    ),
    "nobody answers the introduction": (
        lambda: introduce(CLIENT),
        b"MX-SERV",
        [b"MX\r\n\r\n", b"MX-CLIENT 1.0\r\n\r\n"],
        GONE,
    ),
    "a greeting of Windows": (greet, b"MX\r\n\r\nMX-", [], None),
    "a greeting of Linux": (greet, b"MX\n\nMX-", [], None),
    "a browser": (greet, b"GET / HTTP/1.1\r\nHost: a\r\n\r\n", [], "/"),
    "a handshake": (greet, b"POST /handshake HTTP/1.1\r\nContent-Length: 0\r\n\r\n", [], "/handshake"),
    "a discovery": (greet, b"HELLO\r\n\r\n", [], "/"),
    "a browser whose cookies do not end": (greet, b"GET / HTTP/1.1\r\nCookie: " + b"x" * 30_000, [], "/"),
    "somebody who says one line and leaves": (greet, b"hi there", [], "there"),
    "a client comes in": (receive, b"MX-CLIENT 1.0\r\n\r\n", [SERVER], Guest()),
    "a subscriber comes in": (receive, b"MX-SUBSCRIBER 1.0 poll://abc/\r\n\r\n", [SERVER], Guest("poll://abc/")),
    "half an identity": (receive, b"MX-CLIENT 1.0\r\n", [], GONE),
    "it may go on": (go_on, b"\r\n\r\nPROCEED\r\n", [b"NEXT\r\n"], True),
    "it may not go on": (go_on, b"END\r\n", [b"NEXT\r\n"], False),
    "it goes on": (let_go_on, b"NEXT\r\n", [b"PROCEED\r\n"], True),
    "it ends": (let_go_on, b"END\r\n", [], False),
    "it just stops": (let_go_on, b"", [], GONE),
    "a question": (
        lambda: ask(REQUEST, 1),
        pack_message(Response("1", "yes"))[0],
        [],
        Response("1", "yes"),
    ),
}


@pytest.mark.parametrize("piece", [0, 1, 7])
@pytest.mark.parametrize("name", CONVERSATIONS)
def test_a_conversation(name: str, piece: int) -> None:
    dialogue, heard, says, outcome = CONVERSATIONS[name]
    said, came = play(dialogue(), heard, piece)
    assert came == outcome
    if name == "a question":
        said = said[1:]  # its own bytes hold a new GUID each time
    assert said == says


@pytest.mark.parametrize(
    ("dialogue", "heard", "said"),
    [
        (lambda: introduce(CLIENT), b"SSH-2.0-x\r\n\r\n", "introduced itself as 'SSH-2.0-x'"),
        (lambda: introduce(CLIENT), SERVER[:-2] + b"more\r\n", "not followed by an empty line"),
        (greet, b"", "said nothing"),
        (greet, b"\r\n\r\n", "said nothing"),
        (receive, b"MX-CLIENT 1.0\r\nmore\r\n", "not followed by an empty line"),
        (receive, b"MX-SERVER 1.0\r\n\r\n", "introduced itself as 'MX-SERVER 1.0'"),
        (receive, b"MX-SUBSCRIBER 1.0\r\n\r\n", "introduced itself as"),
        (receive, b"mx-client 1.0\r\n\r\n", "introduced itself as"),
        (receive, b"MX-CLIENT 1.0\n\n", "does not end in CR LF"),
        (receive, b"MX-CLIENT\r1.0\r\n\r\n", "does not end in CR LF"),
        (receive, b"\xffMX\r\n\r\n", "is not UTF-8"),
        (receive, b"x" * 20_001, "does not end"),
        (lambda: ask(REQUEST, 1), pack_message(Response("2", "yes"))[0], "other than what it was asked"),
        (lambda: ask(REQUEST, 1), pack_message(Request("1", "a", "b"))[0], "other than what it was asked"),
        (lambda: ask(REQUEST, 1), NULL, "other than what it was asked"),
        (lambda: ask(REQUEST, 1), b"HTTP/1.1 400 Bad Request\r\n\r\n", "not compressed as the protocol asks"),
    ],
)
def test_what_the_protocol_does_not_allow_ends_it(dialogue: Any, heard: bytes, said: str) -> None:
    for piece in (0, 1):
        with pytest.raises(ProtocolBroken, match=said):
            play(dialogue(), heard, piece)


def test_nobody_is_told_who_we_are_before_he_said_who_he_is() -> None:
    """Else any port scanner would get an answer in the protocol."""
    for heard in (b"MX-NOBODY 1.0\r\n\r\n", b"MX-CLIENT 1.0\r\nx\r\n"):
        dialogue = receive()
        said: list[bytes] = []
        with pytest.raises(ProtocolBroken):
            said, _ = play(dialogue, heard)
        assert said == []


def test_what_follows_a_hello_is_left_for_who_reads_next() -> None:
    inbox = Inbox()
    inbox.feed(b"MX\n\nMX-CLIENT 1.0\r\n\r\n" + NULL + b"NEXT\r\n")
    assert inbox.take_hello() == "MX"
    assert (inbox.take_line(), inbox.take_line()) == ("MX-CLIENT 1.0", "")
    assert inbox.take_document() == bytes.fromhex("0e0000000a4d65737361676500 00".replace(" ", ""))
    assert inbox.take_line() == "NEXT"
