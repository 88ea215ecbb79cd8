"""One canonical form for the three ways in which clients write a space's path.

`/api/Spaces-1/x`, `/api/spaces/Spaces-1/x` and, for the default space, `/api/x` are the same resource. The last is
told from a system route (`/api/users`) by its first segment.
"""

from __future__ import annotations

import re

_SPACE_ID = re.compile(r"spaces-\d+", re.IGNORECASE)

DEFAULT_SPACE = "Spaces-1"


class PathForms:
    """Knows which first segments belong to spaces and which to the system; asked once for every request."""

    def __init__(self, system: frozenset[str], of_one_space: frozenset[str]) -> None:
        self._system = system
        self._of_one_space = of_one_space

    def canonical(self, path: str) -> str:
        if not path.startswith("/api"):
            return path
        segments = [part for part in path.split("/")[2:] if part]
        if not segments:
            return "/api"
        first = segments[0].lower()
        if first == "spaces" and len(segments) > 2 and segments[2].lower() not in self._of_one_space:
            return "/api/" + "/".join([_spelled(segments[1]), *segments[2:]])
        if first in self._system:
            return "/api/" + "/".join([first, *segments[1:]])
        if _SPACE_ID.fullmatch(segments[0]):
            return "/api/" + "/".join([_spelled(segments[0]), *segments[1:]])
        return "/api/" + "/".join([DEFAULT_SPACE, *segments])


def _spelled(space: str) -> str:
    return "Spaces-" + space[7:] if _SPACE_ID.fullmatch(space) else space
