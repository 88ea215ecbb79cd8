"""The way of one conversation with a Git repository: a door on this machine that leads to that repository's host only.

libgit2 looks up names by itself, so a name that means another machine a moment later could take it inside the network.
Through the passage every connection is made here, to an address that was judged. For https:// it is a proxy, through
which libgit2 speaks TLS with the host itself; proxies for http:// libgit2 does not use, so there it is the server that
libgit2 asks, and hands the request on.
"""

from __future__ import annotations

import re
import selectors
import socket
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

from polpo.kernel.destinations import WEB, Destinations, port_of
from polpo.kernel.errors import AppError

_CONNECT_SECONDS = 10.0
_SILENCE_SECONDS = 60.0
_MOST_HEAD = 64 << 10
_BLOCK = 64 << 10
#: Of one connection: libgit2 asks nobody while it is told the names of branches, however many come.
_MOST_SECONDS = 300.0
_MOST_BYTES = 5 << 28
_STATUS = re.compile(rb"HTTP/1\.[01] ([1-5][0-9]{2})(?: .*)?")


class Passage:
    """A context manager around one fetch or push. libgit2 is given `url` and `proxy`; both are left alone on disk.

    `fault` says why a connection was not made, as the end of a sentence about the repository.
    """

    def __init__(self, url: str, destinations: Destinations) -> None:
        self._parts = urlsplit(url)
        self._scheme = self._parts.scheme.lower()
        self._host = (self._parts.hostname or "").lower()
        self._port = port_of(self._parts) if self._scheme in WEB else 0
        self._destinations = destinations
        self._listener: socket.socket | None = None
        self._sockets: set[socket.socket] = set()
        self._threads: list[threading.Thread] = []
        self.url = url
        self.proxy: str | None = None
        self.fault: str | None = None

    def __enter__(self) -> Self:
        """Refused, or Unresolved, where the server may not go, before anything is sent."""
        if self._scheme in WEB:
            self._destinations.addresses(self._host, self._port)
            self._listener = socket.create_server(("127.0.0.1", 0))
            door = f"127.0.0.1:{self._listener.getsockname()[1]}"
            if self._scheme == "https":
                self.proxy = f"http://{door}"
            else:
                self.url = self._parts._replace(scheme="http", netloc=door).geturl()
            self._run(self._accept, self._listener)
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        if self._listener is not None:
            for one in (self._listener, *tuple(self._sockets)):
                _shut(one)
            for thread in self._threads:
                thread.join()
            self._listener.close()

    def _run(self, work: Callable[[socket.socket], None], argument: socket.socket) -> None:
        thread = threading.Thread(target=work, args=(argument,), name="polpo-git-passage", daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                near, _ = listener.accept()
            except OSError:
                return  # the conversation is over
            self._sockets.add(near)
            self._run(self._lead, near)

    def _lead(self, near: socket.socket) -> None:
        with near, suppress(OSError):
            near.settimeout(_SILENCE_SECONDS)
            head, rest = _head(near)
            if self._scheme == "https":
                host, port = _tunnel(head)
                begun = rest
            else:
                host, port = self._host, self._port
                begun = _for_the_server(head, self._parts.netloc) + rest
            far = self._connect(host, port)
            if far is None:
                near.sendall(b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
                return
            with far:
                self._sockets.add(far)
                if self._scheme == "https":
                    near.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
                    far.sendall(begun)
                    self._relay(near, far, bytes)
                else:
                    far.sendall(begun)
                    self._relay(near, far, _Answer(self._end))

    def _end(self, fault: str) -> OSError:
        self.fault = fault
        return OSError(fault)

    def _relay(self, near: socket.socket, far: socket.socket, answered: Callable[[bytes], bytes]) -> None:
        """Passes on what comes from either until one has ended, both are silent for long, or it is too much."""
        ends, passed = time.monotonic() + _MOST_SECONDS, 0
        with selectors.DefaultSelector() as both:
            for one in (near, far):
                both.register(one, selectors.EVENT_READ)
            while ready := both.select(_SILENCE_SECONDS):
                for key, _ in ready:
                    is_near = key.fileobj is near
                    block = (near if is_near else far).recv(_BLOCK)
                    if not block:
                        return
                    passed += len(block)
                    if passed > _MOST_BYTES or time.monotonic() > ends:
                        raise self._end(f"it sends more than {_MOST_BYTES >> 20} MB, or for longer than can be waited")
                    if is_near:
                        far.sendall(block)
                    else:
                        near.sendall(answered(block))

    def _connect(self, host: str, port: int) -> socket.socket | None:
        if (host, port) != (self._host, self._port):
            self.fault = f"it points to another place ({host}:{port}), where this server does not follow"
            return None
        try:
            addresses = self._destinations.addresses(host, port)
        except AppError as error:
            self.fault = error.message
            return None
        for address in addresses:
            try:
                return socket.create_connection((address, port), _CONNECT_SECONDS)
            except OSError as error:
                self.fault = f"{host}:{port} does not answer ({error.strerror or 'in time'})"
        return None


def _head(near: socket.socket) -> tuple[bytes, bytes]:
    """The head of a request without its empty line, and what came after it."""
    received = b""
    while b"\r\n\r\n" not in received:
        block = near.recv(_BLOCK)
        if not block or len(received) > _MOST_HEAD:
            raise OSError("the request has no head")
        received += block
    head, _, rest = received.partition(b"\r\n\r\n")
    return head, rest


def _tunnel(head: bytes) -> tuple[str, int]:
    """Host and port that a proxy is asked for, as in `CONNECT host:443 HTTP/1.1`."""
    words = head.split(b"\r\n", 1)[0].decode("latin-1").split(" ")
    try:
        parts = urlsplit(f"https://{words[1]}")
        return (parts.hostname or "").lower(), port_of(parts)
    except (IndexError, ValueError) as error:
        raise OSError("the request names no host") from error


def _for_the_server(head: bytes, host: str) -> bytes:
    """The head as the server itself expects it; one request a connection, as the next has a head of its own."""
    first, *lines = head.split(b"\r\n")
    kept = [line for line in lines if not line.lower().startswith((b"host:", b"connection:"))]
    own = [b"Host: " + host.encode("idna" if not host.isascii() else "ascii"), b"Connection: close"]
    return b"\r\n".join([first, *own, *kept]) + b"\r\n\r\n"


class _Answer:
    """Passes on what a server answers, and tells libgit2 that the connection ends with it. No redirect gets through.

    The head must be in the plainest form: what is read otherwise here than by libgit2 could be a redirect to it alone.
    """

    def __init__(self, end: Callable[[str], OSError]) -> None:
        self._end = end
        self._head: bytes | None = b""

    def __call__(self, block: bytes) -> bytes:
        """What may go on of what was known so far and the block."""
        if self._head is None:
            return block
        self._head += block
        if b"\r\n\r\n" not in self._head:
            if len(self._head) > _MOST_HEAD:
                raise self._end("its answer is no HTTP")
            return b""
        head, _, rest = self._head.partition(b"\r\n\r\n")
        first, *lines = head.split(b"\r\n")
        status = _STATUS.fullmatch(first)
        if status is None or any(b"\n" in line or b"\r" in line for line in lines):
            raise self._end("its answer is no HTTP")
        if status[1].startswith(b"1"):
            self._head = b""
            return head + b"\r\n\r\n" + (self(rest) if rest else b"")
        if status[1].startswith(b"3"):
            raise self._end("it has moved: this server does not follow to another address, so enter the new one")
        self._head = None
        kept = [line for line in lines if not line.lower().startswith(b"connection:")]
        return b"\r\n".join([first, *kept, b"Connection: close"]) + b"\r\n\r\n" + rest


def _shut(one: socket.socket) -> None:
    with suppress(OSError):
        one.shutdown(socket.SHUT_RDWR)
