"""Who says what in which order (contract: halibut.md, sections 2 and 3). No I/O.

A dialogue is a generator. It yields what it says (`Say`) and what it listens for (`Hear`), is sent what was heard, and
returns its outcome. A `Connection` plays it over the network; a test plays it over bytes.
"""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from typing import Any, Literal, TypeVar

from polpo.halibut.errors import ProtocolBroken
from polpo.halibut.messages import Message, Request, Response

T = TypeVar("T")

HELLO, SERVER = b"MX\r\n\r\n", b"MX-SERVER 1.0\r\n\r\n"
NEXT, PROCEED, END = b"NEXT\r\n", b"PROCEED\r\n", b"END\r\n"
CLIENT = "MX-CLIENT 1.0"


@dataclass(frozen=True)
class Say:
    """Bytes or a message with its streams: a unit, which goes out by itself."""

    unit: bytes | Message


@dataclass(frozen=True)
class Hear:
    """A unit of this kind, for at most `seconds`; None is the usual patience with one that was begun."""

    unit: Literal["hello", "line", "message"]
    seconds: float | None = None


Dialogue = Generator[Say | Hear, Any, T]


@dataclass(frozen=True)
class Guest:
    """Who came in: a client that has requests for us, or a subscriber that collects those for it."""

    subscription: str | None = None


def subscriber(subscription: str) -> str:
    """What an agent calls itself that comes for the requests to it."""
    return f"MX-SUBSCRIBER 1.0 {subscription}"


def introduce(identity: str) -> Dialogue[None]:
    """The side that opened the connection says who it is, and hears who the other one is."""
    yield Say(HELLO)
    yield Say(f"{identity}\r\n\r\n".encode())
    answer = yield Hear("line")
    if answer.split(" ")[0] != "MX-SERVER":
        raise ProtocolBroken(f"The other side introduced itself as '{answer[:50]}'.")
    yield from _blank()


def greet() -> Dialogue[str | None]:
    """The side that took the connection hears that the protocol is spoken: None; or the path a browser asks for."""
    hello: str = yield Hear("hello")
    if not hello:
        raise ProtocolBroken("The other side said nothing.")
    return None if hello.startswith("MX") else _path_of(hello)


def _path_of(hello: str) -> str:
    words = hello.split(" ")
    return words[1] if len(words) > 1 else "/"


def receive() -> Dialogue[Guest]:
    """After a greeting by one who is trusted: hears who it is, and only then says who we are."""
    words = (yield Hear("line")).split(" ")
    yield from _blank()
    if words[0] == "MX-CLIENT":
        guest = Guest()
    elif words[0] == "MX-SUBSCRIBER" and len(words) > 2:
        guest = Guest(words[2])
    else:
        raise ProtocolBroken(f"The other side introduced itself as '{' '.join(words)[:50]}'.")
    yield Say(SERVER)
    return guest


def ask(request: Request, seconds: float) -> Dialogue[Response]:
    """A request, and the answer to it."""
    yield Say(request)
    answer = yield Hear("message", seconds)
    if not isinstance(answer, Response) or answer.id != request.id:
        raise ProtocolBroken("The agent answered something other than what it was asked.")
    return answer


def go_on(seconds: float | None = None) -> Dialogue[bool]:
    """Whether the other side lets the conversation go on."""
    yield Say(NEXT)
    return (yield from _control(seconds)) == PROCEED


def let_go_on(seconds: float | None = None) -> Dialogue[bool]:
    """Whether the other side wants the conversation to go on, which it may."""
    if (yield from _control(seconds)) != NEXT:
        return False
    yield Say(PROCEED)
    return True


def _control(seconds: float | None) -> Dialogue[bytes]:
    """The next line that is not empty."""
    while not (line := (yield Hear("line", seconds))):
        continue
    return f"{line}\r\n".encode()


def _blank() -> Dialogue[None]:
    if (yield Hear("line")):
        raise ProtocolBroken("The identity is not followed by an empty line.")
