"""Whether a Git credential may be used for a repository, by the patterns of addresses that it is restricted to."""

from __future__ import annotations

from collections.abc import Iterable
from fnmatch import fnmatchcase
from typing import NamedTuple
from urllib.parse import unquote, urlsplit


class _Parts(NamedTuple):
    scheme: str
    host: str
    path: str


def is_allowed(url: str, patterns: Iterable[str]) -> bool:
    """`url` is one that the server would go to. `*` stands for anything, but not across the end of the host's name."""
    address = _parts(url)
    if ".." in unquote(address.path).split("/"):
        return False
    return any(_fits(address, _pattern(pattern)) for pattern in patterns)


def _fits(address: _Parts, pattern: _Parts) -> bool:
    return all(fnmatchcase(said, allowed) for said, allowed in zip(address, pattern, strict=True))


def _parts(url: str) -> _Parts:
    parts = urlsplit(url.casefold())
    return _Parts(parts.scheme, parts.netloc, parts.path)


def _pattern(text: str) -> _Parts:
    """Without a scheme it is for any; without a path for all that is there."""
    scheme, mark, rest = text.strip().casefold().rpartition("://")
    host, slash, path = rest.partition("/")
    return _Parts(scheme if mark else "*", host, f"/{path}" if slash else "*")
