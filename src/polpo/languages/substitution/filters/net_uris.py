"""Addresses, taken apart and brought to canonical form as .NET does."""

from __future__ import annotations

import ipaddress
import re
from typing import Dict, List, NamedTuple, Optional
from urllib.parse import quote, unquote

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.\-]*):")
_DRIVE = re.compile(r"[A-Za-z]:[\\/]")
_HOST = re.compile(r"[A-Za-z0-9\-_.\u0080-\uffff]+")
_PORTS: Dict[str, int] = {
    "http": 80,
    "https": 443,
    "ws": 80,
    "wss": 443,
    "ftp": 21,
    "gopher": 70,
    "telnet": 23,
    "ldap": 389,
    "nntp": 119,
    "mailto": 25,
    "net.tcp": 808,
}
_SLASHED = ("http", "https", "ws", "wss", "ftp", "file")
_PATH_SAFE = "/:@!$&'()*+,;=-._~%[]"
_QUERY_SAFE = "/?:@!$&'()*+,;=-._~%[]"
_BAD_PERCENT = re.compile("%(?![0-9A-Fa-f]{2})")
_UNRESERVED = re.compile("%([0-9A-Fa-f]{2})")
_NO_PORT = -1


class Address(NamedTuple):
    """An absolute address. `path`, `query` (with `?`) and `fragment` (with `#`) are escaped; port -1 is none known."""

    scheme: str
    user: str
    host: str
    kind: str
    port: int
    path: str
    query: str
    fragment: str
    slashes: bool

    @property
    def default_port(self) -> int:
        return _PORTS.get(self.scheme, _NO_PORT)

    @property
    def authority(self) -> str:
        return self.host if self.port == self.default_port else f"{self.host}:{self.port}"

    @property
    def absolute(self) -> str:
        user = f"{self.user}@" if self.user else ""
        start = f"{self.scheme}:{'//' if self.slashes else ''}{user}{self.authority}"
        return start + self.path + self.query + self.fragment

    @property
    def local_path(self) -> str:
        path = unquote(self.path)
        if self.scheme != "file":
            return path
        if self.host:
            return ("\\\\" + self.host + path).replace("/", "\\")
        return path[1:].replace("/", "\\") if _DRIVE.match(path[1:]) else path

    @property
    def is_loopback(self) -> bool:
        return (self.host in ("localhost", "loopback", "[::1]", "") and (self.host != "" or self.scheme == "file")) or (
            self.kind == "IPv4" and self.host.startswith("127.")
        )


class NotAnAddress(ValueError):
    """Neither an absolute nor a relative address."""


def read_address(text: str) -> Optional[Address]:
    """None for a relative address. Raises `NotAnAddress`."""
    text = text.strip()
    if _DRIVE.match(text):
        return _file("", "/" + text.replace("\\", "/"))
    if text.startswith("\\\\"):
        host, _, path = text[2:].replace("\\", "/").partition("/")
        return _file(host.lower(), "/" + path)
    if text.startswith("/") and not text.startswith("//"):
        return _file("", text)
    scheme = _SCHEME.match(text)
    if scheme is None:
        return None
    return _absolute(scheme.group(1).lower(), text[scheme.end() :])


def _file(host: str, path: str) -> Address:
    """A file's path has no query and no fragment."""
    kind = "Dns" if host else "Basic"
    return Address("file", "", host, kind, _NO_PORT, _escaped(_without_dots(path), _PATH_SAFE), "", "", slashes=True)


def _absolute(scheme: str, rest: str) -> Address:
    if scheme in _SLASHED:
        head = re.split("[?#]", rest, maxsplit=1)[0]
        rest = head.replace("\\", "/") + rest[len(head) :]
    rest, hash_sign, fragment = rest.partition("#")
    rest, question, query = rest.partition("?")
    slashes = rest.startswith("//")
    if scheme in _SLASHED and scheme != "file" and not slashes:
        raise NotAnAddress(scheme)
    user, host, kind, port, path = "", "", "Unknown", _PORTS.get(scheme, _NO_PORT), rest
    if slashes:
        authority, slash, tail = rest[2:].partition("/")
        path = slash + tail
        user, _, place = authority.rpartition("@")
        host, kind, port = _host(place, scheme)
        path = path or ("/" if scheme in _SLASHED else "")
        path = _without_dots(path)
    elif scheme == "mailto":
        user, _, place = rest.rpartition("@")
        host, kind, port = _host(place, scheme)
        path = ""
    return Address(
        scheme,
        _escaped(user, _PATH_SAFE),
        host,
        kind,
        port,
        _escaped(path, _PATH_SAFE),
        _escaped(question + query, _QUERY_SAFE),
        _escaped(hash_sign + fragment, _QUERY_SAFE + "#"),
        slashes=slashes,
    )


def _host(place: str, scheme: str) -> tuple[str, str, int]:
    default = _PORTS.get(scheme, _NO_PORT)
    match = re.fullmatch(r"(\[[^\]]*\]|[^:]*)(?::([0-9]*))?", place)
    if match is None:
        raise NotAnAddress(place)
    host, digits = match.group(1), match.group(2)
    port = int(digits) if digits else default
    if port > 65535:
        raise NotAnAddress(place)
    if not host:
        if scheme in _SLASHED and scheme != "file":
            raise NotAnAddress(place)
        return "", "Basic", port
    return (*_named(host), port)


def _named(host: str) -> tuple[str, str]:
    if host.startswith("["):
        try:
            return f"[{ipaddress.IPv6Address(host[1:-1].partition('%')[0])}]", "IPv6"
        except ValueError:
            raise NotAnAddress(host) from None
    try:
        return str(ipaddress.IPv4Address(host)), "IPv4"
    except ValueError:
        pass
    if _HOST.fullmatch(unquote(host)) is None:
        raise NotAnAddress(host)
    return unquote(host).lower(), "Dns"


def _without_dots(path: str) -> str:
    if "/." not in path:
        return path
    kept: List[str] = []
    parts = path.split("/")
    for number, part in enumerate(parts):
        last = number == len(parts) - 1
        if part in (".", ".."):
            if part == ".." and len(kept) > 1:
                kept.pop()
            if last:
                kept.append("")
        else:
            kept.append(part)
    return "/".join(kept)


def _escaped(text: str, safe: str) -> str:
    """Percent signs that already escape something stay; what needs no escape is written plainly."""
    text = _BAD_PERCENT.sub("%25", text)
    text = _UNRESERVED.sub(_plain_if_unreserved, text)
    return quote(text, safe=safe, errors="replace")


def _plain_if_unreserved(match: re.Match[str]) -> str:
    character = chr(int(match.group(1), 16))
    return character if character.isascii() and (character.isalnum() or character in "-._~") else match.group().upper()
