"""One canonical form for the ways in which clients write a path.

`/api/Spaces-1/x`, `/api/spaces/Spaces-1/x` and, for the default space, `/api/x` are the same resource. The last is
told from a system route (`/api/users`) by its first segment.

A segment may hold a slash of its own: clients write it as `%2F`, and it stays so in the canonical form until the route
is found. Git references also arrive with plain slashes (`/projects/Projects-1/refs/heads/main/variables`); these are
joined to one segment.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise
from urllib.parse import unquote

_SPACE_ID = re.compile(r"spaces-\d+", re.IGNORECASE)
_ESCAPE = {"%": "%25", "/": "%2F"}
_ESCAPED = re.compile(r"%25|%2F")

DEFAULT_SPACE = "Spaces-1"

#: The parameter that stands for a branch, a tag or a commit in the paths of routes.
GIT_REF = "{git_ref}"
_REF_FOLDERS = ("heads", "tags")


def segments_of(path: str, raw_path: bytes | None) -> list[str]:
    """The decoded segments. Only the path as it was sent, which not every web server tells, shows which slashes are
    part of one."""
    if not raw_path:
        return [part for part in path.split("/") if part]
    sent = raw_path.partition(b"?")[0].decode("utf-8", "replace")
    return [unquote(part, errors="replace") for part in sent.split("/") if part]


def escaped(segment: str) -> str:
    """A segment so that it stays one in a path."""
    return "".join(_ESCAPE.get(character, character) for character in segment)


def unescaped(segment: str) -> str:
    """What the segment of a canonical path stands for."""
    return _ESCAPED.sub(lambda match: unquote(match[0]), segment)


class RefTails:
    """What may follow a Git reference in the paths of routes; tells where a reference with slashes ends."""

    def __init__(self, paths: Iterable[str]) -> None:
        tails = (path.split(f"/{GIT_REF}/", 1)[1].split("/") for path in paths if f"/{GIT_REF}/" in path)
        self._tails = {tuple(None if part.startswith("{") else part.casefold() for part in tail) for tail in tails}

    def joined(self, segments: Sequence[str]) -> list[str]:
        """The segments with such a reference as one of them."""
        for start, (first, second) in enumerate(pairwise(segments)):
            if first.casefold() == "refs" and second.casefold() in _REF_FOLDERS:
                end = self._end(segments, start + 3)
                return [*segments[:start], "/".join(segments[start:end]), *segments[end:]] if end else list(segments)
        return list(segments)

    def _end(self, segments: Sequence[str], earliest: int) -> int | None:
        return next((end for end in range(earliest, len(segments)) if self._is_tail(segments[end:])), None)

    def _is_tail(self, rest: Sequence[str]) -> bool:
        return any(
            len(tail) == len(rest)
            and all(part in {None, given.casefold()} for part, given in zip(tail, rest, strict=True))
            for tail in self._tails
        )


class PathForms:
    """Knows which first segments belong to spaces and which to the system; asked once for every request."""

    def __init__(self, system: frozenset[str], of_one_space: frozenset[str], refs: RefTails | None = None) -> None:
        self._system = system
        self._of_one_space = of_one_space
        self._refs = refs or RefTails(())

    def canonical(self, path: str, raw_path: bytes | None = None) -> str:
        if path != "/api" and not path.startswith("/api/"):
            return path
        segments = segments_of(path, raw_path)[1:]
        if not segments:
            return "/api"
        return "/api/" + "/".join(escaped(part) for part in self._scoped(self._refs.joined(segments)))

    def in_default_space(self, path: str) -> str | None:
        """A canonical path of the system as one of the default space; None for what is below a space already."""
        first = path.removeprefix("/api/").partition("/")[0]
        return f"/api/{DEFAULT_SPACE}{path.removeprefix('/api')}" if first in self._system else None

    def _scoped(self, segments: list[str]) -> list[str]:
        first = segments[0].lower()
        if first == "spaces" and len(segments) > 2 and segments[2].lower() not in self._of_one_space:
            return [_spelled(segments[1]), *segments[2:]]
        if first in self._system:
            return [first, *segments[1:]]
        if _SPACE_ID.fullmatch(segments[0]):
            return [_spelled(segments[0]), *segments[1:]]
        return [DEFAULT_SPACE, *segments]


def _spelled(space: str) -> str:
    return "Spaces-" + space[7:] if _SPACE_ID.fullmatch(space) else space
