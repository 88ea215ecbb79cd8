"""`find-packages`: tell the server which of the packages that are wanted lie on this target, so that they are not sent.

What is there is brought under the name by which steps will look for it. For what is not there, the nearest version that
is here is signed, so that the server can send the difference.
"""

from __future__ import annotations

import mmap
import os
import shutil
from typing import Any, BinaryIO, Dict, List, Mapping, NamedTuple, Optional, Tuple

from polpo.languages.pieces import signature_of
from polpo.languages.versions import Version, VersionFormat, try_parse_version
from polpo.runner.errors import RunnerError
from polpo.runner.output import Output
from polpo.runner.packagecache import Cache, make_room, trim
from polpo.runner.packages import FoundPackage, PackageName, all_packages, find, unique_part

_MEGABYTE = 1 << 20
#: Smaller packages are sent before the signature of another one would be.
_WORTHWHILE = 64 << 10
_LARGEST_BASE = 512 << 20


class Wanted(NamedTuple):
    """A package by what it is; `path` is where steps will look for it, below the agent's home."""

    name: PackageName
    digest: str
    size: int
    path: str


class Question(NamedTuple):
    """`required` is how many megabytes must be left when something is sent; none: that does not matter.

    `names_bases`: what is near is named; `signs`: and signed. `anew`: everything is to be sent, whether it is here or
    not. `runner` is a program that has to be here too, by its path below the home and its size.
    """

    wanted: List[Wanted]
    required: Optional[int]
    names_bases: bool
    signs: bool
    anew: bool
    cache: Cache
    runner: Optional[Tuple[str, int]]


def find_packages(output: Output, home: str, asked: Mapping[str, Any], now: float) -> None:
    """Answers by a message `polpo-package` for each that is wanted, in their order; `polpo-runner`: that is missing."""
    if not home:
        raise RunnerError("It is not known where the agent keeps its files: TentacleHome is not set.")
    question = _read(asked)
    if question.runner is not None and not _has_size(os.path.join(home, question.runner[0]), question.runner[1]):
        output.message("polpo-runner", {})
    missing = 0
    for index, wanted in enumerate(question.wanted):
        if not question.anew and _is_here(output, home, wanted):
            output.message("polpo-package", {"index": str(index), "state": "found"})
        else:
            missing += wanted.size
            base = _base_for(home, wanted) if question.names_bases and not question.anew else None
            _tell_missing(output, index, base, signs=question.signs)
    trim(output, home, now, question.cache, [one.name for one in question.wanted])
    if missing:
        make_room(output, home, now)
    if missing and question.required is not None:
        _check_free_space(home, missing, question.required)


def _read(document: Mapping[str, Any]) -> Question:
    wanted = [
        Wanted(
            PackageName(one["Id"], one["Version"], one["Extension"], one.get("Format") or "Semver"),
            one["Hash"],
            one["Size"],
            one["Path"],
        )
        for one in document["Packages"]
    ]
    runner, signs, cache = document.get("Runner"), document.get("Signatures", True), document.get("Cache") or {}
    return Question(
        wanted,
        document.get("RequiredMegabytes"),
        document.get("Bases", signs),
        signs,
        document.get("Anew", False),
        Cache(cache.get("Packages"), cache.get("Versions")),
        (runner["Path"], runner["Size"]) if runner else None,
    )


def _has_size(path: str, size: int) -> bool:
    return _size_of(path) == size


def _size_of(path: str) -> int:
    """-1 for what is not there."""
    try:
        return os.path.getsize(path)
    except OSError:
        return -1


def _is_here(output: Output, home: str, wanted: Wanted) -> bool:
    name = wanted.name
    found = next(find(os.path.join(home, "Files"), name.package_id, name.version, name.format, wanted.digest), None)
    if found is None:
        return False
    path = os.path.join(home, wanted.path)
    if os.path.realpath(found.path) != os.path.realpath(path):
        _bring(found.path, path)
    os.utime(path)  # when it was last wanted is what cleaning up goes by
    output.message("calamari-found-package", {})
    output.message("foundPackage", _described(found))
    return True


def _bring(source: str, path: str) -> None:
    temporary = f"{path}.{os.urandom(4).hex()}.partial"
    try:
        os.link(source, temporary)
    except OSError:
        shutil.copyfile(source, temporary)
    os.replace(temporary, path)


def _tell_missing(output: Output, index: int, base: Optional[FoundPackage], *, signs: bool) -> None:
    told = {"index": str(index), "state": "missing"}
    if base is not None:
        os.utime(base.path)  # a difference from it is about to come: it is not to be cleaned up meanwhile
        output.message("foundPackage", _described(base))
        told.update({"base": base.path, "baseVersion": base.name.version, "baseDigest": unique_part(base.path).lower()})
        if signs:
            told["signature"] = os.path.abspath(f"signature-{index}")
            _sign(base.path, told["signature"])
    output.message("polpo-package", told)


def _base_for(home: str, wanted: Wanted) -> Optional[FoundPackage]:
    """The next lower version, else the next higher one, of the same kind of file; none for what is small."""
    if wanted.size < _WORTHWHILE:
        return None
    own = _version(wanted.name)
    lower: List[Tuple[Version, FoundPackage]] = []
    higher: List[Tuple[Version, FoundPackage]] = []
    for found in all_packages(os.path.join(home, "Files"), wanted.name.package_id):
        version = _version(found.name)
        fits = found.name.extension.lower() == wanted.name.extension.lower() and found.name.format == wanted.name.format
        if own is not None and version is not None and fits and 0 < _size_of(found.path) <= _LARGEST_BASE:
            (lower if version <= own else higher).append((version, found))
    nearest = max(lower, key=_by_version, default=None) or min(higher, key=_by_version, default=None)
    return nearest[1] if nearest else None


def _by_version(pair: Tuple[Version, FoundPackage]) -> str:
    return pair[0].sort_key


def _version(name: PackageName) -> Optional[Version]:
    return try_parse_version(name.version, VersionFormat[name.format.upper()])


def _sign(path: str, target: str) -> None:
    with open(path, "rb") as source, open(target, "wb") as written, _mapped(source) as content:
        written.writelines(signature_of(content))


def _mapped(file: BinaryIO) -> mmap.mmap:
    return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)


def _described(found: FoundPackage) -> Dict[str, str]:
    return {
        "id": found.name.package_id,
        "version": found.name.version,
        "versionFormat": found.name.format,
        "hash": found.hash,
        "remotePath": found.path,
        "fileExtension": found.name.extension,
    }


def _check_free_space(home: str, missing: int, required: int) -> None:
    free = shutil.disk_usage(home).free
    if free - missing < required * _MEGABYTE:
        raise RunnerError(
            f"The disk of {home} has {free // _MEGABYTE:,} MB free. The packages that are to be sent take "
            f"{-(-missing // _MEGABYTE):,} MB, and {required:,} MB are to be left. Free some space, set "
            f"OctopusFreeDiskSpaceOverrideInMegaBytes to what is enough, or OctopusSkipFreeDiskSpaceCheck to True."
        )
