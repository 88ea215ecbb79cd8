"""Addresses, taken apart and brought to canonical form as .NET does."""

from __future__ import annotations

import ipaddress
import re
from typing import Dict, List, NamedTuple, Optional, Tuple
from urllib.parse import quote

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.\-]*):")
_DRIVE = re.compile(r"[A-Za-z]:[\\/]")
_DRIVE_LETTER = re.compile(r"/*([A-Za-z])[:|](.*)", re.DOTALL)
_LABEL = r"[A-Za-z0-9\-_\u0080-\uffff]+"
_HOST = re.compile(rf"{_LABEL}(?:\.{_LABEL})*\.?")
_BASIC = re.compile(r"(?:^|\.)[\-_]")
_IP_PART = re.compile("0[xX][0-9A-Fa-f]+|[0-9]+")
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
_SLASHED = ("http", "https", "ws", "wss", "ftp", "file", "ldap", "gopher", "telnet", "nntp")
"""What cannot do without `//`: such a text without it counts as a relative address."""
_PATH_SAFE = "/:@!$&'()*+,;=-._~%[]"
_QUERY_SAFE = "/?:@!$&'()*+,;=-._~%[]"
_BAD_PERCENT = re.compile("%(?![0-9A-Fa-f]{2})")
_ESCAPES = re.compile("(?:%[0-9A-Fa-f]{2})+")
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
        if self.path and self.slashes and not self.path.startswith("/"):
            start += "/"
        return start + self.path + self.query + self.fragment

    @property
    def local_path(self) -> str:
        path = _unescaped(self.path)
        if self.scheme != "file":
            return path
        if self.host:
            return ("\\\\" + self.host + ("" if path == "/" else path)).replace("/", "\\")
        return path.replace("/", "\\") if _DRIVE.match(path) else path

    @property
    def is_loopback(self) -> bool:
        if not self.host:
            return self.kind == "Basic"
        return self.host in ("localhost", "[::1]") or (self.kind == "IPv4" and self.host.startswith("127."))


class NotAnAddress(ValueError):
    """Neither an absolute nor a relative address."""


def read_address(text: str) -> Optional[Address]:
    """None for a relative address. Raises `NotAnAddress`."""
    text = text.strip()
    if _DRIVE.match(text):
        return _drive(text, plain=True)
    if text.startswith("\\\\"):
        return _share(text[2:], plain=True) if len(text) > 2 else None
    scheme = _SCHEME.match(text)
    if scheme is None:
        return None
    name, rest = scheme.group(1).lower(), text[scheme.end() :]
    if len(name) == 1:
        if rest:
            raise NotAnAddress(text)
        return None
    if name == "file":
        return _file(rest)
    if name in _SLASHED and not rest.startswith("//"):
        if rest.startswith("\\\\"):
            raise NotAnAddress(text)
        return None
    return _absolute(name, rest)


def _file(rest: str) -> Optional[Address]:
    drive = _DRIVE_LETTER.match(rest)
    if drive is not None and not rest.startswith("/" * 4):
        if drive.group(2)[:1] not in ("/", "\\"):
            raise NotAnAddress(rest)
        return _drive(f"{drive.group(1)}:{drive.group(2)}", plain=False)
    if rest.startswith(("////", "\\\\")):
        return _share(rest.lstrip("/\\"), plain=False)
    return _absolute("file", rest) if rest.startswith("//") else None


def _drive(path: str, *, plain: bool) -> Address:
    """A path of Windows; written plainly it has no query and no fragment."""
    return _of_file("", path.replace("\\", "/"), plain=plain)


def _share(text: str, *, plain: bool) -> Address:
    host, _, path = text.replace("\\", "/").partition("/")
    return _of_file(_host(host, "file")[0], "/" + path, plain=plain)


def _of_file(host: str, path: str, *, plain: bool) -> Address:
    query = fragment = ""
    if plain and host:
        path = path.replace("%", "%25")
    elif not plain:
        path, query, fragment = _tail(path)
    path = _without_dots(_escaped(path, _PATH_SAFE))
    return Address("file", "", host, "Dns" if host else "Basic", _NO_PORT, path, query, fragment, slashes=True)


