"""Taking secrets out of the environment of this process, once they are read."""

from __future__ import annotations

import ctypes
import os
import sys
from collections.abc import Iterable


def forget(names: Iterable[str]) -> None:
    """Neither what this process starts nor who looks at it finds the variables again.

    A process keeps the environment that it was started with, for its own user to see (`/proc/<pid>/environ`); on Linux
    the values are wiped there. Whoever started the process may still know them: only a file keeps them from there.
    """
    for name in names:
        if name in os.environ:
            _wipe(name)
            del os.environ[name]


def _wipe(name: str) -> None:
    if sys.platform != "linux":
        return
    library = ctypes.CDLL(None)
    library.getenv.restype = ctypes.c_void_p
    place = library.getenv(os.fsencode(name))
    if place:
        ctypes.memset(place, 0, len(ctypes.string_at(place)))
