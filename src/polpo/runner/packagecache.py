"""The cache of packages on this target, kept small where the disk is short: what was not wanted for longest goes first.

When a package was last wanted is the time of its file. What was wanted within a day stays: a deployment may be about to
use it.
"""

from __future__ import annotations

import os
import shutil
from typing import Callable, List, Tuple

from polpo.runner.output import Output

_MEGABYTE = 1 << 20
_FREE_SHARE = 0.2
#: More is removed than is missing, so that not every deployment has to.
_GENEROSITY = 1.3
_IN_USE = 24 * 3600.0

#: Total and free bytes of the disk that a folder is on.
Disk = Callable[[str], Tuple[int, int]]


def disk_of(folder: str) -> Tuple[int, int]:
    usage = shutil.disk_usage(folder)
    return usage.total, usage.free


def make_room(output: Output, home: str, now: float, disk: Disk = disk_of) -> None:
    """Remove packages when less than a fifth of the disk is free, until that is so with something to spare."""
    folder = os.path.join(home, "Files")
    if not os.path.isdir(folder):
        return
    total, free = disk(folder)
    missing = _FREE_SHARE * total - free
    if missing <= 0:
        return
    gained = 0
    for used, size, path in _oldest_first(folder):
        if gained >= _GENEROSITY * missing or now - used < _IN_USE:
            break
        try:
            os.remove(path)
        except OSError as error:
            output.warning(f"{path} could not be removed from the package cache: {error.strerror}.")
            continue
        gained += size
        output.verbose(f"Removed {os.path.basename(path)} from the package cache")
    output.info(
        f"Less than {_FREE_SHARE:.0%} of the disk of {folder} is free, so packages that were not wanted for a day were"
        f" removed: {gained // _MEGABYTE:,} MB."
    )


def _oldest_first(folder: str) -> List[Tuple[float, int, str]]:
    with os.scandir(folder) as entries:
        return sorted((entry.stat().st_mtime, entry.stat().st_size, entry.path) for entry in entries if entry.is_file())
