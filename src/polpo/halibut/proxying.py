"""Asking an HTTP proxy for a connection to somewhere else (CONNECT). No I/O: bytes in, bytes out."""

from __future__ import annotations

import base64
import re

from polpo.halibut.errors import CannotConnect, ProxyRefused

_STATUS = re.compile(r"HTTP/1\.[01] +(\d{3})(?: +(.*))?")
_LONGEST_HEAD = 16 * 1024
_LONGEST_REASON = 100
_UNAUTHORIZED = (407, 401)  # some proxies answer 401 to a password that is wrong


def authority(host: str, port: int) -> str:
    """`host:port`, with the brackets that an IPv6 address needs."""
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


class ConnectDialogue:
    """Send `request`, then `feed` what comes back, byte by byte, until it says that the way is free.

    `proxy` is what failures call it. Without a user name the proxy is asked as nobody in particular.
    """

    def __init__(self, proxy: str, host: str, port: int, username: str = "", password: str = "") -> None:
        self._proxy = proxy
        self._username = username
        self._head = bytearray()
        try:
            host = host if host.isascii() else host.encode("idna").decode()
        except UnicodeError:
            host = ""
        if not host or not host.isprintable() or " " in host:
            raise CannotConnect(f"'{host}' is no name of a host that a proxy could be asked for.", "resolve")
        self._where = authority(host, port)
        lines = [f"CONNECT {self._where} HTTP/1.0", f"Host: {self._where}"]
        if username:
            told = base64.b64encode(f"{username}:{password}".encode()).decode()
            lines.append(f"Proxy-Authorization: Basic {told}")
        self.request = "".join(f"{line}\r\n" for line in [*lines, ""]).encode()

    def feed(self, byte: bytes) -> bool:
        """Whether the way is free now: what follows comes from the other end. No bytes mean that the proxy ended it.

        CannotConnect when the proxy has no way there, ProxyRefused when it does not let us.
        """
        if not byte:
            raise CannotConnect(f"The proxy {self._proxy} ended the connection without an answer.", "proxy")
        self._head += byte
        if len(self._head) > _LONGEST_HEAD:
            raise CannotConnect(f"{self._proxy} is no HTTP proxy: its answer does not end.", "proxy")
        if not self._head.endswith((b"\r\n\r\n", b"\n\n")):
            return False
        self._judge(self._head.split(b"\n", 1)[0].decode("utf-8", "replace").strip())
        return True

    def _judge(self, line: str) -> None:
        match = _STATUS.fullmatch(line)
        if match is None:
            raise CannotConnect(f"{self._proxy} is no HTTP proxy: it answered '{_printable(line)}'.", "proxy")
        status, answer = int(match[1]), _printable(f"{match[1]} {match[2] or ''}")
        if 200 <= status < 300:
            return
        if status in _UNAUTHORIZED:
            raise ProxyRefused(self._unauthorized(answer))
        if status >= 500:
            raise CannotConnect(f"The proxy {self._proxy} cannot connect to {self._where}: {answer}.", "connect")
        raise ProxyRefused(f"The proxy {self._proxy} refuses to connect to {self._where}: {answer}.")

    def _unauthorized(self, answer: str) -> str:
        if not self._username:
            return f"The proxy {self._proxy} wants a user name and a password, and none are set: {answer}."
        return f"The proxy {self._proxy} does not accept the user name '{self._username}' with its password: {answer}."


def _printable(text: str) -> str:
    return "".join(one for one in text if one.isprintable())[:_LONGEST_REASON].strip().rstrip(".")
