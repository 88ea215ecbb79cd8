"""The package files that lie on a target: what they are called, and which of them is the one that is asked for.

A file lies in `Files` below the agent's home as `<id>@<format letter><version>@<32 hex digits><extension>`. Of the id
and the version, only characters that a file name cannot hold are percent-encoded (contract: `tentacle.md`, section 7).
"""

from __future__ import annotations

import hashlib
import os
import re
from contextlib import suppress
from typing import Iterator, NamedTuple, Optional, Tuple

from polpo.runner.errors import RunnerError

#: The letter before the version says by which rules the version is compared.
FORMAT_LETTERS = {"semver": "S", "maven": "M", "octopus": "O", "lexicographic": "L"}
_FORMAT_NAMES = {"S": "Semver", "M": "Maven", "O": "Octopus", "L": "Lexicographic"}
_ESCAPED = re.compile(r'[%<>:"/\\|?@]')
_ENCODED = re.compile(r"%([0-7][0-9A-Fa-f])")
_UNIQUE = re.compile(r"[0-9A-Fa-f]{32}")
_TAR_EXTENSION = re.compile(r"\.tar(\.[A-Za-z0-9]+)?$", re.IGNORECASE)
_PLAIN_NAME = re.compile(
    r"(?P<id>\w+(?:[_.-]\w+)*?)"
    r"\.(?P<version>\d+(?:\.\d+){0,3}(?:-[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?(?:\+[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?)"
)


class PackageName(NamedTuple):
    package_id: str
    version: str
    #: With the leading dot; `.tar.gz` is one extension.
    extension: str
    format: str = "Semver"


class FoundPackage(NamedTuple):
    name: PackageName
    path: str
    #: Lower-case hex, of the algorithm that was asked for; empty when no hash was asked for.
    hash: str


def escape(text: str) -> str:
    """Make the text a part of a file name; a `+` stays as it is."""
    return _ESCAPED.sub(lambda found: f"%{ord(found.group()):02X}", text)


def unescape(text: str) -> str:
    return _ENCODED.sub(lambda found: chr(int(found.group(1), 16)), text)


def format_letter(version_format: str) -> str:
    letter = FORMAT_LETTERS.get(version_format.lower())
    if letter is None:
        raise RunnerError(
            f'There is no version format "{version_format}": it is one of {", ".join(_FORMAT_NAMES.values())}.'
        )
    return letter


def file_name(package_id: str, version: str, extension: str, unique: str, version_format: str = "Semver") -> str:
    """The name under which a package is uploaded to a target; `unique` is 32 hex digits that were never used before."""
    if not _UNIQUE.fullmatch(unique):
        raise RunnerError(f'The unique part of a package\'s file name is 32 hexadecimal digits, not "{unique}".')
    suffix = extension if extension.startswith(".") else f".{extension}"
    return f"{escape(package_id)}@{format_letter(version_format)}{escape(version)}@{unique.upper()}{suffix}"


def parse_file_name(path: str) -> PackageName:
    """Read id, version and extension from a file's name: an uploaded one, or a plain `Acme.Web.1.2.3.zip`."""
    name = os.path.basename(path)
    found = _uploaded(name) or _plain(name)
    if found is None:
        raise RunnerError(
            f'From the file name "{name}" no package can be told: name it like Acme.Web.1.2.3.zip, that is id, version '
            f"and extension."
        )
    return found


def _uploaded(name: str) -> Optional[PackageName]:
    parts = name.split("@")
    if len(parts) != 3 or not _UNIQUE.match(parts[2]) or parts[1][:1] not in _FORMAT_NAMES:
        return None
    return PackageName(unescape(parts[0]), unescape(parts[1][1:]), parts[2][32:], _FORMAT_NAMES[parts[1][0]])


def unique_part(path: str) -> str:
    """The 32 hex digits in the name of an uploaded file. Polpo takes the first of the file's SHA-256."""
    return os.path.basename(path).rpartition("@")[2][:32]


def _plain(name: str) -> Optional[PackageName]:
    tar = _TAR_EXTENSION.search(name)
    stem, extension = (name[: tar.start()], tar.group()) if tar else os.path.splitext(name)
    found = _PLAIN_NAME.fullmatch(stem)
    if found is None or not any(map(str.isalpha, extension)):
        return None
    return PackageName(found["id"], found["version"], extension)


def find(
    folder: str, package_id: str, version: str, version_format: str = "Semver", expected_hash: str = ""
) -> Iterator[FoundPackage]:
    """The files of this very version in the folder, newest first; with a hash, only those whose content has it."""
    start = f"{escape(package_id)}@{format_letter(version_format)}{escape(version)}@".lower()
    for path in _newest_first(folder, start):
        name = _uploaded(os.path.basename(path))
        if name is None:
            continue
        try:
            actual = file_hash(path, expected_hash) if expected_hash else ""
        except FileNotFoundError:
            continue
        if actual == expected_hash.lower():
            yield FoundPackage(name, path, actual)


def all_packages(folder: str, package_id: str) -> Iterator[FoundPackage]:
    """Every version of the package in the folder, the one that was used last first; their hashes are not told."""
    for path in _newest_first(folder, f"{escape(package_id)}@".lower()):
        name = _uploaded(os.path.basename(path))
        if name is not None:
            yield FoundPackage(name, path, "")


def files_in(folder: str) -> Iterator[Tuple[str, os.stat_result]]:
    """Names and states of its files. Others put files there and take them away meanwhile, which is no failure."""
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                with suppress(FileNotFoundError):
                    if entry.is_file():
                        yield entry.name, entry.stat()
    except FileNotFoundError:
        return


def _newest_first(folder: str, start: str) -> Iterator[str]:
    files = [(state.st_mtime_ns, name) for name, state in files_in(folder) if _begins(name.lower(), start)]
    return (os.path.join(folder, name) for _, name in sorted(files, reverse=True))


def _begins(name: str, start: str) -> bool:
    return name.startswith(start) and not name.endswith(".partial")  # those are still being written


def file_hash(path: str, like: str) -> str:
    """The file's SHA-1, or its SHA-256 when the hash to compare with has that length."""
    digest = hashlib.sha256() if len(like) == 64 else hashlib.sha1()  # noqa: S324 - the contract's hash, no protection
    with open(path, "rb") as content:
        for block in iter(lambda: content.read(1 << 20), b""):
            digest.update(block)
    return digest.hexdigest()
