"""The entries of zip archives: .zip, .nupkg, .jar, .war, .ear."""

from __future__ import annotations

import re
import stat
import time
import zipfile
from contextlib import closing, contextmanager
from typing import Iterable, Iterator, Optional

from polpo.runner.errors import RunnerError
from polpo.runner.extraction import Entry
from polpo.runner.inflating import Members

_BLOCK = 1 << 20
#: Systems whose archives may have the backslash between folders.
_WINDOWS = (0, 10, 11, 14)
_UNIX = 3
_USUAL = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_LONGEST_LINK = 4096
#: What a .nupkg holds for its own sake.
_OPC_PARTS = ("_rels/", "package/services/metadata/")
_ENCODED = re.compile(r"((?:%[0-9A-Fa-f]{2})+)")


@contextmanager
def zip_entries(package: str, *, opc: bool) -> Iterator[Iterator[Entry]]:
    """The entries in the archive's order. `opc` is for .nupkg: names are percent-encoded, the wrapping is left out."""
    with open(package, "rb") as file, zipfile.ZipFile(file) as archive, closing(Members(file)) as members:
        yield _entries(archive, members, opc=opc)


def _entries(archive: zipfile.ZipFile, members: Members, *, opc: bool) -> Iterator[Entry]:
    for info in archive.infolist():
        if info.flag_bits & 1:
            raise RunnerError(f'its entry "{info.filename}" is encrypted. Pack it without a password.')
        name = _name(info, opc=opc)
        if not (opc and _is_wrapping(name)):
            yield _entry(archive, members, info, name)


def _name(info: zipfile.ZipInfo, *, opc: bool) -> str:
    name = info.filename.replace("\\", "/") if info.create_system in _WINDOWS else info.filename
    return _ENCODED.sub(_decoded, name) if opc else name


def _decoded(found: re.Match[str]) -> str:
    return bytes.fromhex(found.group().replace("%", "")).decode("utf-8", "surrogateescape")


def _is_wrapping(name: str) -> bool:
    return name.lower().startswith(_OPC_PARTS) or name.lower().endswith(".nupkg.sha512")


def _entry(archive: zipfile.ZipFile, members: Members, info: zipfile.ZipInfo, name: str) -> Entry:
    mode = info.external_attr >> 16 if info.create_system == _UNIX else 0
    kind = _kind(mode, name)
    target = ""
    if kind == "link":
        with archive.open(info) as content:
            target = content.read(_LONGEST_LINK).decode("utf-8", "surrogateescape")

    def blocks() -> Iterable[bytes]:
        if info.compress_type in _USUAL:
            yield from members.blocks(info)
            return
        with archive.open(info) as content:
            while True:
                block = content.read(_BLOCK)
                if not block:
                    return
                yield block

    default = 0o755 if kind == "folder" else 0o644
    return Entry(name, kind, stat.S_IMODE(mode) or default, _modified(info), target, blocks, is_free=True)


def _kind(mode: int, name: str) -> str:
    form = stat.S_IFMT(mode)
    if name.endswith("/"):
        return "folder"
    if form in (0, stat.S_IFREG):
        return "file"
    return {stat.S_IFDIR: "folder", stat.S_IFLNK: "link"}.get(form, "device, pipe or socket")


def _modified(info: zipfile.ZipInfo) -> Optional[float]:
    try:
        return time.mktime((*info.date_time, 0, 0, -1))
    except (ValueError, OverflowError):  # an archive may hold the 0th of month 0
        return None
