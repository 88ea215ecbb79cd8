"""The cache of packages on this target, kept small where the disk is short, and to what its policy allows: what was
not wanted for longest goes first.

When a package was last wanted is the time of its file. What was wanted within a day stays where the disk is short, and
within an hour in any case: a deployment may be about to use it.
"""

from __future__ import annotations

import os
import shutil
from contextlib import suppress
from typing import Callable, Dict, Iterable, List, NamedTuple, Optional, Tuple

from polpo.runner.errors import RunnerError
from polpo.runner.output import Output
from polpo.runner.packages import PackageName, files_in, parse_file_name

_MEGABYTE = 1 << 20
_FREE_SHARE = 0.2
#: More is removed than is missing, so that not every deployment has to.
_GENEROSITY = 1.3
_IN_USE = 24 * 3600.0
_JUST_WANTED = 3600.0

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
        if not _is_removed(output, path):
            continue
        gained += size
        output.verbose(f"Removed {os.path.basename(path)} from the package cache")
    output.info(
        f"Less than {_FREE_SHARE:.0%} of the disk of {folder} is free, so packages that were not wanted for a day were"
        f" removed: {gained // _MEGABYTE:,} MB."
    )


class Cache(NamedTuple):
    """How many packages stay, and how many versions of each; None: all of them."""

    packages: Optional[int] = None
    versions: Optional[int] = None


def trim(output: Output, home: str, now: float, keep: Cache, wanted: Iterable[PackageName]) -> None:
    """Remove what is more than the cache keeps. Packages that are wanted count as there, and stay."""
    folder = os.path.join(home, "Files")
    if keep == Cache() or not os.path.isdir(folder):
        return
    kept: Dict[str, List[str]] = {}  # the versions by package, both in the order in which they were wanted last
    for name in wanted:
        _note(kept, name.package_id, name.version)
    for used, _size, path in reversed(_oldest_first(folder)):
        try:
            name = parse_file_name(path)
        except RunnerError:
            continue
        versions = kept.get(name.package_id.lower(), [])
        is_known = name.version in versions
        is_within = _has_room(len(versions), keep.versions) and (bool(versions) or _has_room(len(kept), keep.packages))
        if is_known or is_within or now - used < _JUST_WANTED:
            _note(kept, name.package_id, name.version)
        elif _is_removed(output, path):
            output.info(f"Removed {name.package_id} {name.version} from the package cache, as the machine policy says.")


def _has_room(count: int, most: Optional[int]) -> bool:
    return most is None or count < most


def _note(kept: Dict[str, List[str]], package_id: str, version: str) -> None:
    versions = kept.setdefault(package_id.lower(), [])
    if version not in versions:
        versions.append(version)


def _is_removed(output: Output, path: str) -> bool:
    try:
        with suppress(FileNotFoundError):  # somebody else was quicker
            os.remove(path)
    except OSError as error:
        output.warning(f"{path} could not be removed from the package cache: {error.strerror}.")
        return False
    return True


def _oldest_first(folder: str) -> List[Tuple[float, int, str]]:
    return sorted((state.st_mtime, state.st_size, os.path.join(folder, name)) for name, state in files_in(folder))