def _tail(text: str) -> Tuple[str, str, str]:
    """The path as it is written, and escaped with their signs: query and fragment."""
    text, hash_sign, fragment = text.partition("#")
    text, question, query = text.partition("?")
    return text, _escaped(question + query, _QUERY_SAFE), _escaped(hash_sign + fragment, _QUERY_SAFE + "#")


def _absolute(scheme: str, rest: str) -> Address:
    rest, query, fragment = _tail(rest)
    slashes = rest.startswith("//")
    user, host, kind, port, path = "", "", "Unknown", _PORTS.get(scheme, _NO_PORT), rest
    if slashes:
        authority, _, tail = rest[2:].partition("/")
        user, at, place = authority.rpartition("@")
        if "@" in user:
            raise NotAnAddress(rest)
        host, kind, port = _host(place, scheme)
        path = _without_dots(_escaped("/" + tail.replace("\\", "/"), _PATH_SAFE))
    elif scheme == "mailto":
        user, at, place = rest.rpartition("@")
        if at and not place:
            raise NotAnAddress(rest)
        host, kind, port = _host(place, scheme)
        path = ""
    else:
        path = _escaped(path, _PATH_SAFE)
    return Address(scheme, _escaped(user, _PATH_SAFE), host, kind, port, path, query, fragment, slashes=slashes)


def _host(place: str, scheme: str) -> Tuple[str, str, int]:
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


def _named(host: str) -> Tuple[str, str]:
    if host.startswith("["):
        try:
            return f"[{_ip6(ipaddress.IPv6Address(host[1:-1].partition('%')[0]))}]", "IPv6"
        except ValueError:
            raise NotAnAddress(host) from None
    number = _ip4(host)
    if number is not None:
        return str(ipaddress.IPv4Address(number)), "IPv4"
    if _HOST.fullmatch(host) is None:
        raise NotAnAddress(host)
    host = host.lower()
    return "localhost" if host == "loopback" else host, "Basic" if _BASIC.search(host) else "Dns"


def _ip4(host: str) -> Optional[int]:
    """One to four numbers, decimal, octal or hexadecimal; the last one fills what is left of the 32 bits."""
    parts = host.split(".")
    if len(parts) > 4 or not all(_IP_PART.fullmatch(part) for part in parts):
        return None
    try:
        numbers = [int(part, 16 if part[1:2] in "xX" and part[1:] else 8 if part[0] == "0" else 10) for part in parts]
    except ValueError:
        return None
    room = 256 ** (5 - len(numbers))
    if numbers[-1] >= room or any(number > 255 for number in numbers[:-1]):
        return None
    return sum(number << (24 - 8 * place) for place, number in enumerate(numbers[:-1])) + numbers[-1]


def _ip6(address: ipaddress.IPv6Address) -> str:
    """Addresses that stand for one of version 4 show it as such."""
    value = int(address)
    head, tail = value >> 32, value & 0xFFFFFFFF
    if (tail >> 16 and head in (0, 0xFFFF, 0xFFFF << 16)) or head & 0xFFFFFFFF == 0x5EFE:
        shown = str(ipaddress.IPv6Address(value & ~0xFFFFFFFF | 0x00010001)).rsplit(":", 2)[0]
        return f"{shown}:{ipaddress.IPv4Address(tail)}"
    return str(address)


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


def _unescaped(text: str) -> str:
    """Escapes of what is no UTF-8 stay as they are."""
    return _ESCAPES.sub(lambda run: _decoded(run.group()), text)


def _decoded(run: str) -> str:
    raw = bytes.fromhex(run.replace("%", ""))
    return "".join(
        f"%{ord(character) - 0xDC00:02X}" if "\udc80" <= character <= "\udcff" else character
        for character in raw.decode("utf-8", "surrogateescape")
    )
